"""Thousands of domains quickly: Postroom's own actions make one of each thing, and copies of those rows go in by bulk.

So the rows are as the actions write them, whatever columns there come to be. They are in the state that a live
system is in most of the time: applied, nothing due. The history's entries are there too, but their hashes are
made up: `postroom history` would complain.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from postroom.actions import domains, mailboxes, setup, signin, tokens
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR
from postroom.faces.cli.bench.script import ADMINISTRATOR, PASSWORD, address, domain_name

Row = dict[str, Any]
_TEMPLATE = "template.example"
_FIRST_ID = {"context": 10**6, "domain": 2 * 10**6, "workgroup": 3 * 10**6, "mailbox": 10**7}
"""Far apart, so that an id says of what it is (script.source)."""
_BATCH = 1000


def first_things() -> str:
    """The company, its administrator, the rows to be copied. The text of a token."""
    origin = Origin(face="cli", application="postroom bench", request_id="bench", at=datetime.now(UTC))
    setup.add_platform(origin, "fake", "fake", {"path": ":memory:"})
    setup.bootstrap(origin, "acme", ADMINISTRATOR, PASSWORD, trusted=True)
    of_domain = {"language": "fr", "timezone": "Europe/Paris", "spamtag": "[spam]", "notes_external": "Since 2019."}
    domains.change(OPERATOR, origin, _TEMPLATE, {"company": "acme", **of_domain}, create_only=True)
    of_mailbox = {"password": PASSWORD, "name": "Claire Martin", "title": "Bookkeeper", "phone": "+33 1 23 45 67 89"}
    mailboxes.change(OPERATOR, origin, f"template@{_TEMPLATE}", of_mailbox, create_only=True)
    alice = signin.by_password(ADMINISTRATOR, PASSWORD, "", datetime.now(UTC).timestamp())
    return tokens.create_own(alice, origin, 86_400)


def copies(number: int, mailboxes_each: int, advance: Callable[[int], None]) -> None:
    """`number` domains with `mailboxes_each` mailboxes each."""
    with transaction.atomic():
        for table, rows in _tables(number, mailboxes_each):
            _insert(table, rows, advance)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_app_config("store").get_models())):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def rows_for(number: int, mailboxes_each: int) -> int:
    """How many rows that makes."""
    return number * (5 + 3 * mailboxes_each)


def _tables(number: int, mailboxes_each: int) -> Iterator[tuple[str, Iterator[Row]]]:
    domain = _template("store_domain", "name", _TEMPLATE)
    mailbox = _template("store_mailbox", "address", f"template@{_TEMPLATE}")
    group = _template("store_workgroup", "domain_id", domain["id"])
    context = _template("store_context", "id", domain["context_id"])
    taken = _template("store_domainname", "name", _TEMPLATE)
    mail = _template("store_address", "address", mailbox["address"])
    told = [
        _template("store_history", "name", row.get("address", row["name"])) for row in (domain, {**mailbox, "name": ""})
    ]
    numbers = range(number)
    accounts = [(n, m, n * mailboxes_each + m) for n in numbers for m in range(mailboxes_each)]
    ids = _FIRST_ID

    def reconciled(template: Row, name: str) -> Row:
        return {"due_at": None, "applied_generation": template["generation"], "applied_name": name,
                "history_head": _digest(name)}  # fmt: skip

    yield "store_context", ({**context, "id": ids["context"] + n, "name": domain_name(n)} for n in numbers)
    yield "store_domain", (
        {**domain, **reconciled(domain, domain_name(n)), "id": ids["domain"] + n, "name": domain_name(n),
         "context_id": ids["context"] + n} for n in numbers
    )  # fmt: skip
    yield "store_domainname", ({**taken, "name": domain_name(n), "domain_id": ids["domain"] + n} for n in numbers)
    yield "store_workgroup", ({**group, "id": ids["workgroup"] + n, "domain_id": ids["domain"] + n} for n in numbers)
    yield "store_mailbox", (
        {**mailbox, **reconciled(mailbox, address(n, m)), "id": ids["mailbox"] + i, "address": address(n, m),
         "domain_id": ids["domain"] + n, "workgroup_id": ids["workgroup"] + n} for n, m, i in accounts
    )  # fmt: skip
    yield (
        "store_address",
        (
            {**mail, "address": address(n, m), "domain_id": ids["domain"] + n, "mailbox_id": ids["mailbox"] + i}
            for n, m, i in accounts
        ),
    )
    yield "store_history", (_entry(told[0], ids["domain"] + n, domain_name(n)) for n in numbers)
    yield "store_history", (_entry(told[1], ids["mailbox"] + i, address(n, m)) for n, m, i in accounts)


def _entry(template: Row, object_id: int, name: str) -> Row:
    entry = {**template, "object_id": object_id, "name": name, "hash": _digest(name)}
    del entry["id"]
    return entry


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _template(table: str, column: str, value: Any) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{column}" = %s ORDER BY 1 LIMIT 1', [value])  # noqa: S608
        row = cursor.fetchone()
        assert row is not None and cursor.description is not None
        return dict(zip((c[0] for c in cursor.description), row, strict=True))


def _insert(table: str, rows: Iterator[Row], advance: Callable[[int], None]) -> None:
    first = next(rows, None)
    if first is None:
        return
    names = ", ".join(f'"{name}"' for name in first)
    values = _counted(_chained(first, rows), advance)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(first))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 -- names from the database
            connection.connection.executemany(statement, values)


def _chained(first: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    yield tuple(first.values())
    for row in rows:
        yield tuple(row.values())


def _counted(rows: Iterable[tuple[Any, ...]], advance: Callable[[int], None]) -> Iterator[tuple[Any, ...]]:
    number = 0
    for number, row in enumerate(rows, 1):
        if number % _BATCH == 0:
            advance(_BATCH)
        yield row
    advance(number % _BATCH)
