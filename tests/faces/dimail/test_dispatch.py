"""What holds for every call: paths, methods, failures, browsers of other sites, the document."""

import re

import pytest
from django.db import DataError, OperationalError

from postroom.actions import dimail_accounts, dimail_domains
from postroom.core import errors
from postroom.faces.dimail import document
from postroom.faces.dimail import errors as answers
from postroom.faces.dimail.route import Guard
from postroom.faces.dimail.routes import ROUTES
from postroom.store import dimail_callers
from tests.faces.dimail.client import Dimail

ORIGIN = "https://page.example"


@pytest.mark.parametrize("path", ["/nothing", "/", "", "//", "/users//", "/domains/x.example/nothing", "/users/a/b"])
def test_an_unknown_path_is_404(root, path):
    answer = root.get(path)
    assert (answer.status, answer.detail, answer.headers["Content-Type"]) == (404, "Not Found", "application/json")


def test_another_method_is_405(root):
    answer = root.call("PUT", "/users/")
    assert (answer.status, answer.detail, answer.headers["Allow"]) == (405, "Method Not Allowed", "GET, POST")


def test_no_path_is_redirected(nobody):
    for route in ROUTES:
        path = re.sub(r"\{\w+\}", "x", route.path)
        statuses = {nobody.call(route.method, path + slash).status for slash in ("", "/")}
        assert len(statuses) == 1 and not statuses & {301, 302, 307, 308, 404, 405}, route


def test_paths_that_only_begin_alike_are_not_its_own(client, db):
    assert client.get("/dimailer").status_code == 404


def test_no_two_routes_mean_the_same(root):
    shapes = [(route.method, re.sub(r"\{\w+\}", "{}", route.path)) for route in ROUTES]
    assert sorted(set(shapes)) == sorted(shapes)


def test_a_body_on_a_get_does_no_harm(root):
    assert root.call("GET", "/users/", {"any": "thing"}).status == 200


def test_nothing_is_kept_by_caches(root):
    assert root.get("/users/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("header", ["Content-Length", "Content-Type"])
def test_every_answer_says_what_it_is(root, header):
    assert root.get("/users/").headers[header]


# Failures.


def broken(monkeypatch, error: Exception) -> None:
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(dimail_accounts, "listed", fail)


def test_a_fault_of_ours_is_500_in_plain_text(root, monkeypatch, caplog):
    broken(monkeypatch, ZeroDivisionError("with a secret in it"))
    answer = root.get("/users/")
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (
        500, b"Internal Server Error", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_away_is_503(root, monkeypatch):
    broken(monkeypatch, OperationalError("connection refused"))
    answer = root.get("/users/")
    assert (answer.status, b"refused" in answer.body) == (503, False)


def test_a_value_that_the_database_cannot_hold_is_a_fault_of_ours(root, monkeypatch):
    broken(monkeypatch, DataError("value too long for type character varying(254)"))
    assert root.get("/users/").status == 500


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (errors.TooManyRequests(7), 503, "try again in 7 seconds"),
        (errors.PlatformAway("away"), 503, "away"),
        (errors.RoleTooSmall("x"), 403, "Permission denied"),
        (errors.NotFound("x"), 404, "Not found"),
        (errors.ExistsAlready(), 409, "Object already exists"),
        (errors.NameTaken(hints={"name": "is here already"}), 409, "is here already"),
        (errors.WrongState("not now"), 422, "not now"),
        (errors.PlatformRefused("no"), 422, "no"),
        (errors.AccountDisabled(), 403, "Permission denied"),
    ],
)
def test_errors_have_their_answer(root, monkeypatch, error, status, detail):
    broken(monkeypatch, error)
    answer = root.get("/users/")
    assert (answer.status, answer.detail) == (status, detail)


def test_an_error_without_a_name_is_a_fault():
    assert answers.refusal_of(errors.PostroomError("no platform")).status == 500


def test_how_long_to_wait_is_said(root, monkeypatch):
    broken(monkeypatch, errors.TooManyRequests(7))
    assert root.get("/users/").headers["Retry-After"] == "7"


def test_what_is_wrong_with_a_field_is_told_as_fastapi_does(root, monkeypatch):
    broken(monkeypatch, errors.BadAttribute(hints={"quota": "too much"}))
    assert root.get("/users/").detail == [
        {"type": "value_error", "loc": ["body", "quota"], "msg": "too much", "input": None}
    ]


