"""What is around every page: who may see it, in which language, and what a refusal looks like."""

import logging
import time
from io import BytesIO

import pytest
from django.conf import settings
from django.db import DataError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from postroom.core import errors
from postroom.faces.web import page as pages
from postroom.faces.web.page import done, home, page, render
from postroom.store.models import Person
from tests import cast
from tests.sessions import sign_in

OPERATOR = "operator@home.example"
OURS = {"Referer": "http://testserver/account/?tab=2"}


def browser(email="", **headers):
    client = Client(headers=headers)
    if email:
        sign_in(client, Person.objects.get(email=email).pk)
    return client


def asked(method="GET", email="", path="/somewhere/?q=1", **headers):
    """A request with a session, as the middleware leaves it."""
    request = getattr(RequestFactory(), method.lower())(path, headers=headers)
    request.session = browser(email).session
    return request


def raising(error, **needs):
    @page(anonymous=True, **needs)
    def view(request):
        raise error

    return view


@page()
def inside(request):
    return HttpResponse(f"{request.shown.name} {request.language} {request.auth.name}")


@page(operator=True)
def operators(request):
    return HttpResponse("operators")


@page(holder=True)
def holders(request):
    return HttpResponse("holders")


@pytest.fixture
def operator(people):
    cast.person(OPERATOR, is_operator=True)


# --- who may ---


def test_nobody_is_sent_to_sign_in_and_back(db):
    answer = inside(asked())
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Fsomewhere%2F%3Fq%3D1")


def test_a_form_of_nobodys_leads_back_to_the_page_where_it_stood(db):
    answer = inside(asked("POST", **OURS))
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F%3Ftab%3D2"


def test_htmx_is_told_to_load_the_sign_in_page_whole(db):
    answer = inside(asked(HX_Request="true", HX_Current_URL="http://testserver/domains/?q=a"))
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=%2Fdomains%2F%3Fq%3Da")


def test_the_view_knows_who_is_signed_in(people):
    Person.objects.filter(email=cast.OLGA).update(name="Olga Petit", language="fr")
    assert inside(asked(email=cast.OLGA)).text == f"Olga Petit fr {cast.OLGA}"


@pytest.mark.parametrize(("view", "email"), [(operators, cast.OLGA), (holders, cast.OLGA)])
def test_a_page_for_others_is_refused(people, view, email):
    assert view(asked(email=email)).status_code == 403


def test_an_operator_sees_the_pages_for_operators(operator):
    assert operators(asked(email=OPERATOR)).text == "operators"


def test_a_holder_sees_the_pages_for_holders(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    assert holders(asked(email=cast.UMA)).text == "holders"


def test_a_session_that_was_ended_is_nobodys(people):
    Person.objects.filter(email=cast.OLGA).update(sessions_from=int(time.time() * 1000) + 1000)
    assert inside(asked(email=cast.OLGA)).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(db, method):
    answer = inside(asked(method))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


def test_head_is_answered_without_a_body(people):
    answer = inside(asked("HEAD", cast.OLGA))
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 0


# --- what every answer carries ---


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cache-Control", "no-store"),
        ("X-Robots-Tag", "noindex"),
        ("Vary", "Accept-Language, Cookie, HX-Request"),
        ("Content-Language", "en"),
    ],
)
def test_every_page_has_these_headers(people, header, value):
    assert inside(asked(email=cast.OLGA))[header] == value


def test_nothing_inline_and_nothing_from_elsewhere_may_run(db):
    policy = Client().get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "default-src 'none'" in policy and "unsafe" not in policy


def test_the_log_names_the_request_that_the_page_names(db, caplog):
    answer = raising(RuntimeError("broken"))(asked())
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in answer.text and answer["X-Request-Id"] in caplog.text


def test_the_log_does_not_hold_the_path_of_a_fault(db, caplog):
    raising(RuntimeError("broken"))(asked(path="/invitations/a-secret"))
    assert "a-secret" not in caplog.text


# --- languages ---


@pytest.mark.parametrize(("wanted", "shown"), [("fr", "fr"), ("de", "en"), ("fr-CA,en;q=0.5", "fr")])
def test_nobodys_language_is_the_browsers(db, wanted, shown):
    assert f'<html lang="{shown}">' in Client().get("/", headers={"Accept-Language": wanted}).text


