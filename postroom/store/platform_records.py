"""What a mail platform is told of a row."""

from collections.abc import Iterable

from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level
from postroom.core.records import AliasRecord, DomainRecord
from postroom.store.models import Domain
from postroom.store.sql import Compiled
from postroom.store.working_copies import DomainRow

# A row for each destination of an alias, one without where there is none.
_around = Compiled(
    lambda p: Domain.objects.filter(id=p.number(0)).values_list(
        "context__name", "own_aliases__local_part", "own_aliases__destination"
    )
)


def domain_record(row: DomainRow) -> DomainRecord:
    around = _around.rows(row.id)
    return _record(row, around[0][0], _aliases((name, end) for _, name, end in around if name is not None))


def record_to_look_at(row: DomainRow, context_name: str) -> DomainRecord:
    """Without its own aliases, so nothing has to be read: no driver asks for them but to write them."""
    return _record(row, context_name, ())


def _record(row: DomainRow, context_name: str, own_aliases: tuple[AliasRecord, ...]) -> DomainRecord:
    return DomainRecord(
        key=row.id,
        name=row.name,
        aliases=tuple(row.aliases),
        own_aliases=own_aliases,
        context_key=row.context_id,
        context_name=context_name,
        active=row.serves,
        settings=inheritance.effective(Level.DOMAIN, row.settings, row.company.settings),
    )


def _aliases(rows: Iterable[tuple[str, str]]) -> tuple[AliasRecord, ...]:
    found: dict[str, list[str]] = {}
    for local_part, destination in sorted(rows):
        found.setdefault(local_part, []).append(destination)
    return tuple(AliasRecord(local_part=name, destinations=tuple(ends)) for name, ends in found.items())
