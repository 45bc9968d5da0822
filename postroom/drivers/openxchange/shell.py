"""One command as a script for the shell at the other end, and its answer.

The script goes in by standard input, so that the remote login shell sees the same harmless words each time, and no
secret is an argument that other users of the host could see. Whatever a name holds is one argument of the tool.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from postroom.drivers.contract import PermanentFailure

LOGIN_COMMAND: Final = "exec /bin/sh -s"
_STATUS: Final = re.compile(r"[0-9]{1,3}\n")


class Answer(msgspec.Struct, frozen=True):
    status: int
    output: str


def script(argv: Sequence[str], environment: Mapping[str, str], mark: str) -> bytes:
    """`mark` stands before and after the output: login scripts like to talk, and connections end in the middle.

    Raises PermanentFailure for what no command can be told.
    """
    lines = [f"{name}={_quoted(value)}; export {name}" for name, value in environment.items()]
    lines += [
        f"printf '%s\\n' {_quoted(mark)}",
        f"{' '.join(map(_quoted, argv))} </dev/null",  # else it would eat the rest of this script
        f"printf '\\n%s %s\\n' {_quoted(mark)} \"$?\"",
        "exit 0",
    ]
    return "\n".join([*lines, ""]).encode()


def answer(output: bytes, mark: str) -> Answer | None:
    """None where it is not all there."""
    text = readable(output)
    _, begun, rest = text.partition(f"{mark}\n")
    said, ended, status = rest.rpartition(f"\n{mark} ")
    if not begun or not ended or not _STATUS.fullmatch(status):
        return None
    return Answer(int(status), said)


def readable(said: bytes) -> str:
    """Without what is no text, and what databases refuse."""
    return said.decode(errors="replace").replace("\0", "\ufffd")


def _quoted(text: str) -> str:
    if "\0" in text:
        raise PermanentFailure("A value holds the character NUL, which no command can be given")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PermanentFailure("A value holds half a character, which no command can be given") from error
    return shlex.quote(text)
