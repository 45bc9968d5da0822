"""The OpenAPI document and its page. Whether REST keeps what it says: tests/processes/test_rest_document.py."""

import re

import pytest
from django.test import Client

from postroom.faces.rest.api import api

PATHS = {
    (path.removeprefix("/api/v1.0"), method): operation
    for path, methods in api.document["paths"].items()
    for method, operation in methods.items()
}


def test_it_is_there_for_everybody():
    answer = Client().get("/api/v1.0/openapi.json")
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    assert answer.json() == api.document


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for operation in PATHS.values()]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere():
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(api.document)):
        found = api.document
        for part in reference.split("/"):
            found = found[part]


@pytest.mark.parametrize("key", PATHS, ids=" ".join)
def test_every_operation_is_described_whole(key):
    path, method = key
    operation = PATHS[key]
    assert operation["summary"]
    assert set(re.findall(r"{(\w+)}", path)) == {
        one["name"] for one in operation["parameters"] if one.get("in") == "path"
    }
    statuses = set(operation["responses"])
    assert {"500", "503"} <= statuses
    if operation["security"]:
        assert {"401", "403"} <= statuses
        assert [] not in operation["security"]
    if "requestBody" in operation:
        assert {"400", "413", "415"} <= statuses
    if method in {"post", "put", "patch", "delete"}:
        assert "429" in statuses


def test_changes_with_a_session_need_the_token():
    for (_, method), operation in PATHS.items():
        if operation["security"] and method != "get":
            assert operation["security"][0] == {"session": [], "csrf": []}


def test_the_page_loads_nothing_from_elsewhere():
    answer = Client().get("/api/v1.0/docs")
    sources = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert sources
    assert [source for source in sources if not source.startswith("docs/")] == []
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    for source in sources:
        assert Client().get(f"/api/v1.0/{source}").status_code == 200


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js.map", "..%2Fconf.py", "nothing"])
def test_no_other_files_are_given_away(name):
    assert Client().get(f"/api/v1.0/docs/{name}").status_code == 404
