from concurrent.futures import ThreadPoolExecutor

import pytest

from postroom.core.passwords.credential_cache import PROOFS_AN_ACCOUNT, CredentialCache

SECRET = b"s" * 32
HASH = "{BCRYPT}$2b$10$one"


@pytest.fixture
def cache():
    cache = CredentialCache(SECRET, lifetime=60, size=3)
    cache.remember(7, HASH, "right", now=100)
    return cache


@pytest.mark.parametrize("now", [100, 159.9])
def test_a_password_that_was_right_is_known_for_a_lifetime(cache, now):
    assert cache.knows(7, HASH, "right", now)


def test_it_is_not_known_any_longer(cache):
    assert not cache.knows(7, HASH, "right", 160)


def test_asking_does_not_prolong_it(cache):
    cache.knows(7, HASH, "right", 159)
    assert not cache.knows(7, HASH, "right", 161)


def test_being_right_again_prolongs_it(cache):
    cache.remember(7, HASH, "right", now=159)
    assert cache.knows(7, HASH, "right", 161)


@pytest.mark.parametrize(
    ("account", "stored", "plain"),
    [
        (8, HASH, "right"),
        (7, HASH + "x", "right"),
        (7, HASH, "wrong"),
        (7, HASH + "r", "ight"),
        (7, HASH, ""),
    ],
)
def test_nothing_else_is_known(cache, account, stored, plain):
    assert not cache.knows(account, stored, plain, 101)


def test_another_secret_makes_other_digests(cache):
    other = CredentialCache(b"t" * 32)
    assert other._digest(7, HASH, "right") != cache._digest(7, HASH, "right")


def test_a_forgotten_account_is_not_known(cache):
    cache.forget(7)
    assert not cache.knows(7, HASH, "right", 101)


def test_forgetting_the_unknown_does_no_harm(cache):
    cache.forget(99)
    assert cache.knows(7, HASH, "right", 101)


def test_an_account_may_have_several_passwords(cache):
    cache.remember(7, "{SSHA}app", "app", now=101)
    assert cache.knows(7, HASH, "right", 102)


def test_forgetting_an_account_forgets_all_its_passwords(cache):
    cache.remember(7, "{SSHA}app", "app", now=101)
    cache.forget(7)
    assert not cache.knows(7, "{SSHA}app", "app", 102)


def test_a_full_cache_drops_the_account_seen_right_longest_ago(cache):
    for account in (8, 9, 10):
        cache.remember(account, HASH, "right", now=101)
    assert not cache.knows(7, HASH, "right", 102)


def test_a_full_cache_keeps_the_others(cache):
    for account in (8, 9, 10):
        cache.remember(account, HASH, "right", now=101)
    assert all(cache.knows(account, HASH, "right", 102) for account in (8, 9, 10))


def test_an_account_seen_right_again_is_not_the_oldest(cache):
    cache.remember(8, HASH, "right", now=101)
    cache.remember(7, HASH, "right", now=102)
    cache.remember(9, HASH, "right", now=103)
    cache.remember(10, HASH, "right", now=104)
    assert cache.knows(7, HASH, "right", 105)


def test_an_account_has_a_bounded_number_of_proofs(cache):
    for number in range(50):
        cache.remember(7, HASH, f"right {number}", now=101)
    assert len(cache._accounts[7]) == PROOFS_AN_ACCOUNT


def test_what_is_over_does_not_stay_in_memory(cache):
    cache.remember(8, HASH, "right", now=200)
    assert list(cache._accounts) == [8]


def test_neither_password_nor_hash_is_kept(cache):
    assert not {b"right", HASH.encode()} & set(cache._accounts[7])


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 65])
def test_a_secret_of_poor_length_is_refused(secret):
    with pytest.raises(ValueError, match="16 to 64"):
        CredentialCache(secret)


def test_without_a_lifetime_nothing_is_known():
    cache = CredentialCache(SECRET, lifetime=0)
    cache.remember(1, "hash", "right", 0.0)
    assert not cache.knows(1, "hash", "right", 0.0)


@pytest.mark.parametrize(("lifetime", "size"), [(301, 1), (-1, 1), (60, 0)])
def test_bounds_are_refused_that_would_make_it_unsafe(lifetime, size):
    with pytest.raises(ValueError, match="lifetime"):
        CredentialCache(SECRET, lifetime, size)


def test_threads_may_share_it():
    cache = CredentialCache(SECRET, lifetime=60, size=5)

    def work(start):
        for number in range(500):
            cache.remember((start + number) % 9, HASH, "right", now=number)
            cache.knows(number % 9, HASH, "right", number)
            cache.forget(number % 4)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
