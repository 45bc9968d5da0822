"""The floor of REST: for each request the SQL that Postroom sent for it, and an answer of the same content encoded.

It asks nothing and checks nothing, not even whose key it is, and works nothing out: of a request it reads what a new
mailbox is called. The server is set up as Postroom's (floor.py).
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from postroom.faces.cli.bench import floor
from postroom.faces.cli.bench.rest_script import RECORDED, VALUE, Exchange, Prepared

_encode = msgspec.json.Encoder().encode
_FILE = os.environ.get("POSTROOM_BENCH_EXCHANGES")


def _by_request(prepared: Prepared) -> dict[tuple[str, str], Exchange]:
    return {(one.method, one.path): one for same in prepared.exchanges.values() for one in same}


_EXCHANGES = _by_request(msgspec.json.decode(Path(_FILE).read_bytes(), type=Prepared)) if _FILE else {}


def _read(exchange: Exchange) -> None:
    driver = floor.connection()
    for statement in exchange.statements:
        driver.execute(statement.sql, statement.parameters).fetchall()


def _write(exchange: Exchange, body: bytes) -> None:
    begins = exchange.body.encode().index(VALUE.encode())
    value, made = body[begins : begins + len(VALUE)].decode(), None
    driver = floor.connection()
    driver.execute(floor.BEGIN)
    for statement in exchange.statements:
        parameters: list[Any] = [_filled(parameter, value) for parameter in statement.parameters]
        for n in statement.made:
            parameters[n] = made
        cursor = driver.execute(statement.sql, parameters)
        if statement.returns:
            made = cursor.fetchone()[0]
        elif statement.sql.startswith("SELECT"):
            cursor.fetchall()
    driver.execute("COMMIT")


def _filled(parameter: Any, value: str) -> Any:
    return parameter.replace(RECORDED, value) if isinstance(parameter, str) else parameter


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    query, path = environ.get("QUERY_STRING", ""), environ["PATH_INFO"]
    exchange = _EXCHANGES[environ["REQUEST_METHOD"], f"{path}?{query}" if query else path]
    if exchange.body:
        _write(exchange, environ["wsgi.input"].read())
    else:
        _read(exchange)
    answer = _encode(exchange.answer)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    start_response("201 Created" if exchange.body else "200 OK", headers)
    return [answer]


if __name__ == "__main__":
    floor.serve("postroom.faces.cli.bench.rest_floor:application")
