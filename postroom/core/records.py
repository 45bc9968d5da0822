"""Frozen records that all sides pass. Rows never leave `store` and `actions`; these do."""

from datetime import datetime

import msgspec

from postroom.core.catalogue.attribute import Settings


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How a request reached us: kept with every history entry."""

    face: str
    """oma, rest, dimail, web, cli or worker."""
    application: str
    """The program that asked, in its own words; the face's name if it did not say."""
    request_id: str
    at: datetime
    network_address: str = ""


class AliasRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a domain that leads to several others (docs/decisions/017-aliases.md)."""

    local_part: str
    destinations: tuple[str, ...]
    """Full addresses, in order; those at `devnull` and `localhost` swallow."""


class DomainRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail platform must know about a domain. `settings` are the effective values."""

    key: int
    """Our identity of the domain: survives a new name."""
    name: str
    aliases: tuple[str, ...] = ()
    """Other names of the domain."""
    own_aliases: tuple[AliasRecord, ...] = ()
    """By local part. A mailbox that has the name of one gets the mail, too."""
    context_key: int = 0
    context_name: str = ""
    """Of the directory that it shares with others of the same key; 0: the platform is not to know."""
    active: bool
    """False while disabled or not yet proven: no mail in, no sign-in, no mail out."""
    settings: Settings

    def __repr__(self) -> str:
        """Without the settings, where the DKIM key is: records end up in logs."""
        return f"DomainRecord({self.key}, {self.name!r}, active={self.active})"


class MailboxRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail platform must know about a mailbox. `settings` are the effective values."""

    key: int
    """Our identity of the mailbox: survives a rename."""
    address: str
    type: str
    """mailbox, forward or filter."""
    aliases: tuple[str, ...] = ()
    """Full addresses."""
    active: bool
    first_name: str = ""
    last_name: str = ""
    """Of its holder, as somebody typed them; both are empty where nobody did, or it is no person's."""
    password_hash: str = ""
    """`{TYPE}…`; empty: no password, nobody can sign in."""
    password_id: str = ""
    """Says nothing about the password, but stays the same while that is only stored anew in another encoding."""
    app_password_hashes: tuple[str, ...] = ()
    """Where there are any, mail programs sign in with these instead."""
    settings: Settings

    def __repr__(self) -> str:
        """Without the hash: records end up in logs."""
        return f"MailboxRecord({self.key}, {self.address!r}, {self.type}, active={self.active})"
