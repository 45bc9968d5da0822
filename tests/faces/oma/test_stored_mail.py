"""Mail that the servers hold: folders, messages, what was deleted, filters, sessions, quota. On the fake platform."""

import pytest

from postroom.drivers import make
from postroom.store.models import Job, Token
from postroom.worker import loop
from tests import cast
from tests.faces.oma.conftest import Client

JOE = "joe@acme.example"
READS = ("get_user_folders", "get_user_messages", "get_deleted_messages", "user_notify", "get_sieve")
DEFAULT_FOLDERS = ["Drafts", "INBOX", "Sent", "Spam", "Trash"]


def work():
    loop.until_idle(lambda: loop.milliseconds() + 1000)


@pytest.fixture
def platform(alice):
    """Acme's mail platform, which knows everybody."""
    work()
    return make("fake", {"path": ":memory:"})


@pytest.fixture
def deliver(platform):
    def deliver(subject="Hi", folder="INBOX", **more):
        told = platform.command("deliver", {"address": cast.UMA, "subject": subject, "folder": folder, **more})
        return told["ids"][0]

    return deliver


@pytest.fixture
def uma(platform):
    return Client(cast.UMA)


def subjects(answer):
    assert answer["count"] == len(answer["messages"])
    return [m["headers"]["Subject"] for m in answer["messages"]]


def log_of(client):
    return [line["msg"] for line in client.ok("get_user_changes", user=cast.UMA)["changes"]]


def gather():
    Job.objects.filter(kind="gather_usage").delete()
    Job.objects.create(kind="gather_usage", key="", due_at=0)
    work()


# --- folders and messages ---------------------------------------------------------------------------


def test_folders_with_dots_between_their_levels(alice, deliver):
    deliver(folder="Work/2026")
    answer = alice.ok("get_user_folders", user=cast.UMA)
    assert answer["folders"] == [*DEFAULT_FOLDERS, "Work.2026"]
    assert answer["deleted_folders"] == []


def test_a_deleted_folder_with_messages_in_it(alice, platform, deliver):
    deliver(folder="Old")
    platform.command("expunge", {"address": cast.UMA, "folder": "Old", "with_folder": True})
    answer = alice.ok("get_user_folders", user=cast.UMA)
    assert ("Old" in answer["folders"], answer["deleted_folders"]) == (False, ["Old"])


def test_messages_of_the_inbox_when_nothing_else_is_said(uma, deliver):
    id = deliver("one", headers={"X-Mark": "1"})
    deliver("elsewhere", folder="Sent")
    answer = uma.ok("get_user_messages", user=cast.UMA, folder=None, limit=None)
    assert subjects(answer) == ["one"]
    assert answer["messages"][0]["id"] == id
    assert answer["messages"][0]["headers"]["X-Mark"] == "1"


def test_the_newest_first_only_with_a_limit(uma, deliver):
    for subject in "abc":
        deliver(subject)
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, recent=True, limit=2)) == ["c", "b"]
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, recent=True)) == ["a", "b", "c"]
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, limit="2")) == ["a", "b"]
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, limit=0)) == []


def test_only_what_nobody_has_seen(uma, deliver):
    deliver("seen", seen=True)
    deliver("new")
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, unseen=1)) == ["new"]


@pytest.mark.parametrize("folder", ["Work.2026", "Work/2026", ".Work.2026"])
def test_a_folder_may_be_named_either_way(uma, deliver, folder):
    deliver("x", folder="Work/2026")
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, folder=folder)) == ["x"]


def test_the_inbox_in_any_case(uma, deliver):
    deliver("x")
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, folder="inbox")) == ["x"]


@pytest.mark.parametrize("method", ["get_user_messages", "get_deleted_messages", "reindex", "move_user_messages"])
def test_26_a_folder_that_is_not_there(alice, platform, method):
    answer = alice.call(method, user=cast.UMA, folder="Nowhere", ids=["1"])
    assert (answer["error_number"], answer["error"]) == (26, "Folder does not exist")


def test_new_mail_until_it_is_seen(uma, deliver):
    assert uma.ok("user_notify", user=cast.UMA)["new_mail"] is False
    deliver(seen=True)
    deliver(folder="Spam")
    assert uma.ok("user_notify", user=cast.UMA)["new_mail"] is False
    deliver()
    assert uma.ok("user_notify", user=cast.UMA)["new_mail"] is True


