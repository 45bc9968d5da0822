"""The frame of a domain's pages around mailboxes and aliases."""

from typing import Any

from postroom.actions import domain_cards
from postroom.actions.domain_cards import DomainCard
from postroom.core.roles import ROLES, Actor, Scope, Target
from postroom.faces.web.mailboxes.rights import may
from postroom.faces.web.page import Asked


def of_domain(request: Asked, name: str, tab: str) -> dict[str, Any]:
    """For `web/domains/domain.html`, with what the asker may do there or in a part of it. Raises DomainNotFound,
    RoleTooSmall."""
    card = domain_cards.for_mailboxes(request.auth, name)
    whole, parts = places(request.auth, card)
    return {"domain": card, "tab": tab, "may": may(request.auth, whole, *parts.values())}


def places(actor: Actor, card: DomainCard) -> tuple[Target, dict[int, Target]]:
    """The domain, and those of its workgroups on which the actor has a role."""
    whole = Target(card.company_id, card.id)
    inside = {g.workgroup_id for g in actor.grants if g.domain_id == card.id and ROLES[g.role].scope is Scope.WORKGROUP}
    return whole, {group: Target(card.company_id, card.id, group) for group in inside if group is not None}
