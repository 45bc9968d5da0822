"""One request to dimail: signed in, in bounded time and size, repeated only where that can do no harm."""

import base64
import re
import threading
import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import urllib3

from postroom.drivers import hanging_up
from postroom.drivers.contract import CALL_LIMIT, PermanentFailure, TemporaryFailure
from postroom.drivers.dimail.access import Access

REQUEST: Final = 10.0
"""Seconds of one request; a check may take what is left of the call."""
_CALL: Final = CALL_LIMIT - 1.0
_CONNECT: Final = 4.0
_RESERVE: Final = 2.0
_GRACE: Final = 0.25
"""Seconds by which a socket's own limit comes first."""
_LARGEST: Final = 32 << 20
"""Bytes of an answer: the list of a domain with a hundred thousand mailboxes."""
_CHUNK: Final = 65_536
_PAUSES: Final = (0.1, 0.4)
"""Seconds before the second and the third try."""
_SAFE: Final = frozenset({"GET", "PATCH", "DELETE"})
_NOT_KNOWN: Final = 501
_NOT_NOW: Final = frozenset({408, 425, 429})
_EARLY: Final = 60.0
"""Seconds before a token ends in which we no longer use it."""
_UNDATED: Final = 300.0
_LONGEST_DETAIL: Final = 300
_NO_NUL: Final = (rb"\u0000", rb"\ufffd")
"""In JSON: what databases refuse, and what stands in its place."""
_TOKEN: Final = re.compile("[!-~]+")
_LATER: Final = 300.0
"""Seconds: until somebody has put our access right."""
_SOON: Final = 5.0

Answer = TypeVar("Answer")


class NoRight(PermanentFailure):
    """We may not do this, or what it is about is not there: dimail says the same to both."""


class Guard(Enum):
    BASIC = "Basic"
    BEARER = "Bearer"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    path: tuple[str, ...]
    """Its parts; an empty one at the end is a slash there."""
    body: Mapping[str, object] | None = None
    query: Mapping[str, str] = {}
    guard: Guard = Guard.BEARER
    patience: float = REQUEST

    @property
    def url(self) -> str:
        """Raises PermanentFailure for names that a path cannot hold."""
        if any("/" in part or part in {".", ".."} for part in self.path):
            raise PermanentFailure(f"dimail cannot be asked about a name such as {' '.join(self.path)!r}")
        path = "/".join(quote(part, safe="") for part in self.path)
        return f"/{path}?{urlencode(self.query)}" if self.query else f"/{path}"

    @property
    def is_safe(self) -> bool:
        """Whether it may be sent again when nobody knows what became of it."""
        return self.method in _SAFE


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    request: str
    """Method and path, for messages."""
    status: int
    body: bytes

    def __repr__(self) -> str:
        """Without the body, where passwords and codes are."""
        return f"Reply({self.request!r}, {self.status})"

    @property
    def is_trouble(self) -> bool:
        """Of dimail, or of what stands before it."""
        return self.status >= 500 and self.status != _NOT_KNOWN

    @property
    def detail(self) -> str:
        """In dimail's own words, for people; empty where it has none."""
        try:
            told = self.read(dict[str, Any]).get("detail", "")
        except TemporaryFailure:
            return ""
        return (told if isinstance(told, str) else _of_validation(told))[:_LONGEST_DETAIL]

    def read(self, type: type[Answer]) -> Answer:
        """Raises TemporaryFailure: what was asked may have been done."""
        try:
            return msgspec.json.decode(self.body.replace(*_NO_NUL), type=type, strict=False)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise self.unreadable() from None

    def require_removed(self) -> None:
        """Of a DELETE, also where there was nothing any more. Raises TemporaryFailure, PermanentFailure."""
        if 200 <= self.status < 300 and self.status != 204:
            raise self.unreadable()
        if self.status not in (204, 404):
            raise self.refusal()

    def unreadable(self) -> TemporaryFailure:
        return TemporaryFailure(f"dimail answers {self.request} with something that makes no sense", _SOON)

    def refusal(self) -> PermanentFailure:
        told = f": {self.detail}" if self.detail else ""
        return PermanentFailure(f"dimail refuses {self.request} ({self.status}){told}")

    def failure(self) -> TemporaryFailure:
        return TemporaryFailure(f"dimail answers {self.request} with status {self.status}")


def _of_validation(told: object) -> str:
    """Where the mistakes are and what they are; never the input, which FastAPI repeats."""
    if not isinstance(told, list):
        return ""
    mistakes = (one for one in told if isinstance(one, dict))
    return "; ".join(f"{'.'.join(map(str, one.get('loc') or ()))}: {one.get('msg', '')}" for one in mistakes)


