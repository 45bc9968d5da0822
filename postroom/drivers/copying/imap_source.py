"""A mailbox on another IMAP server, read without changing it."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from postroom.core.folder_names import path_of
from postroom.drivers.copying.connecting import connect, proving
from postroom.drivers.copying.contract import Message, Opened, Place, RefusedHere, RemoteFolder
from postroom.drivers.copying.imap import Imap

_AT_ONCE: Final = 20
_BYTES_AT_ONCE: Final = 2 << 20
_NO_MAIL: Final = frozenset({"\\noselect", "\\nonexistent"})
_REFUSED: Final = b"refused"  # beside the items that a server answers with
_HEAD: Final = ["RFC822.SIZE", "FLAGS", "INTERNALDATE"]


class ImapSource:
    def __init__(self, place: Place) -> None:
        self._largest = place.largest
        wire = connect(place.host, place.port, place.allowed)
        if place.method == "imap4s":
            wire.encrypt(proving(), place.host)
        self._imap = Imap(wire, place.host)
        try:
            self.encrypted = place.method == "imap4s" or self._imap.hide()
            self._imap.sign_in(place.login, place.password)
            self._prefix, self._others = self._namespaces()
        except BaseException:
            self._imap.close()
            raise

    def _namespaces(self) -> tuple[str, tuple[str, ...]]:
        """Before what the person's own folders are named, and before what other people's are."""
        with contextlib.suppress(RefusedHere):
            if self._imap.can("NAMESPACE"):
                spaces = self._imap.ask(lambda client: client.namespace())
                others = [prefix for group in (spaces.other, spaces.shared) for prefix, _ in group or () if prefix]
                return (spaces.personal[0][0] if spaces.personal else "", tuple(others))
        return "", ()

    def folders(self) -> list[RemoteFolder]:
        listed = self._imap.ask(lambda client: client.list_folders())
        found: dict[str, RemoteFolder] = {}
        for raw_flags, raw_delimiter, raw_name in listed:
            flags = tuple(_text(flag) for flag in raw_flags)
            delimiter, name = _text(raw_delimiter or b""), _text(raw_name)
            if _NO_MAIL & {flag.lower() for flag in flags} or name.startswith(self._others or ("\0",)):
                continue
            path = path_of(name, delimiter, self._prefix)
            found[name] = RemoteFolder(name=name, delimiter=delimiter, path=path, flags=flags)
        # The inbox first: it is what people look for first.
        return sorted(found.values(), key=lambda folder: (folder.name.upper() != "INBOX", folder.name))

    def open(self, folder: RemoteFolder) -> Opened:
        told = self._imap.ask(lambda client: client.select_folder(folder.name, readonly=True))
        return Opened(str(told.get(b"UIDVALIDITY", "")), int(told[b"EXISTS"]))

    def keys(self, after: str) -> list[str]:
        last = int(after or 0)
        found = self._imap.ask(lambda client: client.search(["UID", f"{last + 1}:*"]))
        # "*" is the last message, also where its number is smaller than the other end of the range.
        return [str(uid) for uid in sorted(set(found)) if uid > last]

    def fetch(self, keys: Sequence[str]) -> Iterator[Message]:
        for first in range(0, len(keys), _AT_ONCE):
            uids = [int(key) for key in keys[first : first + _AT_ONCE]]
            heads = self._fetched(uids, _HEAD)
            for group in self._groups(uids, heads):
                yield from self._bodies(group, heads)

    def _fetched(self, uids: list[int], items: list[str], size: int = 0) -> dict[int, Any]:
        """What is refused is asked for one by one, so that one odd message does not take others along."""
        try:
            found = self._imap.ask(lambda client: client.fetch(uids, items), size=size)
        except RefusedHere as refusal:
            if len(uids) <= 1:
                return {uid: {_REFUSED: refusal.reason} for uid in uids}
            return {uid: answer for one in uids for uid, answer in self._fetched([one], items, size).items()}
        return dict(found)

    def _groups(self, uids: list[int], heads: Mapping[int, Any]) -> Iterator[list[int]]:
        """Small messages together, to spare a round trip each."""
        group: list[int] = []
        size = 0
        for uid in uids:
            own = _size(heads.get(uid, {}))
            if group and size + own > _BYTES_AT_ONCE:
                yield group
                group, size = [], 0
            group.append(uid)
            size += own
        if group:
            yield group

    def _bodies(self, uids: list[int], heads: Mapping[int, Any]) -> Iterator[Message]:
        wanted = [uid for uid in uids if uid in heads and not self._refused(heads[uid])]
        bodies = self._fetched(wanted, ["BODY.PEEK[]"], sum(_size(heads[uid]) for uid in wanted)) if wanted else {}
        for uid in uids:
            head, body = heads.get(uid, {}), bodies.get(uid, {})
            data = body.get(b"BODY[]")
            yield Message(
                key=str(uid), size=_size(head) if data is None else len(data), flags=_flags(head), at=_time(head),
                data=data, reason=self._refused(head) or body.get(_REFUSED, ""),
            )  # fmt: skip

    def _refused(self, head: Mapping[bytes, Any]) -> str:
        size = _size(head)
        return f"{size} bytes are more than is copied" if size > self._largest else head.get(_REFUSED, "")

    def close(self) -> None:
        self._imap.close()


def _text(raw: bytes | str) -> str:
    return raw if isinstance(raw, str) else raw.decode("utf-8", "replace")


def _size(head: Mapping[bytes, Any]) -> int:
    size = head.get(b"RFC822.SIZE")
    return size if isinstance(size, int) and size >= 0 else 0


def _time(head: Mapping[bytes, Any]) -> datetime | None:
    at = head.get(b"INTERNALDATE")
    return at if isinstance(at, datetime) else None


def _flags(head: Mapping[bytes, Any]) -> tuple[str, ...]:
    """\\Recent is the server's own to set."""
    return tuple(flag for flag in map(_text, head.get(b"FLAGS", ())) if flag.lower() != "\\recent")
