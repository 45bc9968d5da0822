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
from postroom.faces.cli.bench.script import ADMINISTRATOR, FIRST_ID, PASSWORD, address, domain_name

Row = dict[str, Any]
COMPANY = "acme"
TEMPLATE = "template.example"
_FAKE = {"path": ":memory:"}
_BATCH = 1000


def first_things(driver: str = "fake", settings: Mapping[str, object] = _FAKE) -> str:
    """The company, its administrator, the rows to be copied. The text of a token."""
    origin = origin_now()
    setup.add_platform(origin, driver, driver, settings)
    setup.bootstrap(origin, COMPANY, ADMINISTRATOR, PASSWORD, trusted=True)
    of_domain = {"language": "fr", "timezone": "Europe/Paris", "spamtag": "[spam]", "notes_external": "Since 2019."}
    domains.change(OPERATOR, origin, TEMPLATE, {"company": COMPANY, **of_domain}, create_only=True)
    of_mailbox = {"password": PASSWORD, "name": "Claire Martin", "title": "Bookkeeper", "phone": "+33 1 23 45 67 89"}
    mailboxes.change(OPERATOR, origin, f"template@{TEMPLATE}", of_mailbox, create_only=True)
    alice = signin.by_password(ADMINISTRATOR, PASSWORD, "", datetime.now(UTC).timestamp())
    return tokens.create_own(alice, origin, 86_400)


def origin_now() -> Origin:
    return Origin(face="cli", application="postroom bench", request_id="bench", at=datetime.now(UTC))


def copies(number: int, mailboxes_each: int, advance: Callable[[int], None]) -> None:
    """`number` domains with `mailboxes_each` mailboxes each."""
    copy_in(_tables(number, mailboxes_each), advance)


def copy_in(tables: Iterable[tuple[str, Iterator[Row]]], advance: Callable[[int], None]) -> None:
    """All or nothing; afterwards the databases know how many there are."""
    with transaction.atomic():
        for table, rows in tables:
            insert(table, rows, advance)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_app_config("store").get_models())):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def rows_for(number: int, mailboxes_each: int) -> int:
    """How many rows that makes."""
    return number * (5 + 3 * mailboxes_each)


def _tables(number: int, mailboxes_each: int) -> Iterator[tuple[str, Iterator[Row]]]:
    domain = template("store_domain", "name", TEMPLATE)
    mailbox = template("store_mailbox", "address", f"template@{TEMPLATE}")
    group = template("store_workgroup", "domain_id", domain["id"])
    context = template("store_context", "id", domain["context_id"])
    taken = template("store_domainname", "name", TEMPLATE)
    mail = template("store_address", "address", mailbox["address"])
    told = [
        template("store_history", "name", row.get("address", row["name"])) for row in (domain, {**mailbox, "name": ""})
    ]
    numbers = range(number)
    accounts = [(n, m, n * mailboxes_each + m) for n in numbers for m in range(mailboxes_each)]
    ids = FIRST_ID

    def reconciled(template: Row, name: str) -> Row:
        return {"due_at": None, "applied_generation": template["generation"], "applied_name": name,
                "history_head": digest(name)}  # fmt: skip

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
    yield "store_history", (entry(told[0], ids["domain"] + n, domain_name(n)) for n in numbers)
    yield "store_history", (entry(told[1], ids["mailbox"] + i, address(n, m)) for n, m, i in accounts)


def entry(template: Row, object_id: int, name: str) -> Row:
    made = {**template, "object_id": object_id, "name": name, "hash": digest(name)}
    del made["id"]
    return made


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def template(table: str, column: str, value: Any) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{column}" = %s ORDER BY 1 LIMIT 1', [value])  # noqa: S608
        row = cursor.fetchone()
        assert row is not None and cursor.description is not None
        return dict(zip((c[0] for c in cursor.description), row, strict=True))


def insert(table: str, rows: Iterator[Row], advance: Callable[[int], None]) -> None:
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
