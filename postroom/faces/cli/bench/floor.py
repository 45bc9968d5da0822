"""The floor: what a handler costs that is written by hand for one kind of call and checks nothing.

It runs on the same server software with the same processes and threads, sends the very statements that Postroom
sent for such a call (prepare.record wrote them down; with BEGIN, the row's lock and COMMIT) over the driver's
own connection, decodes the request and the JSON columns and encodes an answer of the same content.

What it leaves out, and Postroom does: whether the token is alive and is that account's, whether the account and its
domain are enabled, who may see or change what, validation of values, names of attributes and their other
spellings, what is settable by whom (the list is a constant here), suspensions, inheritance beyond the company's
values, leniency about the request's form, limits of sizes, errors and their hints, the retry when two writers
meet, log lines, and the choice of the face by the path. A password is looked up by its keyed digest in a dict;
an unknown one is simply believed.
"""

import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from postroom.faces.cli.bench.script import BY_PASSWORD, Prepared, Script, Source, Statement

Row = Sequence[Any]
Answer = Callable[[list[list[Row]]], dict[str, Any]]

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_local = threading.local()
_believed: dict[bytes, bool] = {}
_key = os.urandom(32)
_URL = os.environ.get("DATABASE_URL", "")
_IS_SQLITE = _URL.startswith("sqlite")
BEGIN = "BEGIN IMMEDIATE" if _IS_SQLITE else "BEGIN"


def connection() -> Any:
    found = getattr(_local, "connection", None)
    if found is None:
        found = _local.connection = _sqlite() if _IS_SQLITE else _postgresql()
    return found


def _sqlite() -> Any:
    import sqlite3

    made = sqlite3.connect(_URL.removeprefix("sqlite:///"), timeout=20, isolation_level=None)
    made.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON;"
    )
    return made


def _postgresql() -> Any:
    import psycopg
    from psycopg.types.string import TextLoader

    made = psycopg.connect(_URL, autocommit=True, prepare_threshold=1)
    made.adapters.register_loader("jsonb", TextLoader)
    return made


def _value(source: Source, name: str, token_hash: str, rows: list[list[Row]]) -> Any:
    kind = source.kind
    if kind == "constant":
        return source.constant
    if kind == "row":
        return rows[source.statement][0][source.column]
    if kind == "name":
        return name
    return token_hash if kind == "token" else str(rows[source.statement][0][source.column])


def _run(
    statement: Statement, name: str, token_hash: str, rows: list[list[Row]], computed: dict[str, Any]
) -> list[Row]:
    if statement.writes:
        parameters = [
            computed[column] if column in computed else _value(source, name, token_hash, rows)
            for column, source in zip(statement.columns, statement.sources, strict=True)
        ]
    else:
        parameters = [_value(source, name, token_hash, rows) for source in statement.sources]
    cursor = connection().execute(statement.sql, parameters)
    return [] if statement.writes else cursor.fetchall()  # asking for cursor.description costs psycopg a third


def _reading(script: Script, answer: Answer) -> Callable[[dict[str, Any], str, str], dict[str, Any]]:
    def handle(request: dict[str, Any], name: str, token_hash: str) -> dict[str, Any]:
        rows: list[list[Row]] = []
        for statement in script.statements:
            rows.append(_run(statement, name, token_hash, rows, {}))
        return answer(rows)

    return handle


def _changing(script: Script, table: str) -> Callable[[dict[str, Any], str, str], dict[str, Any]]:
    reads = [s for s in script.statements if not s.writes]
    writes = [s for s in script.statements if s.writes]
    at = reads[-1].columns.index
    settings_at, generation_at, head_at = (
        at(f"{table}.settings"),
        at(f"{table}.generation"),
        at(f"{table}.history_head"),
    )

    def handle(request: dict[str, Any], name: str, token_hash: str) -> dict[str, Any]:
        rows: list[list[Row]] = [_run(reads[0], name, token_hash, [], {})]
        driver = connection()
        driver.execute(BEGIN)
        for statement in reads[1:]:
            rows.append(_run(statement, name, token_hash, rows, {}))
        row = rows[-1][0]
        settings = _decode(row[settings_at])
        computed = _changed(settings, request["attributes"], row[generation_at], row[head_at], name)
        for statement in writes:
            rows.append(_run(statement, name, token_hash, rows, computed))
        driver.execute("COMMIT")
        return {}

    return handle


def _changed(
    settings: dict[str, Any], attributes: dict[str, Any], generation: int, head: str, name: str
) -> dict[str, Any]:
    """Values of the columns that a change writes anew."""
    now = int(time.time() * 1000)
    changes = _encode({n: [settings.get(n), v] for n, v in attributes.items()}).decode()
    settings.update(attributes)
    digest = hashlib.sha256(_encode((head, now, name, "changed", changes))).hexdigest()
    return {
        "at": now, "due_at": now, "settings": _encode(settings).decode(), "generation": generation + 1,
        "changes": changes, "previous": head, "hash": digest, "history_head": digest,
    }  # fmt: skip


