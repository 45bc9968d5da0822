"""The parts of the bench that can be wrong without anybody noticing, and one very small real run."""

import subprocess
import sys

import msgspec
import pytest

from postroom.faces.cli.bench import load, measure, report, script
from postroom.faces.cli.bench.load import Sample
from postroom.faces.cli.bench.measure import Measured, Plan
from postroom.faces.cli.bench.script import Prepared, Source

ANSWER = b'HTTP/1.1 200 OK\r\nserver: granian\r\nContent-Length: 16\r\n\r\n{"success":true}'
PLAN = Plan(domains=10, mailboxes=20, seconds=1, rounds=2, clients=[1, 16])
PREPARED = Prepared(token="t" * 32, domains=10, mailboxes_each=2, scripts={})


def test_the_length_of_an_answer_is_that_of_head_and_body():
    assert load.length(ANSWER) == len(ANSWER)
    assert load.length(ANSWER[:20]) == 0


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        (ANSWER, True),
        (ANSWER.replace(b"true", b"fals"), False),
        (ANSWER.replace(b"200 OK", b"500 No"), False),
    ],
)
def test_only_a_success_counts(answer, good):
    assert load.is_good(answer) is good


def test_percentiles():
    values = [float(n) for n in range(1, 101)]
    assert (load.percentile(values, 0.5), load.percentile(values, 0.99)) == (51, 100)
    assert load.percentile([], 0.5) == 0


@pytest.mark.parametrize("call", [*script.CALLS, script.BY_PASSWORD])
def test_requests_are_many_and_changes_change(call):
    made = measure.requests(call, PREPARED, 50)
    assert len(set(made)) > 5
    assert all((load.CHANGING in request) == call.startswith("change") for request in made)
    head, _, body = made[0].partition(b"\r\n\r\n")
    assert head.endswith(b"Content-Length: %d" % len(body))


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ('SELECT "a"."x" AS "b__x", "a"."y" FROM "a" WHERE "a"."z" = %s', ["a.x", "a.y"]),
        ('UPDATE "a" SET "x" = ?, "y" = ? WHERE "id" = ?', ["x", "y", "id"]),
        ('INSERT INTO "a" ("x", "y", "z") VALUES (%s, 0, %s) ON CONFLICT DO NOTHING', ["x", "z"]),
    ],
)
def test_columns_of_a_statement(sql, columns):
    assert script.columns(sql) == columns


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("firm", Source("name")),
        ("digest", Source("token")),
        (2_000_007, Source("row", statement=1, column=1)),
        ("2000007", Source("text", statement=1, column=1)),
        ("fr", Source("row", statement=1, column=2)),
        (1, Source("constant", 1)),  # too small to be told from a flag
        (None, Source("constant")),
    ],
)
def test_a_parameter_is_traced_to_where_it_came_from(value, source):
    assert script.source(value, "firm", "digest", [None, (True, 2_000_007, "fr")]) == source


def _measured(round, server, a_second, processor_ms):
    sample = Sample(calls=10, a_second=a_second, p50=1, p95=1.5, p99=2, failures=0)
    return Measured(round, server, "get_domain", 16, sample, processor_ms)


def test_ratios_are_taken_within_a_round():
    measured = [_measured(2, "floor", 10, 1), _measured(1, "floor", 100, 1)]
    measured += [_measured(1, "postroom", 80, 1), _measured(2, "postroom", 8, 3)]
    line = report.line(measured, "get_domain", 16)
    assert line.ratio == pytest.approx(0.8)
    assert line.processor_ratio == 2
    assert (line.target, line.met) == (0.7, True)


def test_growth_compares_processor_time():
    grown = report.growth([_measured(1, "large", 5, 3), _measured(1, "small", 9, 2)], "get_domain")
    assert (grown.ratio, grown.met) == (1.5, False)


def test_the_password_series_runs_beside_those_by_token():
    assert (script.BY_PASSWORD, 16) in PLAN.series
    assert PLAN.samples == 2 * 2 * (2 * len(script.CALLS) + 1 + len(measure.GROWTH))


@pytest.mark.processes
def test_a_small_run(tmp_path):
    figures = tmp_path / "figures.json"
    size = ["--domains", "5", "--mailboxes", "10", "--seconds", "0.1", "--rounds", "1", "--clients", "2"]
    ran = subprocess.run(
        [sys.executable, "-m", "postroom", "bench", "--databases", "sqlite", *size, "--json", figures],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    (result,) = msgspec.json.decode(figures.read_bytes())["results"]
    assert result["failures"] == 0
    assert {line["call"] for line in result["lines"]} == {*script.CALLS, script.BY_PASSWORD}
    assert "search_users" in ran.stdout
