"""Pages of mailboxes, also of those that are found by parts of their names and addresses.

No index finds a part of a text, so all texts of a domain are looked at: quickly in the index that holds them
(`mailbox_search`) and slowly where a database walks along another one, for an order or a status that it knows, and
fetches each row for its text. That pays only where so many match that a page is full soon; else the order and the
status are written as expressions that no index has.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db.models import Count, F, Func, OrderBy, QuerySet, Window
from django.db.models.functions import Coalesce

from postroom.store.models import Mailbox

_FEW: Final = 1000
"""Matches that are sorted at once, without searching again."""
_MANY: Final = 10_000
"""Matches that cost more to sort than a database risks by walking along an order: they may all be at its other end."""
_SHARE: Final = 10


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    words: Sequence[str] = ()
    """All of them are in the text (core/search_text.py)."""
    status: str = ""
    order: Sequence[tuple[F | Func, bool]]
    """What to sort by, and whether from the end."""
    first: int
    limit: int

    def by(self, *, index: bool) -> list[OrderBy]:
        return [OrderBy(key if index else _in_no_index(key), descending=down) for key, down in self.order]

    def cut(self, mailboxes: QuerySet[Mailbox], *, index: bool) -> QuerySet[Mailbox, int]:
        """The ids of the page."""
        ids = mailboxes.order_by(*self.by(index=index)).values_list("id", flat=True)
        return ids[self.first : self.first + self.limit]


def page(mailboxes: QuerySet[Mailbox], wanted: Wanted) -> tuple[QuerySet[Mailbox], int]:
    """The rows of the page in their order, and how many there are in all: two statements. Only those rows are read."""
    ids, total = _ids(mailboxes, wanted)
    return Mailbox.objects.filter(id__in=ids).order_by(*wanted.by(index=True)), total


def _ids(mailboxes: QuerySet[Mailbox], wanted: Wanted) -> tuple[QuerySet[Mailbox, int], int]:
    if not wanted.words:
        found = mailboxes.filter(status=wanted.status) if wanted.status else mailboxes
        return wanted.cut(found, index=True), found.count()
    found = _matching(mailboxes, wanted)
    some = list(found.annotate(total=Window(Count("*"))).values_list("id", "total")[:_FEW])
    total = some[0][1] if some else 0
    if total <= _FEW:
        return wanted.cut(Mailbox.objects.filter(id__in=[id for id, _ in some]), index=False), total
    soon = total > _MANY and (wanted.first + wanted.limit) * _SHARE <= total
    return wanted.cut(found, index=soon), total


def _matching(mailboxes: QuerySet[Mailbox], wanted: Wanted) -> QuerySet[Mailbox]:
    for word in wanted.words:
        mailboxes = mailboxes.filter(search_text__contains=word)
    if not wanted.status:
        return mailboxes
    return mailboxes.alias(state=_in_no_index(F("status"))).filter(state=wanted.status)


def _in_no_index(value: F | Func) -> Func:
    """The same value."""
    return Coalesce(value, value)
