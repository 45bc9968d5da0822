"""Aliases of a domain: addresses that lead to others, by name."""

import re
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postroom.actions import alias_names, aliases, person_mailboxes
from postroom.actions.aliases import AliasView
from postroom.core.address import fold, shown_domain
from postroom.core.aliases import SWALLOWING_HOSTS, parse_destination, swallows
from postroom.core.errors import BadValueError, NameTaken, NotFound, PostroomError, RoleTooSmall
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.mailboxes import within
from postroom.faces.web.mailboxes.making import checked_local_part, local_part_field
from postroom.faces.web.page import Asked, done, page, render

_MOST: Final = 200
"""Destinations that are added at once."""
_SIZE: Final = 50


@page(methods=("GET",))
def listed(request: Asked, name: str) -> HttpResponse:
    context = within.of_domain(request, name, "aliases")
    wanted = lists.wanted(request, orders=("name",), default="name")
    found, total = alias_names.listed(
        request.auth,
        context["domain"].name,
        q=wanted.q,
        descending=wanted.descending,
        first=wanted.first,
        limit=wanted.limit,
    )
    shown = {"wanted": wanted, "pages": lists.pages(wanted, total), "lines": found}
    return render(request, "web/mailboxes/aliases.html", {**context, **shown})


class Destinations(Form):
    destinations = forms.CharField(
        label=gettext_lazy("Destinations"),
        max_length=60_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}),
        help_text=gettext_lazy(
            "One e-mail address a line, here or elsewhere. Mail to an address that ends with @devnull is thrown away."
        ),
    )
    allow_to_send = forms.BooleanField(
        label=gettext_lazy("May also send mail under this address"),
        required=False,
        help_text=gettext_lazy("For destinations that are mailboxes of this server."),
    )

    def clean_destinations(self) -> list[str]:
        """Those that are none are all named, so that they are mended at once."""
        typed = [one for one in re.split(r"[\s,;]+", self.cleaned_data["destinations"]) if one]
        if len(typed) > _MOST:
            raise forms.ValidationError(_("Add at most %(n)s destinations at once.") % {"n": _MOST})
        wrong = [one for one in typed if not _is_destination(one)]
        if wrong:
            text = ngettext(
                "This is no e-mail address: %(which)s", "These are no e-mail addresses: %(which)s", len(wrong)
            )
            raise forms.ValidationError(text % {"which": ", ".join(one[:100] for one in wrong[:10])})
        return list(dict.fromkeys(fold(one) for one in typed))

    def refuse_known(self, error: NameTaken) -> None:
        text = _("It leads there already: %(which)s") % {"which": error.hints.get("destinations", "")}
        self.add_error("destinations", text)


def _is_destination(text: str) -> bool:
    try:
        return bool(parse_destination(text))
    except BadValueError:
        return False


