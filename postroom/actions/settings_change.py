"""What changing attributes means at every level: whose they are, who suspended a service, what history keeps."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings as configuration

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Attribute, Level, Rank, Value
from postroom.core.errors import NotSettable
from postroom.core.mail import values
from postroom.core.roles import Actor, Role, Target, may_set, rank_on, roles_on
from postroom.store.models import Brand
from postroom.store.rows import CompanyRow

_UNLIMITED_WHEN_UNSET = {"limit_aliases", "limit_users", "quota_maximum"}
SERVICES = tuple(name for name in catalogue.CATALOGUE if name.startswith("service_"))


def quota_bytes(written: int, level: Level) -> int:
    """In bytes, by the unit that the operator's setting says (docs/decisions/005-quota-units.md)."""
    return catalogue.to_bytes(written, level=level, threshold=configuration.QUOTA_MEGABYTES_UP_TO)


def quota_in_force(type: str, own: Mapping[str, Value], of_domain: Mapping[str, Value]) -> int:
    """Of a mailbox, by its settings and its domain's, in bytes as the mail servers enforce it; 0: none."""
    written = values.own_quota(type, own, threshold=configuration.QUOTA_MEGABYTES_UP_TO)
    return values.capped(written, values.quota_ceiling(of_domain))


def exceeds(quota: Value, ceiling_megabytes: Value, level: Level) -> bool:
    """False where one of them is unset."""
    if not isinstance(quota, int) or not isinstance(ceiling_megabytes, int):
        return False
    return quota_bytes(quota, level) > ceiling_megabytes * catalogue.MEGABYTE


def new_settings(level: Level, parent: Mapping[str, Value]) -> dict[str, Value]:
    """What is written down for a new object below `parent`."""
    threshold = configuration.QUOTA_MEGABYTES_UP_TO
    values = catalogue.copied_defaults(level, parent, quota_threshold=threshold)
    ceiling = parent.get("quota_maximum")
    if isinstance(ceiling, int) and exceeds(values.get("quota"), ceiling, level):
        values["quota"] = catalogue.below_company(ceiling, threshold=threshold)
    return values


def defaults_again(level: Level, parent: Mapping[str, Value]) -> dict[str, Value]:
    """What unsetting falls back to where nothing is inherited live. An unset limit is no limit."""
    return {n: v for n, v in new_settings(level, parent).items() if n not in _UNLIMITED_WHEN_UNSET}


def checked(
    level: Level,
    actor: Actor,
    target: Target,
    attributes: Mapping[str, object],
    current: Mapping[str, object],
) -> dict[str, Value]:
    """The new values by attribute; None unsets. Raises NotSettable or BadAttribute with a hint for each."""
    roles = roles_on(actor, target)

    def settable(attribute: Attribute) -> bool:
        return may_set(roles, attribute.name, level)

    return catalogue.check(level, attributes, settable, current)


def settable_names(level: Level, actor: Actor, target: Target) -> list[str]:
    return _settable_names(level, roles_on(actor, target))


_memory: dict[tuple[Level, frozenset[Role]], list[str]] = {}


def _settable_names(level: Level, roles: frozenset[Role]) -> list[str]:
    """At most a few dozen combinations of roles exist, so the memory stays small."""
    known = _memory.get((level, roles))
    if known is None:
        known = catalogue.settable(level, lambda attribute: may_set(roles, attribute.name, level))
        _memory[level, roles] = known
    return known


def merged(
    settings: Mapping[str, Value], changes: Mapping[str, Value], level: Level, parent: Mapping[str, Value]
) -> dict[str, Value]:
    """New settings; None puts an attribute back to its default, or takes it out where it has none."""
    defaults = defaults_again(level, parent) if None in changes.values() else {}
    wanted = {n: defaults.get(n) if v is None else v for n, v in changes.items()}
    after = {**settings, **wanted}
    return {name: value for name, value in after.items() if value is not None}


def check_suspensions(
    actor: Actor,
    target: Target,
    changes: Mapping[str, Value],
    suspended_by: dict[str, int],
    parents: tuple[Mapping[str, Value], ...],
) -> dict[str, int]:
    """Who holds each suspended service after `changes`.

    A suspension is lifted only by the same or a higher rank, and not below one that holds further up
    (oma.md section 7.3). Raises NotSettable.
    """
    if not any(name in changes for name in SERVICES):
        return suspended_by
    rank = rank_on(actor, target) or Rank.SELF
    held, hints = dict(suspended_by), {}
    for name in SERVICES:
        if name not in changes:
            continue
        if changes[name] == "suspended":
            held[name] = max(held.get(name, 0), rank)
        elif held.get(name, 0) > rank:
            hints[name] = "was suspended by an administrator of a higher level, who alone can lift that"
        elif changes[name] == "enabled" and any(above.get(name) == "suspended" for above in parents):
            hints[name] = "is suspended for the whole domain or company"
        else:
            held.pop(name, None)
    if hints:
        raise NotSettable(hints=hints)
    return held


def settle_brand(changes: dict[str, Value], company: CompanyRow) -> str:
    """Put the brand's name into `changes` as the company writes it; what is wrong where it has no such brand."""
    wanted = changes.get("brand")
    if not isinstance(wanted, str):
        return ""
    found = Brand.objects.filter(company_id=company.id, folded_name=wanted.lower()).first()
    if found is None:
        return f"{wanted} is not a brand of {company.name}"
    changes["brand"] = found.name
    return ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """field → [before, after] of what really changed, fit for the history."""
    names = sorted(before.keys() | after.keys())
    return {n: [told(n, before.get(n)), told(n, after.get(n))] for n in names if before.get(n) != after.get(n)}


def told(name: str, value: Any) -> Any:
    """A value as the history keeps it: secrets never."""
    attribute = catalogue.CATALOGUE.get(name)
    return "(secret)" if attribute is not None and attribute.secret and value is not None else value
