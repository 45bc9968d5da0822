"""What the bench of the mail servers makes of its samples, and one very small real run."""

import subprocess
import sys

import msgspec
import pytest

from postroom.drivers.mailstack import packages
from postroom.faces.cli.bench import mail_hashing, mail_load, mail_report, mail_sign_ins
from postroom.faces.cli.bench.mail_flow import Flow
from postroom.faces.cli.bench.mail_lookups import LookUp
from postroom.faces.cli.bench.mail_sign_ins import SignIns
from postroom.faces.cli.bench.mail_stacks import FAMILIES
from postroom.faces.cli.bench.script import PASSWORD


def test_a_message_has_two_kilobytes_and_ends():
    content = mail_load.message(7, "claire@elsewhere.example", "max@acme.example")
    assert 1900 < len(content) < 2200
    assert content.endswith(b"\r\n.\r\n")
    assert b"\r\n." not in content[:-5]


def _flow(round, stack, a_second, milliseconds):
    spent = dict.fromkeys(FAMILIES, 0.0) | {"postfix": milliseconds}
    return Flow(round=round, stack=stack, a_second=a_second, processor_ms=spent, put_off=0)


def test_stacks_are_compared_within_a_round():
    line = mail_report.flow(
        [
            _flow(1, "static", 100, 8),
            _flow(0, "postroom", 9, 10),
            _flow(1, "postroom", 90, 10),
            _flow(0, "static", 10, 9),
        ]
    )
    assert (line.ratio, line.met) == (pytest.approx(0.9), True)
    assert line.processor_ratio == pytest.approx(0.85)


def test_a_run_too_short_for_the_clock_of_the_processor_has_a_ratio_all_the_same():
    assert mail_report.flow([_flow(0, stack, 10, 0) for stack in ("static", "postroom")]).processor_ratio == 1


def test_a_large_database_is_compared_with_a_small_one():
    made = [
        LookUp(round=0, table="alias", mailboxes=n, microseconds=time, processor_microseconds=1)
        for n, time in ((10, 20.0), (1000, 40.0))
    ]
    line = mail_report.look_up(made, "alias")
    assert (line.small_us, line.large_us, line.ratio, line.met) == (20, 40, 2, False)


@pytest.mark.parametrize(("encoding", "met"), [("BCRYPT", False), ("SSHA512", None)])
def test_only_where_the_hash_is_most_of_a_sign_in_there_is_a_target(encoding, met):
    made = SignIns(
        round=0, encoding=encoding, a_second=8, possible=10, processor_ms=60, hash_ms=50, refused=0
    )  # fmt: skip
    line = mail_report.sign_ins([made], encoding)
    assert (line.ratio, line.met) == (0.8, met)


@pytest.mark.servers
@pytest.mark.parametrize("encoding", mail_sign_ins.ENCODINGS)
def test_the_libraries_of_dovecot_verify_what_we_store(encoding):
    """Where they are: they come with its package."""
    if packages.missing():
        pytest.skip("Dovecot is missing")
    assert mail_hashing.rate(mail_sign_ins.hashes()[encoding], PASSWORD, 0.0)[0] > 0


@pytest.mark.servers
@pytest.mark.processes
def test_a_small_run(tmp_path):
    if packages.missing():
        pytest.skip(f"missing: {' '.join(packages.install_command(packages.missing()))}")
    figures = tmp_path / "figures.json"
    size = ["--domains", "4", "--large-domains", "5", "--mailboxes", "3", "--rounds", "1", "--messages", "5"]
    size += ["--connections", "2", "--look-ups", "5", "--seconds", "0.1"]
    ran = subprocess.run(
        [sys.executable, "-m", "postroom", "bench", "mail", "--databases", "sqlite", *size, "--json", figures],
        check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (result,) = msgspec.json.decode(figures.read_bytes())["results"]
    assert result["flow"]["postroom"]["a_second"] > 0
    assert [line["encoding"] for line in result["sign_ins"]] == list(mail_sign_ins.ENCODINGS)
    assert {line["table"] for line in result["look_ups"]} >= {"known", "room", "userdb"}
    assert result["spread"]["mailboxes"] >= 15
    assert "static files" in ran.stdout
