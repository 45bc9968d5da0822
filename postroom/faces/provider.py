"""To the identity provider and back: what a browser has begun is kept in its session."""

from typing import Final

import msgspec
from django.http import HttpRequest

from postroom.actions import provider_signin
from postroom.actions.person_signin import Passed
from postroom.actions.provider_signin import Arrival
from postroom.core.errors import BadCredentials
from postroom.core.identity import Attempt
from postroom.faces.asked import Asked, base_of, page_here

_ATTEMPTS: Final = "oidc"
_TABS: Final = 5
"""Ways to the identity provider that a browser may have begun and not ended."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One that was begun here."""

    attempt: Attempt
    page: str
    """Where to go on to."""
    by_page: bool
    """Begun on the sign-in page, which then tells what went wrong."""


def begin(request: HttpRequest, page: str, *, by_page: bool) -> str:
    """Where to send the browser. Raises NotFound where there is no provider, ProviderAway."""
    departure = provider_signin.begin(f"{base_of(request)}/api/v1.0/callback/")
    begun = dict(list(request.session.get(_ATTEMPTS, {}).items())[1 - _TABS :])
    attempt = departure.attempt
    begun[departure.state] = [attempt.redirect_uri, attempt.nonce, attempt.verifier, page_here(page), by_page]
    request.session[_ATTEMPTS] = begun
    return departure.url


def returned(request: HttpRequest, state: str) -> Way:
    """Each is gone once. Raises BadCredentials for one that this browser has not begun."""
    begun = dict(request.session.get(_ATTEMPTS, {}))
    found = begun.pop(state, None)
    if found is None:
        raise BadCredentials("this browser has not begun to sign in, or long ago; begin again")
    request.session[_ATTEMPTS] = begun
    redirect_uri, nonce, verifier, page, by_page = found
    return Way(attempt=Attempt(redirect_uri=redirect_uri, nonce=nonce, verifier=verifier), page=page, by_page=by_page)


def arrive(request: Asked, way: Way, code: str, issuer: str) -> tuple[Passed, str]:
    """As provider_signin.arrive."""
    return provider_signin.arrive(request.origin, way.attempt, Arrival(code=code, issuer=issuer))
