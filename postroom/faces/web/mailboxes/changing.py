"""Changing one mailbox: its holder's data, its address, further addresses, and what one button does."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import mailbox_aliases, mailbox_removal, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange
from postroom.core.address import shown_domain
from postroom.core.errors import (
    AliasLimitReached,
    NamesakeExists,
    NameTaken,
    NotFound,
    NotSettable,
    PostroomError,
    RoleTooSmall,
)
from postroom.faces.web.forms import Form
from postroom.faces.web.mailboxes import steps
from postroom.faces.web.mailboxes.making import (
    checked_local_part,
    local_part_field,
    name_field,
    namesake,
    second_address_field,
)
from postroom.faces.web.mailboxes.showing import Opened, opened
from postroom.faces.web.page import Asked, done, page, render


def _here(found: Opened, view: str = "mailbox_show", local_part: str = "") -> str:
    return reverse(view, args=[found.domain.name, local_part or found.view.local_part])


class Holder(Form):
    first_name = name_field(gettext_lazy("First name"), "off")
    last_name = name_field(gettext_lazy("Last name"), "off")
    secondary_email = second_address_field(gettext_lazy("Links to choose a new password go there."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """An account that was made without names needs none."""
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            self.fields[name].required = bool(self.initial[name])

    def changes(self) -> dict[str, str]:
        """What was touched: the rest may have been changed by others meanwhile."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


@page()
def edit(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    if not found.may.change:
        raise RoleTooSmall
    view = found.view
    initial = {"first_name": view.first_name, "last_name": view.last_name, "secondary_email": view.secondary_email}
    form = Holder(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _changed(request, view.address, form):
        return done(request, _("The changes were saved."), to=_here(found))
    return render(request, "web/mailboxes/edit.html", {**found.frame("show"), "form": form}, status=form.status)


def _changed(request: Asked, address: str, form: Holder) -> bool:
    with form.catching():
        try:
            person_mailboxes.update(request.auth, request.origin, address, PersonalChange(**form.changes()))
        except NamesakeExists:
            form.add_error("last_name", namesake())
        except NotSettable:
            form.add_error("secondary_email", _("The mailbox belongs to somebody who may do more than you."))
    return not form.errors


class NewName(Form):
    focus_first = True
    local_part = local_part_field(label=gettext_lazy("New address"))
    keep = forms.BooleanField(
        label=gettext_lazy("Keep the old address as a further one"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Mail to it still arrives, and programs can still sign in with it."),
    )

    def __init__(self, domain: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean_local_part(self) -> str:
        return checked_local_part(self.cleaned_data["local_part"], self.domain)


@page()
def rename(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    if not found.may.rename:
        raise RoleTooSmall
    data = request.POST if request.method == "POST" else None
    form = NewName(found.domain.name, data, initial={"local_part": found.view.local_part})
    if form.is_valid():
        wanted = f"{form.cleaned_data['local_part']}@{found.domain.name}"
        if _renamed(request, found.view.address, wanted, form):
            kept = not form.cleaned_data["keep"] or _kept(request, wanted, found.view.address)
            text = _("The address is %(address)s now.") if kept else _UNKEPT
            to = _here(found, local_part=form.cleaned_data["local_part"])
            return done(request, text % {"address": wanted}, to=to, kind="good" if kept else "open")
    return render(request, "web/mailboxes/rename.html", {**found.frame("show"), "form": form}, status=form.status)


_UNKEPT: Final = gettext_lazy("The address is %(address)s now, but the old one could not be kept as a further one.")


def _renamed(request: Asked, before: str, after: str, form: NewName) -> bool:
    with form.catching({"new_name": "local_part"}):
        try:
            mailbox_removal.rename(request.auth, request.origin, before, after)
        except NameTaken:
            form.add_error("local_part", _("%(address)s is taken.") % {"address": after})
    return not form.errors


def _kept(request: Asked, address: str, old: str) -> bool:
    """The mailbox has its new name in any case."""
    try:
        mailbox_aliases.add(request.auth, request.origin, address, old)
    except PostroomError:
        return False
    return True


class FurtherAddress(Form):
    focus_first = True
    alias = local_part_field(label=gettext_lazy("Further address"))

    def __init__(self, domain: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean_alias(self) -> str:
        """Also of a domain that mirrors this one: the action knows them."""
        local_part, at, host = self.cleaned_data["alias"].strip().lower().partition("@")
        checked = checked_local_part(local_part, self.domain)
        return f"{checked}@{host}" if at else f"{checked}@{self.domain}"


@page()
def further(request: Asked, name: str, local_part: str) -> HttpResponse:
    """One more address that leads into the mailbox."""
    found = opened(request, name, local_part)
    if not found.may.change:
        raise RoleTooSmall
    form = FurtherAddress(found.domain.name, request.POST if request.method == "POST" else None)
    if form.is_valid() and _added(request, found.view.address, form):
        text = _("%(address)s leads into this mailbox now.") % {"address": form.cleaned_data["alias"]}
        return done(request, text, to=_here(found))
    return render(request, "web/mailboxes/further.html", {**found.frame("show"), "form": form}, status=form.status)


def _added(request: Asked, address: str, form: FurtherAddress) -> bool:
    alias = form.cleaned_data["alias"]
    with form.catching({"aliases": "alias"}):
        try:
            mailbox_aliases.add(request.auth, request.origin, address, alias)
        except NameTaken:
            form.add_error("alias", _("%(address)s is taken.") % {"address": alias})
        except AliasLimitReached:
            form.add_error("alias", _("The domain has as many aliases as it may have."))
    return not form.errors


@page(methods=("POST",))
def further_remove(request: Asked, name: str, local_part: str) -> HttpResponse:
    found = opened(request, name, local_part)
    alias = request.POST.get("alias", "")
    mailbox_aliases.remove(request.auth, request.origin, found.view.address, alias)
    return done(request, _("%(address)s leads here no more.") % {"address": alias}, to=_here(found))


@page(methods=("POST",))
def step_now(request: Asked, name: str, local_part: str, verb: str) -> HttpResponse:
    """One of steps.STEPS that asks nothing."""
    found = opened(request, name, local_part)
    if not steps.STEPS[verb].allowed(found.may):
        raise RoleTooSmall
    return _done(request, found, verb)


@page()
def step_asked(request: Asked, name: str, local_part: str, verb: str) -> HttpResponse:
    """One of those that take something away: a page asks before."""
    found, chosen = opened(request, name, local_part), steps.STEPS[verb]
    if not chosen.allowed(found.may):
        raise RoleTooSmall
    if request.method == "POST":
        return _done(request, found, verb)
    address = found.view.address
    context = {
        "question": str(chosen.question) % {"address": address},
        "consequences": chosen.told(),
        "button": chosen.label,
        "cancel": _here(found),
        "crumbs_list": [
            (shown_domain(found.domain.name), reverse("mailboxes_list", args=[found.domain.name])),
            (address, _here(found)),
        ],
    }
    return render(request, "web/confirm.html", context)


def _done(request: Asked, found: Opened, verb: str) -> HttpResponse:
    address, chosen = found.view.address, steps.STEPS[verb]
    back = reverse("mailboxes_list", args=[found.domain.name])
    to = back if verb == "delete" or request.POST.get("to") == "list" else _here(found)
    try:
        chosen.run(request.auth, request.origin, address)
    except (NotFound, RoleTooSmall):
        raise
    except PostroomError as error:
        why = f"{address} – {steps.refused(request.auth, address, error)}"
        return done(request, why, to=_here(found) if verb == "delete" else to, kind="bad")
    return done(request, str(chosen.done) % {"address": address}, to=to)
