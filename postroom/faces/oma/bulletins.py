"""Bulletins, of oma.md section 5.2."""

from collections.abc import Mapping, Sequence
from typing import Any

from postroom.actions import bulletins
from postroom.actions.bulletins import COMPANY, DOMAIN, Named
from postroom.core.bulletin import BulletinLine
from postroom.faces.oma.call import Call


def change_company_bulletin(call: Call) -> Mapping[str, Any]:
    return _change(call, COMPANY)


def get_company_bulletin(call: Call) -> Mapping[str, Any]:
    return _get(call, COMPANY)


def post_company_bulletin(call: Call) -> Mapping[str, Any]:
    return _post(call, COMPANY)


def change_domain_bulletin(call: Call) -> Mapping[str, Any]:
    return _change(call, DOMAIN)


def get_domain_bulletin(call: Call) -> Mapping[str, Any]:
    return _get(call, DOMAIN)


def post_domain_bulletin(call: Call) -> Mapping[str, Any]:
    return _post(call, DOMAIN)


def _named(call: Call, owner: str) -> Named:
    return Named(
        owner=owner,
        owner_name=call.fields.name(owner),
        type=call.fields.required_text("type").strip().lower(),
        name=call.fields.required_text("bulletin"),
    )


def _change(call: Call, owner: str) -> Mapping[str, Any]:
    bulletins.change(call.actor, call.origin, _named(call, owner), call.fields.text("bulletin_text"))
    return {}


def _get(call: Call, owner: str) -> Mapping[str, Any]:
    return {"bulletin_text": bulletins.show(call.actor, _named(call, owner))}


def _post(call: Call, owner: str) -> Mapping[str, Any]:
    bulletins.post(call.actor, call.origin, _named(call, owner), call.fields.text("test_email"))
    return {}


def listed(lines: Sequence[BulletinLine]) -> dict[str, list[dict[str, Any]]]:
    """For get_company and get_domain."""
    told: dict[str, list[dict[str, Any]]] = {"manual": [], "auto": []}
    for line in lines:
        entry = {"bulletin": line.name, "type": line.type, "createtime": line.created_at // 1000, "size": line.size}
        told[line.type].append(entry)
    return told
