"""A mailbox that is changed while its domain or company is: what mail servers read ends up as both want it."""

import pytest

from postroom.actions import companies, domains, mailboxes, setup
from postroom.core.roles import OPERATOR
from postroom.store import projection, rows
from postroom.store.models import Mailbox, MailLogin
from postroom.worker import jobs
from tests import cast
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK
_LATER = 4_000_000_000_000


@pytest.fixture
def shared(tmp_path):
    with shared_database(tmp_path):
        projection.forget_everything()
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        yield


def spread():
    while jobs.run_one(lambda: _LATER):
        pass


def change_and_spread(action, name, **attributes):
    def run():
        action(OPERATOR, cast.origin(), name, attributes)
        spread()

    return run


def change(address, **attributes):
    return lambda: mailboxes.change(OPERATOR, cast.origin(), address, attributes)


def in_step():
    """Nothing is different when every mailbox is written anew."""
    return not any(
        projection.put_mailbox(rows.mailbox_by_id(id)) for id in Mailbox.objects.values_list("id", flat=True)
    )


@pytest.mark.parametrize("round", range(6))
def test_a_domains_change_reaches_a_mailbox_that_changes_too(shared, round):
    at_once(
        change_and_spread(domains.change, cast.ACME, spamtag=f"[{round}]"),
        *(change(address, name=f"Somebody {round}") for address in (cast.UMA, cast.MAX, cast.DORA)),
    )
    spread()
    assert in_step()


@pytest.mark.parametrize("round", range(6))
def test_a_companys_change_reaches_a_mailbox_that_changes_too(shared, round):
    at_once(
        change_and_spread(companies.change, "acme", spamlevel="High", block=[f"*@n{round}.example"]),
        *(change(address, spamtag=f"[{round}]") for address in (cast.UMA, cast.MAX, cast.DORA)),
    )
    spread()
    assert in_step()


def test_a_mailbox_is_made_while_its_domain_changes(shared):
    at_once(
        change_and_spread(domains.change, cast.ACME, spamtag="[x]"),
        *(lambda n=n: cast.mailbox(f"new{n}@acme.example") for n in range(4)),
    )
    spread()
    assert in_step() and set(MailLogin.objects.filter(login__startswith="new").values_list("spam_tag")) == {("[x]",)}
