"""What opens the account: password, authenticator, passkeys, recovery codes, sessions."""

import html
import json
import re

import pyotp
import pytest
from django.test import Client

from postroom.actions import person_accounts
from postroom.core.roles import OPERATOR
from postroom.store.models import Passkey, Person, RecoveryCode
from tests import cast
from tests.authenticator import Authenticator
from tests.sessions import sign_in

PIA, PASSWORD, NEW = "pia@people.test", "Zebra-quilt-marmot-42", "Teapot!orbit.canyon.7"
CHANGING = ("authenticator/", "authenticator/remove/", "recovery-codes/", "passkeys/new/", "api-keys/new/")


@pytest.fixture
def pia(people):
    person_accounts.add(OPERATOR, cast.origin(), PIA, name="Pia Brandt", password=PASSWORD)
    return signed_in()


def signed_in(ago=0):
    """`ago` in seconds."""
    return sign_in(Client(), me().pk, ago=ago)


def me():
    return Person.objects.get(email=PIA)


# --- the password ---


def change(client, old=PASSWORD, new=NEW, again=None):
    given = {"old_password": old, "new_password": new, "again": new if again is None else again}
    return client.post("/account/password/", given)


def opens(password):
    return Client().post("/sign-in/", {"email": PIA, "password": password}).status_code == 303


def test_the_password_is_changed_and_one_stays_signed_in(pia):
    assert change(pia).status_code == 303
    assert pia.get("/account/").status_code == 200
    assert opens(NEW) and not opens(PASSWORD)


