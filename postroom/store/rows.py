"""Working copies of rows: read in one statement, changed in memory, written back in one.

They never leave `store` and `actions`.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from postroom.store import projection, projection_aliases
from postroom.store.models import Company, Domain, DomainName, Mailbox
from postroom.store.models.mailboxes import Address
from postroom.store.sql import Compiled, Marks, Row, Writer, execute, is_sqlite, json_value
from postroom.store.working_copies import CompanyRow, DomainRow, MailboxRow, Settings

__all__ = [
    "CompanyRow",
    "DomainRow",
    "MailboxRow",
    "Settings",
    "domain_by_id",
    "domains_named",
    "find_company",
    "find_domain",
    "find_mailbox",
    "lock_domain",
    "mailbox_by_id",
    "mailboxes_at",
    "mailboxes_since",
    "put_aliases",
    "save",
    "save_new",
    "show_new",
]

_JSON = frozenset({"settings", "aliases", "suspended_by", "old_passwords", "last_sign_ins", "check_details"})

COMPANY_FIELDS = (
    "id", "name", "settings", "suspended_by", "trusted", "catchall_allowed", "generation", "history_head", "created_at",
)  # fmt: skip
DOMAIN_FIELDS = (
    "id", "name", "company_id", "context_id", "platform_id", "status", "settings", "aliases", "suspended_by",
    "generation", "due_at", "check_at", "proved_at", "gives_way_at",
    "support_email", "history_head", "created_at", "deleted_at",
)  # fmt: skip
MAILBOX_FIELDS = (
    "id", "address", "domain_id", "workgroup_id", "workgroup__name", "type", "status", "settings", "aliases",
    "suspended_by", "password", "old_passwords", "last_sign_ins", "first_name", "last_name", "secondary_email",
    "generation", "due_at", "history_head", "created_at", "deleted_at",
)  # fmt: skip

_company_writer = Writer(Company, ("settings", "suspended_by", "generation", "history_head"), _JSON)
_domain_writer = Writer(
    Domain,
    ("name", "company_id", "context_id", "status", "settings", "aliases", "suspended_by", "generation", "due_at",
     "check_at", "proved_at", "gives_way_at", "support_email", "history_head", "deleted_at"),
    _JSON,
)  # fmt: skip
_mailbox_writer = Writer(
    Mailbox,
    ("address", "domain_id", "workgroup_id", "type", "status", "settings", "aliases", "suspended_by", "password",
     "old_passwords", "first_name", "last_name", "secondary_email", "search_text", "generation", "due_at",
     "history_head", "deleted_at"),
    _JSON,
)  # fmt: skip


def save(row: CompanyRow | DomainRow | MailboxRow) -> None:
    """Write the working copy back, and what mail servers read of it. The caller holds the row's lock."""
    if isinstance(row, MailboxRow):
        _mailbox_writer.write(row)
        changed = projection.put_mailbox(row).routes
        if changed:
            projection_aliases.follow_mailbox(row, changed, mailbox_by_id)
    elif isinstance(row, DomainRow):
        _domain_writer.write(row)
        if projection.put_domain(row):
            projection_aliases.put_domain(row, mailbox_by_id)
    else:
        _company_writer.write(row)


def save_new(mailboxes: Sequence[MailboxRow]) -> None:
    """As `save`, of mailboxes of one domain that have just been made. The caller holds the domain's lock."""
    _mailbox_writer.write_many(mailboxes)
    show_new(mailboxes)


def show_new(mailboxes: Sequence[MailboxRow]) -> None:
    """What mail servers read of mailboxes that have just been written down whole."""
    aliases = projection.put_new(mailboxes)
    put_aliases({(row.domain_id, name) for row in mailboxes[:1] for name in aliases})


def put_aliases(starts: Collection[tuple[int, str]]) -> None:
    """What mail servers read of some aliases, or of what were some (store/projection_aliases.py)."""
    projection_aliases.put(starts, mailbox_by_id)


