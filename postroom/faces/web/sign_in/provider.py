"""Signing in with the identity provider. It leads back to REST's callback, which it knows."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from postroom.core import errors
from postroom.core.errors import NotFound, PostroomError, ProviderAway
from postroom.faces import provider
from postroom.faces.web import wording
from postroom.faces.web.page import Asked, count, done, page
from postroom.faces.web.sign_in.way_on import already_in, wanted, with_next

_WHY: Final[Mapping[str, type[PostroomError]]] = {
    kind.__name__: kind for kind in (errors.BadCredentials, errors.AccountDisabled, errors.ProviderAway)
}


@page(anonymous=True, methods=("GET",))
def away(request: Asked) -> HttpResponse:
    """Off to the provider."""
    inside = already_in(request)
    if inside:
        return inside
    count(request)  # it writes down what was begun, for whoever comes
    try:
        return HttpResponseRedirect(provider.begin(request, wanted(request), by_page=True))
    except ProviderAway as refusal:
        return _back(request, refusal)
    except NotFound:
        raise NotFound from None


@page(anonymous=True, methods=("GET",))
def failed(request: Asked) -> HttpResponse:
    """The callback sends here whoever began on the sign-in page."""
    return _back(request, _WHY.get(request.GET.get("why", ""), errors.SignInRefused)())


def _back(request: Asked, refusal: PostroomError) -> HttpResponse:
    said = wording.said(refusal)
    if isinstance(refusal, errors.BadCredentials):
        said = wording.provider_refused()
    return done(request, said.text, to=with_next("sign_in", wanted(request)), kind="bad")
