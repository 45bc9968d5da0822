"""What accounts send and get, as it passes through the mail servers."""

from collections.abc import Mapping
from datetime import date

import msgspec

from postroom.actions.action import writes
from postroom.core.mail.traffic import Arrived, Outgoing
from postroom.store import arrived, sent, sign_ins


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    known: bool = True
    """False: no such account, or it may not send now."""
    allowed: bool
    limit: int = 0
    free_at: int | None = None
    """When the message can be sent, in seconds since 1970; None: not in one piece."""


def _may_send(account: sent.Account, service: str) -> bool:
    """It was so when the session began, which may be a while ago."""
    return account.active and (account.by_webmail if service == "webmail" else account.by_programs)


@writes()
def count(login: str, message: Outgoing, service: str, now: float) -> Verdict:
    """May this message go out? If so it and its recipients are counted. However many ask at once, the account's limit
    holds. `service`: by which way the account has signed in."""
    account, recipients = sent.account(login), message.recipients
    if account is None or not _may_send(account, service):
        return Verdict(known=False, allowed=False)
    if recipients > account.limit:
        return Verdict(allowed=False, limit=account.limit)
    sent.lock(account.mailbox_id)
    in_this_slot = sent.add(account.mailbox_id, message, account.limit, now)
    if in_this_slot is None:
        free_at = sent.free_at(account.mailbox_id, recipients, account.limit, now)
        return Verdict(allowed=False, limit=account.limit, free_at=free_at)
    if in_this_slot == recipients:  # the first message of the quarter hour: as exact as a sign-in need be
        sign_ins.keep({login: {service: int(now * 1000)}})
    return Verdict(allowed=True, limit=account.limit)


@writes()
def note_arrived(day: date, counts: Mapping[str, Arrived]) -> None:
    """Add up what came in on that day for each login. Those that are not ours any more are passed over."""
    arrived.add(day, counts)
