"""Calls that are told to fail."""

import pytest

from tests.faces.dimail_fake.conftest import REGIE, TOWN

CREATE = "POST /domains/{domain}/mailboxes/{user}"


def test_a_call_fails_as_told_and_does_nothing(town):
    town.tell("fail_next", endpoint=CREATE, status=503, body={"detail": "Later"})
    answer = town.mailbox("uma")
    assert (answer.status, answer.json, town.accounts()) == (503, {"detail": "Later"}, [])


def test_as_many_calls_fail_as_told_and_no_more(town):
    town.tell("fail_next", endpoint=CREATE, status=500, times=2)
    assert [town.mailbox("uma").status for _ in range(3)] == [500, 500, 201]


def test_faults_come_in_the_order_in_which_they_were_asked_for(town):
    town.tell("fail_next", endpoint=CREATE, status=500)
    town.tell("fail_next", status=429)
    assert [town.mailbox("uma").status for _ in range(3)] == [500, 429, 201]


def test_other_calls_work_meanwhile(town):
    town.tell("fail_next", endpoint=CREATE, status=500)
    assert town.call("GET", f"/domains/{TOWN}/mailboxes/").status == 200


def test_a_500_without_a_body_is_what_dimail_says(town):
    town.tell("fail_next", endpoint=CREATE, status=500)
    answer = town.mailbox("uma")
    assert (answer.body, answer.headers["Content-Type"]) == (b"Internal Server Error", "text/plain; charset=utf-8")


def test_an_answer_may_be_nonsense(town):
    town.tell("fail_next", endpoint=CREATE, status=201, body="<html>", content_type="application/json")
    answer = town.mailbox("uma")
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (201, b"<html>", "application/json")


def test_a_dropped_call_gets_no_answer_and_does_nothing(town):
    town.tell("fail_next", endpoint=CREATE, drop=True)
    assert (town.mailbox("uma"), town.accounts()) == (None, [])


def test_a_dropped_call_may_have_done_its_work(town):
    town.tell("fail_next", endpoint=CREATE, drop=True, done=True)
    assert town.mailbox("uma") is None
    assert [account["email"] for account in town.accounts()] == [f"uma@{TOWN}"]


def test_a_call_with_another_answer_may_have_done_its_work(town):
    town.tell("fail_next", endpoint=CREATE, status=502, done=True)
    assert [town.mailbox("uma").status for _ in range(2)] == [502, 409]


def test_a_slow_call_is_answered_truly(town):
    town.tell("fail_next", endpoint=CREATE, delay=2.5)
    assert (town.mailbox("uma").status, town.slept) == (201, [2.5])


def test_a_call_that_is_not_slow_does_not_wait(town):
    town.mailbox("uma")
    assert town.slept == []


def test_a_name_may_have_letters_of_any_language(town):
    town.tell("fail_next", endpoint="GET /users/zoé", status=500)
    answers = [town.call("GET", f"/users/{name}".encode().decode("latin-1"), basic=REGIE) for name in ("zoe", "zoé")]
    assert [answer.status for answer in answers] == [403, 500]


def test_waiting_faults_are_shown(town):
    town.tell("fail_next", endpoint=CREATE, status=500, times=2)
    town.mailbox("uma")
    (fault,) = town.tell("state")["faults"]
    assert (fault["endpoint"], fault["times"], fault["status"]) == (CREATE, 1, 500)


def test_faults_can_be_taken_back(town):
    town.tell("fail_next", status=500, times=5)
    assert (town.tell("clear_faults"), town.mailbox("uma").status) == ({"cleared": 1}, 201)


def test_control_itself_never_fails(town):
    town.tell("fail_next", status=500)
    assert town.tell("state")["faults"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"endpoint": CREATE}, "status"),
        ({"status": 500, "drop": True}, "drop"),
        ({"delay": 1, "body": "x"}, "status"),
        ({"status": 204, "body": "x"}, "body"),
        ({"status": 500, "endpoint": "POST /mailboxes"}, "endpoint"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(town, arguments, field):
    assert list(town.refused("fail_next", **arguments)["hints"]) == [field]
    assert town.tell("state")["faults"] == []


@pytest.mark.parametrize(
    "arguments", [{"status": 99}, {"status": 600}, {"times": 0}, {"delay": -1}, {"delay": 121}, {"stauts": 500}]
)
def test_wrong_arguments_are_refused(fakes, arguments):
    assert fakes.refused("fail_next", **{"status": 500, **arguments})["error"]


def test_calls_are_listed_with_what_became_of_them(town):
    town.tell("fail_next", endpoint="GET /token", drop=True)
    town.call("GET", "/token/", basic=REGIE)
    town.mailbox("uma")
    told = [(c["method"], c["path"], c["scheme"], c["status"], c["fault"]) for c in town.tell("calls", last=2)["calls"]]
    assert told == [
        ("GET", "/token/", "basic", None, True),
        ("POST", f"/domains/{TOWN}/mailboxes/uma", "bearer", 201, False),
    ]
