"""Links and passwords that are sent to the holder of a mailbox, and what a link does."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.actions import (
    domains,
    link_use,
    mailbox_links,
    mailbox_removal,
    mailbox_states,
    mailboxes,
    person_mailboxes,
    signin,
    tokens,
)
from postroom.actions.person_mailboxes import PersonalChange
from postroom.actions.tokens import TokenWish
from postroom.core.errors import (
    BadAttribute,
    BadCredentials,
    DomainDisabled,
    DomainNotFound,
    LinkDead,
    NoSecondaryEmail,
    NotSettable,
    PasswordReused,
    PasswordTooWeak,
    RoleTooSmall,
    TooManyRequests,
    WrongState,
)
from postroom.core.lifecycle import MailboxState
from postroom.core.roles import OPERATOR
from postroom.store.models import AdminRole, Company, History, Mailbox, OneTimeLink, OutgoingMail, Token
from tests import cast
from tests.links import code, letters, newest

HOME = "uma@home.example"
NEW, NEWER = "A-lamp-under-7-stairs", "B-lamp-over-8-stairs"
SENDERS = [mailbox_links.send_login_link, mailbox_links.reset_password]


@pytest.fixture
def uma(acme):
    change = PersonalChange(secondary_email=HOME)
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, change)


def send(actor=OPERATOR, at=None):
    mailbox_links.send_login_link(actor, cast.origin(at), cast.UMA)
    return code(HOME)


def reset(actor=OPERATOR):
    mailbox_links.reset_password(actor, cast.origin(), cast.UMA)


def redeem(link, password=NEW, at=None):
    return link_use.redeem(cast.origin(at), link, password)


def opens(password):
    try:
        return signin.by_password(cast.UMA, password, "", datetime.now(UTC).timestamp()).name == cast.UMA
    except BadCredentials:
        return False


# What is sent


def test_a_login_link_goes_to_the_other_address(uma):
    send()
    assert letters() == [(HOME, "Here is your login link")]


def test_a_login_link_changes_nothing_until_it_is_used(uma):
    link = send()
    assert opens(cast.PASSWORD)
    redeem(link)
    assert (opens(cast.PASSWORD), opens(NEW)) == (False, True)


def test_a_reset_ends_the_old_password_at_once(uma):
    reset()
    assert letters() == [(HOME, "Your password has been updated")]
    assert not opens(cast.PASSWORD)
    redeem(code(HOME))
    assert opens(NEW)


def test_a_reset_reaches_the_platform(uma):
    before = cast.row(cast.UMA).generation
    reset()
    assert cast.row(cast.UMA).generation == before + 1


def test_a_reset_ends_earlier_links(uma):
    link = send()
    reset()
    with pytest.raises(LinkDead):
        redeem(link)


def test_where_passwords_are_sent_the_new_one_opens_and_is_nowhere_plain(uma, settings):
    settings.SEND_PASSWORDS = True
    reset()
    lines = newest(HOME).text.splitlines()
    password = lines[lines.index("Temporary password") + 1].strip()
    assert opens(password)
    assert not OneTimeLink.objects.exists()
    kept = (list(Mailbox.objects.values_list()), list(History.objects.values_list()))
    assert password not in repr(kept)


def test_a_link_is_nowhere_plain(uma):
    link = send()
    kept = (list(OneTimeLink.objects.values_list()), list(History.objects.values_list()))
    assert link not in repr(kept)


def test_the_history_says_who_had_something_sent_to_where(uma):
    send()
    entry = History.objects.order_by("id").last()
    assert (entry.verb, entry.actor, entry.changes) == ("login link sent", "operator", {"sent_to": [None, HOME]})


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        (mailbox_links.reset_password, "Please add a secondary email before resetting the password."),
        (
            mailbox_links.send_login_link,
            "Logging in with a link requires a secondary email address. "
            "Please add a valid secondary email before trying again.",
        ),
    ],
)
@pytest.mark.parametrize("secondary", ["", cast.UMA])
def test_without_another_address_nothing_is_sent_and_nothing_reset(acme, sender, words, secondary):
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, PersonalChange(secondary_email=secondary))
    with pytest.raises(NoSecondaryEmail) as refused:
        sender(OPERATOR, cast.origin(), cast.UMA)
    assert str(refused.value) == words
    assert (letters(), opens(cast.PASSWORD)) == ([], True)


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("state", [MailboxState.PENDING, MailboxState.DISABLED, MailboxState.FAILED])
def test_nobody_is_let_in_where_nobody_gets_in(uma, sender, state):
    Mailbox.objects.filter(address=cast.UMA).update(status=state)
    with pytest.raises(WrongState):
        sender(OPERATOR, cast.origin(), cast.UMA)
    assert letters() == []


@pytest.mark.parametrize("sender", SENDERS)
def test_nothing_is_sent_for_a_domain_that_is_off(uma, sender):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    with pytest.raises(DomainDisabled):
        sender(OPERATOR, cast.origin(), cast.UMA)


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize(("who", "refusal"), [("VERA", RoleTooSmall), ("NORA", DomainNotFound)])
def test_it_takes_an_administrator(uma, sender, who, refusal):
    cast.people()
    with pytest.raises(refusal):
        sender(cast.person_actor(getattr(cast, who)), cast.origin(), cast.UMA)
    assert letters() == []


@pytest.mark.parametrize("sender", SENDERS)
def test_administrators_may(uma, sender):
    cast.people()
    sender(cast.person_actor(cast.ADAM), cast.origin(), cast.UMA)
    assert len(letters()) == 1


@pytest.mark.parametrize("sender", SENDERS)
def test_who_may_do_more_is_not_let_in_by_who_may_do_less(uma, sender):
    cast.people()
    company = Company.objects.get(name="acme")
    AdminRole.objects.create(mailbox=cast.row(cast.UMA), role="company", company=company, created_at=1)
    with pytest.raises(NotSettable):
        sender(cast.person_actor(cast.OLGA), cast.origin(), cast.UMA)
    assert (letters(), opens(cast.PASSWORD)) == ([], True)


def test_nobody_is_flooded(uma):
    for _ in range(5):
        send()
    with pytest.raises(TooManyRequests):
        send()
    assert len(letters()) == 5


def test_after_an_hour_there_may_be_more(uma):
    for _ in range(5):
        send()
    send(at=datetime.now(UTC) + timedelta(hours=1, minutes=1))
    assert len(letters()) == 6


def test_the_letter_is_in_the_askers_language(uma):
    cast.person(cast.OLGA, "owner", language="fr")
    send(cast.person_actor(cast.OLGA))
    assert newest(HOME).subject == "Voici votre lien de connexion"


def test_the_letter_is_in_the_holders_language_where_that_is_known(uma):
    cast.person(cast.OLGA, "owner", language="fr")
    holder = cast.person("uma@elsewhere.example", language="en")
    holder.mailbox = cast.row(cast.UMA)
    holder.save()
    send(cast.person_actor(cast.OLGA))
    assert newest(HOME).subject == "Here is your login link"


# What a link does


def test_looking_is_no_use(uma):
    link = send()
    for _ in range(10):
        seen = link_use.look(link, "192.0.2.1")
    assert (seen.address, seen.uses_left) == (cast.UMA, 3)


def test_a_link_can_be_used_so_many_times(uma):
    link = send()
    for number in range(3):
        redeem(link, f"{NEW}-{number}")
    with pytest.raises(LinkDead):
        redeem(link, NEWER)
    assert opens(f"{NEW}-2")


def test_how_often_and_how_long_is_the_operators_to_say(uma, settings):
    settings.LINK_USES, settings.LINK_SECONDS = 1, 7200
    link = send()
    redeem(link, at=datetime.now(UTC) + timedelta(seconds=7000))
    with pytest.raises(LinkDead):
        redeem(link, NEWER)


def test_a_link_dies_with_its_time(uma):
    link = send()
    with pytest.raises(LinkDead):
        redeem(link, at=datetime.now(UTC) + timedelta(seconds=3601))


@pytest.mark.parametrize("password", ["x", "", "uma-and-more-9", "with blank 99", "x" * 55, cast.PASSWORD])
def test_a_password_that_is_not_taken_is_no_use(uma, password):
    link = send()
    with pytest.raises(BadAttribute):
        redeem(link, password)
    assert link_use.look(link, "").uses_left == 3
    assert opens(cast.PASSWORD)


def test_the_domains_rules_hold(uma):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"password_strength": "strong"})
    with pytest.raises(PasswordTooWeak):
        redeem(send(), "horses12")


def test_an_old_password_is_not_taken_again(uma):
    link = send()
    redeem(link)
    with pytest.raises(PasswordReused):
        redeem(link)


def test_a_hash_is_no_password(uma):
    """Through a link a password comes as somebody typed it."""
    redeem(send(), "{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0")
    assert not opens(cast.PASSWORD)


def test_a_password_set_in_another_way_ends_the_link(uma):
    link = send()
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": NEW})
    with pytest.raises(LinkDead):
        redeem(link, NEWER)
    assert opens(NEW)


def test_a_password_set_by_one_link_ends_the_other(uma):
    first, second = send(), send()
    redeem(first)
    with pytest.raises(LinkDead):
        redeem(second, NEWER)


def test_a_password_that_is_stored_anew_does_not(uma):
    domains.change(
        OPERATOR, cast.origin(), cast.ACME, {"regen_passwords": True, "default_password_encoding": "SSHA512"}
    )
    redeem(send())
    link = send()
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"default_password_encoding": "SHA512-CRYPT"})
    before = cast.row(cast.UMA).password
    assert opens(NEW)
    assert cast.row(cast.UMA).password != before
    assert redeem(link, NEWER) == cast.UMA


@pytest.mark.parametrize("end", [mailbox_states.disable, mailbox_removal.delete])
def test_a_link_dies_with_its_mailbox(uma, end):
    link = send()
    end(OPERATOR, cast.origin(), cast.UMA)
    with pytest.raises(LinkDead):
        link_use.look(link, "")


def test_it_is_not_alive_again_when_the_mailbox_is(uma):
    link = send()
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    mailbox_states.enable(OPERATOR, cast.origin(), cast.UMA)
    with pytest.raises(LinkDead):
        redeem(link)


def test_it_opens_nothing_while_the_domain_is_off(uma):
    link = send()
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    with pytest.raises(LinkDead):
        redeem(link)


def test_a_link_goes_with_a_renamed_mailbox(uma):
    link = send()
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "una")
    assert redeem(link) == "una@acme.example"


def test_a_link_dies_when_the_other_address_was_not_the_holders(uma):
    link = send()
    change = PersonalChange(secondary_email="uma@right.example")
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, change)
    with pytest.raises(LinkDead):
        redeem(link)


def test_other_changes_of_the_holders_data_leave_it_alive(uma):
    link = send()
    change = PersonalChange(first_name="Ulla", last_name="Urban", secondary_email=HOME.upper())
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, change)
    assert redeem(link) == cast.UMA


def test_what_the_old_password_began_ends(uma):
    tokens.create(OPERATOR, cast.origin(), cast.UMA, TokenWish(seconds=60, reason="x", text="t" * 20))
    redeem(send())
    assert not Token.objects.exists()


def test_the_history_says_that_a_password_was_set(uma):
    redeem(send())
    entry = History.objects.order_by("id").last()
    assert (entry.actor, entry.changes) == (cast.UMA, {"password": ["(secret)", "(secret)"]})


DEAD = ["0" * 32, "", "x", "../../etc/passwd", "é" * 40, "x" * 10_000]


@pytest.mark.parametrize("unknown", DEAD)
def test_an_unknown_link_is_told_as_a_dead_one(acme, unknown):
    with pytest.raises(LinkDead) as on_look:
        link_use.look(unknown, "192.0.2.1")
    with pytest.raises(LinkDead) as on_use:
        redeem(unknown)
    assert str(on_look.value) == str(on_use.value) == LinkDead.message()


def test_who_guesses_at_links_has_to_wait(acme):
    for number in range(50):
        with pytest.raises(LinkDead):
            link_use.look(f"{number:032x}", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        link_use.look("f" * 32, "192.0.2.1")


def test_who_tries_passwords_without_end_has_to_wait(uma):
    link = send()
    for _ in range(20):
        with pytest.raises(BadAttribute):
            redeem(link, "x")
    with pytest.raises(TooManyRequests):
        redeem(link, NEW)


def test_held_mail_does_not_show_its_links_when_it_is_told(uma):
    link = send()
    assert link not in repr(list(OutgoingMail.objects.all()))
