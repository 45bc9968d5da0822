"""Brands of a company: how the letters that its people get are dressed, and what that looks like."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from postroom.actions import brands, companies
from postroom.actions.pages import PageRequest
from postroom.core.letters.password_reset import password_reset
from postroom.core.roles import Permission, granting
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import confirm, render_company
from postroom.faces.web.page import Asked, done, page
from postroom.faces.web.policy import SCRIPTED

# Pictures stay away: a page of ours asks no other host, and the letter tells what the logo says without it.
_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox"
)
_WITH_FRAME = f"{SCRIPTED}; frame-src 'self'"


class Look(Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=128,
        required=False,
        help_text=gettext_lazy("The name that people know your service by."),
    )
    colour = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Of headings and buttons, such as #0055aa."),
    )
    logo_url = forms.CharField(
        label=gettext_lazy("Address of the logo"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A picture that begins with https://. It is loaded by whoever reads the letter."),
    )
    help_url = forms.CharField(label=gettext_lazy("Address of your help pages"), max_length=300, required=False)
    sender_name = forms.CharField(label=gettext_lazy("Name of the sender"), max_length=128, required=False)
    sender_address = forms.CharField(label=gettext_lazy("Address of the sender"), max_length=320, required=False)
    reply_to = forms.CharField(label=gettext_lazy("Answers go to"), max_length=320, required=False)
    footer = forms.CharField(
        label=gettext_lazy("Under every letter"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class NewBrand(Look):
    focus_first = True
    field_order = ["brand"]

    brand = forms.CharField(label=gettext_lazy("Name of the brand"), max_length=128)


class Test(Form):
    test_email_rcpt = forms.CharField(
        label=gettext_lazy("Send the letter to"), max_length=320, widget=forms.EmailInput({"autocomplete": "email"})
    )


def _may_change(request: Asked) -> bool:
    return bool(granting(request.auth, Permission.BRAND_CHANGE))


def _address(company: str, brand: str, name: str = "brand_show") -> str:
    return f"{reverse(name, args=[company])}?{urlencode({'name': brand})}"


@page(methods=("GET",))
def listed(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    wanted = lists.wanted(request)
    match = f"*{wanted.q}*" if wanted.q else None
    found = brands.search(request.auth, company.name, match, PageRequest(first=wanted.first, limit=wanted.limit))
    lines = [(line, _address(company.name, line.name)) for line in found.items]
    context = {
        "brands": lines,
        "wanted": wanted,
        "pages": lists.pages(wanted, found.total),
        "may_change": _may_change(request),
    }
    return render_company(request, "brands.html", "brands_list", company, context)


@page()
def new(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    form = NewBrand(request.POST or None)
    if request.method == "POST" and form.is_valid():
        look = dict(form.cleaned_data)
        brand = look.pop("brand").strip()
        with form.catching({"": "brand"}):
            brands.create(request.auth, request.origin, company.name, brand, look)
            return done(request, _("The brand was created."), to=_address(company.name, brand))
    return render_company(request, "brand_new.html", "brands_list", company, {"form": form}, status=form.status)


@page(policy=_WITH_FRAME)
def show(request: Asked, name: str) -> HttpResponse:
    """Which one the address says: ?name=…"""
    company = companies.line(request.auth, name)
    view = brands.show(request.auth, company.name, request.GET.get("name", ""))
    here = _address(company.name, view.name)
    sends = request.POST.get("do") == "test"
    now = {field: getattr(view.look, field) for field in Look.base_fields}
    form = Look(request.POST if request.method == "POST" and not sends else None, initial=now)
    test = Test(request.POST if sends else None, initial={"test_email_rcpt": request.shown.email})
    if sends and test.is_valid():
        recipient = test.cleaned_data["test_email_rcpt"]
        with test.catching():
            brands.send_test(request.auth, request.origin, company.name, view.name, recipient)
            return done(request, _("The letter is on its way to %(address)s.") % {"address": recipient}, to=here)
    elif form.is_bound and form.is_valid():
        with form.catching():
            brands.change(request.auth, request.origin, company.name, view.name, form.cleaned_data)
            return done(request, _("The brand was changed."), to=here)
    context: dict[str, Any] = {
        "brand": view.name,
        "form": form,
        "test": test,
        "may_change": _may_change(request),
        "preview": _address(company.name, view.name, "brand_preview"),
        "remove": _address(company.name, view.name, "brand_remove"),
        "facts": [(field.label, now[name]) for name, field in form.fields.items() if now[name]],
    }
    status = max(form.status, test.status)
    return render_company(request, "brand.html", "brands_list", company, context, status=status)


@xframe_options_sameorigin
@page(methods=("GET",), policy=_MAIL)
def preview(request: Asked, name: str) -> HttpResponse:
    """The letter to those who have forgotten their password, for the frame on the brand's page."""
    view = brands.show(request.auth, name, request.GET.get("name", ""))
    letter = password_reset(view.look, request.language, "https://postroom.invalid/this-is-a-test")
    return HttpResponse(letter.html)


@page()
def remove(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    view = brands.show(request.auth, company.name, request.GET.get("name", ""))
    back = reverse("brands_list", args=[company.name])
    if request.method == "POST":
        brands.remove(request.auth, request.origin, company.name, view.name)
        return done(request, _("The brand was deleted."), to=back)
    return confirm(
        request,
        _("Delete the brand “%(name)s”?") % {"name": view.name},
        _("Delete"),
        _address(company.name, view.name),
        consequences=[_("This cannot be undone.")],
        crumbs_list=[(company.name, reverse("company_show", args=[company.name])), (_("Brands"), back)],
    )
