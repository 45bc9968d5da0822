"""Authlib's authorization server, with our storage: authorization code with PKCE and OpenID Connect, nothing else."""
# mypy: disable-error-code="misc, no-untyped-call, no-any-return"
# Authlib has no types: its classes are Any to mypy.

import functools
import hmac
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from authlib.common.security import generate_token
from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Request
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from django.conf import settings
from django.http import HttpRequest
from joserfc.jwk import RSAKey

from postroom.actions import oidc_grants
from postroom.core.oidc_claims import EIDAS1, SCOPES, claims
from postroom.core.passwords.tokens import hash_token

ALGORITHM = "RS256"


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox holder who has just signed in."""

    mailbox_id: int
    at: int
    """Seconds."""
    amr: tuple[str, ...] = ("pwd",)


class Program:
    """A client, with the questions that Authlib asks about one."""

    def __init__(self, known: oidc_grants.Client) -> None:
        self.known = known
        self.client_id = known.client_id
        self.id_token_signed_response_alg = ALGORITHM

    @property
    def client_metadata(self) -> dict[str, str]:
        return {"userinfo_signed_response_alg": ALGORITHM} if self.known.signs_userinfo else {}

    def get_client_id(self) -> str:
        return self.known.client_id

    def get_default_redirect_uri(self) -> str | None:
        return self.known.redirect_uris[0] if len(self.known.redirect_uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str:
        """Unknown ones are left out (OpenID Connect Core section 3.1.2.1)."""
        return " ".join(part for part in (scope or "").split() if part in SCOPES)

    def check_redirect_uri(self, uri: str) -> bool:
        return uri in self.known.redirect_uris

    def check_client_secret(self, secret: str) -> bool:
        return bool(self.known.secret_hash) and hmac.compare_digest(hash_token(secret or ""), self.known.secret_hash)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ({"client_secret_basic", "client_secret_post"} if self.known.secret_hash else {"none"})

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class KeptCode:
    """A code that was found, with the questions that Authlib asks about one."""

    def __init__(self, text: str, kept: oidc_grants.Code) -> None:
        self.text, self.kept = text, kept
        self.code_challenge = kept.challenge
        self.code_challenge_method = kept.challenge_method or None

    def get_redirect_uri(self) -> str:
        return self.kept.redirect_uri

    def get_scope(self) -> str:
        return self.kept.scope

    def get_nonce(self) -> str:
        return self.kept.nonce

    def get_auth_time(self) -> int:
        return self.kept.signed_in_at

    def get_acr(self) -> str:
        return self.kept.acr

    def get_amr(self) -> list[str]:
        return list(self.kept.amr)


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")

    def save_authorization_code(self, code: str, request: Any) -> None:
        user: SignedIn = request.user
        asked: Mapping[str, str] = request.payload.data
        kept = oidc_grants.Code(
            client_id=request.client.known.id,
            mailbox_id=user.mailbox_id,
            redirect_uri=request.payload.redirect_uri or request.client.get_default_redirect_uri(),
            scope=request.scope,
            nonce=asked.get("nonce", "")[:255],
            challenge=asked.get("code_challenge", ""),
            challenge_method=asked.get("code_challenge_method", ""),
            acr=EIDAS1 if EIDAS1 in asked.get("acr_values", "").split() else "",
            amr=user.amr,
            signed_in_at=user.at,
        )
        oidc_grants.keep_code(code, kept, time.time())

    def query_authorization_code(self, code: str, client: Program) -> KeptCode | None:
        kept = oidc_grants.use_code(code, client.known.id, time.time())
        return KeptCode(code, kept) if kept else None

    def delete_authorization_code(self, authorization_code: KeptCode) -> None:
        """It was marked as used when it was found, so that of two requests at once only one gets it."""

    def authenticate_user(self, authorization_code: KeptCode) -> SignedIn | None:
        kept = authorization_code.kept
        alive = oidc_grants.holder(kept.mailbox_id)
        return SignedIn(mailbox_id=kept.mailbox_id, at=kept.signed_in_at, amr=tuple(kept.amr)) if alive else None


class Challenge(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)  # RFC 9700 section 2.1.1


class IdTokens(OpenIDCode):
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """A nonce is the client's affair: it compares it with the one it sent (OpenID Connect Core section 3.1.3.7)."""
        return False

    def get_client_algorithm(self, client: Program) -> str:
        return ALGORITHM

    def get_compatible_claims(self, request: Any) -> dict[str, Any]:
        now = int(time.time())
        parts = urlsplit(request.uri)
        base = settings.PUBLIC_URL or f"{parts.scheme}://{parts.netloc}"
        audience = request.client.get_client_id()
        return {"iss": issuer(base), "aud": audience, "iat": now, "exp": now + oidc_grants.TOKEN_SECONDS}

    def get_encode_header(self, client: Program) -> dict[str, str]:
        return {"alg": ALGORITHM, "kid": _keys()[0].kid}

    def resolve_client_private_key(self, client: Program) -> RSAKey:
        return private_key()

    def generate_user_info(self, user: SignedIn, scope: str) -> dict[str, Any]:
        """The ID token says who it is; the rest is userinfo's."""
        found = oidc_grants.holder(user.mailbox_id)
        return claims(found, "openid email" if "email" in scope.split() else "openid") if found else {}


class Server(AuthorizationServer):
    def __init__(self) -> None:
        super().__init__(None, None)
        self.register_grant(CodeGrant, [Challenge(required=True), IdTokens()])

    def create_oauth2_request(self, request: HttpRequest) -> DjangoOAuth2Request:
        """Authlib insists on https. A proxy in front of us has seen to that where the operator says so."""
        if settings.PUBLIC_URL.startswith("https://"):
            request.META["wsgi.url_scheme"] = "https"
        return DjangoOAuth2Request(request)

    def query_client(self, client_id: str) -> Program | None:
        found = oidc_grants.client(client_id or "")
        return Program(found) if found else None

    def save_token(self, token: Mapping[str, Any], request: Any) -> None:
        code: KeptCode = request.authorization_code
        kept = oidc_grants.Token(
            client_id=request.client.known.id, mailbox_id=code.kept.mailbox_id, scope=code.kept.scope, acr=code.kept.acr
        )
        oidc_grants.keep_token(token["access_token"], kept, code.text, time.time())

    def create_bearer_token_generator(self) -> BearerTokenGenerator:
        return BearerTokenGenerator(
            access_token_generator=lambda *_, **__: generate_token(42),
            expires_generator=lambda *_: oidc_grants.TOKEN_SECONDS,
        )

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""


@functools.cache
def server() -> Server:
    return Server()


def issuer(base: str) -> str:
    """`base`: where people reach us, without a slash at the end."""
    return f"{base}/o"


def _keys() -> list[oidc_grants.Key]:
    return oidc_grants.signing_keys(time.time())


def private_key() -> RSAKey:
    return _imported(_keys()[0])


def public_keys() -> list[dict[str, Any]]:
    return [_imported(key).as_dict(private=False) for key in _keys()]


def _imported(key: oidc_grants.Key) -> RSAKey:
    return RSAKey.import_key(key.pem, {"kid": key.kid, "use": "sig", "alg": ALGORITHM})
