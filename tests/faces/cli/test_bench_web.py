"""What the bench of the pages asks and makes of its samples, and one very small real run."""

import subprocess
import sys

import msgspec
import pytest

from postroom.faces.cli.bench import web_measure, web_report, web_script
from postroom.faces.cli.bench.load import Sample
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.web_measure import Run
from postroom.faces.cli.bench.web_script import Asked, Prepared

DOMAINS, MAILBOXES = 100, 3000
PAGES = dict(web_script.requests(DOMAINS, MAILBOXES))


def test_no_two_mailboxes_have_the_same_address():
    assert len({web_script.address(n, DOMAINS, MAILBOXES) for n in range(MAILBOXES)}) == MAILBOXES


def test_a_tenth_of_the_mailboxes_is_in_the_large_domain_and_every_domain_has_some():
    domains = [web_script.domain_of(n, DOMAINS, MAILBOXES) for n in range(MAILBOXES)]
    assert domains.count(0) == MAILBOXES // 10
    assert set(domains) == set(range(DOMAINS))


def test_addresses_are_written_as_they_are_stored():
    addresses = (web_script.address(n, DOMAINS, MAILBOXES) for n in range(500))
    assert all(address.isascii() and address == address.lower() and "?" not in address for address in addresses)


def test_paths_can_be_sent_as_they_are():
    assert all(one.path.isascii() and " " not in one.path for requests in PAGES.values() for one in requests)


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><html></html>\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><html>", False),
        (b"HTTP/1.1 303 See Other\r\nLocation: /sign-in/\r\n\r\n", False),
    ],
)
def test_only_a_whole_page_counts(answer, good):
    assert web_measure.is_good(answer) is good


def _measured(round, p95):
    sample = Sample(calls=10, a_second=5, p50=1, p95=p95, p99=2, failures=0)
    return Measured(round, "postroom", "domain list", 1, sample, 1)


@pytest.mark.parametrize(("p95s", "met"), [((900, 90, 100), True), ((900, 250, 100), False)])
def test_the_median_of_the_rounds_is_judged(p95s, met):
    asked = [Asked("/domains/", "otto", 9000, 4), Asked("/domains/?q=x", "otto", 12_000, 5)]
    prepared = Prepared(1, 1, {}, {"domain list": asked})
    result = web_report.result("sqlite", Run(prepared, [_measured(n, p95) for n, p95 in enumerate(p95s)]))
    (line,) = result.lines
    assert (line.met, line.bytes, line.statements) == (met, 12_000, 5)


@pytest.mark.processes
def test_a_small_run(tmp_path):
    figures = tmp_path / "figures.json"
    size = ["--mailboxes", "1000", "--domains", "30", "--seconds", "0.1", "--rounds", "1"]
    ran = subprocess.run(
        [sys.executable, "-m", "postroom", "bench", "web", "--databases", "sqlite", *size, "--json", figures],
        check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr + ran.stdout
    (result,) = msgspec.json.decode(figures.read_bytes())["results"]
    assert result["failures"] == 0
    assert {line["page"] for line in result["lines"]} == set(PAGES)
    assert all(line["statements"] for line in result["lines"])