def test_moving_messages_says_how_it_went_for_each(uma, deliver):
    id = deliver("moved")
    deliver("there", folder="Archive")
    answer = uma.ok("move_user_messages", user=cast.UMA, ids=[id, "bad"], folder="Archive")
    assert [(line["id"], line["success"]) for line in answer["ids"]] == [(id, True), ("bad", False)]
    assert answer["ids"][1]["error_number"] == 2
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, folder="Archive")) == ["there", "moved"]
    assert "messages moved" in log_of(uma)[-1]


def test_moving_without_ids_is_error_5(uma):
    for ids in ({}, {"ids": []}, {"ids": None}):
        assert uma.refused("move_user_messages", user=cast.UMA, folder="Sent", **ids) == 5


def test_too_many_ids_are_error_5(uma):
    assert uma.refused("restore_deleted_messages", user=cast.UMA, ids=[str(n) for n in range(1001)]) == 5


# --- deleted messages -------------------------------------------------------------------------------


def test_deleted_messages_come_back_where_they_were(uma, platform, deliver):
    deliver("kept", folder="Work/2026")
    platform.command("expunge", {"address": cast.UMA, "folder": "Work/2026", "with_folder": True})
    [line] = uma.ok("get_deleted_messages", user=cast.UMA)["messages"]
    assert (line["folder"], line["subject"], line["headers"]["Subject"]) == ("Work.2026", "kept", "kept")

    answer = uma.ok("restore_deleted_messages", user=cast.UMA, ids=[line["id"], "bad"])

    assert answer["ids"] == [
        {"id": line["id"], "success": True},
        {"id": "bad", "success": False, "error_number": 2, "error": "The requested object does not exist"},
    ]
    assert subjects(uma.ok("get_user_messages", user=cast.UMA, folder="Work.2026")) == ["kept"]
    assert uma.ok("get_deleted_messages", user=cast.UMA)["count"] == 0
    assert "messages restored" in log_of(uma)[-1]


@pytest.mark.parametrize("where", [lambda options: options, lambda options: {"attributes": options}])
def test_only_some_headers_of_one_folder(uma, platform, deliver, where):
    deliver("a", folder="A")
    deliver("b", folder="B")
    for folder in "AB":
        platform.command("expunge", {"address": cast.UMA, "folder": folder})
    answer = uma.ok("get_deleted_messages", user=cast.UMA, **where({"folder": "B", "headers": ["subject"]}))
    assert [line["headers"] for line in answer["messages"]] == [{"Subject": "b"}]


def test_options_that_are_null_or_empty_are_not_given(uma, platform, deliver):
    deliver("a")
    platform.command("expunge", {"address": cast.UMA})
    assert subjects(uma.ok("get_deleted_messages", user=cast.UMA, folder=None, headers=[])) == ["a"]


# --- indexing ---------------------------------------------------------------------------------------


def test_reindexing_is_the_workers_work(uma, platform):
    asked = uma.ok("reindex", user=cast.UMA, folder="INBOX")
    assert (len(asked["id"]), asked["status"]) == (32, "pending")
    assert uma.ok("reindex", user=cast.UMA, id=asked["id"])["status"] == "pending"
    work()
    assert uma.ok("reindex", user=cast.UMA, id=asked["id"], folder="ignored")["status"] == "complete"


def test_reindexing_that_fails(uma, platform):
    id = uma.ok("reindex", user=cast.UMA)["id"]
    platform.command("fail_next", {"operation": "reindex", "kind": "permanent"})
    work()
    assert uma.ok("reindex", user=cast.UMA, id=id)["status"] == "failed"


def test_reindexing_waits_for_a_platform_that_is_away(uma, platform):
    id = uma.ok("reindex", user=cast.UMA)["id"]
    platform.command("fail_next", {"operation": "reindex"})
    work()
    assert uma.ok("reindex", user=cast.UMA, id=id)["status"] == "pending"
    loop.until_idle(lambda: loop.milliseconds() + 3_600_000)
    assert uma.ok("reindex", user=cast.UMA, id=id)["status"] == "complete"


