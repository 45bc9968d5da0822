"""Who may sign in where, and send as whom: mail_login, mail_domain and mail_route at SASL and the doors of Dovecot."""

import imaplib
import poplib
import smtplib

import pytest

from postroom.store.models import projection
from tests.servers import rows
from tests.servers.clients import ManageSieve, imap, pop3, submit

FRIEND = "friend@elsewhere.example"


@pytest.fixture
def uma(live, unique):
    rows.domain(unique, aliases=[f"alias.{unique}"])
    login = f"uma@{unique}"
    rows.mailbox(login, aliases=[f"sales@{unique}"])
    return login


def try_imap(live, login, port="imap"):
    with imap(live, login, rows.PASSWORD, port):
        return ""


def try_pop3(live, login):
    with pop3(live, login, rows.PASSWORD):
        return ""


def try_sieve(live, login):
    ManageSieve(live, login, rows.PASSWORD).close()


DOORS = {
    "imap": try_imap,
    "webmail": lambda live, login: try_imap(live, login, "imap_webmail"),
    "pop3": try_pop3,
    "smtp": lambda live, login: submit(live, login, rows.PASSWORD, []),
    "webmail_smtp": lambda live, login: submit(live, login, rows.PASSWORD, [], port="webmail_submission"),
}
REFUSALS = (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPAuthenticationError, RuntimeError)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", ["d", "s"])
def test_each_door_has_a_switch_of_its_own(live, uma, door, state):
    rows.change(uma, **{door: state})
    refused = set()
    for name, attempt in DOORS.items():
        try:
            attempt(live, uma)
        except REFUSALS:
            refused.add(name)
    assert refused == {door}


@pytest.mark.parametrize(("state", "word"), [("d", "disabled"), ("s", "suspended")])
def test_the_reason_is_told_to_who_knows_the_password(live, uma, state, word):
    rows.change(uma, imap=state)
    with pytest.raises(imaplib.IMAP4.error, match=word):
        try_imap(live, uma)


def test_the_reason_is_not_told_to_others(live, uma):
    rows.change(uma, imap="s")
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), imap(live, uma, "wrong"):
        pass


@pytest.mark.parametrize(("imap", "webmail", "opens"), [("e", "d", True), ("d", "e", True), ("d", "d", False)])
def test_scripts_may_be_edited_with_imap_or_webmail(live, uma, imap, webmail, opens):
    rows.change(uma, imap=imap, webmail=webmail)
    if opens:
        try_sieve(live, uma)
    else:
        with pytest.raises(RuntimeError):
            try_sieve(live, uma)


@pytest.mark.parametrize("form", ["sales@{}", "uma@alias.{}", "sales@alias.{}", "UMA@{}"])
def test_every_address_is_a_name_to_sign_in_with(live, uma, unique, form):
    try_imap(live, form.format(unique))


def test_nobody_signs_in_to_an_inactive_mailbox(live, uma):
    rows.change(uma, active=False)
    for attempt in DOORS.values():
        with pytest.raises(REFUSALS):
            attempt(live, uma)


def test_nobody_signs_in_to_an_inactive_domain(live, uma, unique):
    projection.MailDomain.objects.filter(main=unique).update(active=False)
    for attempt in DOORS.values():
        with pytest.raises(REFUSALS):
            attempt(live, uma)


def test_a_changed_password_holds_at_once(live, uma):
    try_imap(live, uma)
    rows.change(uma, hashes="{PLAIN}other")
    with imap(live, uma, "other"):
        pass
    with pytest.raises(imaplib.IMAP4.error):
        try_imap(live, uma)


def test_any_of_several_passwords_opens(live, uma):
    rows.change(uma, hashes=f"{{PLAIN}}one {rows.HASH} {{PLAIN}}three")
    for password in ("one", rows.PASSWORD, "three"):
        with imap(live, uma, password):
            pass


@pytest.mark.parametrize("hashes", ["", "{NONSENSE}x", "{PLAIN}"])
@pytest.mark.parametrize("password", ["x", "nonsense", "sixteen-and-more-letters"])
def test_no_hash_is_no_entry(live, uma, hashes, password):
    rows.change(uma, hashes=hashes)
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), imap(live, uma, password):
        pass


def sender_answer(live, login, sender):
    outcome = submit(live, login, rows.PASSWORD, FRIEND, sender=sender)
    return outcome.recipients[FRIEND][0] if FRIEND in outcome.recipients else 0


@pytest.mark.parametrize("form", ["uma@{}", "sales@{}", "uma+x@{}", "uma@alias.{}", "uma+x@alias.{}"])
def test_one_s_own_addresses_may_be_used(live, uma, unique, redis, form):
    assert sender_answer(live, uma, form.format(unique)) == 250


@pytest.mark.parametrize("form", ["max@{}", "nobody@{}", "uma@elsewhere.example{}"])
def test_others_may_not_be_used(live, uma, unique, redis, form):
    rows.mailbox(f"max@{unique}")
    assert sender_answer(live, uma, form.format(unique)) == 553


def test_addresses_of_alias_domains_only_where_that_is_allowed(live, uma, unique, redis):
    projection.MailDomain.objects.filter(main=unique).update(send_as=False)
    assert sender_answer(live, uma, f"uma@alias.{unique}") == 553
