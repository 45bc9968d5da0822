"""Browsers whose user has signed in before the test begins."""

import time

import msgspec
from django.test import Client

from postroom.faces.sessions import Opened


def sign_in(client: Client, person_id: int, *, ago: float = 0, proof: str = "") -> Client:
    """The same client, with a session that began `ago` seconds ago."""
    opened = Opened(person_id=person_id, at=int((time.time() - ago) * 1000), proof=proof, methods=("pwd",))
    session = client.session
    session["person"] = msgspec.to_builtins(opened)
    session.save()
    return client
