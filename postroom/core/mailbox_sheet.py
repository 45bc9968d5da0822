"""Mailboxes as a table of text (CSV), as spreadsheets in English and French write and read it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from postroom.core.errors import BadRequest
from postroom.core.languages import Language
from postroom.core.search_text import folded
from postroom.core.sheet_words import said

COLUMNS: Final = ("local_part", "first_name", "last_name", "secondary_email")
MOST_ROWS: Final = 2000
MOST_BYTES: Final = 2_000_000

_NAMES: Final = {
    "local_part": (
        "local part", "address", "email", "e-mail", "email address", "mail", "account", "mailbox", "login",
        "partie locale", "adresse", "adresse e-mail", "adresse email", "courriel", "identifiant", "boite", "compte",
    ),
    "first_name": ("first name", "given name", "prenom"),
    "last_name": ("last name", "surname", "family name", "nom", "nom de famille"),
    "secondary_email": (
        "secondary email", "secondary e-mail", "personal email", "other email", "adresse secondaire",
        "e-mail secondaire", "email secondaire", "courriel secondaire", "adresse personnelle", "courriel personnel",
        "e-mail personnel", "email personnel",
    ),
}  # fmt: skip
_COLUMN_OF: Final = {name: column for column, names in _NAMES.items() for name in (column.replace("_", " "), *names)}
_REQUIRED: Final = ("local_part", "first_name", "last_name")
_SEPARATORS: Final = ",;\t"
# Spreadsheets run what begins so; and what looks like one that was made harmless, so that all comes back as it was.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_HARMLESS: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    """Of the file, where the row begins; the first is 1."""
    local_part: str
    first_name: str
    last_name: str
    secondary_email: str
    problem: str = ""
    """With the row as a whole."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[SheetRow]
    ignored: list[str]
    """Headers of columns that mean nothing to us."""
    notice: str = ""


def parse(content: bytes | str, language: Language = Language.ENGLISH) -> Sheet:
    """Raises BadRequest with a hint for `file` where it cannot be read as a whole."""
    if len(content) > MOST_BYTES:
        raise _refused("too_large", language, most=MOST_BYTES // 1_000_000)
    text, notice = _decoded(content, language)
    lines = _Lines(text, language)
    columns, ignored = _columns(next(lines, (0, []))[1], language)
    problem = said("too_many_cells", language)
    rows = [_row(line, cells, columns, problem) for line, cells in lines]
    if not rows:
        raise _refused("empty", language)
    return Sheet(rows=rows, ignored=ignored, notice=notice)


def _refused(code: str, language: Language, **values: object) -> BadRequest:
    return BadRequest(hints={"file": said(code, language, **values)})


def _decoded(content: bytes | str, language: Language) -> tuple[str, str]:
    """The text, and what should be said about it."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff"), ""
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if is_wide else "utf-8").removeprefix("\ufeff"), ""
    except UnicodeDecodeError:
        if is_wide or b"\0" in content:
            raise _refused("no_table", language) from None
        return content.decode("cp1252", "replace"), said("not_utf_8", language)


class _Lines(Iterator[tuple[int, list[str]]]):
    """(number of its first line, cells) of each row that is not empty."""

    def __init__(self, text: str, language: Language) -> None:
        if "\0" in text or text.startswith("PK\x03\x04"):
            raise _refused("no_table", language)
        self._language = language
        first, _, rest = text.partition("\n")
        told = re.fullmatch(r"sep=(.)\s*", first)  # Excel's way to name it
        self._skipped = 1 if told else 0
        text = rest if told else text
        delimiter = told[1] if told else _separator(text)
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._rows = 0

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            line = self._skipped + self._reader.line_num + 1
            try:
                cells = [_plain(cell) for cell in next(self._reader)]
            except csv.Error as error:
                raise _refused("not_well_formed", self._language, line=line, why=error) from None
            if any(cells):
                break
        self._rows += 1
        if self._rows > MOST_ROWS + 1:
            raise _refused("too_many_rows", self._language, most=MOST_ROWS)
        return line, cells


def _separator(text: str) -> str:
    """The one that makes the most of the headers."""
    first = next(iter(text.lstrip("\r\n").splitlines()), "")

    def known(separator: str) -> int:
        return sum(_column(cell) is not None for cell in next(csv.reader([first], delimiter=separator), []))

    return max(_SEPARATORS, key=lambda separator: (known(separator), first.count(separator)))


def _column(header: str) -> str | None:
    return _COLUMN_OF.get(" ".join(folded(header).replace("_", " ").split()))


def _columns(headers: Sequence[str], language: Language) -> tuple[list[str | None], list[str]]:
    """The column each stands for, and those that stand for none."""
    columns = [_column(header) for header in headers]
    missing = [column for column in _REQUIRED if column not in columns]
    if missing:
        raise _refused("no_column", language, missing=", ".join(missing), columns=", ".join(COLUMNS))
    known = [column for column in columns if column is not None]
    twice = sorted({column for column in known if known.count(column) > 1})
    if twice:
        raise _refused("column_twice", language, twice=", ".join(twice))
    return columns, [header for header, column in zip(headers, columns, strict=True) if column is None and header]


def _row(line: int, cells: Sequence[str], columns: Sequence[str | None], too_many: str) -> SheetRow:
    values = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
    problem = too_many if any(cells[len(columns) :]) else ""
    return SheetRow(line=line, problem=problem, **{column: values.get(column, "") for column in COLUMNS})


def _plain(cell: str) -> str:
    cell = cell.strip().replace("\u00a0", " ")
    return cell[1:] if _HARMLESS.match(cell) else cell


def written(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a file that spreadsheets open as they should: `rows` have the cells of COLUMNS."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for row in rows:
        yield _taken(out)
        writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row])
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
