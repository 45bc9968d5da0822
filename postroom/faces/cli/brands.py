"""`postroom brand …`: how a company's mails are dressed."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django, stop_with

app = typer.Typer(
    help="Brands: names, colours, senders and footers of the mails that people get.", no_args_is_help=True
)

_Company = Annotated[str, typer.Argument(help="The company whose brand it is.")]
_Brand = Annotated[str, typer.Argument(help="The brand's name.")]
_Look = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME=VALUE…",
        help="title, colour, logo_url, help_url, sender_name, sender_address, reply_to, footer; an empty value clears.",
    ),
]


@app.command("list")
def listed(company: _Company) -> None:
    """The brands of a company, what each holds and how many wear it."""
    set_up_django()
    import msgspec

    from postroom.actions import brands
    from postroom.actions.pages import PageRequest
    from postroom.core.roles import OPERATOR

    for line in brands.search(OPERATOR, company, None, PageRequest()).items:
        out.print(f"{line.name}: {line.domains} domains, {line.mailboxes} accounts", markup=False)
        for name, value in msgspec.structs.asdict(brands.show(OPERATOR, company, line.name).look).items():
            if value:
                out.print(f"  {name}={value}", markup=False)


@app.command()
def add(company: _Company, brand: _Brand, look: _Look = None) -> None:
    """Create a brand, such as: postroom brand add acme Blue colour=#0055aa sender_name="Acme Mail"."""
    set_up_django()
    from postroom.actions import brands
    from postroom.core.roles import OPERATOR

    brands.create(OPERATOR, origin(), company, brand, _values(look))
    out.print(f"{company} has the brand {brand}.", markup=False)


@app.command()
def change(company: _Company, brand: _Brand, look: _Look = None) -> None:
    """Change what is named; the rest stays."""
    set_up_django()
    from postroom.actions import brands
    from postroom.core.roles import OPERATOR

    brands.change(OPERATOR, origin(), company, brand, _values(look))
    out.print(f"{brand} is changed.", markup=False)


@app.command()
def remove(company: _Company, brand: _Brand) -> None:
    """Remove a brand that nobody wears."""
    set_up_django()
    from postroom.actions import brands
    from postroom.core.roles import OPERATOR

    brands.remove(OPERATOR, origin(), company, brand)
    out.print(f"{brand} is gone.", markup=False)


@app.command()
def members(company: _Company, brand: _Brand) -> None:
    """The domains and accounts that name the brand."""
    set_up_django()
    from postroom.actions import brands
    from postroom.actions.pages import PageRequest
    from postroom.core.roles import OPERATOR

    for member in brands.search_members(OPERATOR, company, brand, (), PageRequest()).items:
        out.print(f"{member.type} {member.name}", markup=False)


def _values(look: list[str] | None) -> dict[str, str]:
    pairs = [written.partition("=") for written in look or ()]
    unclear = [name for name, equals, _ in pairs if not equals]
    if unclear:
        stop_with(f"{unclear[0]}: write NAME=VALUE")
    return {name.strip(): value for name, _, value in pairs}
