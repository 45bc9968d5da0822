"""Sign-ins a second over IMAP, by how the passwords are stored, beside what the cores could verify at best."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from socket import create_connection
from typing import Final

import msgspec

from postroom.core.passwords import schemes
from postroom.faces.cli.bench.mail_load import HOST
from postroom.faces.cli.bench.mail_stacks import Size, Stack
from postroom.faces.cli.bench.script import PASSWORD, address

ENCODINGS: Final = ("SSHA512", "BCRYPT", "SHA512-CRYPT", "ARGON2ID")
"""The mailboxes of domain 0 have a password stored in the first of them, and so on; all others as a new one is."""
CONNECTIONS: Final = 6


class SignIns(msgspec.Struct, frozen=True, kw_only=True):
    """One sample."""

    round: int
    encoding: str
    a_second: float
    possible: float
    """Verifications a second, one process a core and nothing else."""
    processor_ms: float
    """A sign-in, of Dovecot and PostgreSQL."""
    hash_ms: float
    """Of that, the verification alone needs so much."""
    refused: int


def hashes() -> Mapping[str, str]:
    """Encoding → the password as `mail_login` holds it, made as hard as new ones are."""
    return {name: schemes.for_dovecot(schemes.encode(PASSWORD, name)) for name in ENCODINGS}


def measure(stack: Stack, size: Size, rounds: int, seconds: float, tell: Callable[[str], None]) -> Iterator[SignIns]:
    stored = hashes()
    for number in range(-1, rounds):
        for n, encoding in enumerate(ENCODINGS):
            tell(f"Round {number + 1}: sign-ins by {encoding}" if number >= 0 else "Warming up")
            possible, hash_ms = _possible(stored[encoding], seconds if number >= 0 else 0.1)
            logins = [address(n, m) for m in range(size.mailboxes_each)]
            before = stack.processor_seconds()
            done, refused, took = _keep_signing_in(stack.layout.ports.imap, logins, seconds if number >= 0 else 0.1)
            after = stack.processor_seconds()
            spent = sum(after[name] - before[name] for name in ("dovecot", "postgresql"))
            if number >= 0:
                yield SignIns(
                    round=number, encoding=encoding, a_second=done / took, possible=possible,
                    processor_ms=spent * 1000 / max(1, done), hash_ms=hash_ms, refused=refused,
                )  # fmt: skip


def _possible(stored: str, seconds: float) -> tuple[float, float]:
    """Verifications a second, and the processor time of one."""
    command = [sys.executable, "-m", "postroom.faces.cli.bench.mail_hashing", str(seconds), stored, PASSWORD]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own module
        for _ in range(os.cpu_count() or 1)
    ]
    told = [[float(word) for word in process.communicate()[0].split()] for process in started]
    return sum(rate for rate, _ in told), sum(milliseconds for _, milliseconds in told) / len(told)


def _keep_signing_in(port: int, logins: list[str], seconds: float) -> tuple[int, int, float]:
    """How many got in, how many were refused, and in how many seconds."""
    begun = time.perf_counter()
    results: list[bool] = []

    def run(first: int) -> None:
        n = first
        while time.perf_counter() - begun < seconds:
            results.append(_signs_in(port, logins[n % len(logins)]))
            n += CONNECTIONS

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(results), results.count(False), time.perf_counter() - begun


def _signs_in(port: int, login: str) -> bool:
    with suppress(OSError), create_connection((HOST, port), timeout=60) as connection:
        connection.recv(4096)
        connection.sendall(f'a LOGIN "{login}" "{PASSWORD}"\r\n'.encode())
        answer = b""
        while not (b"\r\na " in answer or answer.startswith(b"a ")) or not answer.endswith(b"\r\n"):
            piece = connection.recv(65536)
            if not piece:
                return False
            answer += piece
        connection.sendall(b"b LOGOUT\r\n")
        while connection.recv(4096):
            pass
        return b"a OK" in answer
    return False
