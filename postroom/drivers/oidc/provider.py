"""Signing in with an identity provider: authorization code with PKCE (OpenID Connect Core section 3.1).

Authlib and joserfc know the rules of the tokens; here is what is asked and when.
"""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError

from postroom.core.identity import Attempt, Identity, ProviderSettings
from postroom.drivers.contract import PermanentFailure
from postroom.drivers.oidc.documents import Documents
from postroom.drivers.oidc.fetching import Fetcher, Reply

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those that only the provider can sign with: never `none`, and none that shares a secret with us."""
_LEEWAY: Final = 60
"""Seconds that its clock may be off."""


class IdentityProvider:
    """Shared by threads."""

    def __init__(self, settings: ProviderSettings, now: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._now = now
        self._fetcher = Fetcher()
        self._documents = Documents(settings.issuer, self._fetcher)

    def authorization_url(self, attempt: Attempt, state: str) -> str:
        """Where the browser goes. Raises TemporaryFailure, PermanentFailure, as all of these."""
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": attempt.redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return _with_query(self._documents.endpoint("authorization_endpoint"), asked)

    def end_session_url(self, id_token: str, return_to: str) -> str:
        """Where the browser signs out (RP-Initiated Logout); empty where the provider knows no such place."""
        endpoint = self._documents.optional_endpoint("end_session_endpoint")
        asked = {
            "id_token_hint": id_token,
            "client_id": self.settings.client_id,
            "post_logout_redirect_uri": return_to,
        }
        return _with_query(endpoint, asked) if endpoint else ""

    def identity(self, attempt: Attempt, code: str, issuer: str) -> Identity:
        """Who came back with the code. `issuer`: as the answer names it (RFC 9207), or empty."""
        if issuer and issuer != self._documents.issuer:
            raise PermanentFailure("The answer names another identity provider")
        tokens = self._tokens(attempt, code)
        id_token, access_token = str(tokens.get("id_token") or ""), str(tokens.get("access_token") or "")
        claims = self._verified(id_token, attempt.nonce, access_token)
        known = {**claims, **self._userinfo(access_token, claims)} if "email" not in claims else claims
        return Identity(
            sub=str(claims["sub"])[:255],
            email=_verified_email(known, self.settings.trusts_emails),
            name=_name(known),
            language=str(known.get("locale") or ""),
            id_token=id_token,
        )

    def _tokens(self, attempt: Attempt, code: str) -> dict[str, object]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        headers: dict[str, str] = {}
        if not self.settings.client_secret:
            fields["client_id"] = self.settings.client_id
        elif self._documents.takes_basic():
            headers["Authorization"] = _basic(self.settings.client_id, self.settings.client_secret)
        else:
            fields |= {"client_id": self.settings.client_id, "client_secret": self.settings.client_secret}
        reply = self._fetcher.post(self._documents.endpoint("token_endpoint"), fields, headers)
        if reply.status != 200:
            raise PermanentFailure(f"The identity provider does not take the code: {_error_of(reply)}")
        return reply.json()

    def _verified(self, token: str, nonce: str, access_token: str) -> Mapping[str, Any]:
        """The claims of an ID token whose signature, issuer, audience, time and nonce are right."""
        read = self._decoded(token)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self._documents.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "sub": {"essential": True, "allow_blank": False},
            },
            params={"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token},
        )
        try:
            claims.validate(now=int(self._now()), leeway=_LEEWAY)
        except JoseError as error:
            raise PermanentFailure(f"The identity provider's token is not for us: {error.error}") from None
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        """Keys are replaced from time to time: one that we do not know yet is asked for."""
        for fresh in (False, True):
            try:
                return jwt.decode(token, self._documents.keys(fresh=fresh), algorithms=list(ALGORITHMS))
            except (JoseError, ValueError) as error:
                problem = type(error).__name__
        raise PermanentFailure(f"The identity provider's token does not prove itself: {problem}")

    def _userinfo(self, access_token: str, claims: Mapping[str, Any]) -> dict[str, Any]:
        endpoint = self._documents.optional_endpoint("userinfo_endpoint")
        if not endpoint or not access_token:
            return {}
        reply = self._fetcher.get(endpoint, {"Authorization": f"Bearer {access_token}"})
        if reply.status != 200:
            raise PermanentFailure(f"The identity provider does not say who this is: {_error_of(reply)}")
        told = self._signed(reply) if reply.type.startswith("application/jwt") else reply.json()
        if told.get("sub") != claims["sub"]:  # OpenID Connect Core section 5.3.2
            raise PermanentFailure("The identity provider tells of somebody else")
        return told

    def _signed(self, reply: Reply) -> dict[str, Any]:
        """Of a provider that signs what it says, as ProConnect does."""
        claims = dict(self._decoded(reply.body.decode("ascii", "replace").strip()).claims)
        audience = claims.get("aud", self.settings.client_id)
        names = audience if isinstance(audience, list) else [audience]
        if claims.get("iss", self._documents.issuer) != self._documents.issuer or self.settings.client_id not in names:
            raise PermanentFailure("What the identity provider says is for somebody else")
        return claims


def _verified_email(claims: Mapping[str, Any], trusts: bool) -> str:
    email = claims.get("email")
    verified = claims.get("email_verified")
    # Some providers write the boolean as a text.
    is_verified = verified is True or verified == "true" or (trusts and verified is None)
    return email if isinstance(email, str) and is_verified and len(email) <= 254 else ""


def _name(claims: Mapping[str, Any]) -> str:
    whole = claims.get("name")
    parts = [claims.get("given_name"), claims.get("family_name") or claims.get("usual_name")]
    return str(whole) if whole else " ".join(str(part) for part in parts if part)


def _error_of(reply: Reply) -> str:
    """The code of RFC 6749 section 5.2, as far as it is one."""
    try:
        told = msgspec.json.decode(reply.body, type=dict[str, object]).get("error")
    except (msgspec.DecodeError, msgspec.ValidationError):
        told = None
    return told if isinstance(told, str) and told.replace("_", "").isalpha() else f"status {reply.status}"


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 section 2.3.1: each part is written as in a form first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
