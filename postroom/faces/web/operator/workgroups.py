"""Workgroups of a domain: parts of it that have administrators of their own."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import domain_cards, workgroups
from postroom.actions.pages import PageRequest
from postroom.core.roles import Permission, Target, allows
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import confirm, render
from postroom.faces.web.page import Asked, done, page


class NewWorkgroup(Form):
    workgroup = forms.CharField(label=gettext_lazy("Name of a new workgroup"), max_length=64)


@page()
def listed(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    form = NewWorkgroup(request.POST or None)
    here = reverse("workgroups", args=[card.name])
    if request.method == "POST" and form.is_valid():
        with form.catching({"": "workgroup"}):
            workgroups.create(request.auth, request.origin, card.name, form.cleaned_data["workgroup"])
            return done(request, _("The workgroup was created."), to=here)
    wanted = lists.wanted(request, orders=("workgroup", "users"), default="workgroup")
    asked = PageRequest(first=wanted.first, limit=wanted.limit, by=wanted.by, descending=wanted.descending)
    found = workgroups.search(request.auth, card.name, f"*{wanted.q}*" if wanted.q else None, asked)
    context = {
        "tabs": [],
        "domain": card,
        "groups": found.items,
        "form": form,
        "wanted": wanted,
        "pages": lists.pages(wanted, found.total),
        "may_change": allows(request.auth, Permission.WORKGROUP_CHANGE, Target(card.company_id, card.id)),
    }
    return render(request, "workgroups.html", "", context, status=form.status)


@page()
def remove(request: Asked, name: str) -> HttpResponse:
    """Which one the address says: ?workgroup=…"""
    card = domain_cards.for_person(request.auth, name)
    group = request.GET.get("workgroup", "")
    back = reverse("workgroups", args=[card.name])
    if request.method == "POST":
        workgroups.delete(request.auth, request.origin, card.name, group)
        return done(request, _("The workgroup was deleted."), to=back)
    return confirm(
        request,
        _("Delete the workgroup “%(name)s”?") % {"name": group},
        _("Delete"),
        back,
        consequences=[_("Deleted mailboxes that were in it belong to the domain’s usual workgroup then.")],
        crumbs_list=[(card.name, f"/domains/{card.name}/"), (_("Workgroups"), back)],
    )
