"""`postroom context …`: which domains share a directory."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django

app = typer.Typer(help="Contexts: which domains share a directory.", no_args_is_help=True)

_Domain = Annotated[str, typer.Argument(help="The domain.")]
_Other = Annotated[str, typer.Argument(help="A domain of the context that it joins.")]


@app.command()
def show(domain: _Domain) -> None:
    """The domains whose directory this one shares."""
    set_up_django()
    from postroom.actions import contexts
    from postroom.core.roles import OPERATOR

    found = contexts.show(OPERATOR, domain)
    for name in found.domains:
        out.print(name, markup=False)


@app.command()
def join(domain: _Domain, other: _Other) -> None:
    """Let the people of both find each other in the directory."""
    set_up_django()
    from postroom.actions import contexts
    from postroom.core.roles import OPERATOR

    contexts.join(OPERATOR, origin(), domain, other)
    out.print(f"{domain} shares its directory with {other}.", markup=False)


@app.command()
def leave(domain: _Domain) -> None:
    """Give the domain a directory of its own again."""
    set_up_django()
    from postroom.actions import contexts
    from postroom.core.roles import OPERATOR

    contexts.leave(OPERATOR, origin(), domain)
    out.print(f"{domain} has a directory of its own.", markup=False)
