"""`postroom platform …`: the sets of mail servers, and how they are reached."""

import json
from typing import Annotated

import typer

from postroom.faces.cli.terminal import out, set_up_django, stop_with

app = typer.Typer(help="The sets of mail servers that domains are on.", no_args_is_help=True)


@app.command("list")
def listed() -> None:
    """Their drivers and settings."""
    set_up_django()
    from postroom.actions import platforms
    from postroom.core.roles import OPERATOR

    for platform in platforms.listed(OPERATOR):
        where = ", new domains go here" if platform.is_default else ""
        out.print(f"{platform.name}: {platform.driver}{where}", markup=False)
        for name, value in sorted(platform.settings.items()):
            out.print(f"  {name}={json.dumps(value, ensure_ascii=False)}", markup=False)


@app.command("set")
def change(
    name: Annotated[str, typer.Argument(help="The platform.")],
    setting: Annotated[str, typer.Argument(help="Such as dns (docs/dns.md).")],
    value: Annotated[str, typer.Argument(help="JSON; null: as if it had never been set.")],
) -> None:
    """Change one setting. Servers and workers that run obey at once."""
    set_up_django()
    from postroom.actions import platforms
    from postroom.core.errors import PostroomError
    from postroom.core.roles import OPERATOR

    try:
        platforms.change(OPERATOR, name, setting, json.loads(value))
    except ValueError as error:
        stop_with(f"{value!r} is no JSON: {error}")
    except PostroomError as error:
        stop_with(f"{error} {'; '.join(error.hints.values())}".strip())
    out.print(f"{name} has the new setting.", markup=False)
