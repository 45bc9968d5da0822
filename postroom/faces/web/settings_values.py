"""Values of settings in words: how pages and histories show them."""

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from postroom.core import catalogue
from postroom.core.catalogue import words
from postroom.core.catalogue.attribute import Attribute, Level
from postroom.core.catalogue.kinds import Choice, EpochSeconds, Quota
from postroom.core.languages import Language, best

UNITS: Final = (
    (catalogue.MEGABYTE * 2**20, {Language.ENGLISH: "TB", Language.FRENCH: "To"}),
    (catalogue.MEGABYTE * 2**10, {Language.ENGLISH: "GB", Language.FRENCH: "Go"}),
    (catalogue.MEGABYTE, {Language.ENGLISH: "MB", Language.FRENCH: "Mo"}),
    (2**10, {Language.ENGLISH: "kB", Language.FRENCH: "ko"}),
)
_NOTHING: Final = "–"
_LISTED: Final = 5


def language() -> Language:
    return best(get_language() or "")


def size(number: int) -> str:
    """Bytes, in the largest unit of which there is one: 5 GB, 1.5 MB."""
    for unit, names in UNITS:
        if number >= unit:
            whole = number % unit == 0
            return f"{formats.number_format(number / unit, 0 if whole else 1)}\N{NO-BREAK SPACE}{names[language()]}"
    return ngettext("%(n)s byte", "%(n)s bytes", number) % {"n": formats.number_format(number, 0)}


def quota_bytes(written: int, attribute: Attribute, level: Level) -> int:
    """Of what is stored; `quota_maximum` is in megabytes everywhere."""
    if attribute.name == "quota_maximum":
        return written * catalogue.MEGABYTE
    return catalogue.to_bytes(written, level=level, threshold=settings.QUOTA_MEGABYTES_UP_TO)


def shown(name: str, value: Any, level: Level) -> str:
    """In words, on one line. What is no attribute is shown as it is."""
    attribute = catalogue.CATALOGUE.get(name)
    if value is None or value in ("", []):
        return _NOTHING
    if attribute is not None and isinstance(value, int | str) and not isinstance(value, bool):
        return _of_kind(attribute, value, level)
    return plain(value)


def _of_kind(attribute: Attribute, value: int | str, level: Level) -> str:
    kind = attribute.kind_on(level)
    if isinstance(kind, Quota) and isinstance(value, int):
        return size(quota_bytes(value, attribute, level))
    if isinstance(kind, EpochSeconds) and isinstance(value, int):
        return moment(value)
    if isinstance(kind, Choice) and isinstance(value, str):
        return words.choice(attribute.name, value, language())
    return plain(value)


def plain(value: Any) -> str:
    """Anything that JSON holds."""
    if value is None or value in ("", [], {}):
        return _NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return str(formats.number_format(value))
    if isinstance(value, list):
        return _list(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}\N{NO-BREAK SPACE}: {plain(one)}" for key, one in value.items())
    return str(value)


def _list(values: list[Any]) -> str:
    first = ", ".join(plain(one) for one in values[:_LISTED])
    more = len(values) - _LISTED
    if more <= 0:
        return first
    return first + " " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}


def moment(seconds: int) -> str:
    """In the reader's time zone."""
    at = timezone.localtime(datetime.fromtimestamp(seconds, UTC))
    return str(formats.date_format(at, "SHORT_DATETIME_FORMAT"))
