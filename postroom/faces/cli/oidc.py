"""`postroom oidc …`: programs that mailbox holders sign in to, with Postroom as their OpenID provider."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

app = typer.Typer(
    help="Programs that people sign in to with their mailbox: Postroom is their OpenID provider.", no_args_is_help=True
)


@app.command()
def add(
    client_id: Annotated[str, typer.Argument(help="What the program calls itself, such as webmail.")],
    redirect_uri: Annotated[list[str], typer.Option(help="Where it gets its answers; compared exactly.")],
    name: Annotated[str, typer.Option(help="What people are told; default: the client's id.")] = "",
    logout_uri: Annotated[list[str] | None, typer.Option(help="Where people may be sent after signing out.")] = None,
    public: Annotated[bool, typer.Option("--public", help="It can keep no secret and uses PKCE.")] = False,
    signed_userinfo: Annotated[bool, typer.Option(help="Userinfo as a signed JWT, as ProConnect wants it.")] = False,
) -> None:
    """Let a program use Postroom for signing in. Its secret is printed once."""
    set_up_django()
    from postroom.actions import oidc_clients
    from postroom.core.roles import OPERATOR

    wish = oidc_clients.ClientWish(
        client_id=client_id,
        name=name or client_id,
        redirect_uris=redirect_uri,
        logout_uris=logout_uri or (),
        public=public,
        signs_userinfo=signed_userinfo,
    )
    secret = oidc_clients.add(OPERATOR, origin(), wish)
    out.print(f"client_id      {client_id}", markup=False)
    if secret:
        out.print(f"client_secret  {secret}", markup=False)
    out.print("Configuration  <where Postroom is>/o/.well-known/openid-configuration", markup=False)


@app.command("list")
def listed() -> None:
    """The programs, and where they get their answers."""
    set_up_django()
    from postroom.actions import oidc_clients
    from postroom.core.roles import OPERATOR

    for line in oidc_clients.listed(OPERATOR):
        kind = " (public)" if line.public else ""
        out.print(f"{line.client_id}{kind}: {line.name}", markup=False)
        for uri in line.redirect_uris:
            out.print(f"  {uri}", markup=False)


@app.command()
def remove(client_id: Annotated[str, typer.Argument(help="As in the list.")]) -> None:
    """Nobody signs in to it any more, and what it was given ends."""
    set_up_django()
    from postroom.actions import oidc_clients
    from postroom.core.errors import NotFound
    from postroom.core.roles import OPERATOR

    try:
        oidc_clients.remove(OPERATOR, client_id)
    except NotFound:
        stop_with(f"There is no {client_id}.")
    out.print(f"{client_id} is removed.", markup=False)


@app.command()
def organization(
    company: Annotated[str, typer.Argument(help="Name of the company.")],
    registration_id: Annotated[list[str] | None, typer.Argument(help="Its numbers, such as a SIRET.")] = None,
) -> None:
    """The numbers of a company in public registers: what programs learn as siret and siren."""
    set_up_django()
    from postroom.actions import oidc_clients
    from postroom.core.roles import OPERATOR

    oidc_clients.register_company(OPERATOR, origin(), company, registration_id or [])
    out.print(f"{company}: {', '.join(registration_id or ['none'])}", markup=False)
