"""What opens a door is in no history and in no log."""

import logging

import pytest

from postroom.actions import app_passwords, domains, mailboxes, tokens
from postroom.actions.tokens import TokenWish
from postroom.core import dkim
from postroom.core.errors import BadAttribute
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store import rows
from postroom.store.models import History, Mailbox
from postroom.worker import loop, reconcile
from tests import cast

PLAIN = "Tr0ubadour&3-horses"
KEY = dkim.new_key(1024)
KEY_BODY = KEY.split("\n")[1]
TOKEN = "opens-every-door-there-is"


def broken(change):
    raise ValueError(f"cannot do {change}")


@pytest.fixture
def live(acme, caplog, monkeypatch):
    return lambda: secrets_of_a_busy_day(caplog, monkeypatch)


def secrets_of_a_busy_day(caplog, monkeypatch):
    """All secrets there are, made, changed, refused, and sent to a platform that first fails in every way."""
    caplog.set_level(logging.DEBUG)
    as_of = cast.origin
    domains.change(OPERATOR, as_of(), cast.ACME, {"dkim_selector": "s1", "dkim_key": KEY})
    mailboxes.change(OPERATOR, as_of(), cast.UMA, {"password": PLAIN})
    cast.mailbox("new@acme.example", password=PLAIN)
    for refused in ("short", "{NOSUCH}" + PLAIN):
        with pytest.raises(BadAttribute) as error:
            mailboxes.change(OPERATOR, as_of(), cast.UMA, {"password": refused})
        logging.getLogger().warning("%s %s", error.value, getattr(error.value, "hints", ""))
    with pytest.raises(BadAttribute) as error:
        domains.change(OPERATOR, as_of(), cast.ACME, {"dkim_key": KEY_BODY})
    logging.getLogger().warning("%s %s", error.value, getattr(error.value, "hints", ""))
    tokens.create(OPERATOR, as_of(), cast.UMA, TokenWish(seconds=60, reason="support", text=TOKEN))
    cast.actor(cast.DORA)
    app = app_passwords.add(OPERATOR, as_of(), cast.UMA, "phone")
    platform = make("fake", {"path": ":memory:"})
    for kind in ("temporary", "permanent"):
        platform.command("fail_next", {"operation": "apply", "kind": kind})
    loop.until_idle()
    with monkeypatch.context() as patch:
        patch.setattr(platform, "apply", broken)
        mailboxes.change(OPERATOR, as_of(), cast.UMA, {"quota": 7})
        domains.change(OPERATOR, as_of(), cast.ACME, {"spamlevel": "High"})
        loop.until_idle()
    domains.change(OPERATOR, as_of(), cast.ACME, {"dkim_selector": None, "dkim_key": None})
    hashes = [h.partition("}")[2] for row in Mailbox.objects.all() for h in (row.password, *row.old_passwords)]
    return {PLAIN, KEY_BODY, TOKEN, app, *hashes}


def test_no_secret_is_in_the_history(live):
    secrets = live()
    everything = repr(list(History.objects.values_list()))
    assert [secret for secret in secrets if secret in everything] == []


def test_the_history_says_that_a_secret_was_changed(live):
    live()
    changed = History.objects.filter(name=cast.UMA, verb="changed").order_by("id")
    assert changed[0].changes["password"] == ["(secret)", "(secret)"]


def test_no_secret_is_in_the_log(live, caplog):
    secrets = live()
    assert "cannot do" in caplog.text  # it was listened to
    assert [secret for secret in secrets if secret in caplog.text] == []


@pytest.mark.parametrize("what", ["domain", "mailbox"])
def test_a_record_on_its_way_to_a_platform_does_not_show_its_secrets(acme, what):
    """Records end up in tracebacks and logs."""
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"dkim_selector": "s1", "dkim_key": KEY})
    row = rows.find_mailbox(cast.UMA)[1]
    record = reconcile.domain_record(row.domain) if what == "domain" else reconcile.mailbox_record(row)
    assert KEY_BODY not in repr(record)
    assert cast.HASH not in repr(record)
