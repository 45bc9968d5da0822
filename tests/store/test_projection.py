"""What the mail servers read follows every change, in the transaction of the change."""

from importlib import import_module

import pytest
from django.db import connection

from postroom.actions import app_passwords, companies, domain_removal, domains, mailbox_removal, mailboxes, setup
from postroom.core.roles import OPERATOR
from postroom.store import projection, projection_spread, rows
from postroom.store.models import Domain, Job, Mailbox, MailDomain, MailExit, MailLogin, MailRoute, MailScript
from postroom.worker import jobs
from tests import cast

NOT_READ = {"id", "owner"}


@pytest.fixture
def acme(db):
    """On servers of our own."""
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()


def change(name, **attributes):
    action = mailboxes.change if "@" in name else domains.change
    action(OPERATOR, cast.origin(), name, attributes)


def login(address=cast.UMA):
    return MailLogin.objects.get(login=address)


def route(address=cast.UMA):
    return MailRoute.objects.get(address=address)


def name(domain=cast.ACME):
    return MailDomain.objects.get(name=domain)


def spread(clock=lambda: 4_000_000_000_000):
    while jobs.run_one(clock):
        pass


def everything():
    return {
        model.__name__: sorted(tuple(v for k, v in row.items() if k not in NOT_READ) for row in model.objects.values())
        for model in (MailDomain, MailExit, MailLogin, MailRoute, MailScript)
    }


def rebuilt():
    """As if every object were saved anew."""
    for model in (MailDomain, MailExit, MailLogin, MailRoute, MailScript):
        model.objects.all().delete()
    for (id,) in Domain.objects.values_list("id"):
        projection.put_domain(rows.domain_by_id(id))
    for (id,) in Mailbox.objects.values_list("id"):
        projection.put_mailbox(rows.mailbox_by_id(id))
    return everything()


def test_a_platform_that_is_told_by_its_driver_gets_no_rows(db):
    cast.acme()
    assert everything() == {m: [] for m in ("MailDomain", "MailExit", "MailLogin", "MailRoute", "MailScript")}


def test_a_mailbox_is_its_own_route(acme):
    assert (route().login, route().action) == (cast.UMA, "")


def test_an_alias_leads_to_its_mailbox(acme):
    change(cast.UMA, aliases=["sales"])
    assert route("sales@acme.example").login == cast.UMA


def test_an_alias_that_moves_leads_to_its_new_mailbox(acme):
    change(cast.UMA, aliases=["sales"])
    change(cast.UMA, aliases=[])
    change(cast.WES, aliases=["sales"])
    assert route("sales@acme.example").login == cast.WES


def test_a_renamed_mailbox_has_only_its_new_name(acme):
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "ulla")
    assert set(MailLogin.objects.filter(login__startswith="u").values_list("login")) == {("ulla@acme.example",)}


def test_a_deleted_mailbox_is_nowhere(acme):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    assert not MailRoute.objects.filter(login=cast.UMA).exists()


def test_a_restored_mailbox_is_as_before(acme):
    change(cast.UMA, aliases=["sales"], delivery_forward=True, forward_recipients=["x@y.example"], block=["a@b.c"])
    before = everything()
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    mailbox_removal.restore(OPERATOR, cast.origin(), cast.UMA, None, None)
    assert everything() == before


@pytest.mark.parametrize(("state", "answer"), [("enabled", ""), ("suspended", "450 4.2.1"), ("disabled", "550 5.2.1")])
def test_the_route_says_whether_mail_is_taken(acme, state, answer):
    change(cast.UMA, service_smtpin=state)
    assert route().action.startswith(answer) and bool(route().action) == bool(answer)


def test_who_refuses_spam_at_the_door_is_marked(acme):
    change(cast.UMA, reject_spam=True)
    assert route().action == f"PREPEND X-Postroom-Reject: {cast.row(cast.UMA).pk}"