class NewAlias(Destinations):
    focus_first = True
    field_order = ("local_part", "destinations", "allow_to_send")
    local_part = local_part_field(label=gettext_lazy("Name"))

    def __init__(self, domain: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean_local_part(self) -> str:
        return checked_local_part(self.cleaned_data["local_part"], self.domain)


@page()
def new(request: Asked, name: str) -> HttpResponse:
    context = within.of_domain(request, name, "aliases")
    if not context["may"].change_aliases:
        raise RoleTooSmall
    domain = context["domain"].name
    form = NewAlias(domain, request.POST if request.method == "POST" else None)
    if form.is_valid():
        local_part = form.cleaned_data["local_part"]
        if _added(request, domain, local_part, form):
            to = reverse("alias_show", args=[domain, local_part])
            return done(request, _("%(address)s was created.") % {"address": f"{local_part}@{domain}"}, to=to)
    return render(request, "web/mailboxes/alias_new.html", {**context, "form": form}, status=form.status)


def _added(request: Asked, domain: str, local_part: str, form: Destinations) -> bool:
    values = form.cleaned_data
    with form.catching({"destination": "destinations"}):
        try:
            aliases.add(
                request.auth, request.origin, domain, local_part, values["destinations"], values["allow_to_send"]
            )
        except NameTaken as error:
            form.refuse_known(error)
    return not form.errors


@page()
def show(request: Asked, name: str, local_part: str) -> HttpResponse:
    """Where it leads; POST: to somewhere else, too."""
    context = within.of_domain(request, name, "aliases")
    domain, wanted = context["domain"].name, lists.wanted(request, size=_SIZE)
    found, total = aliases.listed(request.auth, domain, local_part=local_part, first=wanted.first, limit=wanted.limit)
    if not total:
        raise NotFound
    local_part = fold(local_part)
    form = Destinations(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not context["may"].change_aliases:
        raise RoleTooSmall
    if form.is_valid() and _added(request, domain, local_part, form):
        return done(request, _("The destinations were added."), to=reverse("alias_show", args=[domain, local_part]))
    shown = {
        "form": form,
        "local_part": local_part,
        "address": f"{local_part}@{domain}",
        "lines": [(one, swallows(one.destination), _may_remove(request, context, one)) for one in found],
        "pages": lists.pages(wanted, total),
        "has_mailbox": _has_mailbox(request, f"{local_part}@{domain}"),
        "swallowing": ", ".join(sorted(SWALLOWING_HOSTS)),
    }
    return render(request, "web/mailboxes/alias.html", {**context, **shown}, status=form.status)


def _may_remove(request: Asked, context: dict[str, Any], alias: AliasView) -> bool:
    """Whoever it leads to may end that (people.md section 2.6)."""
    is_own = alias.destination in {request.shown.has_mailbox, request.shown.email}
    return is_own or bool(context["may"].change_aliases)


def _has_mailbox(request: Asked, address: str) -> bool:
    try:
        person_mailboxes.show(request.auth, address)
    except PostroomError:
        return False
    return True


@page(methods=("POST",))
def remove(request: Asked, name: str, local_part: str) -> HttpResponse:
    """One destination."""
    context = within.of_domain(request, name, "aliases")
    domain = context["domain"].name
    id = request.POST.get("id", "")
    if not (id.isascii() and id.isdecimal() and len(id) < 16):
        raise NotFound
    aliases.remove(request.auth, request.origin, domain, int(id))
    left = aliases.listed(request.auth, domain, local_part=local_part, limit=1)[1]
    to = reverse("alias_show", args=[domain, local_part]) if left else reverse("aliases_list", args=[domain])
    return done(request, _("The destination was removed."), to=to)


@page()
def delete(request: Asked, name: str, local_part: str) -> HttpResponse:
    context = within.of_domain(request, name, "aliases")
    domain = context["domain"].name
    if not context["may"].change_aliases:
        raise RoleTooSmall
    address, back = f"{fold(local_part)}@{domain}", reverse("aliases_list", args=[domain])
    if request.method == "POST":
        aliases.remove_all(request.auth, request.origin, domain, local_part)
        return done(request, _("%(address)s was deleted.") % {"address": address}, to=back)
    found, total = aliases.listed(request.auth, domain, local_part=local_part, limit=_SIZE)
    if not total:
        raise NotFound
    consequences = [
        _("Mail to it is refused from now on, unless a mailbox has the same address."),
        ngettext("It leads to %(n)s address:", "It leads to %(n)s addresses:", total) % {"n": total},
    ]
    shown = {
        "question": _("Delete %(address)s?") % {"address": address},
        "things": [one.destination for one in found] + (["…"] if total > len(found) else []),
        "consequences": consequences,
        "button": _("Delete"),
        "cancel": reverse("alias_show", args=[domain, fold(local_part)]),
        "crumbs_list": [(shown_domain(domain), back)],
    }
    return render(request, "web/confirm.html", shown)
