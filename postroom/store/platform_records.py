"""What a mail platform is told of a row."""

from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level
from postroom.core.records import DomainRecord
from postroom.store import alias_routes
from postroom.store.working_copies import DomainRow


def domain_record(row: DomainRow) -> DomainRecord:
    return DomainRecord(
        key=row.id,
        name=row.name,
        aliases=tuple(row.aliases),
        own_aliases=alias_routes.of_domain(row.id),
        active=row.serves,
        settings=inheritance.effective(Level.DOMAIN, row.settings, row.company.settings),
    )
