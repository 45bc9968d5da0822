"""oma.md section 5.7, as far as it needs no other server: tests/servers/test_copying.py has one."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from postroom.drivers import make
from postroom.store.models import Copy, History
from postroom.worker import copying, loop
from tests import cast

SECRET = "Old-secret-1"
SALES = "sales@acme.example"


def entry(**more):
    known = {"local": cast.UMA, "remote": "joe", "password": SECRET, "server": "mail.old.example:993"}
    return {**known, "method": "imap4s", **more}


@pytest.fixture
def dead_end(monkeypatch):
    """Every server refuses the login; the platform is in step."""
    from postroom.drivers.contract import PermanentFailure
    from postroom.drivers.copying import opening

    def refuse(place):
        raise PermanentFailure(f"The server refuses the login: no {place.password} here")

    monkeypatch.setattr(opening, "source", refuse)

    def run():
        loop.until_idle()
        while copying.turn(loop.milliseconds):
            pass

    return run


def test_a_job_gets_a_number_of_milliseconds(alice):
    assert re.fullmatch(r"\d{13}", alice.ok("migration_add", users=[entry()])["job"])


def test_a_job_may_have_a_name_of_ones_own(alice):
    assert alice.ok("migration_add", users=[entry()], job="move-1")["job"] == "move-1"


@pytest.mark.parametrize("field", ["job", "id"])
def test_a_number_is_a_name_too(alice, field):
    assert alice.ok("migration_add", users=entry(), **{field: 42})["job"] == "42"


def test_the_same_name_twice_is_19(alice):
    alice.ok("migration_add", users=[entry()], job="1")
    answer = alice.call("migration_add", users=[entry()], job="1")
    assert (answer["error_number"], answer["error"][:28]) == (19, "Migration job already exists")


def test_names_of_others_jobs_are_free(alice, as_):
    alice.ok("migration_add", users=[entry()], job="1")
    as_(cast.DORA).ok("migration_add", users=[entry()], job="1")


@pytest.mark.parametrize(
    ("local", "number"),
    [("nobody@acme.example", 13), ("uma@nowhere.example", 9), (SALES, 3), ("fwd@acme.example", 5)],
)
def test_users_that_cannot_be_filled(alice, local, number):
    alice.set_user(aliases=["sales"])
    alice.ok(
        "change_user", user="fwd@acme.example", attributes={"type": "forward", "forward_recipients": ["a@b.example"]}
    )
    assert alice.refused("migration_add", users=[entry(local=local)]) == number
    assert Copy.objects.count() == 0


def test_a_bad_one_spoils_the_whole_job(alice):
    assert alice.refused("migration_add", users=[entry(), entry(local="nobody@acme.example")], job="1") == 13
    assert alice.ok("migration_jobs")["jobs"] == []


@pytest.mark.parametrize("missing", ["local", "remote", "password", "server", "method"])
def test_each_field_is_needed(alice, missing):
    answer = alice.call("migration_add", users=[{k: v for k, v in entry().items() if k != missing}])
    assert (answer["error_number"], list(answer["hints"])) == (5, [f"users.0.{missing}"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", "imap"), ("server", "mail.old.example:0"), ("server", "mail.old.example:99999"), ("server", ":993"),
        ("server", "a b:993"), ("server", "a:b:c"), ("server", "joe@mail.old.example:993"), ("server", "127.0.0.1:143"),
        ("server", "[::1]:993"), ("server", "169.254.169.254"), ("server", "[::ffff:10.0.0.1]:993"),
        ("remote", "joe\r\nDELE 1"), ("password", "x\r\nQUIT"), ("skip", {"a": 1}), ("translate", ["a"]),
    ],
)  # fmt: skip
def test_wrong_values_are_5_and_named(alice, field, value):
    answer = alice.call("migration_add", users=[entry(**{field: value})])
    assert (answer["error_number"], list(answer["hints"])) == (5, [f"users.0.{field}"])


@pytest.mark.parametrize("local", ["", "..", "a..b", "a/b", "~x", 7])
def test_translate_wants_folders(alice, local):
    assert alice.refused("migration_add", users=[entry(translate={"Old": local})]) == 5


def test_the_same_user_twice_in_a_job_is_5(alice):
    assert alice.refused("migration_add", users=[entry(), entry(remote="joe2")]) == 5


@pytest.mark.parametrize("users", [None, [], "", "uma", [7], {}])
def test_users_must_be_objects(alice, users):
    assert alice.refused("migration_add", users=users) == 5


@pytest.mark.parametrize(("server", "told"), [("OLD.example", "old.example:993"), ("[2600::1]:99", "[2600::1]:99")])
def test_servers_without_a_port_and_with_an_address(alice, server, told):
    alice.ok("migration_add", users=[entry(server=server)], job="1")
    assert alice.ok("migration_status", job="1")["users"][0]["data"]["config"]["server"] == told


def test_the_jobs_are_the_askers(alice, as_):
    alice.ok("migration_add", users=[entry()], job="1")
    jobs = alice.ok("migration_jobs")["jobs"]
    assert [job["job"] for job in jobs] == ["1"]
    assert isinstance(jobs[0]["date"], int)
    assert jobs[0]["date"] > 1_600_000_000
    assert as_(cast.DORA).ok("migration_jobs")["jobs"] == []
    assert as_(cast.DORA).refused("migration_status", job="1") == 2


@pytest.mark.parametrize("who", [cast.MAX, cast.WES, cast.UMA])
def test_it_is_for_company_and_domain_administrators(as_, who):
    client = as_(who)
    assert client.refused("migration_add", users=[entry()]) == 9
    assert client.refused("migration_jobs") == 9
    assert client.refused("migration_status", job="1") == 9


def test_who_loses_the_role_sees_no_more(alice, as_):
    as_(cast.DORA).ok("migration_add", users=[entry()], job="1")
    alice.ok("set_role", user=cast.DORA, role="domain", object="acme.adm")
    assert as_(cast.DORA).ok("migration_status", job="1")["users"] == []
    assert as_(cast.DORA).refused("migration_trace", job="1", user=cast.UMA) == 9


@pytest.mark.parametrize("field", ["job", "id"])
def test_the_status_before_it_begins(alice, field):
    alice.ok("migration_add", users=[entry()], job="1")
    answer = alice.ok("migration_status", **{field: "1"})
    assert answer["rate"] == "0.000 KiB/s"
    assert answer["users"] == [
        {
            "user": cast.UMA,
            "status": "waiting",
            "data": {
                "config": {"method": "imap4s", "server": "mail.old.example:993", "username": "joe"},
                "folders": {},
                "status": {
                    "bytes": 0, "critical_errors": "0", "fail_count": 0, "foldercount": 0, "migrate_count": 0,
                    "remote_count": "0", "skip_count": 0,
                },
            },
        }
    ]  # fmt: skip


def test_a_trace_before_it_begins_is_20(alice):
    alice.ok("migration_add", users=[entry()], job="1")
    assert alice.refused("migration_trace", job="1", user=cast.UMA) == 20
    assert alice.refused("migration_trace", job="1", user=cast.DORA) == 2
    assert alice.refused("migration_trace", job="2", user=cast.UMA) == 2


def test_a_refused_login_is_told_without_the_password(alice, dead_end):
    alice.ok("migration_add", users=[entry()], job="1")
    dead_end()
    told = alice.ok("migration_status", job="1")["users"][0]
    assert (told["status"], told["error"]) == ("failed", "The server refuses the login: no … here")


def test_a_new_job_does_not_wait_for_one_whose_server_is_silent(alice, dead_end):
    alice.ok("migration_add", users=[entry()], job="1")
    Copy.objects.update(attempts=1, due_at=10**15)
    alice.ok("migration_add", users=[entry(server="mail.old.example:143", method="imap4")], job="2")
    dead_end()
    told = [alice.ok("migration_status", job=job)["users"][0]["error"] for job in ("1", "2")]
    assert told == ["A newer copy takes its place", "The server refuses the login: no … here"]


def test_the_trace_is_a_file_behind_a_link(alice, dead_end, client):
    alice.ok("migration_add", users=[entry()], job="1")
    dead_end()
    url = alice.ok("migration_trace", job="1", user=cast.UMA)["trace"]
    asked = parse_qs(urlsplit(url).query)
    assert (asked["type"], asked["id"], asked["user"]) == (["migrationtrace"], [f"{cast.UMA}:1"], [cast.ALICE])
    assert re.fullmatch("[0-9a-f]{32}", asked["token"][0])
    answer = client.get(f"{urlsplit(url).path}?{urlsplit(url).query}")
    text = b"".join(answer.streaming_content).decode()
    assert "Given up: The server refuses the login" in text
    assert SECRET not in text


@pytest.mark.parametrize(("part", "other"), [("token=", "token=0"), ("id=uma", "id=max"), ("expires=", "expires=9")])
def test_a_changed_link_opens_nothing(alice, dead_end, client, part, other):
    alice.ok("migration_add", users=[entry()], job="1")
    dead_end()
    url = urlsplit(alice.ok("migration_trace", job="1", user=cast.UMA)["trace"])
    assert client.get(f"{url.path}?{url.query.replace(part, other)}").status_code == 403


def test_the_users_history_tells_of_it_without_the_password(alice):
    alice.ok("migration_add", users=[entry()], job="1")
    told = History.objects.get(name=cast.UMA, verb="migration added")
    assert told.changes["migration"][1]["from"] == "joe on mail.old.example:993"
    assert SECRET not in json.dumps(list(History.objects.values_list()), default=str)


def test_the_password_is_not_readable_in_the_database(alice):
    alice.ok("migration_add", users=[entry()], job="1")
    assert SECRET not in repr(list(Copy.objects.values_list()))


def test_another_secret_key_cannot_read_it(alice, dead_end, settings):
    alice.ok("migration_add", users=[entry()], job="1")
    settings.SECRET_KEY = "another"
    dead_end()
    assert Copy.objects.get().failure.startswith("The password was sealed with another")


def test_copied_mail_reaches_the_fake_platform(alice, monkeypatch):
    from postroom.drivers.copying import opening
    from postroom.drivers.copying.contract import Message, Opened, RemoteFolder

    class Small:
        def folders(self):
            return [RemoteFolder(name="INBOX", delimiter=".", path=("INBOX",))]

        def open(self, folder):
            return Opened("7", 2)

        def keys(self, after):
            return [key for key in ("4", "9") if int(key) > int(after or 0)]

        def fetch(self, keys):
            for key in keys:
                yield Message(key=key, size=100, flags=("\\Seen",), data=b"Subject: %s\r\n\r\n" % key.encode())

        def close(self):
            pass

    monkeypatch.setattr(opening, "source", lambda place: Small())
    alice.ok("migration_add", users=[entry()], job="1")
    loop.until_idle()
    while copying.turn(loop.milliseconds):
        pass
    user = alice.ok("migration_status", job="1")["users"][0]
    assert user["status"] == "done"
    assert user["data"]["folders"] == {
        "INBOX": {
            "bytes": 200, "delim": ".", "fail_count": 0, "migrate_count": 2, "next_uid": "10", "remote_count": "2",
            "retry1count": 0, "retry2count": 0, "skip_count": 0,
        }
    }  # fmt: skip
    found = make("fake", {"path": ":memory:"}).stored_mail.messages(cast.UMA, "INBOX")
    assert [(dict(m.headers)["Subject"], m.seen) for m in found] == [("4", True), ("9", True)]
