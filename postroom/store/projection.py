"""The tables that mail servers read (docs/mailstack.md), kept in step with every row that is saved.

Only for domains whose platform reads them; the others are told by their drivers alone.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from django.conf import settings as configuration

from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level, Settings
from postroom.core.mail import lists, live, own_script, values
from postroom.store import alias_routes
from postroom.store.models import (
    AppPassword,
    MailDomain,
    MailExit,
    MailLogin,
    MailRoute,
    MailScript,
    MailSender,
    Platform,
)
from postroom.store.owned_rows import OwnedRows
from postroom.store.sql import Compiled, execute, execute_many, is_sqlite, json_value
from postroom.store.working_copies import DomainRow, MailboxRow

READERS = frozenset({"mailstack"})
"""Drivers whose servers read these tables."""

DOMAINS = OwnedRows(MailDomain, "domain_id", "name", ("main", "action", "active", "ours", "send_as", "catchall"))
ROUTES = OwnedRows(MailRoute, "mailbox_id", "address", ("login", "action", "goto"))
LOGINS = OwnedRows(
    MailLogin,
    "mailbox_id",
    "login",
    (
        "domain_id", "active", "taken", "hashes", "rehash_to", "imap", "pop3", "webmail", "smtp",
        "webmail_smtp", "quota", "quota_own", "sent_limit", "stars", "spam_tag", "spam_header", "spam_folder",
        "spam_delivery", "lists", "own_script", "own",
    ),
)  # fmt: skip
EXITS = OwnedRows(MailExit, "mailbox_id", "address", ("goto", "nexthop", "original"))
SENDERS = OwnedRows(MailSender, "domain_id", "address", ("logins",))
SCRIPTS = OwnedRows(MailScript, "owner", "name", ("script", "text"), shared_key=True)

DOMAIN_LISTS, OWN_LISTS = 1, 2
"""Bits of mail_login.lists."""

_SERVICES = ("service_imap4", "service_pop3", "service_webmail", "service_smtprelay", "service_smtprelay_webmail")
_reads: dict[int, bool] = {}
_app_passwords = Compiled(
    lambda p: AppPassword.objects.filter(mailbox_id=p.number(0)).order_by("id").values_list("hash")
)


def is_read(platform_id: int) -> bool:
    """Do the platform's servers read these tables? A platform never changes its driver, so it is asked once."""
    known = _reads.get(platform_id)
    if known is None:
        driver = Platform.objects.values_list("driver", flat=True).get(id=platform_id)
        known = _reads[platform_id] = driver in READERS
    return known


def forget_everything() -> None:
    """For tests: another database has other platforms."""
    _reads.clear()


def put_domain(row: DomainRow) -> bool:
    """Whether anything was different."""
    if not is_read(row.platform_id):
        return False
    living = row.deleted_at is None
    names = domain_rows(row) if living else {}
    text = domain_lists(row) if living else ""
    settled = DOMAINS.settle(row.id, names)
    if settled:
        _redirect_mailboxes(row)
    senders = alias_routes.senders(row.id, row.name) if living else {}
    return any(
        [
            settled,
            SENDERS.settle(row.id, {address: (logins,) for address, logins in senders.items()}),
            SCRIPTS.settle(f"d{row.id}", {"lists": script(text)} if text else {}),
        ]
    )


def _redirect_mailboxes(row: DomainRow) -> None:
    """While a domain is not proved, nothing that somebody says about it here may change where mail for it goes."""
    mailboxes = '"mailbox_id" IN (SELECT "mailbox_id" FROM "mail_login" WHERE "domain_id" = %s)'
    goto, other = ('"login"', '"goto" = "address"') if row.is_proved else ('"address"', "\"login\" <> ''")
    execute(
        f'UPDATE "mail_route" SET "goto" = {goto} WHERE {mailboxes} AND {other} AND "goto" <> {goto}',  # noqa: S608
        (row.id,),
    )


