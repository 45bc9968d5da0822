"""Queries that are compiled once give what the plain ORM gives. On both databases: run with DATABASE_URL too."""

import importlib
import pkgutil
from datetime import UTC, datetime
from uuid import UUID

import pytest

import postroom.actions
import postroom.store
from postroom.actions import (
    aliases,
    app_passwords,
    bulletins,
    domains,
    mailboxes,
    signin,
    tokens,
)
from postroom.actions.bulletins import Named
from postroom.actions.tokens import TokenWish
from postroom.core.errors import BadCredentials
from postroom.core.passwords.tokens import hash_token
from postroom.core.roles import OPERATOR
from postroom.store import rows, usage
from postroom.store.models import ApiKey, Company, Context, Domain, Mailbox, MailUsage, Person, PersonEmail
from postroom.store.sql import Compiled, json_value
from tests import cast

TOKEN = "a-token-of-sixteen"


def uma():
    return (cast.row(cast.UMA).pk,)


def acme_id():
    return (Domain.objects.get(name=cast.ACME).pk,)


def company_id():
    return (Company.objects.get(name="acme").pk,)


def dora():
    """The person who holds Dora's mailbox, and has an access."""
    return (Person.objects.get(mailbox__address=cast.DORA).pk,)


# Parameters that find something, for every compiled query there is.
PARAMETERS = {
    "store.rows._company_by_name": lambda: ("acme",),
    "store.rows._company_by_name_locked": lambda: ("acme",),
    "store.rows._domain_by_name": lambda: (cast.ACME,),
    "store.rows._mailbox_by_address": lambda: ("alias@acme.example",),
    "store.rows._lock_domain": acme_id,
    "store.rows._lock_mailbox": uma,
    "store.rows._domain_by_id": acme_id,
    "store.rows._mailbox_by_id": uma,
    "store.rows._mailboxes_since": lambda: (*acme_id(), cast.row(cast.MAX).pk),
    "store.projection._app_passwords": uma,
    "actions.signin._by_address": lambda: (cast.DORA,),
    "actions.signin._by_token": lambda: (hash_token(TOKEN),),
    "actions.mailbox_searches._forwards": lambda: (*acme_id(), 4, 1),
    "actions.mailbox_searches._backwards": lambda: (*acme_id(), 4, 1),
    "actions.mailboxes._roles_of": lambda: (cast.row(cast.WES).pk,),
    "actions.mailboxes._app_passwords_of": uma,
    "store.usage._usage_of": uma,
    "store.bulletins._of_company": company_id,
    "store.bulletins._greeted": lambda: (*acme_id(), *company_id()),
    "store.bulletins._of_domain": acme_id,
    "store.persons._person": dora,
    "store.persons._mailboxes": dora,
    "store.new_mailboxes._domain": acme_id,
    "actions.dimail_mailboxes._lock_context": lambda: (Context.objects.get(domains__name=cast.ACME).pk,),
    "actions.dimail_mailboxes._namesakes": lambda: (Context.objects.get(domains__name=cast.ACME).pk, "doe", "JANE"),
    "actions.dimail_views._of_domain": acme_id,
    "actions.dimail_views._of_address": lambda: (*acme_id(), cast.UMA),
    "actions.dimail_views._senders_of_domain": acme_id,
    "actions.dimail_views._senders_of_address": lambda: (cast.UMA,),
    "store.platform_records._around": acme_id,
    "actions.live._platform": lambda: (Domain.objects.get(name=cast.ACME).platform_id,),
    "actions.domain_checks._asked": acme_id,
    "actions.domain_checks._kept": acme_id,
    "actions.dimail_domains._one": acme_id,
    "actions.dimail_domains._everything": acme_id,
    "actions.api_keys._key": lambda: (ApiKey.objects.get().hash,),
}


def compiled():
    found = {}
    for package in (postroom.store, postroom.actions):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, Compiled):
                    found[f"{info.name.removeprefix('postroom.')}.{name}"] = value
    return found


class Given:
    """Stands where `Marks` stands while a query is compiled: the parameters themselves."""

    def __init__(self, parameters):
        self.text = self.number = parameters.__getitem__


def alike(raw, told):
    """A driver's value in the ORM's words: JSON comes as text, and SQLite has neither booleans nor UUIDs."""
    if isinstance(told, dict | list):
        return json_value(raw)
    if isinstance(told, UUID):
        return UUID(str(raw))
    return bool(raw) if isinstance(told, bool) else raw


@pytest.fixture
def busy(acme):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"], "spamlevel": "High"})
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["alias@acme.example"], "name": "Ümit"})
    tokens.create(OPERATOR, cast.origin(), cast.WES, TokenWish(seconds=3600, reason="support", text=TOKEN))
    app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    for owner, name in (("company", "acme"), ("domain", cast.ACME)):
        named = Named(owner=owner, owner_name=name, type="auto", name="hi")
        bulletins.change(OPERATOR, cast.origin(), named, "Subject: hi\n\nhi")
    dora = cast.person("dora@elsewhere.example", "viewer", mailbox=cast.row(cast.DORA))
    PersonEmail.objects.create(person=dora, email=cast.MAX, verified_at=2**50)
    ApiKey.objects.create(person=dora, name="k", hash="h" * 64, scopes={"domains": [1]}, created_at=1)
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "info", cast.UMA, allow_to_send=True)
    Mailbox.objects.filter(address=cast.MAX).update(first_name="Jane", last_name="Doe")
    usage.keep([MailUsage(mailbox=cast.row(cast.UMA), bytes=7, messages=2, full=False, at=0)])


