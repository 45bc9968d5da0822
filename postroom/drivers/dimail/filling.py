"""Beginning with an empty dimail: our own account there; and emptying a pretended one (docs/dimail-fake.md)."""

import time
from typing import Final

import urllib3

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.dimail.access import Access
from postroom.drivers.dimail.wire import REQUEST, Client, Reply, Request

PERMISSIONS: Final = ("new_domain", "create_users", "manage_users")
_NOBODY: Final = {"Authorization": "Basic Og=="}
"""An empty name and password: an empty dimail takes anybody for its administrator."""


def make_account(access: Access) -> bool:
    """Whether it was made now. Raises PermanentFailure where dimail is not empty and does not know our account."""
    client = Client(access)
    body = {
        "name": access.user,
        "password": access.password(),
        "is_admin": "false",
        "perms": list(PERMISSIONS),
    }
    reply = _ask(client, Request(method="POST", path=("users", ""), body=body), _NOBODY)
    if reply.status == 201:
        return True
    try:
        client.token(client.begin())
    except TemporaryFailure:
        if reply.status in (401, 403, 409):
            raise PermanentFailure(f"dimail at {access.host} is not empty, and does not take our account") from None
        raise reply.failure() from None
    return False


def empty(access: Access) -> None:
    """Raises PermanentFailure where it is no dimail in FAKE mode: a real one has no such command."""
    reply = _ask(Client(access), Request(method="POST", path=("control", "reset"), body={}), {})
    if reply.status != 200:
        raise PermanentFailure(f"dimail at {access.host} is not in FAKE mode, so it is not emptied")


def _ask(client: Client, request: Request, headers: dict[str, str]) -> Reply:
    try:
        return client.exchange(request, headers, time.monotonic() + REQUEST)
    except urllib3.exceptions.HTTPError as error:
        raise TemporaryFailure(f"dimail at {client.access.host} does not answer: {type(error).__name__}") from None
    finally:
        client.close()