def test_a_persons_language_is_their_own(people):
    Person.objects.filter(email=cast.OLGA).update(language="fr")
    assert browser(cast.OLGA, Accept_Language="en").get("/account/")["Content-Language"] == "fr"


def test_choosing_a_language_stays_for_the_browser(db):
    client = Client()
    answer = client.post("/language/", {"language": "fr", "next": "/sign-in/?next=/account/"})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=/account/")
    assert '<html lang="fr">' in client.get("/sign-in/").text


def test_choosing_a_language_stays_for_the_persons_letters(people):
    browser(cast.OLGA).post("/language/", {"language": "fr"})
    assert Person.objects.get(email=cast.OLGA).language == "fr"


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "evil", ""])
def test_the_language_form_leads_nowhere_else(db, next):
    assert Client().post("/language/", {"language": "fr", "next": next})["Location"] == "/"


# --- refusals ---


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound(), 404),
        (errors.DomainNotFound(), 404),
        (errors.LinkDead(), 404),
        (errors.OutOfReach(), 403),
        (errors.RoleTooSmall(), 403),
        (errors.TooManyRequests(90), 429),
        (errors.TooManyAttempts(wait=90), 429),
        (errors.PlatformAway(), 503),
        (errors.WrongState(), 409),
        (errors.NameTaken(), 409),
        (errors.BadRequest(hints={"name": "is bad"}), 422),
        (OperationalError("gone"), 503),
        (DataError("value too long"), 500),
        (ValueError("ours"), 500),
    ],
)
def test_what_goes_wrong_becomes_a_page(db, error, status):
    answer = raising(error)(asked())
    assert answer.status_code == status
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("error", [errors.TooManyRequests(90), errors.TooManyAttempts(wait=90)])
def test_who_has_to_wait_is_told_how_long(db, error):
    answer = raising(error)(asked())
    assert answer["Retry-After"] == "90" and "90 seconds" in answer.text


def test_a_form_that_is_refused_leads_back_with_what_was_wrong(people):
    request = asked("POST", cast.OLGA, **OURS)
    answer = raising(errors.LastOwner())(request)
    assert (answer.status_code, answer["Location"]) == (303, "/account/?tab=2")
    kind, text = request.session["toasts"][0]
    assert kind == "bad" and "without an owner" in text


@pytest.mark.parametrize("referer", ["https://evil.example/account/", "http://testserver.evil.example/", "nonsense"])
def test_but_never_to_another_site(db, referer):
    assert raising(errors.LastOwner())(asked("POST", Referer=referer)).status_code == 403


def test_who_must_sign_in_again_comes_back_to_the_page(people):
    answer = raising(errors.FreshSignInNeeded())(asked(email=cast.OLGA))
    assert answer["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fq%3D1&again=1"


def test_a_refused_page_speaks_french(db):
    request = asked(Accept_Language="fr")
    request.COOKIES = {}
    answer = Client(headers={"accept-language": "fr"}).get("/no-such-page/")
    assert answer.status_code == 404 and "Cette page n’existe pas." in answer.text


def test_a_form_without_its_token_is_refused_with_words(db):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "a", "password": "b"})
    assert answer.status_code == 403 and "This form was not accepted." in answer.text


