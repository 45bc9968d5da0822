"""Configuration files as values: made from templates, compared with what is there, written with owner and mode."""

import difflib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from postroom.drivers.mailstack.layout import Secrets

_TEMPLATES = Path(__file__).parent / "templates"
_PLACE = re.compile(r"@([a-z0-9_]+)@")


@dataclass(frozen=True, kw_only=True)
class File:
    path: Path
    text: str
    group: str = "root"
    mode: int = 0o644


def fill(template: str, **values: object) -> str:
    """The template of that name with each @place@ filled. A place or a value too many is a KeyError."""
    text = (_TEMPLATES / template).read_text()
    places = set(_PLACE.findall(text))
    if surplus := values.keys() - places:
        raise KeyError(f"{template} has no place for {', '.join(sorted(surplus))}")
    return _PLACE.sub(lambda place: str(values[place[1]]), text)


def differences(files: Iterable[File], secrets: Secrets) -> Iterator[str]:
    """Unified, file by file, without the secrets."""
    for file in files:
        there = file.path.read_text() if file.path.exists() else ""
        old, new = (_masked(text, secrets).splitlines(keepends=True) for text in (there, file.text))
        yield from difflib.unified_diff(old, new, str(file.path) if there else "/dev/null", str(file.path))


def _masked(text: str, secrets: Secrets) -> str:
    for secret in astuple(secrets):
        if secret:
            text = text.replace(secret, "********")
    return text


def write(files: Iterable[File]) -> None:
    """Whole or not at all each, and never readable by more than in the end."""
    # Postfix distrusts configuration younger than two seconds and waits, once a file.
    settled = time.time() - 60
    for file in files:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.path.with_name(file.path.name + ".new")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.write_text(file.text)
        shutil.chown(unfinished, "root", file.group)
        unfinished.chmod(file.mode)
        os.utime(unfinished, (settled, settled))
        unfinished.replace(file.path)


def folder(path: Path, owner: str | int = "root", group: str | int = "root", mode: int = 0o755) -> None:
    path.mkdir(parents=True, exist_ok=True)
    shutil.chown(path, owner, group)
    path.chmod(mode)
