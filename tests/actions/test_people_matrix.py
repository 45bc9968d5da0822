"""Who may do what, by running everything: each operation of the people who look after a domain, as everybody who
might ask. The golden file changes only when somebody means it: it is compared, never written, here.

A new operation is a row in OPERATIONS; a module whose actions must all stand there is in MODULES.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction

from postroom.actions import (
    accesses,
    alias_names,
    aliases,
    contexts,
    deleted_mailboxes,
    directory,
    dns_pages,
    domain_cards,
    domain_checks,
    domain_claims,
    domain_removal,
    domain_support,
    domain_switch,
    domain_usage,
    domains,
    histories,
    invitations,
    mailbox_aliases,
    mailbox_links,
    mailbox_removal,
    mailbox_sheets,
    mailbox_states,
    mailboxes,
    person_accounts,
    person_mailboxes,
    settings_view,
)
from postroom.actions.domain_cards import DomainQuery
from postroom.actions.person_mailboxes import PersonalChange, PersonalData
from postroom.core.errors import DomainNotFound, NotFound, OutOfReach, PostroomError
from postroom.core.languages import Language
from postroom.core.roles import OPERATOR, Actor
from postroom.store.models import Access, Alias, Mailbox, Person, Tombstone
from postroom.worker import loop
from tests import cast

GOLDEN = Path(__file__).with_name("golden_people.txt")
MODULES = (
    "accesses", "alias_names", "aliases", "contexts", "deleted_mailboxes", "directory", "domain_cards", "domain_claims",
    "domain_support", "domain_switch", "domain_usage", "histories", "invitations", "mailbox_aliases", "mailbox_links",
    "mailbox_sheets", "mailbox_states", "person_accounts", "person_mailboxes", "settings_view",
)  # fmt: skip

ACME, CLAIM, OTHER = cast.ACME, "town.example", "other.example"
GONE, GUEST = "gone@acme.example", "guest@guest.example"
TOO = "uma.too@acme.example"  # a further address of Uma's
ODO = "odo@home.example"  # a second owner, so that the first one can be taken
VAL = "val@home.example"  # a second viewer
JOE = "joe@acme.example"  # somebody known, without a role
SHEET = "local_part,first_name,last_name\nnew,Nina,New\n"


@dataclass(frozen=True)
class Place:
    """What an operation is tried on."""

    viewer: int
    """Val's access."""
    owner: int
    """Odo's."""
    own: int
    """Vera's."""
    invitation: int
    alias: int
    gone: str
    """To restore the deleted mailbox."""
    gone_mailbox: int
    gone_domain: str


def as_origin():
    return cast.origin()


def again(action, a):
    """What needs that the domain was switched off, by the operator."""
    domain_switch.disable(OPERATOR, as_origin(), ACME)
    return action(a, as_origin(), ACME)


def left(a):
    contexts.join(OPERATOR, as_origin(), ACME, CLAIM)
    return contexts.leave(a, as_origin(), ACME)


def in_state(status, action, a):
    """What needs that Uma's mailbox is not as usual."""
    Mailbox.objects.filter(address=cast.UMA).update(status=status)
    return action(a, as_origin(), cast.UMA)


def now():
    return int(cast.origin().at.timestamp() * 1000)


def joe():
    return Person.objects.get(email=JOE).pk


