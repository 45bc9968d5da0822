"""The directory: whom the people of a context find, all of it and nothing beyond (people.md section 7)."""

import msgspec
from django.db.models import F, Q, QuerySet

from postroom.actions.action import reads
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import ROLES, Actor, Permission, Scope, Target, allows
from postroom.core.search_text import words
from postroom.store import mailbox_texts, reach
from postroom.store.mailbox_texts import Wanted
from postroom.store.models import Domain, Mailbox


class DirectoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    address: str
    first_name: str
    last_name: str
    name: str
    """As its holder shows it; empty where nobody has said one."""


# `DomainRow.serves`, for many at once.
_PROVED = Q(status=DomainState.ENABLED) | Q(
    status__in=(DomainState.ACTION_REQUIRED, DomainState.FAILED), proved_at__isnull=False
)
_SWITCHED_ON = Q(settings__disabled__isnull=True) | Q(settings__disabled=False)


@reads(Permission.DIRECTORY_SEARCH)
def search(
    actor: Actor, q: str, *, domain: str = "", first: int = 0, limit: int = 20
) -> tuple[list[DirectoryEntry], int]:
    """By name: those in whose name or address every word of `q` occurs, whatever its case and accents; and how many.

    In all contexts of the actor's domains, or in that of one of them.
    """
    around = Mailbox.objects.filter(domain_id__in=_domains_around(actor, domain), deleted_at=None)
    by_name = [(F("search_text"), False), (F("id"), False)]
    wanted = Wanted(words=words(q), status=MailboxState.ENABLED, order=by_name, first=first, limit=limit)
    page, total = mailbox_texts.page(around, wanted)
    fields = ("id", "address", "first_name", "last_name", "settings__name")
    return [_entry(*row) for row in page.values_list(*fields)], total


def _entry(id: int, address: str, first_name: str, last_name: str, set_name: object) -> DirectoryEntry:
    name = f"{first_name} {last_name}".strip() or (set_name if isinstance(set_name, str) else "")
    return DirectoryEntry(id=id, address=address, first_name=first_name, last_name=last_name, name=name)


def _domains_around(actor: Actor, name: str) -> list[int]:
    """The ids of the domains in use that share a context with the actor's own, or with the one of the name."""
    own = _own_domains(actor)
    if name:
        own = own.filter(name=name)
    around = Domain.objects.filter(_PROVED, _SWITCHED_ON, context__in=own.values("context_id"), deleted_at=None)
    return list(around.values_list("id", flat=True))


def _own_domains(actor: Actor) -> QuerySet[Domain]:
    """Those that the actor has a role on, or a mailbox in."""
    inside = {
        grant.domain_id
        for grant in actor.grants
        if ROLES[grant.role].scope in (Scope.WORKGROUP, Scope.MAILBOX)
        and allows(
            actor,
            Permission.DIRECTORY_SEARCH,
            Target(grant.company_id, grant.domain_id, grant.workgroup_id, grant.mailbox_id),
        )
    }
    with_role = reach.domains(actor, Permission.DIRECTORY_SEARCH)
    return Domain.objects.filter(Q(id__in=with_role.values("id")) | Q(id__in=inside), deleted_at=None)
