"""Types that many bodies share."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import Field, StringConstraints, WithJsonSchema

_NOT = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_LINE = rf"^[^{_NOT}]*[^\s{_NOT}][^{_NOT}]*$"
"""Some visible character, and none that controls a terminal."""


Name = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=_LINE), Field(description="One line of text.")
]
LEFT_OUT: Any = None
"""The default of a field that may be left out, but not be null."""


def line(longest: int, description: str, example: str) -> Any:
    """Text on one line that says something."""
    return Annotated[
        str,
        StringConstraints(min_length=1, max_length=longest, pattern=_LINE),
        Field(description=description, examples=[example]),
    ]


Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
EmailText = Annotated[str, StringConstraints(max_length=254), Field(json_schema_extra={"format": "email"})]
"""Whether it is an address the action says: it knows more than a pattern can."""
DOMAIN_PATTERN = r"^([a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\.){1,3}[a-z]{2,20}$"
T = TypeVar("T")
Json = Annotated[Any, WithJsonSchema({})]


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def moment_or_none(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else moment(milliseconds)
