"""When accounts last signed in, as Dovecot's last_login plugin notes it in Redis.

    last_login_dict = redis:host=…:port=…
    last_login_key = last-login/%s/%u          last-login/imap/uma@acme.example = 1700000000

Webmail signs in by IMAP too. To Dovecot it is `webmail` where the query for those who come in by webmail's listener
gives the field `userdb_last_login_key`, which goes before the setting.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from redis import Redis, RedisError

from postroom.drivers.contract import TemporaryFailure

PREFIX: Final = "last-login/"
SERVICES: Final[Mapping[str, str]] = {"imap": "imap4", "pop3": "pop3", "webmail": "webmail"}
"""Dovecot's name → ours. Others are not told about: they have no place in an account's facts."""
MOST: Final = 50_000
"""Keys that one call sees to: some seconds. The next call sees to the others."""

_BATCH = 500
_LATEST = 10**11  # seconds: what is later is no time
# In one step, so that a sign-in between our reading and our deleting is not lost.
_DELETE_UNCHANGED = (
    "for i, key in ipairs(KEYS) do if redis.call('GET', key) == ARGV[i] then redis.call('DEL', key) end end"
)

SignIns = dict[str, dict[str, int]]
"""login → service → milliseconds since 1970."""


def sign_ins(connect: Callable[[], Redis], keep: Callable[[SignIns], None]) -> int:
    """Hand what is new to `keep`, a batch at a time, and forget it once it was kept; how many keys there were.

    `connect` gives a client that decodes responses. Raises TemporaryFailure.
    """
    seen = 0
    try:
        client = connect()
        for keys in _batches(client):
            values = client.mget(keys)
            found = [(key, str(value)) for key, value in zip(keys, values, strict=True) if value is not None]
            told = parse(found)
            if told:
                keep(told)
            if found:
                client.eval(_DELETE_UNCHANGED, len(found), *(key for key, _ in found), *(value for _, value in found))
            seen += len(found)
    except RedisError as error:
        raise TemporaryFailure(f"Redis: {type(error).__name__}") from error
    return seen


def _batches(client: Redis) -> Iterator[list[str]]:
    """At most MOST keys."""
    keys = islice(client.scan_iter(match=f"{PREFIX}*", count=1000), MOST)
    while batch := list(islice(keys, _BATCH)):
        yield batch


def parse(found: list[tuple[str, str]]) -> SignIns:
    """What makes no sense is passed over."""
    told: SignIns = {}
    for key, value in found:
        name, _, login = key.removeprefix(PREFIX).partition("/")
        service = SERVICES.get(name)
        if service and login.isprintable() and value.isdecimal() and value.isascii() and int(value) < _LATEST:
            told.setdefault(login, {})[service] = int(value) * 1000
    return told
