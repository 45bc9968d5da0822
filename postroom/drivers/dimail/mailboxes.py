"""Mailboxes of dimail: looked at, made, changed, removed; and the ways in that it makes itself (specs: version 1)."""

from typing import Final
from urllib.parse import quote

import msgspec

from postroom.core.records import MailboxRecord
from postroom.drivers.contract import LoginCode, NoMailbox, PermanentFailure
from postroom.drivers.dimail.standing import is_there
from postroom.drivers.dimail.wire import NoRight, Reply, Request, Talk

ADMINISTRATORS: Final = frozenset({"oxadmin"})
"""Of a context in Open-Xchange: no mailbox."""
_OFF: Final = "no"
_GROUPWARE: Final = "in open-xchange"
"""How dimail says that the groupware, and it alone, has not got something."""


class Shown(msgspec.Struct, frozen=True, rename="camel"):
    email: str
    type: str = "mailbox"
    given_name: str | None = None
    sur_name: str | None = None
    active: str = ""
    """yes, no, wait, unknown; empty: this version of dimail does not say."""

    @property
    def is_off(self) -> bool:
        return self.active == _OFF

    @property
    def names(self) -> tuple[str, str] | None:
        """None: it is no person's, or is not in the groupware now."""
        if not self.given_name and not self.sur_name:
            return None
        return (self.given_name or "").strip(), (self.sur_name or "").strip()


class _Made(msgspec.Struct, frozen=True):
    """`password` stays unread: who needs one asks for a new one."""

    email: str


class _Owner(msgspec.Struct, frozen=True):
    ox_primary_email: str | None = None


class _Code(msgspec.Struct, frozen=True):
    code: str
    expires_in: int = 0
    maxuse: int = 0
    nbuse: int = 0

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError("no code")

    def __repr__(self) -> str:
        return "_Code(…)"


class _Password(msgspec.Struct, frozen=True):
    password: str

    def __post_init__(self) -> None:
        if not self.password:
            raise ValueError("no password")

    def __repr__(self) -> str:
        return "_Password(…)"


def path(address: str, *more: str) -> tuple[str, ...]:
    local_part, _, domain = address.rpartition("@")
    return "domains", domain, "mailboxes", local_part, *more


def look(talk: Talk, address: str) -> Shown | None:
    """Raises PermanentFailure where dimail does not know the domain, or it is not ours."""
    reply = talk.ask(Request(method="GET", path=path(address)))
    if reply.status == 404:
        _require_domain(reply, address)
        return None
    if reply.status != 200:
        raise reply.refusal()
    shown = reply.read(Shown)
    if shown.email.lower() != address:
        raise reply.unreadable()
    return shown


def _require_domain(reply: Reply, address: str) -> None:
    if reply.detail.startswith("Domain"):
        raise PermanentFailure(f"The domain {address.rpartition('@')[2]} is not on dimail")


def listed(talk: Talk, domain: str) -> list[Shown]:
    """The domain's own mailboxes."""
    reply = talk.ask(Request(method="GET", path=("domains", domain, "mailboxes", "")))
    if reply.status != 200:
        raise reply.refusal()
    return [shown for shown in reply.read(list[Shown]) if _is_own(shown, domain)]


def _is_own(shown: Shown, domain: str) -> bool:
    local_part, _, name = shown.email.lower().rpartition("@")
    return shown.type == "mailbox" and name == domain and local_part not in ADMINISTRATORS


def put(talk: Talk, record: MailboxRecord, was: str | None) -> None:
    if record.type != "mailbox":
        raise PermanentFailure(f"dimail has mailboxes only; {record.address} is a {record.type}")
    shown = look(talk, record.address)
    if was and was != record.address and look(talk, was) is not None:
        if shown is not None:
            raise PermanentFailure(f"{record.address} is the address of another mailbox on dimail")
        shown = _rename(talk, was, record.address)
    if shown is None:
        shown = _create(talk, record)
    changes = differences(record, shown)
    if changes:
        _change(talk, record.address, changes)


def differences(record: MailboxRecord, shown: Shown) -> dict[str, str]:
    """What to change there. Switching on makes the account in the groupware anew, so it needs all names; switching off
    takes it away, with its names."""
    if not record.active:
        return {} if shown.is_off else {"active": _OFF}
    if shown.is_off:
        return {"active": "yes", **_names(record)}
    has_names = bool(record.first_name or record.last_name)
    if has_names and shown.names not in (None, (record.first_name, record.last_name)):
        return _names(record)
    return {}


