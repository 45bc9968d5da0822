"""The servers' configuration as text: both ways to run them, on both databases, without starting anything."""

import re
from dataclasses import astuple
from pathlib import Path

import pytest

from postroom.drivers.mailstack import database, files, instance, layout
from postroom.drivers.mailstack.layout import Database, Ports, Secrets

SECRETS = Secrets(redis="r" * 40, doveadm="d" * 40, helper="h" * 40, database="p" * 40)
SQLITE = Database(path=Path("/srv/postroom/postroom.sqlite3"))
POSTGRESQL = Database(host="127.0.0.1", port=5432, name="postroom", user="postroom_mail")
CERTIFICATE, KEY = Path("/etc/ssl/mx.pem"), Path("/etc/ssl/mx.key")


def private(chosen, **options):
    return layout.private(Path("/srv/mail"), 20000, chosen, **options)


def production(chosen):
    return layout.production(Path("/etc"), Path("/var/lib/mail"), "mx.acme.example", chosen, CERTIFICATE, KEY)


PLANS = [make(chosen) for make in (private, production) for chosen in (SQLITE, POSTGRESQL)]


def text_of(plan, name):
    return next(file.text for file in instance.configuration(plan, SECRETS) if str(file.path).endswith(name))


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.private}-{plan.database.kind}")
def test_nothing_is_left_to_fill_in(plan):
    left = {file.path.name: re.findall(r"@[a-z_]+@", file.text) for file in instance.configuration(plan, SECRETS)}
    assert {name: places for name, places in left.items() if places} == {}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.private}-{plan.database.kind}")
def test_not_everybody_reads_a_file_with_a_secret(plan):
    telling = [
        file for file in instance.configuration(plan, SECRETS) if any(one in file.text for one in astuple(SECRETS))
    ]
    assert telling
    assert [file.path for file in telling if file.mode & 0o007] == []


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.private}-{plan.database.kind}")
def test_everything_is_written_below_the_folder(plan):
    assert {str(file.path).startswith(str(plan.etc)) for file in instance.configuration(plan, SECRETS)} == {True}


@pytest.mark.parametrize(("hostname", "certificate"), [("mail server", CERTIFICATE), ("mx.acme.example", "/a b.pem")])
def test_what_the_servers_could_not_read_is_refused(hostname, certificate):
    with pytest.raises(ValueError, match="please"):
        layout.production(Path("/etc"), Path("/var/lib/mail"), hostname, SQLITE, Path(certificate), KEY)


@pytest.mark.parametrize("name", ["exit-goto", "exit-nexthop", "exit-original"])
def test_ordinary_mail_asks_for_no_exit_addresses(name):
    assert "domain = exit.postroom.internal\n" in text_of(private(SQLITE), f"{name}.cf")


def test_a_private_instance_listens_on_loopback_only():
    plan = private(SQLITE)
    services = [line for line in text_of(plan, "master.cf").splitlines() if " inet " in line]
    assert [line for line in services if not line.startswith("127.0.0.1:")] == []
    assert "\nlisten = 127.0.0.1\n" in text_of(plan, "dovecot.conf")


def test_real_servers_want_encryption_for_passwords():
    plan = production(POSTGRESQL)
    assert "\ndisable_plaintext_auth = yes\n" in text_of(plan, "dovecot.conf")
    assert "\nsmtpd_tls_auth_only = yes\n" in text_of(plan, "main.cf")


def test_real_servers_believe_no_scores_of_messages_and_nobody_s_other_address():
    plan = production(POSTGRESQL)
    assert "X-Test-Score" not in text_of(plan, "rspamd.local.lua")
    assert "xclient" not in text_of(plan, "main.cf")


def test_scores_of_messages_are_for_private_instances_that_ask_for_them():
    assert "X-Test-Score" not in text_of(private(SQLITE), "rspamd.local.lua")
    assert "X-Test-Score" in text_of(private(SQLITE, test_scores=True), "rspamd.local.lua")


def test_differences_show_no_secret():
    wanted = instance.configuration(production(POSTGRESQL), SECRETS)
    shown = "".join(files.differences(wanted, SECRETS))
    assert "+password = ********\n" in shown
    assert [one for one in astuple(SECRETS) if one in shown] == []


def test_what_is_there_already_makes_no_difference(tmp_path):
    there = files.File(path=tmp_path / "main.cf", text="a = b\n")
    there.path.write_text(there.text)
    assert list(files.differences([there], SECRETS)) == []


@pytest.mark.parametrize("path", ["/srv/two words", "/srv/it's", "relative", "/srv/50%", "/srv/a@b@c"])
def test_paths_that_would_need_quotes_are_refused(path):
    with pytest.raises(ValueError, match="letters, digits"):
        layout.private(Path(path), 20000, SQLITE)


@pytest.mark.parametrize("ports", [Ports.from_base(20000), Ports.standard()])
def test_no_port_is_used_twice(ports):
    assert len(set(astuple(ports))) == len(astuple(ports))


def test_facts_for_programs_hold_no_secret():
    assert [one for one in astuple(SECRETS) if one in str(private(POSTGRESQL).facts())] == []


def test_the_role_is_named_after_the_database():
    settings = {"ENGINE": "django.db.backends.postgresql", "HOST": "", "PORT": "", "NAME": "acme"}
    assert database.described(settings) == Database(host="127.0.0.1", port=5432, name="acme", user="acme_mail")


def test_a_server_behind_a_socket_is_named_as_postfix_wants_it():
    plan = private(Database(host="/run/postgresql", port=5433, name="acme", user="acme_mail"))
    assert "hosts = postgresql:///acme?host=/run/postgresql&port=5433&user=acme_mail\n" in text_of(plan, "alias.cf")


def test_the_worker_s_account_reads_where_everything_is(tmp_path):
    instance.write_facts(tmp_path, production(SQLITE))
    assert (tmp_path / instance.FACTS).stat().st_mode & 0o777 == 0o644
    assert not any(secret in (tmp_path / instance.FACTS).read_text() for secret in astuple(SECRETS))
