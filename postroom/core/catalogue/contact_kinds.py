"""The contacts of a company: the only attribute whose entries are objects (oma.md section 6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from postroom.core.catalogue import reading
from postroom.core.catalogue.attribute import BadValueError, Kind, NotGiven, Value
from postroom.core.catalogue.kinds import Choice, Plain, Text
from postroom.core.catalogue.mail_kinds import OneAddress

_FIELDS: Mapping[str, Kind] = {
    "email": OneAddress(),
    "name": Text(128),
    "notes": Text(1024, lines=True),
    "phone": Text(64),
    "type": Choice(("business", "technical", "emergency", "abuse", "billing")),
}


@dataclass(frozen=True)
class Contacts(Plain):
    most: int

    name = "contacts"

    @property
    def bounds(self) -> str:
        return f"a list of at most {self.most} objects with some of {', '.join(_FIELDS)}"

    def parse_given(self, raw: object) -> Value | NotGiven:
        found = reading.entries([raw] if isinstance(raw, dict) else raw)
        if len(found) > self.most:
            raise BadValueError(f"must be {self.bounds}; there are {len(found)}")
        contacts = [self._contact(number, entry) for number, entry in enumerate(found, start=1)]
        return [contact for contact in contacts if contact] or None

    def _contact(self, number: int, raw: object) -> dict[str, str]:
        if not isinstance(raw, dict):
            raise BadValueError(f"must be {self.bounds}; number {number} is not an object")
        unknown = [reading.shown(str(key)) for key in raw if key not in _FIELDS]
        if unknown:
            raise BadValueError(f"must be {self.bounds}; number {number} has {unknown[0]}")
        contact = {}
        for name, kind in _FIELDS.items():
            try:
                value = kind.parse(raw.get(name))
            except BadValueError as error:
                raise BadValueError(f"has a bad {name} in contact number {number}: {error}") from None
            if isinstance(value, str):
                contact[name] = value
        return contact
