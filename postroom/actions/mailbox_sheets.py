"""Many mailboxes at once: from a table of text (CSV), looked at first, loaded all or none; and back into one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from django.db.models import Count, Q, QuerySet

from postroom.actions import mailbox_checks as checks
from postroom.actions import mailbox_letters as letters
from postroom.actions import mailbox_writing as writing
from postroom.actions import person_mailboxes as persons
from postroom.actions.action import reads, writes
from postroom.actions.mailbox_writing import Holder
from postroom.actions.person_mailboxes import PersonalData
from postroom.core import mailbox_sheet
from postroom.core.address import parse_domain
from postroom.core.catalogue.attribute import Value
from postroom.core.errors import BadRequest, BadValueError, RoleTooSmall
from postroom.core.languages import Language
from postroom.core.lifecycle import MailboxState
from postroom.core.mailbox_sheet import SheetRow
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.core.sheet_words import said
from postroom.store import bulletins, history, reach, rows
from postroom.store.models import Address, Mailbox
from postroom.store.rows import DomainRow

_PAGE: Final = 1000
_MOST_TOLD: Final = 50
"""Rows whose mistakes an error names; the preview has all of them."""


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and what would become of it: a mailbox unless there are problems."""

    line: int
    address: str
    first_name: str
    last_name: str
    secondary_email: str
    problems: dict[str, str]
    """Column → what is wrong; `__all__`: with the row as a whole."""
    warning: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[RowView]
    good: int
    bad: int
    ignored: list[str]
    """Headers of columns that mean nothing to us."""
    notice: str


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the mail platform has got with the mailboxes of one file."""

    made: int
    """Still there."""
    ready: int
    """On the platform."""
    failing: int
    """Not taken so far; tried again by itself."""
    waiting: int
    """For their domain, which is not enabled."""


@reads(Permission.MAILBOX_CREATE)
def preview(actor: Actor, domain: str, content: bytes | str, language: Language = Language.ENGLISH) -> Preview:
    """Changes nothing. Raises BadRequest with a hint for `file`, DomainDisabled."""
    row = reach.domain_for_person(actor, domain, Permission.MAILBOX_CREATE)
    return _looked_at(row, content, language)


@writes(Permission.MAILBOX_CREATE)
def load(actor: Actor, origin: Origin, domain: str, content: bytes | str) -> list[str]:
    """Make a mailbox of every row, as `person_mailboxes.create` makes one; their addresses.

    All or none. Raises BadRequest with a hint for each line that cannot be taken, and all that `preview` raises.
    """
    row = reach.domain_for_person(actor, domain, Permission.MAILBOX_CREATE, lock=True)
    found = _looked_at(row, content, Language.ENGLISH)
    if found.bad:
        bad = [one for one in found.rows if one.problems]
        raise BadRequest(
            f"{found.bad} rows cannot be taken, so none was",
            hints={f"line {r.line}": _told(r) for r in bad[:_MOST_TOLD]},
        )
    _create(actor, origin, row, found.rows)
    return [one.address for one in found.rows]


def _told(row: RowView) -> str:
    return "; ".join(text if name == "__all__" else f"{name}: {text}" for name, text in row.problems.items())


def _looked_at(domain: DomainRow, content: bytes | str, language: Language) -> Preview:
    """No question is asked for a single row."""
    checks.require_domain_on(domain)
    sheet = mailbox_sheet.parse(content, language)
    views = [_view(domain, row, language) for row in sheet.rows]
    for look in (_twice, _taken, _namesakes, _beyond_the_limit):
        for number, column, code, values in look(domain, views):
            views[number].problems.setdefault(column, said(code, language, **values))
    bad = sum(bool(view.problems) for view in views)
    return Preview(rows=views, good=len(views) - bad, bad=bad, ignored=sheet.ignored, notice=sheet.notice)


def _view(domain: DomainRow, row: SheetRow, language: Language) -> RowView:
    local_part, at, host = row.local_part.rpartition("@")
    typed = PersonalData(
        local_part=local_part if at else host,
        first_name=row.first_name,
        last_name=row.last_name,
        secondary_email=row.secondary_email,
    )
    problems = {"__all__": row.problem} if row.problem else {}
    if at and not _is_of(domain, host):
        problems["local_part"] = said("other_domain", language, host=host, domain=domain.name)
    try:
        data = persons.read(typed)
    except BadRequest as error:
        data, wrong = typed, {column: said(column, language, why=why) for column, why in error.hints.items()}
        problems = {**wrong, **problems}
    address = f"{data.local_part}@{domain.name}"
    told = letters.reaches(data.secondary_email, {address}, domain.name, domain.aliases)
    return RowView(
        line=row.line,
        address=address,
        first_name=data.first_name,
        last_name=data.last_name,
        secondary_email=data.secondary_email,
        problems=problems,
        warning="" if told else said("nobody_told", language),
    )


def _is_of(domain: DomainRow, host: str) -> bool:
    try:
        return parse_domain(host) in (domain.name, *domain.aliases)
    except BadValueError:
        return False


Finding = tuple[int, str, str, Mapping[str, object]]
"""Number of the row, column, what is wrong (core/sheet_words.py) and its values."""


def _twice(domain: DomainRow, views: Sequence[RowView]) -> Iterator[Finding]:
    lines: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for number, view in enumerate(views):
        first = lines.setdefault(view.address, view.line)
        if first != view.line:
            yield number, "local_part", "address_twice", {"line": first}
        first = names.setdefault(_folded(view.first_name, view.last_name), view.line)
        if first != view.line and (view.first_name or view.last_name):
            yield number, "__all__", "names_twice", {"line": first}


def _folded(first: str, last: str) -> tuple[str, str]:
    return first.casefold(), last.casefold()


def _taken(domain: DomainRow, views: Sequence[RowView]) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for at in range(0, len(views), _PAGE):
        some = Address.objects.filter(address__in=[view.address for view in views[at : at + _PAGE]])
        taken.update(some.values_list("address", "mailbox__address"))
    for number, view in enumerate(views):
        owner = taken.get(view.address)
        if owner is not None:
            code = "exists" if owner == view.address else "is_alias"
            yield number, "local_part", code, {"address": view.address, "owner": owner}


def _namesakes(domain: DomainRow, views: Sequence[RowView]) -> Iterator[Finding]:
    named = Mailbox.objects.filter(domain_id=domain.id, deleted_at=None).exclude(first_name="", last_name="")
    known = {_folded(*names): address for *names, address in named.values_list("first_name", "last_name", "address")}
    for number, view in enumerate(views):
        other = known.get(_folded(view.first_name, view.last_name))
        if other is not None and other != view.address:
            yield number, "__all__", "namesake", {"other": other}


def _beyond_the_limit(domain: DomainRow, views: Sequence[RowView]) -> Iterator[Finding]:
    limit = domain.settings.get("limit_users")
    if isinstance(limit, int):
        present = Mailbox.objects.filter(domain_id=domain.id, deleted_at=None).count()
        for number in range(max(0, limit - present), len(views)):
            yield number, "__all__", "limit", {"domain": domain.name, "limit": limit, "present": present}


def _create(actor: Actor, origin: Origin, domain: DomainRow, views: Sequence[RowView]) -> None:
    group = writing.workgroup_for_new(actor, domain, None)
    if group is None:
        raise RoleTooSmall
    now = history.milliseconds(origin)
    language = letters.language_of(actor, domain.settings)
    made = Mailbox.objects.bulk_create(
        writing.unsaved(domain, group, view.address, "mailbox", _holder(view, language), now) for view in views
    )
    Address.objects.bulk_create(
        Address(address=one.address, domain_id=domain.id, mailbox=one, is_alias=False) for one in made
    )
    found = rows.mailboxes_since(domain.id, min(one.pk for one in made))
    for row in found:
        name: Mapping[str, Value] = {"name": persons.whole_name(row.first_name, row.last_name)}
        writing.apply(actor, row, dict(name), None)
        writing.note_creation(actor, origin, row)
    rows.save_new(found)
    bulletins.welcome_all(found, now)


def _holder(view: RowView, language: Language) -> Holder:
    return Holder(
        first_name=view.first_name,
        last_name=view.last_name,
        secondary_email=view.secondary_email,
        language=language,
    )


@reads(Permission.MAILBOXES_SEARCH)
def progress(actor: Actor, domain: str, first: int, made_at: int) -> Progress:
    """Of the mailboxes that one call of `load` made at that time (milliseconds); `first`: the first one's id."""
    row = reach.domain_for_person(actor, domain, Permission.MAILBOXES_SEARCH)
    made = Mailbox.objects.filter(domain_id=row.id, id__gte=first, created_at=made_at, deleted_at=None)
    is_pending, is_failing = Q(status=MailboxState.PENDING), Q(due_at__isnull=False) & ~Q(failure="")
    counted = made.aggregate(
        made=Count("id"),
        ready=Count("id", filter=Q(due_at=None) & ~is_pending),
        failing=Count("id", filter=is_failing & ~is_pending),
        waiting=Count("id", filter=is_pending),
    )
    return Progress(**counted)


@reads(Permission.MAILBOXES_SEARCH)
def export(actor: Actor, domain: str) -> Iterator[str]:
    """The text of a file that `load` understands, piece by piece: every mailbox of the domain that the
    actor may list, by address."""
    row = reach.domain_for_person(actor, domain, Permission.MAILBOXES_SEARCH, in_part=True)
    return mailbox_sheet.written(_cells(reach.accounts(actor, Permission.MAILBOXES_SEARCH, row)))


def _cells(accounts: QuerySet[Mailbox]) -> Iterable[Sequence[str]]:
    living = accounts.filter(deleted_at=None).order_by("address")
    last = ""
    while True:
        page = living.filter(address__gt=last).values_list(
            "address", "first_name", "last_name", "settings__name", "secondary_email"
        )[:_PAGE]
        found = list(page)
        for address, first, second, whole, secondary in found:
            yield (address.rpartition("@")[0], *persons.names_of(first, second, whole), secondary)
        if len(found) < _PAGE:
            return
        last = found[-1][0]
