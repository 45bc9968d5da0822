"""A new password, checked and hashed before any lock is taken."""

import msgspec

from postroom.actions.lane import Aside
from postroom.core import inheritance
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import BadAttribute
from postroom.core.passwords import policy, schemes
from postroom.core.passwords.gate import Gate
from postroom.core.passwords.methods import Costs
from postroom.core.passwords.tokens import new_app_password
from postroom.core.roles import Actor, may_set, roles_on
from postroom.store import reach, rows

GATE = Gate(slots=1, waiting=1000, patience=60.0)
"""A core is busy with a hash for a tenth of a second: one at a time in each process, the rest in line. Whoever
waits here has signed in and may set that password, so the line is long; strangers wait at another one (signin)."""

_LEAST = Costs(argon2_passes=1, argon2_kib=8)
"""The smallest that libsodium, and so Dovecot, takes."""


class NewPassword(msgspec.Struct, frozen=True):
    hash: str = ""
    refused: BadAttribute | None = None
    """Raised when its turn comes: other attributes are looked at first."""


def prepare(actor: Actor, address: str, written: object) -> NewPassword | None:
    """None where the value is no text or not this actor's to set: the ordinary checks say so."""
    if not isinstance(written, str) or not written:
        return None
    known = rows.find_mailbox(address)
    if known is not None:
        row = known[1]
        if not may_set(roles_on(actor, row.target), "password", Level.MAILBOX):
            return None
        return hashed(written, address, row.domain, row.old_passwords)
    container = rows.find_domain(address.rpartition("@")[2])
    if container is None or not reach.sees_into(actor, container[1].company_id, container[1].id):
        return None
    return hashed(written, address, container[1], [])


def hashed(written: str, address: str, domain: rows.DomainRow, old: list[str]) -> NewPassword:
    """A plain password, or a hash made elsewhere. `old`: the hashes that it must not repeat, newest first."""
    if not written.startswith("{"):
        return plain(written, address, domain, old)
    try:
        return _as_given(written)
    except BadAttribute as refused:
        return NewPassword(refused=refused)


def plain(written: str, address: str, domain: rows.DomainRow, old: list[str]) -> NewPassword:
    """As somebody typed it."""
    chain = (domain.settings, domain.company.settings)
    level = inheritance.value("password_strength", *chain)
    encoding = str(inheritance.value("default_password_encoding", *chain))
    try:
        with Aside(), GATE:
            policy.check_plain(
                written,
                account=address,
                old_hashes=old,
                required_level=level if isinstance(level, str) else None,
            )
            return NewPassword(hash=schemes.encode(written, encoding))
    except BadAttribute as refused:
        return NewPassword(refused=refused)


def temporary(address: str, domain: rows.DomainRow, old: list[str]) -> tuple[str, NewPassword]:
    """One that we make up: the plain text to tell, once, and what to store."""
    while True:
        text = new_app_password()
        made = plain(text, address, domain, old)
        if made.refused is None:
            return text, made  # by chance it may hold the account's name


def made_up(text: str) -> NewPassword:
    """Of a text with 96 random bits, which is never guessed however quickly it can be tried
    (docs/decisions/018-dimail.md)."""
    return NewPassword(hash=schemes.encode(text, "ARGON2ID", cost=_LEAST))


def _as_given(written: str) -> NewPassword:
    if not schemes.usable(written):
        raise BadAttribute(hints={"password": "is in no form that can be verified: {TYPE} and a matching hash"})
    return NewPassword(hash=written)


def of_person(written: str, account: str, name: str, old: str = "") -> str:
    """The hash to keep. Raises BadAttribute."""
    with Aside(), GATE:
        policy.check_person(written, account=account, name=name, old_hash=old)
        return schemes.encode(written, "ARGON2ID")
