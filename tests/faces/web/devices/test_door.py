"""Mail programs ask how they are to be set up, under whatever name of a domain."""

import io
from xml.etree import ElementTree

import pytest

from postroom.actions import device_setup, domains, live, mailboxes
from postroom.core.devices.outlook import ANSWER
from postroom.core.errors import PlatformAway, PlatformRefused
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Platform
from postroom.wsgi import application
from tests import cast

pytestmark = pytest.mark.django_db

WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
AUTODISCOVER = "/autodiscover/autodiscover.xml"
QUESTION = (
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>'
    "<EMailAddress>{address}</EMailAddress><AcceptableResponseSchema>{schema}</AcceptableResponseSchema>"
    "</Request></Autodiscover>"
)
TEXT = "{http://schemas.microsoft.com/exchange/autodiscover/%s}"


class Told:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status.partition(" ")[0]), dict(headers), body

    @property
    def xml(self):
        return ElementTree.fromstring(self.body)

    def hosts(self):
        return [one.text for one in self.xml.iter("hostname")]

    def texts(self, name, schema="outlook/responseschema/2006a"):
        return [one.text for one in self.xml.iter(TEXT % schema + name)]

    @property
    def error(self):
        return self.texts("ErrorCode", "responseschema/2006")


def ask(path, query="", *, host="autoconfig.acme.example", verb="GET", body=b"", scheme="http", **more):
    told = []
    environ = {
        "REQUEST_METHOD": verb, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host, "REMOTE_ADDR": "192.0.2.7",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": scheme, **more,
    }  # fmt: skip
    answer = b"".join(application(environ, lambda status, headers: told.append((status, headers))))
    return Told(*told[0], answer)


def discover(address=cast.UMA, schema=ANSWER, **more):
    body = QUESTION.format(address=address, schema=schema).encode()
    return ask(AUTODISCOVER, verb="POST", host="autodiscover.acme.example", body=body, **more)


def change_domain(**attributes):
    domains.change(OPERATOR, cast.origin(), cast.ACME, attributes)


@pytest.mark.parametrize(
    ("path", "query", "host"),
    [
        ("/mail/config-v1.1.xml", "emailaddress=uma%40acme.example", "autoconfig.acme.example"),
        (WELL_KNOWN, "emailaddress=nobody%40ACME.example", "localhost:8080"),
        (WELL_KNOWN, "", "acme.example"),
        ("/mail/config-v1.1.xml", "", "Autoconfig.Acme.Example:80"),
    ],
)
def test_thunderbird_finds_the_servers_of_a_domain(acme, path, query, host):
    assert ask(path, query, host=host).hosts() == [
        "imap.postroom.example", "imap.postroom.example", "smtp.postroom.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "host"),
    [
        ("emailaddress=a%40else.example", "acme.example"),
        ("", "localhost"),
        ("emailaddress=%40", "x"),
        ("", "[::1]:80"),
        ("", ""),
        ("emailaddress=a%40%00%ff", "acme.example"),
    ],
)
def test_of_other_domains_nothing_is_known(acme, query, host):
    assert ask(WELL_KNOWN, query, host=host).status == 404


def test_a_domain_that_waits_for_its_proof_is_not_there(acme):
    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    assert ask(WELL_KNOWN).status == 404


def test_neither_is_one_that_is_switched_off(acme):
    change_domain(disabled=True)
    assert ask(WELL_KNOWN).status == 404


def test_under_an_alias_people_sign_in_with_the_domains_own_name(acme):
    change_domain(aliases=["acme.net"])
    found = ask(WELL_KNOWN, "emailaddress=uma%40acme.net").xml
    assert {one.text for one in found.iter("username")} == {"%EMAILLOCALPART%@acme.example"}


def test_what_the_domain_does_not_use_is_not_offered(acme):
    change_domain(service_pop3="disabled")
    assert [one.get("type") for one in ask(WELL_KNOWN).xml.iter("incomingServer")] == ["imap"]


def test_the_operator_says_what_programs_connect_to(acme):
    settings = {"path": ":memory:", "devices": {"imap": {"host": "mail.{domain}", "port": 143, "security": "starttls"}}}
    Platform.objects.update(settings=settings)
    found = ask(WELL_KNOWN)
    assert (found.hosts(), found.xml.find(".//socketType").text) == (["mail.acme.example"], "STARTTLS")


