"""The few questions that must go to a mail platform or an identity provider now."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from django.conf import settings as configuration

from postroom import drivers
from postroom.actions.lane import Aside
from postroom.core.devices.servers import Servers
from postroom.core.dns.records import DnsRecord
from postroom.core.errors import (
    BadCredentials,
    BadRequest,
    FolderNotFound,
    NotFound,
    NotOnPlatform,
    PlatformAway,
    PlatformRefused,
    ProviderAway,
    WrongState,
)
from postroom.core.identity import ProviderSettings
from postroom.core.letters.mailbox import Way
from postroom.core.records import DomainRecord
from postroom.drivers import devices, letting_in, make, try_out
from postroom.drivers.contract import (
    Driver,
    DriverError,
    NoFolder,
    NoMailbox,
    NoScript,
    PermanentFailure,
    StoredMail,
    TemporaryFailure,
)
from postroom.drivers.examining import Examined, examine
from postroom.drivers.fake import FakePlatform
from postroom.store.models import Platform
from postroom.store.sql import Compiled, json_value

if TYPE_CHECKING:
    from postroom.drivers.oidc.provider import IdentityProvider


_platform = Compiled(lambda p: Platform.objects.filter(id=p.number(0)).values_list("driver", "settings"))

PLATFORM_OF_DOMAIN: Final = ("platform__driver", "platform__settings")
"""For those who read a domain anyway: what `examined` and `wanted_dns` take, so that it is not asked for once more."""


def command_fake(name: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Tell the fake platform what to do. Only where the operator has switched its control surface on.

    Raises NotFound without a fake platform, BadRequest for an unknown command or wrong arguments.
    """
    platform = _fake_platform()
    if platform is None:
        raise NotFound("there is no fake platform here")
    return platform.command(name, arguments)


def fixed_secret(name: Literal["password", "code"]) -> str | None:
    """What a developer wants in place of a random one. Only where the control surface is switched on; else nobody is
    asked."""
    platform = _fake_platform() if configuration.FAKE_CONTROL else None
    return platform.fixed_secret(name) if platform else None


def _fake_platform() -> FakePlatform | None:
    platform = Platform.objects.filter(driver="fake").order_by("id").first()
    driver = make(platform.driver, platform.settings) if platform else None
    assert driver is None or isinstance(driver, FakePlatform)
    return driver


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


def _driver(platform_id: int) -> Driver:
    """Raises PermanentFailure."""
    row = _platform.row(platform_id)
    assert row is not None  # a foreign key
    return _made(row)


def _made(platform: Sequence[str]) -> Driver:
    driver, settings = platform
    return make(driver, json_value(settings))


def mail_of(platform_id: int) -> StoredMail | None:
    return _driver(platform_id).stored_mail


def makes_passwords(platform_id: int) -> bool:
    """Whether the platform makes passwords and links itself, so that ours open nothing there. Its driver decides, which
    never changes: so that is looked up once.

    Raises PlatformRefused where its settings are wrong.
    """
    try:
        if platform_id not in _makes_passwords:
            _makes_passwords[platform_id] = _driver(platform_id).credentials is not None
        return _makes_passwords[platform_id]
    except DriverError as failure:
        raise _told(failure) from failure


_makes_passwords: dict[int, bool] = {}


def forget_everything() -> None:
    """For tests: another database has other platforms."""
    _makes_passwords.clear()


def way_in(platform_id: int, address: str, *, password: bool) -> Way | None:
    """Into a mailbox whose platform makes passwords and links itself; None where it does not. `password`: a new one,
    which ends the old one, in place of a link.

    Raises NotOnPlatform, PlatformAway and PlatformRefused.
    """
    limits = configuration.LINK_SECONDS, configuration.LINK_USES
    try:
        credentials = _driver(platform_id).credentials
        if credentials is None:
            return None
        with Aside():
            return letting_in.way_in(credentials, address, limits, password=password, webmail=configuration.WEBMAIL_URL)
    except NoMailbox:
        raise NotOnPlatform("the mail platform has not heard of this account yet; try again in a moment") from None
    except DriverError as failure:
        raise _told(failure) from failure


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


