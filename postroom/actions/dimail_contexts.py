"""Which directory a new domain of dimail joins (specs/dimail.md 4.4). The caller has begun the transaction."""

from postroom.actions.action import writes
from postroom.core.address import parse_domain
from postroom.core.errors import NameTaken
from postroom.core.records import Origin
from postroom.core.roles import Permission
from postroom.store import history
from postroom.store.models import Context, ContextMapping, DimailAllow, Domain
from postroom.store.rows import CompanyRow


def joined(company: CompanyRow, domain: str, wanted: str, now: int, account_id: int | None) -> Context:
    """The context that has the domain already, or one of the company's that is called so, or a new one.

    `account_id`: of an account that is no administrator: it joins no directory of domains that others manage. Raises
    NameTaken. The caller holds the company's lock, so that two do not make the same one.
    """
    mapped = ContextMapping.objects.filter(domain_name=domain).select_related("context").first()
    if mapped is not None:
        if mapped.context.name != wanted:
            raise NameTaken(f"The domain is currently mapped to OX context {mapped.context.name}")
        mapped.delete()
        return mapped.context
    living = Domain.objects.filter(context__name=wanted, deleted_at=None)
    foreign = living.exclude(company_id=company.id).values("context_id")
    own = Context.objects.filter(name=wanted).exclude(id__in=foreign)
    found = own.filter(domains__in=living).first() or own.filter(mappings__isnull=False).first()
    if found is None:
        return Context.objects.create(name=wanted, created_at=now)
    if account_id is not None and _is_others(found, account_id):
        raise NameTaken(f"The OX context {wanted} holds domains of others")
    return found


def _is_others(context: Context, account_id: int) -> bool:
    managed = DimailAllow.objects.filter(account_id=account_id).values("domain_id")
    return Domain.objects.filter(context=context, deleted_at=None).exclude(id__in=managed).exists()


@writes(Permission.CONTEXT_CHANGE)
def map_domain(origin: Origin, context: str, domain: str) -> None:
    """A directory that serves the domain already, before it is here. For the operator alone: nobody is asked.

    Raises NameTaken, BadValueError.
    """
    name, now = parse_domain(domain), history.milliseconds(origin)
    if ContextMapping.objects.filter(domain_name=name).exists():
        raise NameTaken(f"{name} is mapped already")
    found = Context.objects.filter(name=context, mappings__isnull=False).first()
    found = found or Context.objects.create(name=context, created_at=now)
    ContextMapping.objects.create(context=found, domain_name=name, created_at=now)
