"""Names of mail folders: from another server's way of writing them to the parts of a path here."""

from collections.abc import Mapping, Sequence

from postroom.core.errors import BadValueError

Path = tuple[str, ...]
INBOX: Path = ("INBOX",)
_LONGEST_PART = 60  # characters: 255 bytes of a file system's name, in modified UTF-7 at its longest
_DEEPEST = 16


def path_of(name: str, delimiter: str, prefix: str = "") -> Path:
    """The path of a folder of another server. `prefix` is where that one keeps a person's folders, `INBOX.` say."""
    if name.upper() == "INBOX":
        return INBOX
    if prefix and name.startswith(prefix) and len(name) > len(prefix):
        name = name[len(prefix) :]
    return clean(name.split(delimiter) if delimiter else [name])


def clean(parts: Sequence[str]) -> Path:
    """A path that we can store. No slash, which is our own delimiter; nothing that hides or climbs."""
    kept = [part for part in (_clean_part(part) for part in parts) if part]
    if len(kept) > _DEEPEST:
        kept = [*kept[: _DEEPEST - 1], "_".join(kept[_DEEPEST - 1 :])[:_LONGEST_PART]]
    if not kept:
        return ("_",)
    if kept[0].upper() == "INBOX":
        kept[0] = "INBOX"
    return tuple(kept)


def _clean_part(part: str) -> str:
    printable = "".join("_" if c in "/*%" or not _stays(c) else c for c in part)
    shown = printable.strip()[:_LONGEST_PART].strip()
    # `~` begins a home directory and dots a parent for some storage formats.
    return f"_{shown[1:]}" if shown.startswith("~") or (shown and not shown.strip(".")) else shown


def _stays(c: str) -> bool:
    return c.isprintable() and not "\ud800" <= c <= "\udfff"


def local_path(text: str) -> Path:
    """Of a path as OMA writes it, `.Sales.2009.June`. Raises BadValueError."""
    parts = text.strip(".").split(".")
    if not all(parts) or clean(parts) != tuple(parts):
        raise BadValueError("must be a folder here with . between its parts, such as .Sales.2009")
    return tuple(parts)


def shown(path: Path) -> str:
    """As OMA writes it in answers."""
    return ".".join(path)


def of_special_use(flags: Sequence[str], ours: Mapping[str, Path]) -> Path | None:
    """Where the folder for sent mail, say, goes that another server calls by some name of its own (RFC 6154)."""
    found = [ours[flag.lower()] for flag in flags if flag.lower() in ours]
    return found[0] if found else None
