"""Where copied mail goes: into a mailbox on the platform that has it."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from postroom.core.passwords.tokens import hash_token, new_token
from postroom.drivers import make
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.copying import opening
from postroom.drivers.copying.contract import MailSink
from postroom.drivers.fake import FakePlatform
from postroom.store.models import Mailbox, Platform, Token
from postroom.store.rows import MailboxRow

_TOKEN_LASTS = 120_000


def open_sink(row: MailboxRow) -> MailSink:
    """Raises TemporaryFailure while the platform does not have the mailbox yet."""
    if not Mailbox.objects.filter(id=row.id).exclude(applied_name="").exists():
        raise TemporaryFailure(f"{row.address} is not on its mail platform yet", 10.0)
    name, settings = Platform.objects.values_list("driver", "settings").get(id=row.domain.platform_id)
    driver = make(name, settings)
    if isinstance(driver, FakePlatform):
        return driver.mail_sink(row.address)
    host, port = imap_of(settings)
    text = new_token()
    now = time.time_ns() // 1_000_000
    Token.objects.create(
        hash=hash_token(text), mailbox_id=row.id, kind="session", opens_api=False, opens_mail=True,
        reason="copying mail", created_by="worker", created_at=now, expires_at=now + _TOKEN_LASTS,
    )  # fmt: skip
    try:
        return opening.own_mailbox(host, port, row.address, text)
    finally:
        Token.objects.filter(hash=hash_token(text)).delete()  # it was for this one sign-in


def imap_of(settings: Mapping[str, object]) -> tuple[str, int]:
    """Host and port of the platform's own IMAP: `imap_host` and `imap_port` of its settings, else what its mail.json
    says (drivers/mailstack/layout.py)."""
    host, port = settings.get("imap_host"), settings.get("imap_port")
    if port is None and isinstance(settings.get("dir"), str):
        try:
            facts = json.loads((Path(str(settings["dir"])) / "mail.json").read_text())
            host, port = host or facts["host"], facts["ports"]["imap"]
        except (OSError, ValueError, KeyError) as error:
            raise TemporaryFailure(f"Where our own mail servers are cannot be read: {error}") from None
    if not isinstance(port, int):
        raise PermanentFailure("Mail cannot be copied to this platform: its settings name no imap_port")
    return str(host or "127.0.0.1"), port
