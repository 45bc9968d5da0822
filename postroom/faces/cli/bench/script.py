"""What the preparation hands on: the names that exist, and what Postroom did for one call of each kind."""

import re
from typing import Any

import msgspec

ADMINISTRATOR = "alice@acme.adm"
PASSWORD = "Correct-horse-7"  # noqa: S105 -- of a throw-away database
FIRST_ID = {"context": 10**6, "domain": 2 * 10**6, "workgroup": 3 * 10**6, "mailbox": 10**7}
"""Far apart, so that an id says of what it is (source)."""
VALUE = "########"
"""Stands in a request body where the load generator puts a text of its own (load.CHANGING)."""


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a statement's parameter comes from."""

    kind: str
    """constant, name (what is asked for), token (its hash), row or text (a column of an earlier statement's row)."""
    constant: Any = None
    statement: int = 0
    column: int = 0


class Statement(msgspec.Struct, frozen=True):
    sql: str
    columns: list[str]
    """SELECT: `table.column` of what comes back. INSERT and UPDATE: the column of each parameter."""
    sources: list[Source]

    @property
    def writes(self) -> bool:
        return self.sql.startswith(("INSERT", "UPDATE"))


class Script(msgspec.Struct, frozen=True):
    """One kind of call: its statements in their order without BEGIN and COMMIT, and the answer."""

    statements: list[Statement]
    answer: dict[str, Any]


class Prepared(msgspec.Struct, frozen=True):
    token: str
    domains: int
    mailboxes_each: int
    scripts: dict[str, Script]


_SMALLEST_ID = 1_000_000

CALLS = ("get_domain", "change_domain", "get_user", "change_user", "search_users")
BY_PASSWORD = "get_domain by password"  # noqa: S105 -- the name of a series


def domain_name(number: int) -> str:
    return f"firm-{number:06d}.example"


def address(domain: int, number: int) -> str:
    return f"user{number:02d}@{domain_name(domain)}"


def body(call: str, credentials: dict[str, str], domain: int, mailbox: int) -> dict[str, Any]:
    """The request of a call about one domain or one mailbox in it."""
    fields: dict[str, dict[str, Any]] = {
        "get_domain": {"domain": domain_name(domain)},
        "get_user": {"user": address(domain, mailbox)},
        "search_users": {"criteria": {"domain": domain_name(domain)}, "range": {"first": 0, "limit": 50}},
        "change_domain": {
            "domain": domain_name(domain),
            "attributes": {"spamtag": f"[{VALUE}]", "notes_external": f"Looked at by support: {VALUE}"},
        },
        "change_user": {"user": address(domain, mailbox), "attributes": {"name": f"Claire {VALUE}"}},
    }
    return {"credentials": {"user": ADMINISTRATOR, **credentials}, **fields[call.split(" ")[0]]}


def columns(sql: str) -> list[str]:
    """See `Statement.columns`. Knows the statements that Django and Postroom write, not SQL."""
    if sql.startswith("SELECT"):
        listed = sql.removeprefix("SELECT ").partition(" FROM ")[0]
        return [".".join(found) for found in re.findall(r'"(\w+)"\."(\w+)"', listed)]
    if sql.startswith("UPDATE"):
        return re.findall(r'"(\w+)" = (?:%s|\?)', sql)
    if sql.startswith("INSERT"):
        names, values = re.findall(r"\(([^()]*)\)", sql)[:2]
        pairs = zip(names.split(","), values.split(","), strict=True)
        return [name.strip(' "') for name, value in pairs if value.strip() in {"%s", "?"}]
    return []


def source(value: Any, name: str, token_hash: str, rows: list[tuple[Any, ...] | None]) -> Source:
    """Where Postroom had `value` from: it asked for `name`, and `rows` are the first rows of its statements so far.

    The seed's ids begin in the millions, so an id that is found in a row is there by no accident.
    """
    if value in (name, token_hash):
        return Source("name" if value == name else "token")
    if isinstance(value, str) and value.isdecimal():
        kind, wanted = "text", int(value)
    else:
        kind, wanted = "row", value
    if isinstance(wanted, str) or (isinstance(wanted, int) and wanted > _SMALLEST_ID):
        for statement, row in enumerate(rows):
            for column, known in enumerate(row or ()):
                if type(known) is type(wanted) and known == wanted:
                    return Source(kind, statement=statement, column=column)
    return Source("constant", value)
