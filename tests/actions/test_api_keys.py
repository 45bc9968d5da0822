"""API keys: what they open, for whom, from where, until when."""

from datetime import UTC, datetime

import pytest

from postroom.actions import api_keys, domains, mailboxes, person_accounts, persons
from postroom.actions.api_keys import KeyWish
from postroom.core.errors import BadCredentials, BadRequest, NotFound, OutOfReach, WrongState
from postroom.core.roles import OPERATOR, Permission, allows, may_claim
from postroom.store import reach, rows
from postroom.store.models import Access, ApiKey, History, Person
from tests import cast

OLGA, ADAM = "olga@people.test", "adam@people.test"
SECOND = "second.example"


@pytest.fixture
def olga(acme):
    domains.change(OPERATOR, cast.origin(), SECOND, {"company": "acme"}, create_only=True)
    cast.person(OLGA, "owner")
    cast.person(OLGA, "owner", SECOND)
    return me()


def me(email=OLGA):
    return persons.actor(Person.objects.get(email=email).pk)


def now():
    return datetime.now(UTC).timestamp()


def make(olga, **wish):
    return api_keys.create(olga, cast.origin(), KeyWish(**{"name": "billing", **wish}))


def use(made, address="192.0.2.1", at=None):
    return api_keys.actor(made.token, address, at or now())


def target(name=cast.ACME):
    return rows.find_domain(name)[1].target


def test_a_key_may_do_what_its_owner_may(olga):
    assert allows(use(make(olga)), Permission.DOMAIN_DELETE, target())


def test_a_key_acts_in_its_owners_name(olga):
    key = use(make(olga))
    assert (key.name, key.person_id) == (OLGA, olga.person_id)


def test_it_begins_so_that_scanners_know_it_and_is_long(olga):
    token = make(olga).token
    assert token.startswith("pr_") and len(token) == 46


def test_it_is_stored_as_a_hash(olga):
    token = make(olga).token
    assert token not in repr(list(ApiKey.objects.values_list()))


def test_it_is_in_no_history_and_in_no_repr(olga):
    made = make(olga)
    assert made.token not in repr(list(History.objects.values_list())) + repr(made)


def test_a_key_for_some_permissions_does_nothing_else(olga):
    key = use(make(olga, permissions=["mailbox:see"]))
    assert allows(key, Permission.MAILBOX_SEE, target())
    assert not allows(key, Permission.MAILBOX_CREATE, target())


def test_a_key_for_one_domain_reaches_no_other(olga):
    key = use(make(olga, domains=[SECOND]))
    assert allows(key, Permission.DOMAIN_SEE, target(SECOND))
    assert not allows(key, Permission.DOMAIN_SEE, target())
    assert [domain.name for domain in reach.domains(key, Permission.DOMAIN_SEE)] == [SECOND]


def test_a_narrowed_key_changes_nothing_outside(olga):
    key = use(make(olga, domains=[SECOND]))
    with pytest.raises(OutOfReach):
        mailboxes.change(key, cast.origin(), cast.UMA, {"name": "x"})


def test_a_key_for_one_domain_claims_no_other(olga):
    assert may_claim(use(make(olga)))
    assert not may_claim(use(make(olga, domains=[SECOND])))


def test_a_key_loses_what_its_owner_loses(olga):
    made = make(olga, permissions=["mailbox:create"])
    Access.objects.update(role="viewer")
    assert not allows(use(made), Permission.MAILBOX_CREATE, target())


def test_a_key_of_somebody_disabled_opens_nothing(olga):
    made = make(olga)
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    with pytest.raises(BadCredentials):
        use(made)


@pytest.mark.parametrize("address", ["192.0.2.77", "2001:db8::5", "::ffff:192.0.2.77"])
def test_a_key_opens_from_its_networks(olga, address):
    assert use(make(olga, networks=["192.0.2.0/24", "2001:db8::/32"]), address)


@pytest.mark.parametrize("address", ["192.0.3.1", "2001:db9::5", "", "nonsense"])
def test_and_from_nowhere_else(olga, address):
    made = make(olga, networks=["192.0.2.0/24", "2001:db8::/32"])
    with pytest.raises(BadCredentials):
        use(made, address)


