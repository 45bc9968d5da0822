"""2fa_required_oma: until accounts can have a second factor, requiring one closes the door for the password."""

from tests import cast
from tests.proofs import proves


@proves("2fa_required_oma")
def test_the_password_alone_no_longer_signs_in(alice, as_):
    alice.ok("change_user", user=cast.DORA, attributes={"2fa_required_oma": True})
    assert as_(cast.DORA).refused("authenticate") == 42


def test_a_password_that_was_remembered_is_no_way_round(alice, as_):
    dora = as_(cast.DORA)
    dora.ok("authenticate")
    alice.ok("change_user", user=cast.DORA, attributes={"2fa_required_oma": True})
    assert dora.refused("authenticate") == 42


def test_a_wrong_password_learns_nothing_of_it(alice, as_):
    alice.ok("change_user", user=cast.DORA, attributes={"2fa_required_oma": True})
    assert as_(cast.DORA, "wrong").refused("authenticate") == 1


def test_taken_back_the_password_is_enough_again(alice, as_):
    alice.ok("change_user", user=cast.DORA, attributes={"2fa_required_oma": True})
    alice.ok("change_user", user=cast.DORA, attributes={"2fa_required_oma": None})
    as_(cast.DORA).ok("authenticate")
