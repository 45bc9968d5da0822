"""What the operator says of an Open-Xchange: the settings of its platform (docs/openxchange.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

from postroom.drivers.contract import OF_ANY_PLATFORM, PermanentFailure, TemporaryFailure

# No space, quote, % or $: ssh cuts such paths up or fills something in.
File: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^/[A-Za-z0-9._/+@:,=-]+\Z")]
# It must not look like an option to ssh.
Host: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:_-]*\Z")]
Login: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*\Z")]
Option: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^--[a-z][A-Za-z0-9._/-]*(=[^\x00]*)?\Z")]


class Ssh(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: Host
    user: Login
    key: File
    """The private key, without a passphrase."""
    known_hosts: File
    """The host's key must be in it; it is never added to."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 22


class Administrator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user: Annotated[str, msgspec.Meta(min_length=1)]
    password_file: File

    def password(self) -> str:
        """Read each time: a new one counts at once. Raises TemporaryFailure."""
        try:
            found = Path(self.password_file).read_text().rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise TemporaryFailure(f"{self.password_file} cannot be read: {error}", retry_in=300) from error
        if not found:
            raise TemporaryFailure(f"{self.password_file} is empty", retry_in=300)
        return found


class OxSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ssh: Ssh
    context_admin: Administrator
    """Of every context: made with it, and used for its users."""
    master_admin: Administrator | None = None
    """None where this Open-Xchange asks for no authentication of administrators."""
    tools: File = "/opt/open-xchange/sbin"
    locale: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._@-]+\Z")] = "C.UTF-8"
    """One with UTF-8 that the host has: Java reads arguments by it."""
    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}_[A-Z]{2}\Z")] = "en_US"
    timezone: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_/+-]+\Z")] = "UTC"
    quota: Annotated[int, msgspec.Meta(ge=-1)] = 1000
    """MB of files a context; -1: no limit."""
    context_options: tuple[Option, ...] = ()
    user_options: tuple[Option, ...] = ()
    """What else new contexts and new users are made with."""
    user_names: Literal["local_part", "address"] = "local_part"
    """By what people are known to the sign-in of Open-Xchange."""
    rename_users: bool = False
    """True where its AdminUser.properties say USERNAME_CHANGEABLE=true."""
    moves: Literal["refuse", "anew"] = "refuse"
    """What to do with a mailbox that moves into another context: a new account has no calendar and no contacts."""
    adopt: bool = False
    """Take over contexts and users of the same names that were not made by Postroom."""
    delete_contexts: bool = False
    """Delete a context when its last domain goes."""


def read(settings: Mapping[str, object]) -> OxSettings:
    """Raises PermanentFailure for what makes no sense. Those of any platform are others'."""
    own = {name: value for name, value in settings.items() if name not in OF_ANY_PLATFORM}
    try:
        return msgspec.convert(own, OxSettings)
    except msgspec.ValidationError as error:
        raise PermanentFailure(f"The settings of the Open-Xchange platform: {error}") from error
