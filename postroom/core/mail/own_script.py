"""What one account wants done with its mail, as the Sieve script `own` (docs/mailstack.md): answer, forward, keep.

Runs behind spam.sieve, so what that marked is forwarded as it was marked; the user's own rules run behind this one,
on whatever it leaves to be kept.
"""

import hashlib
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from postroom.core.catalogue.attribute import Settings
from postroom.core.mail import forwarding, sieve
from postroom.core.mail.values import EXIT_DOMAIN, number, text

_HOUR = 3600
_LONGEST_LINE = 240
"""Characters, so less than the 998 octets that SMTP takes (RFC 5322 section 2.1.1)."""

_SPAM = 'hasflag "$Junk"'
_FORWARDS_TO_NOBODY = "This address forwards its mail, but at present there is nobody to forward it to."
_FOR_MEMBERS_ONLY = "Only those whom this address forwards to can write to it."
_COMES_BACK = "This address forwards its mail, but what it forwards comes back to it."


def fan_out(address: str, aliases: Sequence[str], settings: Settings) -> str:
    """What `mail_exit` has for `f<id>@…`: everybody that mail is forwarded to, with commas between."""
    return ",".join(forwarding.recipients(address, aliases, settings))


def script(*, mailbox_id: int, address: str, aliases: Sequence[str], type: str, settings: Settings) -> str:
    """Empty where mail is only kept."""
    if type == "filter" or settings.get("delivery_filter"):
        return f'redirect "x{mailbox_id}@{EXIT_DOMAIN}";\n'
    account = Account(address, aliases, type == "forward", settings)
    written = sieve.Script()
    if account.only_forwards and account.forwards:
        # Pigeonhole would keep it instead, where nobody can read it.
        came_back = f'header :is "X-Sieve-Redirected-From" {sieve.quoted(address)}'
        written.add(f"if {came_back} {{ {_refusal(_COMES_BACK)} stop; }}", "imap4flags", "reject")
    if account.refuses_strangers:
        members = forwarding.sent_by_a_member(settings)
        written.add(f"if not {members} {{ {_refusal(_FOR_MEMBERS_ONLY)} stop; }}", "envelope", "imap4flags", "reject")
    if account.answers:
        _answer(written, account)
    if account.forwards:
        forwarding.write(written, f"f{mailbox_id}@{EXIT_DOMAIN}", settings, _kept(account))
    elif not account.keeps:
        _end_without_a_copy(written, account)
    return written.text()


@dataclass(frozen=True)
class Account:
    """What it wants, which explanations tell as well."""

    address: str
    aliases: Sequence[str]
    only_forwards: bool
    settings: Settings

    @property
    def forwards(self) -> bool:
        return bool(forwarding.recipients(self.address, self.aliases, self.settings))

    @property
    def answers(self) -> bool:
        return bool(self.settings.get("delivery_autoresponder") and text(self.settings, "autoresponder"))

    @property
    def keeps(self) -> bool:
        """A mailbox that forwards to itself keeps; so does one whose mail would otherwise be lost without a word."""
        if self.only_forwards:
            return False
        to_itself = forwarding.names_itself(self.address, self.aliases, self.settings)
        return bool(self.settings.get("delivery_local")) or to_itself or not (self.forwards or self.answers)

    @property
    def refuses_strangers(self) -> bool:
        return self.forwards and not self.keeps and bool(self.settings.get("forward_option_restricted"))


def _kept(account: Account) -> forwarding.Kept:
    if not account.keeps:
        return forwarding.Kept.NOT_AT_ALL
    return forwarding.Kept.AFTER_AN_ANSWER if account.answers else forwarding.Kept.ONLY


def _refusal(why: str) -> str:
    """Nobody is told that spam was refused: its sender is someone else than it says."""
    return f"if {_SPAM} {{ discard; }} else {{ reject {sieve.quoted(why)}; }}"


def _answer(written: sieve.Script, account: Account) -> None:
    # The servers themselves do not answer lists, programs and bounces.
    conditions = [f"not {_SPAM}", _names(account), *_not_ended(account.settings)]
    seconds = number(account.settings, "autoresponder_option_interval") * _HOUR
    wrapped = _wrapped(text(account.settings, "autoresponder"))
    # A new text is a new answer, for those too who got the old one a minute ago. So is a new interval: Pigeonhole has
    # noted whom not to answer until the end of the old one.
    handle = hashlib.sha256(f"{seconds} {wrapped}".encode()).hexdigest()[:16]
    needs = ["imap4flags", "subaddress", "vacation", "vacation-seconds"]
    needs += ["date", "relational"] if len(conditions) > 2 else []
    written.add(f"if allof({', '.join(conditions)}) {{", *needs)
    written.add(f"vacation :seconds {seconds} :from {sieve.quoted(account.address)} :handle {sieve.quoted(handle)}")
    if account.aliases:
        written.add(f":addresses {sieve.one_of(account.aliases)}")  # nobody answers oneself
    written.add(f"{sieve.quoted(wrapped)};\n}}")


def _names(account: Account) -> str:
    """Is the message for this account by name? Only such mail is answered: not what came by Bcc or a catch-all.

    In place of vacation's own test, which would have to know every alias domain: whatever the domain, the message has
    come here."""
    local_parts = [own.rpartition("@")[0].partition("+")[0] for own in (account.address, *account.aliases)]
    return f'address :user ["to", "cc", "resent-to", "resent-cc"] {sieve.one_of(dict.fromkeys(local_parts))}'


def _not_ended(settings: Settings) -> list[str]:
    end = settings.get("autoresponder_option_enddate")
    if not isinstance(end, int) or not end:
        return []
    # Of two such texts the earlier time is the smaller one. Both are in UTC, so the zone can be left out of ours.
    written = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return [f'currentdate :zone "+0000" :value "lt" "iso8601" {sieve.quoted(written)}']


def _end_without_a_copy(written: sieve.Script, account: Account) -> None:
    """Behind an answer that is all the sender gets, or with nobody to forward to."""
    ended = _not_ended(account.settings)
    if account.answers and ended:
        written.add(f"if {ended[0]} {{ discard; stop; }}")
    if account.answers and not ended:
        written.add("discard;")
    else:
        written.add(_refusal(_FORWARDS_TO_NOBODY), "imap4flags", "reject")


def _wrapped(answer: str) -> str:
    return "\n".join(part for line in answer.split("\n") for part in _parts(line))


def _parts(line: str) -> list[str]:
    if len(line) <= _LONGEST_LINE:
        return [line]
    parts = textwrap.wrap(line, _LONGEST_LINE, expand_tabs=False, replace_whitespace=False, break_on_hyphens=False)
    return parts or [""]
