"""docs/dimail-status.md, from the table of routes."""

from postroom.faces.dimail.document import remark
from postroom.faces.dimail.routes import ROUTES


def status_page() -> str:
    lines = [
        f"| `{route.method} {route.path}/` | {route.section} | {route.guard} | {route.status} | {remark(route)} |"
        for route in ROUTES
    ]
    return "\n".join(
        [
            "<!-- Made by `make docs` from the code. Change the code, not this page. -->\n",
            "# Calls of dimail\n",
            f"{len(ROUTES)} calls of [the contract](dimail.md), answered with a slash at the end of the path or not. "
            "Administrators may whatever an account with one of the perms may.\n",
            "| call | section | who may | answer | what it does |\n| --- | --- | --- | --- | --- |",
            *lines,
            "",
        ]
    )
