"""A domain here and on its remote platform: what others made there is taken over, what is missing or different there is
told again. What was removed there comes back: nothing of ours ends because others say so."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from postroom.actions import remote_import
from postroom.actions.person_mailboxes import names_of
from postroom.actions.remote_import import FoundMailbox
from postroom.core.address import fold
from postroom.core.errors import NotFound
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Grant, Role
from postroom.drivers import make
from postroom.drivers.contract import DriverError as DriverError  # for those who ask us
from postroom.drivers.contract import Inventory, PermanentFailure, Remote, RemoteMailbox
from postroom.store import due, jobs, rows, told
from postroom.store.models import Domain, Job, Mailbox, Platform
from postroom.store.told import Pair
from postroom.worker.arrivals import origin
from postroom.worker.spreading import LEASE

log = logging.getLogger("postroom.worker")

WORKER: Final = Actor(name="postroom", grants=(Grant(Role.OPERATOR),))
_AT_A_TIME: Final = 2.0  # seconds; then other work has its turn
_FIELDS: Final = ("id", "address", "first_name", "last_name", "settings__name", "status", "due_at", "applied_name")


class Drift(msgspec.Struct, kw_only=True):
    """How a domain differs there from what it should be."""

    domain: str
    domain_id: int
    is_missing: bool = False
    new: list[RemoteMailbox] = []
    new_aliases: list[Pair] = []
    missing: dict[int, str] = {}
    """Our id → address."""
    different: dict[int, str] = {}
    """Our id → what is different."""
    missing_aliases: list[Pair] = []
    leftover_aliases: list[Pair] = []
    unreadable: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        if self.is_missing:
            yield f"domain {self.domain} is missing there"
        yield from self.new_lines()
        yield from (f"mailbox {address} is missing there" for address in self.missing.values())
        yield from (f"mailbox {what}" for what in self.different.values())
        yield from _of_aliases(self.missing_aliases, "is missing there")
        yield from _of_aliases(self.leftover_aliases, "is there and should not be")

    def new_lines(self) -> Iterator[str]:
        yield from (f"mailbox {one.address} was made there" for one in self.new)
        yield from _of_aliases(self.new_aliases, "was made there")
        yield from (f"{name} is there, and cannot be taken over" for name in self.unreadable)


def _of_aliases(pairs: Iterable[Pair], what: str) -> Iterator[str]:
    return (f"alias {address} → {destination} {what}" for address, destination in pairs)


def drift(driver: Remote, row: rows.DomainRow) -> Drift:
    """Raises what the driver raises. What is due is left to the worker."""
    found = Drift(domain=row.name, domain_id=row.id)
    # Asked before and after: what begins or ends here meanwhile was not made there.
    before, aliases = _ours(row), _our_aliases(row)
    there = driver.inventory(row.name)
    here, known_aliases = _ours(row), aliases | _our_aliases(row)
    if there is None:
        found.is_missing = True
        there = Inventory(mailboxes=(), aliases=())
    found.unreadable = there.unreadable
    _compare_mailboxes(found, there, before.keys() | told.mailboxes(row.id), here)
    _compare_aliases(found, there, known_aliases, row)
    return found


def _ours(row: rows.DomainRow) -> dict[str, dict[str, Any]]:
    """By address, and None for one that is being removed or renamed there."""
    living = Mailbox.objects.filter(domain_id=row.id, deleted_at=None).values(*_FIELDS)
    found: dict[str, dict[str, Any]] = {address: {} for address in told.mailboxes(row.id)}
    found.update((one["address"], one) for one in living)
    return found


def _our_aliases(row: rows.DomainRow) -> set[Pair]:
    return told.wanted_aliases(row.id, row.name) | told.aliases(row.id)


def _compare_mailboxes(found: Drift, there: Inventory, known: set[str], here: dict[str, dict[str, Any]]) -> None:
    shown = {one.address: one for one in there.mailboxes}
    known = known | here.keys()
    found.new = [one for address, one in shown.items() if address not in known]
    for address, ours in here.items():
        if not ours or ours["due_at"] is not None or ours["applied_name"] != address:
            continue
        if address not in shown:
            found.missing[ours["id"]] = address
        elif what := _difference(ours, shown[address]):
            found.different[ours["id"]] = f"{address} {what}"


def _difference(ours: dict[str, Any], there: RemoteMailbox) -> str:
    is_active = ours["status"] in (MailboxState.ENABLED, MailboxState.FAILED)
    if is_active != there.active:
        return "is switched off there" if is_active else "is switched on there"
    names = names_of(ours["first_name"], ours["last_name"], ours["settings__name"])
    shown = there.first_name, there.last_name
    if is_active and any(names) and any(shown) and names != shown:
        return f"has the name {' '.join(shown)} there"
    return ""


def _compare_aliases(found: Drift, there: Inventory, known: set[Pair], row: rows.DomainRow) -> None:
    wanted, shown = told.wanted_aliases(row.id, row.name), set(there.aliases)
    found.new_aliases = sorted(shown - known - wanted)
    if row.due_at is None:
        found.missing_aliases = sorted(wanted - shown)
        found.leftover_aliases = sorted((shown & told.aliases(row.id)) - wanted)


def take_over(found: Drift, at: Origin, actor: Actor = WORKER) -> None:
    """What others made there."""
    new = [
        FoundMailbox(address=m.address, first_name=m.first_name, last_name=m.last_name, active=m.active)
        for m in found.new
    ]
    for first in range(0, len(new), remote_import.BATCH):
        remote_import.take_mailboxes(actor, at, found.domain, new[first : first + remote_import.BATCH])
    if found.new_aliases:
        remote_import.take_aliases(actor, at, found.domain, found.new_aliases)


def tell_again(found: Drift, now: int) -> None:
    """Have the worker tell what is missing or different there."""
    if found.is_missing or found.missing_aliases or found.leftover_aliases:
        due.renew(Domain, found.domain_id, now)
    due.mark(Mailbox, [*found.missing, *found.different], now)


def compared(domain_id: int, platform: Platform) -> Drift | None:
    """None for a domain that is not, or not yet, ours to manage there: nothing of it is shown to anybody."""
    driver = make(platform.driver, platform.settings).remote
    row = rows.domain_by_id(domain_id)
    if driver is None or row is None or row.deleted_at is not None or not row.serves:
        return None
    if row.name not in told.names_of_domain(row.id):
        return None
    return drift(driver, row)


def domains(platform: Platform, after: int = 0) -> Iterator[int]:
    living = Domain.objects.filter(platform=platform, deleted_at=None, id__gt=after).exclude(applied_name="")
    yield from living.order_by("id").values_list("id", flat=True)


def mend(platform: Platform, now: int) -> Iterator[str]:
    """All of a platform, at once; nothing for one that is not remote."""
    if platform.driver not in told.REMOTE:
        return
    for id in list(domains(platform)):
        yield from synced(id, platform, now)


def synced(domain_id: int, platform: Platform, now: int) -> list[str]:
    """How the domain differed. Raises TemporaryFailure."""
    try:
        found = compared(domain_id, platform)
    except PermanentFailure as failure:
        return [failure.reason]
    if found is None:
        return []
    take_over(found, origin(now))
    tell_again(found, now)
    return list(found.lines())


def drifts(names: Iterable[str]) -> Iterator[Drift]:
    """Of these domains, or of all. Raises DriverError; NotFound for one that is not, or not yet, ours to manage on a
    remote platform."""
    known = [_named(name) for name in names]
    for id, platform in known or _all():
        found = compared(id, platform)
        if found is not None:
            yield found
        elif known:
            raise NotFound(f"{_name(id)} is not ours to manage on a remote platform: is it enabled?")


def _named(name: str) -> tuple[int, Platform]:
    found = Domain.objects.select_related("platform").filter(name=fold(name), deleted_at=None).first()
    if found is None:
        raise NotFound(f"there is no domain {name}")
    return found.pk, found.platform


def _name(domain_id: int) -> str:
    return Domain.objects.values_list("name", flat=True).get(id=domain_id)


def _all() -> list[tuple[int, Platform]]:
    remote = Platform.objects.filter(driver__in=told.REMOTE).order_by("id")
    return [(id, platform) for platform in remote for id in domains(platform)]


def gather(job: Job, now: Callable[[], int]) -> bool:
    """One job for each platform, so that none waits for another. A pass that is still under way goes on."""
    for id in Platform.objects.filter(driver__in=told.REMOTE).order_by("id").values_list("id", flat=True):
        Job.objects.get_or_create(kind="sync_platform", key=str(id), defaults={"due_at": now()})
    return True


def sync_platform(job: Job, now: Callable[[], int]) -> bool:
    """A few domains at a time. While the platform does not answer, all is as it was until the next pass."""
    platform, began = Platform.objects.get(id=int(job.key)), time.monotonic()
    for id in list(domains(platform, job.progress)):
        try:
            lines = synced(id, platform, now())
        except DriverError as failure:
            log.warning("sync with %s: %s", platform.name, failure.reason)
            return True
        for line in lines:
            log.warning("drift on %s: %s", platform.name, line)
        job.progress = id
        if not jobs.keep_progress(job, id, now() + LEASE):
            return False
        if time.monotonic() - began > _AT_A_TIME:
            jobs.pause(job, id, now())
            return False
    return True
