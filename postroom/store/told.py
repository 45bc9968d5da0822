"""What remote platforms were told by us, so that we touch nothing there that is others' (store/models/told.py)."""

from collections.abc import Iterable

from django.db.models import Q

from postroom.store.models import Address, Alias, Told

Pair = tuple[str, str]
"""An alias: its address and one destination."""

REMOTE = frozenset({"dimail"})
"""Drivers of platforms that others write to, too."""

_BATCH = 500


def claim(platform_id: int, name: str, domain_id: int, mailbox_id: int | None = None) -> bool:
    """Write down that the name is this object's there. False: another object of ours may have it still."""
    mine = {"domain_id": domain_id, "mailbox_id": mailbox_id}
    row, _ = Told.objects.get_or_create(platform_id=platform_id, name=name, destination="", defaults=mine)
    return (row.domain_id, row.mailbox_id) == (domain_id, mailbox_id)


def names_of_domain(domain_id: int) -> list[str]:
    return _names(Q(domain_id=domain_id, mailbox=None))


def names_of_mailbox(mailbox_id: int) -> list[str]:
    return _names(Q(mailbox_id=mailbox_id))


def _names(objects: Q) -> list[str]:
    return list(Told.objects.filter(objects, destination="").order_by("name").values_list("name", flat=True))


def forget_domain(domain_id: int, *, but: str = "") -> None:
    """`but`: the name that it has there. Without one its aliases are forgotten, too."""
    told = Told.objects.filter(domain_id=domain_id, mailbox=None)
    (told.filter(destination="").exclude(name=but) if but else told).delete()


def forget_mailbox(mailbox_id: int, *, but: str = "") -> None:
    Told.objects.filter(mailbox_id=mailbox_id).exclude(name=but).delete()


def mailboxes(domain_id: int) -> set[str]:
    """Addresses of the domain's mailboxes there, also of those that are being removed."""
    told = Told.objects.filter(domain_id=domain_id, mailbox__isnull=False)
    return set(told.values_list("name", flat=True))


def keep_mailboxes(platform_id: int, domain_id: int, taken: Iterable[tuple[int, str]]) -> None:
    """(id, address) of mailboxes that were there before we knew them."""
    rows = (Told(platform_id=platform_id, name=name, domain_id=domain_id, mailbox_id=id) for id, name in taken)
    Told.objects.bulk_create(rows, batch_size=_BATCH)


def aliases(domain_id: int) -> set[Pair]:
    return set(Told.objects.filter(domain_id=domain_id).exclude(destination="").values_list("name", "destination"))


def keep_aliases(platform_id: int, domain_id: int, pairs: Iterable[Pair]) -> None:
    rows = (Told(platform_id=platform_id, name=n, destination=d, domain_id=domain_id) for n, d in sorted(pairs))
    Told.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def forget_aliases(domain_id: int, pairs: Iterable[Pair]) -> None:
    gone = sorted(pairs)
    for at in range(0, len(gone), _BATCH):
        some = set(gone[at : at + _BATCH])
        rows = Told.objects.filter(domain_id=domain_id, name__in={name for name, _ in some}).exclude(destination="")
        found = rows.values_list("id", "name", "destination")
        Told.objects.filter(id__in=[id for id, *pair in found if tuple(pair) in some]).delete()


def wanted_aliases(domain_id: int, domain: str) -> set[Pair]:
    """The domain's own, and the other addresses of its mailboxes: a remote platform tells them not apart."""
    own = Alias.objects.filter(domain_id=domain_id).values_list("local_part", "destination")
    others = Address.objects.filter(domain_id=domain_id, is_alias=True, mailbox__deleted_at=None)
    return {(f"{local_part}@{domain}", end) for local_part, end in own} | set(
        others.values_list("address", "mailbox__address")
    )


def aliases_differ(mailbox_id: int, address: str, domain_id: int) -> bool:
    """Whether what leads to the mailbox is something else than what was told."""
    domain = address.rpartition("@")[2]
    told = Told.objects.filter(domain_id=domain_id, destination=address).values_list("name", flat=True)
    others = Address.objects.filter(mailbox_id=mailbox_id, is_alias=True, mailbox__deleted_at=None)
    own = Alias.objects.filter(domain_id=domain_id, destination=address).values_list("local_part", flat=True)
    wanted = {*others.values_list("address", flat=True), *(f"{local_part}@{domain}" for local_part in own)}
    return set(told) != wanted
