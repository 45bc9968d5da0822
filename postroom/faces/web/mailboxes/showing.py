"""One mailbox: what there is to know of it, its settings, its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.http import HttpResponse

from postroom.actions import alias_names, histories, mailboxes, person_mailboxes, settings_view
from postroom.actions.entry import Door
from postroom.actions.mailboxes import FreeAddress
from postroom.actions.mailboxes import MailboxView as Account
from postroom.actions.person_mailboxes import MailboxView
from postroom.actions.settings_view import Setting
from postroom.core.catalogue import words as catalogue_words
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import NotFound
from postroom.core.roles import Target
from postroom.faces.web import history_words, lists, settings_form, settings_values
from postroom.faces.web.mailboxes import steps, words
from postroom.faces.web.mailboxes.addresses import possible
from postroom.faces.web.mailboxes.rights import May, door, may
from postroom.faces.web.page import Asked, done, page, render

_SERVICES: Final = (
    "service_smtpin", "service_imap4", "service_pop3", "service_webmail", "service_smtprelay",
    "service_smtprelay_webmail",
)  # fmt: skip
_KINDS: Final = {"enabled": "good", "disabled": "off", "suspended": "bad"}


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox that the asker may see, and what they may do with it."""

    domain: Door
    view: MailboxView
    may: May

    def frame(self, tab: str) -> dict[str, Any]:
        """For `web/mailboxes/mailbox.html`."""
        return {
            "domain_name": self.domain.name,
            "mailbox": self.view,
            "state": words.state(self.view),
            "tab": tab,
            "may": self.may,
            "steps": [
                (step, steps.STEPS[step].label, steps.STEPS[step].asks) for step in possible(self.view, self.may)
            ],
        }


def opened(request: Asked, name: str, local_part: str) -> Opened:
    """Raises DomainNotFound, NotFound, RoleTooSmall, IsAlias."""
    domain = door(request.auth, name)
    view = person_mailboxes.show(request.auth, f"{local_part}@{domain.name}")
    target = Target(domain.company_id, domain.id, view.workgroup_id, view.id)
    return Opened(domain=domain, view=view, may=may(request.auth, target))


class Fact(msgspec.Struct, frozen=True):
    """A setting in words."""

    name: str
    label: str
    value: str
    kind: str = ""
    """Of the badge; empty: none."""


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    used: str
    limit: str
    """Empty: none."""
    percent: int
    messages: int
    is_tight: bool

    @property
    def is_full(self) -> bool:
        return self.percent >= 100


_TIGHT: Final = 90


@page(methods=("GET",))
def show(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    address = found.view.address
    account = mailboxes.show(request.auth, address)
    if isinstance(account, FreeAddress):
        raise NotFound
    settings = settings_view.of_mailbox(request.auth, address)
    shown = {
        "account": account,
        "storage": _storage(account),
        "services": [_service(name, settings) for name in _SERVICES],
        "delivery": _facts(settings, "delivery_filter" if found.view.type == "filter" else "delivery_local"),
        "forwards": settings["forward_recipients"].value or [],
        "is_forwarding": bool(settings["delivery_forward"].value),
        "answers": bool(settings["delivery_autoresponder"].value),
        "answering": _facts(settings, "autoresponder", "autoresponder_option_enddate"),
        "spam": _facts(settings, "spamlevel", "filterdelivery", "spamfolder", "allow", "block"),
        "profile": _facts(settings, "title", "phone", "language", "timezone"),
        "sign_ins": _sign_ins(found.view.last_sign_ins),
        "leads": alias_names.leading_to(request.auth, address) if found.may.see_aliases else [],
        "welcomed_at": words.moment(found.view.welcomed_at),
        "created_at": words.moment(found.view.created_at),
        "type": words.TYPES.get(found.view.type, ""),
        "can_retry": "retry" in possible(found.view, found.may),
        "may_name": found.may.change and "aliases" in account.settable,
    }
    return render(request, "web/mailboxes/show.html", {**found.frame("show"), **shown})


def _storage(account: Account) -> Storage:
    used, messages = account.stored
    limit = account.quota_in_force
    percent = min(100, 100 * used // limit) if limit else 0
    return Storage(
        used=settings_values.size(used),
        limit=settings_values.size(limit) if limit else "",
        percent=percent,
        messages=messages,
        is_tight=percent >= _TIGHT,
    )


def _service(name: str, settings: Mapping[str, Setting]) -> Fact:
    return msgspec.structs.replace(_fact(name, settings), kind=_KINDS.get(str(settings[name].value), "off"))


def _facts(settings: Mapping[str, Setting], *names: str) -> list[Fact]:
    """Those that say something."""
    return [_fact(name, settings) for name in names if settings[name].value not in (None, "", [])]


def _fact(name: str, settings: Mapping[str, Setting]) -> Fact:
    label = catalogue_words.label(name, settings_values.language())
    return Fact(name, label, settings_values.shown(name, settings[name].value, Level.MAILBOX))


def _sign_ins(at: Mapping[str, int]) -> list[tuple[str, datetime | None]]:
    """(where, when), the newest first."""
    newest = sorted(at.items(), key=lambda one: -one[1])
    return [(str(words.SERVICES.get(service, service)), words.moment(when)) for service, when in newest]


@page()
def settings(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    address = found.view.address
    parts = settings_form.sections(Level.MAILBOX, settings_view.of_mailbox(request.auth, address), request)
    if request.method == "POST":
        told = settings_form.saved(
            parts, lambda values: mailboxes.change(request.auth, request.origin, address, values)
        )
        if told:
            return done(request, told, to=request.path)
    context = {**found.frame("settings"), "sections": parts, "why": f"/explain/?address={address}&setting="}
    return render(request, "web/mailboxes/settings.html", context, status=settings_form.status(parts))


@page(methods=("GET",))
def history(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    wanted = lists.wanted(request)
    lines, total = histories.of_mailbox(request.auth, found.view.address, first=wanted.first, limit=wanted.limit)
    told = history_words.told(lines, Level.MAILBOX)
    context = {**found.frame("history"), "entries": told, "pages": lists.pages(wanted, total)}
    return render(request, "web/mailboxes/history.html", context)
