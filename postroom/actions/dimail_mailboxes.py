"""Mailboxes as dimail makes and changes them (specs/dimail.md 3.4, 4.5, 4.6): the password is made up here and told
once, and a display name is there once in a directory."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from django.conf import settings as configuration
from django.db.models import Value
from django.db.models.functions import Upper

from postroom.actions import live, made_secrets, mailbox_removal, mailbox_states
from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import NewPassword, made_up
from postroom.actions.person_mailboxes import names_of
from postroom.actions.settings_change import differences
from postroom.core.address import fold, parse_account_part
from postroom.core.catalogue.kinds import Text
from postroom.core.errors import (
    BadRequest,
    BadValueError,
    DomainNotFound,
    ExistsAlready,
    FeatureMissing,
    NamesakeExists,
    NotFound,
    OutOfReach,
    WrongState,
)
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission, allows
from postroom.store import bulletins, history, links, name_clashes, new_mailboxes, rows
from postroom.store.models import Context, Mailbox, Token, Workgroup
from postroom.store.rows import DomainRow, MailboxRow
from postroom.store.sql import Compiled, is_sqlite

MAILBOX: Final = "mailbox"
WEBMAIL: Final = "webmail"

_NAME: Final = Text(200)
_IMAP: Final = ("service_imap4", "service_pop3", "service_webmail")
_SMTP: Final = ("service_smtprelay", "service_smtprelay_webmail")

_lock_context = Compiled(lambda p: Context.objects.filter(id=p.number(0)).select_for_update().values_list("id"))
_namesakes = Compiled(
    lambda p: (
        Mailbox.objects.alias(first=Upper("first_name"), last=Upper("last_name"))
        .filter(
            domain__context_id=p.number(0), deleted_at=None, last=Upper(Value(p.text(1))), first=Upper(Value(p.text(2)))
        )
        .order_by("id")
        .values_list("id", "address")
    )
)  # fmt: skip


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that somebody may look after, and what dimail has it for."""

    id: int
    company_id: int
    name: str
    features: tuple[str, ...]

    def require(self, feature: str) -> None:
        """Raises FeatureMissing."""
        if feature not in self.features:
            raise FeatureMissing(f"Feature '{feature}' not available on the domain")


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """As they were typed; None: not said."""

    given: str | None = None
    sur: str | None = None
    display: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """None: it stays as it is."""

    names: Names = Names()
    active: bool | None = None
    imap: bool | None = None
    """Reading mail, in whatever way."""
    smtp: bool | None = None
    """Sending mail."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox, and the password that opens it: this is the only time that it is told."""

    address: str
    password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"Opened({self.address!r})"


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """With which the holder of a mailbox gets in, a few times for a while."""

    address: str
    code: str
    seconds: int
    uses: int
    expires_at: int
    """In milliseconds."""

    def __repr__(self) -> str:
        """Without the code."""
        return f"Code({self.address!r})"


class _Namesake(msgspec.Struct, frozen=True):
    address: str


@reads(Permission.MAILBOX_CREATE)
def create(actor: Actor, origin: Origin, place: Place, local_part: str, names: Names) -> Opened:
    """In a domain without webmail a mailbox has no names.

    Raises FeatureMissing, DomainDisabled, BadRequest, ExistsAlready, UserLimitReached, and NamesakeExists: then
    `dimail_views.address` tells for a while who that is.
    """
    place.require(MAILBOX)
    try:
        name = parse_account_part(local_part)
    except BadValueError as error:
        raise BadRequest(hints={"user_name": str(error)}) from None
    named = _read(names if WEBMAIL in place.features else Names())
    password = made_secrets.password()
    made = _create(actor, origin, place, name, named, made_up(password))
    if isinstance(made, _Namesake):
        raise NamesakeExists(f"Display name already in use in this context: {made.address}")
    return Opened(address=made, password=password)


class _Named(msgspec.Struct, frozen=True):
    """In canonical form."""

    first: str
    last: str
    shown: str


def _read(names: Names) -> _Named:
    """The display name is made of the two others; it counts by itself where they are empty. Raises BadRequest."""
    values, hints = {}, {}
    for field, typed in (("givenName", names.given), ("surName", names.sur), ("displayName", names.display)):
        try:
            found = _NAME.parse(typed)
            values[field] = " ".join(found.split()) if isinstance(found, str) else ""
        except BadValueError as error:
            hints[field] = str(error)
    if hints:
        raise BadRequest(hints=hints)
    first, last, display = values.values()
    return _Named(first, last, f"{first} {last}".strip() or display)


