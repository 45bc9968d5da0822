"""The servers' SQL is understood by the database in use, and a quote in a name stays one."""

import pytest
from django.db import connection

from postroom.drivers.mailstack import queries
from tests.servers import rows as mail_rows

POSTFIX = {
    name: text for name, text in vars(queries).items() if name.isupper() and name != "ITERATE" and text[0] == "S"
}
DOVECOT = {
    "password": queries.password_query("/srv/mail", 20007),
    "user": queries.user_query("/srv/mail", "/srv/sieve-bin", "/srv/spam.sieve"),
    "ordinary user": queries.ordinary_user_query("/srv/mail", "/srv/spam.sieve"),
    "iterate": queries.ITERATE,
    "room": queries.room_query("/srv/mail"),
}


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("special", "of_domain", "known", "ordinary"),
    [
        ({}, {}, "postroom_known", True),
        ({"lists": 1}, {}, "postroom_known", False),
        ({"own_script": True}, {}, "postroom_known", False),
        ({"action": "550 5.2.1 No"}, {}, "DUNNO", False),
        ({"action": "PREPEND X-Postroom-Reject: 1"}, {}, "DUNNO", False),
        ({}, {"action": "450 4.2.1 Later"}, "DUNNO", False),
    ],
)
def test_the_short_question_is_answered_for_the_ordinary_mailbox_only(special, of_domain, known, ordinary):
    mail_rows.domain("acme.example", **of_domain)
    mail_rows.mailbox("uma@acme.example", aliases=["sales@acme.example"], **special)
    assert rows(queries.KNOWN, "sales@acme.example") == [(known,)]
    found = rows(DOVECOT["ordinary user"], "uma@acme.example", s="lmtp", u="uma@acme.example")
    assert [row[0] for row in found] == (["uma@acme.example"] if ordinary else [])


@pytest.mark.django_db
def test_both_questions_about_an_ordinary_mailbox_have_one_answer():
    mail_rows.domain("acme.example")
    mail_rows.mailbox("uma@acme.example")
    short, long = (
        rows(DOVECOT[name], "uma@acme.example", s="lmtp", u="uma@acme.example")[0] for name in ("ordinary user", "user")
    )
    told = [value for value in long if value is not None]
    assert list(short) == told
