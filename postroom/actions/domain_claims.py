"""Domains that people add themselves (people.md section 3.1): nothing works there before DNS shows that they are
theirs, and the name is not held for them for ever (docs/decisions/013-claims.md)."""

from datetime import UTC, datetime

from django.conf import settings as configuration
from django.db.models import Q

from postroom.actions import company_making, domain_making
from postroom.actions.access_giving import give
from postroom.actions.action import writes
from postroom.actions.domain_ending import end
from postroom.actions.domain_support import required
from postroom.core.address import is_pseudo, parse_address, parse_domain
from postroom.core.errors import (
    BadRequest,
    BadValueError,
    ClaimedByAnother,
    ClaimLimitReached,
    NameTaken,
    OutOfReach,
    PostroomError,
    RoleTooSmall,
    WrongState,
)
from postroom.core.languages import best
from postroom.core.letters.claim_ended import claim_ended
from postroom.core.lifecycle import DomainState
from postroom.core.passwords.tokens import new_token
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Role, may_claim
from postroom.store import brands, history, jobs, outgoing, reach, rows
from postroom.store.models import Address, Domain, Person
from postroom.store.rows import CompanyRow, DomainRow

_DAY = 86_400_000
_POSTROOM = "postroom"  # in the history: a claim's time ends by itself
_UNPROVED = (DomainState.PENDING, DomainState.ACTION_REQUIRED, DomainState.FAILED)


@writes(Permission.DOMAIN_CLAIM)
def claim(actor: Actor, origin: Origin, name: object, support_email: object) -> str:
    """The domain's canonical name. Whoever claims it is its owner; the operator's have none.

    Raises BadRequest, NameTaken, ClaimedByAnother, ClaimLimitReached.
    """
    if not may_claim(actor):
        raise RoleTooSmall if actor.person_id else OutOfReach
    person = _claimant(actor)
    name, support = _parsed(name, support_email)
    now = history.milliseconds(origin)
    if person is not None:
        _check_limit(person, now)
    found = rows.find_domain(name, lock=True)
    if found is not None:
        _make_room(actor, origin, found, name)
    company = _company(origin)
    row = domain_making.insert(company, name, now, proved=False)
    row.support_email = support
    row.gives_way_at = now + configuration.CLAIM_SECONDS * 1000
    Domain.objects.filter(id=row.id).update(ownership=new_token(), claimed_by=person)
    told = {"name": [None, name], "company": [None, company.name], "support_email": [None, support]}
    history.note(row, actor.name, origin, "created", told)
    if person is not None:
        give(actor, origin, row, person, Role.OWNER)
    rows.save(row)
    return name


def _claimant(actor: Actor) -> Person | None:
    """Locked, so that claims of one person are counted one after the other."""
    if actor.person_id is None:
        return None
    person = Person.objects.select_for_update().filter(id=actor.person_id, is_active=True).first()
    if person is None:
        raise OutOfReach
    return person


def _parsed(name: object, support_email: object) -> tuple[str, str]:
    hints: dict[str, str] = {}
    parsed, support = "", ""
    try:
        parsed = parse_domain(required(name))
        if is_pseudo(parsed):
            raise BadValueError("must be a domain of the public DNS; .adm is kept for administrators")
    except BadValueError as error:
        hints["name"] = str(error)
    try:
        support = str(parse_address(required(support_email)))
    except BadValueError as error:
        hints["support_email"] = str(error)
    if hints:
        raise BadRequest(hints=hints)
    return parsed, support


def _check_limit(person: Person, now: int) -> None:
    """Those of the last day count even when they are gone again: adding and deleting is no way around it."""
    unproved = Domain.objects.filter(claimed_by=person, proved_at=None, gives_way_at__isnull=False)
    waiting = unproved.filter(Q(deleted_at=None) | Q(deleted_at__gt=now - _DAY)).count()
    if waiting >= configuration.CLAIMS_AT_ONCE:
        raise ClaimLimitReached(
            f"{waiting} domains of yours wait for their DNS records, or were removed today; at most "
            f"{configuration.CLAIMS_AT_ONCE} may"
        )


def _make_room(actor: Actor, origin: Origin, found: tuple[bool, DomainRow], name: str) -> None:
    """End a claim whose time is over. Raises NameTaken, ClaimedByAnother."""
    is_alias, row = found
    claimant = Person.objects.filter(claims=row.id).first()
    own = actor.person_id is not None and claimant is not None and claimant.pk == actor.person_id
    if is_alias or own or row.gives_way_at is None or row.proved_at or row.status not in _UNPROVED:
        raise NameTaken(hints={"name": f"{name} is here already"})
    if row.gives_way_at > history.milliseconds(origin):
        until = datetime.fromtimestamp(row.gives_way_at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        raise ClaimedByAnother(
            hints={
                "name": f"somebody else has added {name}; unless they prove that it is theirs, you can on {until} UTC"
            }
        )
    _give_up(_POSTROOM, origin, row)
    if row.support_email:
        chain = (row.settings, row.company.settings)
        language = best(claimant.language) if claimant else brands.language(*chain)
        look = brands.look(row.company_id, *chain)
        letter = claim_ended(look, language, row.name, configuration.CLAIM_SECONDS)
        outgoing.put([brands.dressed(row.support_email, "claim_ended", look, letter)], history.milliseconds(origin))


def _give_up(actor_name: str, origin: Origin, row: DomainRow) -> None:
    """No mailbox of it has ever worked: their addresses are free at once, the rest is the worker's."""
    Address.objects.filter(domain_id=row.id).delete()
    end(actor_name, origin, row, "claim ended")
    jobs.enqueue("end_mailboxes", str(row.id), history.milliseconds(origin))


@writes(Permission.DOMAIN_DELETE)
def abandon(actor: Actor, origin: Origin, name: str) -> None:
    """Give an unproved claim up, with the mailboxes that wait in it. Raises WrongState for any other domain."""
    row = reach.domain_for_person(actor, name, Permission.DOMAIN_DELETE, lock=True)
    if row.gives_way_at is None or row.proved_at or row.status not in _UNPROVED:
        raise WrongState(f"{row.name} is not one that waits for the proof of control")
    _give_up(actor.name, origin, row)


def _company(origin: Origin) -> CompanyRow:
    """The one that people's domains are in."""
    name = configuration.PEOPLE_COMPANY
    company = rows.find_company(name) or company_making.insert(
        _POSTROOM, origin, name, trusted=False, catchall_allowed=False
    )
    if company.trusted:
        raise PostroomError(
            f"the company {name} is trusted, so nobody would prove anything; set POSTROOM_PEOPLE_COMPANY to another one"
        )
    return company
