"""What a domain's DNS lacks, for whoever looks after it: no account, no script; the address is the permission."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from postroom.actions import dns_page_check, dns_pages
from postroom.core.errors import NotFound, OutOfReach, PostroomError, TooManyRequests, TryAgain
from postroom.core.http_origin import client_address
from postroom.core.languages import Language, best
from postroom.core.records import Origin
from postroom.faces.web.policy import csp

_LANGUAGES: Final = ((Language.ENGLISH, "English"), (Language.FRENCH, "Français"))


# Without Django's token: it would need a cookie, and guards what only the secret in the address opens.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@csp
def page(request: HttpRequest, token: str) -> HttpResponse:
    """POST: check again. 403 for a link that is wrong or too old, 404 where the domain is gone."""
    language = best(request.GET.get("language") or request.headers.get("Accept-Language", ""))
    with translation.override(language):
        if request.method == "POST":
            return _private(_refusing(request, language, lambda: _check(request, token, language)))
        return _private(_refusing(request, language, lambda: _show(request, token, language)))


@require_GET
@csp
def zone(request: HttpRequest, token: str) -> HttpResponse:
    language = best(request.GET.get("language") or request.headers.get("Accept-Language", ""))
    with translation.override(language):
        return _private(_refusing(request, language, lambda: _zone(request, token)))


def _show(request: HttpRequest, token: str, language: Language, notice: str = "", status: int = 200) -> HttpResponse:
    shown = dns_pages.page(_origin(request), token, language)
    return _rendered(
        request,
        "web/dns_page.html",
        language,
        {
            "page": shown,
            "checked_at": _time(shown.checked_at // 1000) if shown.checked_at else None,
            "expires": _time(shown.expires),
            "zone_url": f"{reverse('dns_zone', args=[token])}?language={language}",
            "notice": notice,
        },
        status,
    )


def _check(request: HttpRequest, token: str, language: Language) -> HttpResponse:
    try:
        dns_page_check.check_again(_origin(request), token)
    except (NotFound, OutOfReach):
        raise
    except TooManyRequests as refusal:
        notice = _("This was checked a moment ago. Try again in %(seconds)s seconds.") % {"seconds": refusal.wait}
        return _show(request, token, language, notice, 429)
    except TryAgain:
        notice = _("The mail platform does not answer at the moment. What you see is from the check before.")
        return _show(request, token, language, notice, 503)
    except PostroomError:
        return _show(request, token, language, _("This domain cannot be checked at the moment."), 409)
    # Afterwards a reload does not check anew.
    answer = HttpResponseRedirect(f"{reverse('dns_page', args=[token])}?{urlencode({'language': language})}")
    answer.status_code = 303
    return answer


def _zone(request: HttpRequest, token: str) -> HttpResponse:
    domain, text = dns_pages.zone(_origin(request), token)
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{domain}.zone"'
    return answer


def _refusing(request: HttpRequest, language: Language, work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return work()
    except OutOfReach:
        return _rendered(request, "web/dns_link_dead.html", language, {"is_gone": False}, 403)
    except NotFound:
        return _rendered(request, "web/dns_link_dead.html", language, {"is_gone": True}, 404)


def _rendered(
    request: HttpRequest, template: str, language: Language, context: dict[str, object], status: int
) -> HttpResponse:
    languages = [(code, name, code == language) for code, name in _LANGUAGES]
    return render(request, template, {**context, "languages": languages, "language": language}, status=status)


def _private(answer: HttpResponse) -> HttpResponse:
    """The address opens the page: it must not get around."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _origin(request: HttpRequest) -> Origin:
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    return Origin(face="web", application="dns page", request_id="", at=datetime.now(UTC), network_address=address)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
