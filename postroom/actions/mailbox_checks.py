"""What an account's attributes mean for each other and for other rows."""

from collections.abc import Mapping

from django.db.models import Q

from postroom.actions.settings_change import checked, exceeds, settle_brand
from postroom.core.address import parse_account
from postroom.core.catalogue.attribute import BadValueError, Level, Value
from postroom.core.errors import (
    AliasDomainNotFound,
    AliasLimitReached,
    BadAttribute,
    DomainDisabled,
    FilterMxMissing,
    NameTaken,
    NotSettable,
    TooManyRecipients,
)
from postroom.core.lifecycle import DomainState, MailboxState
from postroom.core.roles import Actor, Role, Target, assignable, roles_on
from postroom.store import alias_routes, rows
from postroom.store.models import Access, Address, AdminRole, Person, Workgroup
from postroom.store.rows import DomainRow, MailboxRow, Settings

FIRST_DELIVERY: Mapping[str, Settings] = {
    "mailbox": {"delivery_local": True},
    "forward": {"delivery_forward": True},
    "filter": {"delivery_filter": True},
}
# What each type may do with mail (oma.md section 6.2): other flags are silently switched off.
_DELIVERY = ("delivery_local", "delivery_forward", "delivery_autoresponder", "delivery_filter")
_ALLOWED = {
    "mailbox": {"delivery_local", "delivery_forward", "delivery_autoresponder"},
    "forward": {"delivery_forward", "delivery_autoresponder"},
    "filter": {"delivery_filter"},
}


_MOST_RECIPIENTS = 1000


def checked_mailbox(
    actor: Actor, target: Target, attributes: Mapping[str, object], current: Mapping[str, object]
) -> dict[str, Value]:
    """As `checked`. Raises TooManyRecipients where that is all that is wrong: it has a number of its own."""
    try:
        return checked(Level.MAILBOX, actor, target, attributes, current)
    except BadAttribute as error:
        sent = [attributes.get(name) for name in error.hints]
        many = [v for v in sent if isinstance(v, list) and len(v) > _MOST_RECIPIENTS]
        if len(many) == len(sent) and error.hints.keys() <= {"forward_recipients", "recipients"}:
            raise TooManyRecipients(hints=error.hints) from None
        raise


def check_password_is_theirs_to_set(actor: Actor, row: MailboxRow) -> None:
    """Who sets an administrator's password can sign in as one: the asker must hold that role or be able to give it.

    Raises NotSettable.
    """
    if actor.mailbox_id == row.id:
        return
    _check_roles_of_person(actor, row)
    held = AdminRole.objects.filter(mailbox_id=row.id).values_list("role", "company_id", "domain_id", "workgroup_id")
    for name, company_id, domain_id, workgroup_id in held:
        own = roles_on(actor, Target(company_id, domain_id, workgroup_id))
        if Role(name) not in own | assignable(own):
            raise NotSettable(hints={"password": "belongs to an administrator who may do more than you"})


def is_off(domain: DomainRow) -> bool:
    """Switched off by somebody; a domain that only waits for its proof is not."""
    return domain.status == DomainState.DISABLED or bool(domain.settings.get("disabled"))


def require_domain_on(domain: DomainRow) -> None:
    if is_off(domain):
        raise DomainDisabled(DomainDisabled.message())


_ABOVE: Mapping[str, frozenset[Role]] = {
    Role.VIEWER: frozenset({Role.VIEWER, Role.ADMINISTRATOR, Role.OWNER, Role.DOMAIN, Role.COMPANY, Role.OPERATOR}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR, Role.OWNER, Role.DOMAIN, Role.COMPANY, Role.OPERATOR}),
    Role.OWNER: frozenset({Role.OWNER, Role.COMPANY, Role.OPERATOR}),
}
"""Who may become the holder of each role of people.md."""


def _check_roles_of_person(actor: Actor, row: MailboxRow) -> None:
    """The roles of the person who signs in with the mailbox, or has shown that its address is theirs."""
    holders = Person.objects.filter(Q(mailbox_id=row.id) | Q(emails__email=row.address)).exclude(
        id=actor.person_id or 0
    )
    accesses = Access.objects.filter(person__in=holders)
    held = accesses.values_list("role", "domain_id", "domain__company_id").distinct()
    for role, domain_id, company_id in held:
        if not roles_on(actor, Target(company_id, domain_id)) & _ABOVE[role]:
            raise NotSettable(hints={"password": "belongs to somebody who may do more than you"})
    if Role.OPERATOR not in roles_on(actor, Target()) and holders.filter(is_operator=True).exists():
        raise NotSettable(hints={"password": "belongs to somebody who may do more than you"})