def _showing(script: Script, table: str, name_column: str) -> Answer:
    """The answer of get_domain and get_user: settings, what is inherited, what else the row says; the rest constant."""
    found = next(n for n, s in enumerate(script.statements) if f"{table}.settings" in s.columns and n)
    at = script.statements[found].columns.index
    settings_at, name_at, created_at = at(f"{table}.settings"), at(f"{table}.{name_column}"), at(f"{table}.created_at")
    aliases_at, company_at = at(f"{table}.aliases"), at("store_company.settings")
    domain_at = at("store_domain.settings") if table == "store_mailbox" else None
    top = _ready({k: v for k, v in script.answer.items() if k not in {"attributes", "metadata", "audit"}})
    attributes = script.answer["attributes"]
    metadata = _ready({k: v for k, v in script.answer["metadata"].items() if k != "inherit"})
    inherit = script.answer["metadata"]["inherit"]

    def answer(rows: list[list[Row]]) -> dict[str, Any]:
        row = rows[found][0]
        above = _decode(row[company_at])
        if domain_at is not None:
            above |= _decode(row[domain_at])
        own = {**attributes, **_decode(row[settings_at]), "account": row[name_at], "aliases": _decode(row[aliases_at])}
        inherited = {name: above.get(name, value) for name, value in inherit.items()}
        return {
            **top,
            "attributes": own,
            "metadata": {**metadata, "createtime": row[created_at] // 1000, "inherit": inherited},
        }

    return answer


def _ready(values: dict[str, Any]) -> dict[str, Any]:
    """Constant parts, encoded beforehand where they are large."""
    return {k: msgspec.Raw(_encode(v)) if isinstance(v, dict | list) else v for k, v in values.items()}


def _listing(script: Script) -> Answer:
    """The answer of search_users."""
    listed = next(n for n, s in enumerate(script.statements) if "store_address.is_alias" in s.columns and n)
    total = next((n for n, s in enumerate(script.statements) if s.sql.startswith("SELECT COUNT")), None)
    at = script.statements[listed].columns.index
    address, is_alias, kind, state, group, settings = (
        at(f"store_{name}") for name in ("address.address", "address.is_alias", "mailbox.type", "mailbox.status",
                                         "workgroup.name", "mailbox.settings")
    )  # fmt: skip

    def answer(rows: list[list[Row]]) -> dict[str, Any]:
        users = [
            {
                "user": row[address],
                "type": "alias" if row[is_alias] else row[kind],
                "workgroup": row[group],
                "status": "active" if row[state] == "enabled" and _decode(row[settings]) else "suspended",
                "alias_target": None,
            }
            for row in rows[listed]
        ]
        number = len(users) if total is None else rows[total][0][0]
        return {"users": users, "count": len(users), "total_count": number}

    return answer


def _handlers(scripts: dict[str, Script]) -> dict[str, Callable[[dict[str, Any], str, str], dict[str, Any]]]:
    domain, user = scripts["get_domain"], scripts["get_user"]
    return {
        "get_domain": _reading(domain, _showing(domain, "store_domain", "name")),
        BY_PASSWORD: _reading(scripts[BY_PASSWORD], _showing(domain, "store_domain", "name")),
        "get_user": _reading(user, _showing(user, "store_mailbox", "address")),
        "search_users": _reading(scripts["search_users"], _listing(scripts["search_users"])),
        "change_domain": _changing(scripts["change_domain"], "store_domain"),
        "change_user": _changing(scripts["change_user"], "store_mailbox"),
    }


def _believe(user: str, password: str) -> None:
    digest = hashlib.blake2b(f"{user}:{password}".encode(), key=_key, digest_size=32).digest()
    if digest not in _believed:
        _believed[digest] = True


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    request = _decode(environ["wsgi.input"].read())
    call = environ["PATH_INFO"][5:]
    credentials = request["credentials"]
    token_hash = ""
    if "password" in credentials:
        _believe(credentials["user"], credentials["password"])
        call = BY_PASSWORD
    else:
        token_hash = hashlib.sha256(credentials["token"].encode()).hexdigest()
    name = request.get("user") or request.get("domain") or request["criteria"]["domain"]
    answer = _HANDLERS[call](request, name, token_hash)
    audit = f"floor_{int(datetime.now(UTC).timestamp()):08x}"
    body = b'%b, "audit":"%b"}' % (_encode({"success": True, **answer})[:-1], audit.encode())
    headers = [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store"),
               ("Content-Length", str(len(body)))]  # fmt: skip
    start_response("200 OK", headers)
    return [body]


_SCRIPTS = os.environ.get("POSTROOM_BENCH_SCRIPTS")
_HANDLERS = _handlers(msgspec.json.decode(Path(_SCRIPTS).read_bytes(), type=Prepared).scripts) if _SCRIPTS else {}


def serve(served: str) -> None:
    """Arguments of the process: port, processes, threads. The server is set up as in running.serve."""
    from granian import Granian
    from granian.constants import Interfaces

    port, workers, threads = (int(argument) for argument in sys.argv[1:4])
    Granian(
        served,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    serve("postroom.faces.cli.bench.floor:application")
