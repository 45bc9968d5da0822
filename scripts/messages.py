"""The French of the pages: what lacks it, which of it nobody uses, and the compiled catalogues.

    scripts/messages.py            what is wrong; ends with 1 where anything is
    scripts/messages.py --write    compiles every catalogue whose .po is newer in words than its .mo
    scripts/messages.py --lacking FOLDER    lines to paste into the catalogue of that folder of pages

A catalogue stands in each folder of postroom/faces/web/locale; together they are one, so a sentence has one French.
"""

import argparse
import ast
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "postroom" / "faces" / "web" / "locale"
SPEAKING = (ROOT / "postroom" / "faces" / "web", ROOT / "postroom" / "faces" / "oidc_provider")

_CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), 1),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), 2),
}
_IN_TEMPLATE = re.compile(r" (n?gettext|_)\((?=[\"'u])")
_NAMES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_STRAIGHT = re.compile(r"\w'\w")
_BARE_MARK = re.compile(r"(?<![\u00a0\u202f])[;:!?](?=\s|$)|«[^\u00a0\u202f]|[^\u00a0\u202f]»")
_NOT_WORDS = re.compile(r"<[^>]*>|&\w+;")

_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
Message = tuple[str, ...]
"""(singular,) or (singular, plural)."""


class Use(NamedTuple):
    message: Message
    place: str


def used() -> Iterator[Use]:
    for folder in SPEAKING:
        for path in sorted(folder.rglob("*.py")):
            yield from (Use(message, _place(path)) for message in _in_python(path.read_text()))
        for path in sorted(folder.rglob("templates/**/*")):
            if path.is_file():
                yield from (Use(message, _place(path)) for message in _in_template(path.read_text()))


def _place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [one.value for one in node.args[: _CALLS.get(name, 0)] if isinstance(one, ast.Constant)]
        if texts and len(texts) == _CALLS[name]:
            yield tuple(str(text) for text in texts)


def _in_template(source: str) -> Iterator[Message]:
    told = templatize(source)
    for found in _IN_TEMPLATE.finditer(told):
        yield _arguments(told[found.end() :], _CALLS[found[1]])


def _arguments(source: str, number: int) -> Message:
    """The first string literals of a call whose inside begins here."""
    texts: list[str] = []
    while len(texts) < number:
        literal = re.match(r"\s*,?\s*(u?(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'))", source, re.DOTALL)
        assert literal, source[:80]
        texts.append(ast.literal_eval(literal[1]))
        source = source[literal.end() :]
    return tuple(texts)


def catalogues() -> dict[Path, Catalog]:
    found = {}
    for path in sorted(LOCALE.rglob("django.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale="fr", abort_invalid=True)
    return found


def entries(catalogue: Catalog) -> dict[Message, Message]:
    """The message → its French; empty strings where there is none."""
    return {_many(one.id): _many(one.string) for one in catalogue if one.id and not one.fuzzy}


def _many(text: object) -> Message:
    return tuple(text) if isinstance(text, tuple | list) else (str(text),)


def problems() -> Iterator[str]:
    files = {path: entries(catalogue) for path, catalogue in catalogues().items()}
    places: dict[Message, str] = {}
    for use in used():
        places.setdefault(use.message, use.place)
    yield from _lacking(files, places)
    yield from _idle(files, places)
    yield from _contradicting(files)
    for path, rows in files.items():
        for message, french in rows.items():
            yield from (f"{_place(path)}: {message[0]!r}: {what}" for what in _badly_written(message, french))
    yield from (f"{_place(path)}: not compiled; run scripts/messages.py --write" for path in _stale())


def _french(files: Mapping[Path, dict[Message, Message]]) -> set[Message]:
    return {message for rows in files.values() for message, french in rows.items() if all(french)}


def _lacking(files: Mapping[Path, dict[Message, Message]], places: Mapping[Message, str]) -> Iterator[str]:
    known = _french(files)
    singles = {message[0] for message in known}
    for message, place in places.items():
        if message not in known and not (len(message) == 1 and message[0] in singles):
            yield f"{place}: no French for {message[0]!r}"


def _idle(files: Mapping[Path, dict[Message, Message]], places: Mapping[Message, str]) -> Iterator[str]:
    for path, rows in files.items():
        yield from (f"{_place(path)}: nobody says {message[0]!r}" for message in rows if message not in places)


def _contradicting(files: Mapping[Path, dict[Message, Message]]) -> Iterator[str]:
    said: dict[Message, dict[Message, Path]] = defaultdict(dict)
    for path, rows in files.items():
        for message, french in rows.items():
            said[message].setdefault(french, path)
    for message, ways in said.items():
        if len(ways) > 1:
            yield f"{message[0]!r} has several French: " + "; ".join(
                f"{' / '.join(f)} ({_place(p)})" for f, p in ways.items()
            )


def _badly_written(message: Message, french: Message) -> Iterator[str]:
    wanted = {name for text in message for name in _NAMES.findall(text)}
    for text in french:
        if not text:
            yield "is empty"
        if _STRAIGHT.search(text):
            yield "has a straight apostrophe; write ’"
        if _BARE_MARK.search(_NOT_WORDS.sub("x", text)):
            yield "lacks a no-break space before : ; ! ? or inside « »"
        if not set(_NAMES.findall(text)) <= wanted:
            yield "names what the English does not"
    if len(message) == 1 and set(_NAMES.findall(french[0])) != wanted:
        yield "does not name all that the English names"


def _compiled(path: Path) -> bytes:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr", abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = _ALWAYS  # the same words give the same bytes
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _stale() -> Iterator[Path]:
    for path in sorted(LOCALE.rglob("django.po")):
        target = path.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != _compiled(path):
            yield path


def write() -> None:
    for path in list(_stale()):
        path.with_suffix(".mo").write_bytes(_compiled(path))
        print(f"wrote {_place(path.with_suffix('.mo'))}")  # noqa: T201 -- a command


def paste(folder: str) -> Iterator[str]:
    """What is used in templates/web/FOLDER or faces/web/FOLDER (`web`: in neither), and has no French yet."""
    known = _french({path: entries(catalogue) for path, catalogue in catalogues().items()})
    seen: set[Message] = set()
    for use in used():
        if _belongs(use.place, folder) and use.message not in known | seen:
            seen.add(use.message)
            yield _entry(use.message)


def _belongs(place: str, folder: str) -> bool:
    if folder == "web":
        return re.fullmatch(r"postroom/faces/web/(templates/web/)?[^/]+", place) is not None
    return f"/web/{folder}/" in place


def _entry(message: Message) -> str:
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"' for text in message]
    if len(message) == 1:
        return f'msgid {quoted[0]}\nmsgstr ""\n'
    return f'msgid {quoted[0]}\nmsgid_plural {quoted[1]}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--lacking", metavar="FOLDER")
    wish = parser.parse_args()
    if wish.write:
        write()
        return 0
    lines = list(paste(wish.lacking) if wish.lacking else problems())
    print("\n".join(lines))  # noqa: T201 -- as above
    return 1 if lines and not wish.lacking else 0


if __name__ == "__main__":
    sys.exit(main())
