"""The sets of mail servers that there are, and their settings. For the operator alone."""

import re
from typing import Any, Final

import msgspec
from django.db.models import Count, Q

from postroom.actions import live
from postroom.actions.action import reads, writes
from postroom.core.errors import BadRequest, ExistsAlready, NotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import history, queued, reach
from postroom.store.models import Platform

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PlatformView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    driver: str
    settings: dict[str, Any]
    is_default: bool


@reads(Permission.COMPANY_CREATE)
def listed(actor: Actor) -> list[PlatformView]:
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    fields = ("name", "driver", "settings", "is_default")
    return [PlatformView(**found) for found in Platform.objects.order_by("name").values(*fields)]


@writes(Permission.COMPANY_CREATE)
def add(actor: Actor, origin: Origin, wanted: PlatformView) -> None:
    """As a default the one before is no longer where new domains go; the first one is it in any case.

    Raises ExistsAlready, and BadRequest for what the driver cannot use.
    """
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    if not _NAME.fullmatch(wanted.name):
        raise BadRequest(hints={"name": "must consist of letters, digits, - and _"})
    if Platform.objects.filter(name=wanted.name).exists():
        raise ExistsAlready(f"there is a platform {wanted.name} already")
    live.try_settings(wanted.driver, wanted.settings)
    others = Platform.objects.filter(is_default=True)
    is_default = wanted.is_default or not others.exists()
    if is_default:
        others.update(is_default=False)
    Platform.objects.create(
        name=wanted.name,
        driver=wanted.driver,
        settings=wanted.settings,
        is_default=is_default,
        created_at=history.milliseconds(origin),
    )


@writes(Permission.COMPANY_CREATE)
def change(actor: Actor, name: str, setting: str, value: object) -> None:
    """One setting of a platform; None takes it away. Takes effect with the next call of each process.

    Raises NotFound, and BadRequest for what its driver cannot use. Others that nobody reads, from before names were
    looked at, are in nobody's way.
    """
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    row = Platform.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise NotFound(f"there is no platform {name}")
    settings = {key: kept for key, kept in row.settings.items() if key != setting}
    row.settings = settings if value is None else {**settings, setting: value}
    live.try_settings(row.driver, row.settings, new=() if value is None else (setting,))
    row.save(update_fields=["settings"])


@writes(Permission.COMPANY_CREATE)
def set_all(actor: Actor, name: str, settings: dict[str, Any]) -> None:
    """All settings of a platform at once; what is not among them is taken away. Raises as `change`."""
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    row = Platform.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise NotFound(f"there is no platform {name}")
    live.try_settings(row.driver, settings)
    Platform.objects.filter(pk=row.pk).update(settings=settings)


@reads(Permission.COMPANY_CREATE)
def unknown_settings() -> dict[str, list[str]]:
    """Platform → its settings that nobody reads, from before names were looked at. For the operator alone."""
    found = {row.name: live.unknown_settings(row.driver, row.settings) for row in Platform.objects.order_by("name")}
    return {name: settings for name, settings in found.items() if settings}


class PlatformHealth(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    domains: int
    waiting: int
    """Domains and mailboxes that it has still to be told of; of very many not all are counted."""
    failing: int
    """Besides them, those that it did not take when it was asked last."""
    oldest: int | None
    """Since when the one of all these that has waited longest should have been told."""
    reason: str
    """Of the failure that was tried again most often."""


@reads(Permission.QUEUE_SEE)
def health(actor: Actor, origin: Origin) -> list[PlatformHealth]:
    """By name, from what is written down: nobody is asked."""
    reach.require(actor, Permission.QUEUE_SEE, Target())
    domains = Count("domains", filter=Q(domains__deleted_at=None))
    found = Platform.objects.order_by("name").annotate(number=domains).values_list("id", "name", "number")
    waiting = queued.by_platform(history.milliseconds(origin))
    return [
        PlatformHealth(name=name, domains=number, **msgspec.structs.asdict(waiting.get(id, queued.NOTHING)))
        for id, name, number in found
    ]


@reads(Permission.QUEUE_SEE)
def silence(actor: Actor, name: str) -> str:
    """Ask it now: why it does not answer; empty where it does. Raises NotFound."""
    reach.require(actor, Permission.QUEUE_SEE, Target())
    return live.silence(_found(name).pk)


@writes(Permission.COMPANY_CREATE)
def make_default(actor: Actor, name: str) -> None:
    """New domains go there from now on. Raises NotFound."""
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    chosen = _found(name)
    Platform.objects.filter(is_default=True).exclude(pk=chosen.pk).update(is_default=False)
    Platform.objects.filter(pk=chosen.pk).update(is_default=True)


def _found(name: str) -> Platform:
    found = Platform.objects.filter(name=name).first()
    if found is None:
        raise NotFound(f"there is no platform {name}")
    return found
