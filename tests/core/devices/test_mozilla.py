"""What Thunderbird is told."""

from xml.etree import ElementTree

import pytest

from postroom.core.devices import mozilla
from postroom.core.devices.servers import Security, Server, Servers, usual

USUAL = usual(incoming="imap.acme.example", outgoing="smtp.acme.example")


def told(name="acme.example", servers=USUAL, webmail="", guide=""):
    text = mozilla.document(domain="acme.example", name=name, servers=servers, webmail=webmail, guide=guide)
    return ElementTree.fromstring(text)


def server(kind, servers=USUAL, name="acme.example"):
    found = told(name, servers).find(f"emailProvider/*[@type='{kind}']")
    return None if found is None else {child.tag: child.text for child in found}


def test_the_incoming_server_is_told_with_all_that_a_program_asks():
    assert server("imap") == {
        "hostname": "imap.acme.example",
        "port": "993",
        "socketType": "SSL",
        "authentication": "password-cleartext",
        "username": "%EMAILADDRESS%",
    }


@pytest.mark.parametrize(("security", "word"), [("tls", "SSL"), ("starttls", "STARTTLS"), ("none", "plain")])
def test_encryption_has_the_programs_own_words(security, word):
    servers = Servers(smtp=Server(host="smtp.acme.example", port=587, security=Security(security)))
    assert server("smtp", servers)["socketType"] == word


def test_what_is_not_offered_is_not_told():
    assert server("pop3", Servers(imap=USUAL.imap)) is None


def test_whoever_writes_under_an_alias_signs_in_under_the_domains_own_name():
    assert server("imap", name="acme.net")["username"] == "%EMAILLOCALPART%@acme.example"


def test_both_names_of_the_domain_are_told():
    assert [one.text for one in told("acme.net").iter("domain")] == ["acme.example", "acme.net"]


def test_imap_is_told_before_pop3():
    assert [one.get("type") for one in told().iter("incomingServer")] == ["imap", "pop3"]


def test_webmail_is_named_where_there_is_one():
    assert told(webmail="https://webmail.example/?a=1&b=2").find("webMail/loginPage").get("url").endswith("a=1&b=2")


def test_the_guide_is_described_in_both_languages():
    found = told(guide="https://postroom.example/my/devices/").iter("descr")
    assert [one.get("lang") for one in found] == ["en", "fr"]