def test_too_much_at_once_is_refused_with_words(db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = Client().post("/sign-in/", {"email": "a" * 200, "password": "b"})
    assert answer.status_code == 400 and "could not be understood" in answer.text


@pytest.mark.parametrize("path", ["/sign-in/", "/no-such-page/", "/domains/acme.example/import/"])
@pytest.mark.parametrize(("language", "words"), [("en", "too much at once"), ("fr", "trop à la fois")])
def test_a_large_file_is_refused_before_it_is_read(db, settings, path, language, words):
    settings.LARGEST_BODY = 2000
    unread = BytesIO(b"x" * 5000)
    answer = Client(enforce_csrf_checks=True).generic(
        "POST", path, b"", "multipart/form-data; boundary=b", CONTENT_LENGTH="5000", HTTP_ACCEPT_LANGUAGE=language,
        **{"wsgi.input": unread},
    )  # fmt: skip
    assert answer.status_code == 413 and words in answer.text
    assert unread.tell() == 0


def test_a_length_that_is_none_is_refused_too(db):
    assert Client().generic("POST", "/sign-in/", b"", CONTENT_LENGTH="-5").status_code == 413


def test_rest_refuses_a_large_file_in_its_own_form(people, settings):
    settings.LARGEST_BODY = 2000
    unread = BytesIO(b"x" * 5000)
    answer = browser(cast.OLGA).generic(
        "POST", "/api/v1.0/mail-domains/", b"", "multipart/form-data; boundary=b", CONTENT_LENGTH="5000",
        **{"wsgi.input": unread},
    )  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert unread.tell() == 0


def test_a_host_that_is_not_ours_is_refused_with_words(db):
    answer = Client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400 and "could not be understood" in answer.text


def test_a_secret_in_a_path_is_not_logged_by_django(db, caplog):
    with caplog.at_level(logging.WARNING):
        assert Client().get("/invitations/a-secret-token").status_code == 404
    assert "a-secret-token" not in caplog.text


def test_forms_count_for_the_limits_of_rest(people, settings):
    settings.REST_WRITES = ((2, 60),)
    client = browser(cast.OLGA)
    statuses = [client.post("/language/", {"language": "en"}).status_code for _ in range(3)]
    assert statuses == [303, 303, 429]


def test_nobodys_forms_count_too(db, settings):
    settings.REST_ANONYMOUS = ((1, 60),)
    client = Client()
    statuses = [client.post("/language/", {"language": "en"}).status_code for _ in range(2)]
    assert statuses == [303, 429]


# --- toasts, home, the frame ---


def test_what_was_done_is_told_once(people):
    client = browser(cast.OLGA)
    client.post("/account/", {"name": "Olga", "language": "en", "timezone": "UTC"})
    assert '<p class="toast good">Saved.</p>' in client.get("/account/").text
    assert "toast" not in client.get("/account/").text.partition('id="toasts"')[2].partition("</div>")[0]


def test_only_the_newest_toasts_are_kept(people):
    request = asked(email=cast.OLGA)
    for number in range(9):
        done(request, str(number), to="/")
    assert [text for _kind, text in request.session["toasts"]] == ["4", "5", "6", "7", "8"]


def test_everybody_begins_where_they_have_something_to_do(operator):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    cast.person(cast.DORA, mailbox=cast.row(cast.DORA))
    begins = {email: home(cast.person_actor(email)) for email in (OPERATOR, cast.OLGA, cast.NORA, cast.UMA, cast.DORA)}
    assert begins == {
        OPERATOR: "/operate/",
        cast.OLGA: "/domains/",
        cast.NORA: "/domains/",
        cast.UMA: "/my/",
        cast.DORA: "/domains/",
    }


def ways(email):
    text = browser(email).get("/account/").text
    nav = text.partition('<nav class="ways"')[2].partition("</nav>")[0]
    return [part.partition('"')[0] for part in nav.split('href="')[1:]]


def test_the_navigation_shows_what_one_may(operator):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    assert ways(cast.OLGA) == ["/domains/", "/explain/", "/statistics/", "/docs/"]
    assert ways(cast.UMA) == ["/my/", "/docs/"]
    assert ways(OPERATOR) == ["/domains/", "/explain/", "/statistics/", "/operate/", "/docs/"]


def test_besides_who_it_is_a_page_asks_for_the_session_and_nothing_else(people, django_assert_num_queries):
    client = browser(cast.NORA)
    with django_assert_num_queries(1):  # who it is are two compiled queries, which are not counted here
        client.get("/account/sign-out-everywhere/")


def test_the_view_carries_what_it_needs():
    assert inside.needs == pages.Needs()
    assert operators.needs.operator and not operators.needs.anonymous


def test_render_works_without_a_session(db):
    assert render(RequestFactory().get("/"), "web/start.html").status_code == 200


def test_names_are_escaped_in_the_frame(people):
    Person.objects.filter(email=cast.OLGA).update(name="<script>alert(1)</script>")
    assert "<script>alert" not in browser(cast.OLGA).get("/account/").text


def test_the_static_files_that_pages_name_are_there(db):
    from pathlib import Path

    from postroom.faces.cli import running

    folders = {"/static/django_htmx/": running._HTMX, "/static/": running._STATIC}
    text = Client().get("/").text
    named = [part.partition('"')[0].partition("?")[0] for part in text.split('"/static/')[1:]]
    assert len(named) >= 4
    for name in named:
        folder = folders["/static/django_htmx/"] if name.startswith("django_htmx/") else folders["/static/"]
        assert (Path(folder) / name.removeprefix("django_htmx/")).is_file(), name
    assert settings.STATIC_URL == "/static/"
