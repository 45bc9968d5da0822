"""The same request several times at the same moment."""

import pytest
from django.db import connection

from postroom.actions import live
from postroom.store.models import Alias, Mailbox
from tests import cast
from tests.faces.rest.client import Rest, mailbox_id
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


def test_of_two_who_change_what_they_have_seen_one_wins(shared):
    clients = [Rest(cast.ADAM) for _ in range(4)]
    tag = clients[0].get("/users/me/")["ETag"]
    asked = [
        lambda client=client, n=n: client.patch("/users/me/", {"name": f"Adam {n}"}, If_Match=tag)
        for n, client in enumerate(clients)
    ]
    assert sorted(answer.status_code for answer in at_once(*asked)) == [200, 412, 412, 412]


@pytest.mark.parametrize("verb", ["login_link", "reset_password"])
def test_nobody_waits_for_a_platform_inside_a_transaction(shared, monkeypatch, verb):
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="uma@home.example")
    inside = []
    monkeypatch.setattr(live, "way_in", lambda *_, **__: inside.append(connection.in_atomic_block))
    answer = Rest(cast.ADAM).post(f"mailboxes/{mailbox_id(cast.UMA)}/{verb}/", Idempotency_Key="one-key")
    assert (answer.status_code, inside) == (200, [False])
