"""`postroom person …`: who may sign in to the web, and who of them runs this Postroom."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import asked_password, origin, out, set_up_django

app = typer.Typer(help="People who sign in to the web.", no_args_is_help=True)

_Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
_LONGEST_LIST = 1000


@app.command()
def add(
    email: _Email,
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    operator: Annotated[
        bool, typer.Option("--operator", help="They run this Postroom: they may do everything.")
    ] = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They sign in with the identity provider only.")
    ] = False,
) -> None:
    """Make a person. Asks for the password, or reads it from the standard input."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    password = None if no_password else asked_password(email)
    person_accounts.add(OPERATOR, origin(), email, name=name, password=password, operator=operator)
    out.print(f"{email} is there{' and may do everything' if operator else ''}.", markup=False)


@app.command("list")
def listed(
    q: Annotated[str, typer.Argument(help="Part of the name or of an address; default: everybody.")] = "",
) -> None:
    """Who may sign in, and how."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    found, total = person_accounts.listed(OPERATOR, q, limit=_LONGEST_LIST)
    for person in found:
        traits = {
            "operator": person.is_operator,
            "disabled": not person.is_active,
            "password": person.has_password,
            "identity provider": person.provider,
            f"holder of {person.mailbox}": bool(person.mailbox),
        }
        said = ", ".join(trait for trait, there in traits.items() if there)
        out.print(f"{person.email}  {person.name}  {said}".rstrip(), markup=False)
    if total > len(found):
        out.print(f"… and {total - len(found)} more; name a part of their address.", markup=False)


@app.command()
def operator(
    email: _Email,
    off: Annotated[bool, typer.Option("--off", help="Take it back.")] = False,
) -> None:
    """Let somebody do everything, or not any more."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    person_accounts.make_operator(OPERATOR, origin(), email, not off)
    out.print(f"{email} may {'no longer ' if off else ''}do everything.", markup=False)


@app.command()
def password(email: _Email) -> None:
    """Give somebody a new password; their sessions end. Asks for it, or reads it from the standard input."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    written = asked_password(email)
    person_accounts.set_password(OPERATOR, origin(), email, written)
    out.print(f"{email} has a new password.", markup=False)


@app.command()
def unlink(email: _Email) -> None:
    """Forget somebody's account at the identity provider: they got another one there, or the provider is another."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    person_accounts.unlink(OPERATOR, origin(), email)
    out.print(f"{email} is linked anew at the next sign-in.", markup=False)


@app.command()
def disable(email: _Email) -> None:
    """Let somebody in no more: sessions and API keys end."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    person_accounts.disable(OPERATOR, origin(), email)
    out.print(f"{email} is disabled.", markup=False)


@app.command()
def enable(email: _Email) -> None:
    """Let somebody in again. API keys made before stay closed."""
    set_up_django()
    from postroom.actions import person_accounts
    from postroom.core.roles import OPERATOR

    person_accounts.enable(OPERATOR, origin(), email)
    out.print(f"{email} may sign in again.", markup=False)