def test_every_other_session_ends(pia):
    other = signed_in(ago=5)
    change(pia)
    assert other.get("/account/").status_code == 303


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"old": "wrong"}, "old_password"),
        ({"new": "short"}, "new_password"),
        ({"new": "pia brandt"}, "new_password"),
        ({"again": "another"}, "again"),
        ({"new": ""}, "new_password"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(pia, given, field):
    answer = change(pia, **given)
    assert answer.status_code >= 400 and f'id="id_{field}_error"' in answer.text
    assert opens(PASSWORD)


def test_passwords_are_never_shown_again(pia):
    assert NEW not in change(pia, again="another").text


def test_a_holders_password_is_changed_elsewhere(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    client = Client()
    client.post("/sign-in/", {"email": cast.UMA, "password": cast.PASSWORD})
    assert client.get("/account/password/").status_code == 409
    assert "/my/password/" in client.get("/account/security/").text


# --- freshness ---


@pytest.mark.parametrize("path", CHANGING)
def test_an_old_session_must_sign_in_again_first(pia, path):
    answer = signed_in(ago=3600).get(f"/account/{path}")
    assert answer.status_code == 303 and answer["Location"].startswith("/sign-in/?next=%2Faccount%2F")
    assert answer["Location"].endswith("&again=1")


# --- the authenticator ---


def begin(client):
    """The secret that the page shows."""
    return re.search(r"<code>((?:[A-Z2-7]{4} ?)+)</code>", client.get("/account/authenticator/").text)[1].replace(
        " ", ""
    )


def confirm(client, code):
    return client.post("/account/authenticator/", {"code": code})


def test_the_page_shows_a_picture_for_it(pia):
    text = pia.get("/account/authenticator/").text
    picture = text.partition('class="qr"')[2].partition("</div>")[0]
    assert "<svg" in picture and "style" not in picture and "script" not in picture


def test_its_first_code_sets_it_up_and_shows_recovery_codes(pia):
    answer = confirm(pia, pyotp.TOTP(begin(pia)).now())
    assert answer.status_code == 200 and answer.text.count("<li>") >= 10
    assert me().totp and RecoveryCode.objects.filter(person=me()).count() == 10


def test_the_secret_stays_the_same_while_one_types(pia):
    secret = begin(pia)
    assert begin(pia) == secret
    confirm(pia, "000000")
    assert begin(pia) == secret


@pytest.mark.parametrize("code", ["000000", "", "abc"])
def test_a_wrong_code_sets_up_nothing(pia, code):
    begin(pia)
    answer = confirm(pia, code)
    assert answer.status_code == 422 and 'id="id_code_error"' in answer.text
    assert not me().totp


def test_there_is_one_authenticator_only(pia):
    confirm(pia, pyotp.TOTP(begin(pia)).now())
    assert pia.get("/account/authenticator/").status_code == 409


def test_it_is_removed_after_a_question(pia):
    confirm(pia, pyotp.TOTP(begin(pia)).now())
    assert "Remove the authenticator?" in pia.get("/account/authenticator/remove/").text
    assert me().totp
    pia.post("/account/authenticator/remove/")
    assert not me().totp


def test_what_is_not_there_is_not_removed(pia):
    assert pia.get("/account/authenticator/remove/").status_code == 404


# --- recovery codes ---


def test_new_codes_replace_the_old_ones(pia):
    confirm(pia, pyotp.TOTP(begin(pia)).now())
    before = set(RecoveryCode.objects.values_list("hash", flat=True))
    answer = pia.post("/account/recovery-codes/")
    assert answer.status_code == 200
    after = set(RecoveryCode.objects.values_list("hash", flat=True))
    assert len(after) == 10 and not before & after


def test_without_a_factor_there_are_none(pia):
    assert pia.post("/account/recovery-codes/").status_code == 409
    assert "Recovery codes" not in pia.get("/account/security/").text


# --- passkeys ---


def options(text):
    return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', text)[1]))


@pytest.fixture
def device():
    return Authenticator("http://testserver")


def make(client, device, name="Telephone"):
    asked = options(client.get("/account/passkeys/new/").text)
    return client.post("/account/passkeys/new/", {"name": name, "credential": json.dumps(device.make(asked))})


def show(client, device):
    asked = options(client.get("/sign-in/passkey/").text)
    return client.post("/sign-in/passkey/", {"credential": json.dumps(device.show(asked)), "next": "/account/"})


def test_a_passkey_is_made_and_recovery_codes_with_it(pia, device):
    answer = make(pia, device)
    assert answer.status_code == 200 and "recovery codes" in answer.text
    assert Passkey.objects.get().name == "Telephone"


def test_a_passkey_opens_alone(pia, device):
    make(pia, device)
    client = Client()
    assert show(client, device)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_passkey_is_a_second_step(pia):
    device = Authenticator("http://testserver", verifies=False)
    make(pia, device)
    client = Client()
    assert client.post("/sign-in/", {"email": PIA, "password": PASSWORD})["Location"] == "/sign-in/code/"
    assert "/sign-in/passkey/" in client.get("/sign-in/code/").text
    assert show(client, device)["Location"] == "/account/"


def test_an_unknown_passkey_opens_nothing(pia, device):
    client = Client()
    answer = show(client, device)
    assert answer.status_code == 403 and "This passkey does not open the account." in answer.text
    assert client.get("/account/").status_code == 303


def test_an_answer_opens_once(pia, device):
    make(pia, device)
    client = Client()
    asked = options(client.get("/sign-in/passkey/").text)
    given = {"credential": json.dumps(device.show(asked))}
    assert client.post("/sign-in/passkey/", given).status_code == 303
    client.post("/sign-out/")
    assert client.post("/sign-in/passkey/", given).status_code == 403


@pytest.mark.parametrize("credential", ["", "{", "[]", "null", '{"id": 5}', "[" * 5000, '"' + "x" * 30_000 + '"'])
@pytest.mark.parametrize("path", ["/sign-in/passkey/", "/account/passkeys/new/"])
def test_nonsense_is_refused(pia, path, credential):
    client = pia if path.startswith("/account") else Client()
    client.get(path)
    answer = client.post(path, {"credential": credential, "name": "x"})
    assert 400 <= answer.status_code < 500
    assert not Passkey.objects.exists()


def test_a_passkey_is_removed_after_a_question(pia, device):
    make(pia, device)
    path = f"/account/passkeys/{Passkey.objects.get().pk}/remove/"
    assert "Remove the passkey “Telephone”?" in pia.get(path).text
    assert pia.post(path).status_code == 303
    assert not Passkey.objects.exists()


def test_anothers_passkey_is_not_there(pia, device):
    make(pia, device)
    person_accounts.add(OPERATOR, cast.origin(), "eve@people.test", name="Eve", password=NEW)
    eve = Client()
    eve.post("/sign-in/", {"email": "eve@people.test", "password": NEW})
    assert eve.post(f"/account/passkeys/{Passkey.objects.get().pk}/remove/").status_code == 404
    assert Passkey.objects.exists()


# --- sessions ---


def test_signing_out_everywhere_ends_all_sessions(pia):
    other = signed_in(ago=5)
    assert pia.post("/account/sign-out-everywhere/")["Location"] == "/sign-in/"
    assert other.get("/account/").status_code == 303
    assert pia.get("/account/").status_code == 303
