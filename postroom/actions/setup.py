"""The first company and its administrator: the operator's back door (oma.md section 2.1)."""

from collections.abc import Mapping

from postroom.actions import companies, domains, mailboxes
from postroom.actions.action import reads, writes
from postroom.core.errors import ExistsAlready
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Permission, Role
from postroom.store import history
from postroom.store.models import AdminRole, Company, Mailbox, Platform


@reads(Permission.COMPANY_CREATE)
def default_driver() -> str:
    """Of the platform that new domains go to; empty while there is none."""
    return Platform.objects.filter(is_default=True).values_list("driver", flat=True).first() or ""


@writes(Permission.COMPANY_CREATE)
def add_platform(origin: Origin, name: str, driver: str, settings: Mapping[str, object]) -> None:
    """The first one becomes the default for new domains. Raises ExistsAlready."""
    if Platform.objects.filter(name=name).exists():
        raise ExistsAlready(f"there is a platform {name} already")
    Platform.objects.create(
        name=name,
        driver=driver,
        settings=dict(settings),
        is_default=not Platform.objects.filter(is_default=True).exists(),
        created_at=history.milliseconds(origin),
    )


@writes(Permission.COMPANY_CREATE, Permission.ROLE_CHANGE)
def bootstrap(
    origin: Origin,
    company: str,
    administrator: str,
    password: str,
    *,
    trusted: bool,
    catchall_allowed: bool = False,
) -> None:
    """A company, the pseudo domain of its administrator's address, and that account with the company role.

    All or nothing. Raises ExistsAlready for a company that is there.
    """
    companies.create(OPERATOR, origin, company, trusted=trusted, catchall_allowed=catchall_allowed)
    row = Company.objects.get(name=company.strip().lower())
    domain = administrator.rpartition("@")[2]
    domains.change(OPERATOR, origin, domain, {"company": row.name}, create_only=True)
    mailboxes.change(OPERATOR, origin, administrator, {"password": password}, create_only=True)
    account = Mailbox.objects.get(address=administrator, deleted_at=None)
    AdminRole.objects.create(mailbox=account, role=Role.COMPANY, company=row, created_at=history.milliseconds(origin))
