"""Who can sign in to the demo: on a developer's machine only, where they are no secret."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_FILE: Final = "demo.json"
_ROLES: Final[Mapping[str, tuple[str, str]]] = {
    "owner": (gettext_noop("Owner of domains"), gettext_noop("Adds domains, invites colleagues, makes mailboxes.")),
    "administrator": (
        gettext_noop("Administrator of domains"),
        gettext_noop("Manages mailboxes, aliases and settings."),
    ),
    "viewer": (gettext_noop("Viewer of domains"), gettext_noop("Sees everything, changes nothing.")),
    "holder": (gettext_noop("Holder of a mailbox"), gettext_noop("Looks after one mailbox: the password, forwarding.")),
    "operator": (gettext_noop("Operator"), gettext_noop("Runs this Postroom: platforms, queue, companies.")),
    "company administrator": (
        gettext_noop("Administrator of a company"),
        gettext_noop("A hoster’s customer, who usually comes by the OMA API."),
    ),
}
"""Role in demo.json → (what it is called, what it does), in the order of pages."""


class DemoAccount(msgspec.Struct, frozen=True):
    role: str
    email: str
    password: str

    def __repr__(self) -> str:
        return f"DemoAccount({self.role!r}, {self.email!r})"

    @property
    def name(self) -> str:
        return _(_ROLES[self.role][0]) if self.role in _ROLES else self.role

    @property
    def does(self) -> str:
        return _(_ROLES[self.role][1]) if self.role in _ROLES else ""


class _Facts(msgspec.Struct):
    web: list[DemoAccount] = []


def accounts() -> list[DemoAccount]:
    """Empty where this is not the demo, or it has not written its facts yet."""
    if not settings.FAKE_CONTROL:
        return []
    try:
        found = msgspec.json.decode((settings.DATA_DIR / _FILE).read_bytes(), type=_Facts).web
    except (OSError, msgspec.DecodeError):
        return []
    order = list(_ROLES)
    return sorted(found, key=lambda one: order.index(one.role) if one.role in order else len(order))