def examined(
    platform: Sequence[str], record: DomainRecord, ownership: str, *, repair: bool, insist: bool = False
) -> Examined:
    """What a domain's platform and its DNS say now; see drivers/examining.py. Raises PlatformAway, PlatformRefused."""
    try:
        driver = _made(platform)
        with Aside():
            return examine(driver, record, ownership, repair=repair, insist=insist)
    except DriverError as failure:
        raise _told(failure) from failure


def wanted_dns(platform: Sequence[str], record: DomainRecord, ownership: str) -> list[DnsRecord]:
    """What a domain's platform wants in DNS. Raises PlatformAway, PlatformRefused."""
    try:
        driver = _made(platform)
        with Aside():
            return driver.wanted_dns(record, ownership)
    except DriverError as failure:
        raise _told(failure) from failure


def silence(platform_id: int) -> str:
    """Why the platform does not answer now, for the operator; empty where it does."""
    try:
        driver = _driver(platform_id)
        with Aside():
            _greet(driver)
    except DriverError as failure:
        return failure.reason
    return ""


def _greet(driver: Driver) -> None:
    """The least that can be asked of it."""
    if driver.observing is not None:
        driver.observing.domains(limit=1)
    elif driver.reading is not None:
        driver.reading.is_filled()
    elif driver.remote is not None:
        driver.remote.knows("greeting.invalid")


def mail_servers(platform_id: int, domain: str) -> Servers:
    """What mail programs connect to: as the operator says, else as the driver knows. Nobody is asked. Raises
    PlatformAway, PlatformRefused."""
    row = _platform.row(platform_id)
    assert row is not None  # a foreign key
    settings = json_value(row[1])
    try:
        said = devices.read(settings)
        return said.servers(domain) if said else make(row[0], settings).mail_servers(domain)
    except DriverError as failure:
        raise _told(failure) from failure


def try_settings(driver: str, settings: Mapping[str, object], new: Iterable[str] | None = None) -> None:
    """Raises BadRequest where the driver cannot use them, or nobody reads one of `new` (None: of all). Nobody is
    asked."""
    try:
        try_out(driver, settings, new)
    except DriverError as failure:
        raise BadRequest(hints={"settings": failure.reason}) from failure


def unknown_settings(driver: str, names: Iterable[str]) -> list[str]:
    """Those that nobody reads."""
    return drivers.unknown_settings(driver, names)


@contextmanager
def identity_provider() -> "Iterator[IdentityProvider]":
    """Ask whoever people sign in with, outside of transactions. Raises NotFound where nobody is set, ProviderAway, and
    BadCredentials for what is refused."""
    provider = _identity_provider()
    try:
        with Aside():
            yield provider
    except TemporaryFailure as failure:
        logging.getLogger("postroom.live").warning("%s", failure.reason)
        raise ProviderAway("the identity provider does not answer; try again in a moment") from None
    except PermanentFailure as failure:
        logging.getLogger("postroom.live").warning("%s", failure.reason)
        raise BadCredentials("signing in with the identity provider did not work; begin again") from None


def _identity_provider() -> "IdentityProvider":
    if not configuration.OIDC_ISSUER or not configuration.OIDC_CLIENT_ID:
        raise NotFound("there is no identity provider to sign in with here")
    return _provider_for(
        ProviderSettings(
            issuer=configuration.OIDC_ISSUER,
            client_id=configuration.OIDC_CLIENT_ID,
            client_secret=configuration.OIDC_CLIENT_SECRET,
            scopes=tuple(configuration.OIDC_SCOPES),
            trusts_emails=configuration.OIDC_TRUST_EMAILS,
        )
    )


@lru_cache(maxsize=4)
def _provider_for(settings: ProviderSettings) -> "IdentityProvider":
    from postroom.drivers.oidc.provider import IdentityProvider  # takes a while to import, and most sites need none

    return IdentityProvider(settings)


def _told(failure: DriverError) -> PlatformAway | PlatformRefused:
    """The reason is for the operator; whoever asks may be anybody's customer."""
    logging.getLogger("postroom.live").warning("%s", failure.reason)
    if isinstance(failure, TemporaryFailure):
        return PlatformAway("the mail platform does not answer; try again in a moment")
    return PlatformRefused("the mail platform refused this; the operator's log says why")
