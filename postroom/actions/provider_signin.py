"""Signing in with the identity provider: away to it, back from it, and out again."""

import secrets

import msgspec

from postroom.actions import live, person_signin
from postroom.actions.action import reads
from postroom.actions.person_signin import Passed
from postroom.core.errors import BadCredentials, NotFound, ProviderAway
from postroom.core.identity import Attempt
from postroom.core.records import Origin


class Departure(msgspec.Struct, frozen=True):
    """The browser's session keeps `state` and `attempt` until it is back."""

    url: str
    state: str
    attempt: Attempt


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """As the provider sent the browser back."""

    code: str
    issuer: str = ""
    """RFC 9207; empty where it does not say."""


@reads()
def begin(redirect_uri: str) -> Departure:
    """Raises NotFound where there is no provider, ProviderAway."""
    attempt = Attempt(redirect_uri=redirect_uri, nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48))
    state = secrets.token_urlsafe(24)
    try:
        with live.identity_provider() as provider:
            return Departure(provider.authorization_url(attempt, state), state, attempt)
    except BadCredentials:  # nobody has shown any yet
        raise ProviderAway(
            "the identity provider cannot be used as it is set up; the operator's log says why"
        ) from None


@reads()
def arrive(origin: Origin, attempt: Attempt, arrival: Arrival) -> tuple[Passed, str]:
    """The first step, and the ID token to sign out with. Raises BadCredentials, ProviderAway, AccountDisabled."""
    if not arrival.code:
        raise BadCredentials("the identity provider did not let you in")
    with live.identity_provider() as provider:
        identity = provider.identity(attempt, arrival.code, arrival.issuer)
    return person_signin.by_identity(origin, identity), identity.id_token


@reads()
def end_url(id_token: str, return_to: str) -> str:
    """Where to sign out with the provider too; empty where that is not possible: it must not keep anybody signed in."""
    try:
        with live.identity_provider() as provider:
            return provider.end_session_url(id_token, return_to)
    except (NotFound, ProviderAway, BadCredentials):
        return ""
