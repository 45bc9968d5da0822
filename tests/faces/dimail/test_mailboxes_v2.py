"""Mailboxes, second version (specs/dimail.md 3.5, 4.6)."""

import pytest

from postroom.actions import mailboxes
from postroom.core.roles import OPERATOR
from postroom.store.models import History
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import hosted

ALL = f"/v2/domains/{cast.ACME}/mailboxes"
JANE = f"{ALL}/jane.doe"
ADDRESS = f"jane.doe@{cast.ACME}"


def make(client, user, given="", sur=""):
    names = {"givenName": given, "surName": sur, "displayName": ""}
    assert client.post(f"/domains/{cast.ACME}/mailboxes/{user}", names).status == 201


@pytest.fixture
def jane(people) -> Dimail:
    make(people, "jane.doe", "Jane", "Doe")
    return people


def settings_of():
    return cast.row(ADDRESS).settings


def test_a_persons_mailbox(jane):
    assert jane.get(ALL).json == [
        {
            "type": "mailbox", "active": "yes", "imap_active": "yes", "smtp_active": "yes", "email": ADDRESS,
            "features": ["ox"],
            "extras": {
                "ox": {"given_name": "Jane", "sur_name": "Doe", "display_name": "Jane Doe"},
                "schedule": None,
            },
            "dirty_quirks": {"ox-config": {}}, "additionalSenders": [], "rate_limit": None, "quota": None,
        }
    ]  # fmt: skip


def test_a_mailbox_that_is_nobodys(people):
    make(people, "info")
    (found,) = people.get(ALL).json
    assert (found["features"], found["extras"], found["dirty_quirks"]) == ([], {"ox": None, "schedule": None}, None)


def test_without_webmail_there_is_nobody_in_ox(regie):
    hosted(regie, cast.ACME, "mailbox")
    client = regie.with_token()
    make(client, "jane.doe", "Jane", "Doe")
    assert client.get(ALL).json[0]["features"] == []


def test_an_account_that_only_forwards_is_an_alias(people):
    address = f"fwd@{cast.ACME}"
    mailboxes.change(
        OPERATOR, cast.origin(), address, {"type": "forward", "forward_recipients": ["joe@else.where"]},
        create_only=True,
    )  # fmt: skip
    assert [one["type"] for one in people.get(ALL).json] == ["alias"]


def test_reading_is_switched_off_and_on(jane):
    off = jane.patch(JANE, {"imap_active": "no"})
    assert (off.status, off.json["imap_active"], off.json["smtp_active"], off.json["active"]) == (
        200, "no", "yes", "yes",
    )  # fmt: skip
    assert {settings_of()[f"service_{name}"] for name in ("imap4", "pop3", "webmail")} == {"disabled"}
    assert jane.patch(JANE, {"imap_active": "yes"}).json["imap_active"] == "yes"


def test_sending_is_switched_off(jane):
    assert jane.patch(JANE, {"smtp_active": "no"}).json["smtp_active"] == "no"
    assert {settings_of()[f"service_{name}"] for name in ("smtprelay", "smtprelay_webmail")} == {"disabled"}


def test_all_of_it_is_switched_off(jane):
    told = jane.patch(JANE, {"active": "no"}).json
    assert [told[name] for name in ("active", "imap_active", "smtp_active")] == ["no", "no", "no"]


def test_what_an_administrator_above_has_suspended_stays_so(jane):
    mailboxes.change(OPERATOR, cast.origin(), ADDRESS, {"service_imap4": "suspended"})
    answer = jane.patch(JANE, {"imap_active": "yes"})
    assert (answer.status, settings_of()["service_imap4"]) == (403, "suspended")


def test_what_is_suspended_is_off_anyway(jane):
    mailboxes.change(OPERATOR, cast.origin(), ADDRESS, {"service_imap4": "suspended"})
    assert jane.patch(JANE, {"imap_active": "no"}).status == 200
    assert settings_of()["service_imap4"] == "suspended"


def test_names_are_changed(jane):
    sent = {"extras": {"ox": {"given_name": "Joan", "sur_name": "Roe", "display_name": "Joan Roe"}}}
    assert jane.patch(JANE, sent).json["extras"]["ox"] == sent["extras"]["ox"]


@pytest.mark.parametrize("sent", [{}, {"extras": {}}, {"extras": {"ox": {}}}, {"extras": {"ox": None}}])
def test_nothing_said_changes_nothing(jane, sent):
    entries = History.objects.count()
    assert jane.patch(JANE, sent).status == 200
    assert History.objects.count() == entries


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"imap_active": "wait"}, ["body", "imap_active"]),
        ({"extras": {"ox": {"given_name": 7}}}, ["body", "extras", "ox", "given_name"]),
    ],
)
def test_what_is_wrong_is_named(jane, sent, place):
    answer = jane.patch(JANE, sent)
    assert (answer.status, answer.detail[0]["loc"]) == (422, place)


def test_a_name_that_somebody_has_is_a_409(jane):
    make(jane, "bob", "Bob", "Roe")
    answer = jane.patch(JANE, {"extras": {"ox": {"given_name": "Bob", "sur_name": "Roe"}}})
    assert (answer.status, answer.detail) == (409, f"Display name already in use in this context: bob@{cast.ACME}")
