"""Accounts: seen, created, changed (oma.md section 5.5)."""

import time
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef

from postroom.actions import live
from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import reads, writes
from postroom.actions.mailbox_writing import NewMailbox
from postroom.actions.new_passwords import NewPassword, prepare
from postroom.actions.settings_change import differences, quota_bytes, quota_in_force, settable_names
from postroom.core import catalogue, inheritance
from postroom.core.catalogue.attribute import Level, Value
from postroom.core.errors import BadAttribute, ExistsAlready, InAliasDomain, IsAlias, NotFound, OutOfReach
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, Target, allows
from postroom.core.stored_mail import LONGEST_SCRIPT
from postroom.store import history, jobs, reach, rows, usage
from postroom.store import sent as sent_mail
from postroom.store.models import AppPassword, Mailbox, Passkey
from postroom.store.rows import MailboxRow
from postroom.store.sql import Compiled, Row


class MailboxView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    company: str
    type: str
    status: str
    """active, suspended or deleted, in the words of oma.md section 7.4."""
    workgroup: str
    aliases: list[str]
    settings: dict[str, Value]
    inherited: dict[str, Value]
    settable: list[str]
    roles: dict[str, list[str]]
    app_passwords: list[tuple[str, int]]
    """(tag, created at)."""
    has_second_factor: bool
    """With which its holder signs in to the web."""
    last_sign_ins: dict[str, int]
    quota_bytes: int | None
    quota_in_force: int
    """In bytes, also where the domain allows less; 0: no limit."""
    stored: tuple[int, int]
    """(bytes, messages), as its platform said last."""
    sent: int
    """Recipients in the last 24 hours."""
    sent_limit: int
    created_at: int
    in_step: bool


class FreeAddress(msgspec.Struct, frozen=True, kw_only=True):
    """No such account, and the asker may create it."""

    settable: list[str]
    defaults: dict[str, Value]


_ROLE_FIELDS = ("role", "company__name", "domain__name", "workgroup__name")
_has_passkey = Exists(Passkey.objects.filter(person__mailbox_id=OuterRef("id")))
_roles_of = Compiled(
    lambda p: (
        Mailbox.objects.filter(id=p.number(0))
        .annotate(has_passkey=_has_passkey)
        .order_by("admin_roles__id")
        .values_list("person__totp", "has_passkey", *(f"admin_roles__{name}" for name in _ROLE_FIELDS))
    )
)
_app_passwords_of = Compiled(
    lambda p: AppPassword.objects.filter(mailbox_id=p.number(0)).order_by("id").values_list("tag", "created_at")
)


@reads(Permission.MAILBOX_SEE, Permission.MAILBOX_CREATE)
def show(actor: Actor, address: str) -> MailboxView | FreeAddress:
    try:
        row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    except NotFound as unknown:
        try:
            domain = writing.domain_for_new(actor, address)
        except InAliasDomain:
            raise unknown from None
        group = writing.workgroup_for_new(actor, domain, None)
        if group is None:
            raise
        target = Target(domain.company_id, domain.id, group.pk)
        return FreeAddress(
            settable=settable_names(Level.MAILBOX, actor, target),
            defaults={
                **writing.first_settings(domain),
                **checks.FIRST_DELIVERY["mailbox"],
                "type": "mailbox",
                "workgroup": group.name,
            },
        )
    return _view(actor, row)


def _view(actor: Actor, row: MailboxRow) -> MailboxView:
    above = inheritance.inherited(row.domain.settings, row.domain.company.settings)
    limit = row.settings.get("smtp_sent_limit", above["smtp_sent_limit"])
    limit = limit if isinstance(limit, int) else 0
    sent = sent_mail.sent(row.id, time.time())
    quota = row.settings.get("quota")
    stored_bytes, messages, full = usage.of(row.id)
    found = _roles_of.rows(row.id)
    return MailboxView(
        address=row.address,
        company=row.domain.company.name,
        type=row.type,
        status=checks.status_word(row, full=full, sent=sent, limit=limit),
        workgroup=row.workgroup,
        aliases=row.aliases,
        settings=row.settings,
        inherited=above,
        settable=settable_names(Level.MAILBOX, actor, row.target),
        roles=_roles(found),
        has_second_factor=bool(found and (found[0][0] or found[0][1])),
        app_passwords=_app_passwords_of.rows(row.id),
        last_sign_ins=row.last_sign_ins,
        quota_bytes=quota_bytes(quota, Level.MAILBOX) if isinstance(quota, int) else None,
        quota_in_force=quota_in_force(row.type, row.settings, row.domain.settings),
        stored=(stored_bytes, messages),
        sent=sent,
        sent_limit=limit,
        created_at=row.created_at,
        in_step=row.due_at is None,
    )


