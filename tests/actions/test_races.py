"""People who ask at the same moment, in threads of their own: on PostgreSQL, or on a file of SQLite."""

import pytest

from postroom.actions import admin_roles, bulletins, domain_removal, domains, mailbox_removal, mailboxes, workgroups
from postroom.actions.bulletins import Named
from postroom.core.errors import (
    AliasLimitReached,
    ExistsAlready,
    IsAlias,
    NameTaken,
    NotFound,
    Refused,
    UserLimitReached,
)
from postroom.core.roles import OPERATOR
from postroom.store import due, history, jobs, outgoing
from postroom.store.models import Address, AdminRole, Bulletin, Domain, DomainName, History, Job, Mailbox
from postroom.store.outgoing import Mail
from postroom.worker.jobs import ensure_periodic
from tests import cast
from tests.threads import MARK, at_once, shared_database

NEW = "new.example"
CROWD = 8

pytestmark = MARK


@pytest.fixture
def shared(tmp_path):
    """A database that threads share, with Acme in it."""
    with shared_database(tmp_path):
        cast.acme()
        yield


def refusals(results):
    return [type(result) for result in results if result is not None]


def create_domain(name, **attributes):
    return lambda: domains.change(OPERATOR, cast.origin(), name, {"company": "acme", **attributes}, create_only=True)


def change_domain(name, **attributes):
    return lambda: domains.change(OPERATOR, cast.origin(), name, attributes)


def create(address, **attributes):
    return lambda: cast.mailbox(address, **attributes)


def change(address, **attributes):
    return lambda: mailboxes.change(OPERATOR, cast.origin(), address, attributes)


def delete(address):
    return lambda: mailbox_removal.delete(OPERATOR, cast.origin(), address)


def rename(address, name):
    return lambda: mailbox_removal.rename(OPERATOR, cast.origin(), address, name)


def restore(address, name=None):
    return lambda: mailbox_removal.restore(OPERATOR, cast.origin(), address, None, name)


def role(address, role, *objects):
    return lambda: admin_roles.assign(OPERATOR, cast.origin(), address, role, list(objects))


def whole():
    return [line for kind in ("company", "domain", "mailbox") for line in history.broken_chains(kind)] == []


def test_of_many_who_create_a_domain_one_succeeds(shared):
    results = at_once(*[create_domain(NEW)] * CROWD)
    assert sorted(map(str, refusals(results))) == [str(ExistsAlready)] * (CROWD - 1)


def test_of_many_who_create_a_domain_one_leaves_traces(shared):
    at_once(*[create_domain(NEW)] * CROWD)
    assert Domain.objects.filter(name=NEW).count() == 1
    assert History.objects.filter(kind="domain", name=NEW).count() == 1


def test_of_many_who_create_a_mailbox_one_succeeds(shared):
    results = at_once(*[create("new@acme.example")] * CROWD)
    assert refusals(results) == [ExistsAlready] * (CROWD - 1)


def test_without_create_only_all_succeed_and_one_mailbox_is_made(shared):
    every = [lambda n=n: change("new@acme.example", password=cast.HASH, quota=n)() for n in range(1, CROWD + 1)]
    assert refusals(at_once(*every)) == []
    assert Mailbox.objects.filter(address="new@acme.example").count() == 1


def test_a_name_becomes_a_domain_or_an_alias_of_one(shared):
    results = at_once(create_domain(NEW), change_domain(cast.ACME, aliases=[NEW]))
    assert refusals(results) in ([IsAlias], [NameTaken])
    assert DomainName.objects.get(name=NEW).is_alias == (refusals(results) == [IsAlias])


def test_a_name_becomes_the_alias_of_one_domain(shared):
    create_domain("second.example")()
    results = at_once(change_domain(cast.ACME, aliases=[NEW]), change_domain("second.example", aliases=[NEW]))
    assert refusals(results) == [NameTaken]


def test_an_address_becomes_a_mailbox_or_an_alias_of_one(shared):
    address = "new@acme.example"
    results = at_once(create(address), change(cast.UMA, aliases=[address]))
    assert refusals(results) in ([IsAlias], [NameTaken])
    assert Address.objects.get(address=address).is_alias == (refusals(results) == [IsAlias])


def test_an_address_becomes_a_new_mailbox_or_a_renamed_one(shared):
    results = at_once(create("una@acme.example"), rename(cast.UMA, "una"))
    assert refusals(results) in ([ExistsAlready], [NameTaken])


def test_aliases_wanted_in_opposite_orders_do_not_lock_each_other_out(shared):
    names = [f"x{n}@acme.example" for n in range(20)]
    results = at_once(change(cast.UMA, aliases=names), change(cast.DORA, aliases=names[::-1]))
    assert refusals(results) == [NameTaken]
    assert Address.objects.filter(is_alias=True).count() == 20


def test_the_limit_of_accounts_holds(shared):
    change_domain(cast.ACME, limit_users=7)()
    results = at_once(*[create(f"new{n}@acme.example") for n in range(CROWD)])
    assert refusals(results) == [UserLimitReached] * (CROWD - 3)


def test_the_limit_of_accounts_holds_against_restoring(shared):
    delete(cast.UMA)()
    change_domain(cast.ACME, limit_users=4)()
    results = at_once(create("new@acme.example"), restore(cast.UMA))
    assert refusals(results) == [UserLimitReached]


