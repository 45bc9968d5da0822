"""The mail that Dovecot holds, by way of doveadm.

Deleted messages: the plugin lazy_expunge moves them to the same folder under the hidden prefix EXPUNGED, where
`autoexpunge` removes them for good after a while. A message's id is its folder's GUID and its UID: both stay while
Dovecot's indexes are rebuilt, and other users' mail cannot be named by them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from postroom.core.stored_mail import is_script_name
from postroom.drivers.contract import (
    PAGE,
    Folder,
    MailUsage,
    Message,
    NoFolder,
    NoMailbox,
    NoScript,
    PermanentFailure,
    Script,
    ScriptError,
)
from postroom.drivers.mailstack import sieve_check
from postroom.drivers.mailstack.doveadm import BAD_DATA, BAD_NAME, NOT_FOUND, Answer, Command, Doveadm
from postroom.drivers.mailstack.headers import read_headers

EXPUNGED: Final = ".EXPUNGED/"
"""The prefix of the hidden namespace; Dovecot's configuration says the same."""

_ID: Final = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,9})")
_WITH_HEADERS: Final = ["mailbox-guid", "uid", "mailbox", "flags", "size.virtual", "hdr"]
_WILDCARDS: Final = frozenset("*%")
_CHECKED: Final = "postroom-check"  # the name under which a script is only tried
_LONG: Final = 12.0  # seconds for the requests that do; with what goes before them, within CALL_LIMIT