def test_where_nobody_has_said_it_there_is_no_answer(acme):
    Platform.objects.update(settings={"path": ":memory:", "devices": {}})
    assert ask(WELL_KNOWN).status == 404


def test_webmail_and_the_guide_are_named(acme, settings):
    settings.WEBMAIL_URL, settings.PUBLIC_URL = "https://webmail.example", "https://postroom.example"
    found = ask(WELL_KNOWN).xml
    assert (found.find(".//loginPage").get("url"), found.find(".//documentation").get("url")) == (
        "https://webmail.example", "https://postroom.example/my/devices/",
    )  # fmt: skip


def test_a_head_gets_the_head(acme):
    found = ask(WELL_KNOWN, verb="HEAD")
    assert (found.status, found.body, found.headers["Content-Length"] != "0") == (200, b"", True)


@pytest.mark.parametrize(
    ("path", "verb", "allowed"), [(WELL_KNOWN, "POST", "GET, HEAD"), (AUTODISCOVER, "PUT", "GET, POST, HEAD")]
)
def test_other_methods_are_told_which_there_are(path, verb, allowed):
    found = ask(path, verb=verb)
    assert (found.status, found.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(("failure", "status"), [(PlatformAway, 503), (PlatformRefused, 404)])
def test_a_platform_that_cannot_tell(acme, monkeypatch, failure, status):
    def fail(*_):
        raise failure

    monkeypatch.setattr(live, "mail_servers", fail)
    assert ask(WELL_KNOWN).status == status


def test_what_nobody_expected_ends_in_the_log(acme, monkeypatch, caplog):
    monkeypatch.setattr(device_setup, "of_domain", lambda name: 1 // 0)
    assert (ask(WELL_KNOWN).status, "ZeroDivisionError" in caplog.text) == (500, True)


@pytest.mark.parametrize("address", [cast.UMA, "nobody@acme.example"])
def test_outlook_is_told_the_same_whether_the_mailbox_is_there(acme, address):
    assert discover(address).texts("LoginName") == [address] * 3


def test_outlook_too_signs_in_with_the_domains_own_name(acme):
    change_domain(aliases=["acme.net"])
    assert discover("Uma@acme.net").texts("LoginName")[0] == cast.UMA


@pytest.mark.parametrize("path", ["/Autodiscover/Autodiscover.xml", "/AutoDiscover/autodiscover.xml"])
def test_outlook_writes_its_path_in_many_ways(acme, path):
    assert ask(path, verb="POST", body=b"x").error == ["600"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"address": "uma@else.example"}, "500"),
        ({"address": "uma"}, "600"),
        ({"schema": "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"}, "601"),
        ({"CONTENT_LENGTH": "70000"}, "600"),
        ({"CONTENT_LENGTH": "-1"}, "600"),
        ({"CONTENT_LENGTH": "²"}, "600"),
        ({"CONTENT_LENGTH": ""}, "600"),
    ],
)
def test_outlook_understands_why_there_is_no_answer(acme, asked, number):
    found = discover(**asked)
    assert (found.status, found.error) == (200, [number])


def test_outlook_comes_again_when_the_platform_is_away(acme, monkeypatch):
    def fail(*_):
        raise PlatformAway

    monkeypatch.setattr(live, "mail_servers", fail)
    assert discover().error == ["602"]


def test_outlook_is_led_to_where_there_is_a_certificate(acme, settings):
    settings.PUBLIC_URL = "https://postroom.example"
    found = ask(AUTODISCOVER, host="autodiscover.acme.example")
    assert (found.status, found.headers["Location"]) == (302, "https://postroom.example/autodiscover/autodiscover.xml")


@pytest.mark.parametrize(
    ("public", "host", "scheme"),
    [
        ("https://postroom.example", "postroom.example:443", "http"),
        ("http://localhost:8080", "x", "http"),
        ("", "x", "http"),
    ],
)
def test_and_not_in_circles(settings, public, host, scheme):
    settings.PUBLIC_URL = public
    assert ask(AUTODISCOVER, host=host, scheme=scheme).error == ["600"]


def test_the_holder_of_a_mailbox_gets_what_the_mailbox_uses(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"service_imap4": "disabled"})
    servers = device_setup.of_mailbox(OPERATOR, cast.UMA).servers
    assert (servers.imap, servers.pop3.port) == (None, 995)
