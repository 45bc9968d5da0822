"""From one step of signing in to the next, and to the page that was wanted."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.actions import persons
from postroom.actions.person_signin import Passed
from postroom.faces import sessions
from postroom.faces.asked import page_here
from postroom.faces.web.page import Asked, done, home, see


def wanted(request: Asked) -> str:
    """The page to go on to; empty: whatever is theirs. Never back into the sign-in itself."""
    page = page_here(request.POST.get("next", request.GET.get("next", "")), "")
    return "" if page.startswith(("/sign-in/", "/sign-out/")) else page


def with_next(name: str, page: str) -> str:
    """The address of a step that remembers where to go on to."""
    return reverse(name) + (f"?{urlencode({'next': page})}" if page else "")


def after_step(request: Asked, passed: Passed, methods: tuple[str, ...], *, welcome: str = "") -> HttpResponse:
    """On to the second step, or in. Raises AccountDisabled."""
    joined = sessions.move_on(request, passed, methods)
    if joined is None:
        return see(with_next("sign_in_code", wanted(request)))
    return inside(request, passed.person_id, joined, welcome=welcome)


def inside(request: Asked, person_id: int, joined: list[str], *, welcome: str = "") -> HttpResponse:
    """Signed in. `joined`: domains to which invitations have led just now."""
    page = wanted(request) or home(persons.actor(person_id))
    if joined and not wanted(request):
        page = f"/domains/{joined[0]}/" if len(joined) == 1 else "/domains/"
    if joined:
        text = ngettext(
            "You now have a role on %(domains)s.", "You now have roles on %(domains)s.", len(joined)
        ) % {"domains": ", ".join(joined)}  # fmt: skip
        return done(request, f"{welcome} {text}".strip(), to=page)
    return done(request, welcome, to=page) if welcome else see(page)


def already_in(request: Asked) -> HttpResponse | None:
    """Away from the sign-in page for whoever is signed in and need not show it again."""
    if request.shown.is_signed_in and "again" not in request.GET:
        return see(wanted(request) or home(request.auth))
    return None


def nothing_begun(request: Asked) -> HttpResponse:
    """The second step without a first one: too long ago, or in another browser."""
    text = _("Begin with the first step: it may be too long ago.")
    return done(request, text, to=with_next("sign_in", wanted(request)), kind="open")
