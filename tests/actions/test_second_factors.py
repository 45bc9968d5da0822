"""Authenticators, recovery codes and passkeys: set up, asked for, taken away."""

from datetime import UTC, datetime, timedelta

import msgspec
import pyotp
import pytest

from postroom.actions import mailboxes, passkeys, person_accounts, person_signin, persons, second_factors
from postroom.actions.passkeys import Site
from postroom.core.errors import (
    AccountDisabled,
    BadCredentials,
    BadRequest,
    NotFound,
    OutOfReach,
    TooManyAttempts,
    WrongState,
)
from postroom.core.roles import OPERATOR, Narrowing
from postroom.store.models import History, Passkey, Person, RecoveryCode
from tests import cast
from tests.authenticator import Authenticator

PASSWORD = "Zebra-quilt-marmot-42"
OLGA = "olga@people.test"
SITE = Site("post.example", "https://post.example")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def olga(acme):
    return person_accounts.add(OPERATOR, cast.origin(), OLGA, password=PASSWORD)


@pytest.fixture
def me(olga):
    return persons.actor(olga)


@pytest.fixture
def secret(me):
    """Olga has an authenticator since noon."""
    secret = second_factors.begin_totp(me).secret
    second_factors.confirm_totp(me, cast.origin(NOON), secret, code(secret, NOON))
    return secret


def code(secret, at):
    return pyotp.TOTP(secret).at(at)


def later(seconds):
    return NOON + timedelta(seconds=seconds)


def check(olga, text, at):
    return second_factors.check_code(cast.origin(at), olga, text)


def first_step():
    return person_signin.by_password(cast.origin(), OLGA, PASSWORD)


# --- authenticators ---


def test_without_a_second_factor_the_password_is_enough(olga):
    assert first_step().still == ()


def test_with_an_authenticator_the_password_is_not_enough(secret):
    assert first_step().still == ("totp", "recovery_code")


def test_its_code_opens(olga, secret):
    assert check(olga, code(secret, later(60)), later(60)) == "otp"


def test_the_code_that_confirmed_it_opens_nothing_more(olga, secret):
    with pytest.raises(BadCredentials):
        check(olga, code(secret, NOON), later(5))


def test_a_code_opens_once(olga, secret):
    check(olga, code(secret, later(60)), later(60))
    with pytest.raises(BadCredentials):
        check(olga, code(secret, later(60)), later(61))


def test_a_wrong_first_code_sets_nothing_up(me):
    made = second_factors.begin_totp(me)
    with pytest.raises(BadRequest):
        second_factors.confirm_totp(me, cast.origin(NOON), made.secret, "000000")
    assert not second_factors.show(me).totp


def test_there_is_one_authenticator(me, secret):
    with pytest.raises(WrongState):
        second_factors.begin_totp(me)


def test_the_secret_is_not_readable_in_the_database(secret):
    assert secret not in Person.objects.get().totp


def test_the_secret_is_in_no_history_and_in_no_repr(me, secret):
    assert secret not in repr(list(History.objects.values_list()))
    second_factors.remove_totp(me, cast.origin())
    made = second_factors.begin_totp(me)
    assert made.secret not in repr(made)


def test_guessing_codes_takes_ever_longer(olga, secret):
    for _ in range(6):
        with pytest.raises(BadCredentials):
            check(olga, "000000", later(60))
    with pytest.raises(TooManyAttempts):
        check(olga, code(secret, later(60)), later(60))


def test_a_right_password_does_not_forgive_wrong_codes(olga, secret):
    for _ in range(6):
        first_step()
        with pytest.raises(BadCredentials):
            check(olga, "000000", datetime.now(UTC))
    with pytest.raises(TooManyAttempts):
        check(olga, code(secret, datetime.now(UTC)), datetime.now(UTC))


def test_without_an_authenticator_no_code_opens(olga):
    with pytest.raises(BadCredentials):
        check(olga, "123456", NOON)


def test_removed_it_is_asked_for_no_more(me, secret):
    second_factors.remove_totp(me, cast.origin())
    assert first_step().still == ()


def test_recovery_codes_go_with_the_last_factor(me, secret):
    second_factors.remove_totp(me, cast.origin())
    assert not RecoveryCode.objects.exists()


def test_what_is_not_there_cannot_be_removed(me):
    with pytest.raises(NotFound):
        second_factors.remove_totp(me, cast.origin())


def test_it_is_asked_for_after_the_identity_provider_too(secret):
    from postroom.core.identity import Identity

    passed = person_signin.by_identity(cast.origin(), Identity(sub="s-1", email=OLGA))
    assert passed.still == ("totp", "recovery_code")


# --- recovery codes ---


@pytest.fixture
def codes(me, secret):
    return second_factors.new_recovery_codes(me, cast.origin())