def test_every_compiled_query_is_tested_here():
    assert compiled().keys() == PARAMETERS.keys()


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_gives_what_the_orm_gives(busy, name):
    query, parameters = compiled()[name], PARAMETERS[name]()
    told = list(query._build(Given(parameters)))
    if query._paged:
        limit, first = parameters[-2:]
        told = told[first : first + limit]
    found = query.rows(*parameters)
    assert told
    assert [tuple(map(alike, *both)) for both in zip(found, told, strict=True)] == told


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_finds_nothing_where_there_is_nothing(busy, name):
    first, *others = PARAMETERS[name]()
    assert compiled()[name].rows(-1 if isinstance(first, int) else "nobody", *others) == []


def same(working_copy, model, but=()):
    for field in working_copy.__struct_fields__:
        if field not in but:
            assert getattr(working_copy, field) == getattr(model, field), field


def test_a_mailboxs_working_copy_is_the_row(busy):
    model = cast.row(cast.UMA)
    same(rows.mailbox_by_id(model.pk), model, but=("workgroup", "domain"))


def test_a_mailboxs_working_copy_knows_its_workgroup(busy):
    assert rows.find_mailbox(cast.WES)[1].workgroup == "sales"


def test_a_domains_working_copy_is_the_row(busy):
    model = Domain.objects.get(name=cast.ACME)
    same(rows.domain_by_id(model.pk), model, but=("company",))


def test_a_mailboxs_domain_is_the_row(busy):
    same(rows.find_mailbox(cast.UMA)[1].domain, Domain.objects.get(name=cast.ACME), but=("company",))


def test_a_companys_working_copy_is_the_row(busy):
    same(rows.find_company("acme"), Company.objects.get(name="acme"))


def test_a_mailboxs_company_is_the_row(busy):
    same(rows.find_mailbox(cast.UMA)[1].domain.company, Company.objects.get(name="acme"))


def test_an_alias_says_that_it_is_one(busy):
    assert rows.find_mailbox("alias@acme.example")[0] is True
    assert rows.find_mailbox(cast.UMA)[0] is False


def test_a_domains_alias_says_that_it_is_one(busy):
    assert rows.find_domain("acme.test")[0] is True
    assert rows.find_domain(cast.ACME)[0] is False


CHANGED = {
    "status": "disabled", "settings": {"name": "Ünique", "quota": 5}, "aliases": ["x@acme.example"],
    "suspended_by": {"service_pop3": 3}, "generation": 99, "due_at": 98, "history_head": "f" * 64, "deleted_at": 97,
    "type": "forward", "password": "{PLAIN}x", "old_passwords": ["{PLAIN}y"], "check_at": 96,
}  # fmt: skip


def written(row, model):
    """The working copy, changed in every way and written back, beside the row as the ORM reads it."""
    for field, value in CHANGED.items():
        if hasattr(row, field):
            setattr(row, field, value)
    rows.save(row)
    return model.objects.get(pk=row.id)


def test_a_mailbox_is_written_back_whole(busy):
    row = rows.find_mailbox(cast.UMA, lock=True)[1]
    row.address = "una@acme.example"
    same(row, written(row, Mailbox), but=("workgroup", "domain"))


def test_a_domain_is_written_back_whole(busy):
    row = rows.find_domain(cast.ACME, lock=True)[1]
    row.name = "acme.test"
    same(row, written(row, Domain), but=("company",))


def test_a_company_is_written_back_whole(busy):
    row = rows.find_company("acme", lock=True)
    same(row, written(row, Company))


def test_writing_one_row_leaves_the_others_alone(busy):
    before = Mailbox.objects.exclude(address=cast.UMA).values_list("settings", "due_at").order_by("id")
    known = list(before)
    rows.save(rows.find_mailbox(cast.UMA, lock=True)[1])
    assert list(before) == known


def test_writing_back_leaves_alone_what_is_the_workers(busy):
    Mailbox.objects.filter(address=cast.UMA).update(applied_generation=7, attempts=2, failure="x", leased_until=5)
    rows.save(rows.find_mailbox(cast.UMA, lock=True)[1])
    uma = cast.row(cast.UMA)
    assert (uma.applied_generation, uma.attempts, uma.failure, uma.leased_until) == (7, 2, "x", 5)


def test_a_sign_in_sees_the_database_as_it_is_now(busy):
    """Compiled once, run many times: nothing of the first answer sticks."""
    cast.actor(cast.UMA)
    Mailbox.objects.filter(address=cast.UMA).update(password=cast.HASH.replace("w", "W"))
    with pytest.raises(BadCredentials):
        signin.by_password(cast.UMA, cast.PASSWORD, "", datetime.now(UTC).timestamp())
