"""The pages and small doors beside OMA."""

import io
import json

import pytest
from django.test import Client

from postroom.wsgi import application


def post(path, body=b"{}", verb="POST"):
    told = {}
    environ = {"REQUEST_METHOD": verb, "PATH_INFO": path, "wsgi.input": io.BytesIO(body)}
    answer = application(environ, lambda status, headers: told.update(status=status))
    return told["status"], json.loads(b"".join(answer))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your mail domains, in order"), ("fr", "Vos domaines de courriel, en ordre")]
)
def test_the_start_page_speaks_the_visitors_language(language, words):
    assert words in Client().get("/", headers={"accept-language": language}).text


def test_the_start_page_loads_nothing_from_elsewhere():
    policy = Client().get("/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_healthz_answers_while_the_database_does(db):
    assert Client().get("/healthz").json()["status"] == "ok"


def test_the_fake_platform_can_be_commanded(acme, settings):
    settings.FAKE_CONTROL = True
    assert post("/fake/count")[1]["domains"] == 0


def test_without_the_switch_the_control_surface_is_not_there(acme, settings):
    settings.FAKE_CONTROL = False
    assert Client().post("/fake/count").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [("/fake/nonsense", b"{}"), ("/fake/delay", b'{"seconds": "x"}'), ("/fake/count", b"["), ("/fake/count", b"[]")],
)
def test_a_wrong_command_is_told_not_done(acme, settings, path, body):
    settings.FAKE_CONTROL = True
    status, answer = post(path, body)
    assert (status, bool(answer["error"])) == ("400 Bad Request", True)