def test_the_first_factor_brings_ten_codes(me):
    secret = second_factors.begin_totp(me).secret
    made = second_factors.confirm_totp(me, cast.origin(NOON), secret, code(secret, NOON))
    assert (len(set(made)), second_factors.show(me).recovery_codes) == (10, 10)


@pytest.mark.parametrize("typed", [str, str.upper, lambda c: c.replace("-", ""), lambda c: c.replace("-", " ")])
def test_a_recovery_code_opens_however_it_is_typed(olga, codes, typed):
    assert check(olga, typed(codes[0]), NOON) == "recovery"


def test_a_recovery_code_opens_once(olga, codes):
    check(olga, codes[0], NOON)
    with pytest.raises(BadCredentials):
        check(olga, codes[0], NOON)


def test_a_used_one_is_counted_and_noted(me, olga, codes):
    check(olga, codes[0], NOON)
    assert second_factors.show(me).recovery_codes == 9
    assert "recovery_codes" in History.objects.filter(kind="person").last().changes


def test_new_codes_replace_the_old(me, olga, codes):
    second_factors.new_recovery_codes(me, cast.origin())
    with pytest.raises(BadCredentials):
        check(olga, codes[0], NOON)


def test_somebody_elses_code_opens_nothing(olga, codes):
    other = person_accounts.add(OPERATOR, cast.origin(), "adam@people.test", password=PASSWORD)
    with pytest.raises(BadCredentials):
        check(other, codes[0], NOON)


def test_codes_are_stored_as_hashes(codes):
    stored = set(RecoveryCode.objects.values_list("hash", flat=True))
    assert not stored & set(codes) and all(len(one) == 64 for one in stored)


def test_codes_are_in_no_history(codes):
    everything = repr(list(History.objects.values_list()))
    assert [one for one in codes if one in everything] == []


def test_without_a_factor_there_is_nothing_to_recover(me):
    with pytest.raises(WrongState):
        second_factors.new_recovery_codes(me, cast.origin())


@pytest.mark.parametrize(
    "act",
    [
        second_factors.begin_totp,
        lambda key: second_factors.confirm_totp(key, cast.origin(), "A" * 32, "123456"),
        lambda key: second_factors.remove_totp(key, cast.origin()),
        lambda key: second_factors.new_recovery_codes(key, cast.origin()),
        lambda key: second_factors.remove_passkey(key, cast.origin(), 1),
        lambda key: passkeys.begin_making(key, SITE),
        lambda key: passkeys.make(key, cast.origin(), SITE, "", {}, "x"),
        lambda key: persons.end_sessions(key, cast.origin()),
        lambda key: persons.change_password(key, cast.origin(), PASSWORD, PASSWORD),
    ],
)
def test_an_api_key_changes_nothing_of_what_opens_the_account(me, secret, act):
    with pytest.raises(OutOfReach):
        act(msgspec.structs.replace(me, narrowing=Narrowing()))


# --- passkeys ---


def make(me, device, name="Key", site=SITE):
    begun = passkeys.begin_making(me, site)
    return passkeys.make(me, cast.origin(), site, begun.challenge, device.make(begun.options), name)


def show(device, person_id=None, site=SITE, challenge=""):
    begun = passkeys.begin_showing(site, person_id)
    credential = device.show(begun.options)
    return passkeys.show(cast.origin(), site, challenge or begun.challenge, credential, person_id)


@pytest.fixture
def device(me):
    device = Authenticator(SITE.origin)
    make(me, device)
    return device


def test_a_passkey_is_a_second_factor(device):
    assert first_step().still == ("passkey", "recovery_code")


def test_the_first_passkey_brings_recovery_codes(me):
    made, codes = make(me, Authenticator(SITE.origin), "Telephone")
    assert (made.name, len(codes)) == ("Telephone", 10)


def test_it_opens_as_the_second_step(olga, device):
    assert show(device, olga).person_id == olga


def test_it_opens_alone(olga, device):
    passed = show(device)
    assert (passed.person_id, passed.still) == (olga, ())


def test_alone_it_must_have_checked_who_is_there(me, olga):
    device = Authenticator(SITE.origin, verifies=False)
    make(me, device)
    with pytest.raises(BadCredentials):
        show(device)
    assert show(device, olga).person_id == olga


def test_somebody_elses_passkey_is_no_second_step(device):
    other = person_accounts.add(OPERATOR, cast.origin(), "adam@people.test", password=PASSWORD)
    with pytest.raises(BadCredentials):
        show(device, other)


def test_the_answer_to_another_challenge_opens_nothing(device):
    with pytest.raises(BadCredentials):
        show(device, challenge="AAAAAAAAAAAAAAAAAAAAAA")


def test_a_page_elsewhere_gets_nothing_that_opens(olga, device):
    device.origin = "https://post.example.evil.example"
    with pytest.raises(BadCredentials):
        show(device, olga)


