"""What the bench of REST asks and makes of its samples, and one very small real run."""

import subprocess
import sys

import msgspec
import pytest

from postroom.faces.cli.bench import load, rest_measure, rest_report, rest_script
from postroom.faces.cli.bench.load import Sample
from postroom.faces.cli.bench.measure import Measured
from postroom.faces.cli.bench.rest_script import CREATE, VALUE, Exchange

CALLS = dict(rest_script.requests(50_000, ["one", "two"]))


def test_no_two_mailboxes_have_the_same_name():
    assert len({rest_script.name(n) for n in range(60_000)}) == 60_000


@pytest.mark.parametrize(("mailboxes", "page"), [(50_000, 2400), (20, 1)])
def test_the_deep_page_is_near_the_last_one(mailboxes, page):
    assert rest_script.deep_page(mailboxes) == page


def test_paths_can_be_sent_as_they_are():
    assert all(one.path.isascii() and " " not in one.path for requests in CALLS.values() for one in requests)


def test_only_what_makes_something_has_a_body_and_it_changes():
    assert [call for call, (one, *_) in CALLS.items() if one.method == "POST"] == [CREATE]
    assert CALLS[CREATE][0].body.count(VALUE) == 2


def test_the_wire_has_what_the_client_replaces():
    body = f'{{"local_part": "{VALUE}"}}'
    head, _, sent = rest_measure.raw(Exchange("POST", "/x/", "pr_1", body, [], {})).partition(b"\r\n\r\n")
    assert load.CHANGING in sent
    assert head.endswith(b"Content-Length: %d" % len(sent))


@pytest.mark.parametrize(("status", "good"), [("200 OK", True), ("201 Created", True), ("429 Too Many", False)])
def test_only_a_success_counts(status, good):
    assert rest_measure.is_good(f"HTTP/1.1 {status}\r\n".encode()) is good


def _measured(round, server, a_second, p95):
    sample = Sample(calls=10, a_second=a_second, p50=1, p95=p95, p99=2, failures=0)
    return Measured(round, server, "page 1", 4, sample, 1)


def test_the_median_of_the_rounds_is_judged():
    ours = [_measured(0, "postroom", 10, 900), _measured(1, "postroom", 50, 90), _measured(2, "postroom", 60, 100)]
    floor = [_measured(n, "floor", 100, 1) for n in (2, 1, 0)]
    line = rest_report.line([*ours, *floor], "page 1", 8)
    assert (line.postroom.p95_ms, line.met, line.ratio) == (100, True, pytest.approx(0.5))
    assert not rest_report.line([*ours[:1], *floor[2:]], "page 1", 8).met


@pytest.mark.processes
def test_a_small_run(tmp_path):
    figures = tmp_path / "figures.json"
    size = ["--mailboxes", "30", "--domains", "21", "--seconds", "0.1", "--rounds", "1", "--clients", "2"]
    ran = subprocess.run(
        [sys.executable, "-m", "postroom", "bench", "rest", "--databases", "sqlite", *size, "--json", figures],
        check=False, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr + ran.stdout
    (result,) = msgspec.json.decode(figures.read_bytes())["results"]
    assert result["failures"] == 0
    assert {line["call"] for line in result["lines"]} > {"page 1", CREATE}
    assert all(line["statements"] for line in result["lines"])
