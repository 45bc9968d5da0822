"""The frame of a domain's pages around mailboxes and aliases."""

from typing import Any

from postroom.actions import domain_cards
from postroom.core.roles import Target
from postroom.faces.web.mailboxes.rights import may
from postroom.faces.web.page import Asked


def of_domain(request: Asked, name: str, tab: str) -> dict[str, Any]:
    """For `web/domains/domain.html`, with what the asker may do there. Raises DomainNotFound, RoleTooSmall."""
    card = domain_cards.for_person(request.auth, name)
    return {"domain": card, "tab": tab, "may": may(request.auth, Target(card.company_id, card.id))}
