"""Signing in on the page: passwords, second steps, the way on."""

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from postroom.actions import person_accounts, second_factors
from postroom.core import totp
from postroom.core.roles import OPERATOR
from postroom.store.models import Person
from tests import cast

PIA, PASSWORD = "pia@people.test", "Zebra-quilt-marmot-42"


@pytest.fixture
def pia(people):
    person_accounts.add(OPERATOR, cast.origin(), PIA, name="Pia Brandt", password=PASSWORD)
    return Client()


def sign_in(client, email=PIA, password=PASSWORD, **more):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def who(client):
    answer = client.get("/account/")
    return answer.status_code == 200 and Person.objects.get(email=PIA).email in answer.text


def test_a_right_password_leads_to_ones_own_page(pia):
    answer = sign_in(pia)
    assert (answer.status_code, answer["Location"]) == (303, "/domains/")
    assert who(pia)


def test_it_leads_to_the_page_that_was_wanted(pia):
    assert sign_in(pia, next="/account/api-keys/?page=2")["Location"] == "/account/api-keys/?page=2"


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/sign-in/"]
)
def test_and_nowhere_else(pia, next):
    assert sign_in(pia, next=next)["Location"] == "/domains/"


@pytest.mark.parametrize(("email", "password"), [(PIA, "wrong"), ("nobody@people.test", PASSWORD)])
def test_a_wrong_one_is_told_and_opens_nothing(pia, email, password):
    answer = sign_in(pia, email, password)
    assert answer.status_code == 403 and "This does not open anything." in answer.text
    assert not who(pia)


def test_the_password_is_never_shown_again(pia):
    assert "wrong-password-7" not in sign_in(pia, password="wrong-password-7").text


@pytest.mark.parametrize("given", [{}, {"email": PIA}, {"password": "x"}, {"email": " ", "password": "x"}])
def test_what_is_missing_is_told_at_its_field(pia, given):
    answer = pia.post("/sign-in/", given)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text


def test_too_many_wrong_ones_have_to_wait(stopped_clock, pia):
    for _ in range(6):
        sign_in(pia, password="wrong")
    answer = sign_in(pia)
    assert answer.status_code == 429 and "There were too many wrong attempts. Try again in" in answer.text


def test_a_disabled_person_is_told_whom_to_ask(pia):
    Person.objects.filter(email=PIA).update(is_active=False)
    answer = sign_in(pia)
    assert answer.status_code == 403 and "This account is switched off." in answer.text


def test_a_mailboxs_holder_signs_in_with_the_mailbox(acme):
    client = Client()
    assert sign_in(client, cast.UMA, cast.PASSWORD)["Location"] == "/my/"


def test_the_session_is_another_one_after_signing_in(pia):
    pia.get("/sign-in/passkey/")
    before = pia.cookies["sessionid"].value
    sign_in(pia)
    assert pia.cookies["sessionid"].value != before


def test_who_is_signed_in_need_not_see_the_form(pia):
    sign_in(pia)
    assert pia.get("/sign-in/?next=/account/")["Location"] == "/account/"


def test_but_sees_it_where_it_must_be_fresh(pia):
    sign_in(pia)
    assert pia.get("/sign-in/?next=/account/&again=1").status_code == 200


def test_the_form_alone_makes_no_session(db):
    Client().get("/sign-in/")
    assert Session.objects.count() == 0


def test_the_address_can_be_filled_in_by_a_link(db):
    assert f'value="{PIA}"' in Client().get("/sign-in/", {"email": PIA}).text


# --- the second step ---


@pytest.fixture
def secret(pia):
    """Of Pia's authenticator."""
    actor = cast.person_actor(PIA)
    made = totp.new_secret()
    second_factors.confirm_totp(actor, cast.origin(), made, pyotp.TOTP(made).now())
    Person.objects.filter(email=PIA).update(totp_step=0)
    return made


def code(client, code, **more):
    return client.post("/sign-in/code/", {"code": code, **more})


def test_with_an_authenticator_the_password_is_not_enough(pia, secret):
    answer = sign_in(pia, next="/account/")
    assert answer["Location"] == "/sign-in/code/?next=%2Faccount%2F"
    assert not who(pia)


def test_its_code_opens(pia, secret):
    sign_in(pia)
    assert code(pia, pyotp.TOTP(secret).now(), next="/account/")["Location"] == "/account/"
    assert who(pia)


def test_a_wrong_code_is_told_at_its_field(pia, secret):
    sign_in(pia)
    answer = code(pia, "000000")
    assert answer.status_code == 403 and "This code is wrong, or was used already." in answer.text
    assert not who(pia)


def test_a_recovery_code_opens_once(pia, secret):
    [recovery, *_] = second_factors.new_recovery_codes(cast.person_actor(PIA), cast.origin())
    sign_in(pia)
    assert code(pia, recovery).status_code == 303
    other = Client()
    sign_in(other)
    assert code(other, recovery).status_code == 403


def test_a_second_step_without_a_first_leads_back(pia):
    answer = code(pia, "123456", next="/account/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=%2Faccount%2F")


def test_the_page_of_the_second_step_names_what_opens(pia, secret):
    sign_in(pia)
    text = pia.get("/sign-in/code/").text
    assert "protected by an authenticator" in text and "/sign-in/passkey/" not in text


# --- out ---


def test_signing_out_ends_the_session(pia):
    sign_in(pia)
    answer = pia.post("/sign-out/")
    assert answer["Location"] == "/"
    assert "You are signed out." in pia.get("/").text
    assert not who(pia)


def test_a_link_alone_signs_nobody_out(pia):
    sign_in(pia)
    assert pia.get("/sign-out/").status_code == 200
    assert who(pia)


# --- the demo ---


def test_the_demos_people_are_offered_in_the_demo(db, settings, tmp_path):
    settings.FAKE_CONTROL, settings.DATA_DIR = True, tmp_path
    (tmp_path / "demo.json").write_text('{"web": [{"role": "owner", "email": "o@x.example", "password": "p-1"}]}')
    assert "o@x.example" in Client().get("/").text


@pytest.mark.parametrize(
    ("fake", "facts"),
    [(False, '{"web": [{"role": "owner", "email": "o@x.example", "password": "p"}]}'), (True, "{"), (True, None)],
)
def test_the_demos_people_are_offered_nowhere_else(db, settings, tmp_path, fake, facts):
    settings.FAKE_CONTROL, settings.DATA_DIR = fake, tmp_path
    if facts:
        (tmp_path / "demo.json").write_text(facts)
    answer = Client().get("/sign-in/")
    assert answer.status_code == 200 and "demo-accounts" not in answer.text
