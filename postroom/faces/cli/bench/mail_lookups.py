"""What one look-up takes in a small and in a large database: Postfix's by postmap, Dovecot's by doveadm."""

import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from postroom.faces.cli.bench import mail_stacks
from postroom.faces.cli.bench.mail_stacks import Size, Stack
from postroom.faces.cli.bench.script import address, domain_name

_OF_DOVECOT: Final = {"room": "quota-status", "userdb": "lmtp"}
"""And the service that asks."""
TABLES: Final = ("known", "access", "alias", "domains", *_OF_DOVECOT)
_A_CALL: Final = 500
"""Look-ups of one process that asks Dovecot: their number is what a command line holds."""


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """One sample."""

    round: int
    table: str
    mailboxes: int
    microseconds: float
    processor_microseconds: float
    """Of the program that asks, Dovecot and PostgreSQL."""


def measure(
    stacks: Sequence[tuple[Stack, Size]], rounds: int, number: int, tell: Callable[[str], None]
) -> Iterator[LookUp]:
    tell("Warming up")
    for table in TABLES:
        for stack, size in stacks:
            _sample(stack, size, table, number)  # what every look-up needs is in memory then
    for round in range(rounds):
        for table in TABLES:
            for stack, size in random.sample(list(stacks), len(stacks)):
                mailboxes = size.domains * size.mailboxes_each
                tell(f"Round {round + 1}: {table} of {mailboxes} mailboxes")
                none, some = _sample(stack, size, table, 1), _sample(stack, size, table, number)
                each = [(b - a) * 1e6 / max(1, number - 1) for a, b in zip(none, some, strict=True)]
                yield LookUp(
                    round=round, table=table, mailboxes=mailboxes, microseconds=each[0], processor_microseconds=each[1]
                )


def _sample(stack: Stack, size: Size, table: str, number: int) -> tuple[float, float]:
    """Seconds, and processor seconds, of so many random look-ups and the start of what asks."""
    keys = [_key(size, table) for _ in range(number)]
    before, begun = _spent(stack), time.perf_counter()
    if service := _OF_DOVECOT.get(table):
        for first in range(0, number, _A_CALL):
            mail_stacks.users(stack, keys[first : first + _A_CALL], service)
    else:
        mail_stacks.asked(stack, table, keys)
    return time.perf_counter() - begun, _spent(stack) - before


def _key(size: Size, table: str) -> str:
    n, m = random.randrange(size.domains), random.randrange(size.mailboxes_each)  # noqa: S311
    return domain_name(n) if table == "domains" else address(n, m)


def _spent(stack: Stack) -> float:
    asking = resource.getrusage(resource.RUSAGE_CHILDREN)
    servers = stack.processor_seconds()
    return asking.ru_utime + asking.ru_stime + servers["dovecot"] + servers["postgresql"]
