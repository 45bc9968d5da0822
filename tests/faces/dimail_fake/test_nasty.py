"""Whatever is sent to the control surface, it answers what was wrong with it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.faces.dimail_fake.commands import COMMANDS

KEYS = sorted({name for command in COMMANDS.values() for name in command.__struct_fields__})
INNER = ("name", "user_name", "password", "mailboxes", "aliases", "destination", "user", "domain", "failing", "perms")
TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["town.example", "uma", "mx", "any", "GET /users/", "\0", "a@b"])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(0, 0.1), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(INNER), TEXTS), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=st.sampled_from(sorted(COMMANDS)), arguments=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3))
def test_every_command_is_done_or_refused(fakes, command, arguments):
    answer = fakes.call("POST", f"/control/{command}", json.dumps(arguments).encode())
    assert answer.status in {200, 400}
    assert answer.status == 200 or answer.json["error"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=20), body=st.binary(max_size=30))
def test_what_is_no_command_is_refused(fakes, name, body):
    path = f"/control/{name}x".encode("utf-8", "surrogatepass").decode("latin-1")
    assert fakes.call("POST", path, body).status == 400


@pytest.mark.parametrize("header", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "9" * 5000}])
def test_a_command_of_unknown_length_is_refused(fakes, header):
    """Else it would be done without its arguments."""
    answer = fakes.call("POST", "/control/clear_checks", {"domain": "x.example"}, **header)
    assert (answer.status, "how long" in answer.json["error"]) == (400, True)