def test_another_accounts_reindexing_is_not_there(alice, uma):
    id = uma.ok("reindex", user=cast.UMA)["id"]
    assert alice.refused("reindex", user=cast.MAX, id=id) == 2


# --- sessions ---------------------------------------------------------------------------------------


def test_logging_out_ends_live_sessions_and_tokens(alice, platform):
    for service in ("imap4", "pop3"):
        platform.command("sign_in", {"address": cast.UMA, "service": service})
    platform.command("sign_in", {"address": cast.MAX})
    alice.ok("generate_token", user=cast.UMA, reason="x")
    alice.ok("logout_user", user=cast.UMA)
    assert [s["address"] for s in platform.command("state", {})["sessions"]] == [cast.MAX]
    assert not Token.objects.filter(mailbox=cast.row(cast.UMA)).exists()


def test_when_sessions_cannot_be_ended_the_caller_is_told_and_the_tokens_are_gone(alice, platform):
    alice.ok("generate_token", user=cast.UMA, reason="x")
    platform.command("fail_next", {"operation": "kick"})
    assert alice.refused("logout_user", user=cast.UMA) == 22
    assert not Token.objects.filter(mailbox=cast.row(cast.UMA)).exists()
    alice.ok("logout_user", user=cast.UMA)


def test_an_account_that_has_not_reached_its_platform_is_logged_out_all_the_same(alice, platform):
    alice.new_user(JOE)
    alice.ok("logout_user", user=JOE)


# --- filters ----------------------------------------------------------------------------------------


def test_filters_are_kept_by_name_and_one_is_active(uma):
    answer = uma.ok("set_sieve", user=cast.UMA, ruleset="managesieve", data="keep;", active_rule="managesieve")
    assert answer["rulesets"] == {"managesieve": "updated"}
    assert answer["active_rule"] == "updated to managesieve"
    answer = uma.ok("set_sieve", user=cast.UMA, ruleset="holiday", data="stop;")
    assert (answer["rulesets"], "active_rule" in answer) == ({"holiday": "updated"}, False)
    shown = uma.ok("get_sieve", user=cast.UMA)
    assert shown["rulesets"] == {"holiday": "stop;", "managesieve": "keep;"}
    assert shown["active_rule"] == "managesieve"


def test_no_filters_at_first(uma):
    answer = uma.ok("get_sieve", user=cast.UMA)
    assert (answer["rulesets"], answer["active_rule"]) == ({}, None)


def test_switching_without_data(uma):
    for name in ("a", "b"):
        uma.ok("set_sieve", user=cast.UMA, ruleset=name, data="keep;", active_rule=name)
    answer = uma.ok("set_sieve", user=cast.UMA, ruleset="a", active_rule="a")
    assert (answer["rulesets"], answer["active_rule"]) == ({}, "updated to a")
    assert uma.ok("set_sieve", user=cast.UMA, ruleset="a", active_rule="a")["active_rule"] == "already set to a"


def test_null_deletes(uma):
    uma.ok("set_sieve", user=cast.UMA, ruleset="a", data="keep;", active_rule="a")
    assert uma.ok("set_sieve", user=cast.UMA, ruleset="a", data=None)["rulesets"] == {"a": "deleted"}
    assert uma.ok("get_sieve", user=cast.UMA)["rulesets"] == {}
    assert uma.user()["sieve"] == ""


@pytest.mark.parametrize(
    "fields",
    [{"ruleset": "gone"}, {"ruleset": "gone", "data": None}, {"ruleset": "a", "data": "keep;", "active_rule": "gone"},
     {"ruleset": "a", "data": None, "active_rule": "a"}],
)  # fmt: skip
def test_a_filter_that_is_not_there_is_error_2_and_nothing_changes(uma, fields):
    uma.ok("set_sieve", user=cast.UMA, ruleset="a", data="stop;")
    assert uma.refused("set_sieve", user=cast.UMA, **fields) == 2
    assert uma.ok("get_sieve", user=cast.UMA)["rulesets"] == {"a": "stop;"}


def test_a_syntax_error_is_a_hint_with_its_line(uma):
    answer = uma.call("set_sieve", user=cast.UMA, ruleset="a", data="keep;\nif true {", active_rule="a")
    assert (answer["error_number"], answer["hints"]["data"][:7]) == (6, "line 2:")
    assert uma.ok("get_sieve", user=cast.UMA)["rulesets"] == {}


