"""Lets the servers read their tables: a role on PostgreSQL, the group of SQLite's files."""

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from postroom.drivers.mailstack import queries
from postroom.drivers.mailstack.layout import LOOPBACK, Database

TABLES: Final = ("mail_domain", "mail_route", "mail_sender", "mail_login", "mail_exit", "mail_script")
# Plans are made once a connection (queries.functions), and must hold when tables that were empty then have grown.
_SETTINGS: Final = (
    "default_transaction_read_only = on",
    "plan_cache_mode = force_generic_plan",
    "enable_seqscan = off",
)
_GROUP: Final = "postfix"  # Dovecot's processes that read the database are put into it too (dovecot.conf)


def described(settings: Mapping[str, Any]) -> Database:
    """From Django's DATABASES["default"]. The role is named after the database: roles belong to the whole cluster."""
    if str(settings["ENGINE"]).endswith("sqlite3"):
        return Database(path=Path(settings["NAME"]).resolve())
    return Database(
        host=settings["HOST"] or LOOPBACK,
        port=int(settings["PORT"] or 5432),
        name=settings["NAME"],
        user=f"{settings['NAME']}_mail",
    )


def let_read(settings: Mapping[str, Any], password: str) -> None:
    """After the tables are there. Done again it changes nothing, except to a new password."""
    database = described(settings)
    if database.path:
        _share(database.path)
    else:
        _grant(settings, database, password)


def _share(path: Path) -> None:
    """New files beside it (SQLite's -wal and -shm) get the group from the folder, and their mode from the database."""
    parent = path.parent
    shutil.chown(parent, group=_GROUP)
    parent.chmod(stat.S_IMODE(parent.stat().st_mode) | stat.S_ISGID | stat.S_IXGRP | stat.S_IXOTH)
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if name.exists():
            shutil.chown(name, group=_GROUP)
            name.chmod(0o640)


def unreachable(path: Path) -> Path | None:
    """A folder on the way to `path` that the servers' accounts may not enter."""
    there = [folder for folder in reversed(path.parents) if folder.exists()]
    return next((folder for folder in there if not folder.stat().st_mode & stat.S_IXOTH), None)


def _grant(settings: Mapping[str, Any], database: Database, password: str) -> None:
    role = sql.Identifier(database.user)
    connection = psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        autocommit=True,
    )
    with connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [database.user]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        told = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(password))
        connection.execute(told)
        for setting in _SETTINGS:
            connection.execute(sql.SQL("ALTER ROLE {} SET {}").format(role, sql.SQL(setting)))
        for statements in queries.functions():
            connection.execute(statements.encode())
        tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(tables, role))
