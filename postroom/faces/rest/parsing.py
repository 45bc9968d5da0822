"""Bodies: JSON and nothing else, refused with the words that People uses."""

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja.parser import Parser

from postroom.faces.rest.errors import RestError


class Strict(Parser):
    """Not what Python's own parser takes beyond JSON: NaN, half of a pair of surrogates, endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        refuse_other_types(request, "application/json")
        try:
            return msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            told = "too deeply nested" if isinstance(error, RecursionError) else str(error)
            raise RestError(400, {"detail": f"JSON parse error - {told}"}) from None


def refuse_other_types(request: HttpRequest, wanted: str) -> None:
    given = request.content_type or ""
    if given and given.lower() != wanted:
        raise RestError(415, {"detail": f'Unsupported media type "{given[:80]}" in request.'})
