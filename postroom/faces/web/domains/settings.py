"""Settings of a domain, each with where its value comes from; and whom its letters go to."""

from typing import Final

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import domain_cards, domain_support, domains, settings_view
from postroom.actions.domain_cards import DomainCard
from postroom.actions.domains import DomainView
from postroom.actions.settings_view import Setting
from postroom.core.catalogue.attribute import Level, Value
from postroom.core.errors import RoleTooSmall
from postroom.core.roles import Permission
from postroom.faces.web import settings_form
from postroom.faces.web.domains.adding import NewDomain
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.templatetags.domains import may

_SUPPORT: Final = "support"


class SupportForm(Form):
    group = forms.CharField(initial=_SUPPORT, widget=forms.HiddenInput({"id": False}))
    support_email = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=254,
        help_text=NewDomain.base_fields["support_email"].help_text,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


@page()
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    found = {**_names(request, card.name), **settings_view.of_domain(request.auth, card.name)}
    parts = settings_form.sections(Level.DOMAIN, found, request)
    support = _support(request, card) if may(request.auth, card, Permission.DOMAIN_CHANGE) else None
    if request.method == "POST":
        if support is None:
            raise RoleTooSmall
        told = _saved(request, card, support) or settings_form.saved(
            parts, lambda values: domains.change(request.auth, request.origin, card.name, values)
        )
        if told:
            return done(request, told, to=_back(request, card.name))
    context = {
        "domain": card,
        "tab": "settings",
        "sections": parts,
        "may_change": any(part.can_change for part in parts),
        "why": f"/explain/?address={card.name}&setting=",
        "support": support,
        "support_title": _("Support e-mail"),
        "more": [(_SUPPORT, _("Support e-mail"))],
    }
    status = max(settings_form.status(parts), support.status if support else 200)
    return render(request, "web/domains/settings.html", context, status=status)


def _support(request: Asked, card: DomainCard) -> SupportForm:
    sent = request.POST if request.POST.get("group") == _SUPPORT else None
    return SupportForm(sent, initial={"support_email": card.support_email})


def _saved(request: Asked, card: DomainCard, form: SupportForm) -> str:
    """What to tell; empty where it was not sent, or is wrong, which is then said at the field."""
    if form.is_bound and form.is_valid():
        with form.catching():
            wanted = form.cleaned_data["support_email"]
            email = domain_support.change(request.auth, request.origin, card.name, wanted)
            return _("%(email)s is told from now on when something changes.") % {"email": email}
    return ""


def _names(request: Asked, name: str) -> dict[str, Setting]:
    """What has a place of its own in the row: other names, and whose the domain is."""
    view = domains.show(request.auth, name)
    assert isinstance(view, DomainView)
    values: dict[str, Value] = {"aliases": list(view.aliases), "company": view.company}
    return {
        one: Setting(value=value, origin=Level.DOMAIN, settable=one in view.settable, secret=False, inherited=None)
        for one, value in values.items()
    }


def _back(request: Asked, name: str) -> str:
    """To the subject that was sent."""
    return f"{reverse('domain_settings', args=[name])}#{request.POST.get('group', '')}"
