"""Asking the servers themselves: do they answer what should be? For `postroom drift`."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from redis import Redis

from postroom.core.mail.values import text
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.mailstack import keys

_BATCH = 500
_SECONDS = 15.0
_NO_USER = 67  # sysexits.h


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Of mail.json, what the driver needs."""

    host: str
    hostname: str
    redis_port: int
    doveadm_port: int
    imap_port: int
    pop3_port: int
    submission_port: int
    private: bool
    """Beside others, on loopback and without TLS."""
    resolver: tuple[str, int] | None
    secrets: dict[str, str]
    """Name → file."""
    postfix: Path
    dovecot: Path
    mail: Path
    database: str
    """What Postfix calls its kind: pgsql or sqlite."""

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Facts":
        ports, paths = facts["ports"], facts["paths"]
        return cls(
            host=facts["host"],
            hostname=facts["hostname"],
            redis_port=ports["redis"],
            doveadm_port=ports["doveadm"],
            imap_port=ports["imap"],
            pop3_port=ports["pop3"],
            submission_port=ports["submission"],
            private=facts["private"],
            resolver=(facts["host"], ports["resolver"]) if facts["private"] else None,
            secrets=dict(facts["secrets"]),
            postfix=Path(paths["postfix_conf"]),
            dovecot=Path(paths["dovecot_conf"]),
            mail=Path(paths["mail"]),
            database="sqlite" if facts["database"].get("path") else "pgsql",
        )

    def secret(self, name: str) -> str:
        return Path(self.secrets[name]).read_text().strip()


def disagreements(
    facts: Facts, redis: Redis, wanted: Iterable[DomainRecord | MailboxRecord]
) -> Iterator[tuple[str, str]]:
    records = iter(wanted)
    while batch := list(islice(records, _BATCH)):
        domains = [record for record in batch if isinstance(record, DomainRecord)]
        mailboxes = [record for record in batch if isinstance(record, MailboxRecord)]
        yield from _domains(facts, redis, domains)
        yield from _mailboxes(facts, redis, mailboxes)


def _domains(facts: Facts, redis: Redis, records: Sequence[DomainRecord]) -> Iterator[tuple[str, str]]:
    known = takes_mail(facts, [name for record in records for name in (record.name, *record.aliases)])
    for record in records:
        for name in (record.name, *record.aliases):
            if name not in known:
                yield record.name, f"Postfix does not take mail for {name}"
        yield from signing(redis, record)


def takes_mail(facts: Facts, names: Sequence[str], seconds: float = _SECONDS) -> set[str]:
    """Those that Postfix knows, also where it puts mail off."""
    asked = {f"postmaster@{name}": name for name in names}
    return {asked[address] for address in postmap(facts, "ours", list(asked), seconds)}


def signing(redis: Redis, record: DomainRecord) -> Iterator[tuple[str, str]]:
    wanted = text(record.settings, "dkim_selector"), text(record.settings, "dkim_key")
    for name in (record.name, *record.aliases):
        if keys.dkim(redis, name) != wanted:
            yield record.name, f"Rspamd has another signing key for {name}"


def _mailboxes(facts: Facts, redis: Redis, records: Sequence[MailboxRecord]) -> Iterator[tuple[str, str]]:
    addresses = [address for record in records for address in (record.address, *record.aliases)]
    delivered, homes = postmap(facts, "alias", addresses), users(facts, [r.address for r in records])
    for record in records:
        for address in (record.address, *record.aliases):
            if record.active and record.address not in delivered.get(address, "").split(","):
                yield record.address, f"Postfix delivers {address} to {delivered.get(address) or 'nobody'}"
        home = homes.get(record.address)
        if home is None or Path(home).name != str(record.key):
            yield record.address, f"Dovecot keeps its mail in {home or 'no place'}"
        if keys.found_policy(redis, record.key) != keys.policy(record):
            yield record.address, "Rspamd has another policy for spam at the door"


def postmap(facts: Facts, table: str, asked: Sequence[str], seconds: float = _SECONDS) -> dict[str, str]:
    """What Postfix's own look-up gives: key → value."""
    if not asked:
        return {}
    map = f"{facts.database}:{facts.postfix}/maps/{table}.cf"
    lines = _run(["postmap", "-c", str(facts.postfix), "-q", "-", map], "\n".join(asked), fails_with=1, seconds=seconds)
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def users(facts: Facts, asked: Sequence[str]) -> dict[str, str]:
    """What Dovecot's own look-up gives: address → home."""
    if not asked:
        return {}
    command = ["doveadm", "-c", str(facts.dovecot), "user", "-e", "%{user}\t%{home}", "--", *asked]
    return dict(line.split("\t", 1) for line in _run(command, "", fails_with=_NO_USER) if "\t" in line)


def homes(facts: Facts) -> Iterator[tuple[int, Path]]:
    """Whose mail there is: the mailbox's key and the folder."""
    for home in sorted(facts.mail.glob("*/*")):
        if home.name.isdecimal() and home.parent.name == str(int(home.name) % 1000):
            yield int(home.name), home


def _run(command: list[str], given: str, *, fails_with: int = 0, seconds: float = _SECONDS) -> list[str]:
    """`fails_with`: a code that only says that something was not found."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own command; keys go in by standard input
            command, input=given, capture_output=True, text=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TemporaryFailure(f"{command[0]} cannot be asked: {error}") from error
    if done.returncode not in (0, fails_with):
        raise TemporaryFailure(f"{command[0]} answers: {done.stderr.strip()[:300]}")
    return done.stdout.splitlines()
