"""The driver of our own Postfix, Dovecot and Rspamd.

Nearly everything they obey is in tables that they read by themselves. What is left to tell them: keys in Redis, and
that somebody's live sessions are to end.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import redis

from postroom.core.devices.servers import Security, Server, Servers, usual
from postroom.core.dns.records import DnsRecord
from postroom.core.dns.report import CheckReport
from postroom.core.plan import (
    ALL_ATTRIBUTES,
    Abilities,
    Change,
    Conflict,
    Put,
    PutDomain,
    PutMailbox,
    Removal,
    RemoveDomain,
    RemoveMailbox,
)
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.dns import where
from postroom.drivers.mailstack import audit, domain_tests, keys, rights, sign_ins
from postroom.drivers.mailstack.doveadm import Doveadm
from postroom.drivers.mailstack.stored_mail import DovecotMail

_TIMEOUT = 5.0
_SOON = 1.0
_AT_ONCE = 500

Answer = TypeVar("Answer")


class MailStack:
    def __init__(self, facts: Mapping[str, object], settings: Mapping[str, object] | None = None) -> None:
        """`facts`: what `postroom mail up` wrote to mail.json. `settings`: the platform's, of which `dns` is read."""
        self._facts = audit.Facts.read(facts)
        self._dns = where.read(settings or {}, private=self._facts.resolver)

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> "MailStack":
        """`dir`: where `postroom mail up` or `mail config` has left mail.json; `dns`: docs/dns.md.

        Raises PermanentFailure for what makes no sense."""
        dir = settings.get("dir")
        if not isinstance(dir, str) or not dir:
            raise PermanentFailure('The settings of a mailstack platform need "dir", the directory of its mail.json')
        path = Path(dir) / "mail.json"
        try:
            return cls(json.loads(path.read_text()), settings)
        except OSError as error:
            raise TemporaryFailure(f"{path} cannot be read ({error.strerror}): is the mail stack set up?") from error
        except (ValueError, KeyError) as error:
            raise PermanentFailure(f"{path} is not what `postroom mail` writes: {error}") from error

    @property
    def abilities(self) -> Abilities:
        return ALL_ATTRIBUTES

    @property
    def observing(self) -> None:
        return None

    @property
    def remote(self) -> None:
        return None

    @property
    def credentials(self) -> None:
        return None

    @property
    def reading(self) -> "MailStack":
        return self

    @cached_property
    def stored_mail(self) -> DovecotMail:
        return DovecotMail(self._doveadm)

    @cached_property
    def _doveadm(self) -> Doveadm:
        return Doveadm(self._facts.doveadm_port, self._facts.secret("doveadm"), host=self._facts.host)

    @cached_property
    def _redis(self) -> redis.Redis:
        return redis.Redis(
            host=self._facts.host,
            port=self._facts.redis_port,
            password=self._facts.secret("redis"),
            decode_responses=True,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
        )

    def apply(self, change: Change) -> None:
        if isinstance(change, Conflict):
            raise PermanentFailure(change.reason)
        told = change  # narrowed for good
        self._with_redis(lambda: self._apply(told))

    def _apply(self, change: Put | Removal) -> None:
        match change:
            case PutDomain(record=record):
                keys.put_domain(self._redis, record)
                if not record.active:
                    self.stored_mail.kick_domain(record.name)
            case RemoveDomain(name=name, key=key):
                if key is not None:
                    keys.remove_domain(self._redis, key)
                self.stored_mail.kick_domain(name)
            case PutMailbox(record=mailbox, was=was):
                self._put_mailbox(mailbox, was)
            case RemoveMailbox(address=address, key=key):
                self._kick(address)
                if key is not None:
                    keys.remove_mailbox(self._redis, key)
                    rights.forget(self._redis, key)

    def _put_mailbox(self, record: MailboxRecord, was: str | None) -> None:
        """A mailbox that was never told about has lost nothing, and perhaps somebody is signed in already."""
        keys.put_mailbox(self._redis, record)
        if was and (was != record.address or rights.were_reduced(self._redis, record)):
            for address in {was, record.address}:
                self._kick(address)
        rights.remember(self._redis, record)

    def _kick(self, address: str) -> None:
        self.stored_mail.kick(address)

    def is_filled(self) -> bool:
        return self._with_redis(lambda: bool(self._redis.exists(keys.FILLED)))

    def fill(self, changes: Iterable[Change]) -> None:
        def work() -> None:
            self._redis.delete(keys.FILLED)
            for change in changes:
                if isinstance(change, PutDomain):
                    keys.put_domain(self._redis, change.record)
                elif isinstance(change, PutMailbox):
                    keys.put_mailbox(self._redis, change.record)
                    rights.remember(self._redis, change.record)
            self._redis.set(keys.FILLED, "1")

        self._with_redis(work)

    def erase(self, mailboxes: Iterable[int]) -> None:
        for key in mailboxes:
            home = self._facts.mail / str(key % 1000) / str(key)
            try:
                shutil.rmtree(home)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise TemporaryFailure(f"{home} cannot be removed: {error.strerror}") from error

    def sign_ins(self, keep: Callable[[sign_ins.SignIns], None]) -> int:
        """Hands those that are new to `keep`, and forgets them; how many there were."""
        return sign_ins.sign_ins(lambda: self._redis, keep)

    def kept_mail(self) -> Iterator[tuple[int, str]]:
        return ((key, str(home)) for key, home in audit.homes(self._facts))

    def disagreements(self, wanted: Iterable[DomainRecord | MailboxRecord]) -> Iterator[tuple[str, str]]:
        try:
            yield from audit.disagreements(self._facts, self._redis, wanted)
        except redis.RedisError as error:
            raise self._redis_failed(error) from error

    def check_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        return domain_tests.check(self._facts, self._redis, self._dns, record, ownership)

    def fix_domain(self, record: DomainRecord, ownership: str = "") -> CheckReport:
        self._with_redis(lambda: domain_tests.repair(self._redis, record))
        return self.check_domain(record, ownership)

    def wanted_dns(self, record: DomainRecord, ownership: str = "") -> list[DnsRecord]:
        return domain_tests.expectations(self._facts.hostname, self._dns, record, ownership).records()

    def mail_servers(self, domain: str) -> Servers:
        facts, named = self._facts, self._dns.cnames
        if not facts.private:
            host = facts.hostname.rstrip(".").lower()
            return usual(incoming=named.get("imap", host), outgoing=named.get("smtp", host))
        return Servers(
            imap=Server(host=facts.host, port=facts.imap_port, security=Security.NONE),
            pop3=Server(host=facts.host, port=facts.pop3_port, security=Security.NONE),
            smtp=Server(host=facts.host, port=facts.submission_port, security=Security.NONE),
        )

    def close(self) -> None:
        if "_redis" in self.__dict__:
            self._redis.close()

    def _with_redis(self, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except redis.RedisError as error:
            raise self._redis_failed(error) from error

    @staticmethod
    def _redis_failed(error: redis.RedisError) -> TemporaryFailure:
        return TemporaryFailure(f"Redis does not answer as it should: {error}", retry_in=_SOON)