# Operation → what is called. `a` is who asks, `p` the Place.
OPERATIONS = {
    # Accesses
    "accesses.listed": lambda a, p: accesses.listed(a, ACME),
    "accesses.show": lambda a, p: accesses.show(a, ACME, p.viewer),
    "accesses.candidates": lambda a, p: accesses.candidates(a, ACME),
    "accesses.known": lambda a, p: accesses.known(a),
    "accesses.create viewer": lambda a, p: accesses.create(a, as_origin(), ACME, joe(), "viewer"),
    "accesses.create owner": lambda a, p: accesses.create(a, as_origin(), ACME, joe(), "owner"),
    "accesses.change viewer to administrator": lambda a, p: accesses.change(
        a, as_origin(), ACME, p.viewer, "administrator"
    ),
    "accesses.change viewer to owner": lambda a, p: accesses.change(a, as_origin(), ACME, p.viewer, "owner"),
    "accesses.change owner to viewer": lambda a, p: accesses.change(a, as_origin(), ACME, p.owner, "viewer"),
    "accesses.remove own viewer's": lambda a, p: accesses.remove(a, as_origin(), ACME, p.own),
    "accesses.remove viewer": lambda a, p: accesses.remove(a, as_origin(), ACME, p.viewer),
    "accesses.remove owner": lambda a, p: accesses.remove(a, as_origin(), ACME, p.owner),
    # Invitations
    "invitations.listed": lambda a, p: invitations.listed(a, ACME),
    "invitations.show": lambda a, p: invitations.show(a, ACME, p.invitation),
    "invitations.create viewer": lambda a, p: invitations.create(a, as_origin(), ACME, "n@guest.example", "viewer"),
    "invitations.create owner": lambda a, p: invitations.create(a, as_origin(), ACME, "n@guest.example", "owner"),
    "invitations.refresh": lambda a, p: invitations.refresh(a, as_origin(), ACME, p.invitation),
    "invitations.remove": lambda a, p: invitations.remove(a, as_origin(), ACME, p.invitation),
    # Domains
    "domain_claims.claim": lambda a, p: domain_claims.claim(a, as_origin(), "new.example", "s@new.example"),
    "domain_claims.abandon": lambda a, p: domain_claims.abandon(a, as_origin(), CLAIM),
    "domain_cards.listed": lambda a, p: domain_cards.listed(a, DomainQuery(), 0, 20),
    "domain_cards.overview": lambda a, p: domain_cards.overview(a, DomainQuery(), 0, 20)[0],
    "domain_cards.for_person": lambda a, p: domain_cards.for_person(a, ACME),
    "domain_cards.for_mailboxes": lambda a, p: domain_cards.for_mailboxes(a, ACME),
    "domain_cards.show": lambda a, p: domain_cards.show(a, ACME),
    "domain_cards.deleted": lambda a, p: domain_cards.deleted(a, now(), 0, 20),
    "domain_cards.restore_id": lambda a, p: domain_cards.restore_id(a, OTHER, now()),
    "domain_checks.show": lambda a, p: domain_checks.show(a, ACME),
    "domain_checks.check_now": lambda a, p: domain_checks.check_now(a, as_origin(), ACME),
    "domain_checks.check_all": lambda a, p: domain_checks.check_all(a, as_origin()),
    "domain_removal.delete": lambda a, p: domain_removal.delete(a, as_origin(), CLAIM),
    "domain_removal.restore": lambda a, p: domain_removal.restore(a, as_origin(), OTHER, p.gone_domain, OTHER),
    "domain_support.change": lambda a, p: domain_support.change(a, as_origin(), ACME, "s@new.example"),
    "domain_switch.disable": lambda a, p: domain_switch.disable(a, as_origin(), ACME),
    "domain_switch.enable": lambda a, p: again(domain_switch.enable, a),
    "domains.change": lambda a, p: domains.change(a, as_origin(), ACME, {"spamlevel": "High"}),
    "domains.change aliases": lambda a, p: domains.change(a, as_origin(), ACME, {"aliases": ["acme.test"]}),
    "dns_pages.link": lambda a, p: dns_pages.link(a, as_origin(), ACME),
    "dns_pages.show": lambda a, p: dns_pages.show(a, ACME, Language.ENGLISH),
    "domain_usage.show": lambda a, p: domain_usage.show(a, ACME),
    "dns_pages.export": lambda a, p: dns_pages.export(a, ACME),
    "histories.of_domain": lambda a, p: histories.of_domain(a, ACME),
    "settings_view.of_domain": lambda a, p: settings_view.of_domain(a, ACME),
    # Companies
    "histories.of_company": lambda a, p: histories.of_company(a, "acme"),
    "settings_view.of_company": lambda a, p: settings_view.of_company(a, "acme"),
    # Contexts and the directory
    "contexts.show": lambda a, p: contexts.show(a, ACME),
    "contexts.join": lambda a, p: contexts.join(a, as_origin(), ACME, CLAIM),
    "contexts.leave": lambda a, p: left(a),
    "directory.search": lambda a, p: directory.search(a, ""),
    # Mailboxes: Uma's, who is the holder
    "person_mailboxes.listed": lambda a, p: person_mailboxes.listed(a, ACME),
    "person_mailboxes.show": lambda a, p: person_mailboxes.show(a, cast.UMA),
    "person_mailboxes.create": lambda a, p: person_mailboxes.create(
        a, as_origin(), ACME, PersonalData(local_part="n", first_name="N", last_name="E", secondary_email="n@x.example")
    ),
    "person_mailboxes.update": lambda a, p: person_mailboxes.update(
        a, as_origin(), cast.UMA, PersonalChange(first_name="Ursula", last_name="Ash")
    ),
    "person_mailboxes.update another": lambda a, p: person_mailboxes.update(
        a, as_origin(), cast.WES, PersonalChange(first_name="Wesley", last_name="Oak")
    ),
    "mailbox_states.disable": lambda a, p: mailbox_states.disable(a, as_origin(), cast.UMA),
    "mailbox_states.enable": lambda a, p: in_state("disabled", mailbox_states.enable, a),
    "mailbox_states.retry": lambda a, p: in_state("failed", mailbox_states.retry, a),
    "mailbox_links.send_login_link": lambda a, p: mailbox_links.send_login_link(a, as_origin(), cast.UMA),
    "mailbox_links.reset_password": lambda a, p: mailbox_links.reset_password(a, as_origin(), cast.UMA),
    "mailboxes.change": lambda a, p: mailboxes.change(a, as_origin(), cast.UMA, {"spamlevel": "High"}),
    "mailbox_removal.rename": lambda a, p: mailbox_removal.rename(a, as_origin(), cast.UMA, "una"),
    "mailbox_removal.delete": lambda a, p: mailbox_removal.delete(a, as_origin(), cast.UMA),
    "mailbox_removal.restore": lambda a, p: mailbox_removal.restore(a, as_origin(), GONE, p.gone, None),
    "deleted_mailboxes.listed": lambda a, p: deleted_mailboxes.listed(a, ACME, now()),
    "deleted_mailboxes.one": lambda a, p: deleted_mailboxes.one(a, ACME, p.gone_mailbox),
    "histories.of_mailbox": lambda a, p: histories.of_mailbox(a, cast.UMA),
    "settings_view.of_mailbox": lambda a, p: settings_view.of_mailbox(a, cast.UMA),
    # Many mailboxes at once
    "mailbox_sheets.preview": lambda a, p: mailbox_sheets.preview(a, ACME, SHEET),
    "mailbox_sheets.load": lambda a, p: mailbox_sheets.load(a, as_origin(), ACME, SHEET),
    "mailbox_sheets.progress": lambda a, p: mailbox_sheets.progress(a, ACME, 1, 1),
    "mailbox_sheets.export": lambda a, p: "".join(mailbox_sheets.export(a, ACME)),
    # Aliases
    "aliases.listed": lambda a, p: aliases.listed(a, ACME),
    "aliases.create": lambda a, p: aliases.create(a, as_origin(), ACME, "info", "x@guest.example"),
    "aliases.add": lambda a, p: aliases.add(a, as_origin(), ACME, "info", ["x@guest.example", "y@guest.example"]),
    "alias_names.listed": lambda a, p: alias_names.listed(a, ACME),
    "alias_names.leading_to": lambda a, p: alias_names.leading_to(a, cast.UMA),
    "mailbox_aliases.add": lambda a, p: mailbox_aliases.add(a, as_origin(), cast.UMA, "more"),
    "mailbox_aliases.remove": lambda a, p: mailbox_aliases.remove(a, as_origin(), cast.UMA, TOO),
    "aliases.remove": lambda a, p: aliases.remove(a, as_origin(), ACME, p.alias),
    "aliases.remove_destination": lambda a, p: aliases.remove_destination(
        a, as_origin(), ACME, "sales", "s@guest.example"
    ),
    "aliases.remove_all": lambda a, p: aliases.remove_all(a, as_origin(), ACME, "sales"),
    # People
    "person_accounts.add": lambda a, p: person_accounts.add(a, as_origin(), "new@home.example"),
    "person_accounts.listed": lambda a, p: person_accounts.listed(a),
    "person_accounts.show": lambda a, p: person_accounts.show(a, joe()),
    "person_accounts.remove_second_factors": lambda a, p: person_accounts.remove_second_factors(a, as_origin(), ODO),
    "person_accounts.make_operator": lambda a, p: person_accounts.make_operator(a, as_origin(), ODO, True),
    "person_accounts.set_password": lambda a, p: person_accounts.set_password(a, as_origin(), ODO, cast.PASSWORD),
    "person_accounts.unlink": lambda a, p: person_accounts.unlink(a, as_origin(), ODO),
    "person_accounts.disable": lambda a, p: person_accounts.disable(a, as_origin(), ODO),
    "person_accounts.enable": lambda a, p: person_accounts.enable(a, as_origin(), ODO),
}


