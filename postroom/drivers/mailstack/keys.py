"""What Rspamd reads in Redis (docs/mailstack.md): DKIM keys, and the policies of those who refuse spam at the door.

Everything here can be made anew from the database. `postroom:filled` says that it was.
"""

import json
from collections.abc import Mapping
from typing import Final

from redis import Redis
from redis.client import Pipeline

from postroom.core.mail import lists, spam
from postroom.core.mail.values import entries, text
from postroom.core.records import DomainRecord, MailboxRecord

FILLED: Final = "postroom:filled"
SELECTORS: Final = "DKIM_SELECTORS"
KEYS: Final = "DKIM_KEYS"


def _published(key: int) -> str:
    """Which fields of the shared hashes are this domain's: so that they can be taken out again."""
    return f"postroom:dkim:{key}"


def _policy(key: int) -> str:
    return f"reject:{key}"


def put_domain(redis: Redis, record: DomainRecord) -> None:
    """The signing key under every name of the domain, in one step, and nothing that was there before."""
    selector, private_key = text(record.settings, "dkim_selector"), text(record.settings, "dkim_key")
    names = (record.name, *record.aliases) if selector and private_key else ()
    before = redis.get(_published(record.key))
    with redis.pipeline(transaction=True) as pipe:
        _withdraw(pipe, before)
        for name in names:
            pipe.hset(SELECTORS, name, selector)
            pipe.hset(KEYS, f"{selector}.{name}", private_key)
        if names:
            pipe.set(_published(record.key), json.dumps([selector, *names]))
        else:
            pipe.delete(_published(record.key))
        pipe.execute()


def remove_domain(redis: Redis, key: int) -> None:
    before = redis.get(_published(key))
    with redis.pipeline(transaction=True) as pipe:
        _withdraw(pipe, before)
        pipe.delete(_published(key))
        pipe.execute()


def _withdraw(pipe: Pipeline, before: str | bytes | None) -> None:
    if not before:
        return
    selector, *names = json.loads(before)
    pipe.hdel(SELECTORS, *names)
    pipe.hdel(KEYS, *(f"{selector}.{name}" for name in names))


def dkim(redis: Redis, name: str) -> tuple[str, str]:
    """(selector, private key) that mail from the name is signed with; empty where it is not."""
    selector = str(redis.hget(SELECTORS, name) or "")
    return selector, str(redis.hget(KEYS, f"{selector}.{name}") or "") if selector else ""


def policy(record: MailboxRecord) -> Mapping[str, str]:
    """Empty unless the mailbox refuses spam at the door."""
    if not record.settings.get("reject_spam"):
        return {}
    allow, block = entries(record.settings, "allow"), entries(record.settings, "block")
    threshold = spam.threshold(text(record.settings, "spamlevel"))
    return {"stars": str(threshold), **lists.redis_fields(allow, block)}


def put_mailbox(redis: Redis, record: MailboxRecord) -> None:
    wanted = policy(record)
    with redis.pipeline(transaction=True) as pipe:
        pipe.delete(_policy(record.key))
        for field, value in wanted.items():
            pipe.hset(_policy(record.key), field, value)
        pipe.execute()


def remove_mailbox(redis: Redis, key: int) -> None:
    redis.delete(_policy(key))


def found_policy(redis: Redis, key: int) -> dict[str, str]:
    return {str(field): str(value) for field, value in redis.hgetall(_policy(key)).items()}
