"""`postroom domain aliases`: further names of a domain. The operator answers for it that they are the owner's."""

from typing import Annotated

import typer

from postroom.faces.cli.terminal import origin, out, set_up_django


def aliases(
    domain: Annotated[str, typer.Argument(help="The domain.")],
    add: Annotated[list[str] | None, typer.Option(help="A further name, known to be the owner's.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A name that it shall have no more.")] = None,
) -> None:
    """The further names of a domain, under which everybody in it gets mail, too; or change them."""
    set_up_django()
    from postroom.actions import domains
    from postroom.core.address import fold
    from postroom.core.roles import OPERATOR

    names = _of(domain)
    if add or remove:
        gone = set(map(fold, remove or ()))
        names = [name for name in dict.fromkeys([*names, *map(fold, add or ())]) if name not in gone]
        domains.change(OPERATOR, origin(), domain, {"aliases": names})
    for name in names:
        out.print(name, markup=False)


def _of(domain: str) -> list[str]:
    from postroom.actions import domains
    from postroom.core.errors import NotFound
    from postroom.core.roles import OPERATOR

    found = domains.show(OPERATOR, domain)
    if isinstance(found, domains.FreeName):
        raise NotFound
    return found.aliases
