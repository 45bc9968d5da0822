"""How calls are named to FAKE mode."""

import pytest

from postroom.core.errors import BadRequest
from postroom.faces.dimail_fake.endpoints import Endpoint, parts_of, read

ROUTES = [
    Endpoint(method, parts_of(path))
    for method, path in (
        ("GET", "/users"),
        ("POST", "/domains/{domain}/mailboxes/{user}"),
        ("DELETE", "/domains/{domain}/aliases/{user}/all"),
        ("DELETE", "/domains/{domain}/aliases/{user}/{destination}"),
    )
]


@pytest.mark.parametrize(
    ("written", "method", "path", "is_meant"),
    [
        ("GET /users", "GET", "/users/", True),
        ("get /users/", "GET", "/users", True),
        ("GET /users/", "POST", "/users/", False),
        ("any /users/", "GET", "/users/", True),
        ("POST /domains/{domain}/mailboxes/{user}", "POST", "/domains/a.example/mailboxes/uma/", True),
        ("POST /domains/{d}/mailboxes/{u}", "POST", "/domains/a.example/mailboxes/uma", True),
        ("POST /domains/a.example/mailboxes/{u}", "POST", "/domains/a.example/mailboxes/uma", True),
        ("POST /domains/a.example/mailboxes/{u}", "POST", "/domains/b.example/mailboxes/uma", False),
        ("POST /domains/a.example/mailboxes/{u}", "POST", "/domains/a.example/mailboxes/uma/code", False),
        ("DELETE /domains/{d}/aliases/{u}/all", "DELETE", "/domains/a.example/aliases/it/uma@a.example", False),
        (
            "DELETE /domains/{d}/aliases/it/uma%40b.example",
            "DELETE",
            "/domains/a.example/aliases/it/uma@b.example",
            True,
        ),
        ("POST /domains/A.example/mailboxes/uma", "POST", "/domains/a.example/mailboxes/Uma", True),
        ("POST /domains/école.example/mailboxes/{u}", "POST", "/domains/xn--cole-9oa.example/mailboxes/uma", True),
    ],
)
def test_a_call_is_meant_by_its_parts(written, method, path, is_meant):
    endpoint = read(written, ROUTES)
    assert endpoint is not None and endpoint.covers(method, path) is is_meant


def test_any_is_every_call():
    assert read("any", ROUTES) is None


@pytest.mark.parametrize(
    "written", ["", "GET", "/users/", "POST /users/", "GET /user/", "POST /domains/{d}/{x}/{u}", "GET /{x}"]
)
def test_what_nobody_can_call_is_refused(written):
    with pytest.raises(BadRequest) as refused:
        read(written, ROUTES)
    assert "endpoint" in refused.value.hints
