"""Adding a domain: its name and whom to tell, then on to what its DNS lacks."""

from django import forms
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import domain_claims, domains
from postroom.core.address import LONGEST_DOMAIN, fold, shown_domain
from postroom.core.errors import OutOfReach
from postroom.core.roles import Actor, Permission, granting, may_claim
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render

_LONGEST_NAME = 2 * LONGEST_DOMAIN
"""As it is typed, with accents and blanks around it."""


class NewDomain(Form):
    focus_first = True

    name = forms.CharField(
        label=gettext_lazy("Domain name"),
        max_length=_LONGEST_NAME,
        help_text=gettext_lazy("What stands behind the @, such as example.com."),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    support_email = forms.CharField(
        label=gettext_lazy("Support e-mail"),
        max_length=254,
        help_text=gettext_lazy("Is told when something about the domain changes or needs you."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class NewCompanyDomain(Form):
    """By an administrator of a company: nothing is proved or claimed, the company answers for it."""

    focus_first = True

    name = NewDomain.base_fields["name"]
    company = forms.CharField(label=gettext_lazy("Company"), max_length=128)

    def __init__(self, sent: QueryDict | None, *, is_needed: bool) -> None:
        super().__init__(sent)
        self.fields["company"].required = is_needed
        if not is_needed:
            self.fields["company"].help_text = _("Empty: your own.")


def _claims(actor: Actor, asked: Asked) -> bool:
    """Whoever may do both makes it for a company, unless the address says otherwise."""
    if not granting(actor, Permission.DOMAIN_CREATE):
        return True
    return may_claim(actor) and "own" in asked.GET


@page()
def new(request: Asked) -> HttpResponse:
    actor = request.auth
    creates = bool(granting(actor, Permission.DOMAIN_CREATE))
    if not (may_claim(actor) or creates):
        raise OutOfReach
    claims = _claims(actor, request)
    form = _form(request, claims)
    if request.method == "POST" and form.is_valid():
        name = ""
        with form.catching({"domain": "name"}):
            name = _add(request, form, claims)
        if name:
            return _next(request, name)
    context = {"form": form, "claims": claims, "other_way": creates and may_claim(actor)}
    return render(request, "web/domains/new.html", context, status=form.status)


def _form(request: Asked, claims: bool) -> Form:
    sent = request.POST if request.method == "POST" else None
    if claims:
        return NewDomain(sent, initial={"support_email": request.auth.name if "@" in request.auth.name else ""})
    return NewCompanyDomain(sent, is_needed=request.auth.company_id is None)


def _add(request: Asked, form: Form, claims: bool) -> str:
    """The domain's canonical name."""
    wish = form.cleaned_data
    if claims:
        return domain_claims.claim(request.auth, request.origin, wish["name"], wish["support_email"])
    name: str = fold(wish["name"])
    domains.change(request.auth, request.origin, name, {"company": wish["company"] or None}, create_only=True)
    return name


def _next(request: Asked, name: str) -> HttpResponse:
    text = _("%(domain)s was added. Now its DNS has to show that it is yours.") % {"domain": shown_domain(name)}
    return done(request, text, to=reverse("domain_dns", args=[name]))
