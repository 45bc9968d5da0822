"""What a mailbox was allowed when its servers were told last: so that live sessions end when something was taken away.

Kept in Redis. Where it is not known, sessions are ended: rather once too often.
"""

import hashlib

import msgspec
from redis import Redis

from postroom.core.records import MailboxRecord

_SERVICES = (
    "service_imap4", "service_pop3", "service_webmail", "service_smtprelay", "service_smtprelay_webmail",
)  # fmt: skip


class Rights(msgspec.Struct, frozen=True):
    credentials: frozenset[str]
    """What opens it, and where: digests."""
    services: frozenset[str]


def of(record: MailboxRecord) -> Rights:
    if not record.active or record.type == "forward":
        return Rights(frozenset(), frozenset())
    password = record.password_id or record.password_hash
    opening = {f"{'webmail' if record.app_password_hashes else 'any'} {password}"} if password else set()
    opening |= {f"programs {stored}" for stored in record.app_password_hashes}
    open_ones = {name for name in _SERVICES if record.settings.get(name, "enabled") == "enabled"}
    return Rights(frozenset(map(_digest, opening)), frozenset(open_ones))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def were_reduced(redis: Redis, record: MailboxRecord) -> bool:
    told = redis.get(_key(record.key))
    try:
        before = msgspec.json.decode(told or b"", type=Rights)
    except msgspec.DecodeError:  # nothing, or written by an older Postroom
        return True
    now = of(record)
    return not (before.credentials <= now.credentials and before.services <= now.services)


def remember(redis: Redis, record: MailboxRecord) -> None:
    redis.set(_key(record.key), msgspec.json.encode(of(record)).decode())


def forget(redis: Redis, key: int) -> None:
    redis.delete(_key(key))


def _key(key: int) -> str:
    return f"postroom:rights:{key}"
