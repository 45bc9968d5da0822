"""The permission matrix: every operation of REST, asked by everybody. The golden file changes only when somebody means
it: it is compared, never written, here.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from postroom.actions import aliases, domain_removal, domains, invitations, mailbox_removal, person_mailboxes
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.roles import OPERATOR
from postroom.core.slugs import slug
from postroom.faces.rest.api import api
from postroom.worker import loop
from tests import cast
from tests.faces.rest.client import Rest, access_id, alias_id, invitation_id, mailbox_id, person_id

GOLDEN = Path(__file__).with_name("golden_permissions.txt")
ASKERS = {
    "anonymous": "",
    "no role": cast.NORA,
    "holder": cast.UMA,
    "viewer": cast.VERA,
    "administrator": cast.ADAM,
    "owner": cast.OLGA,
    "company": cast.ALICE,
    "operator": "operator@home.example",
}
FRIEND = "friend@acme.example"
NAMES = {"first_name": "Zoe", "last_name": "Zed"}
BODIES: dict[str, Any] = {
    "createDomain": {"name": "new.example", "support_email": "it@home.example"},
    "changeDomain": {"support_email": "new@home.example"},
    "createAccess": lambda: {"user": person_id(FRIEND), "role": "viewer"},
    "replaceAccess": {"role": "administrator"},
    "changeAccess": {"role": "administrator"},
    "createInvitation": {"email": "new@else.example", "role": "viewer"},
    "createMailbox": {**NAMES, "local_part": "zoe"},
    "replaceMailbox": NAMES,
    "changeMailbox": NAMES,
    "renameMailbox": {"local_part": "urban"},
    "createAlias": {"local_part": "new", "destination": "uma@acme.example"},
    "changeDomainSettings": {"spamtag": "[spam]"},
    "changeMailboxSettings": {"title": "Dr"},
    "disableDomain": {},
    "enableDomain": {},
    "joinContext": {"domain": "acme_adm"},
    "changeMe": {"name": "Somebody"},
    "changeUser": {"name": "Somebody"},
    "replaceUser": {"name": "Somebody"},
    "redeemCode": {"password": cast.PASSWORD},
    "signIn": {"email": cast.OLGA, "password": "wrong"},
    "signInCode": {"code": "123456"},
    "signInPasskey": {"credential": {}},
    "signUp": {"token": "x", "name": "x", "password": cast.PASSWORD},
    "changePassword": {"old_password": "x", "new_password": "y"},
    "confirmTotp": {"code": "123456"},
    "makePasskey": {"name": "x", "credential": {}},
    "createApiKey": {"name": "billing"},
    "importMailboxes": "local_part,first_name,last_name\nzoe,Zoe,Zed\n",
}
QUERIES = {
    "deleteWholeAlias": "?local_part=info",
    "deleteWholeAliasToo": "?local_part=info",
    "authenticate": "?returnTo=/",
    "explainAddress": "?address=max@acme.example",
    "explainSetting": "?of=max@acme.example&setting=quota",
}
DELETED = "gone@acme.example"
EMPTY = "empty.example"
GONE = "gone.example"
DOMAINS = {"deleteDomain": EMPTY, "restoreDomain": GONE, "checkDomain": EMPTY}
"""Where not acme.example."""
ROLES = ((cast.OLGA, "owner"), (cast.ADAM, "administrator"), (cast.VERA, "viewer"))


@pytest.fixture
def everything(people):
    """Something of each kind for everybody to try their hands on."""
    olga = cast.person_actor(cast.OLGA)
    cast.person("operator@home.example", is_operator=True)
    cast.person(FRIEND)
    cast.person("second@home.example", "viewer")
    for address in (cast.UMA, cast.ALICE):
        cast.person(address, mailbox=cast.row(address))
    aliases.create(olga, cast.origin(), cast.ACME, "info", cast.UMA)
    invitations.create(olga, cast.origin(), cast.ACME, "guest@else.example", "viewer")
    cast.mailbox(DELETED)
    mailbox_removal.delete(OPERATOR, cast.origin(), DELETED)
    data = PersonalData(local_part="mia", first_name="Mia", last_name="Meyer", secondary_email="mia@home.example")
    person_mailboxes.create(olga, cast.origin(), cast.ACME, data)
    for name in (EMPTY, GONE):
        domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)
        for email, role in ROLES:
            cast.person(email, role, name)
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    domain_removal.delete(OPERATOR, cast.origin(), GONE)


def ids(name: str) -> dict[str, str]:
    """First part of a path → the id to put into it."""
    return {
        "accesses": access_id("second@home.example"),
        "invitations": invitation_id("guest@else.example"),
        "mailboxes": mailbox_id(DELETED if name == "restoreMailbox" else "mia@acme.example"),
        "aliases": alias_id("info"),
    }


def asked_path(path: str, name: str) -> str:
    """`{id}` stays where everybody asks for an own thing."""
    path = path.removeprefix("/api/v1.0").replace("{slug}", slug(DOMAINS.get(name, cast.ACME)))
    path = path.replace("{token}", "no-such-token").replace("{code}", "no-such-code")
    for part, id in ids(name).items():
        path = path.replace(f"/{part}/{{id}}/", f"/{part}/{id}/")
    return path + QUERIES.get(name, "")


def status(name: str, method: str, path: str, client: Rest) -> int:
    """Of one call, which leaves no trace."""
    body = BODIES.get(name)
    save, client.http.cookies = transaction.savepoint(), client.signed_in.copy()
    try:
        kind = "text/csv" if isinstance(body, str) else "application/json"
        sent = body() if callable(body) else body
        return client.call(method.upper(), path, sent, Content_Type=kind).status_code
    finally:
        transaction.savepoint_rollback(save)


def matrix() -> str:
    """A line an operation: the status that each asker gets."""
    clients = [Rest(email) for email in ASKERS.values()]
    own = [person_id(email or cast.OLGA) for email in ASKERS.values()]
    lines = [f"{'':24}" + "".join(f"{asker:>15}" for asker in ASKERS)]
    for path, methods in api.document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            asked = asked_path(path, name)
            told = [
                status(name, method, asked.replace("{id}", id), client) for client, id in zip(clients, own, strict=True)
            ]
            lines.append(f"{name:24}" + "".join(f"{one:>15}" for one in told))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_matrix_equals_the_golden_file(everything):
    assert matrix() == GOLDEN.read_text()