# Who asks: column → actor.
ASKERS = {
    "nobody": lambda: Actor(name="nobody"),
    "no role": lambda: cast.person_actor(cast.NORA),
    "holder": lambda: cast.person_actor(cast.UMA),
    "viewer": lambda: cast.person_actor(cast.VERA),
    "admin": lambda: cast.person_actor(cast.ADAM),
    "owner": lambda: cast.person_actor(cast.OLGA),
    "company": lambda: cast.actor(cast.ALICE),
    "operator": lambda: OPERATOR,
    "workgroup": lambda: cast.actor(cast.WES),  # whose is none of what is tried
}


@pytest.fixture
def place(people):
    """Acme with its people and a deleted mailbox; a claim with the same people; a domain that was deleted."""
    for email, role in ((ODO, "owner"), (VAL, "viewer"), (JOE, ""), (cast.UMA, "")):
        cast.person(email, role)
    domains.change(OPERATOR, as_origin(), OTHER, {"company": "acme"}, create_only=True)
    cast.mailbox(GONE)
    mailbox_removal.delete(OPERATOR, as_origin(), GONE)
    invitation = invitations.create(OPERATOR, as_origin(), ACME, GUEST, "viewer").id
    aliases.create(OPERATOR, as_origin(), ACME, "sales", "s@guest.example")
    aliases.create(OPERATOR, as_origin(), ACME, "team", cast.UMA)
    mailbox_aliases.add(OPERATOR, as_origin(), cast.UMA, TOO)
    person_mailboxes.update(OPERATOR, as_origin(), cast.UMA, PersonalChange(secondary_email="uma@home.example"))
    loop.until_idle()
    domain_claims.claim(cast.person_actor(ODO), as_origin(), CLAIM, ODO)
    for email, role in ((cast.OLGA, "owner"), (cast.ADAM, "administrator"), (cast.VERA, "viewer")):
        for name in (CLAIM, OTHER):
            cast.person(email, role, name)
    domain_removal.delete(OPERATOR, as_origin(), OTHER)
    accesses_by_email = dict(Access.objects.filter(domain__name=ACME).values_list("person__email", "id"))
    return Place(
        viewer=accesses_by_email[VAL],
        owner=accesses_by_email[ODO],
        own=accesses_by_email[cast.VERA],
        invitation=invitation,
        alias=Alias.objects.get(local_part="sales").pk,
        gone=Tombstone.objects.get(name=GONE).restore_id,
        gone_mailbox=Tombstone.objects.get(name=GONE).object_id,
        gone_domain=Tombstone.objects.get(name=OTHER).restore_id,
    )


