"""Signing in and out by REST: sessions, second steps, cookies, X-CSRFToken."""

import os
import subprocess
import sys
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from postroom.actions import invitations, mailboxes, person_accounts
from postroom.core.roles import OPERATOR
from postroom.store.models import Person
from tests import cast
from tests.authenticator import Authenticator
from tests.faces.rest.client import Rest, person_id

PASSWORD, OTHER = "Zebra-quilt-marmot-42", "Teapot!orbit.canyon.7"
PIA = "pia@people.test"


@pytest.fixture
def pia(people):
    """A client of somebody who has not signed in."""
    person_accounts.add(OPERATOR, cast.origin(), PIA, name="Pia Brandt", password=PASSWORD)
    return Rest()


def sign_in(rest, email=PIA, password=PASSWORD, **headers):
    return rest.post("/sign-in/", {"email": email, "password": password}, **headers)


def who(rest):
    answer = rest.get("/users/me/")
    return answer.json()["email"] if answer.status_code == 200 else answer.status_code


def test_a_right_password_opens_a_session(pia):
    assert sign_in(pia).json() == {"status": "signed_in", "second_factors": [], "joined": []}
    assert who(pia) == PIA


@pytest.mark.parametrize(("email", "password"), [(PIA, "wrong"), ("nobody@people.test", PASSWORD)])
def test_a_wrong_one_opens_nothing(pia, email, password):
    answer = sign_in(pia, email, password)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid credentials supplied in request"})
    assert who(pia) == 401


@pytest.mark.parametrize(
    "body", [{}, {"email": PIA}, {"email": PIA, "password": None}, {"email": 5, "password": "x"}, []]
)
def test_what_is_no_sign_in_is_told(pia, body):
    assert pia.post("/sign-in/", body).status_code == 400


def test_too_many_wrong_ones_have_to_wait(stopped_clock, pia):
    for _ in range(6):
        sign_in(pia, password="wrong")
    assert sign_in(pia).status_code == 429


def test_the_session_is_another_one_after_signing_in(pia):
    """Whoever slipped a session into somebody's browser has nothing of it."""
    session = pia.http.session
    session["x"] = 1
    session.save()
    before = session.session_key
    pia.http.cookies["sessionid"] = before
    sign_in(pia)
    assert pia.http.cookies["sessionid"].value != before
    assert not pia.http.session.__class__(before).exists(before)


def test_a_mailboxs_holder_signs_in(people):
    rest = Rest()
    assert sign_in(rest, cast.UMA, cast.PASSWORD).status_code == 200
    assert rest.ok("GET", "/users/me/")["mailbox"] == cast.UMA


def test_the_holders_session_ends_with_the_mailboxs_password(people):
    rest = Rest()
    sign_in(rest, cast.UMA, cast.PASSWORD)
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"password": OTHER})
    assert who(rest) == 401


def test_invitations_are_accepted_by_signing_in(people):
    invitations.create(OPERATOR, cast.origin(), cast.ACME, PIA.upper(), "viewer")
    person_accounts.add(OPERATOR, cast.origin(), PIA, password=PASSWORD)
    rest = Rest()
    assert sign_in(rest).json()["joined"] == [cast.ACME]
    assert [domain["name"] for domain in rest.results("/mail-domains/")] == [cast.ACME]


def test_an_invitations_link_makes_a_person_who_is_signed_in(people, monkeypatch):
    monkeypatch.setattr(invitations, "new_token", lambda: "t" * 32)
    invitations.create(OPERATOR, cast.origin(), cast.ACME, "ivan@people.test", "owner")
    rest = Rest()
    answer = rest.post("/sign-up/", {"token": "t" * 32, "name": "Ivan", "password": PASSWORD})
    assert answer.json() == {"status": "signed_in", "second_factors": [], "joined": [cast.ACME]}
    assert who(rest) == "ivan@people.test"


def test_an_unknown_link_makes_nobody(people):
    assert Rest().post("/sign-up/", {"token": "x", "name": "Ivan", "password": PASSWORD}).status_code == 404


# --- out ---


def test_signing_out_ends_the_session(pia):
    sign_in(pia)
    cookie = pia.http.cookies["sessionid"].value
    assert pia.post("/sign-out/").json() == {"end_session_url": None}
    pia.http.cookies["sessionid"] = cookie
    assert who(pia) == 401


