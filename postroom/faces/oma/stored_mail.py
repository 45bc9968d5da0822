"""The methods of oma.md section 5.5 that need the servers holding the mail (section 7.8)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from postroom.actions import stored_mail
from postroom.actions.stored_mail import MOST_MESSAGES, FilterChange, MessageLine, Wish
from postroom.core.errors import BadRequest, NotFound
from postroom.faces.oma.call import Call
from postroom.faces.oma.errors import NUMBERS
from postroom.faces.oma.shapes import folder_path
from postroom.faces.oma.wire import Fields, nested

_MANY = 10**12


def _headers(line: MessageLine, wanted: Sequence[str] = ()) -> dict[str, str]:
    """Of a header that is there twice the first one, which is the newest. `wanted` in any case; none: all."""
    names = {name.lower() for name in wanted}
    found: dict[str, str] = {}
    for name, value in line.headers:
        if not names or name.lower() in names:
            found.setdefault(name, value)
    return found


def get_user_folders(call: Call) -> Mapping[str, Any]:
    found = stored_mail.folders(call.actor, call.fields.name("user"))
    return {
        "folders": [folder_path(name) for name in found.present],
        "deleted_folders": [folder_path(name) for name in found.deleted],
    }


def get_user_messages(call: Call) -> Mapping[str, Any]:
    fields = call.fields
    limit = fields.number("limit", 0, _MANY)
    wish = Wish(
        folder=fields.text("folder") or "INBOX",
        unseen=fields.flag("unseen"),
        newest=fields.flag("recent") and limit is not None,
        limit=MOST_MESSAGES if limit is None else limit,
    )
    found = stored_mail.messages(call.actor, fields.name("user"), wish)
    return {"count": len(found), "messages": [{"id": m.id, "headers": _headers(m)} for m in found]}


def move_user_messages(call: Call) -> Mapping[str, Any]:
    """`folder` is where they go, and must be there."""
    address, ids = call.fields.name("user"), _ids(call.fields)
    folder = call.fields.text("folder") or "INBOX"
    return _outcomes(ids, stored_mail.move(call.actor, call.origin, address, ids, folder))


def get_deleted_messages(call: Call) -> Mapping[str, Any]:
    at = nested(call.fields, "attributes")
    wanted = at("headers").texts("headers")
    found = stored_mail.deleted_messages(call.actor, call.fields.name("user"), at("folder").text("folder"))
    return {"count": len(found), "messages": [_deleted(line, wanted) for line in found]}


def _deleted(line: MessageLine, wanted: Sequence[str]) -> dict[str, Any]:
    headers = _headers(line, wanted)
    own = {"id": line.id, "folder": folder_path(line.folder), "headers": headers}
    return {name.lower(): value for name, value in headers.items()} | own


def restore_deleted_messages(call: Call) -> Mapping[str, Any]:
    address, ids = call.fields.name("user"), _ids(call.fields)
    return _outcomes(ids, stored_mail.restore(call.actor, call.origin, address, ids))


def _ids(fields: Fields) -> list[str]:
    ids = fields.texts("ids")
    if not ids:
        raise BadRequest(hints={"ids": "is required"})
    return ids


def _outcomes(ids: Sequence[str], done: frozenset[str]) -> dict[str, Any]:
    """Of each id that was sent."""
    failed = {"success": False, "error_number": NUMBERS[NotFound], "error": NotFound.message()}
    return {"ids": [{"id": id, **({"success": True} if id in done else failed)} for id in ids]}


def reindex(call: Call) -> Mapping[str, Any]:
    address, id = call.fields.name("user"), call.fields.text("id")
    if id:
        return {"id": id, "status": stored_mail.reindexing(call.actor, address, id)}
    folder = call.fields.text("folder")
    return {"id": stored_mail.begin_reindexing(call.actor, call.origin, address, folder), "status": "pending"}


def logout_user(call: Call) -> Mapping[str, Any]:
    stored_mail.end_sessions(call.actor, call.origin, call.fields.name("user"))
    return {}


def user_notify(call: Call) -> Mapping[str, Any]:
    return {"new_mail": stored_mail.has_new(call.actor, call.fields.name("user"))}


def get_sieve(call: Call) -> Mapping[str, Any]:
    found = stored_mail.filters(call.actor, call.fields.name("user"))
    return {
        "rulesets": {script.name: script.text for script in found},
        "active_rule": next((script.name for script in found if script.active), None),
    }


def set_sieve(call: Call) -> Mapping[str, Any]:
    """`data` null deletes the ruleset; without `data` only the active one is switched."""
    fields = call.fields
    name, active = fields.required_text("ruleset"), fields.text("active_rule")
    change = FilterChange(name=name, text=_data(fields), activate=active)
    outcome = stored_mail.change_filter(call.actor, call.origin, fields.name("user"), change)
    answer: dict[str, Any] = {"rulesets": {name: outcome.done} if outcome.done else {}}
    if active is not None:
        answer["active_rule"] = f"{'updated' if outcome.activated else 'already set'} to {active}"
    return answer


def _data(fields: Fields) -> str | msgspec.UnsetType | None:
    if not fields.has("data"):
        return msgspec.UNSET
    data = fields.raw("data")
    if data is not None and not isinstance(data, str):
        raise BadRequest(hints={"data": "must be a text, or null to delete the ruleset"})
    return data
