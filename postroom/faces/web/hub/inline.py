"""Short texts of the reference: `names` in back quotes become code."""

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_CODE: Final = re.compile(r"`([^`]+)`")


def inline(text: str) -> SafeString:
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 -- escaped first
