"""A client of the dimail face, without the network: `Dimail(basic=("root", "secret")).get("/users/")`."""

import base64
import io
import json
from typing import Any

from postroom.wsgi import application, dimail_alone
from tests import cast

ROOT = "root"


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> Any:
        return self.json["detail"]

    def __repr__(self) -> str:
        return f"{self.status} {self.body!r}"


class Dimail:
    """With a name and a password, a token, or neither. `headers` go with every call."""

    def __init__(self, name: str | None = None, password: str = cast.PASSWORD, *, token: str = "") -> None:
        self.headers: dict[str, str] = {}
        if name is not None:
            secret = base64.b64encode(f"{name}:{password}".encode()).decode()
            self.headers["HTTP_AUTHORIZATION"] = f"Basic {secret}"
        if token:
            self.headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def call(self, method: str, path: str, sent: Any = None, *, prefix: str = "/dimail", **environ: str) -> Answer:
        body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
        path, _, query = path.partition("?")
        told: list[Any] = []
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": f"{prefix}{path}".encode().decode("latin-1"),
            "QUERY_STRING": query, "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.0.2.1",
            "wsgi.input": io.BytesIO(body), **self.headers, **environ,
        }  # fmt: skip
        serve = application if prefix else dimail_alone
        got = b"".join(serve(asked, lambda status, headers: told.extend([status, headers])))  # type: ignore[arg-type]
        return Answer(int(told[0].split()[0]), dict(told[1]), got)

    def get(self, path: str, **environ: str) -> Answer:
        return self.call("GET", path, **environ)

    def post(self, path: str, sent: Any = None, **environ: str) -> Answer:
        return self.call("POST", path, sent, **environ)

    def patch(self, path: str, sent: Any = None) -> Answer:
        return self.call("PATCH", path, sent)

    def delete(self, path: str, sent: Any = None) -> Answer:
        return self.call("DELETE", path, sent)

    def token(self) -> str:
        answer = self.get("/token/")
        assert answer.status == 200, answer
        return str(answer.json["access_token"])

    def with_token(self) -> "Dimail":
        """The same account, on the routes that want a token."""
        return Dimail(token=self.token())
