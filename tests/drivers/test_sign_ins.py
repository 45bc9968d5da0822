"""What Dovecot's last_login plugin leaves in Redis; a Redis of the test's own, where there is one."""

import shutil
import socket
import subprocess
import time

import pytest
import redis

from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.mailstack import sign_ins
from postroom.drivers.mailstack.sign_ins import parse

UMA, MAX = "uma@acme.example", "max@acme.example"
needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
pytestmark = pytest.mark.servers


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def client_of(port):
    return redis.Redis(host="127.0.0.1", port=port, decode_responses=True, socket_timeout=5)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--loglevel", "warning"]
    process = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("redis"), stdout=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def client(server):
    until = time.monotonic() + 20
    with client_of(server) as client:
        while True:
            try:
                client.flushall()
                break
            except redis.ConnectionError:
                assert time.monotonic() < until
                time.sleep(0.01)
        yield client


def gathered(client):
    kept = []
    number = sign_ins.sign_ins(lambda: client, kept.append)
    return number, kept


@needs_redis
def test_sign_ins_are_told_by_login_and_service(client):
    client.mset({f"last-login/imap/{UMA}": "1700000000", f"last-login/pop3/{UMA}": "5", f"last-login/imap/{MAX}": "6"})
    assert gathered(client) == (3, [{UMA: {"imap4": 1_700_000_000_000, "pop3": 5000}, MAX: {"imap4": 6000}}])


@needs_redis
def test_what_was_told_is_forgotten(client):
    client.set(f"last-login/imap/{UMA}", "1")
    gathered(client)
    assert client.keys() == []
    assert gathered(client) == (0, [])


@needs_redis
def test_a_sign_in_meanwhile_is_told_next_time(client):
    client.set(f"last-login/imap/{UMA}", "1")
    sign_ins.sign_ins(lambda: client, lambda told: client.set(f"last-login/imap/{UMA}", "2"))
    assert gathered(client)[1] == [{UMA: {"imap4": 2000}}]


@needs_redis
def test_what_could_not_be_kept_is_told_again(client):
    client.set(f"last-login/imap/{UMA}", "1")

    def fail(told):
        raise ValueError

    with pytest.raises(ValueError):
        sign_ins.sign_ins(lambda: client, fail)
    assert gathered(client)[1] == [{UMA: {"imap4": 1000}}]


@needs_redis
def test_other_keys_stay(client):
    client.mset({"reject:1": "x", "last-loginx": "1"})
    gathered(client)
    assert sorted(client.keys()) == ["last-loginx", "reject:1"]


@needs_redis
def test_many_come_in_batches(client):
    client.mset({f"last-login/imap/u{n}@acme.example": str(n + 1) for n in range(1234)})
    number, kept = gathered(client)
    assert number == 1234
    assert max(map(len, kept)) <= 500
    assert len({login for told in kept for login in told}) == 1234


@needs_redis
def test_one_call_sees_to_so_many(client, monkeypatch):
    monkeypatch.setattr(sign_ins, "MOST", 700)
    client.mset({f"last-login/imap/u{n}@acme.example": "1" for n in range(1000)})
    assert [gathered(client)[0] for _ in range(3)] == [700, 300, 0]


def test_without_redis_it_is_a_temporary_failure():
    with pytest.raises(TemporaryFailure):
        sign_ins.sign_ins(lambda: client_of(free_port()), print)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("last-login/lmtp/uma@acme.example", "1"), ("last-login/imap/", "x"), ("last-login/", "1"),
        ("last-login/imap/a\0b", "1"), ("last-login/imap/uma", "soon"), ("last-login/imap/uma", "-1"),
        ("last-login/imap/uma", "9" * 12), ("last-login/imap/uma", ""),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(key, value):
    assert parse([(key, value)]) == {}
