"""dimail's face keeps what its OpenAPI document says: thousands of made-up requests to FAKE mode, always the same."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings

from postroom.faces.dimail.document import document
from postroom.faces.dimail.finding import find
from postroom.faces.dimail.route import Guard
from postroom.faces.dimail.routes import ROUTES
from tests.fake_dimail import running
from tests.processes.test_dimail_serve import TOWN, Caller

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not settings.IS_SQLITE, reason="once is enough: what is asked is the document, not the database"
    ),
]

CONFIGURATION = Path(__file__).with_name("dimail_schemathesis.toml")
PASSWORD = "kettle-Drum-41"
ADMIN, HELPER, LEAVING = "admin", "helper", "leaving"
UMA = {"user_name": "uma", "givenName": "Uma", "surName": "Iversen", "displayName": "Uma Iversen"}
SEED = {
    "users": [
        {"name": ADMIN, "password": PASSWORD, "is_admin": True},
        *({"name": name, "password": PASSWORD} for name in (HELPER, "la_regie", LEAVING)),
    ],
    "domains": [
        {
            "name": TOWN,
            "mailboxes": [UMA, {"user_name": "office"}, {"user_name": LEAVING}],
            "aliases": [{"user_name": name, "destination": f"uma@{TOWN}"} for name in ("old", "older")],
        },
        {"name": "plain.example", "features": ["mailbox"], "checked": False},
        {"name": "changing.example"},
        {"name": "leaving.example"},
    ],
    "allows": [{"user": name, "domain": TOWN} for name in (HELPER, LEAVING)],
}
EVERYTHING = {(route.method, route.path) for route in ROUTES}
BY_TOKEN = {(route.method, route.path) for route in ROUTES if route.guard is Guard.BEARER}
OF_ANY_ACCOUNT = {(route.method, route.path) for route in ROUTES if route.guard is Guard.USER}
OF_ONE_ACCOUNT = {
    ("POST", "/users"), ("GET", "/users/{name}"), ("PATCH", "/users/{name}"), ("DELETE", "/users/{name}"),
    ("POST", "/allows"), ("DELETE", "/allows/{domain}/{user}"),
}  # fmt: skip
WITHOUT_FEATURES = {
    ("GET", "/domains/{domain}"), ("GET", "/domains/{domain}/mailboxes"), ("GET", "/v2/domains/{domain}/mailboxes"),
}  # fmt: skip
ALL = "examples,coverage,fuzzing"


class Fake:
    def __init__(self, url: str, directory: Path) -> None:
        self.caller, self.directory = Caller(url), directory
        self.caller.tell("reset")

    def seeded(self, **seed: object) -> "Fake":
        self.caller.tell("seed", **(seed or SEED))
        return self

    def found_right(self, credentials: str, *options: str) -> set[tuple[str, str]]:
        """The calls that did what was asked."""
        configuration, calls = self.directory / "schemathesis.toml", self.directory / "calls.har"
        configuration.write_text(f"{CONFIGURATION.read_text()}\n{credentials}")
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(configuration), "--no-color",
            "run", f"{self.caller.url}/openapi.json", "--seed", "1", "--continue-on-failure",
            "--generation-database", "none", "--warnings", "off", "--report-har-path", str(calls),
            "--request-timeout", "60", "--suppress-health-check", "all", *options,
        ]  # fmt: skip
        found = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
        made = [(call["request"], call["response"]) for call in json.loads(calls.read_text())["log"]["entries"]]
        done = [request for request, response in made if response["status"] < 300]
        routes = [find(request["method"], unquote(urlsplit(request["url"]).path))[0] for request in done]
        return {(route.method, route.path) for route in routes}

    def credentials(self, name: str) -> str:
        token = self.caller.call("GET", "/token/", basic=(name, PASSWORD))[1]["access_token"]
        return f'{basic(name, PASSWORD)}\n[auth.openapi.token]\nbearer = "{token}"\n'


def basic(name: str, password: str) -> str:
    return f'[auth.openapi.basic]\nusername = "{name}"\npassword = "{password}"\n'


def only(scheme: str, but: str = "") -> list[str]:
    """The calls with which this scheme tells who asks."""
    told = [operation for path in document()["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in told if operation["security"] == [{scheme: []}]]
    return [option for name in names if name != but for option in ("--include-operation-id", name)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    directory = tmp_path_factory.mktemp("dimail")
    # As dimail does it, a display name that is taken is a 500: nobody could tell it from a fault of ours.
    with running(directory, POSTROOM_DIMAIL_DUPLICATE_NAMES="409") as (_, url):
        yield url, directory


@pytest.fixture
def fake(server):
    """Empty."""
    return Fake(*server)


def test_schemathesis_finds_nothing_as_nobody(fake):
    assert fake.seeded().found_right("", "--phases", "examples,fuzzing", "-n", "2") == set()


def test_schemathesis_finds_nothing_as_whoever_comes_first(fake):
    """Until there is an account, anybody may do what is done without a token; it does not matter who that is."""
    asked = only("basic", but="accounts_create")
    done = fake.seeded(domains=SEED["domains"]).found_right(
        basic("", ""), "--phases", ALL, "-n", "2", "--exclude-checks", "ignored_auth", *asked
    )
    assert done == EVERYTHING - BY_TOKEN - OF_ONE_ACCOUNT


def test_schemathesis_finds_nothing_as_an_administrator(fake):
    fake.seeded()
    assert fake.found_right(fake.credentials(ADMIN), "--phases", ALL, "-n", "4") == EVERYTHING


def test_schemathesis_finds_nothing_as_an_account_with_a_domain(fake):
    fake.seeded()
    assert fake.found_right(fake.credentials(HELPER), "--phases", ALL, "-n", "2") == BY_TOKEN | OF_ANY_ACCOUNT


def test_schemathesis_finds_nothing_where_a_domain_has_no_features(fake):
    fake.seeded(users=SEED["users"], domains=[{"name": TOWN, "features": []}], allows=SEED["allows"])
    done = fake.found_right(fake.credentials(HELPER), "--phases", "examples,coverage", *only("token"))
    assert done == WITHOUT_FEATURES
