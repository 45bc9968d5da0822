"""oma.md section 5.5."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import admin_roles, mailbox_removal, mailbox_searches, mailboxes
from postroom.actions.mailbox_searches import Criteria, MailboxLine
from postroom.core import catalogue
from postroom.core.address import fold
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import BadRequest, NotFound
from postroom.faces.oma import shapes, wire
from postroom.faces.oma.call import Answer, Call, Failure
from postroom.faces.oma.errors import NUMBERS

_FOLDERS = ("INBOX", "Sent", "Drafts", "Trash")
_SERVICES = ("imap4", "pop3", "webmail", "smtprelay")


def change_user(call: Call) -> Mapping[str, Any]:
    mailboxes.change(
        call.actor,
        call.origin,
        call.fields.name("user"),
        call.fields.required_object("attributes"),
        create_only=call.fields.flag("create_only"),
    )
    return {}


def get_user(call: Call) -> Answer:
    view = mailboxes.show(call.actor, call.fields.name("user"))
    if isinstance(view, mailboxes.FreeAddress):
        metadata = {"options": shapes.options(Level.MAILBOX), "defaults": view.defaults}
        return Failure(NUMBERS[NotFound], NotFound.message(), {**shapes.settable(view.settable), "metadata": metadata})
    return {
        "type": view.type,
        **shapes.settable(view.settable),
        "attributes": {
            **catalogue.shown(Level.MAILBOX, view.settings),
            "account": view.address,
            "type": view.type,
            "aliases": view.aliases,
            "workgroup": view.workgroup,
            "sieve": view.settings.get("sieve", ""),
        },
        "metadata": _metadata(view),
    }


def _metadata(view: mailboxes.MailboxView) -> dict[str, Any]:
    spam = shapes.folder_path(str(view.settings.get("spamfolder", view.inherited["spamfolder"])))
    return {
        "2fa_enabled": view.has_second_factor,
        "roles": view.roles,
        "status": view.status,
        "createtime": view.created_at // 1000,
        "quota": {
            "bytes_max": view.quota_in_force or view.quota_bytes,
            "bytes_used": view.stored[0],
            "messages_max": None,
            "messages_used": view.stored[1],
        },
        "folders": list(dict.fromkeys((*_FOLDERS, spam))),
        "special_folders": {"spam": spam},
        "options": shapes.options(Level.MAILBOX),
        "inherit": view.inherited,
        "addressbook": {
            "contacts": 0,
            "groups": 0,
            "total": 0,
            "max": view.settings.get("max_pab_entries"),
        },
        "app_passwords": [{"created": created // 1000, "tag": tag} for tag, created in view.app_passwords],
        "smtp_limit": {
            "when": {},
            "max": view.sent_limit,
            "sent": view.sent,
            "free_passes": 0,
            "free_passes_remaining": 0,
        },
        "last_login": {name: shapes.seconds(view.last_sign_ins.get(name)) for name in _SERVICES},
    }


def delete_user(call: Call) -> Mapping[str, Any]:
    mailbox_removal.delete(call.actor, call.origin, call.fields.name("user"))
    return {}


def restore_user(call: Call) -> Mapping[str, Any]:
    """Some clients send `ids`, one sends no id at all (oma.md section 1.6)."""
    ids = call.fields.texts("id", "ids")
    mailbox_removal.restore(
        call.actor,
        call.origin,
        call.fields.name("user"),
        ids[0] if ids else None,
        call.fields.text("new_name"),
    )
    return {}


def rename_user(call: Call) -> Mapping[str, Any]:
    mailbox_removal.rename(call.actor, call.origin, call.fields.name("user"), call.fields.name("new_name"))
    return {}


def search_users(call: Call) -> Mapping[str, Any]:
    criteria = call.fields.fields("criteria")
    domain = criteria.text("domain") or call.fields.text("domain")
    if domain is None:
        raise BadRequest(hints={"criteria.domain": "is required"})
    deleted = criteria.flag("deleted")
    found = mailbox_searches.search(
        call.actor,
        Criteria(
            domain=fold(domain),
            workgroup=criteria.text("workgroup"),
            types=criteria.texts("type"),
            match=criteria.text("match"),
            deleted=deleted,
            statuses=criteria.texts("status"),
        ),
        wire.page(call.fields),
    )
    wanted = frozenset(call.fields.texts("fields"))
    return shapes.counted("users", [_line(line, wanted) for line in found.items], found.total)


def _line(line: MailboxLine, wanted: frozenset[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "user": line.address,
        "type": line.type,
        "workgroup": line.workgroup,
        "status": line.status,
        "alias_target": line.alias_target,
    }
    if line.deleted_at is not None:
        told |= {"id": line.restore_id, "delete_time": shapes.seconds(line.deleted_at)}
    if "createtime" in wanted:
        told["createtime"] = shapes.seconds(line.created_at)
    if "lastlogin" in wanted:
        told["lastlogin"] = shapes.seconds(line.last_sign_in)
    if "smtplimit" in wanted:
        told["smtplimit"] = {"when": {}, "max": line.sent_limit, "sent": line.sent}
    if "forward" in wanted:
        first = line.forward_recipients[0] if line.forward_recipients else None
        number = len(line.forward_recipients)
        told |= {"forward_recepient": first, "forward_recepient_count": number}
        told |= {"forward_recipient": first, "forward_recipient_count": number}
    return told


def get_user_changes(call: Call) -> Mapping[str, Any]:
    page = wire.page(call.fields)
    return shapes.changes(*mailboxes.changes(call.actor, call.fields.name("user"), page.first, page.limit))


def get_user_attribute_history(call: Call) -> Mapping[str, Any]:
    attribute = call.fields.required_text("attribute")
    values = mailboxes.attribute_history(call.actor, call.fields.name("user"), attribute)
    return {"history": {str(at // 1000): value for at, value in values.items()}}


def set_role(call: Call) -> Mapping[str, Any]:
    """Only null or an empty text takes the role away: what was forgotten must not."""
    if not call.fields.has("role"):
        raise BadRequest(hints={"role": "is required; null takes the role away"})
    role = call.fields.text("role")
    objects = call.fields.texts("objects", "object")
    if role and not objects:
        raise BadRequest(hints={"object": "is required with a role"})
    admin_roles.assign(call.actor, call.origin, call.fields.name("user"), role, objects)
    return {}


def add_role(call: Call) -> Mapping[str, Any]:
    fields = call.fields
    admin_roles.add(
        call.actor,
        call.origin,
        fields.name("user"),
        fields.required_text("role"),
        fields.required_text("object"),
    )
    return {}


def remove_role(call: Call) -> Mapping[str, Any]:
    fields = call.fields
    admin_roles.remove(
        call.actor,
        call.origin,
        fields.name("user"),
        fields.required_text("role"),
        fields.required_text("object"),
    )
    return {}