class DovecotMail:
    def __init__(self, doveadm: Doveadm) -> None:
        self._doveadm = doveadm

    def folders(self, address: str) -> list[Folder]:
        rows = self._one("mailboxStatus", address, field=["messages", "unseen"], mailboxMask=["*"])
        found = [Folder(name=r["mailbox"], messages=int(r["messages"]), unseen=int(r["unseen"])) for r in rows]
        if all(folder.name != "INBOX" for folder in found):
            found.append(Folder(name="INBOX", messages=0, unseen=0))
        return sorted(found, key=lambda folder: folder.name)

    def deleted_folders(self, address: str) -> list[str]:
        return sorted(self._deleted_counts(address))

    def _deleted_counts(self, address: str) -> dict[str, int]:
        rows = self._one("mailboxStatus", address, field=["messages"], mailboxMask=[f"{EXPUNGED}*"])
        return {_original(row["mailbox"]): int(row["messages"]) for row in rows if row["messages"] != "0"}

    def messages(
        self, address: str, folder: str, *, unseen: bool = False, newest: bool = False, limit: int = PAGE
    ) -> list[Message]:
        within = self._unseen(address, folder, newest, limit) if unseen else self._part(address, folder, newest, limit)
        if within is None:
            return []
        found = self._fetch(address, "mailbox", folder, *within)
        return found[::-1] if newest else found

    def move(self, address: str, ids: Sequence[str], folder: str) -> frozenset[str]:
        self._status(address, folder)
        present = self._present(address, ids, ())
        commands = [_move(address, folder, ("mailbox-guid", guid), uids) for guid, uids in _by_folder(present).items()]
        _check_all(self._doveadm.run(*commands) if commands else [])
        return frozenset(present)

    def deleted(self, address: str, folder: str = "", *, limit: int = PAGE) -> list[Message]:
        commands = []
        for name, count in sorted(self._deleted_counts(address).items()):
            if limit > 0 and folder in ("", name):
                query = ["mailbox", EXPUNGED + name, f"1:{min(count, limit)}"]
                commands.append(_command("fetch", address, field=_WITH_HEADERS, query=query))
                limit -= count
        answers = self._doveadm.run(*commands) if commands else []
        return [_message(row) for answer in answers for row in answer.checked()]

    def restore(self, address: str, ids: Sequence[str]) -> frozenset[str]:
        hidden = ("mailbox", f"{EXPUNGED}*")
        present = self._present(address, ids, hidden)
        folders = {guid: _original(present[f"{guid}-{uids[0]}"]) for guid, uids in _by_folder(present).items()}
        if not folders:
            return frozenset()
        there = {folder.name for folder in self.folders(address)}
        create = [_command("mailboxCreate", address, mailbox=[f]) for f in sorted(set(folders.values()) - there)]
        moves = [
            _move(address, folders[guid], (*hidden, "mailbox-guid", guid), uids)
            for guid, uids in _by_folder(present).items()
        ]
        _check_all(self._doveadm.run(*create, *moves)[len(create) :])
        return frozenset(present)

    def reindex(self, address: str, folder: str = "") -> None:
        if folder:
            self._status(address, folder)
        mask = folder or "*"
        rebuild = _command("forceResync", address, mailboxMask=mask)
        _check_all(self._doveadm.run(rebuild, _command("index", address, mailboxMask=mask), seconds=_LONG))

    def deposit(self, address: str, message: bytes) -> None:
        text = message.decode("utf-8", "replace").replace("\0", "")
        self._one("save", address, mailbox="INBOX", file=text)

    def usage(self, addresses: Sequence[str]) -> dict[str, MailUsage]:
        counting: dict[str, Any] = {"field": ["messages", "vsize"], "mailboxMask": ["*"], "totalSum": True}
        commands = [Command("mailboxStatus", {"user": _literal(a), **counting}) for a in addresses]
        answers = self._doveadm.run(*commands, seconds=_LONG) if commands else []
        return {a: _usage(answer.rows) for a, answer in zip(addresses, answers, strict=True) if answer.rows}

    def kick(self, address: str) -> None:
        self._doveadm.flush_auth_cache(address)
        self._doveadm.kick(_literal(address))

    def kick_domain(self, domain: str) -> None:
        self._doveadm.flush_auth_cache()  # it takes no masks; every other password is hashed once more
        self._doveadm.kick(f"*@{_literal(domain)}")

    def scripts(self, address: str) -> list[Script]:
        listed = {row["script"]: row["active"] == "ACTIVE" for row in self._one("sieveList", address)}
        names = sorted(listed)
        commands = [_command("sieveGet", address, scriptname=name) for name in names]
        answers = self._doveadm.run(*commands) if commands else []
        return [
            Script(name=name, text=answer.rows[0].get("sieve script", ""), active=listed[name])
            for name, answer in zip(names, answers, strict=True)
            if answer.rows  # else it was deleted a moment ago
        ]

    def check_script(self, address: str, text: str) -> list[ScriptError]:
        put = _command("sievePut", address, scriptname=_CHECKED, file=text)
        answer = self._doveadm.run(put, _command("sieveDelete", address, scriptname=[_CHECKED]))[0]
        try:
            return self._verdict(answer, text)
        except NoMailbox:
            return sieve_check.errors(text) or []

    def put_script(self, address: str, name: str, text: str) -> list[ScriptError]:
        put = _command("sievePut", address, scriptname=_script(name), file=text)
        return self._verdict(self._doveadm.run(put)[0], text)

    def activate_script(self, address: str, name: str) -> None:
        if name:
            self._of_script("sieveActivate", address, name, scriptname=_script(name))
        else:
            self._one("sieveDeactivate", address)

    def delete_script(self, address: str, name: str) -> None:
        self._of_script("sieveDelete", address, name, scriptname=[_script(name)], ignoreActive=True)

    def _one(self, name: str, address: str, **parameters: Any) -> list[dict[str, str]]:
        return self._doveadm.run(_command(name, address, **parameters))[0].checked()

    def _of_script(self, command: str, address: str, name: str, **parameters: Any) -> None:
        answer = self._doveadm.run(_command(command, address, **parameters))[0]
        if answer.exit_code == NOT_FOUND:
            raise NoScript(f"There is no script {name!r}")
        answer.checked()

    def _verdict(self, answer: Answer, text: str) -> list[ScriptError]:
        """Dovecot says no; why stands in its log alone, so its compiler is asked the same again."""
        if answer.exit_code != BAD_DATA:
            answer.checked()
            return []
        return sieve_check.errors(text) or [ScriptError(line=None, text="Dovecot does not take it")]

    def _status(self, address: str, folder: str) -> int:
        """How many messages there are. Raises NoFolder."""
        if _WILDCARDS & set(folder) or folder.startswith(EXPUNGED) or not folder:
            raise NoFolder(f"There is no folder {folder!r}")
        answer = self._doveadm.run(_command("mailboxStatus", address, field=["messages"], mailboxMask=[folder]))[0]
        if answer.exit_code in {BAD_NAME, NOT_FOUND} or (answer.exit_code == 0 and not answer.rows):
            raise NoFolder(f"There is no folder {folder!r}")
        return int(answer.checked()[0]["messages"])

    def _part(self, address: str, folder: str, newest: bool, limit: int) -> tuple[str, ...] | None:
        """The first or last messages by number, which costs the same in a folder of any size."""
        total = self._status(address, folder)
        if not total or limit < 1:
            return None
        return (f"{max(1, total - limit + 1)}:{total}",) if newest else (f"1:{min(total, limit)}",)

    def _unseen(self, address: str, folder: str, newest: bool, limit: int) -> tuple[str, ...] | None:
        self._status(address, folder)
        rows = self._one("search", address, query=["mailbox", folder, "UNSEEN"])
        uids = sorted(int(row["uid"]) for row in rows)
        chosen = uids[-limit:] if newest else uids[:limit]
        return ("uid", ",".join(map(str, chosen))) if chosen and limit > 0 else None

    def _fetch(self, address: str, *query: str) -> list[Message]:
        return [_message(row) for row in self._one("fetch", address, field=_WITH_HEADERS, query=list(query))]

    def _present(self, address: str, ids: Sequence[str], within: tuple[str, ...]) -> dict[str, str]:
        """The ids that are there, each with its folder as Dovecot calls it."""
        asked = [
            _command("fetch", address, field=["mailbox-guid", "uid", "mailbox"], query=[*within, *_named(guid, uids)])
            for guid, uids in _by_folder(id for id in ids if _ID.fullmatch(id)).items()
        ]
        answers = self._doveadm.run(*asked) if asked else []
        return {f"{r['mailbox-guid']}-{r['uid']}": r["mailbox"] for answer in answers for r in answer.checked()}


