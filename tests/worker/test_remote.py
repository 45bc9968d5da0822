"""Domains and mailboxes on a remote dimail, from their making to their end, with the remote failing at every call:
all converges, nothing is there twice, nobody is written to twice, and nothing of others is touched."""

import pytest

from postroom.actions import (
    aliases,
    domain_removal,
    domain_switch,
    mailbox_links,
    mailbox_removal,
    mailbox_states,
    mailboxes,
    person_mailboxes,
)
from postroom.actions.person_mailboxes import PersonalChange, PersonalData
from postroom.core.errors import DomainDisabled, PlatformAway
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.plan import PutDomain
from postroom.core.roles import OPERATOR
from postroom.drivers.dimail import wire
from postroom.drivers.dimail.driver import Dimail
from postroom.store import due
from postroom.store.models import Domain, Mailbox, OneTimeLink, OutgoingMail, Told
from postroom.worker import reconcile
from tests import cast
from tests.drivers.dimail.standin import Fault, StandIn
from tests.links import letters, newest
from tests.worker.remote_town import ANN, BEN, CARL, TOWN, add_platform, make_domain, make_mailbox

INFO = (f"info@{TOWN}", ANN)
HOUR = 3600


@pytest.fixture
def there(monkeypatch):
    monkeypatch.setattr(wire, "_PAUSES", (0.0, 0.0))
    standin = StandIn()
    yield standin
    standin.close()


@pytest.fixture
def platform(db, there, tmp_path):
    add_platform(there.url, tmp_path)
    return there


@pytest.fixture
def town(platform, work):
    """In order, and served by the remote."""
    make_domain()
    work()
    return platform


@pytest.fixture
def ann(town, work):
    make_mailbox("ann")
    work()
    return town


def status():
    return Domain.objects.get(name=TOWN, deleted_at=None).status


def welcomes():
    return sorted(recipient for recipient, _ in letters("mailbox_welcome"))


def live(work, clock, until):
    for _ in range(60):
        work()
        if until():
            return
        clock.forward(HOUR)
    failures = {
        name: failure
        for model, field in ((Domain, "name"), (Mailbox, "address"))
        for name, failure in model.objects.exclude(failure="").values_list(field, "failure")
    }
    raise AssertionError(f"never came to be: {status()} {failures}")


def settled():
    return not Domain.objects.filter(due_at__isnull=False).exists() and not any(
        Mailbox.objects.filter(due_at__isnull=False)
    )


class TestStory:
    """The whole of it, where every single call fails in one way before it works."""

    HOW = (
        Fault("", 500, times=3),
        Fault("", 503, times=3),
        Fault("", "drop", times=3),
        Fault("", "lost", times=3),
        Fault("", "garbage", times=3),
        Fault("", "late", times=1, seconds=0.5),
    )

    @pytest.fixture(params=[None, *HOW], ids=lambda fault: str(fault and fault.how))
    def told(self, request, platform, work, clock, monkeypatch):
        platform.first = request.param
        if request.param and request.param.how == "late":
            monkeypatch.setattr(wire, "_CALL", 0.3)
        platform.failing[TOWN] = {"mx": "Le MX doit être mx.dimail.example.", "cert": "no certificate"}
        make_domain()
        live(work, clock, lambda: status() == DomainState.ACTION_REQUIRED)
        make_mailbox("ann")
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        live(work, clock, lambda: True)
        waited = dict(platform.mailboxes), welcomes()
        del platform.failing[TOWN]["mx"]
        live(work, clock, lambda: status() == DomainState.ENABLED)
        make_mailbox("ben")
        make_mailbox("carl")
        live(work, clock, lambda: settled() and len(welcomes()) == 3)
        mailbox_states.disable(OPERATOR, cast.origin(), BEN)
        mailbox_removal.delete(OPERATOR, cast.origin(), CARL)
        live(work, clock, settled)
        work()
        return platform, waited

    def test_it_ends_as_it_should(self, told):
        there, waited = told
        assert waited == ({}, [])
        assert list(there.domains) == [TOWN]
        assert {address: one["active"] for address, one in there.mailboxes.items()} == {ANN: "yes", BEN: "no"}
        assert there.aliases == {INFO}
        assert welcomes() == ["ann@home.example", "ben@home.example", "carl@home.example"]
        assert cast.row(ANN).status == MailboxState.ENABLED

    def test_what_is_known_to_be_there_is_what_is_there(self, told):
        assert set(Told.objects.values_list("name", "destination")) == {(TOWN, ""), (ANN, ""), (BEN, ""), INFO}


