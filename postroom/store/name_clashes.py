"""Mailboxes that were refused since somebody has their display name. Programs ask a moment later who that is."""

from typing import Final

from postroom.store.models import DimailClash

REMEMBERED: Final = 3_600_000
"""Milliseconds."""


def keep(domain_id: int, local_part: str, owner_id: int, now: int) -> None:
    """Whoever was refused longer ago is forgotten."""
    DimailClash.objects.filter(domain_id=domain_id, created_at__lt=now - REMEMBERED).delete()
    DimailClash.objects.update_or_create(
        domain_id=domain_id, local_part=local_part, defaults={"owner_id": owner_id, "created_at": now}
    )


def owner(domain_id: int, local_part: str, now: int) -> int | None:
    """The id of the living mailbox that stood in the way."""
    found = DimailClash.objects.filter(
        domain_id=domain_id, local_part=local_part, created_at__gte=now - REMEMBERED, owner__deleted_at=None
    )
    return found.values_list("owner_id", flat=True).first()
