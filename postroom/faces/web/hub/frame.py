"""What stands around every page of the hub: the way through it."""

from collections.abc import Mapping

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.catalogue.attribute import Level
from postroom.core.languages import Language
from postroom.faces.web.frame import Asked, Way, render
from postroom.faces.web.hub import guides


class Part(msgspec.Struct, frozen=True):
    title: str
    ways: list[Way]


def shown(
    request: Asked, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, template, {"hub": _parts(request), **(context or {})}, status=status)


def _parts(request: Asked) -> list[Part]:
    def way(label: str, name: str, *arguments: str) -> Way:
        href = reverse(name, args=arguments)
        inside = name in {"hub_oma", "hub_rest", "hub_dimail"} and request.path.startswith(href)
        return Way(label, href, inside or request.path == href)

    levels = {Level.COMPANY: _("Company"), Level.DOMAIN: _("Domain"), Level.MAILBOX: _("Account")}
    return [
        Part(_("Guides"), [way(title_of(slug, request.language), "hub_guide", slug) for slug in guides.GUIDES]),
        Part(
            _("Reference"),
            [
                way(_("OMA: methods"), "hub_oma"),
                way(_("REST: calls"), "hub_rest"),
                way(_("dimail: calls"), "hub_dimail"),
                way(_("Errors"), "hub_errors"),
                way(_("Roles"), "hub_roles"),
            ],
        ),
        Part(_("Attributes"), [way(label, "hub_attributes", level) for level, label in levels.items()]),
        Part(_("Postroom"), [way(_("Changes"), "hub_changes")]),
    ]


def title_of(slug: str, language: Language) -> str:
    return guides.guide(slug, language).title
