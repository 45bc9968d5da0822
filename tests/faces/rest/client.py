"""A client of REST, without the network, signed in as somebody of the cast."""

import json
from typing import Any

from django.test import Client

from postroom.core.public_ids import Kind, public_id
from postroom.core.slugs import slug
from postroom.store.models import Access, Alias, Domain, Invitation, Mailbox, Person
from tests import cast
from tests.sessions import sign_in

PREFIX = "/api/v1.0/"


def person_id(email: str) -> str:
    return public_id(Kind.PERSON, Person.objects.get(email=email).pk)


def domain_id(name: str = cast.ACME) -> str:
    return public_id(Kind.DOMAIN, Domain.objects.get(name=name, deleted_at=None).pk)


def access_id(email: str, domain: str = cast.ACME) -> str:
    return public_id(Kind.ACCESS, Access.objects.get(person__email=email, domain__name=domain).pk)


def mailbox_id(address: str) -> str:
    return public_id(Kind.MAILBOX, Mailbox.objects.get(address=address).pk)


def invitation_id(email: str) -> str:
    return public_id(Kind.INVITATION, Invitation.objects.get(email=email).pk)


def alias_id(local_part: str) -> str:
    return public_id(Kind.ALIAS, Alias.objects.get(local_part=local_part).pk)


class Rest:
    """`rest.get("mailboxes/")` is below acme.example; `rest.get("/users/me/")` is not."""

    def __init__(self, email: str = "", token: str = "", domain: str = cast.ACME) -> None:
        self.http, self.email = Client(), email
        self.domain = domain
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        if email:
            sign_in(self.http, Person.objects.get(email=email).pk)
        self.signed_in = self.http.cookies.copy()

    def path(self, path: str) -> str:
        return PREFIX + (path[1:] if path.startswith("/") else f"mail-domains/{slug(self.domain)}/{path}")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = b"" if body is None else body if isinstance(body, (bytes, str)) else json.dumps(body)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.generic(method, self.path(path), data, "application/json", headers={**self.headers, **sent})

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The body of an answer that must be 2xx."""
        answer = self.call(method, path, body, **headers)
        assert 200 <= answer.status_code < 300, (answer.status_code, answer.content)
        return answer.json() if answer.content else None

    def results(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ok("GET", path)["results"]
        return found