SAID = [{}, {"service_smtpin": "suspended"}, {"reject_spam": True}]


@pytest.mark.parametrize("attributes", SAID)
def test_mail_is_taken_without_a_word_where_the_route_says_nothing(acme, attributes):
    change(cast.UMA, **attributes)
    assert login().taken == (not attributes) == (not route().action)


@pytest.mark.parametrize("attributes", SAID)
def test_rows_of_before_are_told_by_the_migration_what_is_taken_without_a_word(acme, attributes):
    change(cast.UMA, aliases=["sales"], **attributes)
    before = everything()
    MailLogin.objects.update(taken=False)
    migration = import_module("postroom.store.migrations.0008_taken").Migration
    with connection.cursor() as cursor:
        cursor.execute(migration.operations[-1].sql)
    assert everything() == before


@pytest.mark.parametrize("state", ["enabled", "disabled", "suspended"])
def test_a_service_is_a_letter(acme, state):
    change(cast.UMA, service_imap4=state)
    assert login().imap == state[0]


def test_a_disabled_domain_refuses_all_mail(acme):
    change(cast.ACME, disabled=True)
    assert (name().action[:9], name().active) == ("550 5.2.1", False)


def test_an_alias_of_a_domain_is_a_name_of_it(acme):
    change(cast.ACME, aliases=["acme.test"])
    assert (name("acme.test").main, name("acme.test").send_as) == (cast.ACME, False)


def test_senders_may_use_alias_names_when_told_so(acme):
    change(cast.ACME, aliases=["acme.test"], wm_domainalias=True)
    assert name("acme.test").send_as


def test_a_deleted_domain_is_nowhere(acme):
    domains.change(OPERATOR, cast.origin(), "short.example", {"company": "acme", "block": ["*@spam.example"]})
    domain_removal.delete(OPERATOR, cast.origin(), "short.example")
    assert not MailDomain.objects.filter(name="short.example").exists()


def test_the_catchall_is_the_domains(acme):
    change(cast.ACME, catchall="uma")
    assert name().catchall == cast.UMA


def test_a_quota_is_in_bytes(acme):
    change(cast.UMA, quota=10)
    assert login().quota == 10 * 1_048_576


def test_app_passwords_take_the_place_of_the_password(acme):
    app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    own, program = login().hashes.split(" ")
    assert own == f"webmail={cast.HASH}"
    assert program.startswith("programs={SSHA512}")


def test_without_app_passwords_the_password_is_back(acme):
    app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    app_passwords.remove(OPERATOR, cast.origin(), cast.UMA, "phone")
    assert login().hashes == cast.HASH


def test_a_filter_account_leads_to_the_domains_server(acme):
    change(cast.ACME, filtermx="mx.acme.test:2525")
    change("joe@acme.example", type="filter")
    exit = MailExit.objects.get(original="joe@acme.example")
    assert exit.nexthop == "filterout:[mx.acme.test]:2525"


def test_a_change_of_the_server_reaches_the_filter_accounts(acme):
    change(cast.ACME, filtermx="mx.acme.test")
    change("joe@acme.example", type="filter")
    change(cast.ACME, filtermx="[2001:db8::1]")
    spread()
    assert MailExit.objects.get(original="joe@acme.example").nexthop == "filterout:[ipv6:2001:db8::1]:25"


def test_a_forwards_spam_is_passed_on_since_nobody_could_see_its_folder(acme):
    change("list@acme.example", type="forward", forward_recipients=["a@b.example"])
    change(cast.ACME, filterdelivery="quarantine", spamtag="[S]")
    spread()
    assert login("list@acme.example").spam_delivery == "passthrough"


def test_a_filter_accounts_subjects_stay_as_they_are(acme):
    change(cast.ACME, filtermx="mx.acme.test")
    change("joe@acme.example", type="filter")
    change(cast.ACME, spamtag="[S]")
    spread()
    assert login("joe@acme.example").spam_tag == ""


