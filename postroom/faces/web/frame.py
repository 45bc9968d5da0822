"""What every page shows around its own content: who is signed in, where they can go, what was just done."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.utils.translation import gettext as _

import postroom
from postroom.actions.persons import SignedIn
from postroom.core.languages import Language
from postroom.core.roles import Actor, Permission, Role, granting
from postroom.faces import asked

Kind = Literal["good", "bad", "open"]
LANGUAGES: Final = ((Language.ENGLISH, "English"), (Language.FRENCH, "Français"))
_TOASTS: Final = "toasts"
_MOST_TOASTS: Final = 5


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, as pages show them; all empty for nobody."""

    is_signed_in: bool = False
    name: str = ""
    """As they call themselves, else the address."""
    email: str = ""
    is_operator: bool = False
    has_mailbox: str = ""
    """The address of the mailbox whose holder it is; empty: none."""
    manages: bool = False
    """Has a role on some domain, on what contains domains, or on a workgroup of one."""
    counts: bool = False
    """May see numbers of some domain."""
    runs_company: bool = False
    """As an administrator of OMA's."""


class Asked(asked.Asked):
    """What the decorator of pages (page.py) adds to Django's request."""

    language: Language
    shown: Shown


class Way(msgspec.Struct, frozen=True):
    """A line of the navigation."""

    label: str
    href: str
    is_here: bool


def shown_of(who: SignedIn | None) -> Shown:
    if who is None:
        return Shown()
    actor = who.actor
    return Shown(
        is_signed_in=True,
        name=who.name or actor.name,
        email=actor.name,
        is_operator=is_operator(actor),
        has_mailbox=who.mailbox,
        manages=bool(granting(actor, Permission.MAILBOXES_SEARCH)),
        counts=bool(granting(actor, Permission.DOMAIN_STATISTICS_SEE)),
        runs_company=bool(granting(actor, Permission.COMPANY_SEE)),
    )


def is_operator(actor: Actor) -> bool:
    return any(grant.role is Role.OPERATOR for grant in actor.grants)


def home(actor: Actor) -> str:
    """Where somebody begins after signing in."""
    if is_operator(actor):
        return "/operate/"
    only_holds = actor.mailbox_id is not None and not granting(actor, Permission.MAILBOXES_SEARCH)
    return "/my/" if only_holds else "/domains/"


def render(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """The template within the frame; what was just done is told once."""
    shown: Shown = getattr(request, "shown", Shown())
    language: Language = getattr(request, "language", Language.ENGLISH)
    frame = {
        "shown": shown,
        "language": language,
        "languages": [(code, name, code == language) for code, name in LANGUAGES],
        "ways": _ways(request, shown),
        "searches": shown.manages or shown.is_operator,
        "toasts": _told(request),
        "version": postroom.VERSION,
        "fake": settings.FAKE_CONTROL,
        "here": request.get_full_path(),
    }
    return render_template(request, template, {**frame, **(context or {})}, status=status)


def done(request: HttpRequest, text: str, *, to: str, kind: Kind = "good") -> HttpResponse:
    """On to the next page, which tells what was done: a reload does nothing again."""
    tell(request, text, kind)
    return see(to)


def see(to: str) -> HttpResponse:
    """303: fetched with GET, whatever was asked before."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def tell(request: HttpRequest, text: str, kind: Kind = "good") -> None:
    """For the next page that this browser shows."""
    waiting = request.session.get(_TOASTS, [])
    request.session[_TOASTS] = [*waiting, [kind, text]][-_MOST_TOASTS:]


def _told(request: HttpRequest) -> list[list[str]]:
    if not hasattr(request, "session") or _TOASTS not in request.session:
        return []
    found: list[list[str]] = request.session.pop(_TOASTS)
    return found


def _ways(request: HttpRequest, shown: Shown) -> list[Way]:
    looks_after = shown.manages or shown.is_operator
    rows = (
        (looks_after or (shown.is_signed_in and not shown.has_mailbox), _("Domains"), "/domains/"),
        (bool(shown.has_mailbox), _("My mailbox"), "/my/"),
        (looks_after, _("Explain"), "/explain/"),
        (shown.counts, _("Statistics"), "/statistics/"),
        (shown.is_operator or shown.runs_company, _("Operate"), "/operate/"),
        (True, _("Documentation"), "/docs/"),
    )
    return [Way(label, href, request.path.startswith(href)) for may, label, href in rows if may]
