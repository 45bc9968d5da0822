"""Whom a domain's letters go to: what its checks find, and what becomes of a claim (people.md section 2.1)."""

from postroom.actions.action import writes
from postroom.core.address import parse_address
from postroom.core.errors import BadRequest, BadValueError
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows


def required(written: object) -> str:
    """Raises BadValueError."""
    if not isinstance(written, str) or not written.strip():
        raise BadValueError("This field is required.")
    return written


@writes(Permission.DOMAIN_CHANGE)
def change(actor: Actor, origin: Origin, domain: str, support_email: object) -> str:
    """The address in its canonical form. Raises BadRequest, DomainNotFound, RoleTooSmall."""
    row = reach.domain_for_person(actor, domain, Permission.DOMAIN_CHANGE, lock=True)
    try:
        wanted = str(parse_address(required(support_email)))
    except BadValueError as error:
        raise BadRequest(hints={"support_email": str(error)}) from None
    if wanted != row.support_email:
        # No mail platform knows of it, so nothing is to be brought in step.
        history.note(row, actor.name, origin, "changed", {"support_email": [row.support_email or None, wanted]})
        row.support_email = wanted
        rows.save(row)
    return wanted