def _command(name: str, address: str, **parameters: Any) -> Command:
    return Command(name, {"user": _literal(address), **parameters})


def _literal(address: str) -> str:
    """Wildcards would mean other users too. Raises NoMailbox: no address of ours has them."""
    if "*" in address or "?" in address:
        raise NoMailbox(f"{address} is not an address here")
    return address


def _named(guid: str, uids: Sequence[str]) -> tuple[str, ...]:
    return "mailbox-guid", guid, "uid", ",".join(uids)


def _move(address: str, folder: str, within: tuple[str, ...], uids: Sequence[str]) -> Command:
    return _command("move", address, destinationMailbox=folder, query=[*within, "uid", ",".join(uids)])


def _by_folder(ids: Iterable[str]) -> dict[str, list[str]]:
    """GUID of the folder → UIDs."""
    grouped: dict[str, list[str]] = {}
    for id in dict.fromkeys(ids):
        guid, _, uid = id.partition("-")
        grouped.setdefault(guid, []).append(uid)
    return grouped


def _check_all(answers: Iterable[Answer]) -> None:
    for answer in answers:
        answer.checked()


def _original(folder: str) -> str:
    return folder.removeprefix(EXPUNGED)


def _script(name: str) -> str:
    if not is_script_name(name):
        raise PermanentFailure(f"{name!r} cannot be the name of a script")
    return name


def _usage(rows: list[dict[str, str]]) -> MailUsage:
    return MailUsage(bytes=int(rows[0]["vsize"]), messages=int(rows[0]["messages"]))


def _message(row: dict[str, str]) -> Message:
    return Message(
        id=f"{row['mailbox-guid']}-{row['uid']}",
        folder=_original(row["mailbox"]),
        headers=read_headers(row["hdr"]),
        size=int(row["size.virtual"]),
        seen="\\Seen" in row["flags"].split(),
    )
