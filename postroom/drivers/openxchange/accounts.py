"""Mailboxes as users of a context: made, changed, renamed and taken away."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from postroom.core.records import MailboxRecord
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.openxchange import marks
from postroom.drivers.openxchange.listing import OxUser, usual_name
from postroom.drivers.openxchange.tools import Refused, Tools

_USER_NAME: Final = re.compile(r"[$@%.+a-zA-Z0-9_-]{1,128}")
"""What a user name is made of unless CHECK_USER_UID_REGEXP of Open-Xchange says otherwise."""


def put(tools: Tools, context: int, record: MailboxRecord, *, elsewhere: int | None) -> None:
    """`elsewhere`: another context, where it may be still."""
    _refuse_what_cannot_be(record)
    users = tools.users(context)
    ours = with_key(users, record.key)
    holder = next((user for user in users if user.address == record.address), None)
    if holder is not None and holder is not ours:
        if ours is not None or holder.mark is not None or not tools.settings.adopt:
            raise PermanentFailure(f"{record.address} is the address of another user in Open-Xchange")
        ours = holder
    if ours is not None:
        _change(tools, context, users, ours, record)
        return
    if elsewhere is not None:
        _leave(tools, elsewhere, record)
    _create(tools, context, users, record)


def remove(tools: Tools, context: int, address: str, key: int | None) -> None:
    found = next((user for user in tools.users(context) if user.address == address and user.mark), None)
    if found is not None and found.mark is not None and key in (None, found.mark.key):
        tools.delete_user(context, found.id)


def move_all(tools: Tools, context: int, old: str, new: str) -> None:
    """Of a domain that is renamed. Users that are not ours stay as they are.

    Raises TemporaryFailure where there are more than there was time for: the next try does the rest.
    """
    users = tools.users(context)
    moving = [user for user in users if user.domain == old and user.mark]
    for done, user in enumerate(moving):
        record = user.record()
        assert record is not None  # it bears a mark
        moved = msgspec.structs.replace(
            record,
            address=_in_domain(record.address, old, new),
            aliases=tuple(_in_domain(alias, old, new) for alias in record.aliases),
        )
        try:
            tools.deadline.left()
        except TemporaryFailure:
            raise TemporaryFailure(f"{done} of {len(moving)} users of {old} have moved so far", retry_in=1) from None
        _change(tools, context, users, user, moved)


def with_key(users: Iterable[OxUser], key: int) -> OxUser | None:
    return next((user for user in users if user.mark and user.mark.key == key), None)


def _refuse_what_cannot_be(record: MailboxRecord) -> None:
    for address in (record.address, *record.aliases):
        if "," in address or any(character.isspace() for character in address):
            raise PermanentFailure(f"{address!r} cannot be an address in Open-Xchange")


def _leave(tools: Tools, context: int, record: MailboxRecord) -> None:
    """First, for one of two that bear the same mark would never be found again."""
    there = with_key(tools.users(context), record.key)
    if there is None:
        return
    if tools.settings.moves == "refuse":
        raise PermanentFailure(
            f"{there.address} is in context {context} of Open-Xchange; elsewhere it would have no calendar and no "
            "contacts any more"
        )
    tools.delete_user(context, there.id)


def _create(tools: Tools, context: int, users: Sequence[OxUser], record: MailboxRecord) -> None:
    options = {
        **_fields(record), "username": _user_name(tools, users, record), "language": tools.settings.language,
        "timezone": tools.settings.timezone,
    }  # fmt: skip

    def create(options: dict[str, str]) -> None:
        tools.create_user(context, options, (_mark(record, options), *tools.settings.user_options))

    try:
        create(options)
    except Refused:
        changed = _freed(tools, context, options, record)
        if not changed:
            raise
        create({**options, **changed})


def _freed(tools: Tools, context: int, options: dict[str, str], record: MailboxRecord) -> dict[str, str]:
    """Other names where those that were refused are somebody's; nothing where that is not why."""
    changed = {}
    if tools.has_display_name(context, options["displayname"]):
        changed["displayname"] = _qualified(options["displayname"], record.address)
    if tools.has_user_name(context, options["username"]):
        changed["username"] = f"postroom-{record.key}"
    return {name: value for name, value in changed.items() if value != options[name]}


def _change(tools: Tools, context: int, users: Sequence[OxUser], ours: OxUser, record: MailboxRecord) -> None:
    options = _fields(record)
    kept = _kept_display_name(ours, options["displayname"], record)
    options["displayname"] = kept or options["displayname"]
    if tools.settings.rename_users:
        others = [user for user in users if user.id != ours.id]
        name = _user_name(tools, others, record)
        options |= {"username": name} if name != ours.name else {}
    if ours.default_sender not in options["aliases"].split(","):
        options["defaultsenderaddress"] = record.address
    try:
        tools.change_user(context, ours.id, options, [_mark(record, options)])
    except Refused:
        if kept or not tools.has_display_name(context, options["displayname"]):
            raise
        options["displayname"] = _qualified(options["displayname"], record.address)
        tools.change_user(context, ours.id, options, [_mark(record, options)])


def _kept_display_name(ours: OxUser, wanted: str, record: MailboxRecord) -> str:
    """The one it has, where that is what is wanted, with an address behind it or without; else empty."""
    good = {wanted, _qualified(wanted, record.address)}
    return ours.display_name if ours.display_name in good else ""


def _display_name(record: MailboxRecord) -> str:
    name = record.settings.get("name") or usual_name(record.first_name, record.last_name) or record.address
    return str(name)


def _mark(record: MailboxRecord, options: dict[str, str]) -> str:
    return marks.mailbox_mark(record, qualified=options["displayname"] != _display_name(record)).option()


def _fields(record: MailboxRecord) -> dict[str, str]:
    local_part, _, domain = record.address.rpartition("@")
    return {
        "displayname": _display_name(record),
        "givenname": record.first_name or local_part, "surname": record.last_name or domain,
        "email": record.address, "aliases": ",".join(dict.fromkeys((record.address, *record.aliases))),
        "mailenabled": "true" if record.active and record.type == "mailbox" else "false",
    }  # fmt: skip


def _qualified(name: str, address: str) -> str:
    """No two of a context may have the same display name, and no two have the same address."""
    return name if name == address else f"{name} ({address})"


def _user_name(tools: Tools, users: Iterable[OxUser], record: MailboxRecord) -> str:
    taken = {user.name.lower() for user in users} | {tools.settings.context_admin.user.lower()}
    local_part = record.address.rpartition("@")[0]
    wanted = local_part if tools.settings.user_names == "local_part" else record.address
    if _USER_NAME.fullmatch(wanted) and wanted.lower() not in taken:
        return wanted
    return f"postroom-{record.key}"


def _in_domain(address: str, old: str, new: str) -> str:
    local_part, _, domain = address.rpartition("@")
    return f"{local_part}@{new}" if domain == old else address
