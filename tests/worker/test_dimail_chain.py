"""Postroom as manager drives Postroom as dimail, in FAKE mode, in a process of its own over HTTP: the way of a domain
and its mailboxes to their letters and to their end, while every call of the remote fails in one way or another."""

import json
import urllib.request

import pytest
from typer.testing import CliRunner

from postroom.actions import aliases, domain_switch, mailbox_links, mailbox_removal, mailbox_states
from postroom.core.errors import DomainDisabled
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import OPERATOR
from postroom.drivers.dimail import access, filling, wire
from postroom.faces.cli.main import app
from postroom.store.models import Domain, Mailbox, Platform
from postroom.worker import remote_sync
from tests import cast, fake_dimail
from tests.links import letters, newest
from tests.worker.remote_town import ANN, BEN, CARL, TOWN, add_platform, make_domain, make_mailbox

pytestmark = pytest.mark.processes

HOUR = 3600
CALLS = (
    "GET /token",
    "GET /domains/{domain}",
    "POST /domains",
    "GET /domains/{domain}/check",
    "GET /domains/{domain}/fix",
    "GET /domains/{domain}/spec",
    "GET /domains/{domain}/mailboxes/{user}",
    "POST /domains/{domain}/mailboxes/{user}",
    "PATCH /domains/{domain}/mailboxes/{user}",
    "DELETE /domains/{domain}/mailboxes/{user}",
    "POST /domains/{domain}/mailboxes/{user}/code",
    "GET /domains/{domain}/aliases",
    "POST /domains/{domain}/aliases",
    "DELETE /domains/{domain}/aliases/{user}/{destination}",
)
"""All that the story below asks of a dimail."""

TROUBLE = {
    "nothing fails": None,
    "500": {"status": 500, "times": 3},
    "dropped": {"drop": True, "times": 3},
    "done and dropped": {"drop": True, "done": True, "times": 3},
    "done and late": {"delay": 1.5, "done": True, "times": 1},
    "wrong JSON": {"status": 200, "body": "{]", "content_type": "application/json", "times": 3},
    "done and wrong JSON": {"status": 200, "body": {"a": ["b"]}, "done": True, "times": 3},
}