@writes(Permission.MAILBOX_CREATE)
def _create(
    actor: Actor, origin: Origin, place: Place, local_part: str, named: _Named, password: NewPassword
) -> str | _Namesake:
    domain = new_mailboxes.locked_domain(place.id)
    if domain is None or domain.deleted_at is not None:
        raise DomainNotFound
    if not allows(actor, Permission.MAILBOX_CREATE, domain.target):
        raise OutOfReach
    checks.require_domain_on(domain)
    _require_passwords_of_ours(domain)
    address, now = f"{local_part}@{domain.name}", history.milliseconds(origin)
    around = new_mailboxes.surroundings(domain, address, named.first, named.last)
    if around.taken:
        raise ExistsAlready(f"Mailbox {address} already exists")
    if around.namesake is not None:
        name_clashes.keep(domain.id, local_part, around.namesake[0], now)
        return _Namesake(around.namesake[1])
    writing.check_user_limit(domain)
    made = writing.unsaved(domain, _workgroup(domain, around.groups), address, "mailbox", None, now)
    _dress(made, around.id, named, password)
    row = new_mailboxes.working_copy(made, domain, made.workgroup.name)
    new_mailboxes.insert_whole(made, row, writing.creation_entry(actor, origin, row))
    rows.show_new([row])
    if around.has_bulletins:
        bulletins.welcome(row, now)
    return address


def _dress(made: Mailbox, id: int, named: _Named, password: NewPassword) -> None:
    made.id = id
    made.first_name, made.last_name = named.first, named.last
    if named.shown:
        made.settings = {**made.settings, "name": named.shown}
    made.password, made.old_passwords = password.hash, [password.hash]


def _workgroup(domain: DomainRow, groups: Sequence[tuple[int, str]]) -> Workgroup:
    """The one that new accounts of the domain go to."""
    if not groups:
        raise WrongState(f"{domain.name} has no workgroup")
    default = domain.settings.get("workgroup")
    id, name = next((group for group in groups if group[1] == default), groups[0])
    return Workgroup(id=id, name=name)


def _require_passwords_of_ours(domain: DomainRow) -> None:
    if live.makes_passwords(domain.platform_id):
        raise WrongState(f"the mail platform of {domain.name} makes passwords and codes itself; ask it for them")


def _namesake(context_id: int, named: _Named, but: int = 0) -> tuple[int, str] | None:
    """Id and address of whoever has the name in that directory. Nobody else takes it until our transaction ends."""
    if not named.first and not named.last:
        return None
    if not is_sqlite():
        _lock_context.row(context_id)
    found = _namesakes.rows(context_id, named.last, named.first)
    return next(((id, address) for id, address in found if id != but), None)


def mailbox_row(actor: Actor, place: Place, local_part: str, permission: Permission, *, lock: bool) -> MailboxRow:
    """Raises NotFound, OutOfReach."""
    found = rows.find_mailbox(f"{fold(local_part)}@{place.name}", lock=lock)
    if found is None or found[0] or found[1].domain_id != place.id:
        raise NotFound
    if not allows(actor, permission, found[1].target):
        raise OutOfReach
    return found[1]


@writes(Permission.MAILBOX_CHANGE, Permission.MAILBOX_SWITCH)
def change(actor: Actor, origin: Origin, place: Place, local_part: str, change: Change) -> None:
    """Done again it changes nothing. Raises FeatureMissing, NotFound, BadRequest, NamesakeExists, NotSettable, and
    DomainDisabled where something is to be switched on."""
    place.require(MAILBOX)
    row = mailbox_row(actor, place, local_part, Permission.MAILBOX_CHANGE, lock=True)
    before = checks.told_of(row)
    _take_names(row, place, change.names)
    wanted = {**_wanted(row, _IMAP, change.imap), **_wanted(row, _SMTP, change.smtp)}
    if wanted:
        writing.apply(actor, row, checks.checked_mailbox(actor, row.target, wanted, {"account": row.address}), None)
    difference = differences(before, checks.told_of(row))
    if difference:
        row.changed(history.milliseconds(origin))
        history.note(row, actor.name, origin, "changed", difference)
        rows.save(row)
    if change.active is not None:
        _switch(actor, origin, row, on=change.active)


def _take_names(row: MailboxRow, place: Place, names: Names) -> None:
    if WEBMAIL not in place.features or names == Names():
        return
    shown = str(row.settings.get("name") or "")
    first, last = row.first_name, row.last_name
    if names.given is not None or names.sur is not None:
        first, last = names_of(first, last, shown)
    named = _read(
        Names(
            given=first if names.given is None else names.given,
            sur=last if names.sur is None else names.sur,
            display=shown if names.display is None else names.display,
        )
    )
    if (named.first, named.last, named.shown) == (row.first_name, row.last_name, shown):
        return
    checks.require_domain_on(row.domain)
    row.domain = rows.domain_by_id(row.domain_id, lock=True) or row.domain
    namesake = _namesake(row.domain.context_id, named, but=row.id)
    if namesake is not None:
        raise NamesakeExists(f"Display name already in use in this context: {namesake[1]}")
    row.first_name, row.last_name = named.first, named.last
    row.settings = {**row.settings, "name": named.shown}


