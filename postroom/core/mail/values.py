"""What the mail servers' tables say (docs/mailstack.md), from states and settings in force."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level, Settings, Value
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.mail import spam
from postroom.core.passwords import schemes

EXIT_DOMAIN = "exit.postroom.internal"
"""Only our own Sieve scripts send there: to forward recipients, and on to the servers of filter accounts."""


class Inherited(msgspec.Struct, frozen=True, kw_only=True):
    """What the mailboxes of a domain take from it, as `mail_login` has it: one for all of them."""

    stars: str
    spam_tag: str
    spam_header: str
    spam_folder: str
    spam_delivery: str
    sent_limit: int
    rehash_to: str
    """The scheme as Dovecot is told it; empty: passwords stay as they are."""


def inherited(settings: Settings) -> Inherited:
    """`settings` hold every live attribute: those in force for a domain, or for a mailbox."""
    scheme = schemes.dovecot_name(text(settings, "default_password_encoding"))
    return Inherited(
        stars=spam.stars(text(settings, "spamlevel")),
        spam_tag=text(settings, "spamtag"),
        spam_header=text(settings, "spamheader"),
        spam_folder=text(settings, "spamfolder"),
        spam_delivery=text(settings, "filterdelivery"),
        sent_limit=number(settings, "smtp_sent_limit"),
        rehash_to=scheme if settings.get("regen_passwords") else "",
    )


def domain_action(name: str, status: str, *, switched_off: bool, serves: bool) -> str:
    """The answer to every recipient in the domain; empty while mail is taken."""
    if switched_off or status == DomainState.DISABLED:
        return f"550 5.2.1 {name} is switched off"
    return "" if serves else f"450 4.2.1 {name} is not in service yet"


class Closed(StrEnum):
    """Why a mailbox takes no mail."""

    DISABLED = "disabled"
    FAILED = "failed"
    SUSPENDED = "suspended"
    TAKES_NONE = "takes_none"


_ANSWERS: Final[Mapping[Closed, str]] = {
    Closed.DISABLED: "550 5.2.1 The mailbox is disabled",
    Closed.FAILED: "450 4.2.1 The mailbox is not in service yet",
    Closed.SUSPENDED: "450 4.2.1 The mailbox is suspended",
    Closed.TAKES_NONE: "550 5.2.1 The mailbox takes no mail",
}


def closed(status: str, settings: Settings) -> Closed | None:
    """A mailbox that waits is covered by its domain."""
    if status == MailboxState.DISABLED:
        return Closed.DISABLED
    if status == MailboxState.FAILED:
        return Closed.FAILED
    service = settings.get("service_smtpin", "enabled")
    if service == "suspended":
        return Closed.SUSPENDED
    return Closed.TAKES_NONE if service == "disabled" else None


def route_action(mailbox_id: int, status: str, settings: Settings) -> str:
    """What to do with mail to one address; empty: take it."""
    why = closed(status, settings)
    if why:
        return _ANSWERS[why]
    return f"PREPEND X-Postroom-Reject: {mailbox_id}" if settings.get("reject_spam") else ""


def route(login: str, action: str, further: Sequence[str]) -> tuple[str, str]:
    """(what to answer, where mail goes) for an address of a mailbox which may be an alias of its domain's, too.

    Then a mailbox that takes no mail for good is left out; one that takes none for now holds it back for all.
    """
    if not further:
        return action, login
    if action.startswith("5"):
        return "", ",".join(further)
    return action, ",".join([login, *(address for address in further if address != login)])


def opens(status: str, type: str) -> bool:
    """Can somebody sign in to such a mailbox? One that only forwards holds no mail; a filter's holds its spam."""
    return status in (MailboxState.ENABLED, MailboxState.PENDING) and type != "forward"


def hashes(password: str, app_passwords: Sequence[str]) -> str:
    """Where there are app passwords mail programs use them instead, webmail does not (oma.md section 5.5): a hash after
    `webmail=` or `programs=` holds there only.
    """
    own = schemes.for_dovecot(password) if password else ""
    if not app_passwords:
        return own
    marked = [f"programs={schemes.for_dovecot(stored)}" for stored in app_passwords]
    return " ".join([f"webmail={own}", *marked] if own else marked)


NEVER_FULL = -1
"""In place of a quota, whatever the domain's ceiling: mail passes through such accounts, or by them, and must not be
refused for what was stored before, or for spam that they keep aside."""


def own_quota(type: str, settings: Settings, *, threshold: int) -> int:
    """Bytes; 0: no limit of its own; or NEVER_FULL."""
    if type != "mailbox":
        return NEVER_FULL
    written = settings.get("quota")
    return catalogue.to_bytes(written, level=Level.MAILBOX, threshold=threshold) if isinstance(written, int) else 0


def quota_ceiling(domain_settings: Settings) -> int:
    """Bytes that no mailbox of the domain may exceed; 0: none."""
    megabytes = domain_settings.get("quota_maximum")
    return megabytes * catalogue.MEGABYTE if isinstance(megabytes, int) else 0


def capped(quota: int, ceiling: int) -> int:
    if quota == NEVER_FULL:
        return 0
    return ceiling if ceiling and (not quota or quota > ceiling) else quota


def have_lists(*chain: Settings) -> bool:
    """Does any of these levels allow or block senders?"""
    return any(settings.get(name) for settings in chain for name in ("allow", "block"))


def nexthop(filtermx: Value) -> str:
    """Postfix's way to the server behind a filter account; empty while the domain names none."""
    if not isinstance(filtermx, str) or not filtermx:
        return ""
    host, port = _host_and_port(filtermx)
    # Postfix has its own way to write an IPv6 address; brackets around a name mean "do not look for its MX".
    inner = f"ipv6:{host}" if ":" in host else host
    return f"filterout:[{inner}]:{port}"


def _host_and_port(written: str) -> tuple[str, str]:
    if written.startswith("["):
        host, _, rest = written[1:].partition("]")
        return host, rest.removeprefix(":") or "25"
    host, _, port = written.partition(":")
    return host, port or "25"


def service(settings: Settings, name: str) -> str:
    """e, d or s."""
    return text(settings, name)[:1] or "e"


def text(settings: Settings, name: str) -> str:
    value = settings.get(name)
    return value if isinstance(value, str) else ""


def number(settings: Settings, name: str) -> int:
    value = settings.get(name)
    return value if isinstance(value, int) else 0


def entries(settings: Settings, name: str) -> list[str]:
    value = settings.get(name)
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []
