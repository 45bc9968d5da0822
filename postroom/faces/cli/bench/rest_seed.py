"""One domain with very many mailboxes, and many domains of one person: made as in seed.py, by copying rows."""

from collections.abc import Callable, Iterator

from django.db import connection

from postroom.actions import api_keys, person_accounts, person_mailboxes, persons
from postroom.actions.api_keys import KeyWish
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Role
from postroom.core.search_text import search_text
from postroom.faces.cli.bench import rest_script, seed
from postroom.faces.cli.bench.rest_script import OWNER, OWNER_OF_ALL
from postroom.faces.cli.bench.script import FIRST_ID
from postroom.faces.cli.bench.seed import TEMPLATE, Row

_HOLDER = PersonalData(local_part="holder", first_name="Template", last_name="Holder", secondary_email="t@home.example")
_STATES = {7: MailboxState.DISABLED, 11: MailboxState.DISABLED, 501: MailboxState.FAILED}
"""By the number modulo 1000; all others are enabled."""


def fill(domains: int, mailboxes: int, advance: Callable[[int], None]) -> dict[str, str]:
    """Whoever asks, and their API keys."""
    seed.first_things()
    origin = seed.origin_now()
    now = _milliseconds(origin)
    _sql("UPDATE store_domain SET status = %s, proved_at = %s WHERE name = %s", DomainState.ENABLED, now, TEMPLATE)
    person_mailboxes.create(OPERATOR, origin, TEMPLATE, _HOLDER)
    seed.copies(domains, 0, advance)
    seed.copy_in(_mailboxes(mailboxes, now), advance)
    if connection.vendor == "postgresql":  # autovacuum would come in a while, in the midst of a sample
        _sql("VACUUM ANALYZE")
    return {OWNER: _owner(origin, OWNER, 1), OWNER_OF_ALL: _owner(origin, OWNER_OF_ALL, domains)}


def _milliseconds(origin: Origin) -> int:
    return int(origin.at.timestamp() * 1000)


def _sql(statement: str, *parameters: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows_for(domains: int, mailboxes: int) -> int:
    return seed.rows_for(domains, 0) + 3 * mailboxes


def _mailboxes(number: int, now: int) -> Iterator[tuple[str, Iterator[Row]]]:
    domain = FIRST_ID["domain"]
    group = seed.template("store_workgroup", "domain_id", domain)
    ordinary = f"{_HOLDER.local_part}@{TEMPLATE}"
    mailbox = seed.template("store_mailbox", "address", ordinary)
    taken = seed.template("store_address", "address", ordinary)
    told = seed.template("store_history", "name", ordinary)
    own = {"domain_id": domain, "workgroup_id": group["id"], "welcomed_at": now, "due_at": None}
    settings = str(mailbox["settings"])

    def of(n: int) -> Row:
        (first, last), address, id = rest_script.name(n), rest_script.address(n), FIRST_ID["mailbox"] + n
        whole = f"{first} {last}"
        return {
            **mailbox, **own, "id": id, "address": address, "first_name": first, "last_name": last,
            "secondary_email": f"{n * 7919 % number:06d}@home.example", "search_text": search_text(whole, address),
            "settings": settings.replace("Template Holder", whole), "status": _STATES.get(n % 1000, "enabled"),
            "applied_generation": mailbox["generation"], "applied_name": address, "created_at": now - number + n,
            "history_head": seed.digest(address),
        }  # fmt: skip

    ids = {"domain_id": domain}
    yield "store_mailbox", (of(n) for n in range(number))
    yield (
        "store_address",
        (
            {**taken, **ids, "address": rest_script.address(n), "mailbox_id": FIRST_ID["mailbox"] + n}
            for n in range(number)
        ),
    )
    yield (
        "store_history",
        (seed.entry(told, FIRST_ID["mailbox"] + n, rest_script.address(n)) for n in range(number)),
    )


def _owner(origin: Origin, email: str, domains: int) -> str:
    """Of the first ones; the API key."""
    id = person_accounts.add(OPERATOR, origin, email)
    access = {"person_id": id, "role": Role.OWNER.value, "created_at": _milliseconds(origin)}
    rows = ({**access, "domain_id": FIRST_ID["domain"] + n} for n in range(domains))
    seed.copy_in([("store_access", rows)], lambda _: None)
    return api_keys.create(persons.actor(id), origin, KeyWish(name="bench")).token


def some(number: int, mailboxes: int) -> list[int]:
    """Row numbers of mailboxes, from all over the large domain."""
    return [FIRST_ID["mailbox"] + n * mailboxes // number for n in range(number)]