def domain_rows(row: DomainRow) -> dict[str, tuple[Any, ...]]:
    off = bool(row.settings.get("disabled"))
    action = values.domain_action(row.name, row.status, switched_off=off, serves=row.serves)
    catchall = values.text(row.settings, "catchall")
    under_aliases = bool(row.settings.get("wm_domainalias"))
    rows = dict.fromkeys(row.aliases, (row.name, action, row.serves, row.is_proved, under_aliases, catchall))
    rows[row.name] = (row.name, action, row.serves, row.is_proved, True, catchall)
    return rows


def domain_lists(row: DomainRow) -> str:
    """The script of the lists that the domain and its company have; empty where there are none."""
    in_force = inheritance.effective(Level.DOMAIN, row.settings, row.company.settings)
    return lists.script(values.entries(in_force, "allow"), values.entries(in_force, "block"))


class Difference(msgspec.Struct, frozen=True):
    """What was different from what it should have been."""

    anything: bool
    routes: Collection[str] = ()
    """The addresses, where the domain has aliases of its own: those are to be looked at again."""

    def __bool__(self) -> bool:
        return self.anything


_NONE = Difference(False)


def put_mailbox(row: MailboxRow) -> Difference:
    if not is_read(row.domain.platform_id):
        return _NONE
    has_aliases = _hold_parents(row)
    app_passwords = [stored for (stored,) in _app_passwords.rows(row.id)] if row.deleted_at is None else []
    further = alias_routes.beside_mailboxes(row.domain_id, [row.address, *row.aliases]) if has_aliases else {}
    wanted = mailbox_rows(row, app_passwords, further)
    owners: dict[OwnedRows, int | str] = {LOGINS: row.id, EXITS: row.id, SCRIPTS: f"m{row.id}"}
    routes = ROUTES.settle(row.id, wanted.get(ROUTES, {}))
    settled = [routes, *(table.settle(owner, wanted.get(table, {})) for table, owner in owners.items())]
    return Difference(any(settled), routes if has_aliases else frozenset())


def put_new(mailboxes: Sequence[MailboxRow]) -> set[str]:
    """Of one domain, made a moment ago under its lock: there is nothing of them yet, whatever the table.

    The local parts of those that are aliases of the domain, too.
    """
    if not mailboxes or not is_read(mailboxes[0].domain.platform_id):
        return set()
    further = alias_routes.beside_mailboxes(mailboxes[0].domain_id, [row.address for row in mailboxes])
    rows: dict[OwnedRows, list[tuple[Any, ...]]] = {}
    for row in mailboxes:
        for table, wanted in mailbox_rows(row, (), further).items():
            owner = f"m{row.id}" if table is SCRIPTS else row.id
            rows.setdefault(table, []).extend((owner, key, *columns) for key, columns in wanted.items())
    for table, new in rows.items():
        execute_many(table.upsert, new)
    return {address.rpartition("@")[0] for address in further}


def _hold_parents(row: MailboxRow) -> bool:
    """A domain or company that changes at this moment either waits for us, or has changed and we see how. Otherwise
    its spread could pass our row before we write what no longer holds. SQLite has one writer at a time anyway.

    Whether the domain has aliases of its own.
    """
    if is_sqlite():
        return bool(execute(_HAS_ALIASES, (row.domain_id,)).fetchone()[0])
    domain, company, row.domain.proved_at, has_aliases = execute(_PARENTS, (row.domain_id,)).fetchone()
    row.domain.settings, row.domain.company.settings = json_value(domain), json_value(company)
    return bool(has_aliases)


_HAS_ALIASES = 'SELECT EXISTS (SELECT 1 FROM "store_alias" WHERE "domain_id" = %s)'
_PARENTS = (
    'SELECT d."settings", c."settings", d."proved_at", '
    'EXISTS (SELECT 1 FROM "store_alias" a WHERE a."domain_id" = d."id") '
    'FROM "store_domain" d JOIN "store_company" c ON c."id" = d."company_id" WHERE d."id" = %s FOR SHARE OF d, c'
)


