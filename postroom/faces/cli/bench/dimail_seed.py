"""Domains that dimail's clients look after: one is made by calls of the face, the others are copies (seed.py)."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from argon2 import PasswordHasher
from django.apps import apps
from django.db import connection
from django.db.models import JSONField

from postroom.actions import dimail_accounts, setup
from postroom.actions.dimail_accounts import OPERATORS, AccountWish
from postroom.faces.cli.bench import dimail_script, seed
from postroom.faces.cli.bench.dimail_script import PASSWORD, PREFIX, REGIE, REGIE_AS_DIMAIL, Prepared, Request
from postroom.faces.cli.bench.script import FIRST_ID, domain_name
from postroom.faces.cli.bench.seed import TEMPLATE, Row

_FEATURES = ["webmail", "mailbox", "alias"]
_WRITTEN = ("store_mailbox", "store_history")


def fill(domains: int, mailboxes_each: int, platform: str, advance: Callable[[int], None]) -> Prepared:
    """`platform`: the file of the simulated one. `advance` hears of each row and each domain."""
    origin = seed.origin_now()
    setup.add_platform(origin, "fake", "fake", {"path": platform})
    for name in (REGIE, REGIE_AS_DIMAIL):
        wish = AccountWish(name=name, password=PASSWORD, perms=dimail_accounts.PERMS)
        dimail_accounts.add(OPERATORS, origin, wish)
    as_dimail = "{ARGON2ID}" + PasswordHasher().hash(PASSWORD)
    _sql("UPDATE store_dimailaccount SET password_hash = %s WHERE name = %s", as_dimail, REGIE_AS_DIMAIL)
    token = answered(Request("GET", f"{PREFIX}/token", dimail_script.basic(REGIE)))["access_token"]
    _make_template(token)
    seed.copies(domains, mailboxes_each, advance)
    seed.copy_in(_managed(domains), advance)
    for number in range(domains):
        _put_on_platform(domain_name(number))
        advance(1)
    if connection.vendor == "postgresql":  # autovacuum would come in a while, in the midst of a sample
        _sql("VACUUM ANALYZE")
    mailbox = seed.template("store_mailbox", "address", f"template@{TEMPLATE}")
    entry = seed.template("store_history", "name", mailbox["address"])
    return Prepared(
        domains=domains, mailboxes_each=mailboxes_each, token=token, mailbox=_values("store_mailbox", mailbox),
        entry=_values("store_history", entry), json_columns={table: _json_columns(table) for table in _WRITTEN},
    )  # fmt: skip


def rows_for(domains: int, mailboxes_each: int) -> int:
    return seed.rows_for(domains, mailboxes_each) + 4 * domains


def answered(request: Request) -> Any:
    """What the face says to it, here in this process."""
    from django.core.servers.basehttp import get_internal_wsgi_application

    environ = {
        "REQUEST_METHOD": request.method, "PATH_INFO": request.path, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(request.body)), "HTTP_AUTHORIZATION": request.authorization,
        "wsgi.input": io.BytesIO(request.body),
    }  # fmt: skip
    status: list[str] = []

    def begin(said: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
        status.append(said)
        return bytes

    answer = b"".join(get_internal_wsgi_application()(environ, begin))
    if not status[0].startswith("20"):
        raise SystemExit(f"{request.method} {request.path}: {status[0]}: {answer[:2000].decode()}")
    return msgspec.json.decode(answer)


def _make_template(token: str) -> None:
    """Checked and enabled, with one mailbox."""
    domain = {"name": TEMPLATE, "features": _FEATURES, "context_name": TEMPLATE, "delivery": "virtual"}
    answered(Request("POST", f"{PREFIX}/domains", dimail_script.basic(REGIE), msgspec.json.encode(domain)))
    _sql("UPDATE store_domain SET applied_generation = generation, applied_name = name WHERE name = %s", TEMPLATE)
    _put_on_platform(TEMPLATE)
    names = {"givenName": "Template", "surName": "Holder", "displayName": "Template Holder"}
    path = f"{PREFIX}/domains/{TEMPLATE}/mailboxes/template"
    answered(Request("POST", path, f"Bearer {token}", msgspec.json.encode(names)))


def _put_on_platform(domain: str) -> None:
    """By the call that has the platform mend what is its own affair."""
    fixed = answered(Request("GET", f"{PREFIX}/domains/{domain}/fix", dimail_script.basic(REGIE)))
    if fixed["state"] != "ok":
        raise SystemExit(f"{domain} is not in order: {fixed}")


def _managed(domains: int) -> Iterator[tuple[str, Iterator[Row]]]:
    made = seed.template("store_domain", "name", TEMPLATE)["id"]
    facts = seed.template("store_dimaildomain", "domain_id", made)
    allow = seed.template("store_dimailallow", "domain_id", made)
    accounts = [seed.template("store_dimailaccount", "name", name)["id"] for name in (REGIE, REGIE_AS_DIMAIL)]
    ids = [FIRST_ID["domain"] + n for n in range(domains)]
    pairs = [(account, id) for account in accounts for id in ids]
    yield "store_dimaildomain", ({**facts, "domain_id": id} for id in ids)
    yield (
        "store_dimailallow",
        (
            {**allow, "id": allow["id"] + n, "account_id": account, "domain_id": id}
            for n, (account, id) in enumerate(pairs, 1)
        ),
    )


def _json_columns(table: str) -> list[str]:
    model = next(m for m in apps.get_app_config("store").get_models() if m._meta.db_table == table)
    return [str(field.column) for field in model._meta.concrete_fields if isinstance(field, JSONField)]


def _values(table: str, row: Row) -> dict[str, Any]:
    """JSON columns come as text from both databases here."""
    return {name: msgspec.json.decode(row[name]) if name in _json_columns(table) else row[name] for name in row}


def _sql(statement: str, *parameters: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
