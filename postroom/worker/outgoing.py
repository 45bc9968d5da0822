"""Postroom's own e-mails leave: a few at a time, so that nothing else waits for them."""

import logging
from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings

from postroom.actions.action import DATABASE_GONE
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.mailer import Mailer, Server, ServerDown
from postroom.store import links, outgoing
from postroom.store.models import OutgoingMail
from postroom.worker.reconcile import wait_after

log = logging.getLogger("postroom.worker")

LEASE = 300_000
_BATCH = 20
_AT_A_TIME = 2000
"""Milliseconds: then rows and jobs have their turn."""
_SERVER_DOWN = 60_000
_GIVE_UP = 3 * 86_400_000
_FORGET = 30 * 86_400_000


def send_due(now: Callable[[], int]) -> int:
    """How many were dealt with."""
    server = configured()
    if server is None:
        return outgoing.hold()
    began = now()
    mails = outgoing.claim(began, LEASE, _BATCH)
    if not mails:
        return 0
    with Mailer(server) as mailer:
        for number, mail in enumerate(mails):
            if now() - began > _AT_A_TIME:
                outgoing.give_back([left.pk for left in mails[number:]])
                return number
            try:
                _send(mailer, mail, now)
            except ServerDown as failure:
                log.warning("no e-mail leaves: %s", failure.reason)
                outgoing.put_all_off(failure.reason, now() + _SERVER_DOWN)
                return number
    return len(mails)


def configured() -> Server | None:
    if not settings.SMTP_HOST:
        return None
    return Server(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        user=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
        starttls=settings.SMTP_STARTTLS,
    )


def _send(mailer: Mailer, mail: OutgoingMail, now: Callable[[], int]) -> None:
    """Raises ServerDown; every other failure is this mail's own."""
    try:
        if mail.link_id is not None:
            links.start(mail.link_id, now())
        mailer.send(outgoing.composed(mail), parseaddr(settings.MAIL_FROM)[1], mail.recipient)
    except ServerDown:
        raise
    except TemporaryFailure as failure:
        _try_again(mail, failure.reason, now())
    except PermanentFailure as failure:
        log.warning("e-mail %s (%s) was refused: %s", mail.pk, mail.purpose, failure.reason)
        outgoing.failed(mail.pk, failure.reason, now())
    except DATABASE_GONE:
        raise
    except Exception as error:  # noqa: BLE001 -- told without the error's text, which may quote the mail
        # A fault of ours with one mail must not keep the others waiting.
        log.error("e-mail %s (%s) could not be made: %s", mail.pk, mail.purpose, type(error).__name__)
        outgoing.failed(mail.pk, f"could not be made: {type(error).__name__}", now())
    else:
        outgoing.sent(mail.pk, now())


def _try_again(mail: OutgoingMail, reason: str, now: int) -> None:
    if now - mail.created_at > _GIVE_UP:
        log.warning("e-mail %s (%s) is given up: %s", mail.pk, mail.purpose, reason)
        outgoing.failed(mail.pk, reason, now)
    else:
        outgoing.put_off(mail.pk, reason, now + wait_after(mail.attempts, 60))


def forget_old(now: int) -> None:
    outgoing.forget(now - _FORGET)
