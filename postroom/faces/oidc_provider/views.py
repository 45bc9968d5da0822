"""The endpoints of the provider, and the page where a holder signs in."""
# mypy: disable-error-code="no-untyped-call, no-any-return"
# Authlib has no types.

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from joserfc import jwt

from postroom.actions import oidc_grants
from postroom.core.oidc_claims import EIDAS1, SCOPES, claims
from postroom.faces.oidc_provider import sessions
from postroom.faces.oidc_provider.server import ALGORITHM, issuer, private_key, public_keys, server

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _base(request: HttpRequest) -> str:
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


@require_GET
def configuration(request: HttpRequest) -> JsonResponse:
    """OpenID Connect Discovery 1.0 section 3."""
    base = _base(request)
    return JsonResponse(
        {
            "issuer": issuer(base),
            "authorization_endpoint": base + reverse("oidc_authorize"),
            "token_endpoint": base + reverse("oidc_token"),
            "userinfo_endpoint": base + reverse("oidc_userinfo"),
            "jwks_uri": base + reverse("oidc_jwks"),
            "end_session_endpoint": base + reverse("oidc_logout"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "userinfo_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [EIDAS1],
            "claims_supported": sorted({name for names in SCOPES.values() for name in names}),
            "ui_locales_supported": [code for code, _ in settings.LANGUAGES],
        }
    )


@require_GET
def jwks(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"keys": public_keys()})


@require_http_methods(["GET", "POST"])
@csrf_exempt  # nothing is changed by it without the session's holder, and the answer goes to the client's own address
def authorize(request: HttpRequest) -> HttpResponse:
    """Sends the browser back with a code, to the page for signing in, or back with what is wrong."""
    signed_in = sessions.holder(request)
    provider = server()
    try:
        grant = provider.get_consent_grant(request, end_user=signed_in)
        _check_level(grant)
    except OAuth2Error as error:
        return _refused(request, error)
    if signed_in is None:  # prompt=login too is answered by the sign-in of a moment ago: there is no older session
        return _to_sign_in(request)
    sessions.forget(request)
    return _headers(provider.create_authorization_response(request, grant_user=signed_in, grant=grant))


def _check_level(grant: Any) -> None:
    """Those who ask for a certain level must ask for one that we have."""
    wanted = grant.request.payload.data.get("acr_values", "").split()
    if wanted and EIDAS1 not in wanted:
        raise LoginRequiredError(
            description=f"of the levels of authentication only {EIDAS1} can be given",
            state=grant.request.payload.state,
            redirect_uri=grant.validate_authorization_request(),
        )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict() | request.POST.dict()
    back = f"{reverse('oidc_authorize')}?{urlencode(asked)}"
    hint = {"login_hint": asked["login_hint"]} if asked.get("login_hint") else {}
    return HttpResponseRedirect(f"{reverse('oidc_sign_in')}?{urlencode({'next': back, **hint})}")


def _refused(request: HttpRequest, error: OAuth2Error) -> HttpResponse:
    """Back to the client where its address is known to be right, else a page: nobody is sent to unknown addresses."""
    if error.redirect_uri:
        return _headers(server().handle_error_response(request, error))
    context = {"error": error.error, "description": error.description}
    return sessions.page(render(request, "oidc_provider/refused.html", context, status=400))


@require_POST
@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    return _headers(server().create_token_response(request))


@require_http_methods(["GET", "POST"])
@csrf_exempt
def userinfo(request: HttpRequest) -> HttpResponse:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    found = oidc_grants.token(text, time.time()) if scheme.lower() == "bearer" else None
    holder = oidc_grants.holder(found.mailbox_id) if found else None
    known = oidc_grants.client_by_number(found.client_id) if found else None
    if found is None or holder is None or known is None:
        return JsonResponse(
            {"error": "invalid_token"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        )
    told = claims(holder, found.scope) | ({"acr": found.acr} if found.acr else {})
    if not known.signs_userinfo:
        return JsonResponse(told, headers=_NO_STORE)
    return _signed(request, told, known.client_id)


def _signed(request: HttpRequest, told: Mapping[str, Any], audience: str) -> HttpResponse:
    key = private_key()
    now = int(time.time())
    content = {**told, "iss": issuer(_base(request)), "aud": audience, "iat": now, "exp": now + 60}
    text = jwt.encode({"alg": ALGORITHM, "kid": key.kid}, content, key, [ALGORITHM])
    return HttpResponse(text, content_type="application/jwt", headers=_NO_STORE)


@require_http_methods(["GET", "POST"])
@csrf_exempt
def sign_out(request: HttpRequest) -> HttpResponse:
    """OpenID Connect RP-Initiated Logout 1.0: ends the minute, and goes on to an address of the client only."""
    sessions.forget(request)
    asked = request.POST if request.method == "POST" else request.GET
    uri = asked.get("post_logout_redirect_uri", "")
    known = oidc_grants.client(asked.get("client_id", ""))
    if uri and known and uri in known.logout_uris:
        state = urlencode({"state": asked["state"]}) if asked.get("state") else ""
        joint = "&" if urlsplit(uri).query else "?"
        return HttpResponseRedirect(f"{uri}{joint}{state}" if state else uri)
    return sessions.page(render(request, "oidc_provider/signed_out.html"))


def _headers(response: HttpResponse) -> HttpResponse:
    for name, value in _NO_STORE.items():
        response[name] = value
    return response
