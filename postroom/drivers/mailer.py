"""The way out for Postroom's own e-mails: the operator's mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType

import msgspec

from postroom.drivers.contract import PermanentFailure, TemporaryFailure

_TIMEOUT = 10.0
"""Seconds for each answer of the server: what one mail takes stays far below the worker's lease."""
_TLS_FROM_THE_START = 465
_TOO_LARGE = 552


class Server(msgspec.Struct, frozen=True, kw_only=True):
    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    starttls: bool = True

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.port})"


class ServerDown(TemporaryFailure):
    """The server takes nothing from us now: no use in trying the next mail."""


class Mailer:
    """One connection for several mails, opened with the first one."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Mailer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def send(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """`sender` is where failures are reported to. Raises ServerDown, TemporaryFailure or PermanentFailure."""
        connection = self._connection or self._connect()
        try:
            connection.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = next(iter(refused.recipients.values()))
            raise _failure(code, text) from None
        except smtplib.SMTPSenderRefused as refused:
            # The sender is the operator's own address: a setting is wrong, unless the mail is too large.
            if refused.smtp_code == _TOO_LARGE:
                raise PermanentFailure(_said(refused.smtp_code, refused.smtp_error)) from None
            raise TemporaryFailure(_said(refused.smtp_code, refused.smtp_error)) from None
        except smtplib.SMTPDataError as refused:
            raise _failure(refused.smtp_code, refused.smtp_error) from None
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise PermanentFailure(f"cannot be sent to such an address: {error}") from None
        except (smtplib.SMTPException, OSError) as error:
            # Perhaps this very mail makes the server hang up: the next one gets a new connection.
            self.close()
            raise TemporaryFailure(f"the connection was lost: {error}") from None

    def _connect(self) -> smtplib.SMTP:
        try:
            self._connection = self._greeted()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise ServerDown(f"{self._server.host}:{self._server.port}: {_reason(error)}") from None
        return self._connection

    def _greeted(self) -> smtplib.SMTP:
        server = self._server
        if server.port == _TLS_FROM_THE_START:
            trusted = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=trusted)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
        try:
            if server.starttls and server.port != _TLS_FROM_THE_START:
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _failure(code: int, text: bytes | str) -> TemporaryFailure | PermanentFailure:
    said = _said(code, text)
    return PermanentFailure(said) if 500 <= code < 600 else TemporaryFailure(said)


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the sign-in was refused ({error.smtp_code})"  # the server's own words may repeat what it was told
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
