"""A mailbox holder signs in for a program that uses Postroom as its OpenID provider."""

import msgspec

from postroom.actions import person_signin
from postroom.actions.action import reads
from postroom.core.errors import BadCredentials, SecondFactorMissing
from postroom.core.records import Origin
from postroom.store.models import Person


class HolderSignIn(msgspec.Struct, frozen=True, kw_only=True):
    mailbox_id: int
    amr: tuple[str, ...]
    """RFC 8176: pwd, and where a second factor was shown mfa and which one."""


@reads()
def sign_in(origin: Origin, address: str, password: str, code: str = "") -> HolderSignIn:
    """Raises what person_signin.holder_by_password does; SecondFactorMissing where a code is needed."""
    passed = person_signin.holder_by_password(origin, address, password)
    amr: tuple[str, ...] = ("pwd",)
    if passed.still:
        if not code:
            raise SecondFactorMissing
        amr = ("pwd", person_signin.by_code(origin, passed, code), "mfa")
    mailbox = Person.objects.filter(id=passed.person_id).values_list("mailbox_id", flat=True).get()
    if mailbox is None:
        raise BadCredentials
    person_signin.finish(origin, passed, amr)
    return HolderSignIn(mailbox_id=mailbox, amr=amr)
