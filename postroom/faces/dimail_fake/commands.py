"""What FAKE mode can be told. Each command is a struct: its fields are the arguments."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from postroom.actions import dimail_seed, live
from postroom.actions.lane import LANE
from postroom.core.address import parse_domain
from postroom.core.errors import BadRequest, BadValueError
from postroom.core.records import Origin
from postroom.faces.dimail_fake import in_step
from postroom.faces.dimail_fake.endpoints import Endpoint, read
from postroom.faces.dimail_fake.faults import CALLS_KEPT, Fault, Faults, Reply

Told: TypeAlias = Mapping[str, object]

_LONGEST: Final = 120
_SHOWN: Final = {
    "domains": ("name", "active", "own_aliases"),
    "mailboxes": ("address", "type", "active", "first_name", "last_name", "has_password"),
}
"""Of what the platform has."""
_WITHOUT_A_BODY: Final = frozenset({204, 304})
_TEXT: Final = "text/plain; charset=utf-8"
_JSON: Final = "application/json"


class Fake(msgspec.Struct, frozen=True):
    """What the commands work on."""

    routes: tuple[Endpoint, ...]
    """Of the face."""
    begin_anew: Callable[[], None]
    """Empty the database and the platform."""
    faults: Faults = msgspec.field(default_factory=Faults)


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    def run(self, fake: Fake) -> Told:
        raise NotImplementedError


class FailNext(Command, frozen=True):
    """Let the next calls of an endpoint fail, after those that were asked for before."""

    endpoint: Annotated[str, msgspec.Meta(max_length=2000)] = "any"
    times: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    body: object = None
    """Text is sent as text, everything else as JSON; null with a status: what dimail says with it."""
    content_type: Annotated[str, msgspec.Meta(min_length=3, max_length=200, pattern=r"^[ -~]+$")] | None = None
    delay: Annotated[float, msgspec.Meta(ge=0, le=_LONGEST)] = 0.0
    """Seconds, before the answer."""
    drop: bool = False
    """Close the connection without an answer."""
    done: bool = False
    """The call does its work all the same, and only its answer is lost: before the delay."""

    def run(self, fake: Fake) -> Told:
        if self.drop and self.status is not None:
            raise BadRequest(hints={"drop": "a dropped connection has no status"})
        if self.status is None and (self.body is not None or self.content_type is not None):
            raise BadRequest(hints={"status": "must be there with a body"})
        if self.status in _WITHOUT_A_BODY and self.body is not None:
            raise BadRequest(hints={"body": f"there is none with {self.status}"})
        if self.status is None and not self.drop and not self.delay:
            raise BadRequest(hints={"status": "say a status, a delay or drop"})
        fault = Fault(
            endpoint=read(self.endpoint, fake.routes),
            written=self.endpoint,
            delay=self.delay,
            drop=self.drop,
            done=self.done,
            reply=None if self.status is None else self._reply(self.status),
        )
        fake.faults.add(fault, self.times)
        return _waiting(fake)

    def _reply(self, status: int) -> Reply:
        if status in _WITHOUT_A_BODY:
            return Reply(status, b"", self.content_type or _JSON)
        body = self.body
        if body is None:
            body = "Internal Server Error" if status >= 500 else {"detail": "Told to fail"}
        if isinstance(body, str):
            return Reply(status, body.encode(), self.content_type or _TEXT)
        return Reply(status, msgspec.json.encode(body), self.content_type or _JSON)


class ClearFaults(Command, frozen=True):
    """Let nothing fail any more."""

    def run(self, fake: Fake) -> Told:
        return {"cleared": fake.faults.clear()}


class SetCheck(Command, frozen=True):
    """Let one test of a domain fail, or be ok again. The domain need not exist yet."""

    domain: str
    test: str
    ok: bool
    code: str = ""
    detail: str = ""

    def run(self, fake: Fake) -> Told:
        return live.command_fake("set_check", {**msgspec.structs.asdict(self), "domain": _domain(self.domain)})


class SetFix(Command, frozen=True):
    """What the repair of a domain does: end the failures of the internal tests (which it does untold) or not, and let
    another test fail from then on."""

    domain: str
    repairs: bool = True
    breaks: str = ""

    def run(self, fake: Fake) -> Told:
        return live.command_fake("set_fix", {**msgspec.structs.asdict(self), "domain": _domain(self.domain)})


class ClearChecks(Command, frozen=True):
    """Let all tests be ok again, of one domain or of all."""

    domain: str = ""

    def run(self, fake: Fake) -> Told:
        return live.command_fake("clear_checks", {"domain": _domain_or_all(self.domain)})


class FixSecrets(Command, frozen=True):
    """Use this password and this login code in place of random ones; null: random again."""

    password: Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]{1,200}\Z")] | msgspec.UnsetType | None = (
        msgspec.UNSET
    )
    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{1,100}$")] | msgspec.UnsetType | None = msgspec.UNSET

    def run(self, fake: Fake) -> Told:
        told = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not msgspec.UNSET}
        return live.command_fake("fix_secrets", told)


class Seed(Command, frozen=True):
    """Make users, contexts, domains with what is in them, and allows: all or nothing. The mailboxes' passwords are
    in the answer."""

    users: tuple[dimail_seed.User, ...] = ()
    contexts: tuple[dimail_seed.Context, ...] = ()
    domains: tuple[dimail_seed.Domain, ...] = ()
    allows: tuple[dimail_seed.Allow, ...] = ()

    def run(self, fake: Fake) -> Told:
        wishes = dimail_seed.Wishes(self.users, self.contexts, self.domains, self.allows)
        with LANE:
            opened = dimail_seed.plant(_origin(), wishes)
        in_step.bring()
        for domain in self.domains:
            name = _domain(domain.name)
            for test, detail in domain.failing.items():
                SetCheck(domain=name, test=test, ok=False, detail=detail).run(fake)
            if domain.checked:
                with LANE:
                    dimail_seed.check(_origin(), name)
        in_step.bring()
        return {"mailboxes": [{"email": made.address, "password": made.password} for made in opened]}


class State(Command, frozen=True):
    """What the mail platform and Open-Xchange have, of one domain or of all, without secrets; and what FAKE mode has
    been told."""

    domain: str = ""

    def run(self, fake: Fake) -> Told:
        in_step.bring()
        found: dict[str, Any] = live.command_fake("state", {"domain": _domain_or_all(self.domain)})
        told = {name: found[name] for name in ("open_xchange", "failing_checks", "fixed")}
        shown = {name: [_part(one, fields) for one in found[name]] for name, fields in _SHOWN.items()}
        return {**shown, **told, **_waiting(fake)}


class Calls(Command, frozen=True):
    """The last calls that came, the newest last."""

    last: Annotated[int, msgspec.Meta(ge=1, le=CALLS_KEPT)] = 100

    def run(self, fake: Fake) -> Told:
        return {"calls": fake.faults.calls(self.last)}


class Reset(Command, frozen=True):
    """Forget everything: as after a start."""

    def run(self, fake: Fake) -> Told:
        with LANE:
            fake.begin_anew()
        fake.faults.forget()
        return {}


COMMANDS: Final[Mapping[str, type[Command]]] = MappingProxyType(
    {
        "fail_next": FailNext,
        "clear_faults": ClearFaults,
        "set_check": SetCheck,
        "set_fix": SetFix,
        "clear_checks": ClearChecks,
        "fix_secrets": FixSecrets,
        "seed": Seed,
        "state": State,
        "calls": Calls,
        "reset": Reset,
    }
)


def run(fake: Fake, name: str, arguments: bytes) -> Told:
    """Raises BadRequest and msgspec's errors for what it does not understand; then nothing has changed."""
    command = COMMANDS.get(name)
    if command is None:
        raise BadRequest(f"There is no command {name[:64]!r}", hints={"command": f"one of {', '.join(COMMANDS)}"})
    return msgspec.json.decode(arguments, type=command).run(fake)


def _domain(text: str) -> str:
    """As the platform knows it, for what is told of any other name would never come. Raises BadRequest."""
    try:
        return parse_domain(text)
    except BadValueError as error:
        raise BadRequest(hints={"domain": str(error)}) from None


def _domain_or_all(text: str) -> str:
    return _domain(text) if text.strip() else ""


def _part(record: Mapping[str, object], fields: tuple[str, ...]) -> dict[str, object]:
    return {field: record[field] for field in fields}


def _origin() -> Origin:
    return Origin(face="dimail", application="control", request_id="", at=datetime.now(UTC))


def _waiting(fake: Fake) -> dict[str, object]:
    return {
        "faults": [
            {
                "endpoint": fault.written,
                "times": times,
                "status": fault.reply.status if fault.reply else None,
                "delay": fault.delay,
                "drop": fault.drop,
                "done": fault.done,
            }
            for fault, times in fake.faults.waiting()
        ]
    }
