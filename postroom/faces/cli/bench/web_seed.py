"""Ten thousand domains and a million mailboxes: made as in seed.py, by copying rows."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from postroom.actions import aliases, person_accounts, person_mailboxes, statistics_series
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Role
from postroom.core.search_text import search_text
from postroom.faces.cli.bench import rest_script, seed, web_script
from postroom.faces.cli.bench.script import FIRST_ID, PASSWORD, domain_name
from postroom.faces.cli.bench.seed import TEMPLATE, Row
from postroom.worker import jobs, loop

_HOLDER = PersonalData(local_part="holder", first_name="Template", last_name="Holder", secondary_email="t@home.example")
_STATES = {7: MailboxState.DISABLED, 11: MailboxState.DISABLED, 501: MailboxState.FAILED}
"""By the number modulo 1000; all others are enabled."""
_DOMAIN_STATES = {3: DomainState.PENDING, 5: DomainState.ACTION_REQUIRED, 7: DomainState.DISABLED}
"""By the number modulo 100."""
_DAYS = 30


def fill(domains: int, mailboxes: int, advance: Callable[[int], None]) -> None:
    seed.first_things()
    origin = seed.origin_now()
    now = int(origin.at.timestamp() * 1000)
    _sql("UPDATE store_domain SET status = %s, proved_at = %s WHERE name = %s", DomainState.ENABLED, now, TEMPLATE)
    person_mailboxes.create(OPERATOR, origin, TEMPLATE, _HOLDER)
    aliases.create(OPERATOR, origin, TEMPLATE, "contact", "partner@elsewhere.example")
    loop.until_idle()
    jobs.ensure_periodic(now)
    loop.until_idle()  # counts the day
    seed.copies(domains, 0, advance)
    seed.copy_in(_mailboxes(domains, mailboxes, now), advance)
    seed.copy_in(_days(domains), advance)
    statistics_series.add_up(origin)
    for rest, state in _DOMAIN_STATES.items():
        _sql("UPDATE store_domain SET status = %s WHERE id >= %s AND id %% 100 = %s", state, FIRST_ID["domain"], rest)
    _people(origin, domains)
    _sql("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def rows_for(domains: int, mailboxes: int) -> int:
    return seed.rows_for(domains, 0) + 3 * mailboxes + 2 * (mailboxes // web_script.SPREAD) + _DAYS * domains


def _sql(statement: str, *parameters: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _mailboxes(domains: int, mailboxes: int, now: int) -> Iterator[tuple[str, Iterator[Row]]]:
    ordinary = f"{_HOLDER.local_part}@{TEMPLATE}"
    mailbox = seed.template("store_mailbox", "address", ordinary)
    taken = seed.template("store_address", "address", ordinary)
    told = seed.template("store_history", "name", ordinary)
    alias = seed.template("store_alias", "local_part", "contact")
    settings, numbers = str(mailbox["settings"]), range(mailboxes)

    def of(n: int) -> Row:
        first, last = rest_script.name(n)
        address, domain = web_script.address(n, domains, mailboxes), web_script.domain_of(n, domains, mailboxes)
        whole = f"{first} {last}"
        return {
            **mailbox, "id": FIRST_ID["mailbox"] + n, "address": address, "domain_id": FIRST_ID["domain"] + domain,
            "workgroup_id": FIRST_ID["workgroup"] + domain, "first_name": first, "last_name": last,
            "secondary_email": f"{n * 7919 % mailboxes:06d}@home.example", "search_text": search_text(whole, address),
            "settings": settings.replace("Template Holder", whole), "status": _STATES.get(n % 1000, "enabled"),
            "applied_generation": mailbox["generation"], "applied_name": address, "created_at": now - mailboxes + n,
            "welcomed_at": now, "due_at": None, "history_head": seed.digest(address),
        }  # fmt: skip

    def domain_id(n: int) -> int:
        return FIRST_ID["domain"] + web_script.domain_of(n, domains, mailboxes)

    def address(n: int) -> str:
        return web_script.address(n, domains, mailboxes)

    def leading(n: int) -> Iterator[Row]:
        for which, end in enumerate((address(n), web_script.outside(n))):
            id = 10**6 + 2 * n + which
            yield {**alias, "id": id, "domain_id": domain_id(n), "local_part": f"team{n:06d}", "destination": end}

    ids = FIRST_ID["mailbox"]
    yield "store_mailbox", (of(n) for n in numbers)
    yield (
        "store_address",
        ({**taken, "domain_id": domain_id(n), "address": address(n), "mailbox_id": ids + n} for n in numbers),
    )
    yield "store_history", (seed.entry(told, ids + n, address(n)) for n in numbers)
    yield "store_alias", (row for n in numbers[:: web_script.SPREAD] for row in leading(n))


def _days(domains: int) -> Iterator[tuple[str, Iterator[Row]]]:
    counted = seed.template("store_domainday", "domain", TEMPLATE)
    del counted["id"]
    today = datetime.now(UTC).date()
    yield (
        "store_domainday",
        (
            {**counted, "day": (today - timedelta(days=back)).isoformat(), "final": back > 0,
             "domain_id": FIRST_ID["domain"] + n, "domain": domain_name(n), "delivered": n % 900, "spam": n % 70}
            for n in range(domains)
            for back in range(_DAYS)
        ),
    )  # fmt: skip


def _people(origin: Origin, domains: int) -> None:
    person_accounts.add(OPERATOR, origin, web_script.OPERATOR, password=PASSWORD, operator=True)
    owner = person_accounts.add(OPERATOR, origin, web_script.OWNER, password=PASSWORD)
    access = {"person_id": owner, "role": Role.OWNER.value, "created_at": int(origin.at.timestamp() * 1000)}
    rows = ({**access, "domain_id": FIRST_ID["domain"] + n} for n in range(domains))
    seed.copy_in([("store_access", rows)], lambda _: None)