class TestWaysIn:
    def test_the_welcome_holds_the_platforms_own_link(self, ann):
        assert f"https://webmail.example/code/{ann.codes[-1]}" in newest("ann@home.example").text
        assert not OneTimeLink.objects.exists()

    def test_the_password_that_dimail_made_is_nowhere(self, ann):
        assert cast.row(ANN).password == ""
        assert "a-first-password" not in newest("ann@home.example").text

    def test_with_passwords_in_letters_the_welcome_holds_a_new_one_of_dimail(self, town, work, settings):
        settings.SEND_PASSWORDS = True
        make_mailbox("ann")
        work()
        assert "a-fresh-password" in newest("ann@home.example").text

    def test_a_login_link_is_the_platforms_own(self, ann):
        mailbox_links.send_login_link(OPERATOR, cast.origin(), ANN)
        assert [subject for to, subject in letters("login_link")] == ["Here is your login link"]
        assert f"/code/{ann.codes[-1]}" in newest("ann@home.example").text
        assert "POST /domains/town.example/mailboxes/ann/reset_password/" not in ann.calls

    def test_a_reset_ends_the_password_there(self, ann):
        mailbox_links.reset_password(OPERATOR, cast.origin(), ANN)
        assert "POST /domains/town.example/mailboxes/ann/reset_password/" in ann.calls
        text = newest("ann@home.example").text
        assert f"/code/{ann.codes[-1]}" in text
        assert "a-fresh-password" not in text

    def test_where_the_platform_does_not_answer_nobody_is_written_to(self, ann):
        before = OutgoingMail.objects.count()
        ann.fail("POST .*/code", 503)
        with pytest.raises(PlatformAway):
            mailbox_links.send_login_link(OPERATOR, cast.origin(), ANN)
        assert OutgoingMail.objects.count() == before

    def test_while_no_link_is_made_the_mailbox_is_there_and_says_why(self, town, work, clock):
        town.fail("POST .*/code", 503, times=2)
        make_mailbox("ann")
        work()
        row = cast.row(ANN)
        assert (row.status, row.applied_name, welcomes()) == (MailboxState.ENABLED, ANN, [])
        assert "503" in row.failure
        clock.forward(HOUR)
        work()
        clock.forward(HOUR)
        work()
        assert welcomes() == ["ann@home.example"]
        assert (cast.row(ANN).failure, cast.row(ANN).due_at) == ("", None)


class TestWhatIsOthers:
    def test_a_domain_that_was_there_is_not_ours_before_it_is_proved(self, platform, work):
        platform.domains[TOWN] = {"name": TOWN}
        platform.failing[TOWN] = {"mx": "no"}
        make_domain()
        work()
        assert not Told.objects.filter(name=TOWN).exists()

    def test_a_claim_on_it_that_ends_leaves_it_there(self, platform, work):
        platform.domains[TOWN] = {"name": TOWN}
        platform.failing[TOWN] = {"mx": "no"}
        make_domain()
        work()
        domain_removal.delete(OPERATOR, cast.origin(), TOWN)
        work()
        assert TOWN in platform.domains

    def test_once_it_is_proved_it_is(self, platform, work):
        platform.domains[TOWN] = {"name": TOWN}
        make_domain()
        work()
        assert Told.objects.filter(name=TOWN).exists()

    def test_a_mailbox_that_we_never_told_of_is_not_removed(self, platform, work):
        platform.failing[TOWN] = {"mx": "no"}
        make_domain()
        work()
        make_mailbox("ann")
        platform.person(ANN, "Other", "Person")
        mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
        work()
        assert ANN in platform.mailboxes

    def test_a_new_account_waits_for_the_end_of_the_old_one_of_its_address(self, ann, work, clock):
        mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
        ann.fail("DELETE .*/mailboxes/ann", 503, times=3)
        make_mailbox("ann")
        work()
        assert cast.row(ANN).applied_name == ""
        live(work, clock, settled)
        assert ann.calls.count("POST /domains/town.example/mailboxes/ann") == 2
        assert list(ann.mailboxes) == [ANN]

    def test_an_account_that_keeps_its_old_address_there_keeps_its_mail(self, ann, work):
        """dimail gives no new addresses: whoever gets the old one here must not get into the old mailbox."""
        mailbox_removal.rename(OPERATOR, cast.origin(), ANN, "anna")
        work()
        make_mailbox("ann2")
        mailbox_removal.rename(OPERATOR, cast.origin(), f"ann2@{TOWN}", "ann")
        work()
        assert cast.row(ANN).applied_name != ANN
        assert "still something else" in cast.row(ANN).failure

    def test_where_dimail_gives_new_addresses_the_old_one_is_free(self, ann, work):
        ann.renames = True
        mailbox_removal.rename(OPERATOR, cast.origin(), ANN, "anna")
        work()
        data = PersonalData(local_part="ann", first_name="Ann", last_name="Petit")
        person_mailboxes.create(OPERATOR, cast.origin(), TOWN, data)
        work()
        assert cast.row(ANN).applied_name == ANN
        assert set(ann.mailboxes) == {ANN, f"anna@{TOWN}"}

    def test_the_addresses_of_companies_stay_at_home(self, town):
        assert list(town.domains) == [TOWN]


