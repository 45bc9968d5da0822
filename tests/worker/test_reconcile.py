"""What people ask for reaches the platform, once and in the right order."""

from postroom.actions import domain_removal, domains, mailbox_removal, mailboxes
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Mailbox, Tombstone
from tests import cast

SECOND = "second.example"


def change_uma(**attributes):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, attributes)


def change_acme(**attributes):
    domains.change(OPERATOR, cast.origin(), cast.ACME, attributes)


def applies(platform, name=""):
    calls = platform.command("calls", {"last": 10_000, "operation": "apply"})["calls"]
    return [call["operation"] for call in calls if not name or call["name"] == name]


def delete(address):
    mailbox_removal.delete(OPERATOR, cast.origin(), address)


def restore(address):
    mailbox_removal.restore(OPERATOR, cast.origin(), address, None, None)


def test_a_created_domain_reaches_the_platform(applied):
    assert applied.observe_domain(cast.ACME).active


def test_a_created_mailbox_reaches_the_platform(applied):
    assert applied.observe_mailbox(cast.UMA).key == cast.row(cast.UMA).pk


def test_what_was_applied_is_written_down(applied):
    uma = cast.row(cast.UMA)
    assert (uma.applied_generation, uma.applied_name, uma.due_at, uma.failure) == (uma.generation, cast.UMA, None, "")


def test_nothing_is_applied_twice(applied, work):
    work()
    assert applies(applied, cast.UMA) == ["put_mailbox"]


def test_a_mailbox_comes_after_its_domain(applied):
    assert applies(applied, cast.ACME) == ["put_domain"]
    assert applies(applied).index("put_mailbox") > applies(applied).index("put_domain")


def test_a_change_raises_the_generation(applied):
    before = cast.row(cast.UMA).generation
    change_uma(quota=77)
    assert cast.row(cast.UMA).generation == before + 1


def test_a_change_of_nothing_is_no_change(applied):
    change_uma(quota=77)
    before = cast.row(cast.UMA).generation
    change_uma(quota=77)
    assert cast.row(cast.UMA).generation == before


def test_a_changed_mailbox_is_applied(applied, work):
    change_uma(quota=77)
    work()
    assert applied.observe_mailbox(cast.UMA).settings["quota"] == 77


def test_a_changed_domain_is_applied(applied, work):
    change_acme(spamlevel="High")
    work()
    assert applied.observe_domain(cast.ACME).settings["spamlevel"] == "High"


def test_what_a_mailbox_inherits_is_applied_too(applied, work):
    change_acme(spamlevel="High")
    work()
    assert applied.observe_mailbox(cast.UMA).settings["spamlevel"] == "High"


def test_a_disabled_domain_switches_its_mailboxes_off(applied, work):
    change_acme(disabled=True)
    work()
    assert not applied.observe_mailbox(cast.UMA).active


def test_a_renamed_mailbox_stays_the_same_object(applied, work):
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    key = cast.row("una@acme.example").pk
    work()
    assert applied.observe_mailbox("una@acme.example").key == key
    assert applied.observe_mailbox(cast.UMA) is None


def test_a_deleted_mailbox_leaves_the_platform(applied, work):
    delete(cast.UMA)
    work()
    assert applied.observe_mailbox(cast.UMA) is None


def test_a_restored_mailbox_is_back_on_the_platform(applied, work):
    delete(cast.UMA)
    work()
    restore(cast.UMA)
    work()
    assert applied.observe_mailbox(cast.UMA).active


def test_a_mailbox_restored_before_the_worker_looked_stays(applied, work):
    delete(cast.UMA)
    restore(cast.UMA)
    work()
    assert applied.observe_mailbox(cast.UMA).active


def test_a_new_mailbox_may_take_the_address_of_a_deleted_one(applied, work):
    delete(cast.UMA)
    cast.mailbox(cast.UMA)
    work()
    assert applied.observe_mailbox(cast.UMA).key == cast.row(cast.UMA).pk


def test_it_waits_for_the_deleted_one_where_the_platform_was_down(applied, work, clock):
    delete(cast.UMA)
    applied.command("fail_next", {"operation": "remove_mailbox", "retry_in": 1})
    work()
    cast.mailbox(cast.UMA)
    work()
    told = "uma@acme.example is still something else on the platform, which is to be renamed or removed"
    assert (cast.row(cast.UMA).failure, cast.row(cast.UMA).status) == (told, "enabled")
    clock.forward(5)
    work()
    assert (applied.observe_mailbox(cast.UMA).key, cast.row(cast.UMA).failure) == (cast.row(cast.UMA).pk, "")


