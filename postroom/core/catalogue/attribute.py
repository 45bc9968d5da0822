"""What an attribute is, and how its value is found along company → domain → mailbox.

An attribute is one entry in one of this folder's subject files. Everything that anybody says about it —
validation and its hints, who may set it, what is inherited, forms, schemas, documentation — is read from
that entry. Values set at a level are kept in one JSON object a row; an attribute that is unset is absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, Protocol, TypeAlias

from postroom.core.errors import BadValueError as BadValueError  # kinds raise it; they find it here

Value: TypeAlias = str | int | bool | list[str] | list[dict[str, str]] | None
"""What can be stored: what JSON holds, without nesting beyond a list of flat objects (`contacts`)."""

Settings: TypeAlias = Mapping[str, Value]


class Level(StrEnum):
    """Where an attribute can be set. Values flow down in this order."""

    COMPANY = "company"
    DOMAIN = "domain"
    MAILBOX = "mailbox"


class Inheritance(StrEnum):
    LIVE = "live"  # unset here: the value of the next level up holds, at every use
    COPIED = "copied"  # taken from the parent when the object is created, independent afterwards
    OWN = "own"  # says something about this object only


class Rank(IntEnum):
    """How far up an actor stands in relation to an object; oma.md section 6, column "set by"."""

    SELF = 1
    WORKGROUP = 2  # workgroup and mail administrators
    DOMAIN = 3
    COMPANY = 4
    OPERATOR = 5


class NotGiven:
    """The type of NOT_GIVEN: the sender wrote the key but meant nothing by it (`type: ""`)."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven()


class Kind(Protocol):
    """What values an attribute takes. Kinds know the leniency of oma.md section 1.2."""

    @property
    def name(self) -> str:
        """A word or two for the documentation: `text`, `whole number`, …"""

    @property
    def bounds(self) -> str:
        """The limits in a phrase that completes "must be …" — used in hints and documentation."""

    @property
    def options(self) -> tuple[str, ...]:
        """All allowed values where they can be listed, else empty."""

    def parse(self, raw: object) -> Value | NotGiven:
        """The value to store for what a client sent; None means "unset here".

        Raises BadValueError with a hint for people; never any other exception, whatever `raw` is.
        """


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    kind: Kind
    doc: str
    set_by: Mapping[Level, Rank | None]
    """The levels it exists on, each with the lowest rank that may set it there; None: read-only."""
    inherits: Inheritance = Inheritance.OWN
    default: Value = None
    """The value in force when no level says anything."""
    unset: Value | NotGiven = None
    """What a reader is shown where nothing is set and nothing is copied; NOT_GIVEN: nothing at all."""
    billable: bool = False
    secret: bool = False
    """Never leaves in replies, history, errors or logs."""
    stored: bool = True
    """Kept among the settings of a row; False: the row has a place of its own for it."""
    wire_names: tuple[str, ...] = field(default=())
    """Other spellings that known clients send (oma.md section 1.6)."""
    kinds: Mapping[Level, Kind] = field(default_factory=dict)
    """Where it takes something else at one level than at the others."""

    def kind_on(self, level: Level) -> Kind:
        return self.kinds.get(level, self.kind)

    def on(self, level: Level) -> bool:
        return level in self.set_by


@dataclass(frozen=True, slots=True)
class Resolved:
    value: Value
    origin: Level | None
    """The level that says so; None: the built-in default."""


def resolve(attribute: Attribute, chain: Sequence[tuple[Level, Settings]]) -> Resolved:
    """The value in force; `chain` runs from the object itself upwards.

    Only live attributes look beyond the object: copied ones were written down when it was created.
    """
    looked_at = chain if attribute.inherits is Inheritance.LIVE else chain[:1]
    for level, settings in looked_at:
        value = settings.get(attribute.name)
        if value is not None:
            return Resolved(value, level)
    return Resolved(attribute.default, None)
