"""Uma, signed in with her mailbox."""

import pytest
from django.test import Client

from postroom.actions import mailboxes, person_signin
from postroom.core.roles import OPERATOR
from tests import cast
from tests.sessions import sign_in


class Holder:
    """A browser of somebody who has signed in with a mailbox, `ago` seconds ago."""

    def __init__(self, address=cast.UMA, language="en", ago=0):
        self.address = address
        passed = person_signin.holder_by_password(cast.origin(), address, cast.PASSWORD)
        client = Client(headers={"accept-language": language})
        self.http = sign_in(client, passed.person_id, ago=ago, proof=passed.proof)

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
