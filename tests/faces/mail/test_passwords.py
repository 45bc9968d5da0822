"""Dovecot's questions over HTTP, as its Lua client asks them and as nobody should."""

import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from postroom.actions import domains, mail_signin, mailboxes, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.passwords import schemes
from postroom.core.passwords.repeats import Repeats
from postroom.core.roles import OPERATOR
from postroom.faces.mail import passwords
from postroom.faces.mail.listener import Nonsense
from tests import cast
from tests.faces.mail.conftest import SECRET, connected
from tests.threads import MARK

pytestmark = MARK


@pytest.fixture
def port(ports, monkeypatch):
    monkeypatch.setattr(mail_signin, "_guesses", Repeats())
    return ports[1]


def head(path, length, verb="POST", **headers):
    lines = {"Host": "127.0.0.1", "X-Postroom-Secret": SECRET, "Content-Length": str(length), **headers}
    return "".join([f"{verb} {path} HTTP/1.1\r\n", *(f"{k}: {v}\r\n" for k, v in lines.items() if v), "\r\n"]).encode()


def response(file):
    status = int(file.readline().split()[1])
    headers = {}
    while (line := file.readline().strip()) != b"":
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    return status, json.loads(file.read(int(headers["content-length"]))), headers


def send(port, *chunks):
    with connected(port) as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        return response(file)


def post(port, path, told, **headers):
    body = json.dumps(told).encode()
    return send(port, head(path, len(body), **headers), body)[:2]


def token(**wish):
    return tokens.create(OPERATOR, cast.origin(), cast.UMA, TokenWish(seconds=60, reason="test", **wish))


def ask_token(port, password, login=cast.UMA):
    return post(port, "/token", {"login": login, "service": "imap", "password": password})[0]


def test_a_token_is_good_as_a_password(port):
    assert ask_token(port, token()) == 200


def test_a_token_for_one_sign_in_is_good_once(port):
    text = token(kind="sso")
    assert [ask_token(port, text) for _ in range(2)] == [200, 403]


@pytest.mark.parametrize("password", [cast.PASSWORD, "not a token at all", "", "ü" * 20])
def test_anything_else_is_not(port, password):
    assert ask_token(port, password) == 403


@pytest.mark.parametrize("login", ["", "nobody@acme.example", "x" * 300, "a\0b@acme.example"])
def test_nor_for_anybody_else(port, login):
    assert ask_token(port, token(), login) == 403


def test_who_guesses_has_to_wait(port):
    text = token()
    for number in range(6):
        ask_token(port, f"guess number {number:8}")
    assert ask_token(port, text) == 403


def test_a_password_is_stored_anew(port):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"regen_passwords": True})
    told = {"login": cast.UMA, "password": cast.PASSWORD}
    assert post(port, "/rehash", told) == (200, {"rehashed": True})
    assert schemes.verify(cast.PASSWORD, cast.row(cast.UMA).password)
    assert post(port, "/rehash", told) == (200, {"rehashed": False})


def test_another_password_is_not(port):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"regen_passwords": True})
    assert post(port, "/rehash", {"login": cast.UMA, "password": "Another-one-7"})[0] == 403
    assert cast.row(cast.UMA).password == cast.HASH


@pytest.mark.parametrize(("password", "status"), [("Another-one-7", 200), (cast.PASSWORD, 403), ("", 403)])
def test_a_hash_that_dovecot_lacks_is_verified(port, password, status):
    stored = schemes.encode("Another-one-7", "SSHA384")
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": stored})
    assert post(port, "/verify", {"login": cast.UMA, "password": password})[0] == status


@pytest.mark.parametrize("login", [cast.UMA, "nobody@acme.example", "", "a\0b@acme.example"])
def test_of_other_hashes_nothing_is_said(port, login):
    assert post(port, "/verify", {"login": login, "password": cast.PASSWORD})[0] == 403


def test_webmail_learns_what_its_first_screen_needs(port):
    told = {"name": "Uma Thornton", "language": "fr", "timezone": "Europe/Paris", "aliases": ["sales"]}
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, told)
    assert post(port, "/preset", {"login": "UMA@acme.example"}) == (
        200,
        {
            "name": "Uma Thornton",
            "language": "fr",
            "timezone": "Europe/Paris",
            "addresses": [cast.UMA, "sales@acme.example"],
        },
    )


