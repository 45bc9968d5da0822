"""oma.md section 5.2."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import admin_roles, companies
from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.faces.oma import bulletins, shapes, wire
from postroom.faces.oma.call import Call


def get_company(call: Call) -> Mapping[str, Any]:
    view = companies.show(call.actor, call.fields.name("company"))
    return {
        "attributes": {**catalogue.shown(Level.COMPANY, view.settings), "account": view.name},
        **shapes.settable(view.settable),
        "metadata": {
            "options": shapes.options(Level.COMPANY),
            "bulletins": bulletins.listed(view.bulletins),
            "createtime": view.created_at // 1000,
            "inherit": view.inherited,
            "company_id": str(view.id),
        },
    }


def change_company(call: Call) -> Mapping[str, Any]:
    companies.change(call.actor, call.origin, call.fields.name("company"), call.fields.required_object("attributes"))
    return {}


def get_company_changes(call: Call) -> Mapping[str, Any]:
    page = wire.page(call.fields)
    return shapes.changes(*companies.changes(call.actor, call.fields.name("company"), page.first, page.limit))


def search_admins(call: Call) -> Mapping[str, Any]:
    criteria = call.fields.fields("criteria")
    company = criteria.text("company")
    found = admin_roles.search(
        call.actor,
        company.strip().lower() if company else None,
        criteria.texts("type"),
        criteria.text("match"),
        wire.page(call.fields),
    )
    admins = [{"user": a.address, "type": a.role, "control": a.control} for a in found.items]
    return shapes.counted("admins", admins, found.total)
