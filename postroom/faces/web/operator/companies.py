"""Companies: the list, a new one, and what is in one of them."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import companies, domain_searches, histories, settings_view
from postroom.actions.pages import PageRequest
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import OutOfReach
from postroom.core.roles import Permission, granting
from postroom.faces.web import history_words, lists, settings_form
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import render, render_company
from postroom.faces.web.page import Asked, done, page

_NAME = gettext_lazy("Name")


class Trust(Form):
    """What only the operator says of a company."""

    trusted = forms.BooleanField(
        label=gettext_lazy("Trusted"),
        required=False,
        help_text=gettext_lazy(
            "It proves elsewhere that its domains are its own: mail flows without a look at their DNS."
        ),
    )
    catchall_allowed = forms.BooleanField(
        label=gettext_lazy("May use catch-all addresses"),
        required=False,
        help_text=gettext_lazy("Mail to unknown addresses of a domain may go to one mailbox. It attracts spam."),
    )


class NewCompany(Trust):
    focus_first = True
    field_order = ["company"]

    company = forms.CharField(
        label=_NAME, max_length=160, help_text=gettext_lazy("1 to 160 letters, in lower case, without a slash.")
    )


@page(methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    if not granting(request.auth, Permission.COMPANY_SEE):
        raise OutOfReach
    wanted = lists.wanted(request, orders=("name", "created_at"), default="name")
    found, total = companies.listed(
        request.auth, wanted.q, ordering=wanted.ordering, first=wanted.first, limit=wanted.limit
    )
    context = {"companies": found, "wanted": wanted, "pages": lists.pages(wanted, total)}
    return render(request, "companies.html", "companies_list", context)


@page(operator=True)
def new(request: Asked) -> HttpResponse:
    form = NewCompany(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with form.catching({"": "company"}):
            made = companies.create(
                request.auth,
                request.origin,
                said["company"],
                trusted=said["trusted"],
                catchall_allowed=said["catchall_allowed"],
            )
            return done(request, _("The company was created."), to=reverse("company_show", args=[made.name]))
    return render(request, "company_new.html", "companies_list", {"form": form}, status=form.status)


@page(methods=("GET",))
def show(request: Asked, name: str) -> HttpResponse:
    """Its domains."""
    company = companies.line(request.auth, name)
    wanted = lists.wanted(request, orders=("domain", "users"), default="domain")
    asked = PageRequest(first=wanted.first, limit=wanted.limit, by=wanted.by, descending=wanted.descending)
    match = f"*{wanted.q}*" if wanted.q else None
    found = domain_searches.search(request.auth, company.name, ["domain"], match, asked, deleted=False)
    context = {
        "domains": found.items,
        "wanted": wanted,
        "pages": lists.pages(wanted, found.total),
        "may_create": bool(granting(request.auth, Permission.DOMAIN_CREATE)),
    }
    return render_company(request, "company.html", "company_show", company, context)


@page(operator=True)
def trust(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    now = {"trusted": company.trusted, "catchall_allowed": company.catchall_allowed}
    form = Trust(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        companies.trust(
            request.auth,
            request.origin,
            company.name,
            trusted=said["trusted"],
            catchall_allowed=said["catchall_allowed"],
        )
        return done(request, _("What the company may do was changed."), to=reverse("company_show", args=[company.name]))
    return render_company(request, "company_trust.html", "company_show", company, {"form": form}, status=form.status)


@page()
def settings(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    parts = settings_form.sections(Level.COMPANY, settings_view.of_company(request.auth, company.name), request)
    if request.method == "POST":
        told = settings_form.saved(
            parts, lambda values: companies.change(request.auth, request.origin, company.name, values)
        )
        if told:
            return done(request, told, to=request.path)
    status = settings_form.status(parts)
    return render_company(
        request, "company_settings.html", "company_settings", company, {"sections": parts}, status=status
    )


@page(methods=("GET",))
def history(request: Asked, name: str) -> HttpResponse:
    company = companies.line(request.auth, name)
    wanted = lists.wanted(request)
    lines, total = histories.of_company(request.auth, company.name, first=wanted.first, limit=wanted.limit)
    context = {"entries": history_words.told(lines, Level.COMPANY), "pages": lists.pages(wanted, total)}
    return render_company(request, "company_history.html", "company_history", company, context)
