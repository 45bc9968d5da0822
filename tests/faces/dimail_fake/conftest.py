"""FAKE mode without the network: the door, the real face behind it, and a server that notes dropped connections."""

import base64
import functools
import io
import json
from typing import Any

import pytest

from postroom.actions import setup
from postroom.core import dkim
from postroom.core.passwords import schemes
from postroom.core.passwords.methods import Costs
from postroom.faces.dimail.dispatch import application
from postroom.faces.dimail.routes import ROUTES
from postroom.faces.dimail_fake.commands import Fake
from postroom.faces.dimail_fake.door import DROP, Door
from postroom.faces.dimail_fake.endpoints import Endpoint, parts_of
from tests import cast
from tests.faces.dimail.client import Answer

REGIE = ("la_regie", "secret")
TOWN = "town.example"


_dkim_key = functools.cache(dkim.new_key)  # making one takes a tenth of a second


class Fakes:
    """A developer's program and the developer."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.dropped = 0
        self.begun_anew = 0
        self.token = ""
        routes = tuple(Endpoint(route.method, parts_of(route.path)) for route in ROUTES)
        self._door = Door(application, Fake(routes, self._begin_anew), sleep=self.slept.append)

    def call(
        self, method: str, path: str, sent: Any = None, *, basic: tuple[str, str] | None = None, **headers: str
    ) -> Answer | None:
        """None: the connection was dropped."""
        body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "192.0.2.1", "wsgi.input": io.BytesIO(body), DROP: self._drop, **headers,
        }  # fmt: skip
        if basic:
            environ["HTTP_AUTHORIZATION"] = f"Basic {base64.b64encode(':'.join(basic).encode()).decode()}"
        elif self.token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        told: list[Any] = []
        before = self.dropped
        got = b"".join(self._door(environ, lambda *said: told.extend(said)))  # type: ignore[arg-type]
        return None if self.dropped > before else Answer(int(told[0].split()[0]), dict(told[1]), got)

    def ok(self, method: str, path: str, sent: Any = None, *, basic: tuple[str, str] | None = None) -> Any:
        answer = self.call(method, path, sent, basic=basic)
        assert answer is not None and answer.status < 300, answer
        return answer.json if answer.body else None

    def tell(self, command: str, **arguments: Any) -> Any:
        return self.ok("POST", f"/control/{command}", arguments)

    def refused(self, command: str, **arguments: Any) -> Any:
        answer = self.call("POST", f"/control/{command}", arguments)
        assert answer is not None and answer.status == 400, answer
        return answer.json

    def mailbox(self, local_part: str, given: str = "Uma", sur: str = "Iversen") -> Answer | None:
        names = {"givenName": given, "surName": sur, "displayName": f"{given} {sur}"}
        return self.call("POST", f"/domains/{TOWN}/mailboxes/{local_part}", names)

    def accounts(self) -> list[Any]:
        """The OX accounts of the first context."""
        found: list[Any] = self.tell("state", domain=TOWN)["open_xchange"][0]["accounts"]
        return found

    def _drop(self) -> None:
        self.dropped += 1

    def _begin_anew(self) -> None:
        self.begun_anew += 1


@pytest.fixture
def fakes(db, settings, monkeypatch) -> Fakes:
    """Nothing is there."""
    settings.DIMAIL_JWT_SECRET = "only-for-tests-and-long-enough-for-hs256"
    settings.DIMAIL_FAKE = settings.FAKE_CONTROL = True
    encode, cheap = schemes.encode, Costs(argon2_passes=1, argon2_kib=8)
    monkeypatch.setattr(schemes, "encode", lambda plain, scheme, cost=cheap: encode(plain, scheme, cost=cheap))
    monkeypatch.setattr(dkim, "new_key", _dkim_key)
    setup.add_platform(cast.origin(), "fake", "fake", {"path": ":memory:"})
    return Fakes()


@pytest.fixture
def town(fakes) -> Fakes:
    """A checked domain, and an account with a token for it."""
    account = {"name": REGIE[0], "password": REGIE[1], "perms": ["new_domain"]}
    fakes.tell("seed", users=[account], domains=[{"name": TOWN}], allows=[{"user": REGIE[0], "domain": TOWN}])
    fakes.token = fakes.ok("GET", "/token/", basic=REGIE)["access_token"]
    return fakes
