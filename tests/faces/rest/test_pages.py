"""people.md section 1: pages of twenty, by number."""

import pytest

from postroom.store.models import Alias, Domain
from tests import cast


@pytest.fixture
def many(people):
    domain = Domain.objects.get(name=cast.ACME)
    Alias.objects.bulk_create(
        Alias(domain=domain, local_part=f"a{number:02}", destination=cast.UMA, created_at=0) for number in range(45)
    )


def test_the_first_page(many, vera):
    found = vera.ok("GET", "aliases/")
    assert (found["count"], len(found["results"]), found["previous"]) == (45, 20, None)
    assert found["next"] == "http://testserver/api/v1.0/mail-domains/acme_example/aliases/?page=2"


def test_a_page_between(many, vera):
    found = vera.ok("GET", "aliases/?q=a&page=2")
    assert [one["local_part"] for one in found["results"]] == [f"a{number}" for number in range(20, 40)]
    assert found["next"].endswith("/aliases/?q=a&page=3")
    assert found["previous"].endswith("/aliases/?q=a")


def test_the_last_page(many, vera):
    found = vera.ok("GET", "aliases/?page=3")
    assert (len(found["results"]), found["next"]) == (5, None)
    assert vera.ok("GET", "aliases/?page=last") == found


@pytest.mark.parametrize("page", ["0", "-1", "4", "x", "1.5", "٣", "9" * 30, ""])
def test_a_bad_page(many, vera, page):
    answer = vera.get(f"aliases/?page={page}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


def test_an_empty_list_has_one_page(vera):
    assert vera.ok("GET", "aliases/") == {"count": 0, "next": None, "previous": None, "results": []}


def test_links_go_where_the_operator_says(many, vera, settings):
    settings.PUBLIC_URL = "https://post.example"
    assert vera.ok("GET", "aliases/")["next"].startswith("https://post.example/api/v1.0/")
