"""`postroom mail test`: a message goes all the way, in by SMTP, out by IMAP; then one is sent by submission."""

import imaplib
import json
import secrets
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from postroom.faces.cli.terminal import origin, out, stop_with

COMPANY = "postroom-mail-test"
_ARRIVES_WITHIN = 15.0  # seconds
_PAUSE = 0.05


class WentWrongError(Exception):
    """Which step, and what the server said"""


def run(dir: Path) -> None:
    """With a domain, a mailbox and a password that exist for this test only."""
    from postroom.actions import setup

    facts = _facts(dir)
    driver = setup.default_driver()
    if driver != "mailstack":
        stop_with(
            f"New domains go to a platform of the driver {driver or 'none'}, so the test would not reach these servers."
        )
    with _mailbox() as (address, password):
        try:
            for step, work in _steps(facts, address, password):
                began = time.monotonic()
                work()
                out.print(f"{step}: {(time.monotonic() - began) * 1000:.0f} ms")
        except WentWrongError as error:
            stop_with(str(error))
    out.print("Mail works.")


def _facts(dir: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((dir / "mail.json").read_text())
    except OSError:
        stop_with(f"There is no mail.json in {dir}: start the mail servers first (postroom mail up).")
    return found


@contextmanager
def _mailbox() -> Iterator[tuple[str, str]]:
    from postroom.actions import companies, domain_removal, domains, mailbox_removal, mailboxes
    from postroom.core.errors import ExistsAlready
    from postroom.core.roles import OPERATOR
    from postroom.worker import table_readers

    # A pseudo domain needs no DNS; nobody can have this one.
    domain, password = f"test-{secrets.token_hex(6)}.adm", secrets.token_urlsafe(18)
    try:
        companies.create(OPERATOR, origin(), COMPANY, trusted=True)
    except ExistsAlready:
        out.print(f"(The company {COMPANY} is there from an earlier test.)")
    domains.change(OPERATOR, origin(), domain, {"company": COMPANY}, create_only=True)
    address = f"probe@{domain}"
    mailboxes.change(OPERATOR, origin(), address, {"password": password}, create_only=True)
    table_readers.refill_all()
    try:
        yield address, password
    finally:
        mailbox_removal.delete(OPERATOR, origin(), address)
        domain_removal.delete(OPERATOR, origin(), domain)


def _steps(facts: dict[str, Any], address: str, password: str) -> list[tuple[str, Callable[[], None]]]:
    host, ports = facts["host"], facts["ports"]
    first, second = (f"Postroom mail test {secrets.token_hex(4)}" for _ in range(2))

    def mx() -> None:
        with smtplib.SMTP(host, ports["smtp"], timeout=30) as smtp:
            smtp.send_message(_message("postmaster@example.com", address, first))

    def submission() -> None:
        with smtplib.SMTP(host, ports["submission"], timeout=30) as smtp:
            smtp.login(address, password)
            smtp.send_message(_message(address, address, second))

    return [
        ("The MX took a message", lambda: _told("The MX", mx)),
        ("IMAP shows it", lambda: _told("IMAP", lambda: _await(host, ports["imap"], address, password, first))),
        ("Submission took one after sign-in", lambda: _told("Submission", submission)),
        ("IMAP shows that too", lambda: _told("IMAP", lambda: _await(host, ports["imap"], address, password, second))),
    ]


def _told(part: str, work: Callable[[], None]) -> None:
    try:
        work()
    except (smtplib.SMTPException, imaplib.IMAP4.error, OSError) as error:
        raise WentWrongError(f"{part} does not do its part: {error}. `postroom mail status` may say more.") from error


def _message(sender: str, to: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content("It works.\n")
    return message


def _await(host: str, port: int, address: str, password: str, subject: str) -> None:
    until = time.monotonic() + _ARRIVES_WITHIN
    with imaplib.IMAP4(host, port, timeout=30) as imap:
        imap.login(address, password)
        while time.monotonic() < until:
            imap.select("INBOX", readonly=True)
            if imap.search(None, "SUBJECT", f'"{subject}"')[1][0]:
                return
            time.sleep(_PAUSE)
    raise WentWrongError(f"The message was taken but did not arrive within {_ARRIVES_WITHIN:.0f} seconds.")
