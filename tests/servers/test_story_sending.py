"""What an account may send: as whom, and to how many."""

import os
import signal

import pytest
from django.db.models import F

from postroom.drivers.mailstack import processes
from postroom.store.models import Mailbox, MailSent
from tests.proofs import proves
from tests.servers.clients import message, submit, wait_for
from tests.servers.hosting import PASSWORD, soon

FRIEND = "friend@elsewhere.example"
SLOTS_OF_A_DAY = 96


@pytest.fixture(autouse=True)
def _somebody_takes_it(outside):
    """Else what was sent would stay in the queue."""


def send(host, login, recipients=1, *, sender=None, port="submission"):
    """The server's word on the message: 250, or (code, text)."""
    to = [f"friend{number}@elsewhere.example" for number in range(recipients)]
    outcome = submit(host.stack, login, PASSWORD, to, message(login, to[0]), sender=sender, port=port)
    return outcome.code if outcome.code == 250 else (outcome.code, outcome.text)


def codes(host, login, *recipients, **how):
    answers = [send(host, login, number, **how) for number in recipients]
    return [answer if isinstance(answer, int) else answer[0] for answer in answers]


# To how many


@proves("smtp_sent_limit")
def test_01_more_messages_than_the_limit_are_refused(host):
    uma = host.mailbox("uma", smtp_sent_limit=3)
    assert codes(host, uma, 1, 1, 1, 1) == [250, 250, 250, 550]


@proves("smtp_sent_limit")
def test_02_each_recipient_counts(host):
    uma = host.mailbox("uma", smtp_sent_limit=5)
    assert codes(host, uma, 3, 3, 2, 1) == [250, 550, 250, 550]


@proves("smtp_sent_limit")
def test_03_a_refusal_says_how_many_and_when(host):
    uma = host.mailbox("uma", smtp_sent_limit=2)
    too_large = send(host, uma, 3)
    send(host, uma, 2)
    assert "has 3 recipients" in too_large[1]
    assert "2 recipients in 24 hours; the message can be sent in 2" in send(host, uma)[1]


@proves("smtp_sent_limit")
def test_04_what_webmail_sends_counts_too(host):
    uma = host.mailbox("uma", smtp_sent_limit=2)
    ports = ("submission", "webmail_submission", "submission", "webmail_submission")
    assert [codes(host, uma, 1, port=port)[0] for port in ports] == [250, 250, 550, 550]


@proves("smtp_sent_limit")
def test_05_a_raised_limit_holds_from_the_next_message_on(host):
    uma = host.mailbox("uma", smtp_sent_limit=1)
    before = codes(host, uma, 1, 1)
    host.change("uma", smtp_sent_limit=2)
    assert before + codes(host, uma, 1, 1) == [250, 550, 250, 550]


@proves("smtp_sent_limit")
def test_06_a_lowered_limit_holds_from_the_next_message_on(host):
    uma = host.mailbox("uma", smtp_sent_limit=10)
    before = codes(host, uma, 1, 1)
    host.change("uma", smtp_sent_limit=2)
    assert before + codes(host, uma, 1) == [250, 250, 550]


@proves("smtp_sent_limit")
def test_07_with_a_limit_of_nothing_nothing_is_sent(host):
    assert codes(host, host.mailbox("uma", smtp_sent_limit=0), 1) == [550]


@proves("smtp_sent_limit")
def test_08_each_account_has_a_limit_of_its_own(host):
    uma, max_ = host.mailbox("uma", smtp_sent_limit=1), host.mailbox("max", smtp_sent_limit=1)
    assert codes(host, uma, 1, 1) + codes(host, max_, 1, 1) == [250, 550, 250, 550]


@proves("smtp_sent_limit")
@pytest.mark.parametrize("level", ["change_domain", "change_company"])
def test_09_who_has_no_limit_takes_it_from_above(host, level):
    uma, max_, wes = host.mailbox("uma"), host.mailbox("max", smtp_sent_limit=3), host.mailbox("wes")
    getattr(host, level)(smtp_sent_limit=1)
    soon(lambda: codes(host, wes, 2) == [550])
    assert codes(host, uma, 1, 1) + codes(host, max_, 2, 1, 1) == [250, 550, 250, 250, 550]


@proves("smtp_sent_limit")
def test_10_what_was_sent_a_day_ago_counts_no_more(host):
    uma = host.mailbox("uma", smtp_sent_limit=2)
    before = codes(host, uma, 2, 1)
    counted = MailSent.objects.filter(mailbox_id=Mailbox.objects.get(address=uma).id)
    counted.update(slot=F("slot") - (SLOTS_OF_A_DAY - 1))
    within = codes(host, uma, 1)
    counted.update(slot=F("slot") - 1)
    assert (before, within, codes(host, uma, 2, 1)) == ([250, 550], [550], [250, 550])


