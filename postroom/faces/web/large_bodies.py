"""A body that is too large is refused by what it says of its length, before anything reads it.

Django bounds forms, but not files: those it would write to the disk while it looks for the form's token. A body without
a length is read as empty, so the length that is told is all there is to check.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from postroom.faces.web import error_pages

_REST = "/api/v1.0/"
"""Which refuses them itself, in its own form."""


def refuse(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware: after those that know language and session, before the one that reads forms."""

    def run(request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if request.path.startswith(_REST) or (announced.isdecimal() and int(announced) <= settings.LARGEST_BODY):
            return get_response(request)
        return error_pages.too_large(request)

    return run
