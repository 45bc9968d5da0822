"""Which account manages which domain (specs/dimail.md 3.3)."""

import msgspec

from postroom.actions import dimail_accounts
from postroom.actions.action import reads, writes
from postroom.actions.dimail_accounts import Caller
from postroom.core.address import fold
from postroom.core.errors import DomainNotFound, ExistsAlready, NotFound
from postroom.core.records import Origin
from postroom.core.roles import Permission, allows
from postroom.store import history, rows
from postroom.store.models import DimailAccount, DimailAllow
from postroom.store.rows import DomainRow


class AllowView(msgspec.Struct, frozen=True, kw_only=True):
    user: str
    domain: str


@reads(Permission.DIMAIL_ACCOUNT_CHANGE)
def listed(caller: Caller, user: str = "", domain: str = "") -> list[AllowView]:
    """Those of the accounts that the caller manages. Raises OutOfReach."""
    accounts = dimail_accounts.in_reach(caller)
    if user:
        accounts = accounts.filter(name=user) if user.isprintable() else accounts.none()
    found = DimailAllow.objects.filter(domain__deleted_at=None, account__in=accounts)
    if domain:
        found = found.filter(domain__name=fold(domain))
    pairs = found.order_by("account__name", "domain__name").values_list("account__name", "domain__name")
    return [AllowView(user=user, domain=domain) for user, domain in pairs]


@writes(Permission.DIMAIL_ACCOUNT_CHANGE)
def add(caller: Caller, origin: Origin, user: str, domain: str) -> AllowView:
    """Raises OutOfReach, UserNotFound, DomainNotFound, ExistsAlready: in this order."""
    account, row = _pair(caller, user, domain)
    if DimailAllow.objects.filter(account=account, domain_id=row.id).exists():
        raise ExistsAlready
    give(caller.actor.name, origin, account, row)
    return AllowView(user=account.name, domain=row.name)


@writes(Permission.DIMAIL_ACCOUNT_CHANGE)
def remove(caller: Caller, origin: Origin, user: str, domain: str) -> None:
    """Raises OutOfReach, UserNotFound, DomainNotFound, NotFound: in this order."""
    account, row = _pair(caller, user, domain)
    if not DimailAllow.objects.filter(account=account, domain_id=row.id).delete()[0]:
        raise NotFound
    history.note(account, caller.actor.name, origin, "changed", {"domain": [row.name, None]})
    account.save(update_fields=["history_head"])


def give(by: str, origin: Origin, account: DimailAccount, row: DomainRow) -> None:
    """Of a locked account."""
    DimailAllow.objects.create(account=account, domain_id=row.id)
    history.note(account, by, origin, "changed", {"domain": [None, row.name]})
    account.save(update_fields=["history_head"])


def _pair(caller: Caller, user: str, domain: str) -> tuple[DimailAccount, DomainRow]:
    """The account, locked, and the domain. What is not the caller's to give is told as if it were not there."""
    account = dimail_accounts.managed(caller, user)
    found = rows.find_domain(fold(domain))
    if found is None or found[0] or not _may_give(caller, found[1]):
        raise DomainNotFound
    return account, found[1]


def _may_give(caller: Caller, row: DomainRow) -> bool:
    if allows(caller.actor, Permission.DIMAIL_ACCOUNT_CHANGE, row.target):
        return True
    return DimailAllow.objects.filter(account_id=caller.account.id, domain_id=row.id).exists()