def _wanted(row: MailboxRow, services: tuple[str, ...], on: bool | None) -> Mapping[str, object]:
    """Services that are to be changed: what somebody has suspended stays so where it was to be off anyway."""
    if on is None:
        return {}
    off = [name for name in services if row.settings.get(name, "enabled") != "enabled"]
    return dict.fromkeys(off, "enabled") if on else dict.fromkeys([n for n in services if n not in off], "disabled")


def _switch(actor: Actor, origin: Origin, row: MailboxRow, *, on: bool) -> None:
    if not allows(actor, Permission.MAILBOX_SWITCH, row.target):
        raise OutOfReach
    if not on:
        mailbox_states.switch_off(actor, origin, row)
    elif row.status == MailboxState.FAILED:
        mailbox_states.try_again(actor, origin, row)
    elif row.status == MailboxState.DISABLED:
        mailbox_states.switch_on(actor, origin, row)


@writes(Permission.MAILBOX_DELETE)
def delete(actor: Actor, origin: Origin, place: Place, local_part: str) -> None:
    """Restorable for a while, by the operator. Raises FeatureMissing, NotFound."""
    place.require(MAILBOX)
    row = mailbox_row(actor, place, local_part, Permission.MAILBOX_DELETE, lock=True)
    mailbox_removal.remove(actor, origin, row)


@reads(Permission.MAILBOX_LINK)
def reset_password(actor: Actor, origin: Origin, place: Place, local_part: str) -> Opened:
    """The old password, its sessions and all links end. A platform that makes passwords itself is asked for one.

    Raises FeatureMissing, NotFound, NotSettable where the holder of the mailbox may do more than the asker, and
    NotOnPlatform, PlatformAway, PlatformRefused.
    """
    place.require(MAILBOX)
    row = mailbox_row(actor, place, local_part, Permission.MAILBOX_LINK, lock=False)
    checks.check_password_is_theirs_to_set(actor, row)
    way = live.way_in(row.domain.platform_id, row.address, password=True)
    password = made_secrets.password() if way is None else way.password
    stored = made_up(password) if way is None else NewPassword()
    return Opened(address=_reset(actor, origin, place, local_part, stored), password=password)


@writes(Permission.MAILBOX_LINK)
def _reset(actor: Actor, origin: Origin, place: Place, local_part: str, password: NewPassword) -> str:
    """An empty hash: the mail platform alone knows the new one."""
    row = mailbox_row(actor, place, local_part, Permission.MAILBOX_LINK, lock=True)
    checks.check_password_is_theirs_to_set(actor, row)
    links.end(row.id)
    if password.hash:
        writing.set_password(row, password)
    else:
        row.password = ""
        Token.objects.filter(mailbox_id=row.id).delete()
    row.changed(history.milliseconds(origin))
    history.note(row, actor.name, origin, "password reset", {"password": ["(secret)", "(secret)"]})
    rows.save(row)
    return row.address


@writes(Permission.MAILBOX_LINK)
def make_code(
    actor: Actor, origin: Origin, place: Place, local_part: str, seconds: int | None, uses: int | None
) -> Code:
    """A one-time link without the letter. As long as the settings say where nothing is said.

    Raises FeatureMissing, NotFound, DomainDisabled, WrongState for a mailbox that nobody can sign in to, NotSettable.
    """
    place.require(MAILBOX)
    row = mailbox_row(actor, place, local_part, Permission.MAILBOX_LINK, lock=True)
    checks.require_domain_on(row.domain)
    _require_passwords_of_ours(row.domain)
    if row.status != MailboxState.ENABLED:
        raise WrongState(f"{row.address} is {row.status}: nobody could sign in")
    checks.check_password_is_theirs_to_set(actor, row)
    seconds, uses = seconds or configuration.LINK_SECONDS, uses or configuration.LINK_USES
    now, code = history.milliseconds(origin), made_secrets.code()
    links.keep(row, code, actor.name, now, seconds=seconds, uses=uses)
    history.note(row, actor.name, origin, "login code made", {"uses": [None, uses], "seconds": [None, seconds]})
    rows.save(row)
    return Code(address=row.address, code=code, seconds=seconds, uses=uses, expires_at=now + seconds * 1000)
