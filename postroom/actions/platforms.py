"""The sets of mail servers that there are, and their settings. For the operator alone."""

import re
from typing import Any, Final

import msgspec

from postroom.actions import live
from postroom.actions.action import reads, writes
from postroom.core.errors import BadRequest, ExistsAlready, NotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target
from postroom.store import history, reach
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

    Raises NotFound, and BadRequest for what its driver cannot use.
    """
    reach.require(actor, Permission.COMPANY_CREATE, Target())
    row = Platform.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise NotFound(f"there is no platform {name}")
    settings = {key: kept for key, kept in row.settings.items() if key != setting}
    row.settings = settings if value is None else {**settings, setting: value}
    live.try_settings(row.driver, row.settings)
    row.save(update_fields=["settings"])
