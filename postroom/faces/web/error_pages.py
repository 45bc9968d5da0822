"""Where Django itself refuses: no such page, a form that is not ours, a request that makes no sense."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from postroom.faces.web import refusals, wording
from postroom.faces.web.page import Asked, page

_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@page(anonymous=True, methods=_ALL)
def _missing(request: Asked) -> HttpResponse:
    return refusals.told(request, wording.no_page(), 404)


@page(anonymous=True, methods=_ALL)
def _forged(request: Asked) -> HttpResponse:
    return refusals.told(request, wording.forged(), 403)


@page(anonymous=True, methods=_ALL)
def _senseless(request: Asked) -> HttpResponse:
    return refusals.told(request, wording.senseless(), 400)


@page(anonymous=True, methods=_ALL)
def too_large(request: Asked) -> HttpResponse:
    return refusals.told(request, wording.too_large(), 413)


def missing(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _missing(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The form's token is missing or old: cookies are switched off, or a page stood open for very long."""
    return _forged(request)


def senseless(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _senseless(request)
