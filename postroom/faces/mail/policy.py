"""Postfix's policy protocol: at the end of each message that an account sends, may it (docs/mailstack.md).

A request is lines of name=value and an empty one; the answer is one line and an empty one
(https://www.postfix.org/SMTPD_POLICY_README.html). Where nobody can say, the message must wait: 451, never DUNNO.
"""

import logging
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping

from postroom.actions import mail_flow
from postroom.actions.mail_flow import Verdict
from postroom.core.address import fold
from postroom.core.errors import TryAgain
from postroom.core.mail.traffic import Outgoing
from postroom.faces.mail.listener import Nonsense
from postroom.faces.mail.threads import Threads

log = logging.getLogger("postroom.mail")

LONGEST = 16_384
"""Bytes of a request; Postfix sends less than two thousand."""
PASS = "DUNNO"  # noqa: S105 -- what comes after us in the list of restrictions decides
LATER = "451 4.3.0 Nobody can say at this moment whether you may send more; try again in a few minutes"

_LONGEST_LOGIN = 254
_SERVICES = {"webmail": "webmail"}
"""`policy_context` of a submission service → what its sign-ins are noted as; any other is a mail program's."""


class Policy:
    def __init__(self, threads: Threads, clock: Callable[[], float] = time.time) -> None:
        self._threads = threads
        self._clock = clock

    async def hear(self, reader: StreamReader, _writer: StreamWriter) -> dict[str, str]:
        request = parse(await reader.readuntil(b"\n\n"))
        if request.get("request") != "smtpd_access_policy":
            raise Nonsense("that is not Postfix's policy protocol")
        return request

    async def answer(self, request: Mapping[str, str]) -> tuple[bytes, bool]:
        try:
            action = await self._action(request)
        except TryAgain as error:
            log.warning("policy: %s", error)
            action = LATER
        except Exception:
            log.exception("policy: a message has to wait")
            action = LATER
        return f"action={action}\n\n".encode(), True

    async def _action(self, request: Mapping[str, str]) -> str:
        login = fold(request.get("sasl_username", ""))
        if request.get("protocol_state") != "END-OF-MESSAGE" or not login:
            return PASS
        if len(login) > _LONGEST_LOGIN or not login.isprintable():
            return worded(Verdict(known=False, allowed=False), 0, 0)
        recipients, now = recipients_of(request), self._clock()
        service = _SERVICES.get(request.get("policy_context", ""), "smtprelay")
        message = Outgoing(recipients, number_of(request, "size"))
        verdict = await self._threads.run(mail_flow.count, login, message, service, now)
        if not verdict.allowed:
            log.info("refused a message of %s to %d recipients", login, recipients)
        return worded(verdict, recipients, now)


def parse(block: bytes) -> dict[str, str]:
    """Of a name that comes twice the last one counts, as everywhere in Postfix."""
    lines = block.decode("utf-8", "replace").split("\n")
    return {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}


def recipients_of(request: Mapping[str, str]) -> int:
    return max(1, number_of(request, "recipient_count"))


def number_of(request: Mapping[str, str], name: str) -> int:
    written = request.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def worded(verdict: Verdict, recipients: int, now: float) -> str:
    """One line of ASCII, which mail programs show to people."""
    if verdict.allowed:
        return PASS
    if not verdict.known:
        return "550 5.7.1 This account may not send mail"
    limit = f"{verdict.limit} recipients in 24 hours"
    if verdict.free_at is None:
        return f"550 5.7.1 The message has {recipients} recipients, and this account may send to {limit}"
    return f"550 5.7.1 This account may send to {limit}; the message can be sent in {_wait(verdict.free_at - now)}"


def _wait(seconds: float) -> str:
    """Rounded up to a minute: an hour later nobody knows in which zone a time of day was meant."""
    hours, minutes = divmod(max(1, -int(-seconds // 60)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
