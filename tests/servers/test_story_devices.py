"""A mail program asks how it is to be set up, and what it is told works: with the real servers."""

import imaplib
import io
import poplib
import smtplib
from xml.etree import ElementTree

import pytest

from postroom.core.devices.outlook import ANSWER
from postroom.wsgi import application
from tests.servers.hosting import PASSWORD, soon

QUESTION = (
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>'
    f"<EMailAddress>%s</EMailAddress><AcceptableResponseSchema>{ANSWER}</AcceptableResponseSchema>"
    "</Request></Autodiscover>"
)


def ask(verb, path, query="", body=b""):
    environ = {
        "REQUEST_METHOD": verb, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "mail.customer.test", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    return ElementTree.fromstring(b"".join(application(environ, lambda status, headers: None)))


def thunderbird(address):
    """Kind → (host, port, user name)."""
    told = ask("GET", "/mail/config-v1.1.xml", f"emailaddress={address}")
    servers = [*told.iter("incomingServer"), *told.iter("outgoingServer")]
    return {
        one.get("type"): (one.findtext("hostname"), int(one.findtext("port")), _user(one, address)) for one in servers
    }


def _user(server, address):
    written = server.findtext("username").replace("%EMAILADDRESS%", address)
    return written.replace("%EMAILLOCALPART%", address.partition("@")[0])


def outlook(address):
    told = ask("POST", "/autodiscover/autodiscover.xml", body=(QUESTION % address).encode())
    within = {"a": ANSWER}
    values = [
        [one.findtext(f"a:{name}", namespaces=within) for name in ("Type", "Server", "Port", "LoginName")]
        for one in told.iter(f"{{{ANSWER}}}Protocol")
    ]
    return {kind.lower(): (host, int(port), user) for kind, host, port, user in values}


def open_imap(host, port, user):
    with imaplib.IMAP4(host, port) as imap:
        return imap.login(user, PASSWORD)[0] == "OK"


def open_pop3(host, port, user):
    pop3 = poplib.POP3(host, port, timeout=60)
    pop3.user(user)
    return pop3.pass_(PASSWORD).startswith(b"+OK") and pop3.quit().startswith(b"+OK")


def open_smtp(host, port, user):
    with smtplib.SMTP(host, port, timeout=60) as smtp:
        return smtp.login(user, PASSWORD)[0] == 235


DOORS = {"imap": open_imap, "pop3": open_pop3, "smtp": open_smtp}


@pytest.mark.parametrize("program", [thunderbird, outlook])
@pytest.mark.parametrize("is_alias", [False, True])
def test_what_a_program_is_told_opens_every_door(host, program, is_alias):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    address = host.mailbox()
    asked = address.replace("@", "@alias.") if is_alias else address
    told = program(asked)
    assert soon(lambda: {kind: DOORS[kind](*server) for kind, server in told.items()} == dict.fromkeys(DOORS, True))
