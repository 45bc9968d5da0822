"""oma.md section 5.6, and the files behind its links (section 1.5)."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser

from postroom.core import periods
from postroom.store import counting
from postroom.store.models import Company, Domain, DomainDay, MailSent
from tests import cast

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
ACME = {"type": "domain", "object": cast.ACME}


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON)


@pytest.fixture
def counted(alice):
    """Yesterday was counted."""
    company = Company.objects.get(name="acme").pk
    begin = periods.milliseconds(YESTERDAY)
    MailSent.objects.create(mailbox_id=cast.row(cast.UMA).pk, slot=begin // 900_000, recipients=7)
    counting.keep(company, YESTERDAY, counting.count(company, (begin, begin + 86_400_000)), final=True)
    return alice


def download(url):
    """(status, text) of what a client gets that just follows the address."""
    parts = urlsplit(url)
    answer = Browser().get(parts.path, parse_qs(parts.query), headers={"host": "localhost"})
    return answer.status_code, b"".join(answer).decode()


def snapshot(client, **fields):
    return client.ok("stats_snapshot", **fields)["snapshot"]


# --- stats_list -------------------------------------------------------------------------------------


def test_before_anything_was_counted_the_three_lists_are_empty(alice):
    assert alice.ok("stats_list")["snapshots"] == {"day": [], "week": [], "month": []}


def test_what_was_counted_is_listed(counted):
    week = periods.around("week", YESTERDAY)
    assert counted.ok("stats_list")["snapshots"] == {
        "day": [f"{YESTERDAY:%Y%m%d}"],
        "week": [f"{week.first:%Y%m%d}-{week.last:%Y%m%d}"],
        "month": [f"{YESTERDAY:%Y-%m}"],
    }


def test_charlie_s_list_is_his_own(counted, as_, other):
    assert as_(cast.CHARLIE).ok("stats_list")["snapshots"]["day"] == []


# --- stats_snapshot ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", periods.KINDS)
def test_every_listed_date_has_a_file(counted, kind):
    when = counted.ok("stats_list")["snapshots"][kind][0]
    status, text = download(snapshot(counted, **ACME, date=when))
    assert status == 200
    heading, *lines = text.splitlines()
    assert heading == "address,type,status,quota,storage,messages"
    assert [line.partition(",")[0] for line in lines] == [cast.DORA, cast.MAX, cast.UMA, cast.WES]


def test_a_companys_file_has_all_its_domains(counted):
    _, text = download(snapshot(counted, type="company", object="acme", date=f"{YESTERDAY:%Y%m%d}"))
    assert {line.partition(",")[0] for line in text.splitlines()[1:]} >= {cast.ALICE, cast.UMA}


def test_the_address_looks_as_documented(counted):
    url = snapshot(counted, **ACME, date=f"{YESTERDAY:%Y-%m}")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert urlsplit(url).path == "/api/oma_file/get"
    assert (asked["type"], asked["id"]) == ("snapshot", f"{cast.ACME}:domain:{YESTERDAY:%Y-%m}")
    assert (asked["user"], len(asked["token"])) == (cast.ALICE, 32)


@pytest.mark.parametrize("written", [TODAY.isoformat(), f"{TODAY:%Y%m%d}", f"{TODAY:%Y-%m}"])
def test_today_s_can_always_be_had(alice, written):
    status, text = download(snapshot(alice, **ACME, date=written))
    assert (status, len(text.splitlines())) == (200, 5)


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({**ACME, "date": "2001-01"}, 2),
        ({**ACME, "date": "yesterday"}, 5),
        ({**ACME, "date": None}, 5),
        ({"type": "user", "object": cast.UMA, "date": "2001-01"}, 5),
        ({"type": "domain", "object": "nowhere.example", "date": "2001-01"}, 2),
        ({"type": "company", "object": "nowhere", "date": "2001-01"}, 9),
        ({"type": "domain", "date": "2001-01"}, 5),
    ],
)
def test_what_has_no_file(counted, fields, number):
    assert counted.refused("stats_snapshot", **fields) == number


@pytest.mark.parametrize("changed", ["id", "user", "expires", "token", "type"])
def test_a_link_that_was_changed_opens_nothing(counted, other, changed):
    asked = {n: v[0] for n, v in parse_qs(urlsplit(snapshot(counted, **ACME, date=TODAY.isoformat())).query).items()}
    for value in ("acme:company:" + TODAY.isoformat(), "", "9" * 11, "0" * 32, "x" * 5000, "\x00", "ä"):
        answer = Browser().get("/api/oma_file/get", {**asked, changed: value}, headers={"host": "localhost"})
        assert answer.status_code in {403, 404}, value


def test_a_link_ends_after_a_quarter_of_an_hour(counted, time_machine):
    url = snapshot(counted, **ACME, date=TODAY.isoformat())
    time_machine.shift(timedelta(minutes=14))
    assert download(url)[0] == 200
    time_machine.shift(timedelta(minutes=1))
    assert download(url)[0] == 403


def test_a_link_of_today_s_opens_after_midnight_too(alice, time_machine):
    time_machine.move_to(NOON.replace(hour=23, minute=55))
    url = snapshot(alice, **ACME, date=TODAY.isoformat())
    time_machine.shift(timedelta(minutes=10))
    assert download(url)[0] == 200


def test_links_lead_where_the_operator_says(counted, settings):
    settings.PUBLIC_URL = "https://mail-admin.example"
    assert snapshot(counted, **ACME, date=TODAY.isoformat()).startswith("https://mail-admin.example/api/oma_file/get?")


@pytest.mark.parametrize(
    ("environ", "begins"),
    [
        ({"HTTP_HOST": "here.example:8080"}, "http://here.example:8080/"),
        ({"HTTP_HOST": 'evil"><script>'}, "http://localhost/"),
        ({"HTTP_HOST": "here.example", "HTTP_X_FORWARDED_PROTO": "https"}, "http://here.example/"),
    ],
)
def test_else_where_the_client_came(counted, environ, begins):
    import json

    body = {"credentials": counted.credentials, **ACME, "date": TODAY.isoformat()}
    counted.raw("/api/stats_snapshot", json.dumps(body).encode(), **environ)
    assert json.loads(counted.body)["snapshot"].startswith(begins)


def test_behind_a_trusted_proxy_links_are_as_safe_as_the_proxy(counted, settings):
    import json

    settings.TRUSTED_PROXIES = frozenset({"192.0.2.1"})
    body = {"credentials": counted.credentials, **ACME, "date": TODAY.isoformat()}
    environ = {"HTTP_HOST": "here.example", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "192.0.2.9"}
    counted.raw("/api/stats_snapshot", json.dumps(body).encode(), **environ)
    assert json.loads(counted.body)["snapshot"].startswith("https://here.example/")


# --- stats_summary ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type": None, "object": None, "by": None},
        {"type": "company"},
        {"type": "company", "object": "ACME"},
        {"object": "acme"},
    ],
)
def test_without_more_it_is_the_company_by_day(counted, fields):
    [period] = counted.ok("stats_summary", **fields)["summary"]
    assert (period["period"], period["users"]["mailbox"]) == (YESTERDAY.isoformat(), 5)


def test_what_a_period_says(counted):
    [period] = counted.ok("stats_summary", **ACME)["summary"]
    assert set(period) >= {"deleted_users", "logins", "messages", "services", "storage"}
    assert period["messages"]["recipients"] == 7
    assert period["services"]["imap4"] == 4
    assert period["deleted_users"].keys() >= {"storage_items_stored", "storage_current_size"}


@pytest.mark.parametrize(
    ("by", "name"),
    [("day", YESTERDAY.isoformat()), ("month", f"{YESTERDAY:%Y-%m}"),
     ("week", periods.name("week", periods.around("week", YESTERDAY)))],
)  # fmt: skip
def test_periods_have_names(counted, by, name):
    assert [p["period"] for p in counted.ok("stats_summary", **ACME, by=by)["summary"]] == [name]


def test_of_an_account_the_present_is_known(counted):
    now = datetime.now(UTC)
    MailSent.objects.create(mailbox_id=cast.row(cast.MAX).pk, slot=int(now.timestamp()) // 900, recipients=3)
    [period] = counted.ok("stats_summary", type="user", object=cast.MAX)["summary"]
    assert (period["period"], period["messages"]["recipients"]) == (TODAY.isoformat(), 3)
    assert period["services"]["imap4"] == 1


@pytest.mark.parametrize(
    ("fields", "number"),
    [({"type": "planet"}, 5), ({"type": "planet", "object": "mars"}, 5), ({"by": "hour"}, 5), ({"type": "domain"}, 5),
     ({"type": "user"}, 5), ({"type": "user", "object": "nobody@acme.example"}, 2),
     ({"type": "domain", "object": "nowhere.example"}, 2), ({"type": "company", "object": "nowhere"}, 9)],
)  # fmt: skip
def test_what_has_no_summary(counted, fields, number):
    assert counted.refused("stats_summary", **fields) == number


def test_the_hint_has_every_type_of_a_summary(alice):
    answer = alice.call("stats_summary", type="planet", object="mars")
    assert answer["hints"] == {"type": "must be company, domain or user"}


def test_a_bought_domain_does_not_bring_its_past(counted, as_, other):
    counted.ok("change_company", company="acme", attributes={})
    Domain.objects.filter(name=cast.ACME).update(company=Company.objects.get(name="other"))
    charlie = as_(cast.CHARLIE)
    assert charlie.ok("stats_summary", **ACME)["summary"] == []
    assert charlie.refused("stats_snapshot", **ACME, date=f"{YESTERDAY:%Y%m%d}") == 2
    assert DomainDay.objects.filter(domain=cast.ACME).exists()


# --- who may ----------------------------------------------------------------------------------------

C, CM, CM2, RO, TO, CV = "company", "company_mail", "company_mail2", "company_ro", "company_token_only", "company_view"
PEOPLE = {"domain": cast.DORA, "mail": cast.MAX, "workgroup": cast.WES, "nobody": cast.UMA}
SEERS = {C, CM, CM2, RO, CV}
WAYNE = "wayne@acme.example"
TABLE = [
    ("stats_list", {}, SEERS | {"domain"}),
    ("stats_snapshot", {"type": "company", "object": "acme", "date": TODAY.isoformat()}, SEERS),
    ("stats_snapshot", {**ACME, "date": TODAY.isoformat()}, SEERS | {"domain", "mail"}),
    ("stats_summary", {"type": "company", "object": "acme"}, SEERS),
    ("stats_summary", {}, SEERS),
    ("stats_summary", ACME, SEERS | {"domain", "mail"}),
    ("stats_summary", {"type": "user", "object": WAYNE}, SEERS | {"domain", "mail", "workgroup"}),
]


@pytest.mark.parametrize("role", [C, CM, CM2, RO, TO, CV, *PEOPLE])
@pytest.mark.parametrize(("method", "fields", "may"), TABLE)
def test_who_may(alice, method, fields, may, role, as_, with_role):
    alice.new_user(WAYNE, workgroup="sales")
    answer = (as_(PEOPLE[role]) if role in PEOPLE else with_role(role)).call(method, **fields)
    assert (0 if answer["success"] else answer["error_number"]) == (0 if role in may else 9)


def test_uma_may_ask_about_herself(as_):
    as_(cast.UMA).ok("stats_summary", type="user", object=cast.UMA)


def test_dates_are_of_the_day_in_utc():
    assert periods.today(periods.milliseconds(date(2026, 11, 21))) == date(2026, 11, 21)
    assert periods.today(periods.milliseconds(date(2026, 11, 21)) - 1) == date(2026, 11, 20)
