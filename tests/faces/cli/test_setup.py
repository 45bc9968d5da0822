"""`postroom bootstrap` and `check`: from nothing to a company."""

import pytest
from typer.testing import CliRunner

from postroom import checks
from postroom.faces.cli.main import app
from postroom.store.models import Company, Platform

pytestmark = pytest.mark.django_db

PASSWORD = "Zebra-quilt-marmot-42"


@pytest.fixture
def run(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    def call(*words, typed=f"{PASSWORD}\n"):
        result = CliRunner().invoke(app, words, input=typed)
        return result.exit_code, result.output

    return call


def ids():
    return {problem.id for problem in checks.problems()}


def platforms():
    return list(Platform.objects.order_by("name").values_list("name", "is_default"))


def test_without_mail_servers_they_are_pretended_and_it_says_so(run):
    assert "pretended" in run("bootstrap", "acme")[1]
    assert platforms() == [("fake", True)]


def test_mail_servers_that_are_there_stay_the_only_ones(run):
    Platform.objects.create(name="real", driver="mailstack", settings={}, is_default=True, created_at=1)
    assert run("bootstrap", "acme") == (0, "Company acme is there; admin@acme.adm may do everything in it.\n")
    assert platforms() == [("real", True)]


def test_the_password_is_a_line_of_what_is_piped_in(run):
    assert PASSWORD not in run("bootstrap", "acme")[1]


def test_a_weak_password_makes_no_company(run):
    code, said = run("bootstrap", "acme", typed="short\n")
    assert (code, "password: " in said, Company.objects.exists()) == (1, True, False)


@pytest.mark.parametrize(("driver", "for_developers", "is_told"),
                         [("fake", False, True), ("fake", True, False), ("mailstack", False, False)])  # fmt: skip
def test_a_pretended_platform_for_real_domains_is_found(settings, driver, for_developers, is_told):
    settings.FAKE_CONTROL = for_developers
    Platform.objects.create(name="first", driver=driver, settings={}, is_default=True, created_at=1)
    assert ("P012" in ids()) is is_told


@pytest.mark.parametrize(("driver", "is_told"), [("fake", True), ("mailstack", False), ("vapour", False)])
def test_a_platforms_setting_that_nobody_reads_is_found(db, driver, is_told):
    Platform.objects.create(name="first", driver=driver, settings={"dir": "x"}, is_default=True, created_at=1)
    assert ("P013" in ids()) is is_told


def test_drift_says_which_server_cannot_be_asked(run):
    Platform.objects.create(name="x", driver="mailstack", settings={"dir": "/nowhere"}, is_default=True, created_at=1)
    code, said = run("drift")
    assert (code, "/nowhere/mail.json cannot be read" in said) == (1, True)
