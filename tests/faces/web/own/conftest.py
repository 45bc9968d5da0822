"""Uma, signed in with her mailbox."""

import time

import msgspec
import pytest
from django.test import Client

from postroom.actions import mailboxes, person_signin
from postroom.core.roles import OPERATOR
from postroom.faces.sessions import Opened
from tests import cast


class Holder:
    """A browser of somebody who has signed in with a mailbox, `ago` seconds ago."""

    def __init__(self, address=cast.UMA, language="en", ago=0):
        self.address = address
        passed = person_signin.holder_by_password(cast.origin(), address, cast.PASSWORD)
        opened = Opened(
            person_id=passed.person_id, at=int((time.time() - ago) * 1000), proof=passed.proof, methods=("pwd",)
        )
        self.http = Client(headers={"accept-language": language})
        session = self.http.session
        session["person"] = msgspec.to_builtins(opened)
        session.save()

    def get(self, path="", **query):
        return self.http.get(f"/my/{path}", query)

    def post(self, path="", **given):
        """Without what is None, as browsers leave out boxes that are not ticked."""
        return self.http.post(f"/my/{path}", {name: value for name, value in given.items() if value is not None})

    def set(self, **attributes):
        mailboxes.change(OPERATOR, cast.origin(), self.address, attributes)

    @property
    def settings(self):
        return cast.row(self.address).settings


@pytest.fixture
def uma(acme):
    return Holder()
