"""Somebody signs in to the web: with a password, the identity provider, or an invitation's link.

A mailbox's holder signs in with the mailbox's address and password. Whoever signs in otherwise is not opened by the
password of a mailbox of the same address: its administrators can set that, and must not get in elsewhere with it.
"""

import msgspec

from postroom.actions import invitations, persons, second_factors, signin
from postroom.actions.action import reads, writes
from postroom.actions.new_passwords import of_person
from postroom.core import inheritance
from postroom.core.address import fold
from postroom.core.catalogue.attribute import Value
from postroom.core.errors import AccountDisabled, BadCredentials, BadRequest, WrongState
from postroom.core.identity import Identity
from postroom.core.languages import best
from postroom.core.lifecycle import MailboxState
from postroom.core.records import Origin
from postroom.store import history, rows
from postroom.store import persons as kept
from postroom.store.models import Passkey, Person, PersonEmail
from postroom.store.rows import MailboxRow


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """The first step is done. With nothing in `still` that was all; call `finish` then."""

    person_id: int
    method: str
    """pwd, oidc, passkey or invitation."""
    proof: str = ""
    """Where a mailbox's password opened: which one (`MailboxRow.password_id`); the session ends with it."""
    still: tuple[str, ...] = ()
    """One of these has to be shown as well: totp, passkey, recovery_code."""


class Known(msgspec.Struct, frozen=True):
    """Who an address may be."""

    person: Person | None
    mailbox: MailboxRow | None

    @property
    def holds(self) -> bool:
        """Whether the mailbox's password counts: it is the holder's, or nobody has signed in with the address yet."""
        return self.mailbox is not None and (self.person is None or self.person.mailbox_id == self.mailbox.id)

    @property
    def account(self) -> str | None:
        """Whose password counts, by one name."""
        if self.mailbox and self.holds:
            return self.mailbox.address
        return self.person.email if self.person else None


@reads()
def by_password(origin: Origin, email: str, password: str) -> Passed:
    """Raises BadCredentials, TooManyAttempts, AccountDisabled, Overloaded."""
    address, now = fold(email), origin.at.timestamp()
    known = _known(address)
    tries = signin.Tries(known.account or address, origin.network_address, address)
    signin.check_attempts(tries, now)
    opened = _opens(known, password)
    if not opened:
        signin.note_failure(tries, now)
        raise BadCredentials
    signin.forget_failures(tries)
    if known.holds:
        return _as_holder(origin, known.mailbox)
    assert known.person is not None
    return _passed(known.person, "pwd")


@reads()
def holder_by_password(origin: Origin, address: str, password: str) -> Passed:
    """As above, for mailboxes alone. Raises the same."""
    passed = by_password(origin, address, password)
    if not passed.proof:
        raise BadCredentials
    return passed


def by_code(origin: Origin, passed: Passed, code: str) -> str:
    """The second step, with an authenticator's or a recovery code: otp or recovery. Raises BadCredentials,
    TooManyAttempts."""
    return second_factors.check_code(origin, passed.person_id, code)


def _known(address: str) -> Known:
    person = kept.find(address)
    found = rows.find_mailbox(address)
    mailbox = found[1] if found else None
    if person and person.mailbox_id is not None and (mailbox is None or person.mailbox_id != mailbox.id):
        person = None  # held a mailbox that was called so before
    if mailbox and person is None:
        person = Person.objects.filter(mailbox_id=mailbox.id).first()
    return Known(person, mailbox)


def _opens(known: Known, password: str) -> bool:
    """One hash of each kind is worked out whoever it is: the time does not tell which accounts exist."""
    own = known.person.password if known.person and not known.holds else ""
    box = known.mailbox.password if known.mailbox and known.holds else ""
    right = signin.checked(known.person.pk if known.person else 0, own, password, "ARGON2ID")
    return signin.checked(known.mailbox.id if known.mailbox else 0, box, password) or right


def _as_holder(origin: Origin, mailbox: MailboxRow | None) -> Passed:
    assert mailbox is not None
    if mailbox.type != "mailbox" or mailbox.status != MailboxState.ENABLED or not mailbox.domain.serves:
        raise AccountDisabled("this mailbox cannot be signed in to now; ask who manages its domain")
    return _passed(_holder(origin, mailbox), "pwd", mailbox.password_id)


@writes()
def _holder(origin: Origin, mailbox: MailboxRow) -> Person:
    """The person of a mailbox, made when it is needed first, and called as the mailbox is called now."""
    now = history.milliseconds(origin)
    person = Person.objects.select_for_update().filter(mailbox_id=mailbox.id).first()
    owner = kept.owner_of(mailbox.address)
    if person is None:
        if owner is not None:
            raise BadCredentials  # somebody has just taken the address
        values = {"mailbox_id": mailbox.id, "name": _name_of(mailbox), "language": _language_of(mailbox)}
        person = persons.create(mailbox.address, now, **values)
        persons.update(person, mailbox.address, origin, {}, {"mailbox": [None, mailbox.address]}, "created")
    elif owner is None:
        PersonEmail.objects.filter(person=person, email=person.email).delete()
        told = {"email": [person.email, mailbox.address]}
        persons.update(person, mailbox.address, origin, {"email": mailbox.address}, told)
    kept.keep_email(person, mailbox.address, now)
    return person


