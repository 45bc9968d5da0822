"""`postroom outbox`: Postroom's own e-mails."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with


def outbox(
    number: Annotated[int, typer.Argument(help="A mail to read, by its number.")] = 0,
    newest: Annotated[int, typer.Option(help="How many to list.")] = 20,
    release: Annotated[bool, typer.Option("--release", help="Send what was held while there was no server.")] = False,
) -> None:
    """List Postroom's own e-mails, newest first, or read one that has not left yet."""
    set_up_django()
    from django.conf import settings

    from postroom.actions import outbox as actions
    from postroom.core.errors import NotFound

    if release and not settings.SMTP_HOST:
        stop_with("There is no server to send by: set POSTROOM_SMTP_HOST.")
    if release:
        out.print(f"{actions.release(origin())} e-mails will be sent.")
        return
    if not number:
        for line in actions.newest(newest):
            when = datetime.fromtimestamp(line.created_at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
            said = f"  ({line.failure})" if line.failure else ""
            out.print(f"{line.id:>6}  {when}  {line.status:6}  {line.purpose}  {line.recipient}{said}", markup=False)
        return
    try:
        mail = actions.show(number)
    except NotFound:
        stop_with(f"There is no e-mail {number}, or it has left: what it said is not kept then.")
    for name, value in mail.headers:
        out.print(f"{name}: {value}", markup=False)
    out.print(f"\n{mail.text}", markup=False)
