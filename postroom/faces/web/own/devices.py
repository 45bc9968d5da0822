"""How telephones and mail programs are set up for one's mailbox."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.actions import app_passwords, device_setup
from postroom.actions.device_setup import MailboxSetup
from postroom.core.devices import apple
from postroom.core.devices.servers import Security, Server
from postroom.core.errors import NotFound, PlatformAway, PlatformRefused
from postroom.faces.web.own import frame
from postroom.faces.web.page import Asked, page

_PROFILE: Final = "application/x-apple-aspen-config"
_SECURITY: Final[Mapping[Security, str]] = {
    Security.TLS: gettext_noop("SSL/TLS"),
    Security.STARTTLS: gettext_noop("STARTTLS"),
    Security.NONE: gettext_noop("None: only for trying things out on this machine"),
}


class ShownServer(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    what: str
    host: str
    port: str
    security: str


@page(holder=True, methods=("GET",))
def devices(request: Asked) -> HttpResponse:
    """Where the platform does not say, now or at all, the page tells that."""
    found, is_away = None, False
    try:
        found = device_setup.of_mailbox(request.auth, request.shown.has_mailbox)
    except PlatformAway:
        is_away = True
    except PlatformRefused:
        pass  # the operator's settings make no sense; the log has it
    context = {
        "servers": _servers(found) if found else [],
        "is_away": is_away,
        "has_apple": found is not None and apple.is_possible(found.servers),
        "has_app_passwords": bool(app_passwords.listed(request.auth, request.shown.has_mailbox)),
    }
    return frame.shown(request, "my_devices", "devices", context)


def _servers(found: MailboxSetup) -> list[ShownServer]:
    rows = (
        (_("Incoming mail: IMAP"), _("The usual choice: all devices see the same mail."), found.servers.imap),
        (_("Incoming mail: POP3"), _("For old programs: each device fetches mail for itself."), found.servers.pop3),
        (_("Outgoing mail: SMTP"), _("Needs the same address and password."), found.servers.smtp),
    )
    return [_shown(title, what, server) for title, what, server in rows if server is not None]


def _shown(title: str, what: str, server: Server) -> ShownServer:
    return ShownServer(
        title=title, what=what, host=server.host, port=str(server.port), security=_(_SECURITY[server.security])
    )


@page(holder=True, methods=("GET",))
def profile(request: Asked) -> HttpResponse:
    """For iPhones, iPads and Macs. Raises NotFound where the mailbox has no servers for it, PlatformAway."""
    found = device_setup.of_mailbox(request.auth, request.shown.has_mailbox)
    if not apple.is_possible(found.servers):
        raise NotFound
    written = apple.profile(address=found.address, name=found.name, servers=found.servers, language=request.language)
    response = HttpResponse(written, content_type=_PROFILE)
    response["Content-Disposition"] = f'attachment; filename="{found.address}.mobileconfig"'
    return response
