"""`postroom dimail account …` and `allow …`: programs that call the dimail face, and the domains that they manage."""

import secrets
from typing import Annotated

import typer

from postroom.faces.cli.terminal import asked_password, origin, out, set_up_django, stop_with

accounts = typer.Typer(help="Accounts of programs that call the dimail face.", no_args_is_help=True)
allows = typer.Typer(help="Which of these accounts manages which domain.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="The account's name.")]
_Domain = Annotated[str, typer.Argument(help="The domain.")]


@accounts.command()
def add(
    name: _Name,
    admin: Annotated[bool, typer.Option("--admin", help="It may do everything in dimail's company.")] = False,
    perm: Annotated[list[str] | None, typer.Option(help="new_domain, create_users or manage_users.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password, or read it from the input.")] = False,
) -> None:
    """Let a program in. Its password is made up and printed once, unless it is asked for."""
    set_up_django()
    from postroom.actions import dimail_accounts as actions
    from postroom.core.errors import ExistsAlready

    password = asked_password(name) if ask else secrets.token_urlsafe(24)
    wish = actions.AccountWish(name=name, password=password, is_admin=admin, perms=perm or ())
    try:
        actions.add(actions.OPERATORS, origin(), wish)
    except ExistsAlready:
        stop_with(f"There is an account {name} already.")
    out.print(f"name      {name}", markup=False)
    if not ask:
        out.print(f"password  {password}", markup=False)


@accounts.command()
def password(
    name: _Name,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password, or read it from the input.")] = False,
) -> None:
    """Give an account another password; its tokens end."""
    set_up_django()
    from postroom.actions import dimail_accounts as actions
    from postroom.core.errors import UserNotFound

    fresh = asked_password(name) if ask else secrets.token_urlsafe(24)
    try:
        actions.change(actions.OPERATORS, origin(), name, actions.AccountChange(password=fresh))
    except UserNotFound:
        stop_with(f"There is no account {name}.")
    if not ask:
        out.print(f"password  {fresh}", markup=False)


@accounts.command("list")
def listed() -> None:
    """The accounts, and what they may do."""
    set_up_django()
    from postroom.actions import dimail_accounts as actions

    for account in actions.listed(actions.OPERATORS):
        rights = ["admin"] if account.is_admin else account.perms
        out.print(f"{account.name}: {', '.join(rights) or 'the domains it is allowed'}", markup=False)


@accounts.command()
def remove(name: _Name) -> None:
    """Let a program in no more. The domains that it has made stay."""
    set_up_django()
    from postroom.actions import dimail_accounts as actions
    from postroom.core.errors import UserNotFound

    try:
        actions.remove(actions.OPERATORS, origin(), name)
    except UserNotFound:
        stop_with(f"There is no account {name}.")
    out.print(f"{name} is removed.", markup=False)


@allows.command("add")
def allow(name: _Name, domain: _Domain) -> None:
    """Let an account manage the mailboxes and aliases of a domain, whoever's it is."""
    set_up_django()
    from postroom.actions import dimail_allows as actions
    from postroom.actions.dimail_accounts import OPERATORS
    from postroom.core.errors import ExistsAlready

    try:
        actions.add(OPERATORS, origin(), name, domain)
    except ExistsAlready:
        stop_with(f"{name} manages {domain} already.")
    out.print(f"{name} manages {domain}.", markup=False)


@allows.command("list")
def allowed(name: Annotated[str, typer.Argument(help="Of this account; default: of all.")] = "") -> None:
    """Account and domain, a pair a line."""
    set_up_django()
    from postroom.actions import dimail_allows as actions
    from postroom.actions.dimail_accounts import OPERATORS

    for pair in actions.listed(OPERATORS, name):
        out.print(f"{pair.user} {pair.domain}", markup=False)


@allows.command("remove")
def disallow(name: _Name, domain: _Domain) -> None:
    """The account manages the domain no more."""
    set_up_django()
    from postroom.actions import dimail_allows as actions
    from postroom.actions.dimail_accounts import OPERATORS

    actions.remove(OPERATORS, origin(), name, domain)
    out.print(f"{name} does not manage {domain} any more.", markup=False)
