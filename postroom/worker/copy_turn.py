"""A turn of copying: what is left to do, folder by folder, until the turn is over."""

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Final

from postroom.core import folder_names
from postroom.core.errors import BadValueError
from postroom.core.folder_names import Path
from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.copying.contract import MailSink, Message, RefusedHere, RemoteFolder, Source
from postroom.store import copying
from postroom.store.models import Copy, CopyFolder

LEASE: Final = 600_000
"""Milliseconds: more than reading and storing the largest message take. It begins anew with each message."""
MESSAGES: Final = 200
MILLISECONDS: Final = 20_000
_CAREFUL: Final = 20
_TRIES: Final = 3
"""After so many broken connections at the same message it is left out."""
_LONGEST_NAME: Final = 500
_VIEWS: Final = frozenset({"\\flagged", "\\important"})
"""Folders that only show messages of other ones (RFC 6154, RFC 8457)."""
_ALL: Final = "\\all"


class Turn:
    def __init__(
        self, copy: Copy, source: Source, sink: MailSink, now: Callable[[], int], stop: threading.Event
    ) -> None:
        self.copy, self.source, self.sink, self.now, self._stop = copy, source, sink, now, stop
        self.left = MESSAGES
        self._until = now() + MILLISECONDS
        self.all_again = False

    def run(self, spam_folder: str) -> bool:
        """Whether everything was copied."""
        remote = self._wanted(self.source.folders())
        # Everything comes once more in a folder of all mail: what the others had is left out there, so it comes last.
        self.all_again = any(_shows_all(folder) for folder in remote)
        known = copying.folders(self.copy)
        for folder in sorted(remote, key=_shows_all):
            row = known.get(folder.name)
            if row is None:
                path = self._path(folder, spam_folder)
                row = copying.add_folder(self.copy, folder.name, path, folder.delimiter[:8])
            if not row.finished and not self._folder(folder, row):
                return False
        return True

    def _wanted(self, folders: list[RemoteFolder]) -> list[RemoteFolder]:
        skip = {_plain(name) for name in self.copy.skip}
        kept = []
        for folder in folders:
            if _plain(folder.name) in skip:
                continue
            view = _VIEWS & {flag.lower() for flag in folder.flags} and folder.name not in self.copy.translate
            if view or len(folder.name) > _LONGEST_NAME or not _storable(folder.name):
                if self.copy.worked == 0:  # said in the first turn
                    why = "it shows messages of other folders" if view else "its name cannot be written down"
                    copying.trace(self.copy, self.now(), f"Left out {_written(folder.name)}: {why}")
                continue
            kept.append(folder)
        return kept

    def _path(self, folder: RemoteFolder, spam_folder: str) -> Path:
        named: Mapping[str, str] = {_plain(name): local for name, local in self.copy.translate.items()}
        if _plain(folder.name) in named:
            try:
                return folder_names.local_path(named[_plain(folder.name)])
            except BadValueError:
                return folder.path
        ours = {
            "\\sent": ("Sent",),
            "\\drafts": ("Drafts",),
            "\\trash": ("Trash",),
            "\\junk": folder_names.clean(spam_folder.split("/")),
        }
        return folder_names.of_special_use(folder.flags, ours) or folder.path

    def _folder(self, remote: RemoteFolder, row: CopyFolder) -> bool:
        """Whether it is finished."""
        try:
            return self._copied(remote, row)
        except RefusedHere as refusal:
            row.broken, row.finished = refusal.reason, True
            copying.keep(self.copy, row, self.now() + LEASE)
            copying.trace(self.copy, self.now(), f"{row.name} cannot be copied: {refusal.reason}")
            return True

    def _copied(self, remote: RemoteFolder, row: CopyFolder) -> bool:
        opened = self.source.open(remote)
        renumbered = bool(row.last_key and row.validity != opened.validity)
        keys = self.source.keys("" if renumbered else row.last_key)
        if self.copy.method.startswith("pop3"):
            seen = copying.seen_keys(row)
            keys = [key for key in keys if key not in seen]
        row.validity, row.remote_count = opened.validity, opened.count
        if renumbered:
            copying.trace(self.copy, self.now(), f"{row.name} was renumbered there: each message is looked for here")
        folder = _Folder(self, row, look_everywhere=renumbered, shows_all=_shows_all(remote))
        return folder.copy(keys)

    def over(self) -> bool:
        return self.left <= 0 or self.now() > self._until or self._stop.is_set()


