"""Links and welcomes at the same moment, in threads of their own."""

import pytest

from postroom.actions import link_use, mailbox_links, mailbox_states, person_mailboxes
from postroom.actions.person_mailboxes import PersonalChange, PersonalData
from postroom.core.errors import LinkDead, NamesakeExists
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox, OneTimeLink, OutgoingMail
from postroom.worker import loop, reconcile
from tests import cast
from tests.links import code
from tests.threads import MARK, at_once, shared_database

pytestmark = MARK
HOME = "ann@home.example"
ANN = "ann@acme.example"


@pytest.fixture
def shared(tmp_path):
    """A database that threads share, with Acme in it; its platform has everything."""
    with shared_database(tmp_path):
        cast.acme(str(tmp_path / "platform.sqlite3"))
        loop.until_idle()
        yield


def create(local_part="ann"):
    data = PersonalData(local_part=local_part, first_name="Ann", last_name="Miller", secondary_email=HOME)
    person_mailboxes.create(OPERATOR, cast.origin(), cast.ACME, data)


def test_however_many_workers_look_at_it_a_holder_is_welcomed_once(shared):
    create()
    id = Mailbox.objects.get(address=ANN).pk
    at_once(*[lambda: reconcile.mailbox(id, loop.milliseconds)] * 4)
    assert OutgoingMail.objects.filter(purpose="mailbox_welcome").count() == 1
    assert OneTimeLink.objects.count() == 1


def test_a_link_for_one_use_is_used_once(shared, settings):
    settings.LINK_USES = 1
    person_mailboxes.update(OPERATOR, cast.origin(), cast.UMA, PersonalChange(secondary_email=HOME))
    mailbox_links.send_login_link(OPERATOR, cast.origin(), cast.UMA)
    link = code(HOME)
    tries = [lambda n=n: link_use.redeem(cast.origin(), link, f"A-lamp-under-{n}-stairs") for n in range(4)]
    results = at_once(*tries)
    assert [type(r) for r in results if r != cast.UMA] == [LinkDead] * 3
    assert Mailbox.objects.get(address=cast.UMA).password != cast.HASH


def test_two_with_one_name_are_not_made_at_once(shared):
    results = at_once(lambda: create("ann"), lambda: create("anna"))
    assert sorted(type(result) for result in results if result is not None) == [NamesakeExists]
    assert Mailbox.objects.filter(last_name="Miller").count() == 1


def test_switched_off_and_on_at_once_it_is_one_of_both(shared):
    for _ in range(3):
        at_once(
            lambda: mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA),
            lambda: mailbox_states.enable(OPERATOR, cast.origin(), cast.UMA),
        )
    uma = Mailbox.objects.get(address=cast.UMA)
    assert uma.status in {"enabled", "disabled"}
    loop.until_idle()
    assert Mailbox.objects.get(address=cast.UMA).due_at is None
