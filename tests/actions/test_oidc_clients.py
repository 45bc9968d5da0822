"""The operator says which programs may use Postroom for signing in."""

import pytest

from postroom.actions import oidc_clients, oidc_grants
from postroom.actions.oidc_clients import ClientWish
from postroom.core.errors import BadRequest, CompanyNotFound, NameTaken, NotFound, OutOfReach
from postroom.core.roles import OPERATOR
from postroom.store.models import Company, History, OidcClient
from tests import cast

pytestmark = pytest.mark.django_db


def add(actor=OPERATOR, **more):
    wish = {"client_id": "webmail", "name": "Webmail", "redirect_uris": ["https://webmail.example/back"], **more}
    return oidc_clients.add(actor, cast.origin(), ClientWish(**wish))


def test_a_program_gets_a_secret_that_is_kept_as_a_hash_only():
    secret = add()
    assert len(secret) >= 40 and secret not in str(OidcClient.objects.values())


def test_a_public_program_gets_none():
    assert add(public=True) == ""


def test_an_id_is_taken_once():
    add()
    with pytest.raises(NameTaken):
        add()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_id", "a b"), ("client_id", "x"), ("name", " "), ("redirect_uris", []),
        ("redirect_uris", ["http://webmail.example/back"]), ("redirect_uris", ["https://webmail.example/#x"]),
        ("redirect_uris", ["javascript:alert(1)"]), ("redirect_uris", ["//webmail.example"]),
        ("logout_uris", ["http://webmail.example"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(field, value):
    with pytest.raises(BadRequest) as refusal:
        add(**{field: value})
    assert list(refusal.value.hints) == [field] and not OidcClient.objects.exists()


def test_a_developers_own_machine_needs_no_https():
    assert add(redirect_uris=["http://localhost:3000/back"])


def test_company_administrators_may_not(acme):
    with pytest.raises(OutOfReach):
        add(cast.actor(cast.ALICE))


def test_a_removed_program_is_unknown():
    add()
    oidc_clients.remove(OPERATOR, "webmail")
    assert oidc_clients.listed(OPERATOR) == [] and oidc_grants.client("webmail") is None


def test_an_unknown_one_cannot_be_removed():
    with pytest.raises(NotFound):
        oidc_clients.remove(OPERATOR, "webmail")


def test_a_companys_numbers_are_kept_with_its_history(acme):
    oidc_clients.register_company(OPERATOR, cast.origin(), "Acme", ["21750001600019"])
    assert Company.objects.get(name="acme").registration_ids == ["21750001600019"]
    assert History.objects.latest("id").changes == {"registration_ids": [[], ["21750001600019"]]}


def test_numbers_of_an_unknown_company_are_refused(acme):
    with pytest.raises(CompanyNotFound):
        oidc_clients.register_company(OPERATOR, cast.origin(), "nobody", [])


def test_a_number_has_a_form(acme):
    with pytest.raises(BadRequest):
        oidc_clients.register_company(OPERATOR, cast.origin(), "acme", ["217 500"])