@pytest.mark.parametrize(
    ("fields", "number"),
    [({"ruleset": "a/b", "data": "keep;"}, 5), ({"ruleset": "x" * 200, "data": "keep;"}, 5), ({"data": "keep;"}, 5),
     ({"ruleset": "a", "data": {}}, 5), ({"ruleset": "a", "data": "#" * 65_537}, 6),
     ({"ruleset": "a", "data": "keep;", "active_rule": ".x"}, 5)],
)  # fmt: skip
def test_what_no_filter_can_be(uma, fields, number):
    assert uma.refused("set_sieve", user=cast.UMA, **fields) == number


def test_the_attribute_shows_the_active_filter(uma):
    uma.ok("set_sieve", user=cast.UMA, ruleset="a", data="stop;", active_rule="a")
    assert uma.user()["sieve"] == "stop;"
    uma.ok("set_sieve", user=cast.UMA, ruleset="a", data="keep;")
    assert uma.user()["sieve"] == "keep;"
    assert "set sieve to keep;" in log_of(uma)[-1]


def test_the_attribute_becomes_the_active_filter(uma):
    uma.set_user(sieve="keep;")
    work()
    assert uma.ok("get_sieve", user=cast.UMA)["rulesets"] == {"managesieve": "keep;"}
    uma.ok("set_sieve", user=cast.UMA, ruleset="b", data="stop;", active_rule="b")
    uma.set_user(sieve="discard;")
    work()
    shown = uma.ok("get_sieve", user=cast.UMA)
    assert (shown["rulesets"]["b"], shown["active_rule"]) == ("discard;", "b")


def test_an_empty_attribute_switches_the_filter_off(uma):
    uma.set_user(sieve="keep;")
    work()
    uma.set_user(sieve=None)
    work()
    shown = uma.ok("get_sieve", user=cast.UMA)
    assert (shown["rulesets"], shown["active_rule"]) == ({"managesieve": "keep;"}, None)


def test_a_syntax_error_in_the_attribute_changes_nothing(uma):
    answer = uma.call("change_user", user=cast.UMA, attributes={"name": "x", "sieve": 'redirect "'})
    assert (answer["error_number"], list(answer["hints"])) == (6, ["sieve"])
    assert uma.user()["name"] == ""


def test_a_new_account_with_a_filter(alice, platform):
    assert alice.refused("change_user", user=JOE, attributes={"password": cast.HASH, "sieve": "if {"}) == 6
    assert alice.refused("get_user", user=JOE) == 2
    alice.new_user(JOE, sieve="stop;")
    assert alice.ok("get_sieve", user=JOE)["rulesets"] == {}
    work()
    assert alice.ok("get_sieve", user=JOE)["active_rule"] == "managesieve"


def test_the_filter_waits_for_a_platform_that_is_away(uma, platform):
    uma.set_user(sieve="keep;")
    platform.command("fail_next", {"operation": "put_script"})
    work()
    assert uma.ok("get_sieve", user=cast.UMA)["rulesets"] == {}
    loop.until_idle(lambda: loop.milliseconds() + 3_600_000)
    assert uma.ok("get_sieve", user=cast.UMA)["active_rule"] == "managesieve"


# --- quota ------------------------------------------------------------------------------------------


def test_what_is_stored_is_shown_after_a_while(alice, deliver):
    quota = alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]
    assert (quota["bytes_used"], quota["messages_used"]) == (0, 0)
    deliver(size=700)
    deliver(size=300, folder="Sent")
    gather()
    quota = alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]
    assert (quota["bytes_used"], quota["messages_used"]) == (1000, 2)


def test_full_storage_is_a_status_until_there_is_room(alice, platform, deliver):
    alice.set_user(quota=1)
    deliver(size=2**20)
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "quota"
    assert alice.users(criteria={"status": ["quota"]}) == [cast.UMA]
    assert cast.UMA not in alice.users(criteria={"status": ["active"]})
    lines = {u["user"]: u["status"] for u in alice.ok("search_users", criteria={"domain": cast.ACME})["users"]}
    assert (lines[cast.UMA], lines[cast.MAX]) == ("quota", "active")

    alice.set_user(quota=2)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "active"
    alice.set_user(quota=1)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "quota"

    platform.command("expunge", {"address": cast.UMA})
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "active"


