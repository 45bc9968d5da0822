"""Keys that we make for a domain."""

import pytest

from postroom.actions import domain_keys
from postroom.core import dkim
from postroom.core.errors import BadRequest, NotFound, OutOfReach
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain
from tests import cast


def make(actor=OPERATOR, selector=""):
    return domain_keys.make(actor, cast.origin(), cast.ACME, selector, 1024)


def settings():
    return Domain.objects.get(name=cast.ACME).settings


def test_the_domain_signs_with_a_key_that_was_made(acme):
    key = make(selector="s1")
    assert (settings()["dkim_selector"], dkim.record(settings()["dkim_key"])) == ("s1", key.record)


def test_a_new_key_needs_a_new_selector(acme):
    make(selector="s1")
    with pytest.raises(BadRequest):
        make(selector="s1")


def test_without_a_name_the_day_is_the_selector(acme):
    assert make().selector == domain_keys.usual_selector(cast.origin().at)


def test_the_record_can_be_shown_again(acme):
    assert make() == domain_keys.show(OPERATOR, cast.ACME)


def test_a_domain_without_a_key_has_none_to_show(acme):
    with pytest.raises(NotFound):
        domain_keys.show(OPERATOR, cast.ACME)


def test_a_domain_administrator_may_make_one(acme):
    assert make(cast.actor(cast.DORA)).domain == cast.ACME


def test_somebody_from_elsewhere_may_not(other):
    with pytest.raises((OutOfReach, NotFound)):
        make(cast.actor(cast.CHARLIE))
