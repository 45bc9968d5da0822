"""How the command line speaks: plain lines on the standard output, complaints on the standard error."""

import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

import typer
from rich.console import Console

from postroom.core.records import Origin

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postroom.settings")
    import django

    django.setup()


def stop_with(message: str) -> NoReturn:
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)


def asked_password(of_whom: str) -> str:
    """Typed twice at a terminal; a line of what is piped in."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(f"Password for {of_whom}", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def origin() -> Origin:
    user = os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"
    return Origin(face="cli", application=f"postroom ({user})", request_id="", at=datetime.now(UTC))
