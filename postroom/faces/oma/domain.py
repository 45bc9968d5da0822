"""oma.md sections 5.3 and 5.4."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import domain_removal, domain_searches, domains, workgroups
from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import NotFound
from postroom.faces.oma import bulletins, shapes, wire
from postroom.faces.oma.call import Answer, Call, Failure
from postroom.faces.oma.errors import NUMBERS


def change_domain(call: Call) -> Mapping[str, Any]:
    domains.change(
        call.actor,
        call.origin,
        call.fields.name("domain", "domains"),
        call.fields.required_object("attributes"),
        create_only=call.fields.flag("create_only"),
    )
    return {}


def get_domain(call: Call) -> Answer:
    view = domains.show(call.actor, call.fields.name("domain", "domains"))
    if isinstance(view, domains.FreeName):
        metadata = {"options": shapes.options(Level.DOMAIN), "defaults": view.defaults}
        return Failure(NUMBERS[NotFound], NotFound.message(), {**shapes.settable(view.settable), "metadata": metadata})
    return {
        "attributes": {
            **catalogue.shown(Level.DOMAIN, view.settings),
            "account": view.name,
            "company": view.company,
            "aliases": view.aliases,
        },
        **shapes.settable(view.settable),
        "metadata": {
            "options": shapes.options(Level.DOMAIN),
            "bulletins": bulletins.listed(view.bulletins),
            "createtime": view.created_at // 1000,
            "inherit": view.inherited,
        },
    }


def delete_domain(call: Call) -> Mapping[str, Any]:
    domain_removal.delete(call.actor, call.origin, call.fields.name("domain"))
    return {}


def restore_domain(call: Call) -> Mapping[str, Any]:
    domain_removal.restore(
        call.actor,
        call.origin,
        call.fields.name("domain"),
        call.fields.required_text("id", "ids"),
        call.fields.name("new_name"),
    )
    return {}


def search_domains(call: Call) -> Mapping[str, Any]:
    criteria = call.fields.fields("criteria")
    company = criteria.text("company")
    deleted = criteria.flag("deleted")
    found = domain_searches.search(
        call.actor,
        company.strip().lower() if company else None,
        criteria.texts("type"),
        criteria.text("match"),
        wire.page(call.fields),
        deleted=deleted,
    )
    return shapes.counted("domains", [_line(line) for line in found.items], found.total)


def _line(line: domain_searches.DomainLine) -> dict[str, Any]:
    told: dict[str, Any] = {
        "domain": line.name,
        "type": line.type,
        "users": {kind: line.counts[kind] for kind in domain_searches.KINDS},
        "counts": line.counts,
    }
    if line.target is not None:
        told["target"] = line.target
    if line.restore_id is not None:
        told |= {"id": line.restore_id, "delete_time": shapes.seconds(line.deleted_at)}
    return told


def push_domain(call: Call) -> Mapping[str, Any]:
    domains.push(call.actor, call.origin, call.fields.name("domain"), call.fields.required_text("new_company"))
    return {}


def get_domain_changes(call: Call) -> Mapping[str, Any]:
    page = wire.page(call.fields)
    return shapes.changes(*domains.changes(call.actor, call.fields.name("domain"), page.first, page.limit))


def create_workgroup(call: Call) -> Mapping[str, Any]:
    workgroups.create(
        call.actor, call.origin, call.fields.name("domain"), call.fields.required_text("workgroup").strip()
    )
    return {}


def delete_workgroup(call: Call) -> Mapping[str, Any]:
    workgroups.delete(
        call.actor, call.origin, call.fields.name("domain"), call.fields.required_text("workgroup").strip()
    )
    return {}


def search_workgroups(call: Call) -> Mapping[str, Any]:
    criteria = call.fields.fields("criteria")
    found = workgroups.search(call.actor, criteria.name("domain"), criteria.text("match"), wire.page(call.fields))
    told = [{"workgroup": g.name, "counts": g.counts} for g in found.items]
    return shapes.counted("workgroups", told, found.total)
