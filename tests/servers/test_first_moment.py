"""The first message of a mailbox and its owner's first session may come at the same moment."""

import imaplib
import threading

from tests.servers import rows
from tests.servers.clients import imap, lmtp

MAILBOXES = 100  # the race is lost once in some hundred


def _sessions_until(delivered, live, login):
    """Opens INBOX again and again; how often a session was dropped."""
    dropped = 0
    while not delivered.is_set():
        try:
            with imap(live, login, rows.PASSWORD) as session:
                session.select("INBOX", readonly=True)
        except imaplib.IMAP4.abort:
            dropped += 1
    return dropped


def _dropped(live, login):
    outcome, delivered = [], threading.Event()
    owner = threading.Thread(target=lambda: outcome.append(_sessions_until(delivered, live, login)))
    owner.start()
    try:
        assert lmtp(live, login).code == 250
    finally:
        delivered.set()
        owner.join(20)
    return outcome[0]


def test_neither_is_in_the_others_way(live, unique):
    rows.domain(unique)
    logins = [f"user{number}@{unique}" for number in range(MAILBOXES)]
    for login in logins:
        rows.mailbox(login)
    assert [login for login in logins if _dropped(live, login)] == []
