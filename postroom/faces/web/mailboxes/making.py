"""A new mailbox."""

import re
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import person_mailboxes
from postroom.actions.person_mailboxes import MailboxView, PersonalData, Welcome
from postroom.core.address import LONGEST_LOCAL_PART
from postroom.core.errors import NamesakeExists, NameTaken, RoleTooSmall
from postroom.core.lifecycle import MailboxState
from postroom.core.search_text import folded
from postroom.faces.web.forms import Form
from postroom.faces.web.frame import Kind
from postroom.faces.web.mailboxes import within
from postroom.faces.web.page import Asked, done, page, render

_LOCAL_PART: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NO_LOCAL_PART: Final = gettext_lazy(
    "Letters A–Z without accents, digits, - and _ are possible, and single dots between them."
)
_NO_ADDRESS: Final = gettext_lazy("This is no e-mail address.")


def name_field(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, widget=forms.TextInput({"autocomplete": autocomplete}))


def second_address_field(help_text: Any) -> forms.EmailField:
    return forms.EmailField(
        label=gettext_lazy("Second e-mail address"),
        required=False,
        max_length=254,
        help_text=help_text,
        error_messages={"invalid": _NO_ADDRESS},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )


def local_part_field(**more: Any) -> forms.CharField:
    attributes = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(widget=forms.TextInput(attributes), max_length=254, **more)


def checked_local_part(typed: str, domain: str) -> str:
    """Also where somebody typed the whole address. Raises ValidationError."""
    local_part, at, host = typed.strip().lower().partition("@")
    if at and host != domain:
        raise forms.ValidationError(_("The address ends with @%(domain)s.") % {"domain": domain})
    if len(local_part) > LONGEST_LOCAL_PART:
        raise forms.ValidationError(
            _("At most %(most)s characters are possible before the @.") % {"most": LONGEST_LOCAL_PART}
        )
    if not _LOCAL_PART.fullmatch(local_part):
        raise forms.ValidationError(_NO_LOCAL_PART)
    return local_part


def suggested(first: str, last: str) -> str:
    """zoe.martin for Zoé Martin; empty where nothing is left of a name."""
    parts = [re.sub(r"[^a-z0-9_-]+", "-", folded(name)).strip("-_") for name in (first, last)]
    return ".".join(part for part in parts if part)[:LONGEST_LOCAL_PART].strip(".-_")


class NewMailbox(Form):
    focus_first = True
    first_name = name_field(gettext_lazy("First name"), "off")
    last_name = name_field(gettext_lazy("Last name"), "off")
    local_part = local_part_field(
        label=gettext_lazy("Address"),
        required=False,
        help_text=gettext_lazy("Left empty: first name, dot, last name."),
    )
    secondary_email = second_address_field(
        gettext_lazy("Another address of the same person. A link to choose the password goes there.")
    )

    def __init__(self, domain: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        typed = values.get("local_part", "")
        if typed or {"first_name", "last_name"} <= values.keys():
            typed = typed or suggested(values["first_name"], values["last_name"])
            try:
                values["local_part"] = checked_local_part(typed, self.domain)
            except forms.ValidationError as error:
                self.add_error("local_part", error)
        return values

    def data_wanted(self) -> PersonalData:
        """After `is_valid`."""
        return PersonalData(**self.cleaned_data)


@page()
def new(request: Asked, name: str) -> HttpResponse:
    context = within.of_domain(request, name, "addresses")
    domain = context["domain"].name
    if not context["may"].create:
        raise RoleTooSmall
    form = NewMailbox(domain, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = _made(request, domain, form)
        if made is not None:
            again = "again" in request.POST
            to = (
                reverse("mailbox_new", args=[domain])
                if again
                else reverse("mailbox_show", args=[domain, made.local_part])
            )
            text, kind = _told(made, domain, context["may"].link)
            return done(request, text, to=to, kind=kind)
    return render(request, "web/mailboxes/new.html", {**context, "form": form}, status=form.status)


def _made(request: Asked, domain: str, form: NewMailbox) -> MailboxView | None:
    data = form.data_wanted()
    with form.catching():
        try:
            return person_mailboxes.create(request.auth, request.origin, domain, data)
        except NamesakeExists:
            form.add_error("last_name", namesake())
        except NameTaken:
            form.add_error("local_part", _("%(address)s is taken.") % {"address": f"{data.local_part}@{domain}"})
    return None


def namesake() -> str:
    return _(
        "Somebody of this domain has the same first and last name. Add something that tells them apart, such as a "
        "middle name."
    )


def _told(made: MailboxView, domain: str, may_link: bool) -> tuple[str, Kind]:
    values = {"address": made.address, "to": made.secondary_email, "domain": domain}
    if made.welcome is Welcome.NO_ADDRESS and not may_link:
        return _("%(address)s was created.") % values, "open"
    if made.welcome is Welcome.NO_ADDRESS:
        text = _("%(address)s was created. Nobody is told: give it a second address, then send a sign-in link.")
        return text % values, "open"
    if made.status == MailboxState.PENDING:
        text = _("%(address)s was created. When %(domain)s is enabled, %(to)s gets a link to choose the password.")
        return text % values, "good"
    return _("%(address)s was created. A link to choose the password goes to %(to)s.") % values, "good"
