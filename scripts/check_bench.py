"""How long the worker takes to check many domains: our own doctor, threads as the worker has them, a DNS on loopback.

    python scripts/check_bench.py [--domains 1000] [--threads 16] [--slow 0] [--dead 0]

--slow: so many of a hundred name servers take 0.4 seconds for each answer; --dead: so many never answer.
On a database of its own: SQLite, or an empty PostgreSQL database where DATABASE_URL names one.
"""
# ruff: noqa: S603  what is run is written here

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ZONES = 20
MX, SPF = "mx.acme.example", "include:_spf.acme.example"
SERVERS = 100  # addresses from 127.1.0.1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def name(number: int) -> str:
    return f"d{number}.z{number % ZONES}.example"


def zones(domains: int) -> dict[str, list[str]]:
    """Every domain has what it needs, in one of a few large zones; each zone has several name servers."""
    made: dict[str, list[str]] = {
        "acme.example": ["@ NS ns1", "ns1 A 127.0.0.2", "mx A 192.0.2.1", '_spf TXT "v=spf1 ip4:192.0.2.1 -all"']
    }
    each = SERVERS // ZONES
    for zone in range(ZONES):
        lines = [f"@ NS ns{server}" for server in range(each)]
        lines += [f"ns{server} A 127.1.0.{1 + zone * each + server}" for server in range(each)]
        for number in range(zone, domains, ZONES):
            label = f"d{number}"
            lines += [
                f"{label} MX 10 {MX}.",
                f'{label} TXT "v=spf1 {SPF} -all"',
                f'_postroom.{label} TXT "proof-{number}"',
                f'_dmarc.{label} TXT "v=DMARC1; p=none"',
                f'_mta-sts.{label} TXT "v=STSv1; id=1"',
                f'_smtp._tls.{label} TXT "v=TLSRPTv1; rua=mailto:postmaster@acme.example"',
            ]
        made[f"z{zone}.example"] = lines
    return made


@contextmanager
def world(domains: int, slow: int, dead: int) -> Iterator[dict[str, Any]]:
    """The DNS, in a process of its own: the worker should not wait for our interpreter."""
    failures = {f"127.1.0.{1 + n}": "timeout" for n in range(dead)}
    failures |= {f"127.1.0.{1 + n}": "slow" for n in range(dead, dead + slow)}
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write(json.dumps({"zones": zones(domains), "failures": failures}) + "\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)


def serve() -> None:
    """The tests' own server looks at every zone for every answer; here all stays as it is, so that it is found once."""
    from tests.dns_server import World

    class Settled(World):  # type: ignore[misc]
        def _addresses_of(self, zone: Any) -> Any:
            known = self.__dict__.setdefault("known", {})
            if zone.origin not in known:
                known[zone.origin] = super()._addresses_of(zone)
            return known[zone.origin]

    given = json.loads(sys.stdin.readline())
    with Settled() as dns:
        for origin, lines in given["zones"].items():
            dns.zone(origin, *lines)
        for address, how in given["failures"].items():
            dns.fail(address, how)
        say(json.dumps(dns.settings))
        sys.stdin.read()


def doctor(settings: dict[str, Any]) -> Any:
    """A platform that is there, and has its domains looked at by our doctor as the mailstack driver does."""
    from postroom.core.dns.expectations import Expectations
    from postroom.core.dns.report import CheckReport
    from postroom.drivers.dns import doctor, where
    from postroom.drivers.fake import FakePlatform

    read = where.read({"dns": {**settings, "mx": [MX], "spf": SPF}})

    class Platform(FakePlatform):
        def check_domain(self, record: Any, ownership: str = "") -> CheckReport:
            expected = Expectations(domain=record.name, mx=tuple(read.mx), spf=read.spf, ownership=ownership)
            return CheckReport(domain=record.name, tests=tuple(doctor.examine(expected, read)))

    return Platform(":memory:")


def prepare(domains: int) -> None:
    from postroom.actions import domains as actions
    from postroom.actions import setup
    from postroom.core.roles import OPERATOR
    from postroom.faces.cli.terminal import origin
    from postroom.store.models import Domain

    setup.add_platform(origin(), "fake", "fake", {"path": ":memory:"})
    setup.bootstrap(origin(), "town", "mayor@town.adm", "{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0", trusted=False)
    for number in range(domains):
        actions.change(OPERATOR, origin(), name(number), {"company": "town"}, create_only=True)
    made = {name(number): f"proof-{number}" for number in range(domains)}
    rows = list(Domain.objects.filter(name__in=made))
    for row in rows:
        row.ownership, row.applied_generation, row.support_email = made[row.name], 1, "dns@town.example"
    Domain.objects.bulk_update(rows, ["ownership", "applied_generation", "support_email"], batch_size=500)


def measure(threads: int, platform: Any) -> None:
    from postroom.store.models import Domain
    from postroom.worker import checks, loop

    checks.make = lambda driver, settings: platform
    checker = checks.Checker(loop.milliseconds, threads)
    began, cpu = time.monotonic(), time.process_time()
    while checker.turn(1.0):
        pass
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    found = Counter(Domain.objects.exclude(name__endswith=".adm").values_list("status", "check_failure"))
    number = sum(found.values())
    say(f"{number} domains by {threads} threads: {took:.1f} s, {number / took:.0f} a second; {cpu:.1f} s of CPU here")
    for (status, failure), times in found.most_common():
        say(f"  {times:>6} {status} {failure}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--domains", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--slow", type=int, default=0)
    parser.add_argument("--dead", type=int, default=0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve()
        return
    with tempfile.TemporaryDirectory() as dir:
        os.environ |= {"POSTROOM_DIR": dir, "POSTROOM_SECRET_KEY": "only-for-this", "POSTROOM_LOG_LEVEL": "ERROR"}
        os.environ |= {"POSTROOM_URL": "https://post.example"}
        from postroom.faces.cli.running import migrate

        migrate()
        prepare(asked.domains)
        with world(asked.domains, asked.slow, asked.dead) as settings:
            measure(asked.threads, doctor(settings))


if __name__ == "__main__":
    main()