def test_the_limit_of_aliases_holds(shared):
    change_domain(cast.ACME, limit_aliases=2)()
    everybody = (cast.UMA, cast.DORA, cast.MAX, cast.WES)
    results = at_once(*[change(who, aliases=[f"x{n}@acme.example"]) for n, who in enumerate(everybody)])
    assert refusals(results) == [AliasLimitReached] * 2


def test_changes_of_two_attributes_of_a_domain_both_survive(shared):
    at_once(change_domain(cast.ACME, spamlevel="High"), change_domain(cast.ACME, spamfolder="Junk"))
    kept = Domain.objects.get(name=cast.ACME).settings
    assert (kept["spamlevel"], kept["spamfolder"]) == ("High", "Junk")


def test_changes_of_two_attributes_of_a_mailbox_both_survive(shared):
    at_once(change(cast.UMA, quota=5), change(cast.UMA, name="Uma"))
    kept = cast.row(cast.UMA).settings
    assert (kept["quota"], kept["name"]) == (5, "Uma")


def test_each_of_many_changes_is_counted_and_kept(shared):
    before = cast.row(cast.UMA).generation
    at_once(*[change(cast.UMA, quota=100 + n) for n in range(CROWD)])
    assert cast.row(cast.UMA).generation == before + CROWD


def test_the_history_of_many_changes_at_once_is_whole(shared):
    at_once(*[change(cast.UMA, quota=100 + n) for n in range(CROWD)])
    assert whole()


def test_a_mailbox_is_deleted_once(shared):
    results = at_once(*[delete(cast.UMA)] * CROWD)
    assert refusals(results) == [NotFound] * (CROWD - 1)


def test_a_mailbox_is_restored_once(shared):
    delete(cast.UMA)()
    results = at_once(*[restore(cast.UMA)] * 4)
    assert len(refusals(results)) == 3
    assert all(issubclass(refusal, Refused) for refusal in refusals(results))


def test_a_mailbox_is_restored_under_one_name(shared):
    delete(cast.UMA)()
    at_once(restore(cast.UMA, "u1"), restore(cast.UMA, "u2"))
    assert Address.objects.filter(address__in=["u1@acme.example", "u2@acme.example"]).count() == 1


@pytest.mark.parametrize("round", range(5))
def test_no_mailbox_is_made_in_a_domain_that_is_being_deleted(shared, round):
    create_domain(NEW)()
    at_once(
        *[create(f"new{n}@{NEW}") for n in range(3)],
        lambda: domain_removal.delete(OPERATOR, cast.origin(), NEW),
    )
    domain = Domain.objects.get(name=NEW)
    assert domain.deleted_at is None or not domain.mailboxes.exists()


def test_a_workgroup_is_made_once(shared):
    results = at_once(*[lambda: workgroups.create(OPERATOR, cast.origin(), cast.ACME, "new")] * CROWD)
    assert refusals(results) == [NameTaken] * (CROWD - 1)


def test_roles_set_at_once_leave_one_role(shared):
    roles = [role(cast.UMA, name, cast.ACME) for name in ("domain", "mail")]
    assert refusals(at_once(*roles * 4)) == []
    assert len(cast.role_of(cast.UMA)) == 1


def test_objects_added_to_a_role_at_once_all_stay(shared):
    names = [f"{n}.example" for n in ("one", "two", "three", "four")]
    for name in names:
        create_domain(name)()
    at_once(*[lambda n=n: admin_roles.add(OPERATOR, cast.origin(), cast.UMA, "domain", n) for n in names])
    held = AdminRole.objects.filter(mailbox__address=cast.UMA).values_list("domain__name", flat=True)
    assert sorted(held) == sorted(names)


def test_no_two_workers_hold_the_same_row(shared):
    Mailbox.objects.update(due_at=1, leased_until=None)
    claims = at_once(*[lambda: due.claim(Mailbox, 10, 1000, 2)] * 4)
    held = [id for claim in claims for id in claim]
    assert len(held) == len(set(held)) == Mailbox.objects.count()


def test_no_two_workers_hold_the_same_job(shared):
    Job.objects.all().delete()
    jobs.enqueue("spread_domain", "1", 1)
    claims = at_once(*[lambda: jobs.claim(10, 1000)] * 4)
    assert len([job for job in claims if job]) == 1


def test_no_two_workers_hold_the_same_e_mail(shared):
    outgoing.put([Mail(recipient=f"u{n}@acme.example", purpose="test") for n in range(8)], 1)
    claims = at_once(*[lambda: outgoing.claim(10, 1000, 2)] * 4)
    held = [mail.pk for claim in claims for mail in claim]
    assert len(held) == len(set(held)) == 8


def test_the_same_bulletin_written_at_once_is_one(shared):
    hi = Named(owner="domain", owner_name=cast.ACME, type="auto", name="hi")
    at_once(*[lambda: bulletins.change(OPERATOR, cast.origin(), hi, "Subject: x\n\nx")] * 4)
    assert Bulletin.objects.count() == 1


def test_asking_for_a_job_at_once_is_asking_once(shared):
    at_once(*[lambda: jobs.enqueue("spread_domain", "7", 1)] * CROWD)
    assert Job.objects.filter(key="7").count() == 1


def test_workers_that_start_at_once_make_each_periodic_job_once(shared):
    at_once(*[lambda: ensure_periodic(1)] * 4)
    assert Job.objects.filter(kind="purge").count() == 1
