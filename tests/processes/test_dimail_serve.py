"""dimail in FAKE mode over HTTP, as La Suite's People meets it (specs/dimail.md 1, 8)."""

import base64
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fake_dimail import environment, fake, running

pytestmark = pytest.mark.processes

NOBODY = ("", "")
ADMIN = ("admin", "admin")
REGIE = ("la_regie", "password")
TOWN = "town.example"


class Caller:
    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def call(self, method, path, sent=None, basic=None, timeout=20.0):
        """(status, JSON or None). Raises what a client's library raises."""
        body = None if sent is None else json.dumps(sent).encode()
        request = urllib.request.Request(f"{self.url}{path}", body, method=method)
        if basic:
            request.add_header("Authorization", f"Basic {base64.b64encode(':'.join(basic).encode()).decode()}")
        elif self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                status, got = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, got = error.code, error.read()
        return status, json.loads(got) if got[:1] in b"{[" and got else None

    def tell(self, command, **arguments):
        status, told = self.call("POST", f"/control/{command}", arguments)
        assert status == 200, told
        return told


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("fake")) as (_, url):
        yield url


@pytest.fixture
def caller(server):
    """Of an empty dimail."""
    caller = Caller(server)
    caller.tell("reset")
    return caller


@pytest.fixture
def people(caller):
    """People's set-up command has run, and its domain is there."""
    caller.call("POST", "/users/", {"name": ADMIN[0], "password": ADMIN[1], "is_admin": "true", "perms": []}, NOBODY)
    perms = ["new_domain", "create_users", "manage_users"]
    regie = {"name": REGIE[0], "password": REGIE[1], "is_admin": "false", "perms": perms}
    assert caller.call("POST", "/users/", regie, ADMIN)[0] == 201
    wish = {
        "name": TOWN, "context_name": TOWN, "features": ["webmail", "mailbox", "alias"], "delivery": "virtual"
    }  # fmt: skip
    assert caller.call("POST", "/domains/", wish, REGIE)[0] == 201
    caller.token = caller.call("GET", "/token/", basic=REGIE)[1]["access_token"]
    return caller


def mailbox(caller, local_part, **options):
    names = {"givenName": local_part, "surName": "Doe", "displayName": f"{local_part} Doe"}
    return caller.call("POST", f"/domains/{TOWN}/mailboxes/{local_part}/", names, **options)


def test_it_is_empty_and_lets_the_first_one_in(caller):
    assert caller.call("GET", "/users/", basic=NOBODY) == (200, [])


def test_it_lets_nobody_in_once_somebody_is_there(people):
    assert people.call("GET", "/users/", basic=NOBODY)[0] == 403


def test_people_sees_its_domain_through(people):
    """new → action_required → failed → fixed → enabled; then the mailbox that waited, an alias, a code."""
    assert people.call("GET", f"/domains/{TOWN}")[1]["state"] == "new"
    assert mailbox(people, "uma")[0] == 201
    people.tell("set_check", domain=TOWN, test="mx", ok=False)
    people.tell("set_check", domain=TOWN, test="cert", ok=False)
    checked = people.call("GET", f"/domains/{TOWN}/check", basic=REGIE)[1]
    assert (checked["state"], checked["mx"]["ok"], checked["cert"]["ok"]) == ("broken", False, False)
    people.tell("set_check", domain=TOWN, test="mx", ok=True)
    checked = people.call("GET", f"/domains/{TOWN}/check", basic=REGIE)[1]
    assert (checked["state"], checked["mx"]["ok"], checked["cert"]["ok"]) == ("broken", True, False)
    assert people.call("GET", f"/domains/{TOWN}/fix/", basic=REGIE)[1]["state"] == "ok"
    (listed,) = people.call("GET", f"/v2/domains/{TOWN}/mailboxes/")[1]
    assert (listed["email"], listed["active"]) == (f"uma@{TOWN}", "yes")
    alias = {"user_name": "it", "destination": f"uma@{TOWN}"}
    assert [people.call("POST", f"/domains/{TOWN}/aliases/", alias)[0] for _ in range(2)] == [201, 409]
    status, code = people.call("POST", f"/domains/{TOWN}/mailboxes/uma/code", {"expires_in": 3600, "maxuse": 3})
    assert (status < 300, code["email"], code["maxuse"]) == (True, f"uma@{TOWN}", 3)


def test_a_dropped_connection_ends_without_an_answer(people):
    people.tell("fail_next", endpoint="GET /users/", drop=True)
    with pytest.raises(http.client.RemoteDisconnected):
        people.call("GET", "/users/", basic=REGIE)


def test_work_may_be_done_though_the_connection_is_dropped(people):
    people.tell("fail_next", endpoint="POST /domains/{domain}/mailboxes/{user}", drop=True, done=True)
    with pytest.raises(http.client.RemoteDisconnected):
        mailbox(people, "uma")
    assert mailbox(people, "uma")[0] == 409


