"""Making domains, for every way in which that is asked for. Nothing here is an action: the caller has begun the
transaction, and has asked who may do it."""

from postroom.actions.domain_names import take_name
from postroom.actions.settings_change import new_settings
from postroom.core.address import is_pseudo
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import PostroomError
from postroom.core.lifecycle import DomainState
from postroom.store import rows
from postroom.store.models import Context, Domain, Platform, Workgroup
from postroom.store.rows import CompanyRow, DomainRow

DEFAULT_WORKGROUP = "staff"
_FIRST_LOOK = 60_000
"""Milliseconds: nobody waits for the first look at the DNS of a domain that is trusted."""


def insert(company: CompanyRow, name: str, now: int, *, proved: bool, context: Context | None = None) -> DomainRow:
    """A domain with its name, a workgroup, and a context of its own unless one is given; its platform and, where
    nothing is proved, its DNS are asked at once. The caller notes it in the history and saves the row."""
    platform = Platform.objects.filter(is_default=True).first()
    if platform is None:
        raise PostroomError('no mail platform is set up yet; the operator runs "postroom bootstrap"')
    domain = Domain.objects.create(
        company_id=company.id,
        context=context or Context.objects.create(name=name, created_at=now),
        platform=platform,
        name=name,
        status=DomainState.ENABLED if proved else DomainState.PENDING,
        settings={**new_settings(Level.DOMAIN, company.settings), "workgroup": DEFAULT_WORKGROUP},
        created_at=now,
        due_at=now,
        proved_at=now if proved else None,
        check_at=None if is_pseudo(name) else now + _FIRST_LOOK if proved else now,
    )
    row = rows.domain_by_id(domain.pk, lock=True)
    assert row is not None
    take_name(row, name, is_alias=False)
    Workgroup.objects.create(domain=domain, name=DEFAULT_WORKGROUP, folded_name=DEFAULT_WORKGROUP, created_at=now)
    return row
