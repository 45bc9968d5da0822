"""`postroom brand …` and `postroom outbox`."""

import re

import pytest
from typer.testing import CliRunner

from postroom.actions import brands, domains
from postroom.core.roles import OPERATOR
from postroom.faces.cli.main import app
from postroom.store.models import OutgoingMail
from postroom.worker import outgoing
from tests import cast


@pytest.fixture
def run(acme):
    def call(*words):
        result = CliRunner().invoke(app, words)
        return result.exit_code, result.output

    return call


def test_a_brand_from_its_beginning_to_its_end(run):
    assert run("brand", "add", "acme", "Blue", "colour=#0055AA", "footer=a=b") == (0, "acme has the brand Blue.\n")
    assert run("brand", "change", "acme", "blue", "title=Acme Mail", "footer=")[0] == 0
    assert run("brand", "list", "acme")[1] == "Blue: 0 domains, 0 accounts\n  title=Acme Mail\n  colour=#0055aa\n"
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"brand": "Blue"})
    assert run("brand", "members", "acme", "Blue")[1] == f"domain {cast.ACME}\n"
    code, said = run("brand", "remove", "acme", "Blue")
    assert (code, "Brand is in use" in said or "take Blue" in said) == (1, True)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"brand": None})
    assert run("brand", "remove", "acme", "Blue") == (0, "Blue is gone.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "acme", "Blue", "colour=sky"), "colour: must be a colour such as #0055aa"),
        (("add", "acme", "Blue", "colour"), "write NAME=VALUE"),
        (("add", "nowhere", "Blue"), "permission"),
        (("members", "acme", "Red"), "does not exist"),
    ],
)
def test_mistakes_are_told(run, words, said):
    code, output = run("brand", *words)
    assert (code, said in output) == (1, True)


@pytest.fixture
def held(run, settings):
    settings.SMTP_HOST = ""
    brands.create(OPERATOR, cast.origin(), "acme", "Blue", {})
    brands.send_test(OPERATOR, cast.origin(), "acme", "blue", "boss@elsewhere.example")
    outgoing.send_due(lambda: 10**15)
    return OutgoingMail.objects.get()


def test_held_mails_are_listed_and_read(run, held):
    assert re.search(rf"{held.pk}  .*held  +password_reset_test  boss@elsewhere.example", run("outbox")[1])
    code, said = run("outbox", str(held.pk))
    assert (code, "To: boss@elsewhere.example" in said, "https://postroom.invalid/" in said) == (0, True, True)


def test_one_that_is_not_there(run):
    assert run("outbox", "12345")[0] == 1


def test_nothing_is_released_without_a_server(run, held, settings):
    assert run("outbox", "--release")[0] == 1
    settings.SMTP_HOST = "127.0.0.1"
    assert run("outbox", "--release") == (0, "1 e-mails will be sent.\n")
    assert OutgoingMail.objects.get().status == "due"
