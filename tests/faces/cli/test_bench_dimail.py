"""What the bench of dimail asks and makes of its samples, and one very small real run."""

import subprocess
import sys

import msgspec
import pytest
from argon2 import PasswordHasher, extract_parameters

from postroom.core.passwords.methods import Costs
from postroom.core.passwords.schemes import encode
from postroom.faces.cli.bench import dimail_measure, dimail_reference, dimail_report, dimail_script, load
from postroom.faces.cli.bench.dimail_measure import NotAlike
from postroom.faces.cli.bench.dimail_script import (
    CALLS,
    CHECK,
    CREATE,
    LEVEL,
    PLAIN,
    POSTROOM,
    REFERENCES,
    REGIE,
    REGIE_AS_DIMAIL,
    Prepared,
)
from postroom.faces.cli.bench.dimail_tables import Account
from postroom.faces.cli.bench.load import Sample
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.servers import Server

CHEAP = encode("secret", "ARGON2ID", cost=Costs(argon2_passes=1, argon2_kib=8))
PREPARED = Prepared(domains=10, mailboxes_each=2, token="t.o.k", mailbox={"password": CHEAP}, entry={}, json_columns={})


def raw(call, server, number=50):
    return [one.raw() for one in dimail_script.requests(call, server, PREPARED, number)]


def test_each_new_mailbox_has_an_address_and_a_name_of_its_own():
    (request,) = raw(CREATE, LEVEL, 1)
    head, _, body = request.partition(b"\r\n\r\n")
    assert (head.count(load.CHANGING), body.count(load.CHANGING)) == (1, 2)
    assert head.endswith(b"Content-Length: %d" % len(body))


@pytest.mark.parametrize("call", CALLS)
def test_all_servers_are_asked_about_the_same_domains(call):
    ours, plain, level = ([line.split()[1] for line in raw(call, server)] for server in (POSTROOM, *REFERENCES))
    assert plain == level == [path.removeprefix(b"/dimail") for path in ours]
    assert len(set(plain)) > 5


def test_dimails_hashing_is_measured_with_the_account_that_has_such_a_hash():
    accounts = {server: raw(CHECK, server, 1)[0].decode() for server in (POSTROOM, *REFERENCES)}
    regie, as_dimail = dimail_script.basic(REGIE), dimail_script.basic(REGIE_AS_DIMAIL)
    assert {name for name, request in accounts.items() if f"{regie}\r\n" in request} == {POSTROOM, LEVEL}
    assert f"{as_dimail}\r\n" in accounts[PLAIN]


@pytest.fixture
def hashings():
    return {ours: dimail_reference.Hashing(PREPARED, ours=ours) for ours in (True, False)}


def test_our_hashing_costs_what_ours_costs_and_dimails_what_the_library_says(hashings):
    costs = {ours: extract_parameters(made.made("x").removeprefix("{ARGON2ID}")) for ours, made in hashings.items()}
    assert (costs[True].memory_cost, costs[True].time_cost) == (8, 1)
    assert costs[False] == extract_parameters(PasswordHasher().hash("x"))


def test_only_the_right_password_fits_also_when_it_is_remembered(hashings):
    account = Account(id=1, name=REGIE, password_hash=CHEAP)
    for hashing in hashings.values():
        assert [hashing.fits(account, text) for text in ("secret", "wrong", "secret")] == [True, False, True]


def _measured(round, server, a_second, processor_ms):
    sample = Sample(calls=10, a_second=a_second, p50=1, p95=2, p99=2, failures=0)
    return Measured(round, server, CHECK, 4, sample, processor_ms)


def test_ratios_are_taken_within_a_round():
    ours = [_measured(n, POSTROOM, a, ms) for n, a, ms in ((0, 40, 1), (1, 400, 1), (2, 100, 2))]
    plain = [_measured(n, LEVEL, a, ms) for n, a, ms in ((2, 50, 4), (1, 100, 5), (0, 10, 3))]
    line = dimail_report.line([*ours, *plain], CHECK, LEVEL)
    assert (line.ratio, line.lowest, line.highest, line.processor_ratio, line.met) == (4, 2, 4, 3, True)
    assert not dimail_report.line([ours[2], plain[0]], CHECK, LEVEL).met


def test_a_plain_handler_that_writes_less_is_not_compared_with(monkeypatch, tmp_path):
    servers = [Server(name, 0, 0, "", tmp_path / "log") for name in (POSTROOM, PLAIN)]
    rows = iter([{"store_mailbox": 1}, {"store_mailbox": 2}, {"store_mailbox": 2}, {"store_mailbox": 2}])
    monkeypatch.setattr(dimail_measure, "_rows", lambda url: next(rows))
    monkeypatch.setattr(dimail_measure, "_answered", lambda server, request: (201, b"{}"))
    with pytest.raises(NotAlike, match=PLAIN):
        dimail_measure.check_alike(servers, PREPARED)


@pytest.mark.processes
def test_a_small_run(tmp_path):
    figures = tmp_path / "figures.json"
    size = ["--mailboxes", "6", "--domains", "3", "--seconds", "0.1", "--rounds", "1", "--clients", "2"]
    ran = subprocess.run(
        [sys.executable, "-m", "postroom", "bench", "dimail", "--databases", "sqlite", *size, "--json", figures],
        check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr + ran.stdout
    (result,) = msgspec.json.decode(figures.read_bytes())["results"]
    assert result["failures"] == 0
    assert [(line["call"], line["reference"]) for line in result["lines"]] == [
        (call, reference) for call in CALLS for reference in REFERENCES
    ]
    assert all(line["plain"]["a_second"] for line in result["lines"])
