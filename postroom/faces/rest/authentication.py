"""Who asks: a person with a session, or a program with an API key."""

from postroom.actions import api_keys
from postroom.core.errors import BadCredentials
from postroom.core.roles import Actor
from postroom.faces import sessions
from postroom.faces.rest.asked import Asked


def actor_of(request: Asked) -> Actor | None:
    """None: nobody. Raises BadCredentials for a key that opens nothing, OutOfReach for a session's change without
    X-CSRFToken."""
    header = request.headers.get("Authorization")
    if header is None:
        actor = sessions.actor_of(request)
        if actor is not None:
            sessions.check_token(request)
        return actor
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise BadCredentials("write: Authorization: Bearer pr_…")
    return api_keys.actor(token.strip(), request.origin.network_address, request.origin.at.timestamp())
