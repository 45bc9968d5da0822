"""What the parts of the stack prove themselves to each other with: made once, kept in files for root only."""

import secrets
from dataclasses import fields
from pathlib import Path

from postroom.drivers.mailstack.layout import Secrets


def kept(folder: Path, *, make: bool = True) -> Secrets:
    """Those in the folder. Missing ones are made; without `make` they are not written, for a look beforehand."""
    if make:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    return Secrets(**{name.name: _kept(folder / name.name, make=make) for name in fields(Secrets)})


def _kept(path: Path, *, make: bool) -> str:
    if path.exists():
        return path.read_text().strip()
    fresh = secrets.token_hex(24)  # plain letters: they stand unquoted in configuration files
    if make:
        path.touch(mode=0o600)
        path.write_text(fresh)
    return fresh
