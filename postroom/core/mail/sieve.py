"""Writing Sieve (RFC 5228): strings that no text of a user can break out of, and what a script requires."""

from collections.abc import Iterable

_VARIABLE = "${"
_DOLLAR = "${dollar}"


def quoted(text: str) -> str:
    """A string that means exactly `text`, in whatever script it stands.

    With the extension `variables` "${" would begin a variable and nothing escapes it, so the $ comes out of one.
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace(_VARIABLE, _DOLLAR + "{") + '"'


def one_of(texts: Iterable[str]) -> str:
    """A list of strings, one a line: Pigeonhole's messages name lines."""
    return "[\n" + ",\n".join(quoted(text) for text in texts) + "\n]"


def literally(text: str) -> str:
    """`text` as a pattern for `:matches`."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


class Script:
    """Lines in the order they run, and the extensions they need."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._needs: set[str] = set()

    def add(self, line: str, *needs: str) -> None:
        self._lines.append(line)
        self._needs.update(needs)

    def text(self) -> str:
        """Empty where nothing was added."""
        body = "".join(f"{line}\n" for line in self._lines)
        needs = set(self._needs)
        if _VARIABLE in body:
            needs.add("variables")
        if _DOLLAR in body:
            body = f'set "dollar" "$";\n{body}'
        required = ", ".join(quoted(name) for name in sorted(needs))
        return f"require [{required}];\n{body}" if needs else body
