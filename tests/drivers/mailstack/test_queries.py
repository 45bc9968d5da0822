"""The servers' SQL is understood by the database in use, and a quote in a name stays one."""

import pytest
from django.db import connection

from postroom.drivers.mailstack import queries
from postroom.store.models import MailDomain, MailRoute, MailSender
from tests.servers import rows as mail_rows

POSTFIX = {
    name: text for name, text in vars(queries).items() if name.isupper() and name[0] != "_" and name != "ITERATE"
}
DOVECOT = {
    "password": queries.password_query("/srv/mail", 20007),
    "user": queries.user_query("/srv/mail", "/srv/sieve-bin", "/srv/spam.sieve"),
    "ordinary user": queries.ordinary_user_query("/srv/mail", "/srv/spam.sieve", function=False),
    "iterate": queries.ITERATE,
    "room": queries.room_query("/srv/mail", function=False),
}
UMA = "uma@acme.example"


@pytest.fixture(params=[False, True], ids=["text", "function"])
def short(request, db):
    """The short questions, in both of their forms where the database has both."""
    function = request.param
    if function:
        if connection.vendor != "postgresql":
            pytest.skip("PostgreSQL has them")
        with connection.cursor() as cursor:
            for statements in (*queries.functions(), *queries.functions()):  # again changes nothing
                cursor.execute(statements)
    texts = {
        "ordinary user": queries.ordinary_user_query("/srv/mail", "/srv/spam.sieve", function=function),
        "room": queries.room_query("/srv/mail", function=function),
    }
    return lambda name, address=UMA: rows(texts[name], address, s="lmtp", u=address.replace("'", "''"))


def rows(text, address, **variables):
    """As the servers put values in: escaped, and %% for a percent sign."""
    local, _, domain = address.replace("'", "''").partition("@")
    values = {"s": f"{local}@{domain}", "u": local, "n": local, "d": domain} | variables
    text = text.replace("%{lport}", "20004").replace("%%", "\0")
    for letter, value in values.items():
        text = text.replace(f"%{letter}", value)
    with connection.cursor() as cursor:
        cursor.execute(text.replace("\0", "%"))
        return cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("name", POSTFIX)
def test_postfix_asks_what_the_database_understands(name):
    assert rows(POSTFIX[name], "o'neil@acme.example") == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", DOVECOT)
def test_dovecot_asks_what_the_database_understands(name):
    assert rows(DOVECOT[name], "o'neil@acme.example", s="imap", u="o''neil@acme.example") == []


@pytest.mark.parametrize(
    ("special", "of_domain", "taken", "ordinary"),
    [
        ({}, {}, True, True),
        ({"lists": 1}, {}, True, False),
        ({"own_script": True}, {}, True, False),
        ({"action": "550 5.2.1 No"}, {}, False, False),
        ({"action": "PREPEND X-Postroom-Reject: 1"}, {}, False, False),
        ({}, {"action": "450 4.2.1 Later"}, False, False),
    ],
)
def test_short_questions_are_answered_for_the_ordinary_mailbox_only(short, special, of_domain, taken, ordinary):
    mail_rows.domain("acme.example", **of_domain)
    mail_rows.mailbox(UMA, aliases=["sales@acme.example"], **special)
    assert rows(queries.KNOWN, "sales@acme.example") == [("OK" if taken else "DUNNO",)]
    assert [row[-1] for row in short("room")] == ["OK" if taken else None]
    assert [row[0] for row in short("ordinary user")] == ([UMA] if ordinary else [])


@pytest.mark.parametrize("name", ["room", "ordinary user"])
def test_short_questions_know_no_alias(short, name):
    mail_rows.domain("acme.example")
    mail_rows.mailbox(UMA, aliases=["sales@acme.example"])
    assert short(name, "sales@acme.example") == []


def test_a_domain_that_is_gone_is_not_open(short):
    mail_rows.mailbox(UMA, domain_id=1)
    assert [row[-1] for row in short("room")] == [None]
    assert short("ordinary user") == []


def test_a_quote_in_an_address_is_only_a_letter_to_short_questions(short):
    mail_rows.domain("acme.example")
    mail_rows.mailbox("o'neil@acme.example")
    assert [short(name, "o'neil@acme.example")[0][0] for name in ("room", "ordinary user")] == 2 * [
        "o'neil@acme.example"
    ]


@pytest.mark.parametrize("special", [{}, {"spam_tag": "100%", "spam_header": "X-%u: 1", "spam_folder": ""}])
def test_both_questions_about_an_ordinary_mailbox_have_one_answer(short, special):
    mail_rows.domain("acme.example")
    mail_rows.mailbox(UMA, quota=5, **special)
    [long] = rows(DOVECOT["user"], UMA, s="lmtp", u=UMA)
    told = [value for value in long if value is not None]
    assert [value for value in short("ordinary user")[0] if value is not None] == told
    assert list(short("room")[0][:3]) == told[:3]


