"""`postroom platform …`."""

import json

import pytest
from typer.testing import CliRunner

from postroom.actions import platforms
from postroom.core.errors import OutOfReach
from postroom.drivers.mailstack import layout
from postroom.faces.cli.main import app
from postroom.store.models import Platform
from tests import cast


@pytest.fixture
def run(acme):
    def call(*words):
        result = CliRunner().invoke(app, ["platform", *words])
        return result.exit_code, result.output

    return call


@pytest.fixture
def mailstack(run, tmp_path):
    """A platform of real mail servers, which nobody has started."""
    plan = layout.private(tmp_path, 20000, layout.Database(path=tmp_path / "x.sqlite3"))
    (tmp_path / "mail.json").write_text(json.dumps(plan.facts()))
    Platform.objects.create(name="real", driver="mailstack", settings={"dir": str(tmp_path)}, created_at=1)
    return lambda: Platform.objects.get(name="real").settings


def test_they_are_listed(run):
    assert run("list") == (0, 'fake: fake, new domains go here\n  path=":memory:"\n')


def test_where_dns_is_asked_can_be_set(run, mailstack):
    dns = {"cnames": {"imap": "imap.acme.example"}, "resolver": "127.0.0.1:5353"}
    assert run("set", "real", "dns", json.dumps(dns))[0] == 0
    assert mailstack()["dns"] == dns


def test_and_taken_back(run, mailstack):
    run("set", "real", "dns", '{"seconds": 3}')
    run("set", "real", "dns", "null")
    assert set(mailstack()) == {"dir"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("real", "dns", '{"cnames": {"pop": "x.example"}}'), "imap, smtp, webmail"),
        (("real", "dns", "{"), "no JSON"),
        (("real", "devices", '{"imap": {"host": "imap.acme.example"}}'), "port"),
        (("real", "dir", "null"), '"dir"'),
        (("real", "nonsense", "{}"), "no setting named nonsense; there are dir, dns, devices, imap_host, imap_port"),
        (("real", "imap_port", '"143"'), "imap_port"),
        (("real", "dns", "[]"), '"dns"'),
        (("nobody", "dns", "{}"), "there is no platform nobody"),
    ],
)
def test_nonsense_changes_nothing(run, mailstack, words, said):
    before = mailstack()
    code, output = run("set", *words)
    assert code == 1
    assert said in output
    assert mailstack() == before


def test_it_is_the_operators_affair(acme):
    with pytest.raises(OutOfReach):
        platforms.listed(cast.actor(cast.ALICE))


def test_new_domains_can_be_sent_elsewhere(run, mailstack):
    assert run("default", "real") == (0, "New domains go to real.\n")
    assert Platform.objects.get(is_default=True).name == "real"


def test_but_not_to_one_that_is_not_there(run):
    assert run("default", "nobody") == (1, "there is no platform nobody\n")
    assert Platform.objects.get(is_default=True).name == "fake"
