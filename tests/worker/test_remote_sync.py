"""A domain here and on its remote dimail grow apart: it is shown, what others made there is taken over, and what is
missing or different there is told again."""

import pytest

from postroom.actions import aliases, domain_switch, mailbox_removal, mailbox_states, mailboxes, person_mailboxes
from postroom.core.errors import NotFound
from postroom.core.lifecycle import MailboxState
from postroom.core.roles import OPERATOR
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.dimail import wire
from postroom.store.models import Alias, Domain, History, Job, Mailbox, Platform, Told
from postroom.worker import drift, jobs, remote_sync
from tests import cast
from tests.drivers.dimail.standin import StandIn
from tests.links import letters
from tests.worker.remote_town import ANN, TOWN, add_platform, make_domain, make_mailbox

OLD, DESK = f"old@{TOWN}", f"desk@{TOWN}"
PRESS = (f"press@{TOWN}", "x@example.org")


@pytest.fixture
def ann(db, tmp_path, work, monkeypatch):
    """The town's dimail, in step, with Ann's mailbox."""
    monkeypatch.setattr(wire, "_PAUSES", (0.0, 0.0))
    there = StandIn()
    add_platform(there.url, tmp_path)
    make_domain()
    work()
    make_mailbox("ann")
    work()
    yield there
    there.close()


def town():
    return Domain.objects.get(name=TOWN).pk


def look():
    (found,) = remote_sync.drifts([TOWN])
    return list(found.lines())


def sync(clock):
    return remote_sync.synced(town(), Platform.objects.get(), clock())


def test_in_step_nothing_differs(ann):
    assert look() == []


def test_the_worker_looks_every_hour(ann, work, clock):
    jobs.ensure_periodic(clock())
    ann.person(OLD, "Olga", "Petit")
    clock.forward(3600)
    work()
    assert cast.row(OLD).first_name == "Olga"
    assert not Job.objects.filter(kind="sync_platform").exists()


def test_one_domain_that_cannot_be_compared_does_not_stop_the_others(ann, work, clock, caplog):
    ann.foreign.add(TOWN)
    assert "Not authorized" in "".join(sync(clock))


def test_while_the_platform_is_away_nothing_happens(ann, work, clock):
    ann.fail("GET .*/mailboxes/", 503, times=9)
    with pytest.raises(TemporaryFailure):
        sync(clock)
    jobs.ensure_periodic(clock())
    clock.forward(3600)
    work()
    assert list(Mailbox.objects.filter(domain_id=town()).values_list("address", flat=True)) == [ANN]


class TestTakingOver:
    def test_a_persons_mailbox_is_here_with_its_names(self, ann, clock):
        ann.person(OLD, "Olga", "Petit")
        assert sync(clock) == [f"mailbox {OLD} was made there"]
        row = cast.row(OLD)
        assert (row.first_name, row.last_name, row.settings["name"]) == ("Olga", "Petit", "Olga Petit")
        assert (row.status, row.password, row.due_at) == (MailboxState.ENABLED, "", None)

    def test_a_functional_one_has_none(self, ann, clock):
        ann.person(DESK)
        sync(clock)
        assert (cast.row(DESK).first_name, cast.row(DESK).settings.get("name")) == ("", None)

    def test_one_that_is_off_there_is_off_here(self, ann, clock, work):
        ann.person(OLD, active="no")
        sync(clock)
        work()
        assert cast.row(OLD).status == MailboxState.DISABLED
        assert ann.mailboxes[OLD]["active"] == "no"

    def test_nobody_is_written_to(self, ann, clock, work):
        before = letters()
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        work()
        assert letters() == before

    def test_it_is_not_told_again_and_not_taken_twice(self, ann, clock, work):
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        ann.calls.clear()
        work()
        assert sync(clock) == []
        assert [call for call in ann.calls if not call.startswith("GET")] == []

    def test_from_then_on_it_is_ours_to_change_and_remove(self, ann, clock, work):
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        mailbox_states.disable(OPERATOR, cast.origin(), OLD)
        work()
        assert ann.mailboxes[OLD]["active"] == "no"
        mailbox_removal.delete(OPERATOR, cast.origin(), OLD)
        work()
        assert OLD not in ann.mailboxes

    def test_the_history_says_where_it_comes_from(self, ann, clock):
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        assert [(e.verb, e.actor) for e in History.objects.filter(name=OLD)] == [("imported", "postroom")]

    def test_it_is_found_where_people_look_for_it(self, ann, clock):
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        assert person_mailboxes.listed(OPERATOR, TOWN, person_mailboxes.Selection(q="olga"))[1] == 1

    def test_an_address_that_an_account_here_has_is_left(self, ann, clock):
        mailboxes.change(OPERATOR, cast.origin(), ANN, {"aliases": [OLD]})
        ann.person(OLD, "Olga", "Petit")
        sync(clock)
        assert not Mailbox.objects.filter(address=OLD).exists()

    def test_what_is_being_removed_there_does_not_come_back(self, ann, clock):
        mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
        assert sync(clock) == []
        assert not Mailbox.objects.filter(address=ANN, deleted_at=None).exists()

    def test_what_ends_while_the_platform_is_read_does_not_come_back(self, ann, clock, work, monkeypatch):
        driver = remote_sync.make(*Platform.objects.values_list("driver", "settings").get())
        asked = type(driver).inventory

        def then_removed(self, domain):
            found = asked(self, domain)
            mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
            work()
            return found

        monkeypatch.setattr(type(driver), "inventory", then_removed)
        assert sync(clock) == []
        assert not Mailbox.objects.filter(address=ANN, deleted_at=None).exists()

    def test_an_alias_is_here_and_told_no_more(self, ann, clock, work):
        ann.aliases.add(PRESS)
        assert sync(clock) == [f"alias {PRESS[0]} → {PRESS[1]} was made there"]
        work()
        assert list(Alias.objects.values_list("local_part", "destination")) == [("press", PRESS[1])]
        assert sync(clock) == []

    def test_an_alias_taken_over_can_be_removed(self, ann, clock, work):
        ann.aliases.add(PRESS)
        sync(clock)
        aliases.remove_all(OPERATOR, cast.origin(), TOWN, "press")
        work()
        assert ann.aliases == set()

    def test_what_cannot_be_ours_is_named_each_time(self, ann, clock):
        ann.person(f"zoë@{TOWN}", "Zoë", "Petit")
        for _ in range(2):
            assert sync(clock) == [f"zoë@{TOWN} is there, and cannot be taken over"]

    def test_many_come_in_pages(self, ann, clock, monkeypatch):
        monkeypatch.setattr(remote_sync.remote_import, "BATCH", 2)
        for number in range(5):
            ann.person(f"p{number}@{TOWN}", f"P{number}", "Petit")
        sync(clock)
        assert Mailbox.objects.filter(first_name__startswith="P").count() == 5
        assert Told.objects.filter(mailbox__isnull=False).count() == 6


