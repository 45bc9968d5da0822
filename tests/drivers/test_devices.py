"""What mail programs connect to, by the settings of a platform."""

import pytest

from postroom.core.devices.servers import Security, Server
from postroom.drivers import devices
from postroom.drivers.contract import PermanentFailure
from postroom.drivers.dimail.driver import Dimail
from postroom.drivers.fake import FakePlatform
from postroom.drivers.mailstack import layout
from postroom.drivers.mailstack.driver import MailStack
from postroom.drivers.openxchange.driver import OpenXchange


def said(**servers):
    return devices.read({"devices": servers}).servers("town.example")


@pytest.fixture
def stack(tmp_path):
    database = layout.Database(path=tmp_path / "postroom.sqlite3")
    own, etc = layout.private(tmp_path, 20000, database), tmp_path / "etc"
    public = layout.production(etc, tmp_path / "state", "MX.acme.example.", database, etc / "cert", etc / "key")

    def of(*, private=False, **cnames):
        settings = {"dns": {"cnames": cnames}} if cnames else {}
        return MailStack((own if private else public).facts(), settings).mail_servers("town.example")

    return of


def test_nothing_said_is_for_the_driver_to_know():
    assert devices.read({"path": "/x"}) is None


def test_a_server_is_what_the_operator_says():
    assert said(smtp={"host": "smtp.acme.example", "port": 587, "security": "starttls"}).smtp == Server(
        host="smtp.acme.example", port=587, security=Security.STARTTLS
    )


def test_a_host_may_be_one_below_each_domain():
    assert said(imap={"host": "imap.{domain}", "port": 993}).imap.host == "imap.town.example"


def test_what_is_not_said_beside_it_is_not_offered():
    assert said(imap={"host": "imap.acme.example", "port": 993}).pop3 is None


@pytest.mark.parametrize(
    "written",
    [
        "imap.acme.example",
        {"imap": "imap.acme.example"},
        {"imap": {"host": "imap.acme.example"}},
        {"imap": {"host": "imap.acme.example", "port": 0}},
        {"imap": {"host": "imap.acme.example", "port": 993, "security": "ssl"}},
        {"imap": {"host": "imap acme", "port": 993}},
        {"imap": {"host": "{domain}.", "port": 993}},
        {"imap": {"host": "IMAP.acme.example", "port": 993}},
        {"imaps": {"host": "imap.acme.example", "port": 993}},
    ],
)
def test_nonsense_is_refused(written):
    with pytest.raises(PermanentFailure, match="devices"):
        devices.read({"devices": written})


def test_public_mail_servers_are_found_under_their_own_name(stack):
    servers = stack()
    assert (servers.imap, servers.smtp) == (
        Server(host="mx.acme.example", port=993), Server(host="mx.acme.example", port=465),
    )  # fmt: skip


def test_names_that_dns_has_for_programs_come_first(stack):
    servers = stack(imap="imap.acme.example", smtp="smtp.acme.example")
    assert (servers.imap.host, servers.pop3.host, servers.smtp.host) == (
        "imap.acme.example", "imap.acme.example", "smtp.acme.example",
    )  # fmt: skip


def test_private_ones_are_on_loopback_without_tls(stack):
    plan = layout.Ports.from_base(20000)
    assert stack(private=True).imap == Server(host="127.0.0.1", port=plan.imap, security=Security.NONE)


def test_a_dimail_has_names_below_each_domain(tmp_path):
    driver = Dimail.from_settings({"url": "https://dimail.example", "user": "x", "password_file": str(tmp_path / "x")})
    assert driver.mail_servers("town.example").smtp == Server(host="smtp.town.example", port=465)


def test_the_fake_platform_has_some_too():
    assert FakePlatform().mail_servers("town.example").imap.host == "imap.postroom.example"


OX = {
    "ssh": {"host": "ox.example", "user": "x", "key": "/x", "known_hosts": "/y"},
    "context_admin": {"user": "x", "password_file": "/z"},
}


def open_xchange(*, more=None, **dns):
    return OpenXchange({**OX, "dns": {"mx": ["mx.ox.example"], **dns}, **(more or {})}).mail_servers("town.example")


def test_an_open_xchange_says_nothing_by_itself():
    assert open_xchange().imap is None


def test_but_dns_may_have_names_for_programs():
    assert open_xchange(cnames={"imap": "imap.ox.example"}).imap == Server(host="imap.ox.example", port=993)


def test_what_the_operator_says_is_none_of_the_drivers_own_settings():
    assert open_xchange(more={"devices": {}}).smtp is None