def told_of(row: MailboxRow) -> dict[str, object]:
    """What the history tells of an account: everything but its password."""
    holder = {"first_name": row.first_name, "last_name": row.last_name, "secondary_email": row.secondary_email}
    return {
        "type": row.type,
        "workgroup": row.workgroup,
        **row.settings,
        "aliases": list(row.aliases),
        **{field: value for field, value in holder.items() if value},
    }


def status_word(row: MailboxRow, *, full: bool, sent: int, limit: int) -> str:
    """oma.md section 7.4; `sent` in the last 24 hours."""
    if row.deleted_at is not None:
        return "deleted"
    cut_off = all(row.settings.get(name) == "suspended" for name in ("service_smtpin", "service_smtprelay"))
    if not row.domain.serves or row.status != MailboxState.ENABLED or cut_off:
        return "suspended"
    if full:
        return "quota"
    return "smtplimit" if sent > 0 and sent >= limit else "active"


def deliverable(row: MailboxRow, settings: Settings, changes: Mapping[str, Value]) -> Settings:
    """`settings` with the flags that the type allows.

    Raises FilterMxMissing, or BadAttribute where mail would go nowhere.
    """
    allowed = _ALLOWED[row.type]
    after = {k: v for k, v in settings.items() if k not in _DELIVERY or k in allowed}
    destinations = [name for name in _DELIVERY if after.get(name) and name != "delivery_autoresponder"]
    if not destinations and not any(name in changes for name in allowed):
        after.update(FIRST_DELIVERY[row.type])  # the type changed, so its old flags went
    elif not destinations:
        way = " or ".join(sorted(allowed - {"delivery_autoresponder"}))
        raise BadAttribute(hints=dict.fromkeys(sorted(changes.keys() & allowed), f"{way} must stay on"))
    if row.type == "filter" and not row.domain.settings.get("filtermx"):
        raise FilterMxMissing(
            hints={"type": f"{row.domain.name} has no filtermx to send filtered mail to; set it first"}
        )
    return after


def check_references(row: MailboxRow, changes: dict[str, Value]) -> None:
    problem = settle_brand(changes, row.domain.company)
    if problem:
        raise BadAttribute(hints={"brand": problem})


def check_quota(row: MailboxRow, quota: Value) -> None:
    ceiling = row.domain.settings.get("quota_maximum")
    if exceeds(quota, ceiling, Level.MAILBOX):
        raise BadAttribute(hints={"quota": f"must be at most {ceiling} MB, the domain's quota_maximum"})


def move_to_workgroup(row: MailboxRow, wanted: Value) -> None:
    """None: back to the domain's default workgroup."""
    name = str(wanted or row.domain.settings.get("workgroup") or "")
    group = Workgroup.objects.filter(domain_id=row.domain_id, folded_name=name.lower()).first()
    if group is None:
        raise BadAttribute(hints={"workgroup": f"{name} is not a workgroup of {row.domain.name}; create it first"})
    row.workgroup_id, row.workgroup = group.pk, group.name


def check_and_take_aliases(row: MailboxRow, wanted: Value) -> None:
    """Make `wanted` the account's aliases. Raises AliasDomainNotFound, NameTaken or AliasLimitReached."""
    if wanted:  # the domain's limit and its own aliases hold for all its accounts together: one at a time
        row.domain = rows.domain_by_id(row.domain_id, lock=True) or row.domain
    names = [_alias(row, text) for text in wanted if isinstance(text, str)] if isinstance(wanted, list) else []
    names = [name for name in dict.fromkeys(names) if name != row.address]
    gone, new = set(row.aliases) - set(names), [n for n in names if n not in set(row.aliases)]
    taken = Address.objects.filter(address__in=new).values_list("address", flat=True)
    if taken:
        raise NameTaken(hints={"aliases": f"taken already: {', '.join(sorted(taken))}"})
    Address.objects.filter(mailbox_id=row.id, is_alias=True, address__in=gone).delete()
    limit = row.domain.settings.get("limit_aliases")
    if new and isinstance(limit, int):
        present = alias_routes.count_names(row.domain_id)
        if present + len(new) > limit:
            raise AliasLimitReached(f"{row.domain.name} may have {limit} aliases and has {present}")
    Address.objects.bulk_create(
        Address(address=n, domain_id=row.domain_id, mailbox_id=row.id, is_alias=True) for n in new
    )
    row.aliases = names


def _alias(row: MailboxRow, text: str) -> str:
    written = text if "@" in text else f"{text}@{row.domain.name}"
    try:
        address = parse_account(written)
    except BadValueError as error:
        raise BadAttribute(hints={"aliases": f"{written}: {error}"}) from None
    if address.domain not in {row.domain.name, *row.domain.aliases}:
        raise AliasDomainNotFound(
            hints={"aliases": f"{address.domain} is neither {row.domain.name} nor an alias of it"}
        )
    return str(address)