def test_signing_out_everywhere_ends_all(pia):
    elsewhere = Rest()
    sign_in(elsewhere)
    sign_in(pia)
    assert pia.post("/sign-out-everywhere/").status_code == 204
    assert (who(pia), who(elsewhere)) == (401, 401)


def test_logging_out_without_a_provider_leads_home(pia):
    sign_in(pia)
    answer = pia.post("/logout/")
    assert (answer.status_code, answer["Location"], who(pia)) == (302, "/", 401)


def test_people_s_pages_lead_the_browser_there(pia):
    sign_in(pia)
    answer = pia.get("/logout/")
    assert (answer.status_code, answer["Location"], who(pia)) == (302, "/", 401)


def test_another_site_cannot_lead_it_there(pia):
    sign_in(pia)
    answer = pia.get("/logout/", Sec_Fetch_Site="cross-site")
    assert (answer.status_code, who(pia)) == (403, PIA)


def test_logging_out_twice_leads_home(pia):
    assert pia.get("/logout/")["Location"] == "/"


def test_disabling_somebody_ends_the_session(pia):
    sign_in(pia)
    person_accounts.disable(OPERATOR, cast.origin(), PIA)
    assert who(pia) == 401


def test_a_new_password_ends_every_session_but_this_one(pia):
    elsewhere = Rest()
    sign_in(elsewhere)
    sign_in(pia)
    answer = pia.post("/users/me/password/", {"old_password": PASSWORD, "new_password": OTHER})
    assert (answer.status_code, who(pia), who(elsewhere)) == (204, PIA, 401)


def test_guesses_at_the_old_password_count_even_with_an_idempotency_key(pia):
    """What failed is not rolled back with the request."""
    sign_in(pia)
    wrong = {"old_password": "wrong", "new_password": OTHER}
    for n in range(6):
        assert pia.post("/users/me/password/", wrong, Idempotency_Key=f"k{n}").status_code == 401
    assert pia.post("/users/me/password/", wrong, Idempotency_Key="k9").status_code == 429


def test_a_session_lasts_twelve_hours(pia, settings):
    sign_in(pia)
    session = pia.http.session
    assert timedelta(hours=11, minutes=59) < session.get_expiry_date() - timezone.now() <= timedelta(hours=12)
    opened = session["person"]
    session["person"] = {**opened, "at": opened["at"] - 12 * 3600 * 1000 - 1}
    session.save()
    assert who(pia) == 401


# --- other sites ---


@pytest.fixture
def strict(pia):
    """A browser's client, of which X-CSRFToken is asked."""
    pia.http = Client(enforce_csrf_checks=True)
    return pia


def test_a_change_needs_the_token_of_the_cookie(strict):
    sign_in(strict)
    assert strict.patch(me_path(), {"name": "Pia B"}).status_code == 403
    token = strict.http.cookies["csrftoken"].value
    assert strict.patch(me_path(), {"name": "Pia B"}, X_CSRFToken=token).status_code == 200


def me_path():
    return f"/users/{person_id(PIA)}/"


def test_it_is_told_as_people_tells_it(strict):
    sign_in(strict)
    assert strict.post("/sign-out/").json() == {"detail": "CSRF Failed: CSRF token missing."}


def test_a_wrong_token_changes_nothing(strict):
    sign_in(strict)
    answer = strict.patch(me_path(), {"name": "Pia B"}, X_CSRFToken="x" * 64)
    assert (answer.status_code, Person.objects.get(email=PIA).name) == (403, "Pia Brandt")


def test_reading_needs_none(strict):
    sign_in(strict)
    assert who(strict) == PIA


def test_the_token_is_another_one_after_signing_in(strict):
    sign_in(strict)
    before = strict.http.cookies["csrftoken"].value
    strict.post("/sign-out/", X_CSRFToken=before)
    sign_in(strict)
    assert strict.patch(me_path(), {"name": "Pia B"}, X_CSRFToken=before).status_code == 403


def test_another_site_does_not_sign_its_visitors_in(pia):
    assert sign_in(pia, Origin="https://evil.example").status_code == 403
    assert who(pia) == 401


def test_our_own_pages_do(pia):
    assert sign_in(pia, Origin="http://testserver").status_code == 200


def test_cookies_are_closed_to_scripts_and_other_sites(pia):
    sign_in(pia)
    cookie = pia.http.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert not pia.http.cookies["csrftoken"]["httponly"]


