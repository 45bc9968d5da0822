"""A mailbox that was made for a person: its holder is told once, when the platform has it, and gets in by a link."""

from datetime import UTC, datetime

import pytest

from postroom.actions import (
    domain_switch,
    domains,
    link_use,
    mailbox_removal,
    mailbox_states,
    mailboxes,
    person_mailboxes,
    signin,
)
from postroom.actions.person_mailboxes import PersonalChange, PersonalData, Welcome
from postroom.core.lifecycle import MailboxState
from postroom.core.roles import OPERATOR
from postroom.store import due
from postroom.store.models import Domain, History, Mailbox, OneTimeLink, OutgoingMail
from postroom.worker import arrivals, jobs, reconcile
from tests import cast
from tests.links import code, letters, newest

HOUR = 3600
TOWN = "town.example"
NEW = "A-lamp-under-7-stairs"
ANN, BEN = f"ann@{TOWN}", f"ben@{TOWN}"
AT_HOME = {ANN: "ann@home.example", BEN: "ben@home.example"}


def create(local_part, domain=TOWN, secondary="home.example", actor=OPERATOR):
    data = PersonalData(
        local_part=local_part,
        first_name=local_part.title(),
        last_name="Miller",
        secondary_email=f"{local_part}@{secondary}" if secondary else "",
    )
    return person_mailboxes.create(actor, cast.origin(), domain, data)


def redeem(recipient, password=NEW):
    return link_use.redeem(cast.origin(), code(recipient), password)


def signs_in(address, password=NEW):
    return signin.by_password(address, password, "", datetime.now(UTC).timestamp()).name == address


def states(domain=TOWN):
    return dict(Mailbox.objects.filter(domain__name=domain, deleted_at=None).values_list("address", "status"))


def view(address):
    return person_mailboxes.show(OPERATOR, address)


def welcomes():
    return [recipient for recipient, _ in letters("mailbox_welcome")]


def verbs(address):
    return list(History.objects.filter(kind="mailbox", name=address).order_by("id").values_list("verb", flat=True))


