"""The profile for iPhones, iPads and Macs."""

import plistlib

import pytest

from postroom.core.devices import apple
from postroom.core.devices.servers import Security, Server, Servers, usual
from postroom.core.languages import Language

USUAL = usual(incoming="imap.acme.example", outgoing="smtp.acme.example")


def profile(address="uma@acme.example", name="Uma Untel", servers=USUAL, language=Language.ENGLISH):
    return plistlib.loads(apple.profile(address=address, name=name, servers=servers, language=language))


def account(**more):
    return profile(**more)["PayloadContent"][0]


def test_it_sets_up_the_mailbox_over_imap():
    found = account()
    assert (found["EmailAccountType"], found["IncomingMailServerHostName"], found["IncomingMailServerPortNumber"]) == (
        "EmailTypeIMAP", "imap.acme.example", 993,
    )  # fmt: skip


def test_it_holds_no_password():
    assert [name for name in account() if name.endswith("Password")] == ["OutgoingPasswordSameAsIncomingPassword"]


def test_the_person_signs_in_with_the_address():
    found = account()
    assert {found["IncomingMailServerUsername"], found["OutgoingMailServerUsername"]} == {"uma@acme.example"}


def test_mail_is_sent_in_the_persons_name():
    assert account()["EmailAccountName"] == "Uma Untel"


def test_nobodys_mail_is_sent_in_the_name_of_the_address():
    assert account(name="")["EmailAccountName"] == "uma@acme.example"


def test_without_imap_it_is_pop3():
    assert account(servers=Servers(pop3=USUAL.pop3, smtp=USUAL.smtp))["EmailAccountType"] == "EmailTypePOP"


@pytest.mark.parametrize(("security", "uses_tls"), [("tls", True), ("starttls", True), ("none", False)])
def test_tls_is_used_where_there_is_any(security, uses_tls):
    smtp = Server(host="smtp.acme.example", port=587, security=Security(security))
    assert account(servers=Servers(imap=USUAL.imap, smtp=smtp))["OutgoingMailServerUseSSL"] is uses_tls


def test_a_newer_profile_replaces_the_one_before():
    assert profile(name="Uma")["PayloadIdentifier"] == profile(name="Uma Untel")["PayloadIdentifier"]


def test_another_mailbox_gets_a_profile_beside_it():
    assert profile()["PayloadUUID"] != profile("max@acme.example")["PayloadUUID"]


def test_it_describes_itself_in_the_readers_language():
    assert profile(language=Language.FRENCH)["PayloadDescription"].startswith("Configure uma@acme.example")


@pytest.mark.parametrize("servers", [Servers(), Servers(imap=USUAL.imap), Servers(smtp=USUAL.smtp)])
def test_without_a_way_in_and_a_way_out_there_is_none(servers):
    assert not apple.is_possible(servers)


def test_a_name_that_no_xml_can_hold_loses_what_it_cannot():
    assert account(name="Uma\ufffe")["EmailAccountName"] == "Uma"