class TestTellingAgain:
    def test_a_mailbox_that_is_gone_there_is_made_again(self, ann, clock, work):
        del ann.mailboxes[ANN]
        assert sync(clock) == [f"mailbox {ANN} is missing there"]
        work()
        assert list(ann.mailboxes) == [ANN]

    def test_one_that_was_switched_off_there_is_on_again(self, ann, clock, work):
        ann.mailboxes[ANN]["active"] = "no"
        assert sync(clock) == [f"mailbox {ANN} is switched off there"]
        work()
        assert ann.mailboxes[ANN]["active"] == "yes"

    def test_a_name_that_was_changed_there_is_as_it_is_here(self, ann, clock, work):
        ann.mailboxes[ANN]["surName"] = "Petit"
        assert sync(clock) == [f"mailbox {ANN} has the name Ann Petit there"]
        work()
        assert ann.mailboxes[ANN]["surName"] == "Miller"

    def test_an_alias_that_is_gone_there_is_made_again(self, ann, clock, work):
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        ann.aliases.clear()
        assert sync(clock) == [f"alias info@{TOWN} → {ANN} is missing there"]
        work()
        assert ann.aliases == {(f"info@{TOWN}", ANN)}

    def test_a_dimail_that_begins_anew_gets_everything_back(self, ann, clock, work):
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        for things in (ann.domains, ann.mailboxes, ann.aliases, ann.tokens):
            things.clear()
        assert f"domain {TOWN} is missing there" in sync(clock)
        work()
        clock.forward(3600)
        work()
        assert (list(ann.domains), list(ann.mailboxes), ann.aliases) == ([TOWN], [ANN], {(f"info@{TOWN}", ANN)})

    def test_what_the_worker_is_about_to_tell_is_no_difference(self, ann, clock):
        mailbox_states.disable(OPERATOR, cast.origin(), ANN)
        make_mailbox("ben")
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        assert look() == []


class TestWhatIsNotShown:
    def test_of_a_domain_that_is_not_proved_nothing_is(self, ann, work, clock):
        Domain.objects.filter(name=TOWN).update(status="pending", proved_at=None)
        ann.person(OLD, "Olga", "Petit")
        assert sync(clock) == []
        with pytest.raises(NotFound):
            look()

    def test_of_one_that_is_switched_off_nothing_is(self, ann, clock):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        ann.person(OLD, "Olga", "Petit")
        assert sync(clock) == []

    def test_looking_changes_nothing(self, ann):
        ann.person(OLD, "Olga", "Petit")
        del ann.mailboxes[ANN]
        assert len(look()) == 2
        assert cast.row(ANN).due_at is None
        assert not Mailbox.objects.filter(address=OLD).exists()


def test_the_operators_comparison_has_it_too(ann, clock):
    ann.person(OLD, "Olga", "Petit")
    assert list(drift.mend(clock())) == [f"mailbox {OLD} was made there"]
