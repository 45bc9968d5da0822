"""Platforms, work, drift, e-mails and programs, by their pages."""

import json

import pytest

from postroom.actions import oidc_clients
from postroom.actions.oidc_clients import ClientWish
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.faces.web.operator import words
from postroom.store import outgoing
from postroom.store.models import DriftRun, Job, Mailbox, OidcClient, OutgoingMail, Person, Platform
from postroom.store.outgoing import Mail
from postroom.worker import jobs, loop
from tests import cast
from tests.faces.web.operator.conftest import OTTO, Browser

HOUR = 3_600_000


def idle():
    loop.until_idle(lambda: loop.milliseconds() + 1000)


@pytest.fixture
def failing(otto):
    """Uma's mailbox was refused by the platform."""
    idle()
    later = loop.milliseconds() + HOUR
    Mailbox.objects.filter(address=cast.UMA).update(due_at=later, failure="the disk is <full>", attempts=3)
    return cast.row(cast.UMA)


class TestOverview:
    def test_all_is_well(self, otto):
        idle()
        assert "All is well" in otto.text("/operate/")

    def test_what_fails_is_told(self, otto, failing):
        text = otto.text("/operate/")
        assert "Something fails" in text and "1 not taken" in text

    def test_without_a_platform_the_way_to_one_is_shown(self, db):
        otto = Browser(cast.person(OTTO, is_operator=True).pk)
        assert "domains have nowhere to go" in otto.text("/operate/")


class TestWork:
    def test_why_something_waits_is_told(self, otto, failing):
        text = otto.text("/operate/work/", failed="1")
        assert f"{cast.UMA} fake" in text and "the disk is &lt;full&gt; 3 tries failed" in text

    def test_it_is_tried_again(self, otto, failing):
        answer = otto.post(f"/operate/work/mailbox/{failing.pk}/retry/", kind="mailbox", failed="1")
        assert answer["Location"] == "/operate/work/?kind=mailbox&failed=1"
        idle()
        assert cast.row(cast.UMA).failure == ""

    def test_all_of_it_is_tried_again(self, otto, failing):
        assert otto.told(otto.post("/operate/work/retry/", kind="mailbox")) == ["1 is tried again now."]

    def test_nothing_waits(self, otto):
        idle()
        assert "Nothing waits" in otto.text("/operate/work/")

    def test_nothing_has_failed(self, otto):
        assert "Nothing has failed" in otto.text("/operate/work/", failed="1")

    def test_jobs_are_called_by_what_they_do(self, otto):
        jobs.ensure_periodic(loop.milliseconds())
        assert "Comparing platforms with what should be" in otto.text("/operate/work/", kind="job")

    def test_a_job_is_done_now(self, otto):
        later = loop.milliseconds() + HOUR
        job = Job.objects.create(kind="purge", key="", due_at=later, failure="OSError", attempts=1)
        otto.post(f"/operate/work/job/{job.pk}/retry/", kind="job")
        assert Job.objects.get(pk=job.pk).due_at < later

    @pytest.mark.parametrize("kind", ["", "person"])
    def test_an_unknown_kind_is_refused(self, otto, kind):
        assert otto.post("/operate/work/retry/", kind=kind).status_code == 422

    def test_every_job_has_a_name(self):
        assert set(jobs.KINDS) == set(words.JOBS)


class TestDrift:
    def test_a_comparison_is_asked_for(self, otto):
        answer = otto.post("/operate/drift/")
        assert otto.told(answer) == ["The comparison begins as soon as a worker has time."]
        assert "A comparison begins as soon as a worker has time." in otto.text("/operate/drift/")

    def test_what_was_found_is_told(self, otto):
        idle()
        make("fake", {"path": ":memory:"}).command("reset", {})
        otto.post("/operate/drift/")
        idle()
        assert "domain acme.example is missing or different" in otto.text("/operate/drift/")

    def test_why_it_failed_is_told(self, otto):
        DriftRun.objects.create(started_at=1, failure="TemporaryFailure: gone")
        assert "Did not come to its end TemporaryFailure: gone" in otto.text("/operate/drift/")


class TestFrench:
    @pytest.fixture
    def reader(self, otto):
        Person.objects.filter(email=OTTO).update(language="fr")
        return otto

    def test_what_a_comparison_found(self, reader):
        idle()
        make("fake", {"path": ":memory:"}).command("reset", {})
        reader.post("/operate/drift/")
        idle()
        text = reader.text("/operate/drift/")
        assert ("le domaine acme.example manque ou est différent" in text, "is missing" in text) == (True, False)

    def test_why_a_comparison_failed(self, reader):
        DriftRun.objects.create(started_at=1, failure="TemporaryFailure: No answer within 20 seconds")
        assert "TemporaryFailure : Pas de réponse en 20 secondes" in reader.text("/operate/drift/")

    @pytest.mark.parametrize("path", ["/operate/work/", "/operate/platforms/fake/"])
    def test_why_something_waits(self, reader, failing, path):
        Mailbox.objects.filter(pk=failing.pk).update(failure="acme.example is not on the platform yet")
        assert "acme.example n’est pas encore sur la plateforme" in reader.text(path)

    def test_why_a_platform_does_not_answer(self, reader):
        make("fake", {"path": ":memory:"}).command("fail_next", {"operation": "domains"})
        told = reader.told(reader.post("/operate/platforms/fake/ask/"))
        assert "La plateforme a reçu l’ordre d’échouer" in told[0]

    def test_why_an_e_mail_did_not_leave(self, reader):
        mail = Mail(recipient="a@x.example", purpose="test", subject="Your link", text="…")
        outgoing.put([mail], loop.milliseconds())
        OutgoingMail.objects.update(status="failed", failure="the connection was lost: broken pipe")
        assert "la connexion a été perdue : broken pipe" in reader.text("/operate/e-mails/")

    def test_what_is_wrong_with_a_platforms_settings(self, reader):
        page = reader.post("/operate/new-platform/", name="second", driver="fake", settings="{}")
        assert "Les réglages d’une plateforme simulée demandent" in page.text

    def test_which_setting_of_a_platform_nobody_reads(self, reader):
        page = reader.post("/operate/platforms/fake/", settings='{"path": ":memory:", "nonsense": 1}')
        assert "Une plateforme « fake » n’a aucun réglage nommé nonsense" in page.text.replace("\xa0", " ")