def _under(prefix: str, names: tuple[str, ...]) -> list[str]:
    return [prefix + name for name in names]


_COMPANY_END = len(COMPANY_FIELDS)
_DOMAIN_END = len(DOMAIN_FIELDS)
_MAILBOX_END = len(MAILBOX_FIELDS)


def company_of(row: Row) -> CompanyRow:
    id, name, settings, suspended, trusted, catchall, generation, head, created = row
    return CompanyRow(
        id=id, name=name, settings=json_value(settings), suspended_by=json_value(suspended), trusted=bool(trusted),
        catchall_allowed=bool(catchall), generation=generation, history_head=head, created_at=created,
    )  # fmt: skip


def domain_of(row: Row) -> DomainRow:
    """`row` is DOMAIN_FIELDS, then COMPANY_FIELDS of its company."""
    (id, name, company_id, context_id, platform_id, status, settings, aliases, suspended, generation, due_at,
     check_at, proved_at, gives_way_at, support_email, head, created_at, deleted_at) = row[:_DOMAIN_END]  # fmt: skip
    return DomainRow(
        id=id, name=name, company_id=company_id, context_id=context_id, platform_id=platform_id, status=status,
        settings=json_value(settings), aliases=json_value(aliases), suspended_by=json_value(suspended),
        generation=generation, due_at=due_at, check_at=check_at, proved_at=proved_at, gives_way_at=gives_way_at,
        support_email=support_email, history_head=head, created_at=created_at, deleted_at=deleted_at,
        company=company_of(row[_DOMAIN_END:]),
    )  # fmt: skip


def mailbox_of(row: Row) -> MailboxRow:
    """`row` is MAILBOX_FIELDS, then DOMAIN_FIELDS of its domain, then COMPANY_FIELDS of its company."""
    (id, address, domain_id, workgroup_id, workgroup, type, status, settings, aliases, suspended, password, old,
     sign_ins, first_name, last_name, secondary_email, generation, due_at, head, created_at,
     deleted_at) = row[:_MAILBOX_END]  # fmt: skip
    return MailboxRow(
        id=id, address=address, domain_id=domain_id, workgroup_id=workgroup_id, workgroup=workgroup, type=type,
        status=status, settings=json_value(settings), aliases=json_value(aliases), suspended_by=json_value(suspended),
        password=password, old_passwords=json_value(old), last_sign_ins=json_value(sign_ins), first_name=first_name,
        last_name=last_name, secondary_email=secondary_email, generation=generation, due_at=due_at, history_head=head,
        created_at=created_at, deleted_at=deleted_at,
        domain=domain_of(row[_MAILBOX_END:]),
    )  # fmt: skip


DOMAIN_AND_COMPANY = [*DOMAIN_FIELDS, *_under("company__", COMPANY_FIELDS)]
_MAILBOX_AND_ALL = [*MAILBOX_FIELDS, *_under("domain__", tuple(DOMAIN_AND_COMPANY))]

_company_by_name = Compiled(lambda p: Company.objects.filter(name=p.text(0)).values_list(*COMPANY_FIELDS))
_company_by_name_locked = Compiled(
    lambda p: Company.objects.filter(name=p.text(0)).select_for_update().values_list(*COMPANY_FIELDS)
)
_domain_by_name = Compiled(
    lambda p: DomainName.objects.filter(name=p.text(0)).values_list(
        "is_alias", *_under("domain__", tuple(DOMAIN_AND_COMPANY))
    )
)
_mailbox_by_address = Compiled(
    lambda p: Address.objects.filter(address=p.text(0)).values_list(
        "is_alias", *_under("mailbox__", tuple(_MAILBOX_AND_ALL))
    )
)


def _lock(model: type[Any]) -> Compiled:
    def build(p: type[Marks]) -> Any:
        return model.objects.filter(id=p.number(0)).select_for_update().values_list("id")

    return Compiled(build)


