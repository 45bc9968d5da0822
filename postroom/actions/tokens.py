"""Login tokens (oma.md section 1.4). A token acts with the rights of the account it is for."""

import msgspec

from postroom.actions.action import writes
from postroom.core.errors import BadRequest, NameTaken, OutOfReach
from postroom.core.passwords.tokens import hash_token, new_token
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.models import Token


class TokenWish(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = "session"
    """oma (API only), session (mail, any number of times) or sso (mail, once)."""
    seconds: int
    reason: str
    opens_api: bool = False
    """A session or sso token that is good for the API too."""
    text: str | None = None
    """The token's text, where the asker wants a certain one."""


LONGEST_SECONDS = 366 * 86_400


@writes(Permission.TOKEN_CREATE, Permission.TOKEN_CREATE_FOR_API)
def create(actor: Actor, origin: Origin, address: str, wish: TokenWish) -> str:
    """The token's text, shown this once. Raises BadRequest, OutOfReach, NameTaken."""
    row = reach.mailbox(actor, address, Permission.TOKEN_CREATE, lock=True)
    if wish.kind == "oma" or wish.opens_api:
        reach.require(actor, Permission.TOKEN_CREATE_FOR_API, row.target)
    if not wish.reason.strip():
        raise BadRequest(hints={"reason": "is required: it is kept in the user's history"})
    return _store(actor, origin, row, wish)


@writes()
def create_own(actor: Actor, origin: Origin, seconds: int, text: str | None = None) -> str:
    """A session token for the API, for the account that asks."""
    row = rows.mailbox_by_id(actor.mailbox_id or 0, lock=True)
    if row is None:
        raise OutOfReach
    return _store(actor, origin, row, TokenWish(kind="oma", seconds=seconds, reason="authenticate", text=text))


def _store(actor: Actor, origin: Origin, row: rows.MailboxRow, wish: TokenWish) -> str:
    if not 0 < wish.seconds <= LONGEST_SECONDS:
        raise BadRequest(hints={"duration": "must be more than nothing and at most a year"})
    if wish.text is not None and not 16 <= len(wish.text) <= 256:
        raise BadRequest(hints={"token": "must have 16 to 256 characters"})
    text = wish.text or new_token()
    if Token.objects.filter(hash=hash_token(text)).exists():
        raise NameTaken(hints={"token": "is in use"})
    now = history.milliseconds(origin)
    Token.objects.create(
        hash=hash_token(text),
        mailbox_id=row.id,
        kind=wish.kind,
        opens_api=wish.kind == "oma" or wish.opens_api,
        opens_mail=wish.kind != "oma",
        reason=wish.reason,
        created_by=actor.name,
        created_at=now,
        expires_at=now + wish.seconds * 1000,
    )
    history.note(row, actor.name, origin, "token made", {"token": [None, f"{wish.kind}, {wish.reason}"[:500]]})
    rows.save(row)
    return text
