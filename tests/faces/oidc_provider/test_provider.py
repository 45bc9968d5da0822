"""Uma signs in to the town's calendar with her mailbox: what a program sees, step by step."""

import base64
import hashlib
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from postroom.actions import domains, mailbox_states, mailboxes, oidc_clients, oidc_grants
from postroom.core.roles import OPERATOR
from postroom.store.models import History, Mailbox, OidcCode, OidcToken, Person
from tests import cast

BACK = "https://calendar.example/back"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Calendar:
    """A program that uses Postroom for signing in."""

    def __init__(self, client_id="calendar", **wish):
        values = {"client_id": client_id, "name": "The calendar", "redirect_uris": [BACK], **wish}
        self.id = client_id
        self.secret = oidc_clients.add(OPERATOR, cast.origin(), oidc_clients.ClientWish(**values))

    def ask(self, browser, **more):
        asked = {
            "response_type": "code", "client_id": self.id, "redirect_uri": BACK, "scope": "openid email profile",
            "state": "s1", "nonce": "n1", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        }  # fmt: skip
        return browser.get("/o/authorize/", {k: v for k, v in (asked | more).items() if v is not None})

    def redeem(self, code, **more):
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        own = {"client_id": self.id, "client_secret": self.secret}
        return Client(SERVER_NAME="localhost").post(
            "/o/token/", {k: v for k, v in (asked | own | more).items() if v is not None}
        )


@pytest.fixture
def calendar(acme):
    return Calendar()


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True, SERVER_NAME="localhost")


def sign_in(browser, answer, address=cast.UMA, password=cast.PASSWORD, **more):
    """Through the page that the browser was sent to; the answer to the form."""
    page = browser.get(answer["Location"])
    token = browser.cookies["csrftoken"].value
    form = {"email": address, "password": password, "csrfmiddlewaretoken": token, **more}
    return browser.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], form)


def code_in(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["code"][0]


@pytest.fixture
def code(calendar, browser):
    back = sign_in(browser, calendar.ask(browser))
    return code_in(browser.get(back["Location"]))


@pytest.fixture
def tokens(calendar, code):
    return calendar.redeem(code).json()


def userinfo(tokens):
    return Client(SERVER_NAME="localhost").get(
        "/o/userinfo/", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )


def test_whoever_is_not_signed_in_is_sent_to_the_page(calendar, browser):
    answer = calendar.ask(browser, login_hint=cast.UMA)
    assert urlsplit(answer["Location"]).path == "/login"
    assert f'value="{cast.UMA}"' in browser.get(answer["Location"]).content.decode()


def test_the_page_names_the_program(calendar, browser):
    assert "The calendar" in browser.get(calendar.ask(browser)["Location"]).content.decode()


def test_the_page_speaks_french(calendar, browser):
    page = browser.get(calendar.ask(browser)["Location"], headers={"Accept-Language": "fr"})
    assert "Se connecter avec sa boîte aux lettres" in page.content.decode()


def test_a_code_comes_back_with_the_state(calendar, browser):
    answer = browser.get(sign_in(browser, calendar.ask(browser))["Location"])
    assert answer["Location"].startswith(f"{BACK}?") and "state=s1" in answer["Location"]


def test_the_id_token_is_signed_and_says_who_it_is(tokens):
    keys = KeySet.import_key_set(Client(SERVER_NAME="localhost").get("/o/.well-known/jwks.json").json())
    claims = jwt.decode(tokens["id_token"], keys, ["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == ("http://localhost/o", "calendar", "n1")
    assert (claims["email"], claims["amr"]) == (cast.UMA, ["pwd"])
    assert claims["exp"] > time.time() and abs(claims["auth_time"] - time.time()) < 60


def test_the_configuration_names_the_issuer_and_where_everything_is(calendar):
    told = Client(SERVER_NAME="localhost").get("/o/.well-known/openid-configuration").json()
    assert told["issuer"] == "http://localhost/o"
    assert told["token_endpoint"] == "http://localhost/o/token/"


def test_userinfo_tells_what_was_asked_for(calendar, browser):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "Uma Iversen"})
    back = sign_in(browser, calendar.ask(browser, scope="openid given_name usual_name"))
    told = userinfo(calendar.redeem(code_in(browser.get(back["Location"]))).json()).json()
    assert (told["given_name"], told["usual_name"], "email" in told) == ("Uma", "Iversen", False)


def test_the_subject_stays_when_the_mailbox_is_renamed(tokens):
    before = userinfo(tokens).json()["sub"]
    from postroom.actions import mailbox_removal

    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "ulla@acme.example")
    assert userinfo(tokens).json()["sub"] == before