def _roles(found: list[Row]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for role, company, domain, workgroup in (row[2:] for row in found if row[2]):
        held.setdefault(role, []).append(f"{domain}/{workgroup}" if workgroup else domain or company)
    return held


@writes(Permission.MAILBOX_CHANGE, Permission.MAILBOX_CREATE)
def _change_or_create(
    actor: Actor,
    origin: Origin,
    address: str,
    attributes: Mapping[str, object],
    password: NewPassword | None,
    create_only: bool,
) -> None:
    found = rows.find_mailbox(address, lock=True)
    if found is None:
        domain = writing.domain_for_new(actor, address)
        group = writing.workgroup_for_new(actor, domain, attributes.get("workgroup"))
        if group is None:
            raise OutOfReach
        wish = NewMailbox(address=address, attributes=attributes, password=password)
        writing.create(actor, origin, domain, group, wish)
        return
    is_alias, row = found
    if not allows(actor, Permission.MAILBOX_CHANGE, row.target):
        raise OutOfReach
    if is_alias:
        raise IsAlias(f"{address} is an alias; the account's name is {row.address}")
    if create_only:
        raise ExistsAlready
    _change(actor, origin, row, attributes, password)


@reads(Permission.MAILBOX_CHANGE, Permission.MAILBOX_CREATE)
def change(
    actor: Actor, origin: Origin, address: str, attributes: Mapping[str, object], *, create_only: bool = False
) -> None:
    """Create the account or change its attributes.

    A plain password is hashed, and a filter checked by the mail servers, before the transaction begins: no lock is held
    for the time that takes.
    """
    if attributes.get("sieve"):
        _check_sieve(actor, address, attributes["sieve"])
    password = prepare(actor, address, attributes.get("password")) if "password" in attributes else None
    _change_or_create(actor, origin, address, attributes, password, create_only)


def _check_sieve(actor: Actor, address: str, text: object) -> None:
    """Raises BadAttribute with what is wrong with a filter. What else is wrong is for others to say."""
    found = rows.find_mailbox(address)
    if found is not None and not allows(actor, Permission.MAILBOX_CHANGE, found[1].target):
        return
    domain = found[1].domain if found else writing.domain_for_new(actor, address)
    if isinstance(text, str) and len(text.encode()) <= LONGEST_SCRIPT:
        problem = live.script_problem(domain.platform_id, address, text)
        if problem:
            raise BadAttribute(hints={"sieve": problem})


def _change(
    actor: Actor,
    origin: Origin,
    row: MailboxRow,
    attributes: Mapping[str, object],
    password: NewPassword | None,
) -> None:
    changes = checks.checked_mailbox(actor, row.target, attributes, {"account": row.address})
    before = checks.told_of(row)
    if "password" in changes:
        checks.check_password_is_theirs_to_set(actor, row)
    old_password = row.password
    old_name = row.settings.get("name")
    writing.apply(actor, row, changes, password)
    if row.settings.get("name") != old_name:
        row.first_name = row.last_name = ""  # the name was said as a whole: that holds
    difference = {**differences(before, checks.told_of(row)), **writing.told_password(old_password, row.password)}
    if not difference:
        return
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "changed", difference)
    rows.save(row)
    _follow_up(row, difference, origin)


def _follow_up(row: MailboxRow, difference: Collection[str], origin: Origin) -> None:
    if "sieve" in difference:
        jobs.enqueue("put_sieve", str(row.id), history.milliseconds(origin))
    if "quota" in difference:
        usage.quota_changed(row.id, quota_in_force(row.type, row.settings, row.domain.settings))


@reads(Permission.MAILBOX_SEE)
def changes(actor: Actor, address: str, first: int, limit: int | None) -> tuple[list[Any], int]:
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    return history.entries("mailbox", row.id, first, limit)


@reads(Permission.MAILBOX_SEE)
def attribute_history(actor: Actor, address: str, attribute: str) -> dict[int, Any]:
    """Time of each change → the value set then. Raises BadAttribute for a name that is no attribute."""
    row = reach.mailbox(actor, address, Permission.MAILBOX_SEE)
    known = catalogue.find(Level.MAILBOX, attribute)
    if known is None:
        raise BadAttribute(hints={"attribute": f"{attribute} is not an attribute of a user"})
    entries, _ = history.entries("mailbox", row.id, 0, None)
    return {e.at: e.changes[known.name][1] for e in entries if known.name in e.changes}