def mailbox_rows(
    row: MailboxRow, app_passwords: Sequence[str], further: Mapping[str, Sequence[str]]
) -> Mapping[OwnedRows, Mapping[str, tuple[Any, ...]]]:
    """What each table holds of the mailbox; nothing for one that is deleted.

    `further`: where else mail goes for some of its addresses.
    """
    if row.deleted_at is not None:
        return {}
    in_force = inheritance.effective(Level.MAILBOX, row.settings, row.domain.settings, row.domain.company.settings)
    action = values.route_action(row.id, row.status, in_force)
    scripts = _scripts(row, in_force)
    routes = {
        address: (row.address, *values.route(to, action, further.get(address, ()))) for address, to in _delivered(row)
    }
    _, said, goto = routes[row.address]
    # Where an alias of its name leads elsewhere only, it must not say that there is no room.
    kept = row.address in goto.split(",")
    return {
        ROUTES: routes,
        LOGINS: {row.address: _login(row, in_force, app_passwords, scripts, taken=not said, kept=kept)},
        EXITS: _exits(row, in_force),
        SCRIPTS: scripts,
    }


def _delivered(row: MailboxRow) -> list[tuple[str, str]]:
    """Each address of the mailbox, and where mail for it goes."""
    own = (row.address, *row.aliases)
    return [(address, row.address if row.domain.is_proved else address) for address in own]


def _login(
    row: MailboxRow,
    in_force: Settings,
    app_passwords: Sequence[str],
    scripts: Mapping[str, object],
    *,
    taken: bool,
    kept: bool,
) -> tuple[Any, ...]:
    fixed = live.OF_TYPE.get(row.type, {})
    inherited = values.inherited({**in_force, **fixed})
    quota = values.own_quota(row.type, row.settings, threshold=configuration.QUOTA_MEGABYTES_UP_TO)
    quota = quota if kept else values.NEVER_FULL
    above = values.have_lists(row.domain.settings, row.domain.company.settings)
    has_lists = (DOMAIN_LISTS if above else 0) | (OWN_LISTS if "lists" in scripts else 0)
    return (
        row.domain_id,
        values.opens(row.status, row.type),
        taken,
        values.hashes(row.password, app_passwords),
        inherited.rehash_to,
        *(values.service(in_force, name) for name in _SERVICES),
        values.capped(quota, values.quota_ceiling(row.domain.settings)),
        quota,
        inherited.sent_limit,
        inherited.stars,
        inherited.spam_tag,
        inherited.spam_header,
        inherited.spam_folder,
        inherited.spam_delivery,
        has_lists,
        "own" in scripts,
        live.own_bits({**row.settings, **fixed}),
    )


def _scripts(row: MailboxRow, in_force: Settings) -> dict[str, tuple[str, str]]:
    own_lists = lists.script(values.entries(row.settings, "allow"), values.entries(row.settings, "block"))
    own = own_script.script(
        mailbox_id=row.id, address=row.address, aliases=row.aliases, type=row.type, settings=in_force
    )
    return {name: script(text) for name, text in (("lists", own_lists), ("own", own)) if text}


def script(text: str) -> tuple[str, str]:
    """(id, text). Compiled scripts are kept under their id, so the same text needs no second compilation."""
    return hashlib.sha256(text.encode()).hexdigest()[:32], text


def _exits(row: MailboxRow, in_force: Settings) -> dict[str, tuple[str, str, str]]:
    exits = {}
    goto = own_script.fan_out(row.address, row.aliases, in_force)
    if goto:
        exits[f"f{row.id}@{values.EXIT_DOMAIN}"] = (goto, "", "")
    if row.type == "filter":
        nexthop = values.nexthop(row.domain.settings.get("filtermx"))
        exits[f"x{row.id}@{values.EXIT_DOMAIN}"] = ("", nexthop or _NOWHERE, row.address)
    return exits


_NOWHERE = "retry:4.4.4 the domain's filtermx is not set"
