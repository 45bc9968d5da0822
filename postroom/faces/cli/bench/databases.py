"""Databases for one run: made fresh, gone afterwards. Nothing that was there before is touched."""

import contextlib
import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

_SCRIPT = Path(__file__).resolve().parents[4] / "scripts" / "postgres.py"
_MARK = "made by postroom bench"


class NotHere(Exception):
    """A database cannot be measured on this machine. The text says why."""


@contextlib.contextmanager
def cluster(given: str) -> Iterator[str]:
    """The URL of a PostgreSQL server: the given one, or a temporary one. Raises NotHere."""
    if given:
        yield given
        return
    if not _SCRIPT.exists():
        raise NotHere("give a PostgreSQL server with --postgresql-url or POSTROOM_BENCH_POSTGRESQL")
    spec = importlib.util.spec_from_file_location("postroom_scripts_postgres", _SCRIPT)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(script.temporary_cluster(durable=True))
        except script.NoPostgresError as error:
            raise NotHere(str(error)) from None
        yield url


@contextlib.contextmanager
def fresh(kind: str, name: str, folder: Path, server: str) -> Iterator[str]:
    """The DATABASE_URL of an empty database. Raises NotHere."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    try:
        _create(server, name)
    except psycopg.Error as error:
        raise NotHere(f"{name} cannot be created on the given server: {error}") from error
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _drop(server, name)


@contextlib.contextmanager
def without_role(name: str, server: str) -> Iterator[None]:
    """At the end the role is gone by which mail servers have read the database of that name."""
    try:
        yield
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_mail")))


def _create(server: str, name: str) -> None:
    known = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(known, [name]).fetchone()
        if found is not None and found[0] != _MARK:
            raise NotHere(f"there is a database {name} already that is not ours; it is left alone")
        if found is not None:  # of a run that was killed
            _drop(server, name)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), _MARK))


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def backends(url: str) -> list[int]:
    """The processes of PostgreSQL that serve a database's connections; none where they run on another machine."""
    if url.startswith("sqlite"):
        return []
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        found = [row[0] for row in connection.execute(query)]
    return [pid for pid in found if _comm(pid) == "postgres"]


@functools.cache
def postmaster(url: str) -> int:
    """The process of PostgreSQL above all of its others; 0 where there is none on this machine."""
    if url.startswith("sqlite"):
        return 0
    with psycopg.connect(url, autocommit=True) as connection:
        pid = connection.info.backend_pid
        if _comm(pid) != "postgres":
            return 0
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])


def _comm(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
