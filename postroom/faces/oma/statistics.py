"""oma.md section 5.6."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from postroom.actions import statistics
from postroom.actions.statistics import LOGINS, SERVICES, PeriodCounts
from postroom.core import periods
from postroom.core.address import fold
from postroom.faces.oma.call import Call


def stats_list(call: Call) -> Mapping[str, Any]:
    return {"snapshots": statistics.listed(call.actor, call.origin)}


def stats_snapshot(call: Call) -> Mapping[str, Any]:
    link = statistics.link(
        call.actor,
        call.origin,
        call.fields.required_text("type").strip().lower(),
        call.fields.name("object"),
        call.fields.required_text("date").strip(),
    )
    facts = {"type": link.type, "id": link.id, "user": link.user, "expires": link.expires, "token": link.token}
    return {"snapshot": f"{call.base}/oma_file/get?{urlencode(facts, safe=':@')}"}


def stats_summary(call: Call) -> Mapping[str, Any]:
    type, name = call.fields.text("type"), call.fields.text("object")
    kind = (call.fields.text("by") or "day").lower()
    found = statistics.summary(
        call.actor, call.origin, type.strip().lower() if type else None, fold(name) if name else None, kind
    )
    return {"summary": [_period(kind, period) for period in found]}


def _period(kind: str, period: PeriodCounts) -> dict[str, Any]:
    counts = period.counts
    name = period.first.isoformat() if kind == "day" else periods.name(kind, periods.around(kind, period.first))
    return {
        "period": name,
        "deleted_users": {
            "users": counts["deleted"],
            "storage_items_stored": counts["deleted_items"],
            "storage_current_size": counts["deleted_bytes"],
        },
        "logins": {service: counts[f"logins_{service}"] for service in LOGINS},
        "messages": {
            "delivered": counts["delivered"],
            "spam": counts["spam"],
            "autoresponse": counts["autoresponses"],
            "forward": counts["forwarded"],
            "sent": counts["sent"],
            "recipients": counts["recipients"],
            "bytes_in": counts["bytes_in"],
            "bytes_relay": counts["bytes_relay"],
        },
        "services": {service: counts[f"with_{service}"] for service in SERVICES},
        "storage": {
            "items_stored": counts["stored_items"],
            "current_size": counts["stored_bytes"],
            "allotted_size": counts["quota_bytes"],
        },
        "users": {
            "mailbox": counts["mailboxes"],
            "forward": counts["forwards"],
            "filter": counts["filters"],
            "alias": counts["aliases"],
            "suspended": counts["suspended"],
        },
    }
