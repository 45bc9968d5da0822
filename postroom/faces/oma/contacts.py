"""Of oma.md section 5.5: what address books and second factors would be asked for. There are none yet, and the answers
say so in the way that clients can live with."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import contacts, second_factors
from postroom.core.errors import BadRequest, NotFound
from postroom.faces.oma.call import Call
from postroom.faces.oma.errors import number_of, text_of


def get_deleted_contacts(call: Call) -> Mapping[str, Any]:
    found = contacts.deleted(call.actor, call.fields.name("user"))
    return {"count": len(found), "contacts": found}


def restore_deleted_contacts(call: Call) -> Mapping[str, Any]:
    user = call.fields.name("user")
    if call.fields.raw("ids", "id") is None:
        raise BadRequest(hints={"ids": "is required"})
    outcome = contacts.restore(call.actor, user, call.fields.texts("ids", "id"))
    return {"ids": [_told(id, error) for id, error in outcome]}


def _told(id: str, error: NotFound | None) -> dict[str, Any]:
    if error is None:
        return {"id": id, "success": True}
    return {"id": id, "success": False, "error_number": number_of(error), "error": text_of(error)}


def user_disable_2fa(call: Call) -> Mapping[str, Any]:
    second_factors.remove_of_mailbox(call.actor, call.origin, call.fields.name("user"))
    return {}