def outcome(operation, actor, place):
    """ok; nothing: an empty list; 404: as if there were no such domain; 403; absent: the object in the domain; else the
    error's name."""
    try:
        with transaction.atomic():
            result = OPERATIONS[operation](actor, place)
            transaction.set_rollback(True)
    except DomainNotFound:
        return "404"
    except OutOfReach:
        return "403"
    except NotFound:
        return "absent"
    except PostroomError as error:
        return type(error).__name__
    return "nothing" if result in ([], ([], 0)) else "ok"


def line(operation, place):
    cells = [outcome(operation, asker(), place) for asker in ASKERS.values()]
    return written(operation, cells)


def written(name, cells):
    return f"{name:42}{''.join(f'{cell:13}' for cell in cells)}".rstrip()


def golden():
    return GOLDEN.read_text().splitlines()


def test_the_golden_file_has_a_line_for_every_operation_and_no_other():
    names = [one[:42].strip() for one in golden()]
    assert names == ["", *OPERATIONS]


def test_the_golden_file_has_a_column_for_everybody():
    assert golden()[0] == written("", ASKERS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_everybody_may_what_the_golden_file_says(place, operation):
    assert line(operation, place) == next(one for one in golden() if one[:42].strip() == operation)


@pytest.mark.parametrize("module", MODULES)
def test_every_action_stands_in_the_table(module):
    found = vars(importlib.import_module(f"postroom.actions.{module}"))
    actions = {
        f"{module}.{name}"
        for name, value in found.items()
        if getattr(value, "permissions", ()) and value.__module__.endswith(f".{module}") and not name.startswith("_")
    }
    assert actions - {operation.partition(" ")[0] for operation in OPERATIONS} == set()
