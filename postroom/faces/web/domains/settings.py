"""Settings of a domain, each with where its value comes from."""

from django.http import HttpResponse
from django.urls import reverse

from postroom.actions import domain_cards, domains, settings_view
from postroom.actions.domains import DomainView
from postroom.actions.settings_view import Setting
from postroom.core.catalogue.attribute import Level, Value
from postroom.core.errors import RoleTooSmall
from postroom.core.roles import Permission
from postroom.faces.web import settings_form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.templatetags.domains import may


@page()
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    found = {**_names(request, card.name), **settings_view.of_domain(request.auth, card.name)}
    parts = settings_form.sections(Level.DOMAIN, found, request)
    if request.method == "POST":
        if not may(request.auth, card, Permission.DOMAIN_CHANGE):
            raise RoleTooSmall
        told = settings_form.saved(
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
    }
    return render(request, "web/domains/settings.html", context, status=settings_form.status(parts))


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
