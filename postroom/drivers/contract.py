"""What the worker asks of a mail platform, and the two words in which a platform fails.

A driver gets records and returns observations; it decides nothing. Every call ends within CALL_LIMIT
seconds, also when the platform hangs: that is the driver's duty, the worker waits for it. Drivers are
shared by threads. Names and addresses are expected in their canonical form. One suite tests all drivers:
tests/drivers/test_contract.py.
"""

from enum import StrEnum
from typing import Final, Protocol

import msgspec

from postroom.core.plan import Abilities, Change
from postroom.core.records import DomainRecord, MailboxRecord

CALL_LIMIT: Final = 20.0
"""Seconds that any call may take."""

PAGE: Final = 1000


class DriverError(Exception):
    """The platform did not do what it was asked. The reason is for people and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DriverError):
    """The same call may succeed later. It may also have succeeded already: nobody knows."""

    def __init__(self, reason: str, retry_in: float = 60.0) -> None:
        super().__init__(reason)
        self.retry_in = retry_in
        """Seconds after which it is sensible to try again; the worker may wait longer."""


class PermanentFailure(DriverError):
    """The same call will fail until somebody changes something. Nothing was changed by it."""


class CheckState(StrEnum):
    OK = "ok"
    ACTION_REQUIRED = "action_required"  # the owner of the domain has to change something, in DNS mostly
    FAILED = "failed"  # the platform has to


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """mx, spf, …: specs/dimail.md section 5.2."""
    ok: bool
    internal: bool
    """True: the platform's own affair; False: the owner of the domain can mend it."""
    code: str = ""
    """For programs: no_mx, wrong_mx, … Empty when ok."""
    detail: str = ""
    """For the owner of the domain: what was wanted and what was found. Empty when ok."""


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    domain: str
    tests: tuple[CheckResult, ...]

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        return tuple(test for test in self.tests if not test.ok)

    @property
    def state(self) -> CheckState:
        if not self.failed:
            return CheckState.OK
        only_internal = all(test.internal for test in self.failed)
        return CheckState.FAILED if only_internal else CheckState.ACTION_REQUIRED


class Driver(Protocol):
    """Every call may raise TemporaryFailure or PermanentFailure, and nothing else on purpose."""

    @property
    def abilities(self) -> Abilities:
        """What it does not honour never reaches it: see `plan.honoured`."""

    def observe_domain(self, name: str) -> DomainRecord | None:
        """Found by its own name only, never by an alias."""

    def observe_mailbox(self, address: str) -> MailboxRecord | None:
        """Found by its own address only, never by an alias.

        A platform that cannot show a password's hash remembers what it was given last.
        """

    def observe_mailboxes(self, domain: str, *, after: str = "", limit: int = PAGE) -> list[MailboxRecord]:
        """The first `limit` mailboxes beyond the address `after`, in code point order of addresses.

        Empty for a domain that is not there.
        """

    def domains(self, *, after: str = "", limit: int = PAGE) -> list[DomainRecord]:
        """The first `limit` domains beyond the name `after`, in code point order."""

    def apply(self, change: Change) -> None:
        """Applying twice is as good as once, and removing what is not there is no failure.

        A renamed domain takes its mailboxes along. Permanent failures are: a name that another object
        has, a mailbox in a domain that is not there, removing a domain that has mailboxes, and Conflict.
        """

    def check_domain(self, name: str) -> CheckReport:
        """Asks DNS and the platform now. A domain that is not on the platform fails an internal test.

        A test that could not be made is a failed test, not a failure of the call.
        """

    def close(self) -> None:
        """Gives connections back. The next call opens new ones."""
