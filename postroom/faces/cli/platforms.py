"""`postroom platform …`: the sets of mail servers, and how they are reached."""

import json
from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

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


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is to be called here.")],
    driver: Annotated[str, typer.Argument(help="fake, mailstack, dimail, …")],
    settings: Annotated[list[str] | None, typer.Argument(help="SETTING=VALUE; a value is JSON, or else text.")] = None,
    default: Annotated[bool, typer.Option("--default", help="New domains go there from now on.")] = False,
) -> None:
    """Let Postroom drive another set of mail servers. Nobody is asked whether they are there."""
    set_up_django()
    from postroom.actions import platforms
    from postroom.core.roles import OPERATOR

    read = dict(_setting(one) for one in settings or [])
    wanted = platforms.PlatformView(name=name, driver=driver, settings=read, is_default=default)
    platforms.add(OPERATOR, origin(), wanted)
    out.print(f"{name} is there.", markup=False)


def _setting(written: str) -> tuple[str, object]:
    name, equals, value = written.partition("=")
    if not equals or not name:
        stop_with(f"{written!r} is no SETTING=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


@app.command("set")
def change(
    name: Annotated[str, typer.Argument(help="The platform.")],
    setting: Annotated[str, typer.Argument(help="Such as dns (docs/dns.md).")],
    value: Annotated[str, typer.Argument(help="JSON; null: as if it had never been set.")],
) -> None:
    """Change one setting. Servers and workers that run obey at once."""
    set_up_django()
    from postroom.actions import platforms
    from postroom.core.roles import OPERATOR

    try:
        read = json.loads(value)
    except ValueError as error:
        stop_with(f"{value!r} is no JSON: {error}")
    platforms.change(OPERATOR, name, setting, read)
    out.print(f"{name} has the new setting.", markup=False)


@app.command("default")
def default(name: Annotated[str, typer.Argument(help="The platform.")]) -> None:
    """Let new domains go there from now on. Those that are there already stay where they are."""
    set_up_django()
    from postroom.actions import platforms
    from postroom.core.roles import OPERATOR

    platforms.make_default(OPERATOR, name)
    out.print(f"New domains go to {name}.", markup=False)
