from postroom.core.passwords.repeats import Repeats


def test_the_first_guess_is_new():
    assert Repeats().is_new("uma", "guess")


def test_the_same_guess_is_not():
    repeats = Repeats()
    repeats.is_new("uma", "guess")
    assert not repeats.is_new("uma", "guess")


def test_the_same_guess_at_another_account_is_new():
    repeats = Repeats()
    repeats.is_new("uma", "guess")
    assert repeats.is_new("max", "guess")
    assert repeats.is_new("um", "aguess")


def test_it_remembers_so_many_and_the_oldest_goes_first():
    repeats = Repeats(size=2)
    for secret in ("one", "two", "one", "three"):
        repeats.is_new("uma", secret)
    assert [repeats.is_new("uma", secret) for secret in ("one", "three")] == [False, False]
    assert repeats.is_new("uma", "two")


def test_it_keeps_no_guess():
    repeats = Repeats()
    repeats.is_new("uma", "guess-my-name")
    assert "guess-my-name" not in repr(vars(repeats))
