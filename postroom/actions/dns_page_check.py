"""The button of the page without an account: look at the domain again, now."""

from typing import Final

from postroom.actions import dns_pages, domain_checks, request_rates
from postroom.actions.action import reads
from postroom.core.records import Origin
from postroom.core.roles import Actor, Grant, Role

LIMITS: Final = ((1, 15), (30, 3600))
"""(checks of a domain, in seconds). Each of them asks strangers' servers a few dozen questions."""


@reads()
def check_again(origin: Origin, token: str) -> None:
    """Raises as `dns_pages.page` and `domain_checks.check_now`, and TooManyRequests."""
    row, _ = dns_pages.opened(origin, token)
    request_rates.count(f"dns page of domain {row.id}", LIMITS, origin.at.timestamp())
    grant = Grant(Role.ADMINISTRATOR, company_id=row.company_id, domain_id=row.id)
    domain_checks.check_now(Actor(name="dns page", grants=(grant,)), origin, row.name)
