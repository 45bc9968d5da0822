import io
import json
from typing import Any

import pytest

from postroom.wsgi import application
from tests import cast


class Client:
    """A client of OMA, without the network."""

    def __init__(self, user: str = cast.ALICE, password: str = cast.PASSWORD) -> None:
        self.credentials: dict[str, Any] = {"user": user, "password": password}
        self.status = ""
        self.body = b""

    def raw(self, path: str, body: bytes, verb: str = "POST", **environ: Any) -> bytes:
        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            self.status = status
            assert dict(headers)["Content-Type"].startswith("application/json")

        environ = {
            "REQUEST_METHOD": verb, "PATH_INFO": path, "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.1",
            "wsgi.input": io.BytesIO(body), **environ,
        }  # fmt: skip
        self.body = b"".join(application(environ, start_response))
        return self.body

    def call(self, method: str, **fields: Any) -> dict[str, Any]:
        request = {"credentials": self.credentials, **fields}
        answer: dict[str, Any] = json.loads(self.raw(f"/api/{method}", json.dumps(request).encode()))
        return answer

    def ok(self, method: str, **fields: Any) -> dict[str, Any]:
        """The answer of a call that must succeed."""
        answer = self.call(method, **fields)
        assert answer["success"] is True, answer
        return answer

    def refused(self, method: str, **fields: Any) -> int:
        """The error number of a call that must fail."""
        answer = self.call(method, **fields)
        assert answer["success"] is False, answer
        assert self.status.startswith("200"), self.status
        number: int = answer["error_number"]
        return number

    def domain(self, name: str = cast.ACME) -> dict[str, Any]:
        attributes: dict[str, Any] = self.ok("get_domain", domain=name)["attributes"]
        return attributes

    def user(self, address: str = cast.UMA) -> dict[str, Any]:
        attributes: dict[str, Any] = self.ok("get_user", user=address)["attributes"]
        return attributes

    def set_domain(self, **attributes: Any) -> dict[str, Any]:
        return self.ok("change_domain", domain=cast.ACME, attributes=attributes)

    def set_user(self, address: str = cast.UMA, **attributes: Any) -> dict[str, Any]:
        return self.ok("change_user", user=address, attributes=attributes)

    def new_user(self, address: str, **attributes: Any) -> dict[str, Any]:
        return self.ok("change_user", user=address, attributes={"password": cast.HASH, **attributes}, create_only=True)

    def users(self, domain: str = cast.ACME, **fields: Any) -> list[str]:
        """The addresses that search_users finds; `criteria` come on top of the domain."""
        criteria = {"domain": domain, **fields.pop("criteria", {})}
        return [line["user"] for line in self.ok("search_users", criteria=criteria, **fields)["users"]]


@pytest.fixture
def alice(acme) -> Client:
    return Client()


@pytest.fixture
def as_(acme):
    """Somebody of the cast as a client: as_(cast.UMA)."""
    return Client


@pytest.fixture
def catchall_allowed(acme):
    from postroom.store.models import Company

    Company.objects.update(catchall_allowed=True)


@pytest.fixture
def brand(acme):
    from postroom.store.models import Brand, Company

    company = Company.objects.get(name="acme")
    return Brand.objects.create(company=company, name="Acme Blue", folded_name="acme blue", created_at=0)


@pytest.fixture
def with_role(acme):
    """A new account of acme.adm that holds one role, as a client."""
    from postroom.actions import admin_roles
    from postroom.core.roles import OPERATOR

    def make(role: str) -> Client:
        address = f"{role}@acme.adm"
        cast.mailbox(address)
        admin_roles.assign(OPERATOR, cast.origin(), address, role, ["acme"])
        return Client(address)

    return make
