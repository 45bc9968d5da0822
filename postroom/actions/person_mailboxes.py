"""The mailboxes of a domain, as those who look after it make and see them (people.md sections 2.4, 3.3, 4.2)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from django.db.models import F, Func, QuerySet
from django.db.models.functions import Upper

from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_letters as letters
from postroom.actions import mailbox_writing as writing
from postroom.actions.action import reads, writes
from postroom.actions.mailbox_writing import Holder, NewMailbox
from postroom.actions.settings_change import differences
from postroom.core.address import parse_account_part, parse_address
from postroom.core.catalogue.kinds import Text
from postroom.core.errors import BadRequest, BadValueError, NamesakeExists, NameTaken, RoleTooSmall
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.core.search_text import search_text, words
from postroom.store import history, links, mailbox_texts, reach, rows
from postroom.store.begins import Plain, begins
from postroom.store.mailbox_texts import Wanted
from postroom.store.models import Mailbox
from postroom.store.rows import DomainRow, MailboxRow


class PersonalData(msgspec.Struct, frozen=True, kw_only=True):
    """As somebody typed it."""

    local_part: str
    first_name: str
    last_name: str
    secondary_email: str = ""


class PersonalChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is unset stays; an empty secondary address takes it away."""

    first_name: str | msgspec.UnsetType = msgspec.UNSET
    last_name: str | msgspec.UnsetType = msgspec.UNSET
    secondary_email: str | msgspec.UnsetType = msgspec.UNSET


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    q: str = ""
    """Words that all are part of the name or the address, whatever their case and accents."""
    status: str = ""
    ordering: str = ""
    """A field, with - in front from the end; the newest first where it names none."""


EVERYTHING: Final = Selection()


class Welcome(StrEnum):
    """What became of the e-mail that tells a holder of the new mailbox."""

    NONE = "none"  # the account was not made for a person, or had no address to write to when its time came
    WAITING = "waiting"  # it goes out when the platform has the mailbox
    NO_ADDRESS = "no_address"  # it waits too, but there is no secondary address, or it leads into the mailbox itself
    SENT = "sent"


