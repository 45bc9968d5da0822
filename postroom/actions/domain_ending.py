"""Taking a domain away, for every way in which that is asked for. The caller has asked who may do it."""

from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, step
from postroom.core.records import Origin
from postroom.store import history, rows, tombstones
from postroom.store.models import DomainName
from postroom.store.rows import DomainRow


def end(actor_name: str, origin: Origin, row: DomainRow, verb: str) -> None:
    """Its names are free again. The caller holds the row's lock and has dealt with its accounts."""
    now = history.milliseconds(origin)
    DomainName.objects.filter(domain_id=row.id).delete()
    tombstones.put(row, actor_name, now)
    row.status = step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.DELETE)
    row.deleted_at, row.check_at = now, None
    row.changed(now)
    history.note(row, actor_name, origin, verb, {"name": [row.name, None]})
    rows.save(row)
