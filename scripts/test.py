"""`make test`: the check, the suite on SQLite and on PostgreSQL, and its fast part on another Python.

Every step runs even when an earlier one failed. Words given go to pytest (make test ARGS='-k quota').
With CI=true nothing may be skipped: a test must have run in at least one of the steps. There a few tests that failed
and wait for a browser or a server are run once more, alone: a machine shared with others can be late for those. What
passes then is named at the end, with its first failure above; it is a fault to find all the same. All other tests, and
a developer's run, are strict.
"""
# ruff: noqa: S603, S314  what is run here is written here; the XML read is pytest's own

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv/bin/python")
CI = os.environ.get("CI") == "true"
SEEN_ON_SQLITE = ("shape", *(f"browser/test_{name}.py" for name in ("screens_english", "screens_french", "narrow")))
"""Of these the database changes nothing: they look at pages whose SQL tests/faces sends on both."""
TESTS_FAILED = 1  # pytest's exit code; the others tell of interruptions and errors of its own
TRIED_AGAIN = 3
"""More failures than these in one step are no accident, and stand."""
WAITING = ("tests.browser.", "tests.processes.", "tests.servers.")
"""Tests of these wait for programs that are not ours, or for whole processes."""
FAST = [folder for folder in ("tests/core", "tests/faces") if (ROOT / folder).is_dir()]


class Step(NamedTuple):
    """How one step went: `ran` and `skipped` hold tests, the latter with the reasons."""

    name: str
    fault: str = ""
    ran: frozenset[str] = frozenset()
    skipped: dict[str, str] = {}
    failed: frozenset[str] = frozenset()
    unsteady: frozenset[str] = frozenset()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def environment(**more: str) -> dict[str, str]:
    """Ours, without what a developer has set for a deployment of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}
    kept.pop("DATABASE_URL", None)
    return kept | more


def cases(report: Path) -> Iterator[tuple[str, str, str]]:
    """Test, outcome and reason from pytest's report; none when pytest did not get as far as writing it."""
    if not report.exists():
        return
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        skipped = case.find("skipped")
        outcome, reason = "passed", ""
        if case.find("failure") is not None or case.find("error") is not None:
            outcome = "failed"
        elif skipped is not None and skipped.get("type") != "pytest.xfail":
            outcome, reason = "skipped", skipped.get("message", "")
        yield f"{case.get('classname')}::{case.get('name')}", outcome, reason


def run_pytest(name: str, python: str, chosen: list[str], **variables: str) -> Step:
    with tempfile.TemporaryDirectory(prefix="postroom-tests-") as folder:

        def run(*how: str) -> tuple[int, list[tuple[str, str, str]]]:
            report = Path(folder) / "report.xml"
            report.unlink(missing_ok=True)
            kept = ["-o", f"cache_dir={folder}/cache", f"--junitxml={report}"]
            command = [python, "-m", "pytest", "-q", *how, *kept, *chosen, *sys.argv[1:]]
            return postgres.run(command, environment(**variables)), list(cases(report))

        code, outcomes = run("-n", "2", "--dist", "loadscope")  # by tests/conftest.py
        failed = frozenset(test for test, outcome, _ in outcomes if outcome == "failed")
        unsteady: frozenset[str] = frozenset()
        late = all(test.startswith(WAITING) for test in failed)
        if CI and code == TESTS_FAILED and late and 0 < len(failed) <= TRIED_AGAIN:
            say(f"{name}: once more, alone: {', '.join(sorted(failed))}")
            code, again = run("--last-failed", "--last-failed-no-failures=none")
            unsteady = failed & {test for test, outcome, _ in again if outcome == "passed"}
    return Step(
        name,
        fault=f"pytest ended with {code}" if code else "",
        ran=frozenset(test for test, outcome, _ in outcomes if outcome != "skipped"),
        skipped={test: reason for test, outcome, reason in outcomes if outcome == "skipped"},
        failed=failed - unsteady,
        unsteady=unsteady,
    )


def check(name: str) -> Step:
    code = postgres.run([str(ROOT / "scripts/check.sh")], environment())
    return Step(name, fault="see its lines above" if code else "")


def install_servers() -> None:
    """As PostgreSQL is: where that is not possible their tests are skipped, and with CI=true that is a fault."""
    ask = "from postroom.drivers.mailstack import packages; print(*packages.missing())"
    missing = subprocess.run(
        [PYTHON, "-c", ask], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    if not Path("/usr/sbin/sshd").exists():
        missing.append("openssh-server")  # for the tests' own, on loopback (docs/openxchange.md)
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        missing.append("chromium")  # for tests/browser (docs/web.md)
    if missing:
        subprocess.run([ROOT / "scripts/apt.sh", "Programs to test with are missing", *missing], check=False)


def on_sqlite(name: str) -> Step:
    return run_pytest(name, PYTHON, ["tests", "--ignore=tests/shape"])  # the check has run tests/shape


def on_postgresql(name: str) -> Step:
    try:
        with postgres.temporary_cluster() as url:
            left_out = [f"--ignore=tests/{part}" for part in SEEN_ON_SQLITE]
            return run_pytest(name, PYTHON, ["tests", *left_out], DATABASE_URL=url)
    except postgres.NoPostgresError as reason:
        say(f"skipped: {reason}")
        return Step(name, fault=f"{reason}, and with CI=true nothing may be skipped" if CI else "")


def on_another_python(name: str) -> Step:
    found = subprocess.run(
        [ROOT / "scripts/other-python.sh"], env=environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    if found.returncode:
        say("skipped, for the reason above")
        return Step(name)
    return run_pytest(name, found.stdout.strip(), [*FAST, "-m", "not servers and not processes"])


def ran_nowhere(steps: list[Step]) -> dict[str, str]:
    ran = frozenset().union(*(step.ran for step in steps))
    return {test: reason for step in steps for test, reason in step.skipped.items() if test not in ran}


def summary(steps: list[Step]) -> int:
    """Say how it went; the very last line is the count that CI reads."""
    faults = [f"{step.name}: {step.fault}" for step in steps if step.fault]
    left_out = ran_nowhere(steps)
    if CI and left_out:
        faults += [f"skipped although CI=true: {test} ({reason})" for test, reason in left_out.items()]
    if faults:
        say("\nmake test failed:\n  " + "\n  ".join(faults))
    for step in steps:
        for test in sorted(step.unsteady):
            say(f"unsteady, passed only when run again alone ({step.name}): {test}")
    failed = sum(len(step.failed) for step in steps)
    passed = sum(len(step.ran) for step in steps) - failed
    say(f"\n{passed} passed, {failed} failed, {sum(len(step.skipped) for step in steps)} skipped")
    return int(bool(faults))


def main() -> int:
    postgres.leave_tidily()
    install_servers()
    steps = []
    for name, step in (
        ("check", check),
        ("suite on SQLite", on_sqlite),
        ("suite on PostgreSQL", on_postgresql),
        ("fast part on another Python", on_another_python),
    ):
        say(f"\n=== {name}")
        began = time.monotonic()
        steps.append(step(name))
        say(f"=== {name}: {time.monotonic() - began:.0f} s")
    return summary(steps)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