def test_work_may_be_done_though_the_client_has_given_up(people):
    people.tell("fail_next", endpoint="POST /domains/{domain}/mailboxes/{user}", delay=1, done=True)
    with pytest.raises(TimeoutError):
        mailbox(people, "uma", timeout=0.5)
    assert mailbox(people, "uma")[0] == 409


def test_a_connection_is_used_again(people):
    address = urlsplit(people.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    with_connection = []
    for _ in range(3):
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        with_connection.append(connection.sock)
    connection.close()
    assert len({id(sock) for sock in with_connection}) == 1


def test_reset_empties_everything(people):
    mailbox(people, "uma")
    people.tell("reset")
    assert people.call("GET", "/users/", basic=NOBODY) == (200, [])
    assert people.tell("state") == {
        "domains": [], "mailboxes": [], "open_xchange": [], "failing_checks": {}, "fixed": [], "faults": [],
    }  # fmt: skip


def test_a_token_ends_with_a_reset(people):
    people.tell("reset")
    people.tell("seed", users=[{"name": "other", "password": "x"}])
    assert people.call("GET", f"/domains/{TOWN}/mailboxes/")[0] == 403


def test_a_password_that_was_right_before_a_reset_is_wrong_after_it(people):
    people.tell("reset")
    people.tell("seed", users=[{"name": REGIE[0], "password": "another"}])
    assert people.call("GET", "/token/", basic=REGIE)[0] == 403


def test_many_callers_at_once_are_served(people):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda number: mailbox(people, f"box{number}")[0], range(24)))
    assert statuses == [201] * 24
    assert len(people.call("GET", f"/domains/{TOWN}/mailboxes/")[1]) == 24


def test_it_documents_itself(caller):
    assert "/domains/{domain}/check" in "".join(caller.call("GET", "/openapi.json")[1]["paths"])


class TestProcess:
    @pytest.mark.parametrize("in_background", [False, True])
    def test_nothing_survives_it(self, tmp_path, in_background):
        """Shells let what they start in the background ignore Ctrl-C."""
        with running(tmp_path, in_background=in_background) as (process, url):
            caller = Caller(url)
            caller.tell("seed", domains=[{"name": TOWN}])
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
        assert list((tmp_path / "tmp").iterdir()) == []

    def test_a_real_database_is_never_touched(self, tmp_path):
        real = tmp_path / "real.sqlite3"
        with running(tmp_path, DATABASE_URL=f"sqlite:///{real}", POSTROOM_DIR=str(tmp_path / "real")) as (_, url):
            Caller(url).tell("seed", domains=[{"name": TOWN}])
        assert not real.exists() and not (tmp_path / "real").exists()

    def test_a_taken_port_is_told(self, tmp_path):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            told = self.refused(fake(tmp_path), "--port", str(taken.getsockname()[1]))
        assert "Address already in use" in told

    @pytest.mark.parametrize(
        "said",
        [
            {"DIMAIL_MODE": "FAKE"},
            {"DIMAIL_MODE": "real"},
            {"DIMAIL_MODE": "real", "DIMAIL_JWT_SECRET": "fake_jwt_secret"},
        ],
        ids=["FAKE without", "real without", "real with what everybody knows"],
    )
    def test_without_a_secret_it_does_not_start(self, tmp_path, said):
        told = self.refused(environment(**said, POSTROOM_DIR=str(tmp_path), TMPDIR=str(tmp_path)))
        assert "Set DIMAIL_JWT_SECRET" in told

    def test_without_fake_mode_nobody_commands_it(self, tmp_path):
        """The real thing, on a database of its own."""
        said = environment(
            POSTROOM_DIR=str(tmp_path), POSTROOM_SECRET_KEY="s" * 50, DIMAIL_JWT_SECRET="j" * 32, TMPDIR=str(tmp_path)
        )
        subprocess.run([sys.executable, "-m", "postroom", "migrate"], env=said, check=True, capture_output=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "postroom", "dimail", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, env=said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            caller = Caller(f"http://127.0.0.1:{port}")
            self.wait_for(caller)
            assert caller.call("POST", "/control/state", {})[0] == 404
            assert caller.call("GET", "/users/", basic=NOBODY)[0] == 403
        finally:
            # Some of its processes may still be starting: then the server does not hear that it is to stop.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @staticmethod
    def wait_for(caller: Caller) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                caller.call("GET", "/openapi.json")
                return
            time.sleep(0.05)
        pytest.fail("it did not answer")

    @staticmethod
    def refused(said: dict[str, str], *options: str) -> str:
        command = [sys.executable, "-m", "postroom", "dimail", "serve", *options]
        ended = subprocess.run(
            command, env=said, capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd()
        )
        assert ended.returncode == 1
        return ended.stderr
