"""people.md section 3.4: aliases."""

import pytest

from postroom.store.models import Alias, Domain
from tests import cast
from tests.faces.rest.client import alias_id

INFO = {"local_part": "Info", "destination": cast.UMA}


@pytest.fixture
def info(adam):
    adam.ok("POST", "aliases/", INFO)
    return f"aliases/{alias_id('info')}/"


def test_creating(adam):
    answer = adam.post("aliases/", INFO)
    found = answer.json()
    assert (answer.status_code, set(found)) == (201, {"id", "local_part", "destination", "domain"})
    assert (found["local_part"], found["destination"]) == ("info", cast.UMA)
    assert found["domain"] == adam.ok("GET", "")


def test_the_same_pair_again(adam, info):
    answer = adam.post("aliases/", INFO)
    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["The fields domain, local_part, destination must make a unique set."]}


@pytest.mark.parametrize("destination", ["nobody@devnull", "nobody@localhost", "Far@Away.Example"])
def test_destinations(adam, destination):
    assert adam.ok("POST", "aliases/", {**INFO, "destination": destination})["destination"] == destination.lower()


def test_no_destination(adam):
    assert list(adam.post("aliases/", {**INFO, "destination": "nonsense"}).json()) == ["destination"]


def test_the_list_is_by_name(adam, info):
    adam.ok("POST", "aliases/", {**INFO, "local_part": "all"})
    adam.ok("POST", "aliases/", {**INFO, "destination": cast.MAX})
    found = [(one["local_part"], one["destination"]) for one in adam.results("aliases/")]
    assert found == [("all", cast.UMA), ("info", cast.MAX), ("info", cast.UMA)]
    assert len(adam.results("aliases/?local_part=info")) == 2
    assert len(adam.results("aliases/?q=max")) == 1


def test_removing_one(adam, info):
    assert adam.delete(info).status_code == 204
    assert adam.delete(info).json() == {"detail": "No Alias matches the given query."}


@pytest.mark.parametrize("path", ["aliases/", "aliases/delete/"])
def test_removing_all_destinations(adam, info, path):
    adam.ok("POST", "aliases/", {**INFO, "destination": cast.MAX})
    assert adam.delete(f"{path}?local_part=INFO").status_code == 204
    assert not Alias.objects.exists()
    answer = adam.delete(f"{path}?local_part=info")
    assert (answer.status_code, answer.json()) == (404, {"detail": "No Alias matches the given query."})
    assert adam.delete(path).status_code == 400


@pytest.mark.parametrize("verb", ["GET", "PUT", "PATCH"])
def test_one_alias_is_neither_shown_nor_changed(olga, info, verb):
    assert olga.call(verb, info, {}).status_code == 405


def test_a_viewer_cannot_remove_even_what_leads_to_them(people, info):
    from tests.faces.rest.client import Rest

    uma = cast.person(cast.UMA, "viewer", mailbox=cast.row(cast.UMA))
    assert Rest(uma.email).delete(info).status_code == 403


def test_a_domain_that_is_not_enabled(adam):
    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    assert adam.post("aliases/", INFO).status_code == 201
