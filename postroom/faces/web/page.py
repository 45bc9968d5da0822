"""What happens around every page, in this order.

Who asks (else: sign in); in which language and time zone; how often they change something; then the view. Whatever goes
wrong becomes a page that says what to do (refusals.py).
"""

import logging
import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

import msgspec
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from postroom.actions import request_rates
from postroom.actions.action import DATABASE_GONE, database_gone
from postroom.actions.lane import LANE
from postroom.actions.persons import SignedIn
from postroom.core.errors import OutOfReach, PostroomError
from postroom.core.languages import Language, best
from postroom.faces import sessions
from postroom.faces.asked import NOBODY, client_address, origin_of
from postroom.faces.web import refusals, wording
from postroom.faces.web.frame import Asked, Shown, done, home, render, see, shown_of, tell
from postroom.faces.web.policy import SCRIPTED

__all__ = ["Asked", "Shown", "count", "done", "home", "page", "render", "see", "tell"]

log = logging.getLogger("postroom.web")

P = ParamSpec("P")
View = Callable[Concatenate[Asked, P], HttpResponseBase]
_CHANGING: Final = "POST"


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """Who may see a page at all, and how it is asked for. What they may do there the actions say."""

    anonymous: bool = False
    operator: bool = False
    holder: bool = False
    """Of a mailbox."""
    methods: tuple[str, ...] = ("GET", "POST")
    policy: str = SCRIPTED


def page(
    *,
    anonymous: bool = False,
    operator: bool = False,
    holder: bool = False,
    methods: tuple[str, ...] = ("GET", "POST"),
    policy: str = SCRIPTED,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    needs = Needs(anonymous=anonymous, operator=operator, holder=holder, methods=methods, policy=policy)

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asked = cast(Asked, request)
            _begin(asked)
            with LANE:
                who = _who(asked)
                _known(asked, who)
                with translation.override(asked.language), timezone.override(_zone(who)):
                    response = _answered(asked, needs, lambda: view(asked, *args, **kwargs))
            return _finished(asked, needs, response)

        run.needs = needs  # type: ignore[attr-defined]
        return run

    return decorate


def _begin(request: Asked) -> None:
    """As for nobody, so that there is something to show whatever happens next."""
    request.origin = origin_of(request, "web")
    request.auth, request.shown = NOBODY, Shown()
    request.language = best(translation.get_language() or "")


def _who(request: Asked) -> SignedIn | None:
    try:
        return sessions.signed_in(request)
    except DATABASE_GONE as error:
        log.error("%s: no database: %s", request.origin.request_id, error)
        database_gone(error)
        return None


def _known(request: Asked, who: SignedIn | None) -> None:
    if who is not None:
        request.auth, request.shown, request.language = who.actor, shown_of(who), Language(who.language)


def _zone(who: SignedIn | None) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(who.timezone if who else "UTC")


def _answered(request: Asked, needs: Needs, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return _inside(request, needs, run)
    except PostroomError as error:
        return refusals.answer(request, error)
    except SuspiciousOperation:  # too much at once, or what no browser sends
        return refusals.told(request, wording.senseless(), 400)
    except DATABASE_GONE as error:
        log.error("%s: %s %s: %s", request.origin.request_id, request.method, _route(request), error)
        return refusals.answer(request, database_gone(error))
    except Exception as error:
        log.error("%s: %s %s failed", request.origin.request_id, request.method, _route(request), exc_info=error)
        return refusals.fault(request)


def _inside(request: Asked, needs: Needs, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    if request.method not in {*needs.methods, *(("HEAD",) if "GET" in needs.methods else ())}:
        return refusals.not_allowed(request, needs.methods)
    if not request.shown.is_signed_in and not needs.anonymous:
        return refusals.sign_in_first(request)
    if (needs.operator and not request.shown.is_operator) or (needs.holder and not request.shown.has_mailbox):
        raise OutOfReach
    if request.method == _CHANGING:
        count(request)
    return run()


def count(request: Asked) -> None:
    """The limits of REST hold here too. Raises TooManyRequests."""
    now, network = request.origin.at.timestamp(), client_address(request)
    if request.auth.person_id is None:
        request_rates.count(f"anonymous {network}", settings.REST_ANONYMOUS, now)
        return
    request_rates.count(f"writes person {request.auth.person_id}", settings.REST_WRITES, now)
    request_rates.count(f"writes from {network}", settings.REST_WRITES_OF_NETWORK, now)


def _route(request: Asked) -> str:
    """As the path is written down: for logs, since what stands in it may be a secret."""
    return request.resolver_match.route if request.resolver_match else "unknown"


def _finished(request: Asked, needs: Needs, response: HttpResponseBase) -> HttpResponseBase:
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    # Django would log the path of what was refused, and some paths hold secrets.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["X-Request-Id"] = request.origin.request_id
    response["Content-Language"] = request.language
    response["Vary"] = "Accept-Language, Cookie, HX-Request"
    response.setdefault("Content-Security-Policy", needs.policy)
    response.setdefault("Cache-Control", "no-store")
    response.setdefault("X-Robots-Tag", "noindex")
    return response