class Client:
    """Keeps connections and the token; for all threads."""

    def __init__(self, access: Access, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.access = access
        self.sleep = sleep
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=8, block=False, retries=False)
        self._pool.pool_classes_by_scheme = hanging_up.POOLS
        self._token = "", 0.0
        self._lock = threading.Lock()

    def begin(self) -> "Talk":
        """The requests of one call of the driver, which share its time."""
        return Talk(self, time.monotonic() + _CALL)

    def close(self) -> None:
        self._pool.clear()

    def token(self, talk: "Talk", refused: str = "") -> str:
        """`refused`: one that dimail did not take. Raises TemporaryFailure, also where our password is not taken: that
        is no fault of what was asked for."""
        text, until = self._token
        if text and text != refused and time.monotonic() < until:
            return text
        reply = talk.send(_ASK_TOKEN, self.basic())
        if reply.status in (401, 403):
            raise TemporaryFailure(f"dimail at {self.access.host} does not take our name and password", _LATER)
        if reply.status != 200:
            raise reply.failure()
        answer = reply.read(_Token)
        with self._lock:
            self._token = answer.access_token, time.monotonic() + _seconds_of(answer.access_token) - _EARLY
        return answer.access_token

    def basic(self) -> dict[str, str]:
        pair = f"{self.access.user}:{self.access.password()}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def forget(self) -> None:
        self._token = "", 0.0

    def exchange(self, request: Request, headers: Mapping[str, str], until: float) -> Reply:
        """Raises urllib3's HTTPError, and TemporaryFailure for what is too long or takes too long."""
        left = max(until - time.monotonic(), 0.05)
        sent = {} if request.body is None else {"Content-Type": "application/json"}
        with hanging_up.after(until + _GRACE) as watch:
            try:
                response = self._pool.request(
                    request.method,
                    self.access.url + request.url,
                    body=None if request.body is None else msgspec.json.encode(request.body),
                    headers={"Accept": "application/json", **sent, **headers},
                    timeout=urllib3.Timeout(connect=min(_CONNECT, left), read=left),
                    redirect=False,
                    preload_content=False,
                )
                content = _content(response)
            except urllib3.exceptions.HTTPError as error:
                if not watch.is_over or isinstance(error, urllib3.exceptions.TimeoutError):
                    raise
        if watch.is_over:
            raise TemporaryFailure("dimail takes too long for one answer")
        return Reply(request=f"{request.method} {request.url}", status=response.status, body=content)


class _Token(msgspec.Struct):
    access_token: str

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.access_token):
            raise ValueError("no token")


def _seconds_of(token: str) -> float:
    """How long it is good, by its own words (RFC 7519 section 4.1.4). The signature is dimail's affair."""
    try:
        claims = token.split(".")[1]
        ends = msgspec.json.decode(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
        return float(ends) - time.time()
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return _UNDATED


def _content(response: urllib3.BaseHTTPResponse) -> bytes:
    body = bytearray()
    try:
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > _LARGEST:
                raise TemporaryFailure("dimail answers with far too much", _LATER)
    finally:
        response.release_conn() if response.length_remaining == 0 else response.close()
    return bytes(body)


_ASK_TOKEN: Final = Request(method="GET", path=("token", ""))


class Talk:
    """The requests of one call of the driver, which share its time."""

    def __init__(self, client: Client, until: float) -> None:
        self._client = client
        self._until = until

    @property
    def access(self) -> Access:
        return self._client.access

    @property
    def is_over(self) -> bool:
        """Whether it is time to leave the rest to another call."""
        return time.monotonic() + _RESERVE > self._until

    def ask(self, request: Request) -> Reply:
        """What dimail refuses is an answer, and so is a 500 to a POST.

        Raises TemporaryFailure where there is no answer, or dimail says that it cannot now; NoRight.
        """
        reply = self._as_basic(request) if request.guard is Guard.BASIC else self._with_token(request)
        if reply.status in (401, 403, 404) and not reply.detail:
            raise TemporaryFailure(f"What answers {reply.request} with status {reply.status} is not dimail")
        if reply.status in (401, 403):
            raise NoRight(reply.refusal().reason)
        if reply.status in _NOT_NOW or (reply.is_trouble and (request.is_safe or reply.status != 500)):
            raise reply.failure()
        if 300 <= reply.status < 400:
            raise TemporaryFailure(f"dimail at {self.access.host} sends us elsewhere: is its address right?", _LATER)
        return reply

    def _as_basic(self, request: Request) -> Reply:
        reply = self.send(request, self._client.basic())
        if reply.status == 403:
            # Is it our password that is not taken, or have we no right to this? It says the same to both.
            self._client.forget()
            self._client.token(self)
        return reply

    def _with_token(self, request: Request) -> Reply:
        token = self._client.token(self)
        reply = self.send(request, {"Authorization": f"Bearer {token}"})
        if reply.status != 403:
            return reply
        # Nothing was done: the token may have ended early, or dimail has begun anew.
        fresh = self._client.token(self, refused=token)
        return self.send(request, {"Authorization": f"Bearer {fresh}"})

    def send(self, request: Request, headers: Mapping[str, str]) -> Reply:
        for pause in (*_PAUSES, None):
            again = request.is_safe and pause is not None and time.monotonic() + pause < self._until
            until = min(self._until, time.monotonic() + request.patience)
            try:
                reply = self._client.exchange(request, headers, until)
            except urllib3.exceptions.HTTPError as error:
                if not again:
                    raise self._silent(request, error) from None
            else:
                if not reply.is_trouble or not again:
                    return reply
            self._client.sleep(pause or 0.0)
        raise AssertionError("the last try ends the loop")

    def _silent(self, request: Request, error: urllib3.exceptions.HTTPError) -> TemporaryFailure:
        """The error's own text would show where the pool is, and no more."""
        asked, kind = f"{request.method} {request.url}", type(error).__name__
        return TemporaryFailure(f"dimail at {self.access.host} does not answer {asked}: {kind}", _SOON)
