"""Short texts of the reference: `names` in back quotes become code."""

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postroom.faces.web.wrapping import wrapping

_CODE: Final = re.compile(r"`([^`]+)`")


def inline(text: str) -> SafeString:
    return mark_safe(_CODE.sub(_code, escape(text)))  # noqa: S308 -- escaped first


def _code(found: re.Match[str]) -> str:
    return f"<code>{wrapping(mark_safe(found[1]))}</code>"  # noqa: S308 -- a part of what was escaped
