"""Taking and giving back the names of domains: one table, so that a name is taken once."""

from postroom.core.catalogue.attribute import Value
from postroom.core.errors import BadAttribute, NameTaken, NotSettable
from postroom.store.models import Address, DomainName
from postroom.store.rows import DomainRow


def take_name(row: DomainRow, name: str, *, is_alias: bool) -> None:
    """A taken name makes the database refuse; the action is then run again and finds it (actions/action.py)."""
    DomainName.objects.create(name=name, domain_id=row.id, is_alias=is_alias)


def check_and_take_aliases(row: DomainRow, wanted: Value, *, vouched: bool) -> None:
    """Make `wanted` the domain's aliases. Raises NameTaken, or BadAttribute where one is in use.

    `vouched`: somebody answers for it that further names are the asker's (docs/decisions/017-aliases.md). Else raises
    NotSettable.
    """
    names = list(dict.fromkeys(n for n in wanted if isinstance(n, str))) if isinstance(wanted, list) else []
    if row.name in names:
        raise BadAttribute(hints={"aliases": f"{row.name} is the domain itself"})
    gone, new = set(row.aliases) - set(names), [n for n in names if n not in set(row.aliases)]
    if new and not vouched:
        raise NotSettable(hints={"aliases": f"only the operator can add names to {row.name}: nothing proves them"})
    taken = DomainName.objects.filter(name__in=new).values_list("name", flat=True)
    if taken:
        raise NameTaken(hints={"aliases": f"taken already: {', '.join(sorted(taken))}"})
    for name in gone:
        if Address.objects.filter(domain_id=row.id, is_alias=True, address__endswith=f"@{name}").exists():
            raise BadAttribute(hints={"aliases": f"{name} is still used by aliases of mailboxes; remove them first"})
    DomainName.objects.filter(domain_id=row.id, is_alias=True, name__in=gone).delete()
    DomainName.objects.bulk_create(DomainName(name=n, domain_id=row.id, is_alias=True) for n in new)
    row.aliases = names
