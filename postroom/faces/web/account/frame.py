"""What the account's pages share: the tabs, and how recovery codes are shown."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from postroom.faces import sessions
from postroom.faces.web.page import Asked, render

_TABS = (("account", "/account/"), ("security", "/account/security/"), ("keys", "/account/api-keys/"))


def render_tab(
    request: Asked, template: str, tab: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    names = {"account": _("About you"), "security": _("Security"), "keys": _("API keys")}
    tabs = [(names[one], href, one == tab) for one, href in _TABS]
    return render(request, template, {"account_tabs": tabs, **(context or {})}, status=status)


def show_codes(request: Asked, title: str, codes: Sequence[str]) -> HttpResponse:
    """Shown this once: straight after they were made, never by an address."""
    return render_tab(request, "web/account/codes.html", "security", {"title": title, "codes": codes})


def begun_with(request: Asked) -> tuple[str, ...]:
    found = sessions.opened(request)
    return found.methods if found else ()
