"""Where a holder signs in for a program: a page, and People's JSON call for those who bring a page of their own."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from postroom.actions import oidc_grants, oidc_sign_in
from postroom.core.errors import Overloaded, SecondFactorMissing, SignInRefused, TooManyAttempts
from postroom.core.http_origin import client_address
from postroom.core.records import Origin
from postroom.faces.oidc_provider import sessions
from postroom.faces.oidc_provider.server import SignedIn


class Credentials(msgspec.Struct):
    email: str
    password: str
    code: str = ""


def _origin(request: HttpRequest) -> Origin:
    return Origin(
        face="oidc",
        application="sign-in",
        request_id=uuid.uuid4().hex,
        at=datetime.now(UTC),
        network_address=client_address(request.META, settings.TRUSTED_PROXIES),
    )


def _enter(request: HttpRequest, given: Credentials) -> None:
    """Remembers the holder for a minute. Raises SignInRefused, Overloaded."""
    origin = _origin(request)
    passed = oidc_sign_in.sign_in(origin, given.email, given.password, given.code)
    at = int(origin.at.timestamp())
    sessions.remember(request, SignedIn(mailbox_id=passed.mailbox_id, at=at, amr=passed.amr))


@require_http_methods(["GET", "POST"])
@csrf_protect
def page(request: HttpRequest) -> HttpResponse:
    back = request.GET.get("next", "")
    program = _program(back)
    if program is None:
        return _begun_elsewhere(request)
    if request.method != "POST":
        return _form(request, program, {"email": request.GET.get("login_hint", "")[:254]})
    given = Credentials(**{name: request.POST.get(name, "") for name in Credentials.__struct_fields__})
    try:
        _enter(request, given)
    except (SignInRefused, Overloaded) as refusal:
        lacks_code = isinstance(refusal, SecondFactorMissing)
        told = {"email": given.email[:254], "problem": _said(refusal), "asks_code": lacks_code or bool(given.code)}
        return _form(request, program, told, status=200 if lacks_code else 403)
    return HttpResponseRedirect(back)


def _form(
    request: HttpRequest, program: oidc_grants.Client, told: Mapping[str, object], status: int = 200
) -> HttpResponse:
    target = urlsplit(program.redirect_uris[0])
    answer = render(request, "oidc_provider/sign_in.html", {"program": program.name, **told}, status=status)
    return sessions.page(answer, f"{target.scheme}://{target.netloc}")


def _begun_elsewhere(request: HttpRequest) -> HttpResponse:
    text = gettext("This sign-in has taken too long or was begun elsewhere. Go back to the program and begin again.")
    context = {"error": "invalid_request", "description": text}
    return sessions.page(render(request, "oidc_provider/refused.html", context, status=400))


def _program(back: str) -> oidc_grants.Client | None:
    """The program that somebody signs in for; None where `back` does not lead to our own authorize."""
    parts = urlsplit(back)
    if parts.scheme or parts.netloc or parts.path != reverse("oidc_authorize"):
        return None
    return oidc_grants.client(parse_qs(parts.query).get("client_id", [""])[0])


def _said(refusal: Exception) -> str:
    if isinstance(refusal, SecondFactorMissing):
        return gettext("A code of your second factor is needed, from your app or one of the recovery codes.")
    if isinstance(refusal, TooManyAttempts | Overloaded):
        return gettext("Too many attempts. Try again in a few minutes.")
    return gettext("This address and this password do not fit together.")


@require_POST
@csrf_exempt  # opens nothing by itself: see `sessions`; and only JSON is read, which no foreign form can send
def json_call(request: HttpRequest) -> HttpResponse:
    """People's `login/` (people.md section 8)."""
    if request.content_type != "application/json":
        return JsonResponse({"error": "send application/json"}, status=415)
    try:
        given = msgspec.json.decode(request.body, type=Credentials)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return JsonResponse({"error": "email and password are required"}, status=400)
    try:
        _enter(request, given)
    except SecondFactorMissing:
        return JsonResponse({"error": "Second factor needed", "code": "second_factor_needed"}, status=401)
    except (SignInRefused, Overloaded):
        return JsonResponse({"error": "Invalid credentials"}, status=401)
    return JsonResponse({"message": "Successfully logged in"})