class TestDomains:
    def test_one_that_is_switched_off_takes_no_mailbox(self, ann):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        with pytest.raises(DomainDisabled):
            make_mailbox("ben")

    def test_its_mailboxes_keep_their_calendars_there(self, ann, work):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        work()
        assert ann.mailboxes[ANN]["active"] == "yes"

    def test_what_was_changed_meanwhile_is_told_when_it_is_on_again(self, ann, work):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        mailbox_states.disable(OPERATOR, cast.origin(), ANN)
        work()
        assert ann.mailboxes[ANN]["active"] == "yes"
        domain_switch.enable(OPERATOR, cast.origin(), TOWN)
        work()
        assert ann.mailboxes[ANN]["active"] == "no"

    def test_a_removed_domain_takes_its_mailboxes_along(self, ann, work, clock):
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
        domain_removal.delete(OPERATOR, cast.origin(), TOWN)
        live(work, clock, settled)
        assert (ann.domains, ann.mailboxes) == ({}, {})
        assert not Told.objects.exists()

    def test_one_that_only_others_may_remove_is_left_there_and_can_come_back(self, town, work, clock, caplog):
        town.fail("DELETE /domains/", 403)
        domain_removal.delete(OPERATOR, cast.origin(), TOWN)
        live(work, clock, settled)
        assert "whoever runs this dimail has to remove it" in caplog.text
        make_domain()
        live(work, clock, lambda: status() == DomainState.ENABLED and settled())
        assert Told.objects.filter(name=TOWN, domain__deleted_at=None).exists()


class TestAliases:
    def test_those_of_a_mailbox_are_told_with_its_domain(self, ann, work):
        mailboxes.change(OPERATOR, cast.origin(), ANN, {"aliases": [f"annie@{TOWN}"]})
        work()
        assert ann.aliases == {(f"annie@{TOWN}", ANN)}

    def test_one_that_comes_while_its_domain_is_being_told_is_not_forgotten(self, ann, work, clock, monkeypatch):
        apply = Dimail.apply

        def and_meanwhile(self, change):
            apply(self, change)
            if isinstance(change, PutDomain) and not ann.aliases:
                mailboxes.change(OPERATOR, cast.origin(), ANN, {"aliases": [f"annie@{TOWN}"]})
                reconcile.mailbox(cast.row(ANN).pk, clock)

        monkeypatch.setattr(Dimail, "apply", and_meanwhile)
        due.mark(Domain, [cast.row(ANN).domain_id], clock())
        work()
        assert ann.aliases == {(f"annie@{TOWN}", ANN)}

    def test_and_taken_back_with_the_mailbox(self, ann, work):
        mailboxes.change(OPERATOR, cast.origin(), ANN, {"aliases": [f"annie@{TOWN}"]})
        work()
        mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
        work()
        assert ann.aliases == set()

    def test_one_that_is_removed_here_is_removed_there(self, ann, work):
        made = aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        aliases.remove(OPERATOR, cast.origin(), TOWN, made.id)
        work()
        assert ann.aliases == set()

    def test_one_whose_answer_was_lost_is_still_removed(self, ann, work, clock):
        ann.fail("POST .*/aliases/", "lost")
        made = aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        assert ann.aliases == {INFO}
        aliases.remove(OPERATOR, cast.origin(), TOWN, made.id)
        live(work, clock, settled)
        assert ann.aliases == set()

    def test_others_stay(self, ann, work):
        ann.aliases.add((f"press@{TOWN}", "x@example.org"))
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        assert ann.aliases == {INFO, (f"press@{TOWN}", "x@example.org")}


def test_a_new_name_is_told(ann, work):
    person_mailboxes.update(OPERATOR, cast.origin(), ANN, PersonalChange(last_name="Petit"))
    work()
    assert ann.mailboxes[ANN]["surName"] == "Petit"


def test_where_only_the_border_between_the_names_moves_that_is_told_too(ann, work):
    person_mailboxes.update(OPERATOR, cast.origin(), ANN, PersonalChange(first_name="Ann Mary"))
    work()
    person_mailboxes.update(OPERATOR, cast.origin(), ANN, PersonalChange(first_name="Ann", last_name="Mary Miller"))
    work()
    assert (ann.mailboxes[ANN]["givenName"], ann.mailboxes[ANN]["surName"]) == ("Ann", "Mary Miller")


def test_a_namesake_is_refused_with_the_reason(ann, work):
    ann.person(f"old@{TOWN}", "Ben", "Miller")
    make_mailbox("ben")
    work()
    assert cast.row(BEN).status == MailboxState.FAILED
    assert "same first and last name" in cast.row(BEN).failure


def test_wrong_credentials_refuse_nobody(town, work, tmp_path):
    (tmp_path / "password").write_text("wrong")
    town.end_tokens()
    make_mailbox("ann")
    work()
    assert cast.row(ANN).status == MailboxState.ENABLED
    assert "does not take our name and password" in cast.row(ANN).failure


def test_what_is_told_twice_is_there_once(ann, work, clock):
    due.mark(Mailbox, [cast.row(ANN).pk], clock())
    due.mark(Domain, [cast.row(ANN).domain_id], clock())
    work()
    assert sum(call.startswith("POST") for call in ann.calls) == 3  # the domain, the mailbox, the code
