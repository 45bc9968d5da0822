"""The holder gives the mailbox another password."""

import pytest

from postroom.actions import app_passwords, live, person_signin
from postroom.core.errors import BadCredentials
from postroom.core.roles import OPERATOR
from postroom.store.models import History, Token
from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db

NEW = "velvet-anchor-mill-93"


def change(holder, old=cast.PASSWORD, new=NEW, again=NEW):
    return holder.post("password/", old=old, new=new, again=again)


def opens(password):
    try:
        person_signin.holder_by_password(cast.origin(), cast.UMA, password)
    except BadCredentials:
        return False
    return True


def test_the_new_password_opens_and_the_old_one_does_not(uma):
    change(uma)
    assert (opens(NEW), opens(cast.PASSWORD)) == (True, False)


def test_whoever_changes_it_stays_signed_in(uma):
    change(uma)
    assert uma.get().status_code == 200


def test_the_session_has_another_key_then(uma):
    before = uma.http.cookies["sessionid"].value
    change(uma)
    assert uma.http.cookies["sessionid"].value != before


def test_elsewhere_they_are_signed_out(uma):
    elsewhere = Holder()
    change(uma)
    assert elsewhere.get().status_code == 303


def test_tokens_end_and_app_passwords_stay(uma):
    app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")
    change(uma)
    assert (Token.objects.count(), "phone" in uma.get("app-passwords/").text) == (0, True)


def test_it_was_the_holder_who_did_it(uma):
    change(uma)
    entry = History.objects.filter(kind="mailbox").latest("id")
    assert (entry.actor, entry.changes) == (cast.UMA, {"password": ["(secret)", "(secret)"]})


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"old": "wrong"}, "old", "The present password is not right"),
        ({"again": "another"}, "again", "The two passwords are not the same."),
        ({"old": ""}, "old", "required"),
        ({"new": "", "again": ""}, "new", "required"),
        ({"new": "uma@acme.example1", "again": "uma@acme.example1"}, "new", "name of the account"),
        ({"new": "with blank 77", "again": "with blank 77"}, "new", "no space"),
        ({"new": "x" * 60, "again": "x" * 60}, "new", "54"),
        ({"new": "123456", "again": "123456"}, "new", "easy to guess"),
        ({"new": cast.PASSWORD, "again": cast.PASSWORD}, "new", "last 8 passwords"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_changes_nothing(uma, given, field, words):
    page = change(uma, **given)
    told = " ".join(page.context["form"].errors.get(field, []))
    assert (page.status_code == 200, words in told, opens(cast.PASSWORD)) == (False, True, True)


def test_what_looks_like_a_hash_is_a_password_like_any_other(uma):
    change(uma, new=cast.HASH, again=cast.HASH)
    assert (opens(cast.HASH), opens(cast.PASSWORD)) == (True, False)


def test_no_password_is_sent_back(uma):
    assert NEW not in change(uma, old="wrong").text


def test_guessing_the_present_one_has_to_wait(uma):
    for _ in range(7):
        page = change(uma, old="wrong")
    assert page.status_code == 429


def test_where_the_platform_makes_passwords_it_cannot_be_changed_here(uma, monkeypatch):
    monkeypatch.setattr(live, "makes_passwords", lambda platform: True)
    assert (change(uma).status_code, opens(cast.PASSWORD)) == (409, True)
