"""How much mail each mailbox holds, as far as we were told."""

from collections.abc import Iterable

from django.db.models import BooleanField, ExpressionWrapper, Q

from postroom.store.models import MailUsage
from postroom.store.sql import Compiled

_usage_of = Compiled(
    lambda p: MailUsage.objects.filter(mailbox_id=p.number(0)).values_list("bytes", "messages", "full")
)


def of(mailbox_id: int) -> tuple[int, int, bool]:
    """(bytes, messages, whether the quota is reached). Zeros while nobody has told us."""
    row = _usage_of.row(mailbox_id)
    return (row[0], row[1], bool(row[2])) if row else (0, 0, False)


def keep(told: Iterable[MailUsage]) -> None:
    """In one statement. Of mailboxes that exist."""
    MailUsage.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["mailbox"], update_fields=["bytes", "messages", "full", "at"]
    )


def quota_changed(mailbox_id: int, quota: int) -> None:
    """`quota` in bytes; 0: no limit."""
    full = Q(bytes__gte=quota) if quota else Q(pk__in=[])
    MailUsage.objects.filter(mailbox_id=mailbox_id).update(full=ExpressionWrapper(full, output_field=BooleanField()))
