"""`postroom demo` as its user meets it."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = pytest.mark.processes

READY_WITHIN = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A running demo: (process, facts)."""
    dir = tmp_path_factory.mktemp("demo") / "data"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POSTROOM_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "postroom", "demo", "--dir", str(dir), "--port", str(free_port())],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + READY_WITHIN
    while not (dir / "demo.json").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield process, json.loads((dir / "demo.json").read_text())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def call(facts, method, **fields):
    oma = facts["oma"]
    body = {"credentials": {"user": oma["user"], "password": oma["password"]}, **fields}
    request = urllib.request.Request(f"{oma['url']}/{method}", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def post(url, arguments):
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(arguments).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_it_is_healthy_once_its_facts_are_written(demo):
    _, facts = demo
    with urllib.request.urlopen(f"{facts['url']}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_the_first_call_that_it_prints_works(demo):
    _, facts = demo
    assert call(facts, "get_domain", domain="acme.example")["attributes"]["account"] == "acme.example"


def test_the_stylesheet_is_served(demo):
    _, facts = demo
    with urllib.request.urlopen(f"{facts['url']}/static/postroom.css", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/css"


def test_what_is_created_reaches_the_fake_platform(demo):
    _, facts = demo
    attributes = {"type": "forward", "forward_recipients": ["a@example.com"]}
    assert call(facts, "change_user", user="new@acme.example", attributes=attributes)["success"]
    until = time.monotonic() + 10
    while time.monotonic() < until:
        state = post(f"{facts['url']}/fake/state", {"domain": "acme.example"})
        if "new@acme.example" in {box["address"] for box in state["mailboxes"]}:
            return
        time.sleep(0.1)
    pytest.fail("the mailbox did not reach the platform within 10 seconds")


def test_the_program_in_its_facts_calls_it_as_a_dimail(demo):
    dimail = demo[1]["dimail"]
    login = base64.b64encode(f"{dimail['user']}:{dimail['password']}".encode()).decode()
    request = urllib.request.Request(f"{dimail['url']}/users/", headers={"Authorization": f"Basic {login}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert [account["name"] for account in json.load(answer)] == [dimail["user"]]


def test_its_start_page_has_a_name_that_passkeys_can_be_bound_to(demo):
    _, facts = demo
    assert facts["start_page"].startswith("http://localhost:")
    with urllib.request.urlopen(facts["start_page"], timeout=10) as answer:
        assert facts["web"][0]["email"] in answer.read().decode()


@pytest.mark.parametrize("role", ["viewer", "administrator", "owner", "operator", "holder", "company administrator"])
def test_everybody_in_its_facts_signs_in_to_the_web(demo, role):
    _, facts = demo
    (person,) = (one for one in facts["web"] if one["role"] == role)
    signed_in = post(f"{facts['url']}/api/v1.0/sign-in/", {"email": person["email"], "password": person["password"]})
    assert signed_in["status"] == "signed_in"


def test_a_taken_port_is_told_with_a_way_out(demo):
    _, facts = demo
    port = facts["url"].rpartition(":")[2]
    command = [sys.executable, "-m", "postroom", "demo", "--dir", "nowhere", "--port", port]
    second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert (second.returncode, "is in use. Choose another one" in second.stderr) == (1, True)


def test_sigterm_ends_it_and_everything_it_started(demo):
    process, facts = demo
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{facts['url']}/healthz", timeout=2)