class TestPlatforms:
    def test_one_is_added(self, otto):
        settings = json.dumps({"path": ":memory:"})
        answer = otto.post("/operate/new-platform/", name="second", driver="fake", settings=settings, is_default="on")
        assert answer["Location"] == "/operate/platforms/second/"
        assert Platform.objects.get(is_default=True).name == "second"

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": "a b"}, "name"),
            ({"name": "fake"}, "name"),
            ({"settings": "{"}, "settings"),
            ({"settings": "[]"}, "settings"),
            ({"settings": "{}"}, "settings"),
            ({"settings": '{"path": ":memory:", "nonsense": {}}'}, "settings"),
            ({"driver": "vapour"}, "driver"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, otto, given, field):
        good = {"name": "second", "driver": "fake", "settings": '{"path": ":memory:"}'}
        answer = otto.post("/operate/new-platform/", **{**good, **given})
        assert (answer.status_code in (409, 422), f'id="id_{field}_error"' in answer.text) == (True, True)
        assert Platform.objects.count() == 1

    def test_its_settings_are_changed(self, otto):
        otto.post("/operate/platforms/fake/", settings='{"path": ":memory:", "dns": {}}')
        assert Platform.objects.get().settings == {"path": ":memory:", "dns": {}}

    def test_it_answers(self, otto):
        assert otto.told(otto.post("/operate/platforms/fake/ask/")) == ["fake answers."]

    def test_it_does_not_answer(self, otto):
        make("fake", {"path": ":memory:"}).command("fail_next", {"operation": "domains", "reason": "out for lunch"})
        assert otto.told(otto.post("/operate/platforms/fake/ask/")) == ["fake does not answer: out for lunch"]

    def test_new_domains_go_there(self, otto):
        settings = json.dumps({"path": ":memory:"})
        otto.post("/operate/new-platform/", name="second", driver="fake", settings=settings)
        otto.post("/operate/platforms/second/default/")
        assert Platform.objects.get(is_default=True).name == "second"


class TestMails:
    @pytest.fixture
    def held(self, otto):
        mail = Mail(recipient="a@x.example", purpose="test", subject="Your link", text="https://secret.example/abc")
        outgoing.put([mail], loop.milliseconds())
        OutgoingMail.objects.update(status="held", due_at=None)

    def test_they_are_listed_without_what_they_say(self, otto, held):
        answer = otto.get("/operate/e-mails/")
        assert "Your link" in answer.text and "secret.example" not in answer.text

    def test_a_search_stays_within_the_state(self, otto, held):
        text = otto.get("/operate/e-mails/", status="held", page="1").text
        assert ('name="status" value="held"' in text, 'name="page"' in text) == (True, False)

    def test_one_state_alone(self, otto, held):
        assert "Nothing found" in otto.text("/operate/e-mails/", status="sent")

    def test_found_by_recipient(self, otto, held):
        assert "a@x.example" in otto.text("/operate/e-mails/", q="A@X")

    def test_what_is_held_is_sent(self, otto, held):
        assert otto.told(otto.post("/operate/e-mails/send/")) == ["1 e-mail is on its way."]
        assert OutgoingMail.objects.get().status == "due"

    def test_nothing_is_held(self, otto):
        assert otto.told(otto.post("/operate/e-mails/send/")) == ["Nothing was held."]


class TestPrograms:
    def test_one_is_added_and_its_secret_shown_once(self, otto):
        answer = otto.post(
            "/operate/programs/new/", client_id="webmail", name="Webmail", redirect_uris="https://a.example/b\n"
        )
        assert (answer.status_code, "it is shown this once" in answer.text) == (200, True)
        assert OidcClient.objects.get().redirect_uris == ["https://a.example/b"]

    def test_a_public_one_has_no_secret(self, otto):
        answer = otto.post(
            "/operate/programs/new/", client_id="app", name="App", redirect_uris="https://a.example/b", public="on"
        )
        assert otto.told(answer) == ["The program was added."]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"client_id": "x"}, "client_id"),
            ({"client_id": "taken"}, "client_id"),
            ({"name": ""}, "name"),
            ({"redirect_uris": " \n"}, "redirect_uris"),
            ({"redirect_uris": "http://a.example"}, "redirect_uris"),
            ({"logout_uris": "nowhere"}, "logout_uris"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, otto, given, field):
        wish = ClientWish(client_id="taken", name="Taken", redirect_uris=["https://a.example"])
        oidc_clients.add(OPERATOR, cast.origin(), wish)
        good = {"client_id": "webmail", "name": "Webmail", "redirect_uris": "https://a.example/b"}
        answer = otto.post("/operate/programs/new/", **{**good, **given})
        assert (answer.status_code in (409, 422), f'id="id_{field}_error"' in answer.text) == (True, True)
        assert OidcClient.objects.count() == 1

    def test_one_is_removed(self, otto):
        wish = ClientWish(client_id="webmail", name="Webmail", redirect_uris=["https://a.example"])
        oidc_clients.add(OPERATOR, cast.origin(), wish)
        otto.post("/operate/programs/webmail/remove/")
        assert not OidcClient.objects.exists()