@pytest.mark.parametrize(
    ("url", "secure"), [("https://post.example", "True"), ("", "False"), ("http://127.0.0.1", "False")]
)
def test_cookies_go_over_https_alone_where_that_is_how_people_come(url, secure):
    script = "from postroom import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "POSTROOM_URL": url}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == [secure, secure]


# --- second steps ---


def enrol(rest):
    secret = rest.ok("POST", "/users/me/second-factors/totp/")["secret"]
    return secret, rest.ok("POST", "/users/me/second-factors/totp/confirm/", {"code": pyotp.TOTP(secret).now()})


@pytest.fixture
def secret(pia):
    """Pia has an authenticator."""
    sign_in(pia)
    secret, _ = enrol(pia)
    pia.http = Client()
    Person.objects.filter(email=PIA).update(totp_step=0)
    return secret


def test_setting_up_an_authenticator_shows_recovery_codes_once(pia):
    sign_in(pia)
    _, told = enrol(pia)
    assert len(told["recovery_codes"]) == 10
    assert pia.ok("GET", "/users/me/second-factors/") == {"totp": True, "passkeys": [], "recovery_codes": 10}


def test_the_password_alone_opens_nothing_then(pia, secret):
    answer = sign_in(pia).json()
    assert answer["status"] == "second_factor_required"
    assert answer["second_factors"] == ["totp", "recovery_code"]
    assert who(pia) == 401


def test_the_code_opens(pia, secret):
    sign_in(pia)
    assert pia.post("/sign-in/totp/", {"code": pyotp.TOTP(secret).now()}).status_code == 200
    assert who(pia) == PIA


def test_a_wrong_code_does_not(pia, secret):
    sign_in(pia)
    assert pia.post("/sign-in/totp/", {"code": "000000"}).status_code == 401
    assert who(pia) == 401


def test_a_code_without_a_password_opens_nothing(pia, secret):
    assert pia.post("/sign-in/totp/", {"code": pyotp.TOTP(secret).now()}).status_code == 401


def test_the_second_step_does_not_wait_for_ever(pia, secret):
    sign_in(pia)
    session = pia.http.session
    session["waiting"] = {**session["waiting"], "until": session["waiting"]["until"] - 601}
    session.save()
    assert pia.post("/sign-in/totp/", {"code": pyotp.TOTP(secret).now()}).status_code == 401


def test_what_opens_the_account_is_changed_only_shortly_after_a_sign_in(pia):
    sign_in(pia)
    session = pia.http.session
    session["person"] = {**session["person"], "at": session["person"]["at"] - 16 * 60 * 1000}
    session.save()
    answer = pia.post("/users/me/second-factors/totp/")
    assert (answer.status_code, who(pia)) == (403, PIA)
    assert "sign in again" in answer.json()["detail"]


def test_an_authenticator_is_confirmed_by_whoever_began(pia):
    sign_in(pia)
    assert pia.post("/users/me/second-factors/totp/confirm/", {"code": "123456"}).status_code == 400


def test_it_is_removed(pia):
    sign_in(pia)
    enrol(pia)
    assert pia.delete("/users/me/second-factors/totp/").status_code == 204
    assert sign_in(Rest()).json()["status"] == "signed_in"


# --- passkeys ---


@pytest.fixture
def device(pia):
    sign_in(pia)
    device = Authenticator("http://testserver")
    options = pia.ok("POST", "/users/me/second-factors/passkeys/begin/")["options"]
    body = {"name": "Telephone", "credential": device.make(options)}
    made = pia.ok("POST", "/users/me/second-factors/passkeys/", body)
    assert (made["passkey"]["name"], len(made["recovery_codes"])) == ("Telephone", 10)
    pia.http = Client()
    return device


def show(rest, device):
    options = rest.ok("POST", "/sign-in/passkey/begin/")["options"]
    return rest.post("/sign-in/passkey/", {"credential": device.show(options)})


def test_a_passkey_opens_alone(pia, device):
    assert show(pia, device).json()["status"] == "signed_in"
    assert who(pia) == PIA


def test_a_passkey_is_the_second_step(pia, device):
    assert sign_in(pia).json()["second_factors"] == ["passkey", "recovery_code"]
    show(pia, device)
    assert who(pia) == PIA


