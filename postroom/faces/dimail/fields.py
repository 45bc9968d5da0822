"""Kinds of values in bodies: what they are checked for, and how the document tells of them."""

from typing import Annotated, Any, Final

from pydantic import Field, WithJsonSchema

_PLAIN: Final = r"^[^\x00-\x1f\x7f]*$"
_WORDS: Final = ("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0")
_LONGEST_HOST: Final = 254
_LONGEST_CONTEXT: Final = 160
_MOST_HOSTS: Final = 100


def told(**schema: Any) -> Any:
    """For the document alone: the action refuses it, in words of its own."""
    return Field(json_schema_extra=schema)


Text = Annotated[str, Field(max_length=1000)]
Host = Annotated[str, Field(max_length=_LONGEST_HOST, pattern=_PLAIN)]
Hosts = Annotated[list[Host], Field(max_length=_MOST_HOSTS)]
ContextName = Annotated[str, Field(max_length=_LONGEST_CONTEXT, pattern=_PLAIN)]
DomainName = Annotated[str, told(minLength=3, examples=["town.example"])]
Flag = Annotated[bool, WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": [*_WORDS, 0, 1]}]})]
"""Programs write "true" and "false" too."""