_lock_domain, _lock_mailbox = _lock(Domain), _lock(Mailbox)
_domain_by_id = Compiled(lambda p: Domain.objects.filter(id=p.number(0)).values_list(*DOMAIN_AND_COMPANY))
_mailboxes_since = Compiled(
    lambda p: Mailbox.objects.filter(domain_id=p.number(0), id__gte=p.number(1)).order_by("id").values_list(
        *_MAILBOX_AND_ALL
    )
)  # fmt: skip
_mailbox_by_id = Compiled(lambda p: Mailbox.objects.filter(id=p.number(0)).values_list(*_MAILBOX_AND_ALL))


def mailboxes_since(domain_id: int, first: int) -> list[MailboxRow]:
    """Of the domain, those with an id of `first` or more."""
    return [mailbox_of(row) for row in _mailboxes_since.rows(domain_id, first)]


def find_company(name: str, *, lock: bool = False) -> CompanyRow | None:
    row = (_company_by_name_locked if lock else _company_by_name).row(name)
    return company_of(row) if row else None


def _locked(query: Compiled, name: str, lock: Compiled) -> Row | None:
    """What has the name once nobody else can change it: until we had the lock, another one may have taken the name."""
    row = query.row(name)
    if is_sqlite():
        return row  # its IMMEDIATE transaction already holds the one write lock
    locked = None
    while row is not None and row[1] != locked:
        locked = row[1]
        lock.row(locked)
        row = query.row(name)
    return row


def find_domain(name: str, *, lock: bool = False) -> tuple[bool, DomainRow] | None:
    """(is an alias, the domain it stands for); None if the name is free."""
    row = _locked(_domain_by_name, name, _lock_domain) if lock else _domain_by_name.row(name)
    return (bool(row[0]), domain_of(row[1:])) if row else None


def find_mailbox(address: str, *, lock: bool = False) -> tuple[bool, MailboxRow] | None:
    """(is an alias, the mailbox it stands for); None if the address is free."""
    row = _locked(_mailbox_by_address, address, _lock_mailbox) if lock else _mailbox_by_address.row(address)
    return (bool(row[0]), mailbox_of(row[1:])) if row else None


def domains_named(names: Collection[str]) -> dict[str, DomainRow]:
    """Living ones by any of their names. A few names at a time."""
    fields = _under("domain__", tuple(DOMAIN_AND_COMPANY))
    found = _rows(DomainName.objects.filter(name__in=names).values_list("name", *fields)) if names else ()
    return {row[0]: domain_of(row[1:]) for row in found}


def mailboxes_at(addresses: Collection[str]) -> dict[str, MailboxRow]:
    """Living ones by any of their addresses. A few hundred at a time."""
    fields = _under("mailbox__", tuple(_MAILBOX_AND_ALL))
    found = _rows(Address.objects.filter(address__in=addresses).values_list("address", *fields)) if addresses else ()
    return {row[0]: mailbox_of(row[1:]) for row in found}


def _rows(found: QuerySet[Any, Any]) -> list[Row]:
    """As the driver gives them, which is what working copies are made of."""
    made: list[Row] = execute(*found.query.sql_with_params()).fetchall()
    return made


def lock_domain(id: int) -> None:
    """Nobody else changes it until our transaction ends. To be read afterwards: what was read before may be old."""
    if not is_sqlite():
        _lock_domain.row(id)


def domain_by_id(id: int, *, lock: bool = False) -> DomainRow | None:
    if lock:
        lock_domain(id)
    row = _domain_by_id.row(id)
    return domain_of(row) if row else None


def mailbox_by_id(id: int, *, lock: bool = False) -> MailboxRow | None:
    if lock and not is_sqlite():
        _lock_mailbox.row(id)
    row = _mailbox_by_id.row(id)
    return mailbox_of(row) if row else None
