"""Accounts of programs: dimail's "users" (specs/dimail.md 3.2, 4.2)."""

from typing import Annotated

from pydantic import BaseModel

from postroom.actions import dimail_accounts
from postroom.actions.dimail_accounts import LONGEST_NAME, PERMS, AccountChange, AccountView, AccountWish
from postroom.core.errors import ExistsAlready, UserNotFound
from postroom.core.passwords.schemes import LONGEST_PLAIN_BYTES
from postroom.faces.dimail.errors import Refusal
from postroom.faces.dimail.fields import Flag, told
from postroom.faces.dimail.route import Call, Guard, Route

_Name = Annotated[str, told(minLength=1, maxLength=LONGEST_NAME, pattern="^[^:]+$", examples=["la_regie"])]
_Password = Annotated[str, told(minLength=1, maxLength=LONGEST_PLAIN_BYTES, writeOnly=True)]
_Perms = Annotated[list[str], told(items={"enum": PERMS})]


class NewUser(BaseModel):
    name: _Name
    password: _Password
    is_admin: Flag
    perms: _Perms = []


class UserPatch(BaseModel):
    password: _Password | None = None
    is_admin: Flag | None = None
    perms: _Perms | None = None


def listed(call: Call) -> list[AccountView]:
    """The accounts: of an administrator all, else those that the asker has made, and itself."""
    return dimail_accounts.listed(call.caller)


def show(call: Call) -> AccountView:
    """One account."""
    return dimail_accounts.show(call.caller, call.params["name"])


def create(call: Call) -> AccountView:
    """Makes an account, which may no more than its maker."""
    sent: NewUser = call.body
    wish = AccountWish(name=sent.name, password=sent.password, is_admin=sent.is_admin, perms=sent.perms)
    try:
        return dimail_accounts.add(call.caller, call.origin, wish)
    except ExistsAlready:
        raise Refusal(409, "User already exists") from None


def change(call: Call) -> AccountView:
    """Changes what is said of an account. A new password ends its tokens."""
    sent: UserPatch = call.body
    wish = AccountChange(password=sent.password, is_admin=sent.is_admin, perms=sent.perms)
    try:
        return dimail_accounts.change(call.caller, call.origin, call.params["name"], wish)
    except UserNotFound:
        raise Refusal(404, "Not found") from None


def delete(call: Call) -> None:
    """Removes an account with its allows; the domains stay."""
    try:
        dimail_accounts.remove(call.caller, call.origin, call.params["name"])
    except UserNotFound:
        raise Refusal(404, "Not found") from None


_ALL, _ONE = "/users", "/users/{name}"
ROUTES = (
    Route("GET", _ALL, Guard.MANAGE_USERS, listed, answer=list[AccountView], section="4.2"),
    Route("POST", _ALL, Guard.CREATE_USERS, create, AccountView, NewUser, 201, fails=(409,), section="4.2"),
    Route("GET", _ONE, Guard.MANAGE_USERS, show, answer=AccountView, fails=(404,), section="4.2"),
    Route("PATCH", _ONE, Guard.MANAGE_USERS, change, AccountView, UserPatch, fails=(404,), section="4.2"),
    Route("DELETE", _ONE, Guard.MANAGE_USERS, delete, status=204, fails=(404,), section="4.2"),
)
