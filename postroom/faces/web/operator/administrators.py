"""OMA's administrator roles in a company: who has which, given and taken away."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import admin_roles, companies
from postroom.actions.companies import CompanyLine
from postroom.actions.pages import PageRequest
from postroom.core.address import fold
from postroom.core.roles import ROLES, Permission, Role, Scope, assignable, granting
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.operator import words
from postroom.faces.web.operator.frame import confirm, render_company
from postroom.faces.web.page import Asked, done, page

_ROLES = [role for role in Role if role in words.ROLES]


class Give(Form):
    address = forms.CharField(
        label=gettext_lazy("Mailbox"),
        max_length=320,
        help_text=gettext_lazy("The address that the administrator signs in with; it must be in this company."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    object = forms.CharField(
        label=gettext_lazy("On what"),
        max_length=260,
        required=False,
        help_text=gettext_lazy(
            "For the roles of a domain its name, for a workgroup domain/workgroup; nothing for the company’s."
        ),
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["role"]
        chosen.choices = [(role.value, f"{_(words.ROLES[role][0])}: {_(words.ROLES[role][1])}") for role in roles]

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or {}
        role = said.get("role")
        if role and ROLES[Role(role)].scope is not Scope.COMPANY and not said.get("object"):
            self.add_error("object", _("This role needs the name of a domain or workgroup."))
        return said


def _may_give(request: Asked) -> list[Role]:
    held = {grant.role for grant in granting(request.auth, Permission.ROLE_CHANGE)}
    return [role for role in _ROLES if role in assignable(held)]


@page()
def administrators(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    roles = _may_give(request)
    form = Give(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and form.is_valid():
        with form.catching({"user": "address", "": "address"}):
            return _given(request, company, form.cleaned_data)
    wanted = lists.wanted(request, orders=("user", "type"), default="user")
    asked = PageRequest(first=wanted.first, limit=wanted.limit, by=wanted.by, descending=wanted.descending)
    match = f"*{wanted.q}*" if wanted.q else None
    found = admin_roles.search(request.auth, company.name, [], match, asked)
    context = {
        "form": form,
        "admins": found.items,
        "may_give": bool(roles),
        "wanted": wanted,
        "pages": lists.pages(wanted, found.total),
    }
    return render_company(request, "administrators.html", "administrators", company, context, status=form.status)


def _given(request: Asked, company: CompanyLine, said: dict[str, str]) -> HttpResponse:
    """One role more on an object; another kind of role takes the place of those held so far."""
    role = Role(said["role"])
    on = company.name if ROLES[role].scope is Scope.COMPANY else said["object"]
    address = fold(said["address"])
    admin_roles.add(request.auth, request.origin, address, role, on)
    text = _("%(address)s has the role now.") % {"address": address}
    return done(request, text, to=reverse("administrators", args=[company.name]))


@page()
def remove(request: Asked, name: str) -> HttpResponse:
    """Which one the address says: ?address=…&role=…&on=…"""
    company = companies.line(request.auth, name)
    address, role, on = (request.GET.get(key, "") for key in ("address", "role", "on"))
    back = reverse("administrators", args=[company.name])
    if request.method == "POST":
        admin_roles.remove(request.auth, request.origin, fold(address), role, on)
        return done(request, _("The role was taken away."), to=back)
    return confirm(
        request,
        _("Take the role “%(role)s” on %(on)s from %(address)s?")
        % {"role": words.role(role), "on": on, "address": address},
        _("Take away"),
        back,
        consequences=[_("The mailbox and its mail stay as they are.")],
        crumbs_list=[(company.name, reverse("company_show", args=[company.name])), (_("Administrators"), back)],
    )
