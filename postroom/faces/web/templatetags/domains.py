"""Tags and filters of the pages of domains; `moment` and `shown_name` are for everybody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from postroom.actions.domain_cards import DomainCard
from postroom.core.address import shown_domain
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.faces.web import domain_words as words

register = template.Library()

_SWITCHABLE: Final = ("pending", "action_required", "failed", "enabled")


@register.filter
def moment(milliseconds: int | None) -> datetime | None:
    """For Django's `date` filter."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


@register.filter
def grouped(number: int) -> str:
    """With marks between the thousands, as the language has them."""
    return str(formats.number_format(number, 0, force_grouping=True))


@register.filter
def shown_name(name: str) -> str:
    """A domain's name as people write it."""
    return shown_domain(name)


@register.filter
def role_word(role: str) -> str:
    return words.role(role)


@register.filter
def status_meaning(status: str) -> str:
    return words.status(status).meaning


@register.inclusion_tag("web/badge.html")
def domain_badge(status: str) -> dict[str, str]:
    found = words.status(status)
    return {"kind": found.kind, "text": found.word, "help": found.meaning}


@register.inclusion_tag("web/domains/tabs.html", takes_context=True)
def domain_tabs(context: Mapping[str, Any], domain: DomainCard, here: str) -> dict[str, Any]:
    """Those that the asker may open."""
    base = f"/domains/{domain.name}/"
    rows = (
        ("addresses", "", _("Addresses"), domain.mailboxes, None),  # who sees none of them is not here
        ("aliases", "aliases/", _("Aliases"), None, Permission.ALIAS_SEE),
        ("dns", "dns/", _("DNS"), None, Permission.DOMAIN_SEE),
        ("people", "people/", _("People"), None, Permission.ACCESS_SEE),
        ("settings", "settings/", _("Settings"), None, Permission.DOMAIN_SEE),
        ("history", "history/", _("History"), None, Permission.DOMAIN_SEE),
        ("usage", "usage/", _("Usage"), None, Permission.DOMAIN_SEE),
    )
    actor = context["request"].auth
    tabs = [
        {"href": base + path, "label": label, "number": number, "is_here": key == here}
        for key, path, label, number, needs in rows
        if needs is None or may(actor, domain, needs)
    ]
    return {"tabs": tabs}


@register.inclusion_tag("web/domains/menu.html", takes_context=True)
def domain_menu(context: Mapping[str, Any], domain: DomainCard) -> dict[str, Any]:
    """What can be done with the domain as a whole; draws nothing where that is nothing."""
    actor = context["request"].auth
    switches = may(actor, domain, Permission.DOMAIN_SWITCH)
    return {
        "domain": domain,
        "disables": switches and domain.status in _SWITCHABLE,
        "enables": switches and domain.status == "disabled",
        "deletes": domain.abilities.delete,
        "workgroups": may(actor, domain, Permission.WORKGROUP_CHANGE),
        "bulletins": may(actor, domain, Permission.DOMAIN_BULLETIN_CHANGE),
    }


def may(actor: Actor, domain: DomainCard, permission: Permission) -> bool:
    return allows(actor, permission, Target(domain.company_id, domain.id))