class Remote:
    def __init__(self, url):
        self.url = url

    def control(self, command, **arguments):
        request = urllib.request.Request(
            f"{self.url}/control/{command}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.load(reply)

    def calls(self):
        return [f"{one['method']} {one['path']}" for one in self.control("calls", last=1000)["calls"]]

    @property
    def mailboxes(self):
        return {one["email"]: one for one in self._list("mailboxes/")}

    @property
    def aliases(self):
        return [(one["username"], one["destination"]) for one in self._list("aliases/")]

    def _list(self, what):
        driver = remote_sync.make(*Platform.objects.values_list("driver", "settings").get())
        talk = driver._client.begin()
        return talk.ask(wire.Request(method="GET", path=("domains", TOWN, *what.split("/")))).read(list)


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with fake_dimail.running(tmp_path_factory.mktemp("remote")) as (_, url):
        yield url


@pytest.fixture
def remote(process, db, tmp_path, monkeypatch):
    """Empty but for our own account, which we make ourselves."""
    monkeypatch.setattr(wire, "_PAUSES", (0.0, 0.0))
    remote = Remote(process)
    remote.control("reset")
    add_platform(process, tmp_path)
    assert filling.make_account(access.read(Platform.objects.get().settings))
    return remote


def status():
    return Domain.objects.get(name=TOWN).status


def welcomes():
    return sorted(recipient for recipient, _ in letters("mailbox_welcome"))


def settled():
    domains, mailboxes = (model.objects.filter(due_at__isnull=False) for model in (Domain, Mailbox))
    return not domains.exists() and not mailboxes.exists()


def live(work, clock, until):
    for _ in range(60):
        work()
        if until():
            return
        clock.forward(HOUR)
    failures = {
        name: failure
        for model, field in ((Domain, "name"), (Mailbox, "address"))
        for name, failure in model.objects.exclude(failure="").values_list(field, "failure")
    }
    raise AssertionError(f"never came to be: {status()} {failures}")


@pytest.fixture
def town(remote, work):
    make_domain()
    work()
    return remote


@pytest.mark.parametrize("trouble", TROUBLE)
def test_the_whole_story_ends_as_it_should(remote, work, clock, monkeypatch, trouble):
    how = TROUBLE[trouble]
    if how:
        for call in CALLS:
            remote.control("fail_next", endpoint=call, **how)
        if "delay" in how:
            monkeypatch.setattr(wire, "_CALL", 1.0)
            monkeypatch.setattr(wire, "_RESERVE", 0.1)
    for test in ("mx", "cert"):
        remote.control("set_check", domain=TOWN, test=test, ok=False)

    make_domain()
    live(work, clock, lambda: status() == DomainState.ACTION_REQUIRED)
    make_mailbox("ann")
    aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
    live(work, clock, lambda: True)
    assert (cast.row(ANN).status, welcomes()) == (MailboxState.PENDING, [])

    remote.control("set_check", domain=TOWN, test="mx", ok=True)
    live(work, clock, lambda: status() == DomainState.ENABLED)
    make_mailbox("ben")
    make_mailbox("carl")
    live(work, clock, lambda: settled() and len(welcomes()) == 3)
    mailbox_states.disable(OPERATOR, cast.origin(), BEN)
    mailbox_removal.delete(OPERATOR, cast.origin(), CARL)
    gone = aliases.create(OPERATOR, cast.origin(), TOWN, "press", BEN)
    live(work, clock, settled)
    aliases.remove(OPERATOR, cast.origin(), TOWN, gone.id)
    live(work, clock, settled)

    assert {address: one["active"] for address, one in remote.mailboxes.items()} == {ANN: "yes", BEN: "no"}
    assert remote.aliases == [("info", ANN)]
    assert welcomes() == ["ann@home.example", "ben@home.example", "carl@home.example"]
    (found,) = remote_sync.drifts([TOWN])
    assert list(found.lines()) == []
    never_met = [one for one in remote.control("state")["faults"] if one["times"] == how["times"]]
    assert never_met == []


class TestOfAPerson:
    def test_a_mailbox_of_an_enabled_domain_is_there_at_once_and_its_holder_written_to(self, town, work):
        make_mailbox("ann")
        work()
        assert town.mailboxes[ANN]["givenName"] == "Ann"
        assert "https://webmail.example/code/" in newest("ann@home.example").text

    def test_a_disabled_domain_refuses(self, town):
        domain_switch.disable(OPERATOR, cast.origin(), TOWN)
        with pytest.raises(DomainDisabled):
            make_mailbox("ann")

    def test_a_new_password_is_made_there(self, town, work):
        make_mailbox("ann")
        work()
        mailbox_links.reset_password(OPERATOR, cast.origin(), ANN)
        assert any(call.endswith("/mailboxes/ann/reset_password/") for call in town.calls())

    def test_a_namesake_is_refused_with_whose_name_it_is(self, town, work):
        make_mailbox("ann")
        work()
        Mailbox.objects.filter(address=ANN).update(first_name="Anna")
        town.control("clear_faults")
        from postroom.actions import person_mailboxes

        data = person_mailboxes.PersonalData(local_part="ann2", first_name="Ann", last_name="Miller")
        person_mailboxes.create(OPERATOR, cast.origin(), TOWN, data)
        work()
        row = cast.row(f"ann2@{TOWN}")
        assert (row.status, row.failure) == (MailboxState.FAILED, f"{ANN} has the same first and last name on dimail")


class TestOfTheOperator:
    @pytest.fixture
    def run(self):
        def run(*words):
            result = CliRunner().invoke(app, ["dimail", *words])
            assert result.exit_code == 0, result.output
            return result.output

        return run

    def test_what_is_there_is_imported(self, town, run):
        seeded = {
            "email": f"desk@{TOWN}",
        }
        driver = remote_sync.make(*Platform.objects.values_list("driver", "settings").get())
        talk = driver._client.begin()
        names = {"givenName": "Olga", "surName": "Petit", "displayName": "Olga Petit"}
        talk.ask(wire.Request(method="POST", path=("domains", TOWN, "mailboxes", "desk"), body=names))
        alias = {"user_name": "press", "destination": "x@example.org"}
        talk.ask(wire.Request(method="POST", path=("domains", TOWN, "aliases", ""), body=alias))
        said = run("import", TOWN)
        assert "2 differences" in said
        assert cast.row(seeded["email"]).last_name == "Petit"

    def test_an_emptied_one_is_filled_with_all_that_is_here(self, town, work, run):
        make_mailbox("ann")
        aliases.create(OPERATOR, cast.origin(), TOWN, "info", ANN)
        work()
        run("recreate")
        said = run("setup-db")
        assert "Our account was made there" in said
        assert (list(town.mailboxes), town.aliases) == ([ANN], [("info", ANN)])
        assert "0 differences" in run("sync", "--look")
