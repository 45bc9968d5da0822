"""oma.md section 5.1: authenticate, echo, generate_token; and what ends or makes ways in."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import app_passwords, mailboxes, tokens
from postroom.actions.tokens import TokenWish
from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import BadRequest
from postroom.faces.oma.call import Call
from postroom.faces.oma.wire import nested


def authenticate(call: Call) -> Mapping[str, Any]:
    """The credentials were checked before we came here. Options are read at top level, else in the credentials."""
    at = nested(call.fields, "credentials")
    answer: dict[str, Any] = {}
    if at("generate_session_token").flag("generate_session_token"):
        seconds = at("session_token_duration").number("session_token_duration", 1, 86_400) or 10_800
        text = call.fields.text("token")
        answer["session_token"] = tokens.create_own(call.actor, call.origin, seconds, text)
        answer["session_token_duration"] = seconds
    if at("fetch_extra_info").flag("fetch_extra_info"):
        answer["extra_info"] = _extra_info(call)
    return answer


def _extra_info(call: Call) -> dict[str, Any]:
    view = mailboxes.show(call.actor, call.actor.name)
    assert isinstance(view, mailboxes.MailboxView)
    values = catalogue.shown(Level.MAILBOX, view.settings) | view.inherited | view.settings
    told = {name: values.get(name) for name in ("name", "title", "language", "timezone", "brand")}
    return {
        "user": view.address,
        "type": view.type,
        "roles": view.roles,
        "company": view.company,
        "domain": view.address.rpartition("@")[2],
        "workgroup": view.workgroup,
        "2fa_enabled": view.has_second_factor,
        **told,
    }


def echo(call: Call) -> Mapping[str, Any]:
    answer = {k: v for k, v in call.request.items() if k not in {"success", "audit"}}
    hidden = {"password", "token", "session_token"}
    credentials = call.fields.object("credentials")
    answer["credentials"] = {k: "" if k in hidden else v for k, v in credentials.items()}
    if "token" in answer:  # one toolkit repeats the credentials' token here
        answer["token"] = ""
    return answer


def generate_token(call: Call) -> Mapping[str, Any]:
    at = nested(call.fields, "attributes")
    address = call.fields.name("user")
    kind = (at("type").text("type") or "session").lower()
    if kind not in {"session", "sso", "oma"}:
        raise BadRequest(hints={"type": "must be session, sso or oma"})
    hours = at("duration").number("duration", 1, 8784)
    wish = TokenWish(
        kind=kind,
        seconds=(hours or 24) * 3600,
        reason=at("reason").required_text("reason"),
        opens_api=kind != "oma" and at("oma").flag("oma"),
        text=at("token").text("token"),
    )
    text = tokens.create(call.actor, call.origin, address, wish)
    return {"duration": hours or 24, "token": text}


def app_password(call: Call) -> Mapping[str, Any]:
    address, mode = call.fields.name("user"), call.fields.required_text("mode")
    if mode == "add":
        return {"password": app_passwords.add(call.actor, call.origin, address, call.fields.text("tag"))}
    if mode == "remove":
        app_passwords.remove(call.actor, call.origin, address, call.fields.required_text("tag"))
        return {}
    raise BadRequest(hints={"mode": "must be add or remove"})
