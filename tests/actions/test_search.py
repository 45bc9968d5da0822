"""Search over everything, within everybody's reach."""

import pytest

from postroom.actions import aliases, domains, mailboxes, search
from postroom.core.roles import OPERATOR, Actor
from postroom.store import finding
from postroom.store.models import Mailbox
from tests import cast


@pytest.fixture
def town(acme):
    """Acme with Jean Dupont, an alias that leads away, another name of the domain, and Olga and her colleagues."""
    cast.people()
    cast.mailbox("jean.dupont@acme.example", name="Jean Dupont")
    Mailbox.objects.filter(address="jean.dupont@acme.example").update(
        first_name="Jean", last_name="Dupont", search_text="jean dupont jean.dupont@acme.example"
    )
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["ulla@acme.example"]})
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "contact", "somebody@elsewhere.example")
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["zenith.example"]})


@pytest.fixture(params=["few", "very many"])
def any_size(request, monkeypatch, town):
    if request.param == "very many":
        monkeypatch.setattr(finding, "FEW", 0)


def found(q, actor=OPERATOR, limit=10):
    return search.everything(actor, q, limit)


def addresses(q, actor=OPERATOR):
    return [hit.address for hit in found(q, actor).mailboxes]


@pytest.mark.parametrize(
    "q", ["jean.dupont@acme.example", "jean.dup", "JEAN", "Dupont", "dupont@acme", "dupont jean", "jean dup", " Jéan "]
)
def test_a_mailbox_is_found_by_address_and_names(any_size, q):
    assert addresses(q) == ["jean.dupont@acme.example"]


@pytest.mark.parametrize("q", ["dupond", "jean martin", "j%", "___", "x", "", "  ", "@", "\0\0", "d" * 300])
def test_nothing_else_is_found(any_size, q):
    assert found(q).mailboxes == []


def test_a_mailbox_is_found_by_an_alias_of_it(any_size):
    assert [(hit.address, hit.alias) for hit in found("ulla").mailboxes] == [(cast.UMA, "ulla@acme.example")]


@pytest.mark.parametrize("q", ["contact", "contact@acme.example", "contact@ac", "somebody@else"])
def test_an_alias_is_found_by_its_name_and_by_where_it_leads(any_size, q):
    assert [(hit.address, hit.destination) for hit in found(q).aliases] == [
        ("contact@acme.example", "somebody@elsewhere.example")
    ]


@pytest.mark.parametrize(("q", "alias"), [("acme.ex", ""), ("@acme.example", ""), ("zenith", "zenith.example")])
def test_a_domain_is_found_by_its_names(any_size, q, alias):
    assert [(hit.name, hit.alias) for hit in found(q).domains] == [(cast.ACME, alias)]


def test_a_company_is_found(any_size):
    assert found("acm").companies == ["acme"]


@pytest.mark.parametrize("q", ["olga", "OLGA@home"])
def test_somebody_is_found_by_address(any_size, q):
    assert [hit.email for hit in found(q).people] == [cast.OLGA]


def test_somebody_is_found_by_name(any_size):
    cast.person("z@people.test", name="Olga Brandt")
    assert "z@people.test" in [hit.email for hit in found("olga b").people]


def test_what_is_the_text_itself_comes_first(any_size):
    for name in ("um", "umberto", "uma.x"):
        cast.mailbox(f"{name}@acme.example")
    assert addresses("um@acme.example")[0] == "um@acme.example"


def test_deleted_mailboxes_are_not_found(any_size):
    from postroom.actions import mailbox_removal

    mailbox_removal.delete(OPERATOR, cast.origin(), "jean.dupont@acme.example")
    assert addresses("jean") == []


def test_more_than_fit_are_told_of(any_size):
    for n in range(3):
        cast.mailbox(f"same{n}@acme.example")
    answer = found("same", limit=2)
    assert ([hit.address for hit in answer.mailboxes], answer.more) == (
        ["same0@acme.example", "same1@acme.example"],
        frozenset({"mailboxes"}),
    )


class TestReach:
    @pytest.mark.parametrize("who", [cast.DORA, cast.ALICE, cast.MAX])
    def test_administrators_find_what_is_theirs(self, any_size, who):
        assert addresses("jean", cast.actor(who)) == ["jean.dupont@acme.example"]

    @pytest.mark.parametrize("who", [cast.OLGA, cast.ADAM, cast.VERA])
    def test_people_with_a_role_on_the_domain_find_all_of_it(self, any_size, who):
        answer = found("acme.example", cast.person_actor(who))
        assert (len(answer.domains), bool(answer.aliases) or bool(answer.mailboxes)) == (1, True)

    def test_a_workgroups_administrator_finds_its_members_only(self, any_size):
        assert (addresses("wes", cast.actor(cast.WES)), addresses("jean", cast.actor(cast.WES))) == ([cast.WES], [])

    @pytest.mark.parametrize("q", ["jean", "acme", "contact", "somebody", "olga", "zenith"])
    def test_outsiders_find_nothing(self, any_size, other, q):
        assert found(q, cast.actor(cast.CHARLIE)).is_empty

    @pytest.mark.parametrize("q", ["jean", "acme", "contact", "olga"])
    def test_neither_does_somebody_without_a_role(self, any_size, q):
        assert found(q, cast.person_actor(cast.NORA)).is_empty
        assert found(q, Actor(name="nobody")).is_empty

    def test_an_owner_finds_the_people_of_the_domain_and_nobody_else(self, any_size):
        assert [hit.email for hit in found("home.example", cast.person_actor(cast.OLGA)).people] in (
            [cast.ADAM, cast.OLGA, cast.VERA],
            [],  # where there are very many: by how addresses begin
        )
        assert found("nora", cast.person_actor(cast.OLGA)).people == []


@pytest.mark.parametrize("few", [True, False])
def test_search_asks_seven_times_at_most(town, monkeypatch, django_assert_max_num_queries, few):
    monkeypatch.setattr(finding, "FEW", 50_000 if few else 0)
    with django_assert_max_num_queries(7):
        found("jean")


def test_beginnings_are_found_by_an_index(town, monkeypatch):
    from django.db import connection

    statements = []
    real = finding._together

    def noted(pieces, limit):
        pieces = list(pieces)
        statements.extend(piece[:limit] for piece in pieces)
        return real(pieces, limit)

    monkeypatch.setattr(finding, "_together", noted)
    monkeypatch.setattr(finding, "FEW", 0)
    found("jean")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plans = [one.explain() for one in statements]
    indexes = (
        "mailbox_first_name", "mailbox_last_name", "address_after_dot", "alias_name", "alias_destination",
        "person_name",
    )  # fmt: skip
    assert [name for name in indexes if not any(name in plan for plan in plans)] == []
