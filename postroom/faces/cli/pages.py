"""`postroom docs`: the pages that are made from the code."""

from pathlib import Path
from typing import Annotated

import typer

from postroom.faces.cli.terminal import err, out, set_up_django

_DOCS = Path(__file__).resolve().parents[3] / "docs"


def _pages() -> dict[str, str]:
    from postroom.core.generated_pages import attributes_page, errors_page, roles_page, states_page
    from postroom.faces.oma.errors import NUMBERS
    from postroom.faces.oma.status_page import status_page

    return {
        "attributes.md": attributes_page(),
        "errors.md": errors_page(NUMBERS),
        "roles.md": roles_page(),
        "states.md": states_page(),
        "oma-status.md": status_page(),
    }


def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say which pages are not current.")] = False,
) -> None:
    """Write the generated pages of docs/: attributes, errors, roles, states, the status of OMA's methods."""
    set_up_django()
    if not _DOCS.is_dir():
        err.print("The documentation is part of the source; this is an installed copy without it.")
        raise typer.Exit(1)
    stale = [name for name, text in _pages().items() if _read(_DOCS / name) != text]
    if check and stale:
        err.print(f'Not current: {", ".join(stale)}. Run "make docs" and commit the result.')
        raise typer.Exit(1)
    for name in stale:
        (_DOCS / name).write_text(_pages()[name])
        out.print(f"docs/{name} written")
    if not stale:
        out.print("The generated pages are current.")


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
