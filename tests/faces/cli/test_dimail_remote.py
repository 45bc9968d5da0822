"""The operator's commands for a remote dimail, and for adding a platform."""

import pytest
from typer.testing import CliRunner

from postroom.faces.cli.main import app
from postroom.store.models import Mailbox, Platform
from postroom.worker import loop
from tests import cast
from tests.drivers.dimail.standin import PASSWORD, USER, StandIn
from tests.worker.remote_town import ANN, TOWN, add_platform, make_domain, make_mailbox

OLD = f"old@{TOWN}"


@pytest.fixture
def run(db):
    def run(*words, fails=False):
        result = CliRunner().invoke(app, list(words))
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())

    return run


@pytest.fixture
def there(db, tmp_path):
    there = StandIn()
    add_platform(there.url, tmp_path)
    make_domain()
    loop.until_idle()
    make_mailbox("ann")
    loop.until_idle()
    yield there
    there.close()


class TestAdding:
    def test_a_platform_is_added_with_its_settings(self, run, tmp_path):
        file = tmp_path / "password"
        said = run("platform", "add", "north", "dimail", "url=http://dimail:8000", "user=me", f"password_file={file}")
        assert said == "north is there."
        assert Platform.objects.get(name="north").settings["url"] == "http://dimail:8000"

    def test_the_first_one_gets_new_domains_and_a_later_default_takes_over(self, run):
        run("platform", "add", "one", "fake", "path=:memory:")
        run("platform", "add", "two", "fake", "path=:memory:")
        assert Platform.objects.get(is_default=True).name == "one"
        run("platform", "add", "three", "fake", "path=:memory:", "--default")
        assert Platform.objects.get(is_default=True).name == "three"

    @pytest.mark.parametrize(
        "words",
        [
            ("a b", "fake", "path=:memory:"),
            ("north", "nobody"),
            ("north", "dimail", "url=http://dimail"),
            ("north", "fake", "path"),
            ("taken", "fake", "path=:memory:"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, run, words):
        run("platform", "add", "taken", "fake", "path=:memory:")
        run("platform", "add", *words, fails=True)
        assert list(Platform.objects.values_list("name", flat=True)) == ["taken"]


class TestSync:
    def test_looking_shows_and_changes_nothing(self, run, there):
        there.person(OLD, "Olga", "Petit")
        assert run("dimail", "sync", "--look") == f"{TOWN}: mailbox {OLD} was made there 1 difference."
        assert not Mailbox.objects.filter(address=OLD).exists()

    def test_both_ways(self, run, there):
        there.person(OLD, "Olga", "Petit")
        del there.mailboxes[ANN]
        assert "2 differences" in run("dimail", "sync", TOWN)
        loop.until_idle()
        assert set(there.mailboxes) == {ANN, OLD} == {cast.row(OLD).address, cast.row(ANN).address}

    def test_an_import_tells_nothing(self, run, there):
        there.person(OLD, "Olga", "Petit")
        del there.mailboxes[ANN]
        assert "1 difference." in run("dimail", "import", TOWN)
        loop.until_idle()
        assert set(there.mailboxes) == {OLD}

    def test_a_domain_that_is_not_there_is_named(self, run, there):
        assert "there is no domain other.example" in run("dimail", "import", "other.example", fails=True)

    def test_a_dimail_that_is_away_is_named(self, run, there):
        there.fail("GET /domains/", 503, times=9)
        assert "status 503" in run("dimail", "sync", fails=True)


class TestFilling:
    def test_everything_is_told_again_and_nothing_made_twice(self, run, there):
        assert "1 domains and 1 mailboxes, of which 0 were not taken." in run("dimail", "setup-db")
        assert sum(call.startswith("POST /domains") for call in there.calls) == 3  # domain, mailbox, code: as before

    def test_what_is_not_taken_is_named(self, run, there):
        there.foreign.add(TOWN)
        said = run("dimail", "setup-db", fails=True)
        assert f"{TOWN}: dimail refuses" in said

    def test_a_real_one_is_not_emptied(self, run, there):
        assert "not in FAKE mode" in run("dimail", "recreate", fails=True)
        assert ANN in there.mailboxes

    def test_without_a_dimail_there_is_nothing_to_do(self, run):
        assert "there is no platform with the driver dimail" in run("dimail", "setup-db", fails=True)

    def test_of_several_one_must_be_named(self, run, there, tmp_path):
        settings = ("url=http://127.0.0.1:9", f"user={USER}", f"password_file={tmp_path / 'password'}")
        run("platform", "add", "second", "dimail", *settings)
        assert "say which of remote, second" in run("dimail", "recreate", fails=True)
        assert "does not answer" in run("dimail", "recreate", "--platform", "second", fails=True)


def test_no_command_shows_the_password(run, there):
    said = run("platform", "list") + run("dimail", "sync") + run("dimail", "setup-db")
    assert PASSWORD not in said
