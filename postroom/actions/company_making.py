"""Making companies, for every way in which that is asked for. The caller has begun the transaction."""

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.core.records import Origin
from postroom.store import history, rows
from postroom.store.models import Company
from postroom.store.rows import CompanyRow


def insert(actor_name: str, origin: Origin, name: str, *, trusted: bool, catchall_allowed: bool) -> CompanyRow:
    """`name` is folded, and free."""
    Company.objects.create(
        name=name,
        trusted=trusted,
        catchall_allowed=catchall_allowed,
        settings=catalogue.built_in_defaults(Level.COMPANY),
        created_at=history.milliseconds(origin),
    )
    row = rows.find_company(name, lock=True)
    assert row is not None
    told: history.Changes = {
        "name": [None, name],
        "trusted": [None, trusted],
        "catchall_allowed": [None, catchall_allowed],
    }
    history.note(row, actor_name, origin, "created", told)
    rows.save(row)
    return row
