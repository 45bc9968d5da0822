"""What `listcontext --csv` and `listuser --csv` print.

The columns that we read are found by their names, however those are written: the tools make the names of users'
columns from those of Java methods (Display_name, PrimaryEmail), and new versions add columns in between.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from postroom.core.plan import UNKEPT
from postroom.core.records import DomainRecord, MailboxRecord
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.openxchange import marks
from postroom.drivers.openxchange.marks import DomainMark, MailboxMark

_CONTEXT_COLUMNS: Final = ("id", "name", "lmappings")
_USER_COLUMNS: Final = (
    "id", "name", "displayname", "givenname", "surname", "primaryemail", "aliases", "mailenabled", "userattributes",
)  # fmt: skip
_ID: Final = re.compile("[0-9]{1,18}")
_NOBODY_CAN_READ_IT: Final = 300.0
_ACTIVE: Final = UNKEPT["domain.active"]


class OxContext(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    mappings: frozenset[str]

    @property
    def key(self) -> int | None:
        """None: it is not ours."""
        found = marks.context_of(self.name)
        return found[0] if found else None

    def marks(self) -> list[DomainMark]:
        return [mark for mark in map(marks.domain_of, sorted(self.mappings)) if mark]

    def records(self) -> list[DomainRecord]:
        """Of the domains in it that are ours."""
        key, name = marks.context_of(self.name) or (0, self.name)
        found = self.marks()
        return [
            DomainRecord(
                key=own.key, name=own.name, active=bool(_ACTIVE), settings={}, context_key=key, context_name=name,
                aliases=tuple(alias.name for alias in found if alias.is_alias and alias.key == own.key),
            )
            for own in found if not own.is_alias
        ]  # fmt: skip


class OxUser(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    display_name: str
    given_name: str
    sur_name: str
    address: str
    aliases: tuple[str, ...]
    """Without the address."""
    enabled: bool
    """False: Open-Xchange refuses the sign-in."""
    default_sender: str = ""
    mark: MailboxMark | None = None
    """None: it is not ours."""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def record(self) -> MailboxRecord | None:
        mark = self.mark
        if mark is None:
            return None
        local_part, _, domain = self.address.rpartition("@")
        return MailboxRecord(
            key=mark.key, address=self.address, type=mark.type, aliases=self.aliases,
            active=self.enabled if mark.type == "mailbox" else ("a" in mark.flags) is not self.enabled,
            first_name="" if "f" not in mark.flags and self.given_name == local_part else self.given_name,
            last_name="" if "l" not in mark.flags and self.sur_name == domain else self.sur_name,
            settings=self._settings(mark),
        )  # fmt: skip

    def _settings(self, mark: MailboxMark) -> dict[str, str]:
        shown = self.display_name.removesuffix(f" ({self.address})") if "q" in mark.flags else self.display_name
        if "n" in mark.flags:
            return {"name": shown}
        usual = usual_name(self.given_name if "f" in mark.flags else "", self.sur_name if "l" in mark.flags else "")
        if shown == (usual or self.address):
            return {"name": ""} if "e" in mark.flags else {}
        return {"name": self.display_name}  # somebody changed it there


def usual_name(first: str, last: str) -> str:
    """Of somebody who has not chosen another."""
    return f"{first} {last}".strip()


def contexts(text: str) -> list[OxContext]:
    """Raises TemporaryFailure for what is no such list, as everything here does."""
    return [
        OxContext(id=_number(row["id"]), name=row["name"], mappings=frozenset(_split(row["lmappings"])))
        for row in _rows(text, _CONTEXT_COLUMNS)
    ]


def users(text: str) -> list[OxUser]:
    return [_user(row) for row in _rows(text, _USER_COLUMNS)]


def _user(row: Mapping[str, str]) -> OxUser:
    address = row["primaryemail"]
    return OxUser(
        id=_number(row["id"]), name=row["name"], display_name=row["displayname"], given_name=row["givenname"],
        sur_name=row["surname"], address=address, enabled=row["mailenabled"].lower() == "true",
        aliases=tuple(sorted({alias for alias in _split(row["aliases"]) if alias != address})),
        default_sender=row.get("defaultsenderaddress", ""), mark=marks.mailbox_of(row["userattributes"]),
    )  # fmt: skip


def _rows(text: str, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [name.replace("_", "").lower() for name in next(table, [])]
        missing = [name for name in needed if name not in columns]
        if missing:
            raise _strange(f"has no {', '.join(missing)}")
        for row in table:
            if not row:
                continue
            if len(row) != len(columns):
                raise _strange(f"has a line of {len(row)} columns instead of {len(columns)}")
            yield dict(zip(columns, row, strict=True))
    except csv.Error as error:
        raise _strange(f"is no CSV ({error})") from error


def _split(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part and part != "null"]


def _number(text: str) -> int:
    if not _ID.fullmatch(text):
        raise _strange(f"has an id that is no number: {text[:40]!r}")
    return int(text)


def _strange(what: str) -> TemporaryFailure:
    return TemporaryFailure(f"A list of Open-Xchange {what}", retry_in=_NOBODY_CAN_READ_IT)