def test_what_is_wrong_with_the_whole_is_told_too(root, monkeypatch):
    broken(monkeypatch, errors.BadRequest("no"))
    assert root.get("/users/").detail == [{"type": "value_error", "loc": ["body"], "msg": "no", "input": None}]


# Browsers of other sites.


def test_for_real_others_must_bring_credentials_themselves(root):
    headers = root.get("/users/", HTTP_ORIGIN=ORIGIN).headers
    assert (headers["Access-Control-Allow-Origin"], "Access-Control-Allow-Credentials" in headers) == ("*", False)


def test_fake_mode_lets_everybody(root, settings):
    settings.DIMAIL_FAKE = True
    headers = root.get("/users/", HTTP_ORIGIN=ORIGIN).headers
    assert (headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Credentials"], headers["Vary"]) == (
        ORIGIN, "true", "Origin",
    )  # fmt: skip


def test_a_browser_may_ask_first(nobody):
    asked = {"HTTP_ORIGIN": ORIGIN, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PATCH",
             "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization"}  # fmt: skip
    answer = nobody.call("OPTIONS", "/users/", **asked)
    assert (answer.status, answer.headers["Access-Control-Allow-Headers"]) == (200, "authorization")
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]


def test_without_an_origin_there_is_nothing_to_allow(root):
    assert not any(name.startswith("Access-Control") for name in root.get("/users/").headers)


# The document.


@pytest.mark.parametrize(("prefix", "server"), [("/dimail", "/dimail"), ("", "/")])
def test_the_document_says_where_it_is(nobody, prefix, server):
    answer = nobody.get("/openapi.json", prefix=prefix)
    assert (answer.status, answer.json["servers"]) == (200, [{"url": server}])


def test_the_document_has_every_call(nobody):
    told = nobody.get("/openapi.json").json["paths"]
    assert {(method.upper(), path) for path in told for method in told[path]} == {
        (route.method, f"{route.path}/") for route in ROUTES
    }


def test_no_reference_leads_nowhere():
    told = document.document()
    names = set(re.findall(r"#/components/schemas/(\w+)", str(told)))
    assert names and names <= told["components"]["schemas"].keys()


def told_of(route, status):
    return document.document()["paths"][f"{route.path}/"][route.method.lower()]["responses"].get(str(status))


def test_the_document_says_that_a_body_may_be_too_large():
    assert [route.path for route in ROUTES if (told_of(route, 413) is None) != (route.body is None)] == []


def test_the_document_says_when_to_try_again():
    assert [route.path for route in ROUTES if "Retry-After" not in told_of(route, 503)["headers"]] == []


def test_calls_have_names_of_their_own():
    names = [operation["operationId"] for path in document.document()["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


def test_every_call_says_what_it_does():
    assert [route.path for route in ROUTES if not document.remark(route)] == []


def test_every_call_asks_who_calls():
    assert [route.path for route in ROUTES if route.guard is Guard.NONE] == []


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/docs", "text/html; charset=utf-8"), ("/docs/swagger-ui.css", "text/css"),
        ("/docs/swagger-ui-bundle.js", "text/javascript"), ("/docs/favicon.png", "image/png"),
    ],
)  # fmt: skip
def test_there_is_a_page_to_try_it(nobody, path, media):
    answer = nobody.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media)


def test_the_page_loads_nothing_from_elsewhere(nobody):
    page = nobody.get("/docs")
    assert "https://" not in page.body.decode() and "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/docs/../settings.py", "/docs/index.html", "/docs/"])
def test_no_other_file_is_given(nobody, path):
    assert nobody.get(path).status == 404


def test_a_call_costs_one_query_before_its_own(root, regie, django_assert_num_queries, monkeypatch):
    root.post("/domains/", {"name": "town.example", "features": ["mailbox"], "context_name": None})
    token, asked = regie.with_token(), []
    monkeypatch.setattr(dimail_domains, "show", lambda caller: pytest.fail("not theirs"))
    find = dimail_callers.find
    monkeypatch.setattr(dimail_callers, "find", lambda *given: asked.append(given) or find(*given))
    with django_assert_num_queries(0):
        assert token.get("/domains/town.example").status == 401
    assert len(asked) == 1


def test_a_client_can_be_anybody():
    assert Dimail("é", "ü").headers["HTTP_AUTHORIZATION"].startswith("Basic ")