def _name_of(mailbox: MailboxRow) -> str:
    own = f"{mailbox.first_name} {mailbox.last_name}".strip()
    return (own or str(mailbox.settings.get("name") or ""))[: persons.LONGEST_NAME]


def _language_of(mailbox: MailboxRow) -> str:
    chain: tuple[dict[str, Value], ...] = (mailbox.settings, mailbox.domain.settings, mailbox.domain.company.settings)
    return best(str(inheritance.value("language", *chain)))


def _passed(person: Person, method: str, proof: str = "") -> Passed:
    """Raises AccountDisabled."""
    if not person.is_active:
        raise AccountDisabled
    return Passed(person_id=person.pk, method=method, proof=proof, still=factors_of(person))


def factors_of(person: Person) -> tuple[str, ...]:
    own = ["totp"] if person.totp else []
    own += ["passkey"] if Passkey.objects.filter(person=person).exists() else []
    return (*own, "recovery_code") if own else ()


@writes()
def by_identity(origin: Origin, identity: Identity) -> Passed:
    """As the identity provider tells: known by its key, else by a verified address, else new.

    Raises BadCredentials for an address that belongs to another of its accounts, and for a new person without a
    verified address; AccountDisabled.
    """
    now = history.milliseconds(origin)
    email = fold(identity.email)
    person = Person.objects.select_for_update().filter(sub=identity.sub).first()
    if person is None:
        if not email:
            raise BadCredentials("the identity provider has not told a verified e-mail address")
        person = kept.owner_of(email)
        person = _linked(origin, person, identity) if person else _from_identity(origin, email, identity)
    if email and person.is_active:
        kept.keep_email(person, email, now)
    return _passed(person, "oidc")


def _linked(origin: Origin, person: Person, identity: Identity) -> Person:
    if person.sub == identity.sub:
        return person  # another request of theirs has just made it
    if person.sub is not None:
        raise BadCredentials("this e-mail address belongs to another account of the identity provider")
    persons.update(person, person.email, origin, {"sub": identity.sub}, {"provider": [False, True]})
    return person


def _from_identity(origin: Origin, email: str, identity: Identity) -> Person:
    name = identity.name if identity.name.isprintable() else ""
    person = persons.create(
        email,
        history.milliseconds(origin),
        sub=identity.sub,
        name=name[: persons.LONGEST_NAME],
        language=best(identity.language),
    )
    persons.update(person, email, origin, {}, {"provider": [None, True]}, "created")
    return person


@reads()
def sign_up(origin: Origin, token: str, name: str, password: str) -> Passed:
    """With an invitation's link, which shows that the address is theirs. Raises NotFound, BadRequest, BadAttribute, and
    WrongState for an address that signs in already."""
    offer = invitations.offer(token, origin.at)
    email = fold(offer.email)
    if rows.find_mailbox(email) is not None:
        raise WrongState(f"{email} is a mailbox here: sign in with its address and password")
    if kept.find(email) is not None:
        raise WrongState(f"{email} is known already: sign in, and the invitation is accepted")
    if not name.strip() or len(name) > persons.LONGEST_NAME or not name.isprintable():
        raise BadRequest(hints={"name": f"must be 1 to {persons.LONGEST_NAME} printable characters"})
    return _signed_up(origin, token, name.strip(), of_person(password, email, name))


@writes()
def _signed_up(origin: Origin, token: str, name: str, stored: str) -> Passed:
    email = fold(invitations.offer(token, origin.at).email)
    if kept.owner_of(email) is not None:
        raise WrongState(f"{email} is known already: sign in, and the invitation is accepted")
    person = persons.create(email, history.milliseconds(origin), name=name, password=stored)
    persons.update(person, email, origin, {}, {"name": [None, name]}, "created")
    return _passed(person, "invitation")


def finish(origin: Origin, passed: Passed, methods: tuple[str, ...] = ()) -> list[str]:
    """All steps are done: `methods` in order. Invitations to the person become accesses; the domains' names.

    Raises AccountDisabled.
    """
    joined = invitations.accept(passed.person_id, origin)
    _note_sign_in(origin, passed.person_id, methods or (passed.method,))
    return joined


@writes()
def _note_sign_in(origin: Origin, person_id: int, methods: tuple[str, ...]) -> None:
    person = kept.locked(person_id)
    if person is None or not person.is_active:
        raise AccountDisabled
    told = {"with": [None, ", ".join(methods)], "from": [None, origin.network_address]}
    values = {"last_login": origin.at}
    persons.update(person, person.email, origin, values, told, "signed in")
