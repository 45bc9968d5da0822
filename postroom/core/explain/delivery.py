"""What becomes of a message at the mailbox that it is for: room, spam, answers, forwards (docs/mailstack.md, Sieve)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from postroom.core.catalogue.attribute import Settings
from postroom.core.explain.way import End, Lead, Step, Stop, Tone, Via
from postroom.core.mail import forwarding, live, spam, values
from postroom.core.mail.own_script import Account
from postroom.core.mail.values import Closed

FULL: Final = "552 5.2.2"
_SERVICES: Final = {
    "service_imap4": "IMAP",
    "service_pop3": "POP3",
    "service_webmail": "webmail",
}
_CLOSED: Final = {
    Closed.DISABLED: ("mailbox_disabled", ""),
    Closed.FAILED: ("mailbox_failed", ""),
    Closed.SUSPENDED: ("mailbox_suspended", "service_smtpin"),
    Closed.TAKES_NONE: ("mailbox_takes_none", "service_smtpin"),
}


class MailboxFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    address: str
    aliases: tuple[str, ...]
    type: str
    status: str
    in_force: Settings
    """As the mail servers are told it."""
    filtermx: str
    quota: int
    """Bytes; 0: none."""
    stored: int
    full: bool
    now: int
    """Seconds."""


def closed(box: MailboxFacts) -> tuple[Step, str] | None:
    """Why the mailbox takes no mail, and what senders are told; None where it does."""
    why = values.closed(box.status, box.in_force)
    if why is None:
        return None
    code, setting = _CLOSED[why]
    answer = values.route_action(box.id, box.status, box.in_force)
    tone = Tone.OPEN if answer.startswith("4") else Tone.BAD
    return Step(code, tone, {"address": box.address}, setting, box.address), answer


def stop(lead: Lead, before: list[Step], box: MailboxFacts, further: tuple[Lead, ...]) -> Stop:
    """The last one of a message to the mailbox: `before` has been gone through, `further` gets it too."""
    steps = [*before]
    shut = closed(box) if lead.via is not Via.ASKED else None
    if shut:
        steps.append(shut[0])
        if lead.forwarded:
            steps.append(Step("returned", Tone.BAD))
            return Stop(lead=lead, steps=tuple(steps), end=End.REFUSED, answer=shut[1], leads=further)
        steps.append(Step("promised", Tone.OPEN, {"source": lead.source}))
    if box.type == "filter" or box.in_force.get("delivery_filter"):
        return _filtered(lead, steps, box, further)
    if box.type == "mailbox":
        steps.append(_room(box))
        if box.full:
            return Stop(lead=lead, steps=tuple(steps), end=End.REFUSED, answer=FULL, leads=further)
    steps.extend(_spam(box))
    return _kept(lead, steps, box, further)


def _filtered(lead: Lead, steps: list[Step], box: MailboxFacts, further: tuple[Lead, ...]) -> Stop:
    domain = box.address.rpartition("@")[2]
    steps.extend(_spam(box))
    if not values.nexthop(box.filtermx):
        steps.append(Step("filter_nowhere", Tone.OPEN, {"domain": domain}, "filtermx", domain))
        return Stop(lead=lead, steps=tuple(steps), end=End.PUT_OFF, answer="450 4.4.4", leads=further)
    steps.append(Step("filter", Tone.GOOD, {"host": box.filtermx}, "filtermx", domain))
    return Stop(lead=lead, steps=tuple(steps), end=End.OUTSIDE, leads=further)


def _room(box: MailboxFacts) -> Step:
    told: dict[str, str | int] = {"stored": box.stored, "quota": box.quota}
    if not box.quota:
        return Step("room_without_limit", Tone.GOOD, told, "quota", box.address)
    if box.full:
        return Step("full", Tone.BAD, told, "quota", box.address)
    return Step("room", Tone.GOOD, told, "quota", box.address)


def _spam(box: MailboxFacts) -> Iterator[Step]:
    settings = {**box.in_force, **live.OF_TYPE.get(box.type, {})}
    if settings.get("reject_spam"):
        yield Step("spam_refused", Tone.PLAIN, {}, "reject_spam", box.address)
    allow, block = (len(values.entries(settings, name)) for name in ("allow", "block"))
    if allow or block:
        yield Step("lists", Tone.PLAIN, {"allow": allow, "block": block}, "allow" if allow else "block", box.address)
    score = spam.threshold(values.text(settings, "spamlevel"))
    if values.text(settings, "filterdelivery") == "quarantine":
        folder = values.text(settings, "spamfolder") or "Spam"
        yield Step("spam_folder", Tone.PLAIN, {"score": score, "folder": folder}, "filterdelivery", box.address)
    else:
        yield Step("spam_marked", Tone.PLAIN, {"score": score}, "filterdelivery", box.address)


def _kept(lead: Lead, steps: list[Step], box: MailboxFacts, further: tuple[Lead, ...]) -> Stop:
    account = Account(box.address, box.aliases, box.type == "forward", box.in_force)
    if account.refuses_strangers:
        steps.append(Step("members_only", Tone.OPEN, {}, "forward_option_restricted", box.address))
    if account.answers:
        steps.append(_answer(box))
    recipients = forwarding.recipients(box.address, box.aliases, box.in_force)
    if recipients:
        code = "copies_on" if account.keeps else "all_on"
        steps.append(Step(code, Tone.GOOD, {"count": len(recipients)}, "delivery_forward", box.address))
    leads = (*further, *(Lead(other, Via.FORWARD, box.address, forwarded=True) for other in recipients))
    if account.keeps:
        steps.extend((Step("kept", Tone.GOOD, {"address": box.address}, "delivery_local", box.address), _reading(box)))
        return Stop(lead=lead, steps=tuple(steps), end=End.DELIVERED, leads=leads)
    if recipients:
        return Stop(lead=lead, steps=tuple(steps), end=End.ONWARD, leads=leads)
    if account.answers and not _end_of_answers(box):
        steps.append(Step("only_answered", Tone.OPEN, {}, "delivery_local", box.address))
        return Stop(lead=lead, steps=tuple(steps), end=End.SWALLOWED, leads=leads)
    steps.append(Step("nobody_left", Tone.BAD, {}, "forward_recipients", box.address))
    return Stop(lead=lead, steps=tuple(steps), end=End.REFUSED, leads=leads)


def _end_of_answers(box: MailboxFacts) -> int:
    return values.number(box.in_force, "autoresponder_option_enddate")


def _answer(box: MailboxFacts) -> Step:
    end = _end_of_answers(box)
    setting = "delivery_autoresponder"
    if not end:
        return Step("answers", Tone.PLAIN, {}, setting, box.address)
    until = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%d %H:%M UTC")
    code = "answers_until" if end > box.now else "answered_until"
    return Step(code, Tone.PLAIN, {"until": until}, setting, box.address)


def _reading(box: MailboxFacts) -> Step:
    ways = [name for service, name in _SERVICES.items() if values.service(box.in_force, service) == "e"]
    if not ways or not values.opens(box.status, box.type):
        setting = "" if ways else "service_imap4"
        return Step("unread", Tone.OPEN, {}, setting, box.address)
    return Step("read_by", Tone.PLAIN, {"ways": ", ".join(ways)}, "", box.address)
