"""The ways out: one module or folder a mail platform, and the table of them."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from postroom.drivers import devices
from postroom.drivers.contract import OF_ANY_PLATFORM, Driver, PermanentFailure
from postroom.drivers.dimail.access import Access
from postroom.drivers.fake import FakePlatform
from postroom.drivers.openxchange.settings import OxSettings

DriverMaker: TypeAlias = Callable[[Mapping[str, object]], Driver]


def _mailstack(settings: Mapping[str, object]) -> Driver:
    # Not at the top: clients of Redis and DNS take a while to import, and only the worker needs them.
    from postroom.drivers.mailstack.driver import MailStack

    return MailStack.from_settings(settings)


def _dimail(settings: Mapping[str, object]) -> Driver:
    from postroom.drivers.dimail.driver import Dimail

    return Dimail.from_settings(settings)


def _openxchange(settings: Mapping[str, object]) -> Driver:
    from postroom.drivers.openxchange.driver import OpenXchange

    return OpenXchange(settings)


DRIVERS: Final[Mapping[str, DriverMaker]] = MappingProxyType(
    {"fake": FakePlatform.from_settings, "mailstack": _mailstack, "dimail": _dimail, "openxchange": _openxchange}
)

_OWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fake": ("path",),
        "mailstack": ("dir",),
        "dimail": Access.__struct_fields__,
        "openxchange": OxSettings.__struct_fields__,
    }
)
"""Driver → its own settings."""
_IMAP: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "imap_host": Annotated[str, msgspec.Meta(min_length=1)] | None,
        "imap_port": Annotated[int, msgspec.Meta(ge=1, le=65535)] | None,
    }
)

_made: dict[tuple[str, str], Driver] = {}
_lock = threading.Lock()


def make(driver: str, settings: Mapping[str, object]) -> Driver:
    """The driver for a platform, one a process for each combination of name and settings.

    Raises PermanentFailure for an unknown name and for settings that the driver cannot use.
    """
    maker = DRIVERS.get(driver)
    if maker is None:
        raise PermanentFailure(f"There is no driver {driver!r}; there are {', '.join(DRIVERS)}")
    key = driver, json.dumps(dict(settings), sort_keys=True)
    with _lock:
        if key not in _made:
            _made[key] = maker(settings)
        return _made[key]


def try_out(driver: str, settings: Mapping[str, object], new: Iterable[str] | None = None) -> None:
    """Nobody is asked. `new`: the names that were not kept before; None: all.

    Raises TemporaryFailure and PermanentFailure as the driver does, and PermanentFailure for names that nobody reads.
    """
    unknown = unknown_settings(driver, settings if new is None else new)
    if unknown:
        told, names = ", ".join(unknown), ", ".join(_names(driver))
        raise PermanentFailure(f"A {driver} platform has no setting named {told}; there are {names}")
    make(driver, settings)
    devices.read(settings)
    _read_dns(settings)
    _read_imap(settings)


def unknown_settings(driver: str, names: Iterable[str]) -> list[str]:
    """Those that nobody reads. Of a driver that we do not have nothing is known."""
    return sorted(set(names).difference(_names(driver))) if driver in _OWN else []


def _names(driver: str) -> tuple[str, ...]:
    return (*_OWN[driver], *OF_ANY_PLATFORM)


def _read_dns(settings: Mapping[str, object]) -> None:
    from postroom.drivers.dns import where  # takes a while to import, and few need it

    where.read(settings)


def _read_imap(settings: Mapping[str, object]) -> None:
    for name, kind in _IMAP.items():
        try:
            msgspec.convert(settings.get(name), kind)
        except msgspec.ValidationError as error:
            raise PermanentFailure(f'The settings of the platform, "{name}": {error}') from None


def close_all() -> None:
    """At the end of a process, or of a test: gives back what the drivers hold and forgets them."""
    with _lock:
        for driver in _made.values():
            driver.close()
        _made.clear()
