"""A day of mail, and its numbers: as the servers have counted it, in what OMA tells."""

import csv
import time
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser

from postroom.actions import admin_roles
from postroom.core.roles import OPERATOR
from postroom.store import jobs
from postroom.store.models import DomainDay, Mailbox, MailCount, MailSent
from tests import cast
from tests.faces.oma.conftest import Client
from tests.servers import hosting
from tests.servers.clients import HOST, ManageSieve, Sink, free_port, message, submit, wait_for
from tests.servers.letters import FRIEND, as_bytes, kept, send

SPAM = {"x_test_score": 9}
COUNTED = ("delivered", "spam", "forwarded", "autoresponses")


@pytest.fixture
def host(host):
    """Not just before midnight: the numbers are to be of one day."""
    while datetime.now(UTC).strftime("%H:%M") >= "23:58":
        time.sleep(1)
    return host


def id_of(host, local_part):
    return Mailbox.objects.get(address=host.address(local_part)).pk


def noted(host, local_part):
    found = MailCount.objects.filter(mailbox_id=id_of(host, local_part)).values(*COUNTED).first() or {}
    return {name: number for name, number in found.items() if number}


def await_counts(host, **expected):
    """Until the helper has written them: a name, its numbers that are not 0."""
    try:
        hosting.soon(lambda: all(noted(host, name) == counts for name, counts in expected.items()), within=2)
    except AssertionError:
        assert {name: noted(host, name) for name in expected} == expected


def count_today(host):
    """As the worker does when a day is over. It may be counting already, and past this company: then it begins anew."""
    DomainDay.objects.filter(domain=host.domain).delete()
    today = datetime.now(UTC).date().isoformat()
    jobs.enqueue("count_day", today, time.time_ns() // 1_000_000)
    # Where a worker lost its database (in another story) while it counted, the job is its for five minutes.
    wait_for(lambda: DomainDay.objects.filter(domain=host.domain, day=today).exists(), within=330)


def administrator(host):
    """Of the company, as a client of OMA."""
    host.mailbox("boss")
    admin_roles.assign(OPERATOR, cast.origin(), host.address("boss"), "company", [host.company])
    return Client(host.address("boss"), hosting.PASSWORD)


def test_what_came_in_is_counted_for_each_account(host, outside):
    host.mailbox("uma")
    host.mailbox("pia", filterdelivery="passthrough")
    host.mailbox("fay", delivery_forward=True, forward_recipients=["a@one.example", "b@one.example"])
    host.mailbox("abe", delivery_autoresponder=True, autoresponder="Away")
    host.mailbox("all", type="forward", forward_recipients=["c@one.example", host.address("uma")])
    send(host, "uma")
    send(host, "uma", **SPAM)
    send(host, "pia", **SPAM)
    send(host, "uma", "pia")
    for name in ("fay", "abe", "abe", "all"):
        send(host, name)
    await_counts(
        host,
        uma={"delivered": 4, "spam": 1},  # the last by way of `all`
        pia={"delivered": 2, "spam": 1},
        fay={"delivered": 1, "forwarded": 1},
        abe={"delivered": 2, "autoresponses": 1},  # the friend has been told once
        all={"delivered": 1, "forwarded": 1},
    )
    assert len(kept(host, "pia")) == 2


def test_spam_that_is_passed_through_goes_on_through_the_other_scripts(host, outside):
    forwards = {"delivery_forward": True, "forward_recipients": ["a@one.example"]}
    host.mailbox("pia", filterdelivery="passthrough", **forwards)
    with ManageSieve(host.stack, host.address("pia"), hosting.PASSWORD) as session:
        session.put("mine", 'require ["fileinto", "mailbox"]; fileinto :create "Mine"; stop;')
        session.activate("mine")
    send(host, "pia", **SPAM)
    send(host, "pia")
    await_counts(host, pia={"delivered": 2, "spam": 1, "forwarded": 2})
    assert len(kept(host, "pia", "Mine")) == 2


def test_mail_for_a_filter_account_s_server_is_not_forwarded(host):
    with Sink(free_port()) as theirs:
        host.change_domain(filtermx=f"{HOST}:{theirs.server_address[1]}")
        host.mailbox("fil", type="filter")
        send(host, "fil")
        theirs.await_mail()
    await_counts(host, fil={"delivered": 1})


def test_the_numbers_of_a_day_in_oma(host, outside):
    uma = host.mailbox("uma")
    host.mailbox("abe", delivery_autoresponder=True, autoresponder="Away")
    boss = administrator(host)
    mail = message(FRIEND, uma)
    send(host, "uma", content=mail)
    send(host, "uma", **SPAM)
    others = [host.address("abe"), "x@one.example", "y@one.example"]
    assert submit(host.stack, uma, hosting.PASSWORD, others).code == 250
    hosting.at_rest(host.stack)
    await_counts(host, uma={"delivered": 3, "spam": 1}, abe={"delivered": 1, "autoresponses": 1})
    count_today(host)
    [day] = boss.ok("stats_summary", type="domain", object=host.domain, by="day")["summary"]
    told = day["messages"]
    assert told["bytes_in"] > 4 * len(as_bytes(mail))
    assert told["bytes_relay"] == MailSent.objects.get(mailbox_id=id_of(host, "uma")).bytes > 200
    numbers = {name: number for name, number in told.items() if not name.startswith("bytes")}
    assert numbers == {"delivered": 4, "spam": 1, "autoresponse": 1, "forward": 0, "sent": 1, "recipients": 3}
    of_company = boss.ok("stats_summary", type="company", object=host.company)["summary"]
    assert of_company[-1]["messages"] == told
    [of_uma] = boss.ok("stats_summary", type="user", object=uma)["summary"]
    assert (of_uma["messages"]["delivered"], of_uma["messages"]["recipients"]) == (3, 3)


def test_the_file_behind_a_link(host):
    uma = host.mailbox("uma")
    boss = administrator(host)
    count_today(host)
    today = f"{datetime.now(UTC):%Y%m%d}"
    url = boss.ok("stats_snapshot", type="domain", object=host.domain, date=today)["snapshot"]
    parts = urlsplit(url)
    answer = Browser().get(parts.path, parse_qs(parts.query), headers={"host": "localhost"})
    lines = list(csv.DictReader(b"".join(answer).decode().splitlines()))
    assert [line["address"] for line in lines] == [host.address("boss"), uma]
