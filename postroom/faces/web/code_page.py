"""Where a one-time link leads: its holder chooses the password of a mailbox. No account, no script, no cookie."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from postroom.actions import link_use
from postroom.core.errors import (
    BadAttribute,
    LinkDead,
    PasswordContainsAccount,
    PasswordReused,
    PasswordTooWeak,
    PostroomError,
    TooManyRequests,
    TryAgain,
)
from postroom.core.http_origin import client_address
from postroom.core.languages import Language, best
from postroom.core.records import Origin
from postroom.faces.web.policy import csp

_LANGUAGES: Final = ((Language.ENGLISH, "English"), (Language.FRENCH, "Français"))
_WORDS: Final[Mapping[type[PostroomError], str]] = {
    PasswordTooWeak: gettext_noop(
        "This password is too easy to guess. Make it longer: several words that have nothing to do with each other are "
        "hard to guess and easy to remember."
    ),
    PasswordReused: gettext_noop("This password was used for this mailbox before. Choose another one."),
    PasswordContainsAccount: gettext_noop("The password must not contain the name of the mailbox or of its domain."),
    BadAttribute: gettext_noop(
        "A password has at most 54 characters: letters without accents, digits and punctuation marks, but no blank and "
        "no double quote."
    ),
}


# Without Django's token: it would need a cookie, and the secret in the address is all that opens anything here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@csp
def page(request: HttpRequest, code: str) -> HttpResponse:
    """404 for every link that opens nothing, 429 for who tries too often."""
    language = _language(request)
    with translation.override(language):
        try:
            answer = _set(request, code, language) if request.method == "POST" else _form(request, code, language)
        except LinkDead:
            answer = _rendered(request, "web/code_dead.html", language, {}, 404)
        except TooManyRequests as refusal:
            answer = _rendered(request, "web/code_dead.html", language, {"minutes": -(-refusal.wait // 60)}, 429)
            answer["Retry-After"] = str(refusal.wait)
        return _private(answer)


@require_safe
@csp
def done(request: HttpRequest) -> HttpResponse:
    """After a password was set: a page of its own, so that a reload sets nothing."""
    language = _language(request)
    with translation.override(language):
        return _private(_rendered(request, "web/code_done.html", language, {"webmail": settings.WEBMAIL_URL}, 200))


def _form(request: HttpRequest, code: str, language: Language, problem: str = "", status: int = 200) -> HttpResponse:
    link = link_use.look(code, _address(request))
    context = {
        "address": link.address,
        "expires": datetime.fromtimestamp(link.expires_at / 1000, UTC),
        "uses_left": link.uses_left,
        "problem": problem,
    }
    return _rendered(request, "web/code_page.html", language, context, status)


def _set(request: HttpRequest, code: str, language: Language) -> HttpResponse:
    password = request.POST.get("password", "")
    if not password:
        return _form(request, code, language, _("Type the password that you want."), 400)
    if password != request.POST.get("again", ""):
        return _form(request, code, language, _("The two passwords are not the same."), 400)
    try:
        link_use.redeem(_origin(request), code, password)
    except BadAttribute as refusal:
        return _form(request, code, language, _words(refusal), 400)
    except TooManyRequests:
        raise
    except TryAgain:
        return _form(request, code, language, _("This did not work just now. Try again in a moment."), 503)
    answer = HttpResponseRedirect(f"{reverse('code_done')}?language={language}")
    answer.status_code = 303
    return answer


def _words(refusal: BadAttribute) -> str:
    return _(_WORDS.get(type(refusal), _WORDS[BadAttribute]))


def _language(request: HttpRequest) -> Language:
    return best(request.GET.get("language") or request.headers.get("Accept-Language", ""))


def _rendered(
    request: HttpRequest, template: str, language: Language, context: Mapping[str, object], status: int
) -> HttpResponse:
    languages = [(code, name, code == language) for code, name in _LANGUAGES]
    return render(request, template, {**context, "languages": languages, "language": language}, status=status)


def _private(answer: HttpResponse) -> HttpResponse:
    """The address opens the page: it must not get around."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    # Django would log the path of what was refused.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _address(request: HttpRequest) -> str:
    return client_address(request.META, settings.TRUSTED_PROXIES)


def _origin(request: HttpRequest) -> Origin:
    return Origin(
        face="web",
        application="link page",
        request_id="",
        at=datetime.now(UTC),
        network_address=_address(request),
    )
