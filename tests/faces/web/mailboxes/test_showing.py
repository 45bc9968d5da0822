"""The pages of one mailbox."""

import pytest

from postroom.actions import aliases, mailbox_states, mailboxes, person_mailboxes
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Mailbox, MailUsage
from postroom.worker import loop
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, toasts

pytestmark = pytest.mark.django_db


def uma(browser):
    return browser.get("mailboxes/uma/")


def set_of_uma(**attributes):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, attributes)


def test_the_storage_is_shown_with_its_limit(adam):
    set_of_uma(quota=1000)
    MailUsage.objects.create(mailbox=cast.row(cast.UMA), bytes=950 * 2**20, messages=3, full=False, at=1)
    page = uma(adam)
    assert (page.context["storage"].percent, page.context["storage"].is_tight) == (95, True)
    assert "Nearly full" in page.text


def test_where_the_domain_allows_less_that_is_the_limit(adam):
    from postroom.actions import domains

    set_of_uma(quota=1000)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"quota_maximum": 500})
    assert mailboxes.show(OPERATOR, cast.UMA).quota_in_force == 500 * 2**20


def test_forwarding_is_shown(adam):
    set_of_uma(delivery_forward=True, forward_recipients=["joe@home.example"])
    assert "joe@home.example" in uma(adam).text


def test_the_services_are_shown_with_their_state(adam):
    set_of_uma(service_imap4="suspended")
    service = next(one for one in uma(adam).context["services"] if one.name == "service_imap4")
    assert (service.value, service.kind) == ("Suspended", "bad")


def test_why_it_failed_is_shown_with_a_way_to_try_again(adam):
    Mailbox.objects.filter(address=cast.UMA).update(status="failed", failure="no such context", due_at=2**50)
    text = uma(adam).text
    assert "no such context" in text
    assert "/mailboxes/uma/retry/" in text


@pytest.fixture
def refused(people):
    """Zoé's mailbox, by the simulated platform."""
    loop.until_idle(loop.milliseconds)
    make("fake", {"path": ":memory:"}).command("fail_next", {"operation": "put_mailbox", "kind": "permanent"})
    data = PersonalData(local_part="zoe", first_name="Zoé", last_name="Martin")
    person_mailboxes.create(OPERATOR, cast.origin(), cast.ACME, data)
    loop.until_idle(loop.milliseconds)


@pytest.mark.parametrize("path", ["mailboxes/zoe/", "mailboxes/zoe/history/"])
def test_why_it_failed_is_told_in_french(refused, path):
    text = Browser(cast.ADAM, "fr").get(path).text
    assert ("La plateforme a reçu l’ordre d’échouer" in text, "told to fail" in text) == (True, False)


@pytest.mark.parametrize("path", ["mailboxes/zoe/", "mailboxes/zoe/history/"])
def test_why_it_failed_is_told_in_english(refused, path):
    assert "The platform was told to fail" in Browser(cast.ADAM).get(path).text


def test_what_a_server_said_is_marked_as_no_french(people):
    Mailbox.objects.filter(address=cast.UMA).update(status="failed", failure="no <such> context", due_at=2**50)
    assert '<q><span lang="en">no &lt;such&gt; context</span></q>' in uma(Browser(cast.ADAM, "fr")).text


def test_aliases_that_lead_there_are_shown(adam):
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "info", cast.UMA)
    assert 'href="/domains/acme.example/aliases/info/"' in uma(adam).text


def test_when_somebody_signed_in_is_shown(adam):
    Mailbox.objects.filter(address=cast.UMA).update(last_sign_ins={"imap4": 1_700_000_000_000})
    assert [where for where, _ in uma(adam).context["sign_ins"]] == ["Mail program (IMAP)"]


def test_that_nobody_was_told_is_shown(adam):
    data = PersonalData(local_part="zoe", first_name="Zoé", last_name="Martin")
    person_mailboxes.create(OPERATOR, cast.origin(), cast.ACME, data)
    assert "Nobody has been told of this mailbox" in adam.get("mailboxes/zoe/").text


def test_a_disabled_one_says_what_that_means(adam):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    assert "It gets no mail, and nobody can sign in." in uma(adam).text


def test_one_that_is_not_there_is_not_found(adam):
    assert adam.get("mailboxes/nobody/").status_code == 404


def test_a_stranger_does_not_learn_whether_it_exists(people):
    nora = Browser(cast.NORA)
    assert {nora.get(f"mailboxes/{name}/").status_code for name in ("uma", "nobody")} == {404}


def test_a_viewer_sees_it_and_is_offered_nothing(vera):
    page = uma(vera)
    assert (page.status_code, page.context["steps"]) == (200, [])
    assert "Change name" not in page.text


def test_the_history_tells_what_happened(adam):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    assert adam.get("mailboxes/uma/history/").context["entries"][0].verb == "Disabled"


def test_settings_are_changed_by_subject(adam):
    page = adam.get("mailboxes/uma/settings/")
    form = next(one.form for one in page.context["sections"] if one.key == "spam")
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)} | {"group": "spam"}
    page = adam.post("mailboxes/uma/settings/", **{**sent, "spamlevel": "High"})
    assert (cast.row(cast.UMA).settings["spamlevel"], toasts(page)) == ("High", ["The settings were saved."])


def test_a_viewer_changes_no_setting(vera):
    page = vera.get("mailboxes/uma/settings/")
    assert [one.key for one in page.context["sections"] if one.can_change] == []


@pytest.mark.parametrize("path", ["", "settings/", "history/"])
def test_the_pages_are_small(adam, path):
    assert len(adam.get(f"mailboxes/uma/{path}").content) < 100_000
