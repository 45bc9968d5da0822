"""Kinds that are about no subject in particular: text, numbers, choices, lists."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from postroom.core.catalogue import reading
from postroom.core.catalogue.attribute import NOT_GIVEN, BadValueError, NotGiven, Value


class Plain:
    """What most kinds have in common: null unsets, nothing can be listed."""

    name = "text"

    @property
    def bounds(self) -> str:
        return ""

    @property
    def options(self) -> tuple[str, ...]:
        return ()

    def parse(self, raw: object) -> Value | NotGiven:
        return None if raw is None else self.parse_given(raw)

    def parse_given(self, raw: object) -> Value | NotGiven:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Plain):
    """Lengths count Unicode characters. An empty text is no text, unless `empty` says that it means one."""

    longest: int
    lines: bool = False
    empty: bool = False
    without: str = ""

    @property
    def bounds(self) -> str:
        without = f' without "{self.without}"' if self.without else ""
        return f"text of at most {self.longest} characters{without}"

    def parse_given(self, raw: object) -> Value | NotGiven:
        found = reading.text(raw) if self.lines else reading.line(raw)
        if len(found) > self.longest or any(mark in found for mark in self.without):
            raise BadValueError(f"must be {self.bounds}")
        return found if found or self.empty else None


@dataclass(frozen=True)
class Flag(Plain):
    name = "true or false"

    @property
    def bounds(self) -> str:
        return "true or false"

    def parse_given(self, raw: object) -> Value | NotGiven:
        return NOT_GIVEN if raw == "" else reading.flag(raw)


@dataclass(frozen=True)
class WholeNumber(Plain):
    lowest: int
    highest: int
    unit: str = ""

    name = "whole number"

    @property
    def bounds(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return f"a whole number from {self.lowest} to {self.highest}{unit}"

    def parse_given(self, raw: object) -> Value | NotGiven:
        if raw == "":
            return NOT_GIVEN
        try:
            found = reading.whole_number(raw)
        except BadValueError:
            found = None
        if found is None or not self.lowest <= found <= self.highest:
            raise BadValueError(f"must be {self.bounds}")
        return found


@dataclass(frozen=True)
class Quota(WholeNumber):
    """Kept as written; `quota.to_bytes` knows the unit. 0 unsets: nobody means a mailbox that holds nothing."""

    name = "size"

    def parse_given(self, raw: object) -> Value | NotGiven:
        return super().parse_given(raw) or None


@dataclass(frozen=True)
class EpochSeconds(WholeNumber):
    """0 is what programs send for "no time"."""

    lowest: int = 0
    highest: int = 253_402_300_799  # the end of the year 9999
    unit: str = "seconds since 1970-01-01 00:00 UTC"

    name = "time"

    def parse_given(self, raw: object) -> Value | NotGiven:
        return super().parse_given(raw) or None


class Listed(Plain):
    """One of `options`, stored in the spelling they have there. An empty text means nothing was chosen."""

    def parse_given(self, raw: object) -> Value | NotGiven:
        wanted = reading.line(raw)
        if not wanted:
            return NOT_GIVEN
        found = _spellings(self.options).get(_alike(wanted))
        if found is None:
            raise BadValueError(self.refusal(wanted))
        return found

    def refusal(self, wanted: str) -> str:
        return f"must be {self.bounds}"


def _alike(text: str) -> str:
    return text.lower().replace("_", "-")  # pt_BR is also written pt-br


@cache
def _spellings(values: tuple[str, ...]) -> dict[str, str]:
    return {_alike(value): value for value in values}


@dataclass(frozen=True)
class Choice(Listed):
    values: tuple[str, ...]

    name = "choice"

    @property
    def bounds(self) -> str:
        return f"one of {', '.join(self.values)}"

    @property
    def options(self) -> tuple[str, ...]:
        return self.values


@dataclass(frozen=True)
class Timezone(Listed):
    name = "time zone"

    @property
    def bounds(self) -> str:
        return "the name of a time zone, such as Europe/Paris or UTC"

    @property
    def options(self) -> tuple[str, ...]:
        return _timezones()


@cache
def _timezones() -> tuple[str, ...]:
    # The package's own list: zoneinfo would search the system's folders, which differ from server to server.
    names = (resources.files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return tuple(sorted(names))


@dataclass(frozen=True)
class ListOf(Plain):
    """Entries in the order sent, each once. An empty list is the same as none."""

    most: int
    what: str
    """What the entries are, in the plural."""
    entry: Callable[[str], str]
    """The entry in its canonical form; raises BadValueError."""

    name = "list"

    @property
    def bounds(self) -> str:
        return f"a list of at most {self.most} {self.what}"

    def parse_given(self, raw: object) -> Value | NotGiven:
        found = reading.entries(raw)
        if len(found) > self.most:
            raise BadValueError(f"must be {self.bounds}; there are {len(found)}")
        return list(dict.fromkeys(self._entry(one) for one in found)) or None

    def _entry(self, raw: object) -> str:
        try:
            line = reading.line(raw)
        except BadValueError as error:
            raise BadValueError(f"must be {self.bounds}; each {error}") from None
        try:
            return self.entry(line)
        except BadValueError as error:
            raise BadValueError(f'"{reading.shown(line)}" {error}') from None
