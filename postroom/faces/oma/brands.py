"""oma.md section 5.8, and reset_email_test of section 5.5."""

from collections.abc import Mapping
from typing import Any

from postroom.actions import brands
from postroom.faces.oma import shapes, wire
from postroom.faces.oma.call import Call


def search_brands(call: Call) -> Mapping[str, Any]:
    """Counts those that name the brand themselves. Removed brands leave nothing behind: `deleted` finds none."""
    criteria = call.fields.fields("criteria")
    company, match, page = criteria.text("company"), criteria.text("match"), wire.page(call.fields)
    found = brands.search(call.actor, company, match, page)
    if criteria.flag("deleted"):
        return shapes.counted("brands", [], 0)
    told = [
        {
            "brand": line.name,
            "id": str(line.id),
            "counts": {"domain": line.domains, "user": line.mailboxes, "total": line.domains + line.mailboxes},
        }
        for line in found.items
    ]
    return shapes.counted("brands", told, found.total)


def search_brand_members(call: Call) -> Mapping[str, Any]:
    criteria = call.fields.fields("criteria")
    found = brands.search_members(
        call.actor,
        criteria.text("company"),
        criteria.required_text("brand"),
        criteria.texts("type"),
        wire.page(call.fields),
    )
    told = [{"type": member.type, "member": member.name} for member in found.items]
    return shapes.counted("brand_members", told, found.total)


def reset_email_test(call: Call) -> Mapping[str, Any]:
    brands.send_test(
        call.actor,
        call.origin,
        call.fields.text("company"),
        call.fields.required_text("brand"),
        call.fields.required_text("test_email_rcpt", "testEmailRcpt", "test_email"),
    )
    return {}