class MailboxView(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    workgroup_id: int
    address: str
    first_name: str
    last_name: str
    secondary_email: str
    type: str
    """mailbox, forward or filter."""
    status: str
    """pending, enabled, disabled or failed."""
    failure: str
    """What its platform said last, where it did not take what is wanted: it is asked again within the hour."""
    in_step: bool
    """Whether the platform has everything that is wanted."""
    welcome: Welcome
    welcomed_at: int | None
    last_sign_ins: dict[str, int]
    """Service → time."""
    has_password: bool
    created_at: int

    @property
    def local_part(self) -> str:
        return self.address.rpartition("@")[0]


# Each is answered by an index, however many there are and whatever page is asked for.
_ORDERS: Final[Mapping[str, tuple[str | Upper, ...]]] = {
    "id": ("id",),
    "first_name": ("search_text",),  # begins with the name and ends with the address: never twice the same
    "last_name": (Upper("last_name"), Upper("first_name"), "id"),
    "local_part": ("address",),
    "secondary_email": ("secondary_email", "id"),
    "status": ("status", "id"),
    "created_at": ("id",),
}
_FIELDS: Final = (
    "id", "workgroup_id", "address", "aliases", "first_name", "last_name", "secondary_email", "type", "status",
    "failure", "due_at", "welcome", "welcomed_at", "last_sign_ins", "password", "created_at", "settings__name",
)  # fmt: skip
_NAME: Final = Text(200)


@writes(Permission.MAILBOX_CREATE)
def create(actor: Actor, origin: Origin, domain_name: str, data: PersonalData) -> MailboxView:
    """Without a password: the holder chooses it by the link in the e-mail that goes to the secondary address once the
    platform has the mailbox. Where the domain is not enabled, that comes when it is.

    Raises DomainDisabled, BadRequest with a hint for each field, NameTaken, NamesakeExists, UserLimitReached.
    """
    domain = reach.domain_for_person(actor, domain_name, Permission.MAILBOX_CREATE, lock=True, in_part=True)
    checks.require_domain_on(domain)
    group = writing.workgroup_for_new(actor, domain, None)
    if group is None:
        raise RoleTooSmall
    data = read(data)
    address = f"{data.local_part}@{domain.name}"
    if rows.find_mailbox(address):
        raise NameTaken(hints={"__all__": "Mailbox with this Local_part and Domain already exists."})
    _refuse_namesake(domain, data.first_name, data.last_name)
    holder = Holder(
        first_name=data.first_name,
        last_name=data.last_name,
        secondary_email=data.secondary_email,
        language=letters.language_of(actor, domain.settings),
    )
    attributes = {"name": whole_name(data.first_name, data.last_name)}
    wish = NewMailbox(address=address, attributes=attributes, holder=holder)
    return _one(domain, writing.create(actor, origin, domain, group, wish).id)


def read(data: PersonalData) -> PersonalData:
    """In canonical form. Raises BadRequest with a hint for each mistake."""
    values, hints = {}, {}
    for field, reader in _READERS.items():
        try:
            values[field] = reader(getattr(data, field))
        except BadValueError as error:
            hints[field] = str(error)
    if hints:
        raise BadRequest(hints=hints)
    return PersonalData(**values)


def _name(written: str) -> str:
    name = _NAME.parse(written)
    if not isinstance(name, str) or not name.strip():
        raise BadValueError("This field may not be blank.")
    return " ".join(name.split())


def _secondary(written: str) -> str:
    try:
        return str(parse_address(written)) if written.strip() else ""
    except BadValueError:
        raise BadValueError("Enter a valid email address.") from None


_READERS: Final = {
    "local_part": parse_account_part,
    "first_name": _name,
    "last_name": _name,
    "secondary_email": _secondary,
}


def whole_name(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def _is_same(names: tuple[str, str], others: tuple[str, str]) -> bool:
    return [name.casefold() for name in names] == [name.casefold() for name in others]


def _refuse_namesake(domain: DomainRow, first: str, last: str, but: int = 0) -> None:
    """Display names must be unique on some platforms (people.md section 2.4). The caller holds the domain's lock.

    Compared here: of letters with accents not every database knows the capitals.
    """
    alike = begins(Plain("search_text"), search_text(whole_name(first, last), ""))
    named = Mailbox.objects.filter(alike, domain_id=domain.id, deleted_at=None).exclude(id=but)
    if any(_is_same(names, (first, last)) for names in named.values_list("first_name", "last_name")):
        raise NamesakeExists(hints={"__all__": "Mailbox with this First name, Last name and Domain already exists."})


@writes(Permission.MAILBOX_CHANGE)
def update(actor: Actor, origin: Origin, address: str, change: PersonalChange) -> MailboxView:
    """The platform is told of a new name.

    Raises DomainDisabled, BadRequest with a hint for each field, NamesakeExists, and NotSettable for the secondary
    address of somebody who may do more than the asker: who has that can let themselves in.
    """
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_CHANGE, lock=True)
    checks.require_domain_on(row.domain)
    before = checks.told_of(row)
    _take(actor, row, change)
    difference = differences(before, checks.told_of(row))
    if difference:
        if difference.keys() & {"name", "first_name", "last_name"}:
            row.changed(history.milliseconds(origin))
        history.note(row, actor.name, origin, "changed", difference)
        rows.save(row)
    return _one(row.domain, row.id)


def _take(actor: Actor, row: MailboxRow, change: PersonalChange) -> None:
    first, last = names_of(row.first_name, row.last_name, row.settings.get("name"))
    wanted = PersonalData(
        local_part=row.address.rpartition("@")[0],
        first_name=first if change.first_name is msgspec.UNSET else change.first_name,
        last_name=last if change.last_name is msgspec.UNSET else change.last_name,
        secondary_email=row.secondary_email if change.secondary_email is msgspec.UNSET else change.secondary_email,
    )
    renamed = change.first_name is not msgspec.UNSET or change.last_name is not msgspec.UNSET
    data = read(wanted) if renamed else msgspec.structs.replace(wanted, secondary_email=_read_secondary(wanted))
    if renamed and (data.first_name, data.last_name) != (row.first_name, row.last_name):
        row.domain = rows.domain_by_id(row.domain_id, lock=True) or row.domain
        _refuse_namesake(row.domain, data.first_name, data.last_name, but=row.id)
        row.first_name, row.last_name = data.first_name, data.last_name
        row.settings = {**row.settings, "name": whole_name(data.first_name, data.last_name)}
    if data.secondary_email != row.secondary_email:
        checks.check_password_is_theirs_to_set(actor, row)
        row.secondary_email = data.secondary_email
        links.end(row.id)  # those who got them may be strangers: the address was mistyped


def _read_secondary(data: PersonalData) -> str:
    try:
        return _secondary(data.secondary_email)
    except BadValueError as error:
        raise BadRequest(hints={"secondary_email": str(error)}) from None


@reads(Permission.MAILBOX_SEE)
def show(actor: Actor, address: str) -> MailboxView:
    row = reach.mailbox_for_person(actor, address, Permission.MAILBOX_SEE)
    return _one(row.domain, row.id)


@reads(Permission.MAILBOXES_SEARCH)
def listed(
    actor: Actor, domain_name: str, wanted: Selection = EVERYTHING, *, first: int = 0, limit: int = 20
) -> tuple[list[MailboxView], int]:
    """A page, and how many there are in all."""
    domain = reach.domain_for_person(actor, domain_name, Permission.MAILBOXES_SEARCH, in_part=True)
    living = reach.accounts(actor, Permission.MAILBOXES_SEARCH, domain).filter(deleted_at=None)
    order = _order(wanted.ordering)
    asked = Wanted(words=words(wanted.q), status=wanted.status, order=order, first=first, limit=limit)
    found, total = mailbox_texts.page(living, asked)
    return list(_views(domain, found)), total


def _order(ordering: str) -> list[tuple[F | Func, bool]]:
    fields = _ORDERS.get(ordering.removeprefix("-"))
    if fields is None:
        ordering, fields = "-", ("id",)
    return [(F(field) if isinstance(field, str) else field, ordering.startswith("-")) for field in fields]


def _one(domain: DomainRow, id: int) -> MailboxView:
    return next(_views(domain, Mailbox.objects.filter(id=id)))


def _views(domain: DomainRow, found: QuerySet[Mailbox]) -> Iterator[MailboxView]:
    for values in found.values(*_FIELDS):
        yield _view(domain, values)


def _view(domain: DomainRow, values: Mapping[str, Any]) -> MailboxView:
    first, last = names_of(values["first_name"], values["last_name"], values["settings__name"])
    own = {values["address"], *values["aliases"]}
    return MailboxView(
        id=values["id"],
        workgroup_id=values["workgroup_id"],
        address=values["address"],
        first_name=first,
        last_name=last,
        secondary_email=values["secondary_email"],
        type=values["type"],
        status=values["status"],
        failure=values["failure"] if values["due_at"] is not None else "",
        in_step=values["due_at"] is None,
        welcome=_welcome(values, letters.reaches(values["secondary_email"], own, domain.name, domain.aliases)),
        welcomed_at=values["welcomed_at"],
        last_sign_ins=values["last_sign_ins"],
        has_password=bool(values["password"]),
        created_at=values["created_at"],
    )


def _welcome(values: Mapping[str, Any], has_address: bool) -> Welcome:
    if values["welcomed_at"] is not None:
        return Welcome.SENT
    if not values["welcome"]:
        return Welcome.NONE
    return Welcome.WAITING if has_address else Welcome.NO_ADDRESS


def names_of(first: str, last: str, whole: object) -> tuple[str, str]:
    """First and last name of an account: as its holder's were told, else the whole name parted at its last blank."""
    if first or last:
        return first, last
    before, _, after = str(whole or "").strip().rpartition(" ")
    return before.strip(), after
