"""The ways out: one module or folder a mail platform, and the table of them."""

import json
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from postroom.drivers.contract import Driver, PermanentFailure
from postroom.drivers.fake import FakePlatform

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


def close_all() -> None:
    """At the end of a process, or of a test: gives back what the drivers hold and forgets them."""
    with _lock:
        for driver in _made.values():
            driver.close()
        _made.clear()
