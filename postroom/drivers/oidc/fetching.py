"""Small JSON documents from a server that the operator named: encrypted, in bounded time and size."""

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

import msgspec
import urllib3

from postroom.core.identity import may_ask
from postroom.drivers import hanging_up
from postroom.drivers.contract import PermanentFailure, TemporaryFailure

SECONDS: Final = 10.0
LARGEST: Final = 1 << 20
"""Bytes of an answer."""
_SILENCE: Final = 5.0
_CHUNK: Final = 65_536
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Reply(msgspec.Struct, frozen=True):
    status: int
    type: str
    body: bytes

    def json(self) -> dict[str, object]:
        """Raises PermanentFailure."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, object])
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise PermanentFailure("The identity provider answers with something that is no JSON object") from None


def check_url(url: str) -> None:
    """Raises PermanentFailure."""
    if not may_ask(url):
        raise PermanentFailure(f"{url!r} is no address to ask an identity provider at: it must begin with https")


class Fetcher:
    """Follows no redirect: where an answer comes from was checked, where it points to was not."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=4, timeout=urllib3.Timeout(connect=_SILENCE, read=_SILENCE), retries=False
        )
        self._pool.pool_classes_by_scheme = hanging_up.POOLS

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        return self._ask("GET", url, None, headers or {})

    def post(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        return self._ask("POST", url, fields, headers)

    def _ask(self, method: str, url: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]) -> Reply:
        """Raises TemporaryFailure, PermanentFailure."""
        check_url(url)
        with hanging_up.after(time.monotonic() + SECONDS) as watch:
            try:
                response = self._pool.request(
                    method,
                    url,
                    body=urlencode(fields) if fields is not None else None,
                    headers={"Accept": "application/json", **headers, **(_FORM if fields is not None else {})},
                    redirect=False,
                    preload_content=False,
                )
                body = _read(response)
            except urllib3.exceptions.HTTPError as error:
                if not watch.is_over:
                    host = urlsplit(url).hostname
                    why = type(error).__name__
                    raise TemporaryFailure(f"The identity provider at {host} does not answer: {why}") from None
        if watch.is_over:
            raise TemporaryFailure("The identity provider takes too long for one answer")
        return _judged(Reply(response.status, response.headers.get("Content-Type", ""), body))


def _read(response: urllib3.BaseHTTPResponse) -> bytes:
    body = bytearray()
    try:
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > LARGEST:
                raise PermanentFailure("The identity provider answers with far too much")
    finally:
        response.close()
    return bytes(body)


def _judged(reply: Reply) -> Reply:
    if reply.status >= 500 or reply.status == 429:
        raise TemporaryFailure(f"The identity provider answers with status {reply.status}")
    return reply
