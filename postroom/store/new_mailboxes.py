"""Writing a mailbox down for the first time, with as few questions before and statements then as there can be: to make
mailboxes is what programs do by the thousand, and each statement is a way to the database server and back.
"""

from typing import Final

import msgspec
from django.db.models import Model

from postroom.store.models import Address, Domain, Mailbox
from postroom.store.rows import DOMAIN_AND_COMPANY, domain_of
from postroom.store.sql import Compiled, Statement, execute, insert_together, is_sqlite, json_text
from postroom.store.working_copies import DomainRow, MailboxRow

_JSON: Final = frozenset({"settings", "aliases", "suspended_by", "old_passwords", "last_sign_ins"})

# The context has to be joined for its row to be locked.
_domain = Compiled(
    lambda p: Domain.objects.filter(id=p.number(0)).values_list("context__name", *DOMAIN_AND_COMPANY),
    lock=('"store_domain"', '"store_context"'),
)

_TAKEN, _NAMESAKE, _GROUP, _AUTO, _ID = range(5)
_NAMESAKES = (
    f'SELECT {_NAMESAKE}, m."id", m."address" FROM "store_mailbox" m '  # noqa: S608 -- a constant
    'JOIN "store_domain" d ON d."id" = m."domain_id" WHERE d."context_id" = %s AND m."deleted_at" IS NULL '
    'AND UPPER(m."last_name") = UPPER(%s) AND UPPER(m."first_name") = UPPER(%s) UNION ALL '
)
_AROUND = (
    f'SELECT {_TAKEN}, "mailbox_id", \'\' FROM "store_address" WHERE "address" = %s '  # noqa: S608
    f'UNION ALL SELECT {_GROUP}, "id", "name" FROM "store_workgroup" WHERE "domain_id" = %s '
    f'UNION ALL SELECT {_AUTO}, "id", "name" FROM "store_bulletin" WHERE "domain_id" = %s AND "type" = \'auto\' '
    f'UNION ALL SELECT {_AUTO}, "id", "name" FROM "store_bulletin" WHERE "company_id" = %s AND "type" = \'auto\' '
    f"UNION ALL SELECT {_ID}, "
)
_NEXT = "nextval(pg_get_serial_sequence('store_mailbox', 'id')), ''"
_NEXT_SQLITE = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'store_mailbox'), 0) + 1, ''"


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What is there before a mailbox is made."""

    id: int
    """That it can have: nobody else gets it."""
    taken: bool
    """The address."""
    namesake: tuple[int, str] | None
    """Id and address of whoever has the name, in any domain of the context and in whatever case."""
    groups: list[tuple[int, str]]
    """Workgroups of the domain, the oldest first."""
    has_bulletins: bool
    """That new mailboxes get."""


def locked_domain(id: int) -> DomainRow | None:
    """In one statement with its context: neither is changed by others until our transaction ends, so whoever makes a
    mailbox in one of the context's domains waits for us."""
    row = _domain.row(id)
    return domain_of(row[1:]) if row else None


def surroundings(domain: DomainRow, address: str, first_name: str, last_name: str) -> Surroundings:
    """Of a domain that is locked. Where there is no name there is no namesake."""
    sql, sent = _AROUND + (_NEXT_SQLITE if is_sqlite() else _NEXT), [address, domain.id, domain.id, domain.company_id]
    if first_name or last_name:
        sql, sent = _NAMESAKES + sql, [domain.context_id, last_name, first_name, *sent]
    found: dict[int, list[tuple[int, str]]] = {}
    for kind, id, text in execute(sql, sent).fetchall():
        found.setdefault(kind, []).append((id, text))
    return Surroundings(
        id=found[_ID][0][0],
        taken=_TAKEN in found,
        namesake=min(found.get(_NAMESAKE, ()), default=None),
        groups=sorted(found.get(_GROUP, ())),
        has_bulletins=_AUTO in found,
    )


class _Insert:
    def __init__(self, model: type[Model], returning: str = "") -> None:
        fields = [field for field in model._meta.concrete_fields if field.attname != returning]
        self._names = [field.attname for field in fields]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        end = f' RETURNING "{returning}"' if returning else ""
        self._sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks}){end}'  # noqa: S608 -- the model's

    def of(self, made: Model) -> Statement:
        values = [json_text(getattr(made, n)) if n in _JSON else getattr(made, n) for n in self._names]
        return Statement(self._sql, values)


_insert_mailbox = _Insert(Mailbox, returning="id")
_insert_whole_mailbox = _Insert(Mailbox)
_insert_address = _Insert(Address)


def insert(made: Mailbox, domain: DomainRow, workgroup: str) -> MailboxRow:
    """Its working copy. The caller holds the domain's lock, and saves the row."""
    (made.id,) = execute(*_insert_mailbox.of(made)).fetchone()
    execute(*_insert_address.of(_address(made)))
    return working_copy(made, domain, workgroup)


def insert_whole(made: Mailbox, row: MailboxRow, entry: Statement) -> None:
    """With an id, and what its working copy says by now: the row need not be saved, but shown (`rows.show_new`).

    `entry`: of its history, about its creation.
    """
    made.history_head, made.search_text = row.history_head, row.search_text
    insert_together([entry, _insert_address.of(_address(made)), _insert_whole_mailbox.of(made)])


def _address(made: Mailbox) -> Address:
    return Address(address=made.address, domain_id=made.domain_id, mailbox_id=made.id, is_alias=False)


def working_copy(made: Mailbox, domain: DomainRow, workgroup: str) -> MailboxRow:
    """Of one with an id."""
    return MailboxRow(
        id=made.id,
        address=made.address,
        domain_id=domain.id,
        workgroup_id=made.workgroup_id,
        workgroup=workgroup,
        type=made.type,
        status=made.status,
        settings=made.settings,
        aliases=[],
        suspended_by={},
        password=made.password,
        old_passwords=made.old_passwords,
        last_sign_ins={},
        first_name=made.first_name,
        last_name=made.last_name,
        secondary_email=made.secondary_email,
        generation=made.generation,
        due_at=made.due_at,
        history_head="",
        created_at=made.created_at,
        deleted_at=None,
        domain=domain,
    )