def test_a_challenge_is_answered_once(pia, device):
    options = pia.ok("POST", "/sign-in/passkey/begin/")["options"]
    body = {"credential": device.show(options)}
    pia.post("/sign-in/passkey/", body)
    pia.http = _with_session_of(pia)
    assert pia.post("/sign-in/passkey/", body).status_code == 401


def _with_session_of(rest):
    fresh = Client()
    fresh.cookies = rest.http.cookies
    return fresh


def test_a_passkey_is_removed(pia, device):
    show(pia, device)
    (passkey,) = pia.ok("GET", "/users/me/second-factors/")["passkeys"]
    assert pia.delete(f"/users/me/second-factors/passkeys/{passkey['id']}/").status_code == 204
    assert sign_in(Rest()).json()["status"] == "signed_in"


@pytest.mark.parametrize("body", [{}, {"credential": {}}, {"credential": {"id": "x"}}, {"credential": []}])
def test_nonsense_instead_of_a_passkey_opens_nothing(pia, body):
    pia.post("/sign-in/passkey/begin/")
    assert pia.post("/sign-in/passkey/", body).status_code in {400, 401}


# --- keys ---


@pytest.fixture
def key(pia):
    cast.person(PIA, "administrator")
    sign_in(pia)
    return pia.ok("POST", "/api-keys/", {"name": "billing"})


def test_a_key_opens_without_a_session_and_without_x_csrftoken(key):
    rest = Rest(token=key["token"])
    rest.http = Client(enforce_csrf_checks=True)
    made = {"first_name": "Ada", "last_name": "Byron", "local_part": "ada"}
    assert rest.post("mailboxes/", made).status_code == 201
    assert who(rest) == PIA


def test_the_key_is_shown_once(pia, key):
    (listed,) = pia.results("/api-keys/")
    assert "token" not in listed and key["token"].startswith(listed["shown_prefix"])


def test_its_last_use_is_seen(pia, key):
    who(Rest(token=key["token"]))
    (listed,) = pia.results("/api-keys/")
    assert (listed["last_used_from"], listed["last_used_at"] is not None) == ("127.0.0.1", True)


@pytest.mark.parametrize("header", ["Bearer", "Bearer pr_nothing", "Basic dTpw", "pr_nothing", ""])
def test_what_is_no_key_is_refused_even_beside_a_session(pia, header):
    sign_in(pia)
    assert pia.get("/users/me/", Authorization=header).status_code == 401


def test_a_key_makes_no_keys_and_changes_no_factors(key):
    rest = Rest(token=key["token"])
    for path in ("/api-keys/", "/users/me/second-factors/totp/", "/users/me/second-factors/recovery-codes/"):
        assert rest.post(path, {"name": "x"}).status_code == 403


def test_a_revoked_key_opens_nothing(pia, key):
    assert pia.delete(f"/api-keys/{key['id']}/").status_code == 204
    assert who(Rest(token=key["token"])) == 401


def test_a_key_that_is_narrowed_is(pia, key):
    narrowed = pia.ok(
        "POST", "/api-keys/", {"name": "n", "permissions": ["domain:see", "mailbox:see", "mailboxes:search"]}
    )
    rest = Rest(token=narrowed["token"])
    assert rest.get("mailboxes/").status_code == 200
    assert rest.post("mailboxes/", {"first_name": "A", "last_name": "B", "local_part": "ab"}).status_code == 403


def test_a_wish_that_makes_no_sense_is_told_field_by_field(pia):
    sign_in(pia)
    answer = pia.post("/api-keys/", {"name": "x", "permissions": ["mailbox:eat"], "expires_at": "2020-01-01T00:00:00Z"})
    assert (answer.status_code, set(answer.json())) == (400, {"permissions", "expires_at"})


def test_secrets_reach_no_log(pia, caplog, secret):
    caplog.set_level("DEBUG")
    sign_in(pia)
    code = pyotp.TOTP(secret).now()
    pia.post("/sign-in/totp/", {"code": code})
    sign_in(pia, password="wrong-horse-battery")
    key = Rest()
    sign_in(key, cast.UMA, cast.PASSWORD)
    made = key.ok("POST", "/api-keys/", {"name": "x"})
    assert [one for one in (PASSWORD, secret, made["token"], "wrong-horse-battery") if one in caplog.text] == []
