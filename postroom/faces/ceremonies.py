"""Passkeys' ceremonies, from the question to the answer: the session keeps what was asked for five minutes."""

from typing import Any, Final

import msgspec

from postroom.actions.passkeys import Ceremony, Site
from postroom.core.errors import BadCredentials
from postroom.faces.asked import Asked, base_of

SECONDS: Final = 300
LONGEST_ANSWER: Final = 20_000
_CHALLENGE: Final = "passkey"


def site_of(request: Asked) -> Site:
    origin = base_of(request)
    host = origin.partition("://")[2].partition("/")[0]
    return Site(host.rsplit(":", 1)[0] if not host.endswith("]") else host, origin)


def keep_challenge(request: Asked, ceremony: Ceremony) -> None:
    until = request.origin.at.timestamp() + SECONDS
    request.session[_CHALLENGE] = {"challenge": ceremony.challenge, "until": until}


def spend_challenge(request: Asked) -> str:
    """Each is good for one answer. Raises BadCredentials."""
    kept = request.session.pop(_CHALLENGE, None)
    if kept is None or kept["until"] < request.origin.at.timestamp():
        raise BadCredentials("ask for the passkey's options first")
    return str(kept["challenge"])


def answer_in(text: str) -> dict[str, Any]:
    """What the browser's dialogue gave, as a form brings it. Raises BadCredentials."""
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise BadCredentials("this passkey does not open the account") from None
