"""Filters of the simulated platform's mailboxes. They are kept, not run.

It cannot read Sieve. It refuses what a command told it to refuse, and what is left open: braces, brackets, quotes.
"""

import re
import sqlite3
from typing import Final

from postroom.core.stored_mail import is_script_name
from postroom.drivers.contract import NoScript, PermanentFailure, Script, ScriptError

_PIECES: Final = re.compile(r'#[^\n]*|/\*.*?\*/|"(?:[^"\\]|\\.)*"|"|[{}\[\]()]|\n', re.DOTALL)
_CLOSES: Final = {"}": "{", "]": "[", ")": "("}


def problems(connection: sqlite3.Connection, text: str) -> list[ScriptError]:
    rows = connection.execute("SELECT part, error FROM refused_scripts ORDER BY part").fetchall()
    told = [
        ScriptError(line=text.count("\n", 0, text.index(part)) + 1, text=error) for part, error in rows if part in text
    ]
    left_open = _left_open(text)
    return [*told, left_open] if left_open else told


def _left_open(text: str) -> ScriptError | None:
    line, last_line = 1, text.count("\n") + 1
    opened: list[str] = []
    for piece in _PIECES.findall(text):
        if piece == '"':
            return ScriptError(line=line, text="end of the string is missing")
        if piece in _CLOSES:
            if not opened or opened.pop() != _CLOSES[piece]:
                return ScriptError(line=line, text=f"unexpected {piece}")
        elif piece in _CLOSES.values():
            opened.append(piece)
        line += piece.count("\n")
    return ScriptError(line=last_line, text=f"{opened[-1]} is not closed") if opened else None


def listed(connection: sqlite3.Connection, key: int) -> list[Script]:
    rows = connection.execute("SELECT name, text, active FROM scripts WHERE key = ? ORDER BY name", (key,))
    return [Script(name=name, text=text, active=bool(active)) for name, text, active in rows]


def put(connection: sqlite3.Connection, key: int, name: str, text: str) -> list[ScriptError]:
    if not is_script_name(name):
        raise PermanentFailure(f"{name!r} cannot be the name of a script")
    found = problems(connection, text)
    if not found:
        connection.execute(
            "INSERT INTO scripts VALUES (?, ?, ?, 0) ON CONFLICT (key, name) DO UPDATE SET text = excluded.text",
            (key, name, text),
        )
    return found


def activate(connection: sqlite3.Connection, key: int, name: str) -> None:
    if name:
        _require(connection, key, name)
    connection.execute("UPDATE scripts SET active = (name = ?) WHERE key = ?", (name, key))


def delete(connection: sqlite3.Connection, key: int, name: str) -> None:
    _require(connection, key, name)
    connection.execute("DELETE FROM scripts WHERE key = ? AND name = ?", (key, name))


def _require(connection: sqlite3.Connection, key: int, name: str) -> None:
    if not connection.execute("SELECT 1 FROM scripts WHERE key = ? AND name = ?", (key, name)).fetchone():
        raise NoScript(f"There is no script {name!r}")
