"""The same request twice is done once (IETF draft httpapi-idempotency-key-header)."""

import json

import pytest

from postroom.actions import idempotency
from postroom.actions.idempotency import KEPT, PATIENCE
from postroom.store.models import Alias, IdempotentAnswer, Mailbox
from tests import cast
from tests.faces.rest.client import Rest, alias_id

KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
INFO = {"local_part": "info", "destination": cast.UMA}


def add(client, body=None, key=KEY, **headers):
    return client.post("aliases/", body or INFO, Idempotency_Key=key, **headers)


def kept():
    return IdempotentAnswer.objects.get()


def test_the_same_request_gets_the_same_answer(adam):
    first, second = add(adam), add(adam)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first.headers.get("Idempotent-Replayed"), second["Idempotent-Replayed"]) == (None, "true")
    assert Alias.objects.count() == 1


def test_quotes_around_the_key_mean_nothing(adam):
    add(adam)
    assert add(adam, key=KEY.strip('"')).status_code == 201


def test_a_refusal_is_repeated_too(adam):
    bad = {"local_part": "info", "destination": "nonsense"}
    first, second = add(adam, bad), add(adam, bad)
    assert (first.status_code, second.status_code) == (400, 400)
    assert (first.content, second["Idempotent-Replayed"]) == (second.content, "true")


def test_a_deletion_is_repeated_though_the_object_is_gone(adam):
    add(adam, key="another-key")
    path = f"aliases/{alias_id('info')}/"
    assert [adam.delete(path, Idempotency_Key=KEY).status_code for _ in range(2)] == [204, 204]


def test_another_request_with_that_key(adam):
    add(adam)
    answer = add(adam, {**INFO, "local_part": "sales"})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["type"] == "urn:postroom:problem:key-reused"
    assert Alias.objects.count() == 1


def test_each_has_keys_of_their_own(adam, olga):
    add(adam)
    assert list(add(olga).json()) == ["non_field_errors"]


@pytest.mark.parametrize("key", ["", "ü", "a b", "x" * 201, '"half'])
def test_a_malformed_key(adam, key):
    answer = add(adam, key=key)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:postroom:problem:bad-key")
    assert not Alias.objects.exists()


def at_work(adam, ago):
    """As a request leaves it that has not answered yet."""
    add(adam)
    Alias.objects.all().delete()
    IdempotentAnswer.objects.update(status=None, body="", headers={}, created_at=kept().created_at - ago)


def test_the_first_one_is_still_running(adam):
    at_work(adam, PATIENCE // 2)
    answer = add(adam)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:postroom:problem:still-running")
    assert int(answer["Retry-After"]) > 0
    assert not Alias.objects.exists()


def test_one_that_was_killed_is_done_again(adam):
    at_work(adam, PATIENCE + 1)
    assert add(adam).status_code == 201
    assert add(adam)["Idempotent-Replayed"] == "true"


def test_who_was_taken_for_dead_changes_nothing(adam):
    """What is done and what is answered are one transaction: here the key was taken over before that."""
    mine = idempotency.ticket("somebody", "key", ("request",), 1_000_000)
    assert idempotency.begin(mine) is None
    IdempotentAnswer.objects.update(created_at=2_000_000)
    with pytest.raises(idempotency.StillRunning), idempotency.finishing(mine, together=True) as keep:
        Alias.objects.create(domain=cast.row(cast.UMA).domain, local_part="x", destination="x@x.example", created_at=0)
        keep(idempotency.Answer(201, {}, b"{}"))
    assert not Alias.objects.exists()


def test_a_fault_can_be_tried_again(adam, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("postroom.actions.aliases.create", fail)
        assert add(adam).status_code == 500
    assert add(adam).status_code == 201


def test_after_a_day_a_key_is_new(adam):
    add(adam)
    IdempotentAnswer.objects.update(created_at=kept().created_at - KEPT - 1)
    assert list(add(adam).json()) == ["non_field_errors"]


def test_the_stored_answer_cannot_be_read(adam):
    add(adam)
    assert "info" not in kept().body
    assert "info" not in json.dumps(kept().headers)
    assert KEY.strip('"') not in kept().key


def test_a_changed_secret_makes_answers_unreadable(adam, settings):
    add(adam)
    settings.SECRET_KEY = "another"
    key = Rest(cast.ADAM)  # sessions are signed with it too
    assert add(key).status_code == 422


def test_the_worker_forgets_old_answers(adam):
    from postroom.store import jobs
    from postroom.store.models import Job
    from postroom.worker.jobs import purge

    add(adam)
    now = kept().created_at
    jobs.enqueue("purge", "", now)
    purge(Job.objects.get(kind="purge"), lambda: now + KEPT - 1)
    assert IdempotentAnswer.objects.exists()
    purge(Job.objects.get(kind="purge"), lambda: now + KEPT + 1)
    assert not IdempotentAnswer.objects.exists()


def test_mailboxes_are_not_doubled(adam):
    body = {"first_name": "Zoe", "last_name": "Zed", "local_part": "zoe"}
    answers = [adam.post("mailboxes/", body, Idempotency_Key=KEY) for _ in range(3)]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert Mailbox.objects.filter(address="zoe@acme.example").count() == 1
