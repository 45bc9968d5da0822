"""Who is who in the tests. Acme's people, and Charlie the outsider.

Alice   company administrator, alice@acme.adm
Dora    domain administrator of acme.example
Max     mail administrator of acme.example
Wes     workgroup administrator of acme.example/sales
Uma     an ordinary user
Charlie company administrator of another company, charlie@other.adm

People who sign in to the web, with roles on acme.example:

Olga    owner
Adam    administrator
Vera    viewer
Nora    nobody's
"""

from datetime import UTC, datetime
from typing import Any

from postroom.actions import admin_roles, domains, mailboxes, persons, setup, workgroups
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Actor
from postroom.store.models import Access, AdminRole, Domain, Mailbox, Person

PASSWORD = "Correct-horse-7"
HASH = "{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0"  # PASSWORD: quick to verify, so that tests stay quick

ALICE = "alice@acme.adm"
DORA = "dora@acme.example"
MAX = "max@acme.example"
WES = "wes@acme.example"
UMA = "uma@acme.example"
CHARLIE = "charlie@other.adm"
ACME = "acme.example"

OLGA = "olga@home.example"
ADAM = "adam@home.example"
VERA = "vera@home.example"
NORA = "nora@home.example"


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


def person(email: str, role: str = "", domain: str = ACME, **values: Any) -> Person:
    """Somebody who can sign in to the web; with `role`, on that domain."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    made = Person.objects.filter(email=email).first() or persons.create(email, now, **values)
    if role:
        on = Domain.objects.get(name=domain, deleted_at=None)
        Access.objects.create(person=made, domain=on, role=role, created_at=now)
    return made


def people() -> None:
    """Olga, Adam, Vera and Nora."""
    for email, role in ((OLGA, "owner"), (ADAM, "administrator"), (VERA, "viewer"), (NORA, "")):
        person(email, role)


def person_actor(email: str) -> Actor:
    """As a person who has signed in."""
    return persons.actor(Person.objects.get(email=email).pk)