def test_a_key_ends_when_its_time_is_over(olga):
    made = make(olga, expires_at=int((now() + 60) * 1000))
    assert use(made)
    with pytest.raises(BadCredentials):
        use(made, at=now() + 61)


@pytest.mark.parametrize("token", ["", "pr_", "pr_nothing", "x" * 46])
def test_what_is_no_key_opens_nothing(olga, token):
    with pytest.raises(BadCredentials):
        api_keys.actor(token, "192.0.2.1", now())


def test_a_revoked_key_opens_nothing(olga):
    made = make(olga)
    api_keys.revoke(olga, cast.origin(), made.view.id)
    with pytest.raises(BadCredentials):
        use(made)


def test_somebody_elses_key_is_not_there(olga):
    made = make(olga)
    cast.person(ADAM, "owner")
    with pytest.raises(NotFound):
        api_keys.revoke(me(ADAM), cast.origin(), made.view.id)
    with pytest.raises(NotFound):
        api_keys.show(me(ADAM), made.view.id)
    assert api_keys.listed(me(ADAM)) == ([], 0)


def test_a_key_makes_and_revokes_no_keys(olga):
    made = make(olga)
    with pytest.raises(OutOfReach):
        make(use(made))
    with pytest.raises(OutOfReach):
        api_keys.revoke(use(made), cast.origin(), made.view.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 129),
        ("name", "a\nb"),
        ("permissions", []),
        ("permissions", ["mailbox:eat"]),
        ("permissions", ["company:create"]),
        ("domains", []),
        ("domains", ["nowhere.example"]),
        ("domains", ["acme.adm"]),
        ("networks", []),
        ("networks", ["192.0.2.1/24"]),
        ("networks", ["everywhere"]),
        ("expires_at", 1),
        ("expires_at", 10**15),
    ],
)
def test_what_makes_no_sense_or_gives_more_than_one_has_is_refused(olga, field, value):
    with pytest.raises(BadRequest) as error:
        make(olga, **{field: value})
    assert set(error.value.hints) == {field}
    assert not ApiKey.objects.exists()


def test_there_are_fifty_at_most(olga):
    for n in range(api_keys.LIMIT):
        ApiKey.objects.create(person_id=olga.person_id, name="x", hash=str(n), created_at=0)
    with pytest.raises(WrongState):
        make(olga)


def test_the_last_use_is_seen(olga):
    made = make(olga)
    use(made, "192.0.2.9")
    view = api_keys.show(olga, made.view.id)
    assert view.last_used_from == "192.0.2.9" and abs(view.last_used_at / 1000 - now()) < 5


def test_it_is_written_at_most_once_a_minute(olga):
    made, at = make(olga), now()
    for seconds, address in ((0, "192.0.2.1"), (59, "192.0.2.2"), (61, "192.0.2.3"), (90, "192.0.2.4")):
        use(made, address, at + seconds)
    assert ApiKey.objects.get().last_used_from == "192.0.2.3"


def test_the_list_says_what_each_may(olga):
    make(olga, permissions=["mailbox:see"], domains=[SECOND], networks=["192.0.2.1"])
    (view,), total = api_keys.listed(olga)
    assert (view.permissions, view.domains, view.networks, total) == (
        ["mailbox:see"], [SECOND], ["192.0.2.1/32"], 1,
    )  # fmt: skip


def test_making_and_revoking_are_in_the_history(olga):
    made = make(olga)
    api_keys.revoke(olga, cast.origin(), made.view.id)
    changes = [entry.changes for entry in History.objects.filter(kind="person").order_by("id")]
    told = f"billing ({made.view.shown_prefix}…)"
    assert changes[-2:] == [{"api_key": [None, told]}, {"api_key": [told, None]}]


def test_a_key_is_recognised_without_a_slow_hash(olga, monkeypatch):
    made = make(olga)
    monkeypatch.setattr("postroom.core.passwords.gate.Gate.__enter__", lambda gate: pytest.fail("it hashes slowly"))
    assert use(made)