def test_a_suspended_account_is_not_called_full(alice, deliver):
    alice.set_user(quota=1, service_smtpin="suspended", service_smtprelay="suspended")
    deliver(size=2**20)
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "suspended"
    assert alice.users(criteria={"status": "quota"}) == []
    assert alice.users(criteria={"status": ["suspended"]}) == [cast.UMA]


def test_a_platform_that_is_away_leaves_the_last_numbers(alice, platform, deliver):
    deliver(size=10)
    gather()
    platform.command("fail_next", {"operation": "usage"})
    deliver(size=10)
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]["bytes_used"] == 10


def test_pages_of_mailboxes(alice, platform, deliver, monkeypatch):
    monkeypatch.setattr("postroom.drivers.contract.USAGE_PAGE", 2)
    monkeypatch.setattr("postroom.worker.usage._AT_A_TIME", -1)
    deliver(size=5)
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]["messages_used"] == 1
    assert not Job.objects.filter(kind="platform_usage").exists()


# --- when it cannot be done -------------------------------------------------------------------------


def test_an_account_that_is_new_has_no_mail_yet(alice):
    assert alice.ok("get_user_folders", user=cast.UMA)["folders"] == DEFAULT_FOLDERS
    assert alice.ok("get_user_messages", user=cast.UMA)["messages"] == []
    assert alice.ok("get_deleted_messages", user=cast.UMA)["messages"] == []
    assert alice.ok("user_notify", user=cast.UMA)["new_mail"] is False
    assert alice.ok("get_sieve", user=cast.UMA)["rulesets"] == {}
    assert alice.refused("get_user_messages", user=cast.UMA, folder="Nowhere") == 26


@pytest.mark.parametrize(
    ("method", "fields"),
    [("move_user_messages", {"ids": ["1"]}), ("restore_deleted_messages", {"ids": ["1"]}),
     ("reindex", {"folder": "INBOX"}), ("set_sieve", {"ruleset": "a", "data": "keep;"})],
)  # fmt: skip
def test_22_nothing_can_be_changed_for_one_that_is_new(alice, method, fields):
    assert alice.refused(method, user=cast.UMA, **fields) == 22


CALLS = [(method, {}) for method in READS] + [
    ("move_user_messages", {"ids": ["1"]}),
    ("restore_deleted_messages", {"ids": ["1"]}),
    ("reindex", {"folder": "INBOX"}),
    ("set_sieve", {"ruleset": "a", "data": "keep;"}),
    ("logout_user", {}),
    ("change_user", {"attributes": {"sieve": "keep;"}}),
]


@pytest.mark.parametrize(("method", "fields"), CALLS)
@pytest.mark.parametrize(("kind", "number"), [("temporary", 22), ("permanent", 28)])
def test_a_platform_that_fails_says_nothing_of_itself(alice, platform, method, fields, kind, number):
    platform.command("fail_next", {"operation": "any", "kind": kind, "reason": "host db7.internal is on fire"})
    answer = alice.call(method, user=cast.UMA, **fields)
    assert answer["error_number"] == number
    assert "db7.internal" not in str(answer) and "fire" not in str(answer)


@pytest.mark.parametrize("method", [*READS, "reindex", "logout_user"])
@pytest.mark.parametrize(("user", "number"), [("nobody@acme.example", 2), ("x@nowhere.example", 9)])
def test_who_is_not_there(alice, method, user, number):
    assert alice.refused(method, user=user) == number


def test_an_alias_is_error_3(alice):
    alice.set_user(aliases=["sales"])
    assert alice.refused("get_user_folders", user="sales@acme.example") == 3


@pytest.mark.parametrize("method", [*READS, "reindex", "logout_user"])
def test_users_see_their_own_mail_only(uma, method):
    uma.ok(method, user=cast.UMA)
    assert uma.refused(method, user=cast.MAX) == 9


def test_platforms_that_hold_no_mail_to_look_at(alice, platform, monkeypatch):
    monkeypatch.setattr(type(platform), "stored_mail", None)
    for method in READS:
        assert alice.refused(method, user=cast.UMA) == 5
    alice.ok("logout_user", user=cast.UMA)
    alice.set_user(sieve="keep;")
    gather()
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]["bytes_used"] == 0