@proves("smtp_sent_limit")
def test_11_what_was_counted_survives_the_helper(host):
    uma = host.mailbox("uma", smtp_sent_limit=2)
    before = codes(host, uma, 1)
    kill_the_helper(host.stack)
    assert before + codes(host, uma, 1, 1) == [250, 250, 550]


def kill_the_helper(stack):
    """The keeper starts another one."""

    def helper():
        return next((p for p in processes.recorded(stack.dir / "run") if p.name == "helper"), None)

    before = helper()
    os.killpg(before.pid, signal.SIGKILL)
    soon(lambda: (now := helper()) and now.pid != before.pid and now.answering, within=3)


@proves("smtp_sent_limit")
def test_12_what_is_refused_goes_to_nobody(host, outside):
    uma = host.mailbox("uma", smtp_sent_limit=1)
    codes(host, uma, 2, 1)
    wait_for(lambda: outside.received)
    assert [recipients for _, recipients, _ in outside.received] == [["friend0@elsewhere.example"]]


# As whom


@proves("aliases", "account")
@pytest.mark.parametrize("form", ["uma@{}", "sales@{}", "uma+news@{}", "UMA@{}"])
def test_13_one_s_own_addresses_may_be_used(host, form):
    uma = host.mailbox("uma", aliases=["sales"])
    assert send(host, uma, sender=form.format(host.domain)) == 250


@proves("aliases")
def test_14_an_alias_may_be_used_as_soon_as_it_is_there_and_as_long(host):
    uma, seen = host.mailbox("uma"), []
    for aliases in ([], ["sales"], []):
        host.change("uma", aliases=aliases)
        seen += codes(host, uma, 1, sender=f"sales@{host.domain}")
    assert seen == [553, 250, 553]


@proves("account")
@pytest.mark.parametrize("form", ["max@{}", "boss@{}", "nobody@{}", "uma@elsewhere.{}"])
def test_15_others_addresses_may_not_be_used(host, form):
    uma = host.mailbox("uma")
    host.mailbox("max", aliases=["boss"])
    assert codes(host, uma, 1, sender=form.format(host.domain)) == [553]


@proves("wm_domainalias")
@pytest.mark.parametrize("port", ["submission", "webmail_submission"])
def test_16_addresses_in_alias_domains_may_be_used_where_that_is_allowed(host, port):
    host.change_domain(aliases=[f"alias.{host.domain}"], wm_domainalias=False)
    uma, seen = host.mailbox("uma", aliases=["sales"]), []
    for allowed in (False, True, False):
        host.change_domain(wm_domainalias=allowed)
        for name in ("uma", "sales"):
            seen += codes(host, uma, 1, sender=f"{name}@alias.{host.domain}", port=port)
    assert seen == [553, 553, 250, 250, 553, 553]


@proves("wm_domainalias")
def test_17_a_colleague_s_address_in_an_alias_domain_may_not_be_used(host):
    host.change_domain(aliases=[f"alias.{host.domain}"], wm_domainalias=True)
    uma = host.mailbox("uma")
    host.mailbox("max")
    assert codes(host, uma, 1, sender=f"max@alias.{host.domain}") == [553]


@proves("wm_domainalias")
def test_18_an_alias_that_a_colleague_has_in_an_alias_domain_may_not_be_used(host):
    host.change_domain(aliases=[f"alias.{host.domain}"], wm_domainalias=True)
    uma = host.mailbox("uma")
    host.mailbox("max", aliases=[f"uma@alias.{host.domain}"])
    assert codes(host, uma, 1, sender=f"uma@alias.{host.domain}") == [553]


@proves("wm_domainalias")
def test_19_an_alias_of_one_s_own_in_an_alias_domain_needs_no_permission(host):
    host.change_domain(aliases=[f"alias.{host.domain}"], wm_domainalias=False)
    uma = host.mailbox("uma", aliases=[f"office@alias.{host.domain}"])
    assert send(host, uma, sender=f"office@alias.{host.domain}") == 250


@proves("wm_domainalias")
def test_20_a_domain_begins_with_what_its_company_says(host):
    host.change_company(wm_domainalias=True)
    other = host.more_domain(f"more.{host.domain}")
    host.change_domain(other, aliases=[f"alias.{other}"])
    uma = host.mailbox(f"uma@{other}")
    assert send(host, uma, sender=f"uma@alias.{other}") == 250
