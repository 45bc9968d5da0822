"""`postroom docs`: the pages that are made from the code."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from postroom.faces.cli.terminal import err, out, set_up_django

_DOCS = Path(__file__).resolve().parents[3] / "docs"
_TESTS = _DOCS.parent / "tests"


def _pages() -> dict[str, str]:
    from postroom.core.generated_pages import (
        attributes_page,
        dns_findings_page,
        enforcement_page,
        errors_page,
        roles_page,
        states_page,
    )
    from postroom.faces.dimail.status_page import status_page as dimail_status_page
    from postroom.faces.oma.errors import NUMBERS
    from postroom.faces.oma.status_page import status_page

    return {
        "attributes.md": attributes_page(),
        "errors.md": errors_page(NUMBERS),
        "roles.md": roles_page(),
        "states.md": states_page(),
        "dns-findings.md": dns_findings_page(),
        "oma-status.md": status_page(),
        "dimail-status.md": dimail_status_page(),
        "enforcement.md": enforcement_page(_proofs()),
    }


def _proofs() -> dict[str, list[str]]:
    """Attribute → the tests that are marked `@proves("attribute", …)`, found without running them."""
    found: dict[str, list[str]] = {}
    for path in sorted(_TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for attribute in _proved(node):
                    found.setdefault(attribute, []).append(f"{path.stem}::{node.name}")
    return found


def _proved(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "proves":
            values = [argument.value for argument in mark.args if isinstance(argument, ast.Constant)]
            yield from (value for value in values if isinstance(value, str))


def docs(
    check: Annotated[bool, typer.Option("--check", help="Only say which pages are not current.")] = False,
) -> None:
    """Write the generated pages of docs/: attributes, errors, roles, states, the status of the faces' calls."""
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
