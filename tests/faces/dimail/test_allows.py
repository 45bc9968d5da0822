"""Who manages which domain (specs/dimail.md 3.3, 4.3)."""

import pytest

from postroom.actions import dimail_allows
from postroom.actions.dimail_accounts import OPERATORS
from postroom.store import history
from postroom.store.models import DimailAllow, History
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import REGIE, account

TOWN, LAKE = "town.example", "lake.example"
PAIR = {"user": "plain", "domain": TOWN}


@pytest.fixture
def towns(root):
    for name in (TOWN, LAKE):
        assert root.post("/domains/", {"name": name, "features": ["mailbox"], "context_name": None}).status == 201


def test_a_domain_is_allowed(towns, root, plain):
    answer = root.post("/allows/", PAIR)
    assert (answer.status, answer.json) == (201, PAIR)


def test_it_opens_the_domain(towns, root, plain):
    assert plain.with_token().get(f"/domains/{TOWN}").status == 401
    root.post("/allows/", PAIR)
    assert plain.with_token().get(f"/domains/{TOWN}").status == 200


def test_it_opens_no_other_domain(towns, root, plain):
    root.post("/allows/", PAIR)
    assert plain.with_token().get(f"/domains/{LAKE}").status == 401


def test_the_domains_name_is_folded(towns, root, plain):
    assert root.post("/allows/", {**PAIR, "domain": "TOWN.example"}).json == PAIR


def test_a_pair_is_there_once(towns, root, plain):
    root.post("/allows/", PAIR)
    answer = root.post("/allows/", PAIR)
    assert (answer.status, answer.detail) == (409, "Domain already allowed for this user")


def test_the_account_is_looked_for_first(towns, root):
    answer = root.post("/allows/", {"user": "no", "domain": "no.example"})
    assert (answer.status, answer.detail) == (404, "User not found")


def test_an_unknown_domain_is_not_found(towns, root, plain):
    answer = root.post("/allows/", {"user": "plain", "domain": "no.example"})
    assert (answer.status, answer.detail) == (404, "Domain not found")


@pytest.mark.parametrize(
    "sent", [{}, {"user": "plain"}, {"user": None, "domain": TOWN}, {"user": "plain", "domain": 1}]
)
def test_a_bad_body_is_422(towns, root, plain, sent):
    assert root.post("/allows/", sent).status == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("la_regie", TOWN), ("plain", LAKE), ("plain", TOWN)]),
        ("?username=plain", [("plain", LAKE), ("plain", TOWN)]),
        ("?domain=TOWN.example", [("la_regie", TOWN), ("plain", TOWN)]),
        ("?username=plain&domain=town.example", [("plain", TOWN)]),
        ("?username=no", []),
        ("?username=n%00", []),
        ("?domain=no.example", []),
        ("?domain=n%00", []),
    ],
)
def test_allows_are_listed(towns, root, plain, regie, query, found):
    for user, domain in (("plain", LAKE), ("plain", TOWN), (REGIE, TOWN)):
        root.post("/allows/", {"user": user, "domain": domain})
    answer = root.get(f"/allows/{query}")
    assert (answer.status, [(one["user"], one["domain"]) for one in answer.json]) == (200, found)


def test_an_allow_is_taken_back(towns, root, plain):
    root.post("/allows/", PAIR)
    answer = root.delete(f"/allows/{TOWN}/plain", {})
    assert (answer.status, answer.body, plain.with_token().get(f"/domains/{TOWN}").status) == (204, b"", 401)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("no.example/no", "User not found"),
        ("no.example/plain", "Domain not found"),
        (f"{TOWN}/plain", "Queried user does not have permissions for this domain."),
    ],
)
def test_what_cannot_be_taken_back_is_404(towns, root, plain, path, detail):
    answer = root.delete(f"/allows/{path}")
    assert (answer.status, answer.detail) == (404, detail)


def test_allows_go_with_the_account(towns, root, plain):
    root.post("/allows/", PAIR)
    root.delete("/users/plain")
    assert root.get("/allows/").json == []


def test_allows_go_with_the_domain(towns, root, plain):
    root.post("/allows/", PAIR)
    root.delete(f"/domains/{TOWN}")
    assert root.get("/allows/").json == []


# Beyond dimail's company.


def test_an_administrator_gives_no_domain_of_others(acme, root_of_acme):
    answer = root_of_acme.post("/allows/", {"user": "root", "domain": cast.ACME})
    assert (answer.status, answer.detail) == (404, "Domain not found")


def test_the_operator_gives_any_domain(acme, root_of_acme):
    dimail_allows.add(OPERATORS, cast.origin(), "root", cast.ACME)
    assert root_of_acme.with_token().get(f"/domains/{cast.ACME}").status == 200


@pytest.fixture
def root_of_acme(acme) -> Dimail:
    """An administrator of dimail's company, beside Acme."""
    return account("root", is_admin=True)


# By an account that is no administrator.


@pytest.fixture
def sub(towns, regie) -> Dimail:
    """An account that People's own has made."""
    sent = {"name": "sub", "password": cast.PASSWORD, "is_admin": False}
    assert regie.post("/users/", sent).status == 201
    return Dimail("sub")


def test_it_gives_its_own_domains_to_those_it_has_made(sub, regie):
    regie.post("/domains/", {"name": "own.example", "features": ["mailbox"], "context_name": None})
    assert regie.post("/allows/", {"user": "sub", "domain": "own.example"}).status == 201
    assert sub.with_token().get("/domains/own.example").status == 200


def test_it_gives_no_domains_of_others(sub, regie):
    answer = regie.post("/allows/", {"user": "sub", "domain": TOWN})
    assert (answer.status, answer.detail) == (404, "Domain not found")


def test_it_gives_nothing_to_others(sub, regie, plain):
    regie.post("/domains/", {"name": "own.example", "features": ["mailbox"], "context_name": None})
    answer = regie.post("/allows/", {"user": "plain", "domain": "own.example"})
    assert (answer.status, answer.detail) == (404, "User not found")


def test_it_sees_the_allows_of_its_own(sub, regie, root, plain):
    for user in ("plain", "sub", REGIE):
        root.post("/allows/", {"user": user, "domain": TOWN})
    assert [one["user"] for one in regie.get("/allows/").json] == [REGIE, "sub"]


# History.


def test_history_says_what_was_given_and_taken(towns, root, plain):
    root.post("/allows/", PAIR)
    root.delete(f"/allows/{TOWN}/plain")
    told = [entry.changes for entry in History.objects.filter(kind="account", name="plain").order_by("id")[1:]]
    assert told == [{"domain": [None, TOWN]}, {"domain": [TOWN, None]}]
    assert list(history.broken_chains("account")) == []


def test_a_refused_call_changes_nothing(towns, root, plain):
    root.post("/allows/", {"user": "plain", "domain": "no.example"})
    assert not DimailAllow.objects.exists()