# What Postfix learns of aliases, and of domains that are not ours


@pytest.fixture
def aliased(db):
    """uma@acme.example, whose mail goes to Joe, too; info@acme.example, which is nobody's mailbox; zoe is the
    catch-all; all under acme.net, too."""
    number = mail_rows.domain("acme.example", aliases=["acme.net"], catchall="zoe@acme.example")
    mail_rows.mailbox(UMA, domain_id=number)
    mail_rows.mailbox("zoe@acme.example", domain_id=number)
    MailRoute.objects.filter(address=UMA).update(goto=f"{UMA},joe@else.where")
    MailRoute.objects.create(
        address="info@acme.example", mailbox_id=-number, login="", action="", goto=f"{UMA},joe@else.where"
    )
    mail_rows.domain("claimed.example", action="450 4.2.1 Later", active=False, ours=False, catchall="zoe@acme.example")


@pytest.mark.parametrize("domain", ["acme.example", "acme.net"])
@pytest.mark.parametrize("name", ["uma", "info"])
def test_an_alias_leads_to_all_it_names_under_every_name_of_its_domain(aliased, name, domain):
    text = queries.ALIAS if domain == "acme.example" else queries.ALIAS_DOMAIN
    assert rows(text, f"{name}@{domain}") == [(f"{UMA},joe@else.where",)]


def test_an_alias_is_taken_without_a_further_question(aliased):
    assert rows(queries.KNOWN, "info@acme.example") == [("OK",)]


@pytest.mark.parametrize("address", ["info@acme.example", "info@acme.net"])
def test_nobody_sends_as_an_alias_that_is_no_mailbox(aliased, address):
    assert rows(queries.SENDAS, address) == []


def test_destinations_that_may_send_as_an_alias(aliased):
    number = MailDomain.objects.get(name="acme.example").domain_id
    MailSender.objects.create(address="info@acme.example", domain_id=number, logins=f"{UMA},joe@else.where")
    assert rows(queries.SENDAS, "info@acme.example") == [(f"{UMA},joe@else.where",)]


def test_they_do_so_beside_a_mailbox_of_its_name(aliased):
    MailSender.objects.create(address=UMA, domain_id=1, logins="zoe@acme.example")
    assert rows(queries.SENDAS, UMA) == [(UMA,), ("zoe@acme.example",)]


@pytest.mark.parametrize("change", [{"active": False}, {"ours": False}])
def test_nobody_sends_as_an_alias_of_a_domain_that_is_off(aliased, change):
    MailSender.objects.create(address="info@acme.example", domain_id=1, logins=UMA)
    MailDomain.objects.filter(name="acme.example").update(**change)
    assert rows(queries.SENDAS, "info@acme.example") == []


@pytest.mark.parametrize("address", [UMA, "uma@acme.net"])
def test_destinations_do_not_send_as_the_mailbox_that_copies_to_them(aliased, address):
    assert rows(queries.SENDAS, address) == [(UMA,)]


@pytest.mark.parametrize("address", ["info@acme.example", "info@acme.net"])
def test_nobody_signs_in_as_an_alias_that_is_no_mailbox(aliased, address):
    assert rows(DOVECOT["password"], address, s="imap", u=address) == []


@pytest.mark.parametrize(
    ("address", "asked"), [("info@acme.example", []), ("info@acme.net", []), ("no@acme.net", ["zoe@acme.example"])]
)
def test_whether_the_catch_all_has_room_is_asked_for_unknown_names_only(aliased, address, asked):
    assert [row[0] for row in rows(DOVECOT["user"], address, s="quota-status", u=address)] == asked


def test_a_domain_that_is_not_ours_puts_off_at_the_mx_and_else_is_unknown(aliased):
    address = "uma@claimed.example"
    assert rows(queries.ACCESS, address) == [("450 4.2.1 Later",)]
    assert rows(queries.DOMAINS, "claimed.example", s="claimed.example") == []
    assert rows(queries.CATCHALL, "@claimed.example") == []
    assert rows(queries.ACCESS_OUT, address) == []


def test_those_who_sign_in_are_told_what_there_is_to_say_about_our_own(aliased):
    MailRoute.objects.filter(address=UMA).update(action="550 5.2.1 No")
    assert rows(queries.ACCESS_OUT, UMA) == rows(queries.ACCESS_OUT, "uma@acme.net") == [("550 5.2.1 No",)]