@pytest.fixture
def town(platform, work):
    """A domain whose DNS is not right yet, with two mailboxes that wait."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "detail": "no MX"})
    work()
    create("ann")
    create("ben")
    work()
    return platform


@pytest.fixture
def prove(town, work, clock):
    """DNS is put right, and the next check sees it."""

    def proved():
        town.command("clear_checks", {})
        clock.forward(HOUR + 1)
        work()

    return proved


# The way of all mailboxes


def test_while_the_domain_waits_its_mailboxes_wait(town):
    assert set(states().values()) == {MailboxState.PENDING}
    assert town.observe_mailbox(ANN) is None


def test_while_the_domain_waits_nobody_is_written_to(town):
    assert welcomes() == []
    assert view(ANN).welcome is Welcome.WAITING


def test_when_the_domain_is_enabled_the_platform_gets_its_mailboxes(town, prove):
    prove()
    assert set(states().values()) == {MailboxState.ENABLED}
    assert town.observe_mailbox(ANN).active and town.observe_mailbox(BEN).active


def test_when_the_platform_has_them_each_holder_is_told_once(prove, work, clock):
    prove()
    clock.forward(HOUR)
    work()
    assert sorted(welcomes()) == sorted(AT_HOME.values())
    assert view(ANN).welcome is Welcome.SENT


def test_the_link_sets_a_password_that_signs_in(prove):
    prove()
    assert redeem(AT_HOME[ANN]) == ANN
    assert signs_in(ANN)


def test_the_new_password_reaches_the_platform(town, prove, work):
    prove()
    redeem(AT_HOME[ANN])
    work()
    assert town.observe_mailbox(ANN).password_hash == cast.row(ANN).password


def test_until_then_there_is_no_password(prove):
    prove()
    assert cast.row(ANN).password == ""
    assert not view(ANN).has_password


def test_the_history_tells_all_of_it(prove):
    prove()
    redeem(AT_HOME[ANN])
    assert verbs(ANN) == ["created", "released", "welcomed", "changed"]


def test_on_an_enabled_domain_it_all_happens_at_once(applied, work):
    create("ann", cast.ACME)
    work()
    assert applied.observe_mailbox("ann@acme.example").active
    assert welcomes() == ["ann@home.example"]


def test_mailboxes_that_waited_through_a_repair_are_sent_too(town, work, clock):
    """people.md section 7.3, defect 3: a fault inside, which the platform mends when it is asked to."""
    town.command("clear_checks", {})
    town.command("set_check", {"domain": TOWN, "test": "postfix", "ok": False})
    clock.forward(HOUR + 1)
    work()
    assert sorted(welcomes()) == sorted(AT_HOME.values())


def test_accounts_that_programs_make_get_no_such_letter(applied, work):
    cast.mailbox("new@acme.example")
    work()
    assert letters("mailbox_welcome") == []


# What the letter is like


def test_the_letter_is_in_the_language_of_whom_the_mailbox_was_made_by(applied, work):
    cast.person(cast.OLGA, "owner", language="fr-fr")
    create("ann", cast.ACME, actor=cast.person_actor(cast.OLGA))
    work()
    mail = newest("ann@home.example")
    assert mail.subject == "Votre nouvelle boîte aux lettres"
    assert '<html lang="fr">' in mail.html


def test_without_a_person_the_domain_says_the_language(applied, work):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"language": "fr_CA"})
    create("ann", cast.ACME)
    work()
    assert newest("ann@home.example").subject == "Votre nouvelle boîte aux lettres"


def test_the_letter_names_the_address_and_how_long_the_link_is_good(applied, work):
    create("ann", cast.ACME)
    work()
    text = newest("ann@home.example").text
    assert "ann@acme.example" in text
    assert "1 hour, 3 times" in text


def test_the_links_time_begins_when_the_letter_is_written(prove, clock):
    prove()
    for link in OneTimeLink.objects.all():
        assert link.expires_at - link.created_at == HOUR * 1000
        assert clock() - link.created_at < 60_000


@pytest.mark.parametrize("secondary", ["", "acme.example"])
def test_who_has_no_other_address_is_not_written_to_and_the_view_says_so(applied, work, secondary):
    assert create("ann", cast.ACME, secondary).welcome is Welcome.NO_ADDRESS
    work()
    assert letters("mailbox_welcome") == []
    assert view("ann@acme.example").status == MailboxState.ENABLED


@pytest.mark.parametrize("own", ["ann+x@acme.example", "sales@acme.example", "ann@acme.test"])
def test_an_address_that_leads_into_the_mailbox_is_no_other_address(applied, work, own):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"]})
    create("ann", cast.ACME)
    mailboxes.change(OPERATOR, cast.origin(), "ann@acme.example", {"aliases": ["sales"]})
    person_mailboxes.update(OPERATOR, cast.origin(), "ann@acme.example", PersonalChange(secondary_email=own))
    assert view("ann@acme.example").welcome is Welcome.NO_ADDRESS
    work()
    assert letters("mailbox_welcome") == []


def test_an_address_that_is_added_while_it_waits_is_written_to(town, prove):
    person_mailboxes.update(OPERATOR, cast.origin(), ANN, PersonalChange(secondary_email="ann@new.example"))
    prove()
    assert sorted(welcomes()) == ["ann@new.example", AT_HOME[BEN]]


# A temporary password in place of a link


@pytest.fixture
def sends_passwords(settings):
    settings.SEND_PASSWORDS = True


def temporary(recipient):
    lines = newest(recipient).text.splitlines()
    return lines[lines.index("Temporary password") + 1].strip()


def test_where_passwords_are_sent_it_signs_in(sends_passwords, applied, work):
    create("ann", cast.ACME)
    work()
    assert signs_in("ann@acme.example", temporary("ann@home.example"))
    assert not OneTimeLink.objects.exists()


def test_a_password_that_was_sent_reaches_the_platform(sends_passwords, applied, work):
    create("ann", cast.ACME)
    work()
    assert applied.observe_mailbox("ann@acme.example").password_hash == cast.row("ann@acme.example").password != ""


def test_a_password_that_somebody_has_set_meanwhile_is_kept(sends_passwords, prove):
    mailboxes.change(OPERATOR, cast.origin(), ANN, {"password": cast.HASH})
    prove()
    assert cast.row(ANN).password == cast.HASH
    assert code(AT_HOME[ANN])


# The platform is down, refuses, or the worker dies


def fails(platform, kind, times=1, operation="apply"):
    platform.command("fail_next", {"operation": operation, "times": times, "kind": kind, "reason": "it is full"})


def settle(work, clock, hours=3):
    for _ in range(hours * 2):
        clock.forward(HOUR / 2 + 1)
        work()


@pytest.mark.parametrize("kind", ["temporary", "permanent"])
@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_whatever_fails_and_how_often_everybody_is_told_once(town, prove, work, clock, kind, times):
    fails(town, kind, times)
    prove()
    settle(work, clock)
    assert sorted(welcomes()) == sorted(AT_HOME.values())
    assert set(states().values()) == {MailboxState.ENABLED}
    assert redeem(AT_HOME[ANN]) == ANN


def test_nobody_is_told_before_the_platform_has_it(town, prove):
    fails(town, "temporary", 1000)
    prove()
    assert welcomes() == []
    assert view(ANN).welcome is Welcome.WAITING


def test_a_platform_that_is_away_leaves_its_reason_to_be_seen(town, prove):
    fails(town, "temporary", 1000)
    prove()
    assert (view(ANN).status, view(ANN).failure, view(ANN).in_step) == ("enabled", "it is full", False)


def test_a_mailbox_that_is_refused_has_failed_and_says_why(town, prove):
    fails(town, "permanent", 1000)
    prove()
    assert (view(ANN).status, view(ANN).failure) == ("failed", "it is full")
    assert verbs(ANN)[-1] == "refused"


def test_a_refused_mailbox_is_tried_again_within_the_hour(town, prove, clock):
    fails(town, "permanent", 1000)
    prove()
    assert 0 < cast.row(ANN).due_at - clock() <= HOUR * 1000


def test_a_refused_mailbox_that_is_taken_at_last_is_enabled(town, prove, work, clock):
    fails(town, "permanent", 2, "put_mailbox")
    prove()
    assert set(states().values()) == {MailboxState.FAILED}
    settle(work, clock)
    assert set(states().values()) == {MailboxState.ENABLED}
    assert verbs(ANN)[-3:] == ["refused", "accepted", "welcomed"]
    assert town.observe_mailbox(ANN).active
    assert view(ANN).failure == ""


def test_somebody_may_ask_for_another_try_at_once(town, prove, work):
    fails(town, "permanent", 2, "put_mailbox")
    prove()
    mailbox_states.retry(OPERATOR, cast.origin(), ANN)
    work()
    assert states() == {ANN: MailboxState.ENABLED, BEN: MailboxState.FAILED}
    assert welcomes() == [AT_HOME[ANN]]


def test_a_mailbox_that_works_is_not_switched_off_by_a_change_that_is_refused(applied, work):
    fails(applied, "permanent", 1000)
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"quota": 77})
    work()
    assert cast.row(cast.UMA).status == MailboxState.ENABLED
    assert view(cast.UMA).failure == "it is full"


class Killed(BaseException):
    """The process is gone, wherever it was."""


@pytest.mark.parametrize("where", [(due, "done"), (arrivals, "arrived"), (reconcile, "_apply")])
def test_a_worker_that_dies_at_any_step_loses_and_doubles_nothing(town, prove, work, clock, monkeypatch, where):
    module, name = where
    really, once = getattr(module, name), [True]

    def dies(*args):
        if once and (name != "done" or args[0] is Mailbox):
            once.clear()
            raise Killed
        return really(*args)

    monkeypatch.setattr(module, name, dies)
    with pytest.raises(Killed):
        prove()
    settle(work, clock)
    assert not once
    assert sorted(welcomes()) == sorted(AT_HOME.values())
    assert OneTimeLink.objects.count() == 2


def test_a_worker_that_dies_after_writing_the_letter_has_written_none(town, prove, work, clock, monkeypatch):
    """The letter, the link and the mark are one transaction."""
    really, once = arrivals._welcome, [True]

    def dies(*args):
        really(*args)
        if once:
            once.clear()
            raise Killed

    monkeypatch.setattr(arrivals, "_welcome", dies)
    with pytest.raises(Killed):
        prove()
    assert (OutgoingMail.objects.filter(purpose="mailbox_welcome").count(), OneTimeLink.objects.count()) == (0, 0)
    settle(work, clock)
    assert sorted(welcomes()) == sorted(AT_HOME.values())


# Domains that go off and on


def test_a_mailbox_that_comes_while_its_domain_is_off_is_welcomed_when_that_is_on_again(applied, work, clock):
    create("ann", cast.ACME)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    work()
    assert welcomes() == []
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": False})
    clock.forward(HOUR)
    work()
    assert welcomes() == ["ann@home.example"]


def test_mailboxes_that_were_forgotten_are_found(town, work, clock):
    """Should anything ever enable a domain and not think of them."""
    Domain.objects.filter(name=TOWN).update(status="enabled", check_at=None)
    jobs.ensure_periodic(clock())
    clock.forward(61)
    work()
    assert sorted(welcomes()) == sorted(AT_HOME.values())


def test_mailboxes_of_a_domain_that_is_switched_off_go_on_waiting(town, prove):
    domain_switch.disable(OPERATOR, cast.origin(), TOWN)
    prove()
    assert set(states().values()) == {MailboxState.PENDING}


def test_a_mailbox_that_was_disabled_while_it_waited_is_not_sent(town, prove):
    mailbox_states.disable(OPERATOR, cast.origin(), ANN)
    prove()
    assert states()[ANN] == MailboxState.DISABLED
    assert town.observe_mailbox(ANN) is None
    assert welcomes() == [AT_HOME[BEN]]


def test_it_is_sent_and_its_holder_told_when_it_is_enabled(town, prove, work):
    mailbox_states.disable(OPERATOR, cast.origin(), ANN)
    prove()
    mailbox_states.enable(OPERATOR, cast.origin(), ANN)
    work()
    assert town.observe_mailbox(ANN).active
    assert sorted(welcomes()) == sorted(AT_HOME.values())


def test_a_mailbox_that_was_deleted_while_it_waited_is_never_sent(town, prove):
    mailbox_removal.delete(OPERATOR, cast.origin(), ANN)
    prove()
    assert town.observe_mailbox(ANN) is None
    assert welcomes() == [AT_HOME[BEN]]


def test_one_that_was_disabled_deleted_and_restored_is_still_disabled(applied, work):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)
    work()
    assert cast.row(cast.UMA).status == MailboxState.DISABLED
    assert not applied.observe_mailbox(cast.UMA).active


def test_nothing_that_opens_a_mailbox_is_in_the_log_or_the_history(applied, work, clock, settings, caplog):
    caplog.set_level("DEBUG")
    for number, sends_passwords in enumerate((False, True)):
        settings.SEND_PASSWORDS = sends_passwords
        create(f"ann{number}", cast.ACME)
        fails(applied, "temporary")
        fails(applied, "permanent")
        work()
        settle(work, clock)
    link = code("ann0@home.example")
    redeem("ann0@home.example")
    secrets = [link, NEW, temporary("ann1@home.example")]
    everything = caplog.text + repr(list(History.objects.values_list())) + repr(list(Mailbox.objects.values_list()))
    assert [secret for secret in secrets if secret in everything] == []
