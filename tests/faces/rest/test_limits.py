"""How often somebody may ask."""

import pytest

from postroom.actions import request_rates
from postroom.core.errors import TooManyRequests
from postroom.store import request_counts
from postroom.store.models import RequestCount
from tests import cast

INFO = {"local_part": "info", "destination": cast.UMA}


@pytest.mark.parametrize("setting", ["REST_WRITES", "REST_WRITES_OF_NETWORK"])
def test_writes(adam, settings, setting):
    setattr(settings, setting, ((2, 60),))
    statuses = [adam.post("aliases/", INFO).status_code for _ in range(3)]
    assert statuses == [201, 400, 429]


def test_the_answer_says_how_long_to_wait(adam, settings):
    settings.REST_WRITES = ((1, 60), (1, 3600))
    adam.post("aliases/", INFO)
    answer = adam.post("aliases/", INFO)
    assert answer["Content-Type"] == "application/problem+json"
    assert 3500 < int(answer["Retry-After"]) <= 3600


def test_reading_is_not_limited(adam, settings):
    settings.REST_WRITES = ((1, 60),)
    assert {adam.get("").status_code for _ in range(5)} == {200}


def test_searching_people_is(adam, settings):
    settings.REST_SEARCHES = ((1, 60),)
    assert [adam.get("/users/?q=a").status_code, adam.get("/directory/?q=a").status_code] == [200, 429]


def test_each_person_has_a_limit_of_their_own(adam, olga, settings):
    settings.REST_WRITES = ((1, 60),)
    adam.post("aliases/", INFO)
    assert olga.post("aliases/", INFO).status_code == 400


def test_who_is_nobody_shares_that_of_the_network(anybody, settings):
    settings.REST_ANONYMOUS = ((1, 60),)
    statuses = [anybody.post("/codes/x/", {"password": "y"}).status_code for _ in range(2)]
    assert statuses == [404, 429]


def test_what_fails_counts_with_an_idempotency_key_too(adam, settings):
    settings.REST_WRITES = ((2, 60),)
    statuses = [adam.post("aliases/", {}, Idempotency_Key=f"k{n}").status_code for n in range(3)]
    assert statuses == [400, 400, 429]


def test_the_same_answer_again_does_not(adam, settings):
    settings.REST_WRITES = ((1, 60),)
    statuses = [adam.post("aliases/", INFO, Idempotency_Key="k").status_code for _ in range(3)]
    assert statuses == [201, 201, 201]


def test_no_limit(adam, settings):
    settings.REST_WRITES = settings.REST_WRITES_OF_NETWORK = ()
    assert adam.post("aliases/", INFO).status_code == 201


def test_time_passes(db):
    limits = ((2, 60),)
    for second in (0, 30):
        request_rates.count("x", limits, 1000 + second)
    with pytest.raises(TooManyRequests) as refused:
        request_rates.count("x", limits, 1030)
    assert refused.value.wait == 30
    request_rates.count("x", limits, 1060)


def test_what_is_refused_does_not_count(db):
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            request_rates.count("x", ((0, 60),), 1000)
    assert not RequestCount.objects.exists()


def test_old_counts_are_forgotten(db):
    request_rates.count("x", ((2, 60),), 1000)
    request_counts.forget_before(1_000_000)
    assert RequestCount.objects.exists()
    request_counts.forget_before(1_000_001)
    assert not RequestCount.objects.exists()
