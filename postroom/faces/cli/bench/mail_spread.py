"""A company's change on its way to all of its mailboxes, and a single mailbox's change at the same time.

Two processes of their own, since Django knows one database: `spread` prints how long it took, `single` changes one
mailbox over and over until its standard input is closed and prints how long each change took until it was to be seen.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import msgspec

from postroom.faces.cli.terminal import set_up_django

_PAUSE = 0.2
_FOLDER = "Bench"


class Spread(msgspec.Struct, frozen=True):
    seconds: float
    mailboxes: int
    """That had the new value at the end."""
    singles: int
    p50_ms: float
    """Of a single mailbox's change meanwhile, until the servers' table has it."""
    slowest_ms: float


def measure(environment: Mapping[str, str]) -> Spread:
    command = [sys.executable, "-m", "postroom.faces.cli.bench.mail_spread"]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "single"], env=environment, stdin=pipe, stdout=pipe, text=True) as single:  # noqa: S603 -- our own module
        assert single.stdout is not None
        single.stdout.readline()  # it is ready
        done = subprocess.run([*command, "spread"], env=environment, stdout=pipe, text=True, check=True)  # noqa: S603
        took = sorted(msgspec.json.decode(single.communicate("")[0], type=list[float]))
    seconds, mailboxes = msgspec.json.decode(done.stdout, type=tuple[float, int])
    return Spread(seconds, mailboxes, len(took), took[len(took) // 2], took[-1])


def _spread() -> None:
    from django.db import connection

    from postroom.actions import companies
    from postroom.core.roles import OPERATOR
    from postroom.faces.cli.bench import seed
    from postroom.worker import jobs

    def now() -> int:
        return int(time.time() * 1000)

    begun = time.perf_counter()
    companies.change(OPERATOR, seed.origin_now(), seed.COMPANY, {"spamfolder": _FOLDER})
    while jobs.run_one(now):
        pass
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM mail_login WHERE spam_folder = %s", [_FOLDER])
        print(msgspec.json.encode((seconds, cursor.fetchone()[0])).decode())  # noqa: T201 -- for `measure`


def _single() -> None:
    from django.db import connection

    from postroom.actions import mailboxes
    from postroom.core.roles import OPERATOR
    from postroom.faces.cli.bench import mail_seed, seed

    over = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    took: list[float] = []
    print("ready", flush=True)  # noqa: T201
    while not took or not over.wait(_PAUSE):
        tag, begun = f"[{len(took)}]", time.perf_counter()
        mailboxes.change(OPERATOR, seed.origin_now(), mail_seed.ORDINARY, {"spamtag": tag})
        with connection.cursor() as cursor:
            cursor.execute("SELECT spam_tag FROM mail_login WHERE login = %s", [mail_seed.ORDINARY])
            if cursor.fetchone()[0] != tag:
                raise SystemExit("a change was not to be seen at once")
        took.append((time.perf_counter() - begun) * 1000)
    print(msgspec.json.encode(took).decode())  # noqa: T201


if __name__ == "__main__":
    set_up_django()
    {"spread": _spread, "single": _single}[sys.argv[1]]()
