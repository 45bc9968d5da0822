"""docs/oma-status.md, from the table of methods and what the reference says of them."""

from postroom.faces.oma.methods import METHODS, NOT_YET
from postroom.faces.oma.reference import REFERENCE


def _remark(method: str) -> str:
    entry = REFERENCE[method]
    return " ".join(text.en for text in (entry.says, entry.more) if text is not None)


def _count() -> str:
    if not NOT_YET:
        return f"All {len(METHODS)} methods work."
    return f"{len(METHODS)} methods work, {len(NOT_YET)} answer with a failure that says what they wait for."


def status_page() -> str:
    works = [f"| {name} | works | {_remark(name)} |" for name in sorted(METHODS)]
    waits = [f"| {name} | not yet | {reason} |" for name, reason in sorted(NOT_YET.items())]
    return "\n".join(
        [
            "<!-- Made by `make docs` from the code. Change the code, not this page. -->\n",
            "# Methods of the OpenSRS Hosted Email API\n",
            f"{_count()}\n",
            "| method | status | remark |\n| --- | --- | --- |",
            *works,
            *waits,
            "",
        ]
    )