def test_userinfo_is_signed_for_those_who_want_it_so(acme, browser):
    ask = Calendar("proconnect", signs_userinfo=True)
    oidc_clients.register_company(OPERATOR, cast.origin(), "acme", ["21750001600019"])
    back = sign_in(browser, ask.ask(browser, scope="openid siret siren", acr_values="eidas1"))
    answer = userinfo(ask.redeem(code_in(browser.get(back["Location"]))).json())
    keys = KeySet.import_key_set(Client(SERVER_NAME="localhost").get("/o/.well-known/jwks.json").json())
    told = jwt.decode(answer.content.decode(), keys, ["RS256"]).claims
    assert (told["siret"], told["siren"], told["acr"], told["aud"]) == (
        "21750001600019", "217500016", "eidas1", "proconnect",
    )  # fmt: skip


def test_a_wrong_password_opens_nothing(calendar, browser):
    answer = sign_in(browser, calendar.ask(browser), password="Wrong-password-1")
    assert answer.status_code == 403 and "do not fit together" in answer.content.decode()
    assert not OidcCode.objects.exists()


def test_five_wrong_ones_lock_the_address_for_a_while(calendar, browser):
    asked = calendar.ask(browser)
    for _ in range(6):
        sign_in(browser, asked, password="Wrong-password-1")
    assert "Too many attempts" in sign_in(browser, asked).content.decode()


def test_the_form_cannot_be_sent_from_elsewhere(calendar, browser):
    asked = calendar.ask(browser)
    assert browser.post(asked["Location"], {"email": cast.UMA, "password": cast.PASSWORD}).status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/o/authorize/", "/o/logout/", ""])
def test_the_page_leads_nowhere_else(calendar, browser, back):
    assert browser.get("/login", {"next": back}).status_code == 400


def test_a_disabled_mailbox_gets_no_code(calendar, browser):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    assert sign_in(browser, calendar.ask(browser)).status_code == 403


def test_a_disabled_mailbox_is_told_of_no_more(tokens):
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    assert userinfo(tokens).status_code == 401


def test_a_switched_off_domain_ends_it_too(tokens):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"disabled": True})
    assert userinfo(tokens).status_code == 401


def test_the_minute_holds_for_one_program(calendar, browser):
    browser.get(sign_in(browser, calendar.ask(browser))["Location"])
    assert urlsplit(calendar.ask(browser)["Location"]).path == "/login"


def test_a_minute_is_a_minute(calendar, browser, monkeypatch):
    back = sign_in(browser, calendar.ask(browser))["Location"]
    later = time.time() + 61
    monkeypatch.setattr("postroom.faces.oidc_provider.sessions.time.time", lambda: later)
    assert urlsplit(browser.get(back)["Location"]).path == "/login"


def test_a_code_opens_once_and_then_closes_what_it_opened(calendar, code):
    tokens = calendar.redeem(code).json()
    again = calendar.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert userinfo(tokens).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code_verifier": "w" * 43}, 400), ({"code_verifier": None}, 400), ({"code": "unknown"}, 400),
        ({"redirect_uri": "https://calendar.example/other"}, 400), ({"client_secret": "wrong"}, 401),
        ({"client_secret": None}, 401), ({"grant_type": "password"}, 400),
    ],
)  # fmt: skip
def test_a_code_opens_nothing_with_anything_wrong(calendar, code, wrong, status):
    assert calendar.redeem(**{"code": code} | wrong).status_code == status
    assert not OidcToken.objects.exists()


