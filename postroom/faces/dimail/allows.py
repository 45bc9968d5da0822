"""Allows: an account manages a domain's mailboxes and aliases (specs/dimail.md 3.3, 4.3)."""

from typing import Annotated

from pydantic import BaseModel

from postroom.actions import dimail_allows
from postroom.actions.dimail_allows import AllowView
from postroom.core.errors import DomainNotFound, ExistsAlready, NotFound, UserNotFound
from postroom.faces.dimail.errors import Refusal
from postroom.faces.dimail.fields import DomainName, told
from postroom.faces.dimail.route import Call, Guard, Route


class NewAllow(BaseModel):
    user: Annotated[str, told(examples=["la_regie"])]
    domain: DomainName


def listed(call: Call) -> list[AllowView]:
    """Which account manages which domain; of one account, of one domain, or both."""
    return dimail_allows.listed(call.caller, call.query.get("username", ""), call.query.get("domain", ""))


def create(call: Call) -> AllowView:
    """Gives a domain: an administrator one of dimail's company, others one that they manage themselves."""
    sent: NewAllow = call.body
    try:
        return dimail_allows.add(call.caller, call.origin, sent.user, sent.domain)
    except ExistsAlready:
        raise Refusal(409, "Domain already allowed for this user") from None


def delete(call: Call) -> None:
    """Takes a domain back from an account."""
    try:
        dimail_allows.remove(call.caller, call.origin, call.params["user"], call.params["domain"])
    except (UserNotFound, DomainNotFound):
        raise
    except NotFound:
        raise Refusal(404, "Queried user does not have permissions for this domain.") from None


_ALL = "/allows"
ROUTES = (
    Route("GET", _ALL, Guard.MANAGE_USERS, listed, answer=list[AllowView], query=("username", "domain"), section="4.3"),
    Route("POST", _ALL, Guard.MANAGE_USERS, create, AllowView, NewAllow, 201, fails=(404, 409), section="4.3"),
    Route("DELETE", "/allows/{domain}/{user}", Guard.MANAGE_USERS, delete, status=204, fails=(404,), section="4.3"),
)
