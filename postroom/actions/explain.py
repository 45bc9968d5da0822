"""Where mail to an address goes, step by step: what the mail servers will do with it, by what they read."""

from collections.abc import Sequence
from typing import Final

from postroom.actions.action import reads
from postroom.actions.settings_change import quota_in_force
from postroom.core import inheritance
from postroom.core.address import parse_address
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import BadRequest, BadValueError, DomainNotFound, RoleTooSmall
from postroom.core.explain import delivery, lookup
from postroom.core.explain.delivery import MailboxFacts
from postroom.core.explain.lookup import Found
from postroom.core.explain.way import End, Lead, Step, Stop, Tone, Via, Way
from postroom.core.mail import values
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, allows
from postroom.store import history, mail_facts, reach
from postroom.store.alias_routes import SWALLOW
from postroom.store.mail_facts import Facts
from postroom.store.rows import DomainRow, MailboxRow

_MOST: Final = 50
"""Stops that are told: an alias may lead to hundreds of addresses."""
_DEEPEST: Final = 12


@reads(Permission.DOMAIN_SEE, Permission.MAILBOX_SEE)
def way(actor: Actor, origin: Origin, address: str) -> Way:
    """Addresses that the asker cannot look into are ends, whosever they are. Raises BadRequest for what is no address,
    DomainNotFound, RoleTooSmall."""
    try:
        start = str(parse_address(address))
    except BadValueError as error:
        raise BadRequest(hints={"address": str(error)}) from None
    asker = _Asker(actor, history.milliseconds(origin) // 1000)
    stops: list[Stop] = []
    seen, waiting = {start}, [Lead(start)]
    for _ in range(_DEEPEST):
        now = waiting[: _MOST - len(stops)]
        facts = mail_facts.around({lead.address for lead in now})
        if not stops:
            _require(actor, start, facts)
        found = [asker.stop(lead, facts) for lead in now]
        stops += found
        waiting = [*waiting[len(found) :], *_fresh(found, seen)]
        if not waiting or len(stops) == _MOST:
            break
    return Way(start, tuple(stops), len(waiting))


def _fresh(stops: Sequence[Stop], seen: set[str]) -> list[Lead]:
    found = [lead for stop in stops for lead in stop.leads]
    new = {lead.address: lead for lead in reversed(found) if lead.address not in seen}
    seen |= new.keys()
    return [lead for lead in found if new.get(lead.address) is lead]


def _require(actor: Actor, address: str, facts: Facts) -> None:
    domain = facts.domains.get(address.rpartition("@")[2])
    if domain is None or _may_see(actor, address, facts, domain):
        if domain is None:
            raise DomainNotFound
        return
    raise RoleTooSmall if reach.sees_into(actor, domain.company_id, domain.id) else DomainNotFound


def _may_see(actor: Actor, address: str, facts: Facts, domain: DomainRow) -> bool:
    box = facts.mailboxes.get(lookup.onward(facts.tables, address).key)
    if box is not None:
        return allows(actor, Permission.MAILBOX_SEE, box.target)
    return allows(actor, Permission.DOMAIN_SEE, domain.target)


class _Asker:
    """Who asks, and when."""

    def __init__(self, actor: Actor, now: int) -> None:
        self.actor, self.now = actor, now

    def stop(self, lead: Lead, facts: Facts) -> Stop:
        host = lead.address.rpartition("@")[2]
        domain = facts.domains.get(host)
        if lead.address == SWALLOW:
            return Stop(lead=Lead("", lead.via, lead.source), steps=(Step("swallowed"),), end=End.SWALLOWED)
        if domain is None or not _may_see(self.actor, lead.address, facts, domain):
            return Stop(lead=lead, steps=(Step("elsewhere", Tone.PLAIN, {"domain": host}),), end=End.OUTSIDE)
        said = facts.tables.domains.get(host)
        if said is None or (lead.via is not Via.ASKED and not said.ours):
            unproved = Step("domain_unproved", Tone.OPEN, {"domain": domain.name})
            return Stop(lead=lead, steps=(unproved,), end=End.OUTSIDE)
        if said.action:
            steps = [_shut(domain, said.action)]
            if lead.via is Via.ASKED or lead.forwarded:
                return _refused(lead, steps, said.action)
        else:
            steps = _named(lead, host, domain)
        return self._inside(lead, facts, steps)

    def _inside(self, lead: Lead, facts: Facts, steps: list[Step]) -> Stop:
        found = lookup.onward(facts.tables, lead.address)
        box = facts.mailboxes.get(found.key)
        if found.is_catchall:
            return _to_catchall(lead, facts, steps, found)
        if not found.goto:
            steps.append(Step("nobody", Tone.BAD, {"address": lead.address}))
            return Stop(lead=lead, steps=tuple(steps), end=End.REFUSED, answer=lookup.NOBODY)
        steps.extend(_which(lead.address, found.key))
        if box is None:
            steps.append(Step("alias", Tone.GOOD, {"address": found.key, "count": len(found.goto)}))
            return Stop(lead=lead, steps=tuple(steps), end=End.ONWARD, leads=_leads(lead, Via.ALIAS, found.goto))
        return self._at_mailbox(lead, facts, steps, found, box)

    def _at_mailbox(self, lead: Lead, facts: Facts, steps: list[Step], found: Found, box: MailboxRow) -> Stop:
        code = "mailbox" if box.address == found.key else "other_name"
        steps.append(Step(code, Tone.GOOD, {"address": found.key, "mailbox": box.address}))
        told = self._facts_of(box, facts)
        answer = lookup.answer(facts.tables, lead.address) if lead.via is Via.ASKED else ""
        shut = delivery.closed(told) if answer[:1] in ("4", "5") else None
        if shut:
            return _refused(lead, [*steps, shut[0]], shut[1])
        further = self._further(lead, steps, found, box)
        if box.address not in found.goto:
            steps.append(Step("alias_only", Tone.OPEN, {"mailbox": box.address}))
            return Stop(lead=lead, steps=tuple(steps), end=End.ONWARD, leads=further)
        if box.address == lookup.plain(lead.address):
            return delivery.stop(lead, steps, told, further)
        return Stop(
            lead=lead,
            steps=tuple(steps),
            end=End.ONWARD,
            leads=(*_leads(lead, Via.NAME, [box.address]), *further),
        )

    def _further(self, lead: Lead, steps: list[Step], found: Found, box: MailboxRow) -> tuple[Lead, ...]:
        """Where an alias of the mailbox's name leads; only how many these are for those who may not see aliases."""
        others = [address for address in found.goto if address != box.address]
        if others:
            steps.append(Step("alias_too", Tone.PLAIN, {"count": len(others)}))
        if not allows(self.actor, Permission.ALIAS_SEE, box.domain.target):
            return ()
        return _leads(lead, Via.ALIAS, others)

    def _facts_of(self, box: MailboxRow, facts: Facts) -> MailboxFacts:
        domain = box.domain
        stored, full = facts.stored.get(box.id, (0, False))
        return MailboxFacts(
            id=box.id,
            address=box.address,
            aliases=tuple(box.aliases),
            type=box.type,
            status=box.status,
            in_force=inheritance.effective(Level.MAILBOX, box.settings, domain.settings, domain.company.settings),
            filtermx=values.text(domain.settings, "filtermx"),
            quota=quota_in_force(box.type, box.settings, domain.settings),
            stored=stored,
            full=full,
            now=self.now,
        )


def _named(lead: Lead, host: str, domain: DomainRow) -> list[Step]:
    """Said once of stops in the same domain."""
    if host != domain.name:
        return [Step("domain_alias", Tone.GOOD, {"name": host, "domain": domain.name})]
    return [Step("domain", Tone.GOOD, {"domain": host})] if lead.source.rpartition("@")[2] != host else []


def _shut(domain: DomainRow, answer: str) -> Step:
    setting = "disabled" if domain.settings.get("disabled") else ""
    waits = answer.startswith("4")
    told: dict[str, str | int] = {"domain": domain.name}
    return Step("domain_waits" if waits else "domain_off", Tone.OPEN if waits else Tone.BAD, told, setting, domain.name)


def _refused(lead: Lead, steps: Sequence[Step], answer: str) -> Stop:
    end = End.PUT_OFF if answer.startswith("4") else End.REFUSED
    return Stop(lead=lead, steps=tuple(steps), end=end, answer=answer)


def _which(address: str, key: str) -> list[Step]:
    """How the address that the tables have was found from the one that was asked for."""
    steps = []
    if lookup.plain(address) != address:
        steps.append(Step("extension", Tone.PLAIN, {"address": lookup.plain(address)}))
    if key.rpartition("@")[2] != address.rpartition("@")[2]:
        steps.append(Step("in_main", Tone.PLAIN, {"address": key}))
    return steps


def _to_catchall(lead: Lead, facts: Facts, steps: list[Step], found: Found) -> Stop:
    domain = facts.domains[lead.address.rpartition("@")[2]]
    steps.append(Step("catchall", Tone.OPEN, {"mailbox": found.goto[0]}, "catchall", domain.name))
    answer = lookup.answer(facts.tables, lead.address) if lead.via is Via.ASKED else ""
    if answer[:1] in ("4", "5"):
        return _refused(lead, [*steps, Step("catchall_closed", Tone.BAD, {"mailbox": found.goto[0]})], answer)
    return Stop(lead=lead, steps=tuple(steps), end=End.ONWARD, leads=_leads(lead, Via.CATCHALL, found.goto))


def _leads(lead: Lead, via: Via, addresses: Sequence[str]) -> tuple[Lead, ...]:
    """A name that forwarded mail came to leads on as what it was."""
    how = lead.via if via is Via.NAME and lead.via is not Via.ASKED else via
    if via is Via.ALIAS:
        addresses = [a if a == SWALLOW else lookup.extended(a, lead.address) for a in addresses]
    return tuple(Lead(address, how, lead.address, forwarded=lead.forwarded) for address in addresses)
