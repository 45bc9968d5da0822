"""`postroom mail helper` as the mail servers meet it: started, killed, started again."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from postroom.actions import mailboxes, setup
from postroom.core.roles import OPERATOR
from postroom.store.models import MailSent
from tests import cast
from tests.faces.mail.conftest import SECRET
from tests.faces.mail.test_passwords import post
from tests.faces.mail.test_policy import ask
from tests.faces.mail.test_tally import counted, delivered, tell
from tests.threads import MARK, shared_database

pytestmark = [pytest.mark.processes, MARK]

LIMIT = 5


def database_url():
    here = connection.settings_dict
    if settings.IS_SQLITE:
        return f"sqlite:///{here['NAME']}"
    return f"postgresql://{here['USER']}:{quote(here['PASSWORD'])}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    return path


@pytest.fixture
def shared(tmp_path):
    with shared_database(tmp_path):
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"smtp_sent_limit": LIMIT})
        yield


def command(secret_file, policy_port=0):
    ports = ["--policy-port", str(policy_port), "--http-port", "0"]
    return [sys.executable, "-m", "postroom", "mail", "helper", *ports, "--secret-file", str(secret_file)]


@contextlib.contextmanager
def started(secret_file):
    """The process and its two ports."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "POSTROOM_LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(
        command(secret_file), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    hangs = threading.Timer(60, process.kill)
    hangs.start()
    try:
        ready = process.stdout.readline()
        ports = re.findall(r"127\.0\.0\.1:(\d+)", ready)
        assert len(ports) == 2, ready + process.stdout.read()
        yield process, *map(int, ports)
    finally:
        hangs.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def test_it_answers_both_servers_and_leaves_when_told(shared, secret_file):
    with started(secret_file) as (process, policy, http):
        assert ask(policy) == "DUNNO"
        assert post(http, "/token", {"login": cast.UMA, "password": "x" * 32})[0] == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stdout.read() == ""


def test_what_was_counted_survives_a_kill(shared, secret_file):
    with started(secret_file) as (process, policy, _):
        assert [ask(policy) for _ in range(3)] == ["DUNNO"] * 3
        process.kill()
    with started(secret_file) as (_, policy, _):
        assert [ask(policy)[:3] for _ in range(3)] == ["DUN", "DUN", "550"]
    assert sum(MailSent.objects.values_list("recipients", flat=True)) == LIMIT


@pytest.mark.parametrize("content", [None, "", "short"], ids=["no file", "empty", "short"])
def test_without_a_good_secret_it_does_not_start(tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
    said = subprocess.run(command(path), capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1
    assert "secret" in said.stderr.lower()
    assert "Traceback" not in said.stderr


def test_a_port_that_is_taken_is_said(shared, secret_file):
    with started(secret_file) as (_, policy, _):
        environment = {**os.environ, "DATABASE_URL": database_url()}
        again = command(secret_file, policy)
        said = subprocess.run(again, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1
    assert "A port cannot be taken" in said.stderr
    assert "Traceback" not in said.stderr


@contextlib.contextmanager
def started_by_systemd(secret_file, sockets):
    """As a unit with its .socket is: the sockets are 3 and 4."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "LISTEN_FDS": "2"}
    given = [listener.fileno() for listener in sockets]
    # By way of others: one of the two may be 3 or 4 itself.
    moved = "exec 8<&{} 9<&{} 3<&8 4<&9".format(*given)
    process = subprocess.Popen(
        ["/bin/bash", "-c", f'{moved}; LISTEN_PID=$$ exec "$@"', "bash", *command(secret_file)],
        env=environment, pass_fds=given, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert "ready" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_is_told_while_it_starts_again_waits_and_is_counted(shared, secret_file):
    with socket.create_server(("127.0.0.1", 0)) as policy, socket.create_server(("127.0.0.1", 0)) as http:
        port = http.getsockname()[1]
        with started_by_systemd(secret_file, (policy, http)) as process:
            assert ask(policy.getsockname()[1]) == "DUNNO"
            assert tell(port, delivered()) == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(tell, port, delivered())
            with started_by_systemd(secret_file, (policy, http)) as process:
                assert waiting.result(20) == 200
                process.send_signal(signal.SIGTERM)
                assert process.wait(20) == 0
    assert counted()[0] == 2
