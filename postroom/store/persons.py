"""What a person may do today, read in two statements, however much it is."""

from collections.abc import Iterable

import msgspec
from django.db.models import Exists, F, OuterRef, QuerySet

from postroom.core.lifecycle import MailboxState
from postroom.core.roles import OPERATOR, Actor, Grant, Role
from postroom.store.models import Address, Mailbox, Passkey, Person, PersonEmail
from postroom.store.sql import Compiled, Marks, Row, json_value
from postroom.store.working_copies import domain_serves, password_id


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    actor: Actor
    sessions_from: int
    """Milliseconds: sessions begun before are over."""
    mailbox_password: str
    """Of the mailbox whose holder it is (`MailboxRow.password_id`); empty where that may not sign in."""
    name: str
    language: str
    timezone: str
    mailbox: str
    """The address of the mailbox whose holder it is; empty where that may not sign in."""


_PERSON_FIELDS = (
    "email", "is_active", "is_operator", "sessions_from", "mailbox_id", "sub", "password", "totp", "has_passkey",
    "name", "language", "timezone",
)  # fmt: skip
_ACCESS_FIELDS = ("accesses__role", "accesses__domain__company_id", "accesses__domain_id")
_MAILBOX_FIELDS = (
    "id", "status", "workgroup_id", "domain_id", "domain__company_id", "domain__status", "domain__proved_at",
    "domain__settings", "password", "old_passwords", "settings", "admin_roles__role", "admin_roles__company_id",
    "admin_roles__domain_id", "admin_roles__workgroup_id", "address",
)  # fmt: skip


def _mailboxes_of(p: type[Marks]) -> QuerySet[Mailbox, Row]:
    """Those whose address the person has verified since they were made (an address may have had another holder
    before), and the one whose holder it is."""
    emails = PersonEmail.objects.filter(person_id=p.number(0))
    since = emails.filter(email=OuterRef("address"), verified_at__gte=OuterRef("mailbox__created_at"))
    verified = Address.objects.filter(Exists(since), address__in=emails.values("email"), is_alias=False)
    held = Person.objects.filter(id=p.number(0), mailbox_id__isnull=False)
    ids = verified.values("mailbox_id").union(held.values("mailbox_id"))
    return Mailbox.objects.filter(id__in=ids, deleted_at=None).values_list(*_MAILBOX_FIELDS)


_has_passkey = Exists(Passkey.objects.filter(person_id=OuterRef("id")))
_person = Compiled(
    lambda p: (
        Person.objects.filter(id=p.number(0))
        .annotate(has_passkey=_has_passkey)
        .values_list(*_PERSON_FIELDS, *_ACCESS_FIELDS)
    )
)
_mailboxes = Compiled(_mailboxes_of)


def standing(id: int) -> Standing | None:
    """None for nobody, for somebody who has been disabled, and for a mailbox's holder who is nothing but that while
    the mailbox cannot be signed in to."""
    found = _person.rows(id)
    if not found or not found[0][1]:
        return None
    email, _, is_operator, sessions_from, held, sub, password, totp, has_passkey = found[0][:9]
    name, language, timezone = found[0][9:12]
    grants = [Grant(Role(role), company, domain) for *_, role, company, domain in found if role]
    own = [row for row in _mailboxes.rows(id) if row[1] == MailboxState.ENABLED and _domain_serves(row)]
    grants += {row[0]: _as_holder(row) for row in own}.values()
    grants += _roles_of((row for row in own if row[0] == held), bool(totp or has_passkey))
    mailbox = next((row for row in own if row[0] == held), None)
    if held and not (mailbox or sub or password):
        return None
    actor = Actor(
        name=email,
        person_id=id,
        mailbox_id=held if mailbox else None,
        company_id=mailbox[4] if mailbox else None,
        domain_id=mailbox[3] if mailbox else None,
        grants=(*OPERATOR.grants, *grants) if is_operator else tuple(grants),
    )
    secret = password_id(mailbox[8], json_value(mailbox[9])) if mailbox else ""
    return Standing(
        actor=actor,
        sessions_from=sessions_from,
        mailbox_password=secret,
        name=name,
        language=language,
        timezone=timezone,
        mailbox=mailbox[15] if mailbox else "",
    )


def _domain_serves(row: Row) -> bool:
    return domain_serves(row[5], row[6], json_value(row[7]))


def _as_holder(row: Row) -> Grant:
    return Grant(Role.SELF, row[4], row[3], row[2], row[0])


def _roles_of(held: Iterable[Row], has_second_factor: bool) -> list[Grant]:
    """What OMA's administrators gave to the mailbox; where they ask for a second factor, only with one."""
    return [
        Grant(Role(row[11]), *row[12:15])
        for row in held
        if row[11] and (has_second_factor or not json_value(row[10]).get("2fa_required_oma"))
    ]


def owner_of(email: str) -> Person | None:
    """Who has shown that the address is theirs, locked.

    A holder whose mailbox was deleted, or is called otherwise now, has lost the address with it.
    """
    found = PersonEmail.objects.select_related("person").filter(email=email)
    known = found.select_for_update(of=("self",)).annotate(
        held=F("person__mailbox__address"), gone=F("person__mailbox__deleted_at")
    )
    row = known.first()
    if row is None:
        return None
    lost = row.person.mailbox_id is not None and (row.gone is not None or row.held != email)
    if not lost:
        return Person.objects.select_for_update().get(id=row.person_id)
    row.delete()
    if row.person.email == email:
        Person.objects.filter(id=row.person_id).update(email=f"person-{row.person_id}@former.invalid")
    return None


def keep_email(person: Person, email: str, now: int) -> None:
    """The person has shown again that the address is theirs. What is somebody else's stays theirs."""
    mine = PersonEmail.objects.filter(email=email, person=person)
    if not mine.update(verified_at=now) and owner_of(email) is None:
        PersonEmail.objects.create(person=person, email=email, verified_at=now)


def locked(id: int) -> Person | None:
    """To change it: no other request does meanwhile."""
    return Person.objects.select_for_update().filter(id=id).first()


def find(email: str) -> Person | None:
    return Person.objects.filter(emails__email=email).first()
