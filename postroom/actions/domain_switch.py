"""The operator's on and off of a domain. No check switches on what was switched off here (people.md section 7.3)."""

from postroom.actions.action import writes
from postroom.core.address import is_pseudo
from postroom.core.errors import BadRequest
from postroom.core.lifecycle import DOMAIN_STEPS, DomainEvent, DomainState, step
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, jobs, reach, rows
from postroom.store.models import Domain
from postroom.store.rows import DomainRow

LONGEST_REASON = 500


@writes(Permission.DOMAIN_SWITCH)
def disable(actor: Actor, origin: Origin, name: str, reason: str = "") -> None:
    """No mail in or out, no sign-in, nothing created. The reason is kept in the history. Raises WrongState."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SWITCH, lock=True)
    before, row.status = row.status, step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.DISABLE)
    row.check_at = None
    _save(actor, origin, row, before, reason)


@writes(Permission.DOMAIN_SWITCH)
def enable(actor: Actor, origin: Origin, name: str, reason: str = "") -> None:
    """Control has to be proved anew, which is looked at now; not where the domain's company is trusted."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_SWITCH, lock=True)
    before, row.status = row.status, step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.ENABLE)
    now = history.milliseconds(origin)
    row.proved_at, row.check_at = None, now
    if row.company.trusted or is_pseudo(row.name):
        row.status = step(DOMAIN_STEPS, DomainState(row.status), DomainEvent.TRUST)
        row.proved_at = now
        row.check_at = None if is_pseudo(row.name) else now
        jobs.enqueue("release_waiting", str(row.id), now)
    _save(actor, origin, row, before, reason)
    Domain.objects.filter(id=row.id).update(told=[])  # what comes of it is news


def _save(actor: Actor, origin: Origin, row: DomainRow, before: str, reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise BadRequest(hints={"reason": f"must have at most {LONGEST_REASON} characters"})
    now = history.milliseconds(origin)
    row.changed(now)
    why = {"reason": [None, reason]} if reason else {}
    verb = "disabled" if row.status == DomainState.DISABLED else "enabled"
    history.note(row, actor.name, origin, verb, {"status": [before, row.status], **why})
    rows.save(row)
    jobs.enqueue("spread_domain", str(row.id), now)
