"""The three examples of the change_domain page, byte for byte in shape."""

import json
import re

import pytest

from tests import cast

SUCCESS = re.compile(rb'\{"success":true, "audit":"[a-z]+[0-9]{2}_[0-9a-f]{9,10}"\}')
EXISTS = re.compile(
    rb'\{"success":false,"error_number":23,"error":"Object already exists", "audit":"[a-z]+[0-9]{2}_[0-9a-f]{9,10}"\}'
)


def test_the_allow_list_is_changed(alice):
    alice.set_domain(allow=["*@example.com", "joe@example.org"])
    assert SUCCESS.fullmatch(alice.body)
    assert alice.domain()["allow"] == ["*@example.com", "joe@example.org"]


def test_a_note_is_added(alice):
    note = "Has not paid.\nDo NOT enable without consulting Finance."
    alice.set_domain(notes_external=note)
    assert SUCCESS.fullmatch(alice.body)
    assert alice.domain()["notes_external"] == note


def test_creating_a_domain_twice_is_refused(alice):
    """The keys in the order of the example: the credentials come last."""
    request = {"attributes": {}, "domain": cast.ACME, "create_only": True, "credentials": alice.credentials}
    alice.raw("/api/change_domain", json.dumps(request).encode())
    assert EXISTS.fullmatch(alice.body)
    assert alice.status == "200 OK"


def test_creating_a_domain_twice_changes_nothing(alice):
    before = alice.domain()
    alice.call("change_domain", domain=cast.ACME, attributes={"notes_external": "new"}, create_only=True)
    assert alice.domain() == before


@pytest.mark.parametrize("flag", [True, 1, "1", "true", "TRUE"])
def test_create_only_in_every_spelling(alice, flag):
    assert alice.refused("change_domain", domain=cast.ACME, attributes={}, create_only=flag) == 23


def test_without_create_only_an_existing_domain_is_changed(alice):
    alice.ok("change_domain", domain=cast.ACME, attributes={"notes_external": "x"}, create_only=False)
    assert alice.domain()["notes_external"] == "x"


def test_the_syntax_box_says_domains(alice):
    alice.ok("change_domain", domains=cast.ACME, attributes={"notes_external": "x"})
    assert alice.domain()["notes_external"] == "x"
