"""The life of a domain as La Suite's People leads it (specs/people.md 4.1), each branch by a command."""

import pytest

from tests.faces.dimail_fake.conftest import REGIE, TOWN

EXTERNAL = ("domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim")
INTERNAL = ("postfix", "ox", "cert", "webmail_ok")


@pytest.fixture
def fresh(fakes):
    """A domain that nobody has checked."""
    fakes.tell("seed", users=[{"name": REGIE[0], "password": REGIE[1], "perms": ["new_domain"]}])
    wish = {"name": TOWN, "features": ["webmail", "mailbox", "alias"], "context_name": TOWN, "delivery": "virtual"}
    assert fakes.ok("POST", "/domains/", wish, basic=REGIE)["state"] == "new"
    fakes.token = fakes.ok("GET", "/token/", basic=REGIE)["access_token"]
    return fakes


def peoples_status(fakes, call="check"):
    """What People makes of the answer: enabled, action_required or failed; and the failing test that it shows."""
    answer = fakes.ok("GET", f"/domains/{TOWN}/{call}/", basic=REGIE)
    tests = {name: test for name, test in answer.items() if isinstance(test, dict) and "internal" in test}
    failing = {name: test["errors"][0]["detail"] for name, test in tests.items() if not test["ok"]}
    if answer["state"] == "ok":
        assert not failing
        return "enabled", failing
    outside = any(not test["ok"] and test["internal"] is False for test in tests.values())
    return ("action_required" if outside else "failed"), failing


def test_a_domain_that_is_right_is_enabled(fresh):
    assert peoples_status(fresh) == ("enabled", {})


@pytest.mark.parametrize("test", EXTERNAL)
def test_each_outside_test_requires_action(fresh, test):
    fresh.tell("set_check", domain=TOWN, test=test, ok=False, detail="look here")
    status, failing = peoples_status(fresh)
    assert (status, list(failing), failing[test].startswith("look here")) == ("action_required", [test], True)


@pytest.mark.parametrize("test", INTERNAL)
def test_each_inside_test_fails_and_is_fixed(fresh, test):
    fresh.tell("set_check", domain=TOWN, test=test, ok=False, detail="broken here")
    assert peoples_status(fresh) == ("failed", {test: "broken here"})
    assert peoples_status(fresh, "fix") == ("enabled", {})


def test_a_fix_may_not_help(fresh):
    fresh.tell("set_check", domain=TOWN, test="cert", ok=False)
    fresh.tell("set_fix", domain=TOWN, repairs=False)
    assert peoples_status(fresh, "fix")[0] == "failed"


def test_a_fix_may_find_something_outside(fresh):
    fresh.tell("set_check", domain=TOWN, test="cert", ok=False)
    fresh.tell("set_fix", domain=TOWN, breaks="mx")
    status, failing = peoples_status(fresh, "fix")
    assert (status, list(failing)) == ("action_required", ["mx"])


def test_a_domain_that_is_put_right_is_enabled(fresh):
    fresh.tell("set_check", domain=TOWN, test="mx", ok=False)
    assert peoples_status(fresh)[0] == "action_required"
    fresh.tell("clear_checks", domain=TOWN)
    assert peoples_status(fresh) == ("enabled", {})


def test_an_enabled_domain_may_break(fresh):
    assert peoples_status(fresh)[0] == "enabled"
    fresh.tell("set_check", domain=TOWN, test="spf", ok=False)
    assert peoples_status(fresh)[0] == "action_required"


def test_without_a_detail_there_is_a_sentence_for_the_owner(fresh):
    fresh.tell("set_check", domain=TOWN, test="mx", ok=False)
    assert TOWN in peoples_status(fresh)[1]["mx"]


def test_a_mailbox_of_a_domain_that_waits_is_there_once_it_is_enabled(fresh):
    assert fresh.mailbox("uma").status == 201
    before = fresh.tell("state", domain=TOWN)["mailboxes"]
    assert peoples_status(fresh)[0] == "enabled"
    assert (before, [account["email"] for account in fresh.accounts()]) == ([], [f"uma@{TOWN}"])


@pytest.mark.parametrize("written", [f" {TOWN.upper()}", f"{TOWN}."])
def test_a_domain_may_be_written_in_any_way(fresh, written):
    fresh.tell("set_check", domain=written, test="mx", ok=False)
    assert peoples_status(fresh)[0] == "action_required"
    fresh.tell("clear_checks", domain=written)
    assert peoples_status(fresh)[0] == "enabled"


@pytest.mark.parametrize("command", ["set_check", "set_fix", "clear_checks", "state"])
def test_what_can_be_no_domain_cannot_be_commanded(fresh, command):
    more = {"test": "mx", "ok": False} if command == "set_check" else {}
    assert "domain" in fresh.refused(command, domain="not a domain", **more)["hints"]


def test_an_unknown_test_cannot_be_commanded(fresh):
    assert "test" in fresh.refused("set_check", domain=TOWN, test="moon", ok=False)["hints"]
