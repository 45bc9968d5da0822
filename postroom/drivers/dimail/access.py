"""Where a dimail is and how we sign in there: the settings of its platform."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from postroom.drivers.contract import PermanentFailure, TemporaryFailure

_LATER: Final = 300.0
_URL: Final = re.compile(r"https?://[^\s?#]+")


class Access(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    """Without a slash at its end; a path in front of dimail's own is part of it."""
    user: str
    password_file: str
    """The password itself is in no row of ours."""
    webmail: str = ""
    """Login codes are redeemed there. Empty: nobody gets one."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def password(self) -> str:
        """Read anew each time, so that it can be changed while we run. Raises TemporaryFailure."""
        path = Path(self.password_file)
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o007:
                raise TemporaryFailure(f"{path} may be read by everybody: chmod o-rwx", retry_in=_LATER)
            text = path.read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no text"
            raise TemporaryFailure(f"{path}, where the password of dimail is, cannot be read ({why})", _LATER) from None
        return text


def read(settings: Mapping[str, object]) -> Access:
    """`url`, `user`, `password_file`, `webmail`. Raises PermanentFailure."""
    for name in ("url", "user", "password_file"):
        if not isinstance(settings.get(name), str) or not settings[name]:
            raise PermanentFailure(f'The settings of a dimail platform need "{name}" (docs/dimail-driver.md)')
    known = {name: settings[name] for name in Access.__struct_fields__ if name in settings}
    try:
        access = msgspec.convert(known, Access)
    except msgspec.ValidationError as error:
        raise PermanentFailure(f"The settings of the dimail platform: {error}") from None
    for name in ("url", "webmail"):
        _check(name, getattr(access, name))
    return msgspec.structs.replace(access, url=access.url.rstrip("/"), webmail=access.webmail.rstrip("/"))


def _check(name: str, url: str) -> None:
    if not url and name == "webmail":
        return
    if not _URL.fullmatch(url) or not urlsplit(url).hostname:
        raise PermanentFailure(f'The settings of the dimail platform, "{name}": must be an address of the web')
    if urlsplit(url).username is not None:
        raise PermanentFailure(f'The settings of the dimail platform, "{name}": credentials do not belong there')
