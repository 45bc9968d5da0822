"""What accounts have sent, and their limit: get_user and search_users (oma.md sections 5.5 and 7.4)."""

import time

import pytest
from django.db import connection

from postroom.actions import mail_flow, setup
from postroom.core.mail.traffic import Outgoing
from postroom.store.models import MailSent
from tests import cast


@pytest.fixture
def acme(db):
    """On servers of our own: others count nothing."""
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()


def send(recipients, who=cast.UMA, ago=0):
    assert mail_flow.count(who, Outgoing(recipients), "smtprelay", time.time() - ago).allowed


def metadata(client, who=cast.UMA):
    return client.ok("get_user", user=who)["metadata"]


def lines(client, **fields):
    found = client.ok("search_users", criteria={"domain": cast.ACME, **fields.pop("criteria", {})}, **fields)["users"]
    return {line["user"]: line for line in found}


def with_status(client, *statuses):
    return set(lines(client, criteria={"status": list(statuses)}))


def test_it_is_told_how_much_was_sent(alice):
    send(3)
    send(4, ago=20 * 3600)
    limit = metadata(alice)["smtp_limit"]
    assert (limit["sent"], limit["max"]) == (7, 1000)


def test_after_a_day_it_counts_no_more(alice):
    send(4, ago=24 * 3600 + 1)
    assert metadata(alice)["smtp_limit"]["sent"] == 0


@pytest.mark.parametrize(("sent", "status"), [(4, "active"), (5, "smtplimit")])
def test_at_the_limit_the_status_is_smtplimit(alice, sent, status):
    alice.set_user(smtp_sent_limit=5)
    send(sent)
    assert metadata(alice)["status"] == lines(alice)[cast.UMA]["status"] == status


def test_a_suspended_account_is_suspended_first(alice):
    alice.set_user(smtp_sent_limit=5)
    send(5)
    alice.set_user(service_smtpin="suspended", service_smtprelay="suspended")
    assert metadata(alice)["status"] == lines(alice)[cast.UMA]["status"] == "suspended"


def test_a_limit_of_nothing_is_not_reached_by_sending_nothing(alice):
    alice.set_user(smtp_sent_limit=0)
    assert metadata(alice)["status"] == lines(alice)[cast.UMA]["status"] == "active"
    assert with_status(alice, "smtplimit") == set()


def test_lists_tell_the_limit_in_force_and_what_was_sent(alice):
    alice.set_domain(smtp_sent_limit=50)
    alice.set_user(cast.DORA, smtp_sent_limit=7, aliases=["it"])
    send(2, cast.DORA)
    told = {user: line["smtplimit"] for user, line in lines(alice, fields=["smtplimit"]).items()}
    assert (told[cast.UMA]["max"], told[cast.UMA]["sent"]) == (50, 0)
    assert (told[cast.DORA]["max"], told[cast.DORA]["sent"]) == (7, 2)
    assert told["it@acme.example"] == told[cast.DORA]


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        (["smtplimit"], {cast.UMA}),
        (["active"], {cast.MAX, cast.WES}),
        (["suspended"], {cast.DORA}),
        (["active", "smtplimit"], {cast.UMA, cast.MAX, cast.WES}),
        (["smtplimit", "suspended"], {cast.UMA, cast.DORA}),
        (["active", "suspended"], {cast.MAX, cast.WES, cast.DORA}),
        (["active", "smtplimit", "suspended"], {cast.UMA, cast.MAX, cast.WES, cast.DORA}),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_accounts_are_found_by_status(alice, statuses, found):
    alice.set_domain(smtp_sent_limit=5)
    send(5)
    send(4, cast.MAX)
    alice.set_user(cast.DORA, service_smtpin="suspended", service_smtprelay="suspended")
    assert with_status(alice, *statuses) == found


def test_each_account_is_in_the_list_of_its_status_and_in_no_other(alice):
    alice.set_domain(smtp_sent_limit=5)
    send(5)
    everybody = {user: line["status"] for user, line in lines(alice).items()}
    for status in ("active", "suspended", "smtplimit", "quota"):
        assert with_status(alice, status) == {user for user, told in everybody.items() if told == status}


def statements(client, method, **fields):
    """How many statements a call runs, Django's and ours."""
    driver = connection.connection
    seen = []
    if connection.vendor == "sqlite":
        driver.set_trace_callback(seen.append)
    else:
        pytest.skip("counted on SQLite")
    try:
        client.ok(method, **fields)
    finally:
        driver.set_trace_callback(None)
    return len([text for text in seen if "mail_sent" in text])


def test_a_list_asks_once_for_all(alice):
    criteria = {"domain": cast.ACME}
    assert statements(alice, "search_users", criteria=criteria) == 1
    MailSent.objects.bulk_create(MailSent(mailbox_id=n, slot=n, recipients=1) for n in range(100))
    assert statements(alice, "search_users", criteria=criteria) == 1


def test_an_account_asks_once(alice):
    assert statements(alice, "get_user", user=cast.UMA) == 1


def test_the_last_sign_in_is_told(alice):
    send(1)
    assert abs(metadata(alice)["last_login"]["smtprelay"] - time.time()) < 60
