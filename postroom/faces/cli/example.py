"""What the demo is filled with: a company, two domains, some people; around them a town (example_town.py)."""

import contextlib

from django.db import transaction

from postroom.actions import (
    accesses,
    admin_roles,
    brands,
    bulletins,
    companies,
    dimail_accounts,
    domains,
    mailboxes,
    oidc_clients,
    person_accounts,
    setup,
    workgroups,
)
from postroom.actions.bulletins import Named
from postroom.actions.dimail_accounts import AccountWish
from postroom.actions.oidc_clients import ClientWish
from postroom.core.errors import ExistsAlready
from postroom.core.roles import OPERATOR
from postroom.faces.cli import example_days, example_town
from postroom.faces.cli.example_town import Managers
from postroom.faces.cli.terminal import origin, out

COMPANY = "acme"
ADMINISTRATOR = "admin@acme.adm"
DIMAIL_ACCOUNT = "admin"
_PEOPLE: dict[str, dict[str, object]] = {
    "uma@acme.example": {"name": "Uma Iversen", "title": "Clerk"},
    "dora@acme.example": {"name": "Dora Okafor", "title": "Head of IT", "aliases": ["it@acme.example"]},
    "wes@acme.example": {"name": "Wes Tanaka", "workgroup": "sales", "aliases": ["sales@acme.example"]},
    "info@acme.example": {
        "type": "forward", "forward_recipients": ["uma@acme.example", "dora@acme.example"], "name": "Information",
    },
}  # fmt: skip

_WELCOME = Named(owner="company", owner_name=COMPANY, type="auto", name="welcome")


_MAINTENANCE = Named(owner="domain", owner_name="acme.example", type="manual", name="maintenance")
_INTRANET = ClientWish(
    client_id="acme-intranet", name="Acme Intranet", redirect_uris=["https://intranet.acme.example/in"]
)

PEOPLE: dict[str, str] = {
    "viewer": "vera@people.example",
    "administrator": "aldo@people.example",
    "owner": "olga@people.example",
    "operator": "otto@people.example",
}
"""Role → who signs in to the web with it."""
_FAMILY_NAMES = {"viewer": "Lindqvist", "administrator": "Moretti", "owner": "Petit", "operator": "Hansen"}
_MANAGED = ("acme.example", "school.example")
HOLDER = "uma@acme.example"


def fill(password: str, platform_path: str) -> list[dict[str, str]]:
    """Who signs in to the web, all with the same password. Done once: what is there stays."""
    is_new = True
    try:
        with transaction.atomic():
            _fill(password, platform_path)
    except ExistsAlready:
        is_new = False
    managers = _add_people(password)
    if is_new:
        example_town.settle(password, Managers(**managers))
        example_days.fill()
        out.print("A company and a town were created, with a year behind them.")
    people = [*PEOPLE.items(), ("holder", HOLDER), ("company administrator", ADMINISTRATOR)]
    return [{"role": role, "email": email, "password": password} for role, email in people]


def _fill(password: str, platform_path: str) -> None:
    at = origin()
    setup.add_platform(at, "fake", "fake", {"path": platform_path})
    setup.bootstrap(at, COMPANY, ADMINISTRATOR, password, trusted=True)
    brands.create(
        OPERATOR, at, COMPANY, "Acme", {"title": "Acme Mail", "sender_name": "Acme Mail", "colour": "#7a1f5c"}
    )
    brands.create(OPERATOR, at, COMPANY, "Plain", {"title": "Post"})
    companies.change(OPERATOR, at, COMPANY, {"brand": "Acme"})
    bulletins.change(OPERATOR, at, _WELCOME, "Subject: Welcome, {'name'}\n\nYour address is {'account'}.\n")
    domains.change(
        OPERATOR, at, "acme.example", {"company": COMPANY, "aliases": ["acme-town.example"]}, create_only=True
    )
    domains.change(OPERATOR, at, "school.example", {"company": COMPANY, "spamlevel": "High"}, create_only=True)
    for group in ("sales", "trainees"):
        workgroups.create(OPERATOR, at, "acme.example", group)
    bulletins.change(OPERATOR, at, _MAINTENANCE, "Subject: Maintenance on Sunday\n\nMail is slow from 6 to 7 h.\n")
    oidc_clients.add(OPERATOR, at, _INTRANET)
    for address, attributes in _PEOPLE.items():
        mailboxes.change(OPERATOR, at, address, {"password": password, **attributes}, create_only=True)
    admin_roles.assign(OPERATOR, at, "dora@acme.example", "domain", ["acme.example"])


def add_dimail_account(password: str) -> str:
    """A program's account that may do everything in dimail's face. One that is there stays."""
    with contextlib.suppress(ExistsAlready), transaction.atomic():
        dimail_accounts.add(
            dimail_accounts.OPERATORS, origin(), AccountWish(name=DIMAIL_ACCOUNT, password=password, is_admin=True)
        )
    return DIMAIL_ACCOUNT


def _add_people(password: str) -> dict[str, int]:
    """Role → id of viewer, administrator and owner in two domains. Those that are there stay."""
    at = origin()
    made = {}
    for role, email in PEOPLE.items():
        with contextlib.suppress(ExistsAlready), transaction.atomic():
            name = f"{email.partition('@')[0].capitalize()} {_FAMILY_NAMES[role]}"
            id = person_accounts.add(OPERATOR, at, email, name=name, password=password, operator=role == "operator")
            for domain in _MANAGED if role != "operator" else ():
                accesses.create(OPERATOR, at, domain, id, role)
            made[role] = id
    made.pop("operator", None)
    return made