def _names(record: MailboxRecord) -> dict[str, str]:
    """Display names are unique in a context, so an account without a holder gets its own name."""
    first, last = record.first_name, record.last_name
    if not first and not last:
        first = record.address.rpartition("@")[0]
    return {"givenName": first, "surName": last, "displayName": f"{first} {last}".strip()}


def _create(talk: Talk, record: MailboxRecord) -> Shown:
    reply = talk.ask(Request(method="POST", path=path(record.address), body=_names(record)))
    if reply.status in (200, 201):
        if reply.read(_Made).email.lower() != record.address:
            raise reply.unreadable()
        return Shown(email=record.address, given_name=record.first_name, sur_name=record.last_name)
    if reply.status in (409, 500):
        # Made meanwhile, or by a request that we thought was lost.
        shown = look(talk, record.address)
        if shown is not None:
            return shown
    if reply.status == 500:
        _refuse_namesake(talk, record)
        raise reply.failure()
    _require_domain(reply, record.address)
    raise reply.refusal()


def _refuse_namesake(talk: Talk, record: MailboxRecord) -> None:
    """dimail says 500 to a display name that another account of the context has; whose it is it says when asked."""
    local_part, _, domain = record.address.rpartition("@")
    reply = talk.ask(Request(method="GET", path=("domains", domain, "address", local_part, "")))
    if reply.status != 200:
        return
    owner = reply.read(_Owner).ox_primary_email
    if owner and owner.lower() != record.address:
        raise PermanentFailure(f"{owner} has the same first and last name on dimail")


def _rename(talk: Talk, was: str, address: str) -> Shown:
    old, new = was.rpartition("@"), address.rpartition("@")
    body = {"user_name": new[0], **({"domain": new[2]} if new[2] != old[2] else {})}
    reply = talk.ask(Request(method="PATCH", path=path(was), body=body))
    shown = look(talk, address) if reply.status == 200 else None
    if shown is None:
        told = f" ({reply.detail})" if reply.detail else ""
        raise PermanentFailure(f"dimail cannot give {was} the new name {address}{told}")
    return shown


def _change(talk: Talk, address: str, changes: dict[str, str]) -> None:
    reply = talk.ask(Request(method="PATCH", path=path(address), body=changes))
    if reply.status != 200:
        raise reply.refusal()
    shown = reply.read(Shown)
    asked = changes.get("active", shown.active)
    if shown.email.lower() != address or {shown.active, asked} == {"yes", _OFF}:
        raise reply.unreadable()


def remove(talk: Talk, address: str) -> None:
    try:
        reply = talk.ask(Request(method="DELETE", path=path(address)))
    except NoRight:
        if is_there(talk, address.rpartition("@")[2]):
            raise
        return  # it went with its domain
    if reply.status == 404 and _GROUPWARE in reply.detail:
        raise reply.refusal()  # only its account there is missing: nothing was removed
    reply.require_removed()


def login_code(talk: Talk, address: str, seconds: int, uses: int) -> LoginCode:
    if not talk.access.webmail:
        raise PermanentFailure('The settings of the dimail platform need "webmail": login codes are used there')
    reply = _of_mailbox(talk, Request(method="POST", path=path(address, "code"), body=_wish(seconds, uses)))
    made = reply.read(_Code)
    return LoginCode(
        url=f"{talk.access.webmail}/code/{quote(made.code, safe='')}",
        seconds=made.expires_in if made.expires_in > 0 else seconds,
        uses=made.maxuse - made.nbuse if made.maxuse > made.nbuse else uses,
    )


def _wish(seconds: int, uses: int) -> dict[str, int]:
    return {"expires_in": seconds, "maxuse": uses}


def new_password(talk: Talk, address: str) -> str:
    return _of_mailbox(talk, Request(method="POST", path=path(address, "reset_password", ""))).read(_Password).password


def _of_mailbox(talk: Talk, request: Request) -> Reply:
    reply = talk.ask(request)
    if reply.status == 404:
        raise NoMailbox(f"{request.path[3]}@{request.path[1]} is not on dimail")
    if reply.status == 500:
        raise reply.failure()
    if reply.status not in (200, 201):
        raise reply.refusal()
    return reply