class _Folder:
    def __init__(self, turn: Turn, row: CopyFolder, *, look_everywhere: bool, shows_all: bool) -> None:
        self._turn, self._row = turn, row
        self._path: Path = tuple(row.path)
        self._look_everywhere = look_everywhere
        self._shows_all = shows_all
        self._is_first = True

    def copy(self, keys: list[str]) -> bool:
        """Whether all of it was."""
        turn, row = self._turn, self._row
        if not row.mark:
            row.mark = turn.sink.mark(self._path)
            self._keep()
        if keys and keys[0] == row.trying and row.tries >= _TRIES:
            self._fail(keys.pop(0), "the connection broke at it again and again")
        messages = self._messages(keys)
        for key in keys:
            if turn.over():
                messages.close()
                return False
            self._one(self._next(messages, key))
            turn.left -= 1
        row.finished = True
        self._keep()
        told = f"{row.name}: {row.migrated} copied, {row.skipped} left out, {row.failed} failed"
        copying.trace(turn.copy, turn.now(), told)
        return True

    def _messages(self, keys: list[str]) -> Generator[Message, None, None]:
        """After a broken connection one by one for a while, so that the message that breaks it is found."""
        careful = _CAREFUL if self._row.tries else 0
        for key in keys[:careful]:
            yield from self._turn.source.fetch([key])
        yield from self._turn.source.fetch(keys[careful:])

    def _next(self, messages: Iterator[Message], key: str) -> Message:
        row = self._row
        try:
            return next(messages)
        except TemporaryFailure:
            row.tries = row.tries + 1 if row.trying == key else 1
            row.trying = key
            row.retried_once += row.tries == 1
            row.retried_twice += row.tries == 2
            self._keep(progress=False)
            raise

    def _one(self, message: Message) -> None:
        turn, row = self._turn, self._row
        if message.data is None and message.reason:
            self._fail(message.key, message.reason)
            return
        digest = hashlib.sha256(message.data or b"").hexdigest()
        if message.data is None or self._came_before(digest):
            row.skipped += 1
        elif self._is_here(message):
            row.skipped += self._look_everywhere
            row.migrated += not self._look_everywhere
        else:
            try:
                turn.sink.append(self._path, message)
            except RefusedHere as refusal:
                self._fail(message.key, f"our server does not take it: {refusal.reason}")
                return
            row.migrated += 1
            row.bytes += message.size
        self._is_first = False
        self._done(message.key, digest)

    def _came_before(self, digest: str) -> bool:
        return self._shows_all and copying.was_seen_anywhere(self._turn.copy, digest)

    def _is_here(self, message: Message) -> bool:
        """Only the first one of a turn can be: it was stored, and the worker killed before it wrote that down."""
        if self._look_everywhere:
            return self._turn.sink.holds(self._path, message, "")
        return self._is_first and self._turn.sink.holds(self._path, message, self._row.mark)

    def _fail(self, key: str, reason: str) -> None:
        self._row.failed += 1
        copying.trace(self._turn.copy, self._turn.now(), f"{self._row.name}, message {_written(key)}: {reason}")
        self._done(key, "")

    def _done(self, key: str, digest: str) -> None:
        row, turn = self._row, self._turn
        row.last_key, row.mark = key, turn.sink.mark(self._path)
        row.trying, row.tries = "", 0
        seen = [key] if turn.copy.method.startswith("pop3") else []
        if turn.all_again and digest:
            seen.append(digest)
        self._keep(tuple(seen))

    def _keep(self, seen: tuple[str, ...] = (), *, progress: bool = True) -> None:
        copying.keep(self._turn.copy, self._row, self._turn.now() + LEASE, seen, progress=progress)


def _shows_all(folder: RemoteFolder) -> bool:
    return _ALL in {flag.lower() for flag in folder.flags}


def _plain(name: str) -> str:
    """The inbox has one name in any case."""
    return "INBOX" if name.upper() == "INBOX" else name


def _storable(name: str) -> bool:
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in name)


def _written(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text[:100])
