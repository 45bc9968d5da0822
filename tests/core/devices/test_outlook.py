"""What Outlook asks, and what it is told."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from postroom.core.devices import outlook
from postroom.core.devices.outlook import Trouble
from postroom.core.devices.servers import Security, Server, Servers, usual
from postroom.core.errors import BadValueError

ASKED = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>uma@acme.example</EMailAddress>
    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>"""
MOBILE = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
WITHIN = {"a": outlook.ANSWER, "f": "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"}


def asked(schema=outlook.ANSWER):
    return outlook.read(ASKED.format(schema=schema).encode())


def protocols(servers):
    text = outlook.document(address="uma@acme.net", login="uma@acme.example", servers=servers)
    found = ElementTree.fromstring(text).findall("a:Response/a:Account/a:Protocol", WITHIN)
    return {one.findtext("a:Type", namespaces=WITHIN): {c.tag.rpartition("}")[2]: c.text for c in one} for one in found}


def test_the_address_is_read():
    assert asked().address == "uma@acme.example"


@pytest.mark.parametrize(("schema", "answered"), [(outlook.ANSWER, True), ("", True), (MOBILE, False)])
def test_only_programs_that_read_our_answer_get_it(schema, answered):
    assert asked(schema).is_answered is answered


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<Autodiscover>",
        b"EMailAddress=uma@acme.example",
        b"<Autodiscover><Request/></Autodiscover>",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_question_is_refused(body):
    with pytest.raises(BadValueError):
        outlook.read(body)


def test_entities_are_refused_before_they_grow():
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>' + ASKED.partition("?>")[2]
    with pytest.raises(BadValueError, match="document type"):
        outlook.read(bomb.encode())


def test_a_server_is_told_with_all_that_outlook_asks():
    assert protocols(usual(incoming="imap.acme.example", outgoing=""))["IMAP"] == {
        "Type": "IMAP",
        "Server": "imap.acme.example",
        "Port": "993",
        "LoginName": "uma@acme.example",
        "DomainRequired": "off",
        "SPA": "off",
        "SSL": "on",
        "Encryption": "SSL",
        "AuthRequired": "on",
    }


@pytest.mark.parametrize(
    ("security", "words"), [("tls", ("on", "SSL")), ("starttls", ("on", "TLS")), ("none", ("off", "None"))]
)
def test_encryption_has_outlooks_own_words(security, words):
    smtp = protocols(Servers(smtp=Server(host="smtp.acme.example", port=587, security=Security(security))))["SMTP"]
    assert (smtp["SSL"], smtp["Encryption"]) == words


def test_a_refusal_has_outlooks_own_number():
    text = outlook.refusal(Trouble.ADDRESS_UNKNOWN, "autodiscover.acme.example", datetime.now(UTC))
    assert ElementTree.fromstring(text).findtext("f:Response/f:Error/f:ErrorCode", namespaces=WITHIN) == "500"
