"""What the operator's pages share: the tabs above them, and those of one company."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.actions.companies import CompanyLine
from postroom.core.roles import Permission, granting
from postroom.faces.web.page import Asked
from postroom.faces.web.page import render as render_page


class Tab(msgspec.Struct, frozen=True):
    label: str
    href: str
    is_here: bool


_TABS: Final = (
    ("operate_home", gettext_noop("Overview")),
    ("companies_list", gettext_noop("Companies")),
    ("platforms_list", gettext_noop("Platforms")),
    ("queue", gettext_noop("Work")),
    ("drift", gettext_noop("Drift")),
    ("persons_list", gettext_noop("People")),
    ("outbox", gettext_noop("E-mails")),
    ("programs", gettext_noop("Programs")),
)
_FOR_ALL: Final = ("companies_list",)

_OF_COMPANY: Final = (
    ("company_show", gettext_noop("Domains"), Permission.DOMAINS_SEARCH),
    ("company_settings", gettext_noop("Settings"), Permission.COMPANY_SEE),
    ("administrators", gettext_noop("Administrators"), Permission.ADMINS_SEE),
    ("brands_list", gettext_noop("Brands"), Permission.BRAND_SEE),
    ("company_bulletins", gettext_noop("Bulletins"), Permission.COMPANY_SEE),
    ("company_history", gettext_noop("History"), Permission.COMPANY_SEE),
)


def tabs(request: Asked, here: str) -> list[Tab]:
    """Administrators of companies see their companies alone."""
    return [
        Tab(_(label), reverse(name), name == here)
        for name, label in _TABS
        if request.shown.is_operator or name in _FOR_ALL
    ]


def render(
    request: Asked, template: str, here: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """`here`: the name of the tab's page."""
    told = {"tabs": tabs(request, here), **(context or {})}
    return render_page(request, f"web/operator/{template}", told, status=status)


def render_company(
    request: Asked,
    template: str,
    here: str,
    company: CompanyLine,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = [
        Tab(_(label), reverse(name, args=[company.name]), name == here)
        for name, label, permission in _OF_COMPANY
        if granting(request.auth, permission)
    ]
    told = {"tabs": found, "company": company, **(context or {})}
    return render_page(request, f"web/operator/{template}", told, status=status)


def confirm(request: Asked, question: str, button: str, cancel: str, **more: Any) -> HttpResponse:
    """The page that asks before something is done that cannot be taken back; the same address does it by POST."""
    context = {"question": question, "button": button, "cancel": cancel, **more}
    return render_page(request, "web/confirm.html", context)
