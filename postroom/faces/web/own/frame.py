"""What the holder's pages share: whose mailbox it is, and the ways between them."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.faces.web.page import Asked, render

TABS: Final[Mapping[str, str]] = {
    "my": gettext_noop("Overview"),
    "my_forward": gettext_noop("Forwarding"),
    "my_auto_reply": gettext_noop("Automatic answer"),
    "my_senders": gettext_noop("Spam"),
    "my_devices": gettext_noop("Devices"),
    "my_app_passwords": gettext_noop("App passwords"),
    "my_password": gettext_noop("Password"),
    "my_details": gettext_noop("Your details"),
}
"""Url name → what it is called."""


class Tab(msgspec.Struct, frozen=True):
    label: str
    href: str
    is_here: bool


def shown(request: Asked, tab: str, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """`tab`: one of TABS, which is also the page's title. `template`: of web/own/."""
    tabs = [Tab(_(label), reverse(name), name == tab) for name, label in TABS.items()]
    frame = {"address": request.shown.has_mailbox, "tabs": tabs, "tab_name": _(TABS[tab])}
    return render(request, f"web/own/{template}.html", {**frame, **context}, status=status)