def test_a_copied_device_is_noticed_by_its_count(olga, device):
    show(device, olga)
    show(device, olga)
    device.count = 0
    with pytest.raises(BadCredentials):
        show(device, olga)


def test_an_unknown_device_opens_nothing(me):
    with pytest.raises(BadCredentials):
        show(Authenticator(SITE.origin))


@pytest.mark.parametrize("credential", [{}, {"id": "x"}, {"id": 5, "response": []}, {"id": "x", "response": {"a": 1}}])
def test_what_is_no_credential_opens_nothing(device, credential):
    with pytest.raises(BadCredentials):
        passkeys.show(cast.origin(), SITE, "AAAA", credential, None)


@pytest.mark.parametrize("credential", [{}, {"id": "x"}, {"id": 5, "response": []}, {"response": {"transports": 5}}])
def test_what_is_no_new_credential_is_refused(me, credential):
    with pytest.raises(BadRequest):
        passkeys.make(me, cast.origin(), SITE, "AAAA", credential, "Key")
    assert not Passkey.objects.exists()


def test_a_known_device_is_not_kept_twice(me, device):
    with pytest.raises(BadRequest):
        make(me, device)


def test_making_one_names_those_that_there_are(me, device):
    from tests.authenticator import b64

    excluded = passkeys.begin_making(me, SITE).options["excludeCredentials"]
    assert [one["id"] for one in excluded] == [b64(device.id)]


def test_transports_that_nobody_knows_are_left_out(device):
    assert Passkey.objects.get().transports == ["internal"]


def test_its_use_is_seen(me, olga, device):
    show(device, olga)
    assert second_factors.show(me).passkeys[0].last_used_at is not None


def test_removed_it_opens_no_more(me, device):
    second_factors.remove_passkey(me, cast.origin(), second_factors.show(me).passkeys[0].id)
    with pytest.raises(BadCredentials):
        show(device)


def test_somebody_elses_passkey_cannot_be_removed(me, device):
    other = persons.actor(person_accounts.add(OPERATOR, cast.origin(), "adam@people.test", password=PASSWORD))
    with pytest.raises(NotFound):
        second_factors.remove_passkey(other, cast.origin(), second_factors.show(me).passkeys[0].id)


def test_a_disabled_persons_passkey_opens_nothing(device):
    person_accounts.disable(OPERATOR, cast.origin(), OLGA)
    with pytest.raises(AccountDisabled):
        show(device)


def test_a_holders_passkey_opens_nothing_while_the_mailbox_is_disabled(acme):
    passed = person_signin.by_password(cast.origin(), cast.UMA, cast.PASSWORD)
    device = Authenticator(SITE.origin)
    make(persons.actor(passed.person_id), device)
    type(cast.row(cast.UMA)).objects.filter(address=cast.UMA).update(status="disabled")
    with pytest.raises(AccountDisabled):
        show(device)


# --- a holder who lost the telephone ---


@pytest.fixture
def umas(acme):
    """Uma, who has an authenticator and a passkey."""
    passed = person_signin.by_password(cast.origin(), cast.UMA, cast.PASSWORD)
    uma = persons.actor(passed.person_id)
    make(uma, Authenticator(SITE.origin))
    secret = second_factors.begin_totp(uma).secret
    second_factors.confirm_totp(uma, cast.origin(NOON), secret, code(secret, NOON))
    return uma


@pytest.mark.parametrize("who", [cast.ALICE, cast.DORA, cast.MAX])
def test_who_manages_the_mailbox_removes_them(umas, who):
    second_factors.remove_of_mailbox(cast.actor(who), cast.origin(), cast.UMA)
    assert person_signin.by_password(cast.origin(), cast.UMA, cast.PASSWORD).still == ()


def test_that_ends_the_holders_sessions_and_is_in_the_mailboxs_history(umas):
    second_factors.remove_of_mailbox(cast.actor(cast.DORA), cast.origin(), cast.UMA)
    assert Person.objects.get().sessions_from > 0
    assert History.objects.filter(kind="mailbox", name=cast.UMA).last().changes == {
        "second_factors": [["totp", "Key"], []]
    }


@pytest.mark.parametrize("who", [cast.WES, cast.UMA])
def test_others_do_not(umas, who):
    with pytest.raises(OutOfReach):
        second_factors.remove_of_mailbox(cast.actor(who), cast.origin(), cast.UMA)
    assert Person.objects.get().totp


def test_where_there_is_none_nothing_happens(acme):
    before = History.objects.count()
    second_factors.remove_of_mailbox(cast.actor(cast.DORA), cast.origin(), cast.UMA)
    assert History.objects.count() == before


def test_a_requirement_stays(umas):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"2fa_required_oma": True})
    second_factors.remove_of_mailbox(cast.actor(cast.DORA), cast.origin(), cast.UMA)
    assert cast.row(cast.UMA).settings["2fa_required_oma"] is True
