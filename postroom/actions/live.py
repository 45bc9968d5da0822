"""The few questions that must go to a mail platform now."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from postroom.actions.lane import Aside
from postroom.core.errors import FolderNotFound, NotFound, NotOnPlatform, PlatformAway, PlatformRefused, WrongState
from postroom.drivers import make
from postroom.drivers.contract import (
    DriverError,
    NoFolder,
    NoMailbox,
    NoScript,
    PermanentFailure,
    StoredMail,
    TemporaryFailure,
)
from postroom.drivers.fake import FakePlatform
from postroom.store.models import Platform


def command_fake(name: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Tell the fake platform what to do. Only where the operator has switched its control surface on.

    Raises NotFound without a fake platform, BadRequest for an unknown command or wrong arguments.
    """
    platform = Platform.objects.filter(driver="fake").order_by("id").first()
    if platform is None:
        raise NotFound("there is no fake platform here")
    driver = make(platform.driver, platform.settings)
    assert isinstance(driver, FakePlatform)
    return driver.command(name, arguments)


@contextmanager
def stored_mail(platform_id: int) -> Iterator[StoredMail]:
    """Ask a platform about the mail it holds: outside of transactions, and with no rows touched meanwhile.

    Raises WrongState where the platform's mail cannot be looked at, NotOnPlatform, FolderNotFound and NotFound for what
    is not there, PlatformAway and PlatformRefused.
    """
    try:
        mail = mail_of(platform_id)
        if mail is None:
            raise WrongState("the platform of this domain does not let its mail be looked at")
        with Aside():
            yield mail
    except NoMailbox:
        raise NotOnPlatform("the mail platform has not heard of this account yet; try again in a moment") from None
    except NoFolder as failure:
        raise FolderNotFound(failure.reason) from None
    except NoScript as failure:
        raise NotFound(failure.reason) from None
    except DriverError as failure:
        raise _told(failure) from failure


def mail_of(platform_id: int) -> StoredMail | None:
    name, settings = Platform.objects.values_list("driver", "settings").get(id=platform_id)
    return make(name, settings).stored_mail


def script_problem(platform_id: int, address: str, text: str) -> str:
    """What is wrong with a filter, in a line; empty where the platform would run it, or runs none at all.

    Raises PlatformAway and PlatformRefused.
    """
    try:
        mail = mail_of(platform_id)
        if mail is None:
            return ""
        with Aside():
            errors = mail.check_script(address, text)
    except (TemporaryFailure, PermanentFailure) as failure:
        raise _told(failure) from failure
    return "; ".join(f"line {e.line}: {e.text}" if e.line else e.text for e in errors)


def _told(failure: DriverError) -> PlatformAway | PlatformRefused:
    """The reason is for the operator; whoever asks may be anybody's customer."""
    logging.getLogger("postroom.live").warning("%s", failure.reason)
    if isinstance(failure, TemporaryFailure):
        return PlatformAway("the mail platform does not answer; try again in a moment")
    return PlatformRefused("the mail platform refused this; the operator's log says why")