@pytest.mark.parametrize("login", ["nobody@acme.example", "", "x" * 300])
def test_of_somebody_who_is_not_there_webmail_learns_nothing(port, login):
    assert post(port, "/preset", {"login": login})[0] == 403


def test_the_body_is_asked_for_before_it_comes(port):
    """Dovecot waits two seconds for this."""
    body = json.dumps({"login": cast.UMA, "password": token()}).encode()
    with connected(port) as file:
        file.write(head("/token", len(body), Expect="100-continue"))
        file.flush()
        assert file.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert file.readline() == b"\r\n"
        file.write(body)
        file.flush()
        assert response(file)[0] == 200


def test_one_connection_takes_many_requests(port):
    body = json.dumps({"login": cast.UMA, "password": token()}).encode()
    with connected(port) as file:
        for _ in range(10):
            file.write(head("/token", len(body)) + body)
            file.flush()
            status, _, headers = response(file)
            assert (status, headers["connection"]) == (200, "keep-alive")


def test_who_wants_it_gets_the_connection_closed(port):
    with connected(port) as file:
        file.write(head("/token", 2, Connection="close") + b"{}")
        file.flush()
        assert response(file)[2]["connection"] == "close"
        assert file.read() == b""


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "ü"])
def test_without_the_secret_nothing_is_said(port, secret):
    told = {"login": cast.UMA, "password": token()}
    assert post(port, "/token", told, **{"X-Postroom-Secret": secret})[0] == 401


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        ([head("/other", 2), b"{}"], 404),
        ([head("/token", 2, verb="PUT"), b"{}"], 405),
        ([head("/token", 2), b"{}"], 400),
        ([head("/token", 4), b"\xff\xfe\x00{"], 400),
        ([head("/token", 0)], 400),
        ([head("/verify", 2), b"{}"], 400),
        ([head("/preset", 2), b"{}"], 400),
        ([head("/rehash", 2), b"[]"], 400),
        ([head("/token", 4097)], 413),
        ([head("/token", 10**30)], 413),
        ([head("/token", "-1")], 400),
        ([head("/token", "1, 1")], 400),
        ([head("/token", "", **{"Transfer-Encoding": "chunked"}), b"0\r\n\r\n"], 411),
        ([head("/token", 2, **{"content-length": "3"}), b"{}"], 400),
        ([b"nonsense\r\n\r\n"], 400),
        ([b"POST /token HTTP/2\r\n\r\n"], 400),
        ([b"POST /token HTTP/1.1\r\nno colon\r\n\r\n"], 400),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_wrong_is_said(port, chunks, status):
    assert send(port, *chunks)[0] == status
    assert ask_token(port, token()) == 200


def test_a_head_without_an_end_ends_the_connection(port):
    with connected(port) as file:
        try:
            file.write(b"POST /token HTTP/1.1\r\n" + b"x" * 20_000)
            file.flush()
            assert file.read() == b""
        except ConnectionError:
            pass


def test_without_a_database_nobody_can_say(port):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_token RENAME TO token_gone")
    try:
        assert ask_token(port, "x" * 32) in {500, 503}  # neither yes nor no
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE token_gone RENAME TO store_token")
    assert ask_token(port, "x" * 32) == 403


def test_a_fault_of_ours_shows_no_secret(port, monkeypatch, caplog):
    caplog.set_level("DEBUG")

    def fault(login, password, now):
        raise ValueError(password)

    monkeypatch.setattr(mail_signin, "token_opens", fault)
    assert ask_token(port, "a-very-secret-token") == 500
    assert "ValueError" in caplog.text
    assert "a-very-secret" not in caplog.text


def test_no_password_is_in_the_log(port, caplog):
    caplog.set_level("DEBUG")
    text = token()
    ask_token(port, text)
    ask_token(port, "a-guess-at-a-token")
    post(port, "/rehash", {"login": cast.UMA, "password": cast.PASSWORD})
    post(port, "/token", {"login": cast.UMA, "password": text}, **{"X-Postroom-Secret": "wrong"})
    assert "signed in" in caplog.text  # it was listened to
    for secret in (text, "a-guess-at-a-token", cast.PASSWORD, SECRET):
        assert secret not in caplog.text


@given(st.binary())
def test_no_head_is_too_odd_to_parse(head):
    try:
        headers = passwords.parse_head(head)[3]
        assert 0 <= passwords.length_of(headers) <= passwords.LONGEST_BODY
    except Nonsense as nonsense:
        assert nonsense.farewell.startswith(b"HTTP/1.1 4")