CHANGES = {
    "spamlevel": ("Very High", "stars"),
    "spamtag": ("[JUNK]", "spam_tag"),
    "spamheader": ("XJunk: yes", "spam_header"),
    "spamfolder": ("Junk/Deep", "spam_folder"),
    "filterdelivery": ("passthrough", "spam_delivery"),
    "smtp_sent_limit": (7, "sent_limit"),
}
FOR_ALL = {"quota_maximum": 3, "block": ["*@spam.example"], "allow": ["a@b.example"]}


@pytest.mark.parametrize("attribute", [*CHANGES, *FOR_ALL])
@pytest.mark.parametrize("level", ["domain", "company"])
def test_a_spread_ends_as_if_every_mailbox_were_saved_anew(acme, attribute, level):
    change(cast.WES, **{k: v for k, (v, _) in CHANGES.items()})
    value = CHANGES[attribute][0] if attribute in CHANGES else FOR_ALL[attribute]
    if level == "domain":
        change(cast.ACME, **{attribute: value})
    else:
        companies.change(OPERATOR, cast.origin(), "acme", {attribute: value})
    spread()
    assert everything() == rebuilt()


@pytest.mark.parametrize("attribute", CHANGES)
def test_a_spread_reaches_those_that_say_nothing_themselves(acme, attribute):
    before = getattr(login(), CHANGES[attribute][1])
    change(cast.ACME, **{attribute: CHANGES[attribute][0]})
    spread()
    assert getattr(login(), CHANGES[attribute][1]) != before


@pytest.mark.parametrize("attribute", CHANGES)
def test_a_spread_leaves_alone_what_a_mailbox_says_itself(acme, attribute):
    column = CHANGES[attribute][1]
    change(cast.UMA, **{attribute: cast.row(cast.WES).settings.get(attribute) or _usual(attribute)})
    before = getattr(login(), column)
    change(cast.ACME, **{attribute: CHANGES[attribute][0]})
    spread()
    assert getattr(login(), column) == before


def _usual(attribute):
    return {"spamlevel": "Normal", "spamtag": "[X]", "spamheader": "X-Y: z", "spamfolder": "S"}.get(
        attribute, "quarantine" if attribute == "filterdelivery" else 99
    )


def test_a_lowered_ceiling_cuts_quotas_and_a_raised_one_gives_them_back(acme):
    change(cast.UMA, quota=100)
    change(cast.ACME, quota_maximum=50)
    spread()
    cut = login().quota
    change(cast.ACME, quota_maximum=200)
    spread()
    assert (cut, login().quota) == (50 * 1_048_576, 100 * 1_048_576)


@pytest.mark.parametrize("type", ["forward", "filter"])
def test_an_account_that_passes_mail_on_has_no_quota_under_any_ceiling(acme, type):
    change(cast.ACME, filtermx="mx.there.example")
    change(cast.UMA, type=type, quota=100)
    before = login().quota
    change(cast.ACME, quota_maximum=50)
    spread()
    assert (before, login().quota) == (0, 0)


def test_passwords_are_stored_anew_in_the_domains_encoding(acme):
    change(cast.ACME, default_password_encoding="SHA512-CRYPT", regen_passwords=True)
    spread()
    assert login().rehash_to == "SHA512-CRYPT"


def test_a_spread_goes_in_batches(acme):
    change(cast.ACME, spamtag="[B]")
    row, steps, last = rows.find_domain(cast.ACME)[1], 0, 0
    while last is not None:
        last = projection_spread.spread(row, last, batch=2)
        steps += 1
    assert (steps, login(cast.DORA).spam_tag, login(cast.WES).spam_tag) == (3, "[B]", "[B]")


def test_a_domains_change_of_notes_reaches_no_mailbox(acme):
    Job.objects.all().delete()
    change(cast.ACME, notes_external="hello")
    assert not Job.objects.filter(kind="spread_domain").exists()
