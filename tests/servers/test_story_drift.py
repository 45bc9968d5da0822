"""`postroom drift`: what the servers answer is compared with what should be, told, and put right."""

import shutil
from pathlib import Path

import pytest
from redis import Redis

from postroom.actions import domain_keys
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox, MailDomain, MailLogin, MailRoute
from tests import cast
from tests.servers.clients import deliver, wait_for
from tests.servers.hosting import soon


@pytest.fixture
def uma(host):
    address = host.mailbox("uma", aliases=["sales"])
    wait_for(lambda: not Mailbox.objects.filter(address=address, due_at__isnull=False).exists())
    return address


def drift(host):
    """What `postroom drift` says about the test's own domain."""
    said = host.stack.postroom("drift")
    assert said.returncode == 0, said.stderr
    return [line for line in said.stdout.splitlines() if host.domain in line]


def redis(host):
    secret = Path(host.stack.facts["secrets"]["redis"]).read_text()
    return Redis(port=host.stack.ports["redis"], password=secret, decode_responses=True)


def test_01_in_step_there_is_nothing_to_say(host, uma):
    assert drift(host) == []


def test_02_a_row_that_somebody_changed_is_told_and_put_right(host, uma):
    MailLogin.objects.filter(login=uma).update(quota=1, imap="d")
    assert drift(host) == [f"{uma}: what the mail servers read of it was different"]
    assert MailLogin.objects.get(login=uma).imap == "e"


def test_03_a_row_that_somebody_removed_is_back(host, uma):
    MailRoute.objects.filter(login=uma).delete()
    drift(host)
    assert deliver(host.stack, f"sales@{host.domain}").code == 250


def test_04_a_name_that_should_not_be_there_is_removed(host, uma):
    row = MailDomain.objects.get(name=host.domain)
    row.name, row.domain_id = f"left-over.{host.domain}", 2**40
    row.save(force_insert=True)
    assert drift(host) == [f"left-over.{host.domain}: the mail servers still had it in mail_domain"]
    assert not MailDomain.objects.filter(name=row.name).exists()


def test_05_a_lost_signing_key_is_told_and_given_back(host, uma):
    domain_keys.make(OPERATOR, cast.origin(), host.domain, "s1", 1024)
    wait_for(lambda: redis(host).hget("DKIM_SELECTORS", host.domain))
    redis(host).hdel("DKIM_SELECTORS", host.domain)
    assert drift(host) == [f"{host.domain}: Rspamd has another signing key for {host.domain}"]
    soon(lambda: redis(host).hget("DKIM_SELECTORS", host.domain) == "s1")


def test_06_a_lost_policy_at_the_door_is_told_and_given_back(host, uma):
    host.change("uma", reject_spam=True)
    key = f"reject:{cast.row(uma).pk}"
    wait_for(lambda: redis(host).exists(key) and not cast.row(uma).due_at)
    redis(host).delete(key)
    assert drift(host) == [f"{uma}: Rspamd has another policy for spam at the door"]
    soon(lambda: redis(host).exists(key))


def test_07_redis_that_was_emptied_is_filled_by_one_command(host, uma):
    domain_keys.make(OPERATOR, cast.origin(), host.domain, "s1", 1024)
    wait_for(lambda: redis(host).hget("DKIM_SELECTORS", host.domain))
    redis(host).flushall()
    said = host.stack.postroom("mail", "fill")
    assert (said.returncode, redis(host).hget("DKIM_SELECTORS", host.domain)) == (0, "s1"), said.stderr


def test_08_mail_of_nobody_is_told(host, uma):
    home = Path(host.stack.facts["paths"]["mail"]) / "77" / "99000077"
    home.mkdir(parents=True)
    try:
        said = host.stack.postroom("drift").stdout
        assert f"{home}: mail of no mailbox" in said and home.exists()
    finally:
        shutil.rmtree(home)


def test_09_a_name_that_begins_like_an_option_is_none(host):
    address = host.mailbox("-a")
    wait_for(lambda: not Mailbox.objects.filter(address=address, due_at__isnull=False).exists())
    assert drift(host) == []


def test_10_a_server_that_is_away_is_named(host, uma):
    with host.stack.without("redis"):
        said = host.stack.postroom("drift")
    assert (said.returncode, said.stderr.startswith("Redis does not answer")) == (1, True), said.stderr
