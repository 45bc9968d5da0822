"""`postroom dkim`: keys to sign a domain's mail with."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django

app = typer.Typer(help="Keys that outgoing mail is signed with.", no_args_is_help=True)


@app.command()
def make(
    domain: Annotated[str, typer.Argument(help="The domain, such as acme.example.")],
    selector: Annotated[str, typer.Option(help="The key's name in DNS; default: pr and today's date.")] = "",
    bits: Annotated[int, typer.Option(help="Length of the RSA key.")] = 2048,
) -> None:
    """Make a new key, use it from the next message on, and show the record for DNS.

    Signatures of the key before stay valid while its record stays in DNS: leave it there for a week.
    """
    set_up_django()
    from postroom.actions import domain_keys
    from postroom.core.roles import OPERATOR

    key = domain_keys.make(OPERATOR, origin(), domain, selector, bits)
    out.print(key.zone_line, markup=False)


@app.command()
def show(domain: Annotated[str, typer.Argument(help="The domain, such as acme.example.")]) -> None:
    """Show the record that must be in DNS for the domain's key."""
    set_up_django()
    from postroom.actions import domain_keys
    from postroom.core.roles import OPERATOR

    out.print(domain_keys.show(OPERATOR, domain).zone_line, markup=False)
