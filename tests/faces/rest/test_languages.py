"""What stands in the way of a change is told in the language that is asked for."""

import pytest

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from tests import cast

ZOE = {"first_name": "Zoe", "last_name": "Zed", "local_part": "zoe"}
CLAIM = {"name": "new.example", "support_email": "it@home.example"}


def detail(answer):
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    return answer.json()["detail"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "acme.example still has accounts (4); delete them first"),
        ("fr", "acme.example a encore des comptes (4)\u00a0; supprimez-les d’abord"),
    ],
)
def test_a_domain_that_is_not_empty(olga, language, told):
    assert detail(olga.delete("", Accept_Language=language)) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "acme.example may have 1 accounts"), ("fr", "le nombre de comptes de acme.example est limité à 1")],
)
def test_one_with_all_its_mailboxes(adam, language, told):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_users": 1})
    assert detail(adam.post("mailboxes/", ZOE, Accept_Language=language)) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "acme.example may have 1 aliases and has 1"),
        ("fr", "acme.example peut avoir 1 alias et en a 1"),
    ],
)
def test_one_with_all_its_aliases(adam, language, told):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_aliases": 1})
    adam.ok("POST", "aliases/", {"local_part": "info", "destination": cast.UMA})
    second = {"local_part": "sales", "destination": cast.UMA}
    assert detail(adam.post("aliases/", second, Accept_Language=language)) == told


def test_too_many_domains_that_wait(nora, settings):
    settings.CLAIMS_AT_ONCE = 1
    nora.ok("POST", "/mail-domains/", CLAIM)
    answer = nora.post("/mail-domains/", {**CLAIM, "name": "other.example"}, Accept_Language="fr-FR,fr;q=0.9")
    assert detail(answer).startswith("1 de vos domaines attendent leur DNS")
