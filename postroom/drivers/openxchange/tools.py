"""The command line tools of Open-Xchange, for the time of one call of the driver."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.openxchange import listing
from postroom.drivers.openxchange.connection import Connection, Deadline, Said
from postroom.drivers.openxchange.listing import OxContext, OxUser
from postroom.drivers.openxchange.settings import Administrator, OxSettings

NO_SUCH_CONTEXT: Final = 102
NO_SUCH_USER: Final = 108
_NOT_LET_IN: Final = 101
_REFUSALS: Final = frozenset({103, 104, 109, 110, 111, 114})  # the data, an option, or a context that is there
_NO_PROGRAM: Final = frozenset({126, 127})
_SOMEBODY_MUST_ACT: Final = 300.0
_AGAIN: Final = 30.0
_LONGEST_REASON: Final = 300

Options = Mapping[str, str]
"""Long option → value."""


class Refused(PermanentFailure):
    """The tool read what it was given and would not do it."""


class Gone(TemporaryFailure):
    """The context or the user went while we looked."""


class Tools:
    def __init__(self, connection: Connection, settings: OxSettings, deadline: Deadline) -> None:
        self.settings = settings
        self.deadline = deadline
        self._connection = connection

    def contexts(self) -> list[OxContext]:
        return listing.contexts(self._master("listcontext", {}, flags=("--csv",)))

    def create_context(self, options: Options, more: Sequence[str]) -> None:
        # One that nobody knows would lock us out of the context.
        self._master("createcontext", options, flags=more, new_password=self.settings.context_admin.password())

    def change_context(self, id: int, options: Options) -> None:
        self._master("changecontext", {"contextid": str(id), **options})

    def delete_context(self, id: int) -> None:
        self._master("deletecontext", {"contextid": str(id)})

    def users(self, context: int) -> list[OxUser]:
        """The administrator of the context is not among them."""
        everybody = listing.users(self._in_context("listuser", context, {}, flags=("--csv",)))
        admin = self.settings.context_admin.user.lower()
        return [user for user in everybody if user.name.lower() != admin]

    def create_user(self, context: int, options: Options, more: Sequence[str]) -> None:
        """With a password that nobody knows: people are let in by what Open-Xchange asks elsewhere."""
        self._in_context("createuser", context, options, flags=more, new_password=secrets.token_urlsafe(32))

    def change_user(self, context: int, id: int, options: Options, more: Sequence[str]) -> None:
        self._in_context("changeuser", context, {"userid": str(id), **options}, flags=more)

    def delete_user(self, context: int, id: int) -> None:
        try:
            self._in_context("deleteuser", context, {"userid": str(id)})
        except Gone:
            return

    def has_display_name(self, context: int, name: str) -> bool:
        """As Open-Xchange compares them: its database may think that É is e."""
        return self._exists(context, {"displayname": name})

    def has_user_name(self, context: int, name: str) -> bool:
        return self._exists(context, {"username": name})

    def _exists(self, context: int, options: Options) -> bool:
        admin = self.settings.context_admin
        said = self._said("existsuser", admin, {"contextid": str(context), **options})
        if said.status == 1 and said.output.rstrip().endswith("does not exist"):
            return False
        self._outcome("existsuser", said, (admin.password(),))
        return True

    def _master(self, tool: str, options: Options, *, flags: Sequence[str] = (), new_password: str = "") -> str:
        return self._ran(tool, self.settings.master_admin, options, flags, new_password)

    def _in_context(
        self, tool: str, context: int, options: Options, *, flags: Sequence[str] = (), new_password: str = ""
    ) -> str:
        admin = self.settings.context_admin
        return self._ran(tool, admin, {"contextid": str(context), **options}, flags, new_password)

    def _ran(
        self, tool: str, admin: Administrator | None, options: Options, flags: Sequence[str], new_password: str
    ) -> str:
        said = self._said(tool, admin, options, flags, new_password)
        known = (new_password, admin.password()) if admin else (new_password,)
        return self._outcome(tool, said, known)

    def _said(
        self, tool: str, admin: Administrator | None, options: Options, flags: Sequence[str] = (), password: str = ""
    ) -> Said:
        environment = {"LC_ALL": self.settings.locale}
        given = dict(options)
        if admin is not None:
            given["adminuser"] = admin.user
            environment["ADMIN_PASSWORD"] = admin.password()
        if password:
            environment["NEW_USER_PASSWORD"] = password
        # Never as two words: a value that begins with a hyphen would be taken for an option by some parsers.
        words = [f"--{name}={value}" for name, value in given.items()]
        return self._connection.run([f"{self.settings.tools}/{tool}", *words, *flags], environment, self.deadline)

    def _outcome(self, tool: str, said: Said, passwords: Sequence[str]) -> str:
        """Its output. Raises what its exit code means (docs/openxchange.md)."""
        if said.status == 0:
            return said.output
        reason = f"{tool}: {_reason(said, passwords)}"
        if said.status in _REFUSALS:
            raise Refused(reason)
        if said.status in (NO_SUCH_CONTEXT, NO_SUCH_USER):
            raise Gone(reason, retry_in=1)
        somebody_must_act = said.status == _NOT_LET_IN or said.status in _NO_PROGRAM
        raise TemporaryFailure(reason, retry_in=_SOMEBODY_MUST_ACT if somebody_must_act else _AGAIN)


def _reason(said: Said, passwords: Sequence[str]) -> str:
    """What it said, without Java's stack and the list of all its options."""
    lines = []
    for line in f"{said.errors}\n{said.output}".splitlines():
        text = line.strip()
        if text.startswith("Usage"):
            break
        if text and not text.startswith("at ") and text != "Server response:":
            lines.append(text)
    reason = " ".join(lines)
    for password in filter(None, passwords):
        reason = reason.replace(password, "…")
    return f"{reason[:_LONGEST_REASON] or 'said nothing'} (exit code {said.status})"
