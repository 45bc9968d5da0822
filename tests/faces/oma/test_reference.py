"""The reference of methods is true: every example is called, every field is one that is read."""

import inspect
import re
from datetime import UTC, datetime

import pytest

from postroom.actions import bulletins, migrations
from postroom.core import roles
from postroom.core.roles import Permission
from postroom.faces.oma import wire
from postroom.faces.oma.methods import METHODS
from postroom.faces.oma.reference import REFERENCE, Subject
from postroom.worker import loop
from tests import cast

FIRST = {
    "restore_user": ["delete_user"],
    "restore_domain": ["delete_domain"],
    "delete_workgroup": ["create_workgroup"],
    "migration_jobs": ["migration_add"],
    "migration_status": ["migration_add"],
    "migration_trace": ["migration_add"],
    "get_sieve": ["set_sieve"],
}
"""What an example needs to have been done."""
COMMON = {"range", "sort", "range.sort", "range.sort.by", "range.sort.direction", "criteria", "credentials"}


@pytest.fixture
def world(alice, other):
    """What the examples speak of, beside the cast: much as in the demo."""
    from postroom.actions import brands
    from postroom.core.roles import OPERATOR
    from postroom.store.models import Company

    brands.create(OPERATOR, cast.origin(), "acme", "Acme", {"title": "Acme Mail"})
    alice.ok("change_domain", domain="empty.example", attributes={})
    for owner in ("company", "domain"):
        name = {"company": "acme", "domain": cast.ACME}[owner]
        text = "Subject: Hello\n\nHello.\n"
        named = {owner: name, "bulletin": "hello", "type": "manual", "bulletin_text": text}
        alice.ok(f"change_{owner}_bulletin", **named)
    Company.objects.filter(name="other").update(settings={"domain_push_allowed": [str(company_id("acme"))]})
    return alice


def company_id(name):
    from postroom.store.models import Company

    return Company.objects.get(name=name).pk


def prepared(alice, method):
    """The example's fields; those that only exist once something was done are filled in."""
    fields = dict(REFERENCE[method].example)
    if REFERENCE[method].subject is Subject.MAIL:
        loop.until_idle(lambda: loop.milliseconds() + 1000)  # the mail platform knows everybody
    for before in FIRST.get(method, ()):
        alice.ok(before, **REFERENCE[before].example)
    if method == "restore_domain":
        (gone,) = alice.ok("search_domains", criteria={"deleted": True})["domains"]
        fields["id"] = gone["id"]
    elif method == "push_domain":
        fields["new_company"] = str(company_id("other"))
    elif method == "stats_snapshot":
        fields["date"] = datetime.now(UTC).date().isoformat()
    return fields


def shape(value):
    """What a sample promises: the keys, and the kinds of values; lists by their first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "null" if value is None else type(value).__name__


def promised(sample, real):
    """`real`, cut down to what the sample shows."""
    if isinstance(sample, dict) and isinstance(real, dict):
        return {key: promised(inner, real[key]) for key, inner in sample.items() if key in real}
    if isinstance(sample, list) and isinstance(real, list):
        return [promised(sample[0], real[0])] if sample and real else ([] if not sample else real[:0])
    return "null" if sample is None else type(real).__name__


def test_every_method_has_an_entry():
    assert set(REFERENCE) == set(METHODS)


@pytest.mark.parametrize("method", REFERENCE)
def test_the_example_succeeds_and_the_answer_is_as_told(world, method):
    waits = method == "migration_trace"  # there is nothing to trace before the worker has begun
    fields = prepared(world, method)
    if waits:
        assert world.refused(method, **fields) == 20
        return
    answer = world.ok(method, **fields)
    sample = dict(REFERENCE[method].answer)
    assert promised(sample, answer) == shape(sample)


@pytest.mark.parametrize("method", REFERENCE)
def test_every_field_that_is_read_is_told(world, method, monkeypatch):
    read = set()

    def noting(function):
        def run(self, *names):
            read.update(f"{self._at}{name}" for name in names)
            return function(self, *names)

        return run

    fields = prepared(world, method)
    monkeypatch.setattr(wire.Fields, "raw", noting(wire.Fields.raw))
    monkeypatch.setattr(wire.Fields, "has", noting(wire.Fields.has))
    world.call(method, **fields)
    told = {spelling for field in REFERENCE[method].fields for spelling in spellings(field)}
    nested = {f"attributes.{name}" for name in told} | {"attributes"}  # one toolkit's fall-back, told nowhere
    assert {name for name in read if not name.startswith(("users.", "credentials."))} <= told | nested | COMMON


def spellings(field):
    return {field.name, *field.also}


@pytest.mark.parametrize("method", REFERENCE)
def test_every_field_that_is_told_is_read_somewhere(method):
    source = inspect.getsource(inspect.getmodule(METHODS[method])) + inspect.getsource(wire)
    written = {*re.findall(r'"(\w+)"', source), bulletins.COMPANY, bulletins.DOMAIN}
    told = {spelling.rpartition(".")[2] for field in REFERENCE[method].fields for spelling in spellings(field)}
    assert told <= written


class Noting(dict):
    """Which permissions were asked for."""

    def __init__(self, table):
        super().__init__(table)
        self.asked = set()

    def __getitem__(self, permission):
        self.asked.add(permission)
        return super().__getitem__(permission)


ON_THE_WAY = {*roles.CHANGE.values(), Permission.DOMAIN_SWITCH}
"""Asked to find out what else can be changed, and whether somebody is the operator."""


@pytest.mark.parametrize("method", [name for name, entry in REFERENCE.items() if entry.permissions])
def test_who_may_call_is_what_is_asked(world, method, monkeypatch):
    fields = prepared(world, method)
    grants = Noting(roles.GRANTS)
    monkeypatch.setattr(roles, "GRANTS", grants)
    monkeypatch.setattr(migrations, "GRANTS", grants)
    world.call(method, **fields)
    told = set(REFERENCE[method].permissions)
    assert grants.asked & told
    assert grants.asked <= told | ON_THE_WAY


@pytest.mark.parametrize("method", [name for name, entry in REFERENCE.items() if not entry.permissions])
def test_without_a_permission_everybody_may(as_, other, method):
    as_(cast.UMA).ok(method, **REFERENCE[method].example)


def test_the_french_is_written_as_french_is():
    texts = [
        re.sub(r"`[^`]*`", "", text.fr)
        for entry in REFERENCE.values()
        for text in (entry.says, *([entry.more] if entry.more else []), *(field.says for field in entry.fields))
    ]
    wrong = re.compile(r"[^\u00a0][:;?!](?:\s|$)|«[^\u00a0]|[^\u00a0]»|\w'\w")
    assert [text for text in texts if wrong.search(text)] == []
