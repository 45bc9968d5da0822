"""A mailbox of ours, written to by IMAP as its owner would."""

import re
from typing import Any, Final

from postroom.core.folder_names import INBOX, Path
from postroom.drivers.contract import PermanentFailure
from postroom.drivers.copying.connecting import Wire
from postroom.drivers.copying.contract import Message, RefusedHere
from postroom.drivers.copying.imap import Imap

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_KEYWORD: Final = re.compile(r"[A-Za-z0-9$_.:\-]{1,50}")
_SYSTEM: Final = frozenset({"\\seen", "\\answered", "\\flagged", "\\deleted", "\\draft"})


class ImapSink:
    def __init__(self, wire: Wire, host: str, user: str, password: str) -> None:
        self._imap = Imap(wire, host)
        self._ready: dict[Path, str] = {}
        self._marks: dict[Path, str] = {}
        try:
            self._imap.sign_in(user, password)
            listed = self._imap.ask(lambda client: client.list_folders("", ""))
            self._delimiter = (listed[0][1] or b"/").decode() if listed else "/"
        except BaseException:
            self._imap.close()
            raise

    def _folder(self, path: Path) -> str:
        """Its name on the server; made if it is not there."""
        if path not in self._ready:
            name = self._delimiter.join(part.replace(self._delimiter, "_") for part in path)
            if path != INBOX and not self._imap.ask(lambda client: client.folder_exists(name)):
                self._imap.ask(lambda client: client.create_folder(name))
                self._imap.ask(lambda client: client.subscribe_folder(name))
            self._ready[path] = name
        return self._ready[path]

    def append(self, folder: Path, message: Message) -> None:
        data = same_everywhere(message.data or b"")
        flags = tuple(flag for flag in message.flags if flag.lower() in _SYSTEM or _KEYWORD.fullmatch(flag))
        name = self._folder(folder)
        try:
            told = self._imap.ask(lambda client: client.append(name, data, flags, message.at))
        except RefusedHere as refusal:
            if "OVERQUOTA" in refusal.reason.upper() or "QUOTA EXCEEDED" in refusal.reason.upper():
                raise PermanentFailure("The mailbox here is full") from None
            raise
        stored = re.search(rb"APPENDUID (\d+) (\d+)", told if isinstance(told, bytes) else b"")
        if stored:
            self._marks[folder] = f"{int(stored[1])}:{int(stored[2])}"
        else:
            self._marks.pop(folder, None)

    def mark(self, folder: Path) -> str:
        """`uidvalidity:uid` of what is last in the folder."""
        if folder not in self._marks:
            name = self._folder(folder)
            told = self._imap.ask(lambda client: client.folder_status(name, ["UIDNEXT", "UIDVALIDITY"]))
            self._marks[folder] = f"{told[b'UIDVALIDITY']}:{told[b'UIDNEXT'] - 1}"
        return self._marks[folder]

    def holds(self, folder: Path, message: Message, after: str) -> bool:
        name = self._folder(folder)
        told = self._imap.ask(lambda client: client.select_folder(name, readonly=True))
        validity, _, last = after.partition(":")
        if after and validity != str(told.get(b"UIDVALIDITY")):
            after, last = "", "0"  # the folder was made anew: look at all of it
        data = same_everywhere(message.data or b"")
        found = self._imap.ask(lambda client: client.search(self._likely(data, int(last or 0))))
        likely = [uid for uid in found if uid > int(last or 0)]
        heads = self._imap.ask(lambda client: client.fetch(likely, ["RFC822.SIZE"]))
        return any(self._has(uid, data) for uid in likely if heads.get(uid, {}).get(b"RFC822.SIZE") == len(data))

    @staticmethod
    def _likely(data: bytes, last: int) -> list[Any]:
        head = data.partition(b"\r\n\r\n")[0]
        named = re.search(rb"^message-id:\s*(<[\x21-\x7e]+>)\s*$", head, re.IGNORECASE | re.MULTILINE)
        criteria: list[Any] = ["UID", f"{last + 1}:*", "SMALLER", len(data) + 1, "LARGER", max(len(data) - 1, 0)]
        return [*criteria, "HEADER", "Message-ID", named[1].decode()] if named else criteria

    def _has(self, uid: int, data: bytes) -> bool:
        body = self._imap.ask(lambda client: client.fetch([uid], ["BODY.PEEK[]"]), size=len(data))
        return same_everywhere(body.get(uid, {}).get(b"BODY[]", b"")) == data

    def close(self) -> None:
        self._imap.close()


def same_everywhere(data: bytes) -> bytes:
    """The bytes as IMAP stores them: lines end with CRLF, and there is no NUL."""
    return _LINE_END.sub(b"\r\n", data).replace(b"\0", b"\x80")
