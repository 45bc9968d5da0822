import functools

import pytest

from postroom.actions import dimail_accounts, setup
from postroom.actions.dimail_accounts import OPERATORS, AccountWish
from postroom.core import dkim
from postroom.core.dkim import new_key
from postroom.core.passwords import schemes
from postroom.core.passwords.methods import Costs
from postroom.worker import reconcile
from tests import cast
from tests.faces.dimail.client import ROOT, Dimail

SECRET = "only-for-tests-and-long-enough-for-hs256"
REGIE = "la_regie"


@functools.cache
def _key() -> str:
    return new_key(1024)


@pytest.fixture(autouse=True)
def _quick_and_signed(settings, monkeypatch):
    """Passwords and keys cost nothing here; tokens are signed."""
    settings.DIMAIL_JWT_SECRET = SECRET
    monkeypatch.setattr(dkim, "new_key", _key)
    encode = schemes.encode
    cheap = Costs(argon2_passes=1, argon2_kib=8)
    monkeypatch.setattr(schemes, "encode", lambda plain, scheme, cost=cheap: encode(plain, scheme, cost=cheap))


def account(name: str, *perms: str, is_admin: bool = False) -> Dimail:
    wish = AccountWish(name=name, password=cast.PASSWORD, is_admin=is_admin, perms=perms)
    dimail_accounts.add(OPERATORS, cast.origin(), wish)
    return Dimail(name)


@pytest.fixture
def platform(db):
    setup.add_platform(cast.origin(), "fake", "fake", {"path": ":memory:"})


@pytest.fixture
def nobody(platform) -> Dimail:
    """Says nothing about itself."""
    return Dimail()


@pytest.fixture
def root(platform) -> Dimail:
    """An administrator."""
    return account(ROOT, is_admin=True)


@pytest.fixture
def regie(root) -> Dimail:
    """People's own account."""
    return account(REGIE, "new_domain", "create_users", "manage_users")


@pytest.fixture
def plain(root) -> Dimail:
    """An account that may nothing yet."""
    return account("plain")


def applied(name: str) -> None:
    """The worker has told the platform of the domain."""
    from postroom.store.models import Domain

    reconcile.domain(Domain.objects.get(name=name, deleted_at=None).pk, lambda: 2**42)


@pytest.fixture
def people(regie) -> Dimail:
    """People's account with a token, and a domain of its own that is enabled."""
    hosted(regie, cast.ACME)
    return regie.with_token()


def hosted(maker: Dimail, name: str, *features: str, context: str = "") -> None:
    """A domain that its check has found right."""
    wish = {"name": name, "features": features or ["webmail", "mailbox", "alias"], "context_name": context or name}
    made = maker.post("/domains/", wish)
    assert made.status == 201, made
    applied(name)
    assert maker.get(f"/domains/{name}/check").json["state"] == "ok"
