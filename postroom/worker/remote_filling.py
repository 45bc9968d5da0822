"""The operator fills a dimail from what is here, and empties a pretended one."""

from collections.abc import Callable, Iterator

import msgspec
from django.db.models import QuerySet

from postroom.core.address import PSEUDO
from postroom.core.errors import BadRequest, NotFound
from postroom.drivers.contract import DriverError as DriverError  # for those who ask us
from postroom.drivers.dimail import access, filling
from postroom.store import due
from postroom.store.models import Domain, Mailbox, Platform
from postroom.worker import reconcile


class Failed(msgspec.Struct, frozen=True):
    name: str
    reason: str


def platform(name: str) -> Platform:
    """With the driver for dimail; no name: the only one. Raises NotFound, BadRequest."""
    found = list(Platform.objects.filter(driver="dimail", **({"name": name} if name else {})).order_by("name"))
    if not found:
        raise NotFound(f"there is no platform{f' {name}' if name else ''} with the driver dimail")
    if len(found) > 1:
        raise BadRequest(f"say which of {', '.join(one.name for one in found)} is meant")
    return found[0]


def make_account(platform: Platform) -> bool:
    """Of ours there. Whether it was made now. Raises DriverError."""
    return filling.make_account(access.read(platform.settings))


def empty(platform: Platform) -> None:
    """Raises DriverError."""
    filling.empty(access.read(platform.settings))


def sizes(platform: Platform) -> tuple[int, int]:
    """Domains, mailboxes: all that `fill` tells."""
    return _domains(platform).count(), _mailboxes(platform).count()


def fill(platform: Platform, now: Callable[[], int]) -> Iterator[Failed | None]:
    """Tell it everything, also what it was told before, one after another; None for what is there now. What fails goes
    on waiting for the worker."""
    for id in list(_domains(platform).values_list("id", flat=True)):
        due.mark(Domain, [id], now())
        reconcile.domain(id, now)
        yield _outcome(Domain, id)
    for id in list(_mailboxes(platform).values_list("id", flat=True)):
        due.mark(Mailbox, [id], now())
        reconcile.mailbox(id, now)
        yield _outcome(Mailbox, id)


def _domains(platform: Platform) -> QuerySet[Domain]:
    return Domain.objects.filter(platform=platform, deleted_at=None).exclude(name__endswith=PSEUDO).order_by("id")


def _mailboxes(platform: Platform) -> QuerySet[Mailbox]:
    living = Mailbox.objects.filter(domain__in=_domains(platform), deleted_at=None)
    return living.exclude(status__in=due.WAITING, applied_name="").order_by("id")


def _outcome(model: due.Reconciled, id: int) -> Failed | None:
    name, failure, due_at = model.objects.values_list(
        "name" if model is Domain else "address", "failure", "due_at"
    ).get(id=id)
    return Failed(name, failure) if failure and due_at is not None else None
