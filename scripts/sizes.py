"""How long functions and files are. Over the limit is an error; --alarms lists the merely long ones.

Short is no goal in itself; long is a reason to look again.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("postroom", "scripts", "tests")


class Bounds(NamedTuple):
    function: int
    file: int


LIMIT = Bounds(function=60, file=500)
ALARM = Bounds(function=40, file=400)


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def longer_than(bounds: Bounds) -> Iterator[str]:
    for path in sources():
        text = path.read_text()
        place = path.relative_to(ROOT)
        if (lines := len(text.splitlines())) > bounds.file:
            yield f"{place} has {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > bounds.function:
                    yield f"{place}:{node.lineno} {node.name} has {length} lines"


def main() -> int:
    bounds, word = (ALARM, "note: ") if "--alarms" in sys.argv else (LIMIT, "too long: ")
    found = list(longer_than(bounds))
    sys.stdout.writelines(f"{word}{line} ({bounds.function} a function, {bounds.file} a file)\n" for line in found)
    return int(bool(found) and bounds is LIMIT)


if __name__ == "__main__":
    sys.exit(main())
