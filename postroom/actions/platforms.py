"""The sets of mail servers that there are, and their settings. For the operator alone."""

from typing import Any

import msgspec

from postroom.actions import live
from postroom.actions.action import reads, writes
from postroom.core.errors import NotFound
from postroom.core.roles import Actor, Permission, Target
from postroom.store import reach
from postroom.store.models import Platform


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
