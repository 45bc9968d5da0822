"""The same request several times at the same moment."""

import pytest

from postroom.store.models import Alias
from tests import cast
from tests.faces.rest.client import Rest
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK
INFO = {"local_part": "info", "destination": cast.UMA}


@pytest.fixture
def shared(tmp_path):
    with shared_database(tmp_path):
        cast.acme()
        cast.people()
        yield


def test_it_is_done_once(shared):
    clients = [Rest(cast.ADAM) for _ in range(6)]
    asked = [lambda client=client: client.post("aliases/", INFO, Idempotency_Key="one-key") for client in clients]
    statuses = {answer.status_code for answer in at_once(*asked)}
    assert statuses <= {201, 409}
    assert 201 in statuses
    assert Alias.objects.count() == 1
