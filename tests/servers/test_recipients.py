"""Who gets mail, and what those who send to others are told: mail_domain and mail_route at the MX."""

import socket

import pytest

from postroom.store.models import projection
from tests.servers import rows
from tests.servers.clients import await_mail, deliver, lmtp, submit


@pytest.fixture
def uma(live, unique):
    rows.domain(unique, aliases=[f"alias.{unique}"])
    login = f"uma@{unique}"
    rows.mailbox(login, aliases=[f"sales@{unique}"])
    return login


def answer(live, recipient):
    return deliver(live, recipient).recipients[recipient]


def catch_all(domain, login):
    projection.MailDomain.objects.filter(main=domain).update(catchall=login)


@pytest.mark.parametrize("form", ["uma@{}", "sales@{}", "uma+news@{}", "uma@alias.{}", "sales+x@alias.{}", "UMA@{}"])
def test_every_address_of_a_mailbox_leads_to_it(live, uma, unique, form):
    assert deliver(live, form.format(unique)).code == 250
    assert await_mail(live, uma, rows.PASSWORD)


@pytest.mark.parametrize("form", ["nobody@{}", "nobody+x@{}", "nobody@alias.{}"])
def test_an_unknown_name_is_refused(live, uma, unique, form):
    code, text = answer(live, form.format(unique))
    assert (code, text[:5]) == (550, "5.1.1")


def test_an_unknown_domain_is_refused(live):
    assert answer(live, "uma@elsewhere.example")[0] == 554


@pytest.mark.parametrize("form", ["zoe@{}", "zoe+x@{}", "zoe@alias.{}"])
def test_a_catch_all_gets_mail_for_unknown_names(live, uma, unique, form):
    catch_all(unique, uma)
    assert deliver(live, form.format(unique)).code == 250
    assert await_mail(live, uma, rows.PASSWORD)


def test_a_catch_all_gets_nothing_of_those_who_exist(live, uma, unique):
    rows.mailbox(f"cat@{unique}")
    catch_all(unique, f"cat@{unique}")
    deliver(live, f"uma+news@alias.{unique}")
    assert await_mail(live, uma, rows.PASSWORD)


@pytest.mark.parametrize("form", ["uma@{}", "uma+x@{}", "uma@alias.{}", "uma+x@alias.{}"])
def test_the_answer_of_a_route_holds_for_every_form_of_it(live, uma, unique, form):
    rows.answer(uma, "450 4.2.1 Suspended")
    assert answer(live, form.format(unique)) == (
        450,
        f"4.2.1 <{form.format(unique)}>: Recipient address rejected: Suspended",
    )


@pytest.mark.parametrize("form", ["uma@{}", "nobody@{}", "uma@alias.{}"])
def test_the_answer_of_a_domain_holds_for_everybody(live, uma, unique, form):
    projection.MailDomain.objects.filter(main=unique).update(action="550 5.2.1 Disabled")
    assert answer(live, form.format(unique))[0] == 550


@pytest.mark.parametrize("form", ["zoe@{}", "zoe+x@{}", "zoe@alias.{}"])
def test_the_catch_all_s_answer_holds_for_unknown_names(live, uma, unique, form):
    catch_all(unique, uma)
    rows.answer(uma, "450 4.2.1 Suspended")
    assert answer(live, form.format(unique))[0] == 450


def test_the_catch_all_s_answer_is_not_that_of_those_who_exist(live, uma, unique):
    rows.mailbox(f"cat@{unique}", action="550 5.2.1 No")
    catch_all(unique, f"cat@{unique}")
    assert answer(live, f"uma+x@alias.{unique}")[0] == 250


def test_a_full_mailbox_is_told_at_once(live, uma, unique):
    lmtp(live, uma)
    rows.change(uma, quota=1)
    for form in ("uma@{}", "sales@{}", "uma+x@{}", "uma@alias.{}"):
        assert answer(live, form.format(unique))[0] == 552


def dovecot_says(live, recipient):
    """To Postfix, which asks whether there is room."""
    asked = f"request=smtpd_access_policy\nprotocol_state=RCPT\nrecipient={recipient}\nsize=1000\n\n"
    with socket.create_connection(("127.0.0.1", live.ports["quota_status"]), timeout=20) as connection:
        connection.sendall(asked.encode())
        return connection.makefile().readline().strip()


@pytest.mark.parametrize("form", ["uma@{}", "uma+news@{}", "UMA@{}"])
def test_for_an_ordinary_mailbox_one_question_is_enough(live, uma, unique, form):
    assert dovecot_says(live, form.format(unique)) == "action=OK"


@pytest.mark.parametrize("form", ["sales@{}", "uma@alias.{}", "nobody@{}", "uma@elsewhere.example"])
def test_for_all_other_names_postfix_asks_on(live, uma, unique, form):
    assert dovecot_says(live, form.format(unique)) == "action=DUNNO"


@pytest.mark.parametrize("action", ["450 4.2.1 Suspended", "PREPEND X-Postroom-Reject: 1"])
def test_where_something_is_to_be_said_postfix_asks_on(live, uma, action):
    rows.answer(uma, action)
    assert dovecot_says(live, uma) == "action=DUNNO"


def test_in_a_closed_domain_postfix_asks_on(live, uma, unique):
    projection.MailDomain.objects.filter(main=unique).update(action="550 5.2.1 Disabled")
    assert dovecot_says(live, uma) == "action=DUNNO"


def test_exit_addresses_are_nobody_s_from_elsewhere(live):
    assert answer(live, "f1@exit.postroom.internal")[0] == 554


def test_exit_addresses_are_nobody_s_who_signed_in(live, uma, redis):
    outcome = submit(live, uma, rows.PASSWORD, "f1@exit.postroom.internal")
    assert outcome.recipients["f1@exit.postroom.internal"][0] == 554


def test_a_mailbox_that_takes_no_mail_takes_none_from_colleagues(live, uma, unique, redis):
    rows.mailbox(f"max@{unique}", action="550 5.2.1 Disabled")
    assert submit(live, uma, rows.PASSWORD, f"max@{unique}").code == 550


def test_a_quote_in_an_address_is_only_a_letter(live, uma, unique):
    rows.mailbox(f"o'neil@{unique}")
    assert answer(live, f"o'neil@{unique}")[0] == 250