def test_a_code_is_for_its_program_alone(calendar, code):
    assert Calendar("other").redeem(code).json()["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(calendar, code):
    OidcCode.objects.update(expires_at=1)
    assert calendar.redeem(code).status_code == 400


def test_a_public_program_needs_a_challenge(acme, browser):
    ask = Calendar("browser-app", public=True)
    back = sign_in(browser, ask.ask(browser, code_challenge=None, code_challenge_method=None))
    code = code_in(browser.get(back["Location"]))
    assert ask.redeem(code, client_secret=None, code_verifier=None).status_code == 400


def test_a_public_program_with_one_gets_in(acme, browser):
    ask = Calendar("browser-app", public=True)
    code = code_in(browser.get(sign_in(browser, ask.ask(browser))["Location"]))
    assert ask.redeem(code, client_secret=None).status_code == 200


def test_a_plain_challenge_is_refused(calendar, browser):
    answer = calendar.ask(browser, code_challenge=VERIFIER, code_challenge_method="plain")
    assert answer["Location"].startswith(f"{BACK}?error=invalid_request")


@pytest.mark.parametrize("wrong", [{"client_id": "unknown"}, {"redirect_uri": "https://evil.example/"}])
def test_nobody_is_sent_to_an_unknown_address(calendar, browser, wrong):
    answer = calendar.ask(browser, **wrong)
    assert (answer.status_code, "Location" in answer) == (400, False)


@pytest.mark.parametrize(
    ("more", "error"),
    [({"prompt": "none"}, "login_required"), ({"response_type": "token"}, "unsupported_response_type"),
     ({"acr_values": "eidas3"}, "login_required")],
)  # fmt: skip
def test_what_cannot_be_given_is_told_to_the_program(calendar, browser, more, error):
    told = parse_qs(urlsplit(calendar.ask(browser, **more)["Location"]).query)
    assert (told["error"], told["state"]) == ([error], ["s1"])


def test_unknown_scopes_are_left_out(calendar, browser):
    back = sign_in(browser, calendar.ask(browser, scope="openid everything"))
    assert calendar.redeem(code_in(browser.get(back["Location"]))).json()["scope"] == "openid"


def test_codes_and_tokens_are_kept_as_hashes(calendar, code):
    token = calendar.redeem(code).json()["access_token"]
    kept = str(OidcCode.objects.values()) + str(OidcToken.objects.values())
    assert code not in kept and token not in kept


def test_signing_in_is_in_the_history_of_the_person(tokens):
    person = Person.objects.get(mailbox=Mailbox.objects.get(address=cast.UMA))
    assert History.objects.filter(kind="person", object_id=person.pk, verb="signed in").exists()


def test_signing_out_leads_back_to_known_addresses_only(acme, browser):
    Calendar("leaver", logout_uris=["https://calendar.example/bye"])
    good = {"client_id": "leaver", "post_logout_redirect_uri": "https://calendar.example/bye", "state": "x"}
    assert browser.get("/o/logout/", good)["Location"] == "https://calendar.example/bye?state=x"
    evil = browser.get("/o/logout/", good | {"post_logout_redirect_uri": "https://evil.example/"})
    assert evil.status_code == 200


def test_old_codes_and_tokens_are_forgotten(tokens):
    oidc_grants.forget_old(int((time.time() + 3600) * 1000))
    assert not OidcCode.objects.exists() and not OidcToken.objects.exists()


def test_keys_are_changed_and_old_ones_stay_published_for_a_while(calendar):
    now = time.time()
    first = oidc_grants.signing_keys(now)[0].kid
    later = oidc_grants.signing_keys(now + 91 * 86_400)
    assert later[0].kid != first and later[1].kid == first


class TestJsonCall:
    """For programs with a sign-in page of their own, as People has (people.md section 8)."""

    def call(self, browser, body, content_type="application/json"):
        return browser.post("/api/v1.0/login/", body, content_type=content_type)

    def test_a_right_password_opens_the_way_to_authorize(self, calendar, browser):
        answer = self.call(browser, {"email": cast.UMA.upper(), "password": cast.PASSWORD})
        assert (answer.status_code, answer.json()) == (200, {"message": "Successfully logged in"})
        assert calendar.ask(browser)["Location"].startswith(f"{BACK}?code=")

    def test_a_wrong_one_does_not(self, acme, browser):
        answer = self.call(browser, {"email": cast.UMA, "password": "Wrong-password-1"})
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid credentials"})

    def test_an_unknown_address_is_told_the_same(self, acme, browser):
        answer = self.call(browser, {"email": "nobody@acme.example", "password": cast.PASSWORD})
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid credentials"})

    @pytest.mark.parametrize("body", [{}, {"email": cast.UMA}, "nonsense", {"email": 1, "password": 2}])
    def test_missing_fields_are_said(self, acme, browser, body):
        assert self.call(browser, body).status_code == 400

    def test_a_form_of_another_site_is_not_read(self, acme, browser):
        assert self.call(browser, "email=x&password=y", "application/x-www-form-urlencoded").status_code == 415
