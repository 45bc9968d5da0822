"""Dovecot's administration over HTTP (doveadm's API v1, Dovecot 2.3).

One request carries several commands, which Dovecot runs one after another; it closes the connection after each
answer, so none is kept. A command whose arguments doveadm cannot read ends its process and with it the rest of the
request: callers send nothing that they have not checked.
"""

import base64
import http.client
import time
from typing import Any, Final

import msgspec

from postroom.drivers.contract import NoMailbox, PermanentFailure, TemporaryFailure

# Exit codes, from sysexits.h and doveadm(1).
BAD_NAME: Final = 64
BAD_DATA: Final = 65
_NO_USER: Final = 67
NOT_FOUND: Final = 68
_CANNOT_CREATE: Final = 73
_NO_PERMISSION: Final = 77
_REASONS: Final = {
    BAD_NAME: "Dovecot does not take the name",
    _CANNOT_CREATE: "Dovecot had no room for it",
    _NO_PERMISSION: "Dovecot does not allow it",
    BAD_DATA: "Dovecot refused it",
    NOT_FOUND: "Dovecot has no such thing",
}
_LARGEST_ANSWER: Final = 100_000_000
_CHUNK: Final = 65_536


class Command(msgspec.Struct, frozen=True):
    name: str
    parameters: dict[str, Any]


class Answer(msgspec.Struct, frozen=True):
    rows: list[dict[str, str]]
    exit_code: int = 0

    def checked(self) -> list[dict[str, str]]:
        """The rows. Raises NoMailbox, TemporaryFailure or PermanentFailure for an answer that is none."""
        if self.exit_code == 0:
            return self.rows
        if self.exit_code == _NO_USER:
            raise NoMailbox("Dovecot knows no such user")
        reason = _REASONS.get(self.exit_code)
        if reason is None:
            raise TemporaryFailure(f"doveadm ended with code {self.exit_code}; Dovecot's log says why")
        raise PermanentFailure(f"{reason}; its log says why")


class Doveadm:
    def __init__(self, port: int, key: str, host: str = "127.0.0.1") -> None:
        self._host, self._port = host, port
        self._headers = {
            "Authorization": f"X-Dovecot-API {base64.b64encode(key.encode()).decode()}",
            "Content-Type": "application/json",
        }

    def run(self, *commands: Command, seconds: float = 6.0) -> list[Answer]:
        """An answer for each command. Raises TemporaryFailure where Dovecot did not answer in time."""
        asked = [[c.name, c.parameters, str(number)] for number, c in enumerate(commands)]
        body = self._post(msgspec.json.encode(asked), seconds)
        try:
            told = msgspec.json.decode(body)
            answers = {tag: _answer(kind, content) for kind, content, tag in told}
            return [answers[str(number)] for number in range(len(commands))]
        except (ValueError, KeyError, TypeError) as error:
            raise TemporaryFailure(f"doveadm gave an answer that cannot be read: {error}") from error

    def one(self, name: str, *, seconds: float = 6.0, **parameters: Any) -> list[dict[str, str]]:
        """The rows that one command gives; failures as in `Answer.checked`."""
        return self.run(Command(name, parameters), seconds=seconds)[0].checked()

    def flush_auth_cache(self, user: str | None = None) -> None:
        """Forget what is cached of the passwords of one user, or of all."""
        self.one("authCacheFlush", user=[user] if user else [])

    def kick(self, user_mask: str) -> int:
        """End the IMAP and POP3 sessions of users; `*` and `?` stand for others. How many users had some."""
        answer = self.run(Command("kick", {"mask": [user_mask]}))[0]
        return 0 if answer.exit_code == NOT_FOUND else len(answer.checked())

    def who(self) -> list[dict[str, str]]:
        """username, service, connections, pids, ips: a row for each user and service with live sessions."""
        return self.one("who")

    def _post(self, body: bytes, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        connection = http.client.HTTPConnection(self._host, self._port, timeout=seconds)
        try:
            connection.request("POST", "/doveadm/v1", body, self._headers)
            response = connection.getresponse()
            text = _read(response, until)
        except (OSError, http.client.HTTPException) as error:
            raise TemporaryFailure(f"doveadm does not answer: {error or type(error).__name__}") from error
        finally:
            connection.close()
        if response.status == 401:
            raise PermanentFailure("Dovecot does not take our doveadm key")
        if response.status != 200:
            raise TemporaryFailure(f"doveadm answered with HTTP status {response.status}")
        return text


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """All of it; a server that answers drop by drop gets no more than its time either."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_CHUNK):  # what is there: read() waits until so much has come
        parts.append(part)
        size += len(part)
        if time.monotonic() > until or size > _LARGEST_ANSWER:
            raise TimeoutError("the answer is too long")
    return b"".join(parts)


def _answer(kind: str, content: Any) -> Answer:
    if kind == "error":
        return Answer([], int(content.get("exitCode", 75)))
    return Answer([row for row in content if isinstance(row, dict)] if isinstance(content, list) else [content])
