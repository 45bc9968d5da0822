"""Bulletins of companies and domains: written, read, posted (oma.md section 5.2)."""

from typing import Final

import msgspec
from django.db.models import QuerySet

from postroom.actions.action import reads, writes
from postroom.core import bulletin
from postroom.core.address import parse_address
from postroom.core.catalogue.attribute import BadValueError
from postroom.core.errors import BadRequest, NotFound, UserNotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import bulletins, history, jobs, reach, rows
from postroom.store.models import Bulletin

COMPANY: Final = "company"
DOMAIN: Final = "domain"


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Which bulletin: the same name may stand for an automatic and a manual one."""

    owner: str
    """company or domain."""
    owner_name: str
    type: str
    """auto or manual."""
    name: str


@reads(Permission.COMPANY_SEE, Permission.DOMAIN_SEE)
def show(actor: Actor, named: Named) -> str:
    """The text as it was written. Raises NotFound."""
    permission = Permission.COMPANY_SEE if named.owner == COMPANY else Permission.DOMAIN_SEE
    return _found(_owner(actor, named, permission), named).text


@writes(Permission.COMPANY_BULLETIN_CHANGE, Permission.DOMAIN_BULLETIN_CHANGE)
def change(actor: Actor, origin: Origin, named: Named, text: str | None) -> None:
    """Create it, replace its text, or remove it where no text is given. Raises NotFound for nothing to remove."""
    owner = _owner(actor, named, _changing(named), lock=True)
    now = history.milliseconds(origin)
    before = _of(owner, named).first()
    if text is None:
        if before is None:
            raise NotFound
        before.delete()
    else:
        _write(owner, named, text, now)
    told = f"{named.type} {named.name}"
    history.note(owner, actor.name, origin, "changed", {"bulletins": [before and told, text and told]})
    rows.save(owner)


def _write(owner: bulletins.Owner, named: Named, text: str, now: int) -> None:
    if not 1 <= len(named.name) <= 128 or not named.name.isprintable():
        raise BadRequest(hints={"bulletin": "must be 1 to 128 printable characters"})
    try:
        bulletin.check(text)
    except BadValueError as error:
        raise BadRequest(hints={"bulletin_text": str(error)}) from None
    facts = {"text": text, "size": len(text.encode()), "changed_at": now}
    if not _of(owner, named).update(**facts):
        Bulletin.objects.create(**bulletins.of(owner), type=named.type, name=named.name, created_at=now, **facts)


@writes(Permission.COMPANY_BULLETIN_CHANGE, Permission.DOMAIN_BULLETIN_CHANGE)
def post(actor: Actor, origin: Origin, named: Named, test_address: str | None) -> None:
    """To everybody in the company or domain, or to one address only. The worker sends it.

    Raises UserNotFound for an address in a domain within the actor's reach that nobody there has.
    """
    owner = _owner(actor, named, _changing(named), lock=True)
    found, now = _found(owner, named), history.milliseconds(origin)
    posting = bulletins.posting(found, now)
    told = [f"{named.type} {named.name}", test_address or "everybody"]
    if test_address:
        bulletins.mails(posting.pk, owner, [_tester(actor, test_address)], now)
    else:
        jobs.enqueue("post_bulletin", str(posting.pk), now)
    history.note(owner, actor.name, origin, "posted", {"bulletins": [None, " to ".join(told)]})
    rows.save(owner)


def _tester(actor: Actor, typed: str) -> tuple[str, rows.Settings]:
    try:
        address = str(parse_address(typed))
    except BadValueError as error:
        raise BadRequest(hints={"test_email": str(error)}) from None
    domain = rows.find_domain(address.rpartition("@")[2])
    if domain is None or not reach.sees_into(actor, domain[1].company_id, domain[1].id):
        return address, {}
    mailbox = rows.find_mailbox(address)
    if mailbox is None:
        raise UserNotFound(hints={"test_email": f"there is no account {address}"})
    return address, mailbox[1].settings


def _changing(named: Named) -> Permission:
    company = named.owner == COMPANY
    return Permission.COMPANY_BULLETIN_CHANGE if company else Permission.DOMAIN_BULLETIN_CHANGE


def _owner(actor: Actor, named: Named, permission: Permission, *, lock: bool = False) -> bulletins.Owner:
    if named.type not in {bulletins.AUTO, bulletins.MANUAL}:
        raise BadRequest(hints={"type": "must be auto or manual"})
    find = reach.company if named.owner == COMPANY else reach.domain
    return find(actor, named.owner_name, permission, lock=lock)


def _of(owner: bulletins.Owner, named: Named) -> QuerySet[Bulletin]:
    return Bulletin.objects.filter(**bulletins.of(owner), type=named.type, name=named.name)


def _found(owner: bulletins.Owner, named: Named) -> Bulletin:
    found = _of(owner, named).first()
    if found is None:
        raise NotFound
    return found