def test_a_mailbox_renamed_and_deleted_at_once_leaves_nothing_behind(applied, work):
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    delete("una@acme.example")
    cast.mailbox("una@acme.example")
    # The newcomer reaches the platform first.
    Mailbox.objects.filter(deleted_at__isnull=False).update(leased_until=2**60)
    work()
    Mailbox.objects.filter(deleted_at__isnull=False).update(leased_until=None)
    work()
    assert applied.observe_mailbox(cast.UMA) is None


def second_domain():
    domains.change(OPERATOR, cast.origin(), SECOND, {"company": "acme"}, create_only=True)
    cast.mailbox(f"una@{SECOND}")


def test_a_deleted_domain_leaves_the_platform(applied, work):
    second_domain()
    work()
    delete(f"una@{SECOND}")
    work()
    domain_removal.delete(OPERATOR, cast.origin(), SECOND)
    work()
    assert applied.observe_domain(SECOND) is None


def test_a_new_domain_waits_for_the_deleted_one_of_its_name(applied, work, clock):
    second_domain()
    work()
    delete(f"una@{SECOND}")
    work()
    domain_removal.delete(OPERATOR, cast.origin(), SECOND)
    applied.command("fail_next", {"operation": "remove_domain", "retry_in": 1})
    work()
    second_domain()
    work()
    assert "is still something else on the platform" in Domain.objects.get(name=SECOND, deleted_at=None).failure
    clock.forward(5)
    work()
    assert applied.observe_domain(SECOND).key == Domain.objects.get(name=SECOND, deleted_at=None).pk


def test_a_domain_deleted_with_its_last_mailbox_waits_for_that(applied, work, clock):
    second_domain()
    work()
    delete(f"una@{SECOND}")
    domain_removal.delete(OPERATOR, cast.origin(), SECOND)
    work()
    clock.forward(2)
    work()
    assert applied.observe_domain(SECOND) is None
    assert applies(applied, SECOND) == ["put_domain", "remove_domain"]


def test_a_restored_domain_is_back_under_its_new_name(applied, work):
    second_domain()
    delete(f"una@{SECOND}")
    domain_removal.delete(OPERATOR, cast.origin(), SECOND)
    work()
    stone = Tombstone.objects.get(kind="domain")
    domain_removal.restore(OPERATOR, cast.origin(), SECOND, stone.restore_id, "third.example")
    work()
    assert applied.observe_domain("third.example").key == Domain.objects.get(name="third.example").pk


def test_a_mailbox_waits_for_its_domain(platform, work):
    Domain.objects.filter(name=cast.ACME).update(leased_until=2**60)
    work()
    assert platform.observe_mailbox(cast.UMA) is None
    assert cast.row(cast.UMA).failure == "acme.example is not on the platform yet"


def test_a_mailbox_that_waited_long_is_sent_as_soon_as_its_domain_is_there(platform, work, clock):
    Domain.objects.filter(name=cast.ACME).update(leased_until=2**60)
    for _ in range(12):
        clock.forward(1800)
        work()
    Domain.objects.filter(name=cast.ACME).update(leased_until=None)
    work()
    assert platform.observe_mailbox(cast.UMA)


def test_a_change_that_comes_while_the_platform_is_at_work_is_not_lost(applied, work, monkeypatch):
    really, news = applied.apply, [lambda: change_uma(quota=88)]

    def slow(change):
        if news:
            news.pop()()
        really(change)

    monkeypatch.setattr(applied, "apply", slow)
    change_uma(quota=77)
    work()
    assert applied.observe_mailbox(cast.UMA).settings["quota"] == 88


def test_a_deletion_that_comes_while_the_platform_is_at_work_is_not_lost(applied, work, monkeypatch):
    really, news = applied.apply, [lambda: delete(cast.UMA)]

    def slow(change):
        if news:
            news.pop()()
        really(change)

    monkeypatch.setattr(applied, "apply", slow)
    change_uma(quota=77)
    work()
    assert applied.observe_mailbox(cast.UMA) is None
