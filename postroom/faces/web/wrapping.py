"""Long names of one piece, such as paths and addresses: where a line of them may end."""

import re
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_JOINT: Final = re.compile(r"(?<=[\w};])([_/.:@]+)(?=[^\W\d]|[{&])")


def wrapping(text: str) -> SafeString:
    """As HTML, whose lines end after _ / . : @ rather than within a word."""
    return mark_safe(_JOINT.sub(r"\1<wbr>", conditional_escape(text)))  # noqa: S308 -- escaped first
