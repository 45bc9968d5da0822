"""A company whose platform is an Open-Xchange: from actions by the worker to its users."""

import pytest

from postroom.actions import contexts, domains, mailbox_removal
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Domain, Mailbox, Platform
from postroom.worker import drift, loop
from tests import cast

pytestmark = pytest.mark.processes


@pytest.fixture
def hosted(ox, db):
    """Acme, on an Open-Xchange that the worker has told everything."""
    cast.acme()
    settings = {name: value for name, value in ox.settings().items() if name != "moves"}
    Platform.objects.filter(is_default=True).update(driver="openxchange", settings=settings)
    work()
    return ox


def work():
    loop.until_idle(lambda: loop.milliseconds() + 1000)


def mend():
    return list(drift.mend(loop.milliseconds()))


def driver():
    platform = Platform.objects.get(is_default=True)
    return make(platform.driver, platform.settings)


def test_everybody_of_the_company_has_an_account(hosted):
    (id,) = [id for id, context in hosted.state["contexts"].items() if cast.ACME in context["mappings"]]

    assert {cast.DORA, cast.MAX, cast.UMA, cast.WES} <= set(hosted.users(id))


def test_nothing_differs_afterwards(hosted):
    assert mend() == []


def test_what_hands_have_changed_is_put_right(hosted):
    before = driver().observe_mailbox(cast.UMA)
    state = hosted.state
    for context in state["contexts"].values():
        for user in context["users"].values():
            user["mailenabled"] = "false" if user["email"] == cast.UMA else user["mailenabled"]
    hosted.state = state

    assert mend() == [f"mailbox {cast.UMA} is missing or different"]
    work()
    assert driver().observe_mailbox(cast.UMA) == before


def test_who_is_deleted_has_no_account(hosted):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    work()

    assert driver().observe_mailbox(cast.UMA) is None


def test_a_failure_is_kept_for_the_operator_and_tried_again(hosted):
    cast.mailbox("ann@acme.example")
    hosted.fail("createuser", exit=106, message="the database is away")
    loop.until_idle(loop.milliseconds)

    row = Mailbox.objects.get(address="ann@acme.example")
    assert (row.attempts, "the database is away" in row.failure) == (1, True)
    loop.until_idle(lambda: loop.milliseconds() + 3_600_000)
    assert driver().observe_mailbox("ann@acme.example").key == row.pk


class TestDirectories:
    @pytest.fixture
    def second(self, hosted):
        domains.change(OPERATOR, cast.origin(), "acme.eu", {"company": "acme"}, create_only=True)
        work()

    def contexts_of(self):
        return [driver().observe_domain(name).context_key for name in (cast.ACME, "acme.eu")]

    def test_each_domain_begins_in_one_of_its_own(self, second):
        assert len(set(self.contexts_of())) == 2

    def test_a_domain_without_users_is_moved(self, second):
        contexts.join(OPERATOR, cast.origin(), "acme.eu", cast.ACME)
        work()

        assert self.contexts_of() == [Domain.objects.get(name=cast.ACME).context_id] * 2
        assert mend() == []

    def test_a_domain_with_users_stays_and_the_operator_is_told(self, second):
        contexts.join(OPERATOR, cast.origin(), cast.ACME, "acme.eu")
        work()

        assert len(set(self.contexts_of())) == 2
        assert "cannot be moved" in Domain.objects.get(name=cast.ACME).failure
