"""REST keeps what its OpenAPI document says: thousands of made-up requests to a running server, always the same."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.conf import settings

from tests import cast
from tests.processes.rest_seed import PASSWORD

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not settings.IS_SQLITE, reason="once is enough: what is asked is the document, not the database"
    ),
]

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60
LIMITS = ("REST_WRITES", "REST_WRITES_OF_NETWORK", "REST_SEARCHES", "REST_ANONYMOUS")


def environment(dir: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("POSTROOM_") and k != "DATABASE_URL"}
    unlimited = {f"POSTROOM_{name}": "off" for name in LIMITS}
    return {**kept, **unlimited, "POSTROOM_DIR": str(dir), "POSTROOM_SECRET_KEY": "x", "POSTROOM_LOG_LEVEL": "ERROR"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """(its address, API keys by who has them)"""
    dir = tmp_path_factory.mktemp("rest")
    seed = [sys.executable, "-m", "tests.processes.rest_seed"]
    filled = subprocess.run(seed, cwd=ROOT, env=environment(dir), capture_output=True, text=True, check=True)
    port = free_port()
    command = [sys.executable, "-m", "postroom", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(dir), start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url, json.loads(filled.stdout)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_somebody_who_signs_in_can_claim_a_domain(server):
    url, _ = server
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def call(path, body=None):
        tokens = [cookie.value or "" for cookie in jar if cookie.name == "csrftoken"]
        data = json.dumps(body).encode() if body else None
        headers = {"Content-Type": "application/json", "X-CSRFToken": "".join(tokens)}
        request = urllib.request.Request(f"{url}/api/v1.0{path}", data, headers)
        with browser.open(request, timeout=20) as answer:
            return json.load(answer)

    assert call("/sign-in/", {"email": cast.NORA, "password": PASSWORD})["status"] == "signed_in"
    made = call("/mail-domains/", {"name": "nora.example", "support_email": "it@home.example"})
    assert (made["status"], made["abilities"]["delete"]) == ("pending", True)
    assert call("/mail-domains/nora_example/")["id"] == made["id"]


def run(server, who: str, *options: str) -> None:
    url, keys = server
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "--no-color", "run", f"{url}/api/v1.0/openapi.json",
        "--seed", "1", "--continue-on-failure", *options,
    ]  # fmt: skip
    token = {**os.environ, "TOKEN": keys[who]}
    found = subprocess.run(command, cwd=ROOT, env=token, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_schemathesis_finds_nothing_as_the_owner(server):
    run(server, "owner", "--phases", "examples,coverage,fuzzing", "-n", "3", "--exclude-tag", "operator")


def test_schemathesis_finds_nothing_as_the_operator(server):
    run(server, "operator", "--phases", "examples,coverage,fuzzing", "-n", "10", "--include-tag", "operator")
