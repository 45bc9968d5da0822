"""Who is who in the tests. Acme's people, and Charlie the outsider.

Alice   company administrator, alice@acme.adm
Dora    domain administrator of acme.example
Max     mail administrator of acme.example
Wes     workgroup administrator of acme.example/sales
Uma     an ordinary user
Charlie company administrator of another company, charlie@other.adm
"""

from datetime import UTC, datetime
from typing import Any

from postroom.actions import admin_roles, domains, mailboxes, setup, workgroups
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Actor
from postroom.store.models import AdminRole, Mailbox

PASSWORD = "Correct-horse-7"
HASH = "{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0"  # PASSWORD: quick to verify, so that tests stay quick

ALICE = "alice@acme.adm"
DORA = "dora@acme.example"
MAX = "max@acme.example"
WES = "wes@acme.example"
UMA = "uma@acme.example"
CHARLIE = "charlie@other.adm"
ACME = "acme.example"


def origin(at: datetime | None = None) -> Origin:
    return Origin(face="test", application="tests", request_id="test1", at=at or datetime.now(UTC))


def company(name: str, administrator: str, *, trusted: bool = True) -> None:
    setup.bootstrap(origin(), name, administrator, HASH, trusted=trusted)


def mailbox(address: str, **attributes: Any) -> None:
    mailboxes.change(OPERATOR, origin(), address, {"password": HASH, **attributes}, create_only=True)


def acme(platform_path: str = ":memory:") -> None:
    """The company, its domain and everybody in it."""
    setup.add_platform(origin(), "fake", "fake", {"path": platform_path})
    company("acme", ALICE)
    domains.change(OPERATOR, origin(), ACME, {"company": "acme"}, create_only=True)
    workgroups.create(OPERATOR, origin(), ACME, "sales")
    for address in (DORA, MAX, UMA):
        mailbox(address)
    mailbox(WES, workgroup="sales")
    admin_roles.assign(OPERATOR, origin(), DORA, "domain", [ACME])
    admin_roles.assign(OPERATOR, origin(), MAX, "mail", [ACME])
    admin_roles.assign(OPERATOR, origin(), WES, "workgroup", [f"{ACME}/sales"])


def other() -> None:
    company("other", CHARLIE)


def actor(address: str) -> Actor:
    """As somebody who has signed in."""
    from postroom.actions import signin

    return signin.by_password(address, PASSWORD, "", datetime.now(UTC).timestamp())


def role_of(address: str) -> list[str]:
    return list(AdminRole.objects.filter(mailbox__address=address).values_list("role", flat=True))


def row(address: str) -> Mailbox:
    return Mailbox.objects.get(address=address, deleted_at=None)
