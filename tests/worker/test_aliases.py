"""Aliases reach the platform by the worker, however often it fails, and nothing of them is lost (defect 14)."""

import pytest

from postroom.actions import aliases, companies, domain_switch, domains
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain
from postroom.worker import drift
from tests import cast

JOE = "joe@else.where"


def add(local_part, *destinations, domain=cast.ACME):
    return [aliases.create(OPERATOR, cast.origin(), domain, local_part, d).id for d in destinations]


def there(platform, domain=cast.ACME):
    record = platform.observe_domain(domain)
    return {alias.local_part: alias.destinations for alias in record.own_aliases}


def test_the_platform_gets_every_destination(applied, work):
    add("info", cast.UMA, JOE)
    work()
    assert there(applied) == {"info": (JOE, cast.UMA)}
    assert applied.reached("info@acme.example") == [JOE, cast.UMA]


def test_a_mailbox_of_the_name_gets_the_mail_too(applied, work):
    add("uma", JOE)
    work()
    assert applied.reached(cast.UMA) == [JOE, cast.UMA]


def test_what_is_removed_is_gone_there_too(applied, work):
    first, _ = add("info", cast.UMA, JOE)
    work()
    aliases.remove(OPERATOR, cast.origin(), cast.ACME, first)
    work()
    assert there(applied) == {"info": (JOE,)}
    aliases.remove_all(OPERATOR, cast.origin(), cast.ACME, "info")
    work()
    assert there(applied) == {}


@pytest.mark.parametrize("kind", ["temporary", "permanent"])
def test_a_removal_that_the_platform_did_not_hear_is_told_again(applied, work, clock, kind):
    (id,) = add("info", JOE)
    work()
    applied.command("fail_next", {"operation": "put_domain", "kind": kind, "reason": "The platform is down"})
    aliases.remove(OPERATOR, cast.origin(), cast.ACME, id)
    work()
    assert there(applied) == {"info": (JOE,)}
    row = Domain.objects.get(name=cast.ACME)
    assert (row.failure, row.due_at is not None) == ("The platform is down", True)
    clock.forward(3700)
    work()
    assert there(applied) == {}
    assert Domain.objects.get(name=cast.ACME).failure == ""


def test_what_hands_have_changed_there_is_told_and_put_right(applied, work, clock):
    add("info", JOE)
    work()
    from msgspec.structs import replace

    from postroom.core.plan import PutDomain

    applied.apply(PutDomain(replace(applied.observe_domain(cast.ACME), own_aliases=())))
    assert list(drift.mend(clock())) == [f"domain {cast.ACME} is missing or different"]
    work()
    assert there(applied) == {"info": (JOE,)}
    assert list(drift.mend(clock())) == []


def test_an_alias_of_a_domain_that_waits_is_in_force_when_it_is_enabled(platform, work, clock):
    """People's answer is an error here (defect 6)."""
    companies.create(OPERATOR, cast.origin(), "untrusted", trusted=False, catchall_allowed=False)
    domains.change(OPERATOR, cast.origin(), "new.example", {"company": "untrusted"}, create_only=True)
    add("info", JOE, domain="new.example")
    platform.command("set_check", {"domain": "new.example", "test": "mx", "ok": False})
    work()
    assert (there(platform, "new.example"), platform.reached("info@new.example")) == ({"info": (JOE,)}, [])
    platform.command("clear_checks", {})
    clock.forward(3 * 3600)
    work()
    assert platform.reached("info@new.example") == [JOE]


def test_a_domain_that_is_switched_off_has_its_aliases_again_when_it_is_on(applied, work):
    add("info", JOE)
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    work()
    assert applied.reached("info@acme.example") == []
    domain_switch.enable(OPERATOR, cast.origin(), cast.ACME)
    work()
    assert applied.reached("info@acme.example") == [JOE]
