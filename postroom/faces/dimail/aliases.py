"""Aliases: one address, several destinations, one row each (specs/dimail.md 3.6, 4.8)."""

from typing import Annotated, Final

import msgspec
from pydantic import BaseModel

from postroom.actions import aliases
from postroom.actions.aliases import AliasView
from postroom.core.address import fold
from postroom.core.errors import BadAttribute, NameTaken
from postroom.faces.dimail.errors import Refusal
from postroom.faces.dimail.fields import Flag, Text, told
from postroom.faces.dimail.places import place, saying
from postroom.faces.dimail.route import Call, Guard, Route

_FEATURE: Final = "alias"
_ONLY_DESTINATION: Final = "It is forbiden to only provide the destination in a request"  # dimail's own spelling
_NAMES: Final = {"local_part": "user_name"}


class NewAlias(BaseModel):
    user_name: Annotated[Text, told(minLength=1, examples=["it"])]
    destination: Annotated[Text, told(minLength=3, examples=["uma@town.example"])]
    allow_to_send: Flag = False


class AliasAnswer(msgspec.Struct, frozen=True, kw_only=True):
    username: str
    domain: str
    destination: str
    allow_to_send: bool
    """Whether the mailbox that is the destination may send under this name."""


def _domain(call: Call) -> str:
    here = place(call)
    here.require(_FEATURE)
    return here.name


def _answer(domain: str, view: AliasView) -> AliasAnswer:
    return AliasAnswer(
        username=view.local_part, domain=domain, destination=view.destination, allow_to_send=view.allow_to_send
    )


def listed(call: Call) -> list[AliasAnswer]:
    """All of the domain, the destinations of one name, or one pair of both."""
    domain = _domain(call)
    name, destination = call.query.get("user_name", ""), call.query.get("destination", "")
    if destination and not name:
        raise Refusal(412, _ONLY_DESTINATION)
    found, _ = aliases.listed(call.actor, domain, local_part=name, limit=None)
    if destination:
        found = [view for view in found if view.destination == fold(destination)]
        if not found:
            raise Refusal(404, "Alias not found")
    return [_answer(domain, view) for view in found]


def create(call: Call) -> AliasAnswer:
    """A mailbox may have the same name: both get the mail. What goes to `…@devnull` is thrown away."""
    sent: NewAlias = call.body
    domain = _domain(call)
    try:
        made = aliases.create(
            call.actor, call.origin, domain, sent.user_name, sent.destination, allow_to_send=sent.allow_to_send
        )
    except NameTaken:
        raise Refusal(409, "Alias already exists") from None
    except BadAttribute as error:
        raise BadAttribute(hints={_NAMES.get(field, field): hint for field, hint in error.hints.items()}) from None
    return _answer(domain, made)


def delete(call: Call) -> None:
    """One destination."""
    domain, asked = _domain(call), call.params
    with saying("Not found"):
        aliases.remove_destination(call.actor, call.origin, domain, asked["user"], asked["destination"])


def delete_all(call: Call) -> None:
    """All destinations of the name."""
    domain = _domain(call)
    with saying("Not found"):
        aliases.remove_all(call.actor, call.origin, domain, call.params["user"])


_ALL = "/domains/{domain}/aliases"
_FAILS = (403, 404, 422)
ROUTES = (
    Route(
        "GET", _ALL, Guard.BEARER, listed, list[AliasAnswer], query=("user_name", "destination"), fails=(*_FAILS, 412),
        section="4.8",
    ),
    Route("POST", _ALL, Guard.BEARER, create, AliasAnswer, NewAlias, 201, fails=(*_FAILS, 409), section="4.8"),
    Route("DELETE", f"{_ALL}/{{user}}/all", Guard.BEARER, delete_all, status=204, fails=_FAILS, section="4.8"),
    Route("DELETE", f"{_ALL}/{{user}}/{{destination}}", Guard.BEARER, delete, status=204, fails=_FAILS, section="4.8"),
)  # fmt: skip
