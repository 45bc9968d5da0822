"""Whose an address is (specs/dimail.md 3.7, 4.7)."""

import msgspec

from postroom.actions import dimail_views
from postroom.faces.dimail.places import place, saying
from postroom.faces.dimail.route import Call, Guard, Route


class AddressAnswer(msgspec.Struct, frozen=True, kw_only=True):
    domain_name: str
    user_name: str
    is_alias: bool
    is_mailbox: bool
    is_ox: bool
    ox_primary_email: str | None
    ox_senders: list[str]


def show(call: Call) -> AddressAnswer:
    """After a mailbox was refused for its display name, `ox_primary_email` is for an hour whoever has that."""
    here, user = place(call), call.params["user"]
    with saying("Address not found"):
        found = dimail_views.address(call.actor, call.origin, here, user)
    return AddressAnswer(
        domain_name=here.name,
        user_name=user,
        is_alias=found.is_alias,
        is_mailbox=found.is_mailbox,
        is_ox=found.owner is not None,
        ox_primary_email=found.owner,
        ox_senders=found.senders,
    )


ROUTES = (
    Route(
        "GET", "/domains/{domain}/address/{user}", Guard.BEARER, show, AddressAnswer, fails=(403, 404), section="4.7"
    ),
)
