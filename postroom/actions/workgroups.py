"""Workgroups of a domain (oma.md section 5.4)."""

import msgspec
from django.db.models import Count, Q

from postroom.actions.action import reads, writes
from postroom.actions.pages import Page, PageRequest, wildcard
from postroom.core.errors import BadRequest, DefaultWorkgroup, NameTaken, NotEmpty, NotFound, StillControlled
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import history, reach, rows
from postroom.store.models import Address, AdminRole, Mailbox, Workgroup


class WorkgroupView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    counts: dict[str, int]


@writes(Permission.WORKGROUP_CHANGE)
def create(actor: Actor, origin: Origin, domain_name: str, name: str) -> None:
    """1 to 64 printable characters without a slash. Raises NameTaken."""
    domain = reach.domain(actor, domain_name, Permission.WORKGROUP_CHANGE, lock=True)
    if not 1 <= len(name) <= 64 or "/" in name or not name.isprintable() or name != name.strip():
        raise BadRequest(hints={"workgroup": "must be 1 to 64 printable characters without a slash"})
    if Workgroup.objects.filter(domain_id=domain.id, folded_name=name.lower()).exists():
        raise NameTaken
    now = history.milliseconds(origin)
    Workgroup.objects.create(domain_id=domain.id, name=name, folded_name=name.lower(), created_at=now)
    history.note(domain, actor.name, origin, "changed", {"workgroups": [None, name]})
    rows.save(domain)


@writes(Permission.WORKGROUP_CHANGE)
def delete(actor: Actor, origin: Origin, domain_name: str, name: str) -> None:
    """Raises DefaultWorkgroup, StillControlled or NotEmpty. Deleted accounts in it move to the default one."""
    domain = reach.domain(actor, domain_name, Permission.WORKGROUP_CHANGE, lock=True)
    groups = Workgroup.objects.filter(domain_id=domain.id)
    group = groups.filter(folded_name=name.lower()).first()
    if group is None:
        raise NotFound
    default = str(domain.settings.get("workgroup"))
    if group.folded_name == default.lower():
        raise DefaultWorkgroup(f"make another one the domain's default before deleting {group.name}")
    admins = AdminRole.objects.filter(workgroup=group).values_list("mailbox__address", flat=True)[:10]
    if admins:
        raise StillControlled(f"take the roles over {group.name} from {', '.join(sorted(set(admins)))} first")
    members = Mailbox.objects.filter(workgroup=group)
    if members.filter(deleted_at=None).exists():
        raise NotEmpty(f"{group.name} still has accounts; move or delete them first")
    members.update(workgroup=groups.get(folded_name=default.lower()))
    group.delete()
    history.note(domain, actor.name, origin, "changed", {"workgroups": [group.name, None]})
    rows.save(domain)


@reads(Permission.WORKGROUP_SEE)
def search(actor: Actor, domain_name: str, match: str | None, page: PageRequest) -> Page[WorkgroupView]:
    """Sorts by `workgroup` or `users`."""
    domain = reach.domain(actor, domain_name, Permission.WORKGROUP_SEE)
    groups = Workgroup.objects.filter(domain_id=domain.id)
    if match:
        groups = groups.filter(wildcard("folded_name", match))
    groups = groups.annotate(users=Count("mailboxes", filter=Q(mailboxes__deleted_at=None)))
    order = {
        "workgroup": ("folded_name",),
        "users": ("users", "folded_name"),
        "user": ("users", "folded_name"),
    }
    found, total = page.cut(groups, order, "workgroup")
    counts = _counts([g.pk for g in found])
    return Page([WorkgroupView(name=g.name, counts=counts[g.pk]) for g in found], total)


def _counts(ids: list[int]) -> dict[int, dict[str, int]]:
    counts = {id: dict.fromkeys(("mailbox", "forward", "filter", "alias", "deleted", "total"), 0) for id in ids}
    members = Mailbox.objects.filter(workgroup__in=ids).annotate(gone=Q(deleted_at__isnull=False))
    for id, type, gone, number in members.values_list("workgroup", "type", "gone").annotate(n=Count("id")):
        counts[id]["deleted" if gone else type] += number
        counts[id]["total"] += 0 if gone else number
    aliases = Address.objects.filter(mailbox__workgroup__in=ids, is_alias=True)
    for id, number in aliases.values_list("mailbox__workgroup").annotate(n=Count("address")):
        counts[id]["alias"] = number
    return counts
