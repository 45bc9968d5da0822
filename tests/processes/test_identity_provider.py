"""Signing in with an identity provider that runs as a process of its own and is another's code than our client."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pyotp
import pytest
import urllib3
from django.test import Client

from postroom.actions import person_accounts, persons, second_factors
from postroom.core import totp
from postroom.core.roles import OPERATOR
from postroom.store.models import Person
from tests import cast
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, PASSWORD

pytestmark = pytest.mark.processes

CALLBACK = "http://testserver/api/v1.0/callback/"
AUTHENTICATE, LOGOUT = "/api/v1.0/authenticate/", "/api/v1.0/logout/"
OLGA = "olga@people.test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of the running provider."""
    dir, port = tmp_path_factory.mktemp("idp"), free_port()
    command = [sys.executable, "-m", "tests.identity_provider", str(port), str(dir), CALLBACK]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=environment)
    until = time.monotonic() + 30
    while not (dir / "ready").exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def provider(address, acme, settings):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = f"{address}/o", CLIENT_ID
    settings.OIDC_CLIENT_SECRET = CLIENT_SECRET
    settings.ALLOWED_HOSTS = ["testserver"]
    return Browser(address)


class Browser:
    """One browser on both sites."""

    def __init__(self, address):
        self.address = address
        self.here = Client()
        self.cookies = {}

    def there(self, url):
        """What the provider answers."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie} if cookie else {}
        answer = urllib3.PoolManager(retries=False).request("GET", url, redirect=False, headers=headers)
        for line in answer.headers.getlist("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def way_back(self, user, leave=AUTHENTICATE):
        """To the provider, signed in there as the user; where it leads then."""
        away = self.here.get(leave)
        assert away.status_code == 302, away.content
        query = f"user={user}&password={PASSWORD}&next={quote(away['Location'])}"
        back = self.there(f"{self.address}/login/?{query}")
        return self.there(back.headers["Location"]).headers["Location"]

    def sign_in(self, user, leave=AUTHENTICATE):
        return self.here.get(self.way_back(user, leave))

    def who(self):
        answer = self.here.get("/api/v1.0/users/me/")
        return answer.json()["email"] if answer.status_code == 200 else answer.status_code


def test_somebody_new_is_signed_in(provider):
    answer = provider.sign_in("pia")
    assert (answer.status_code, answer["Location"], provider.who()) == (302, "/", "pia@people.test")


def test_name_and_language_come_along(provider):
    provider.sign_in("pia")
    person = Person.objects.get()
    assert (person.name, person.language) == ("Pia Brandt", "fr")


def test_they_are_the_same_person_the_next_time(provider, address):
    provider.sign_in("pia")
    Browser(address).sign_in("pia")
    assert Person.objects.count() == 1


def test_the_browser_comes_back_to_the_page_that_it_left(provider):
    answer = provider.sign_in("pia", f"{AUTHENTICATE}?returnTo=/mail-domains/acme_example/")
    assert answer["Location"] == "/mail-domains/acme_example/"


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_and_to_no_page_elsewhere(provider, page):
    answer = provider.sign_in("pia", f"{AUTHENTICATE}?returnTo={quote(page)}")
    assert answer["Location"] == "/"


def test_the_session_is_another_one_after_signing_in(provider):
    provider.here.get(AUTHENTICATE)
    before = provider.here.cookies["sessionid"].value
    provider.sign_in("pia")
    assert provider.here.cookies["sessionid"].value != before


def test_pkce_state_and_nonce_are_sent(provider):
    asked = parse_qs(urlsplit(provider.here.get(AUTHENTICATE)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 32 for name in ("code_challenge", "state", "nonce"))


def test_the_provider_refuses_a_code_without_its_verifier(provider):
    """It checks PKCE, and so do we get it right."""
    back = provider.way_back("pia")
    session = provider.here.session
    begun = session["oidc"]
    state = parse_qs(urlsplit(back).query)["state"][0]
    begun[state][2] = "x" * 64
    session["oidc"] = begun
    session.save()
    assert provider.here.get(back).status_code == 401


def test_a_code_opens_once(provider):
    back = provider.way_back("pia")
    provider.here.get(back)
    assert provider.here.get(back).status_code == 401


def test_a_code_that_another_browser_got_opens_nothing(provider, address):
    """Nobody is signed in as somebody else by a link."""
    back = provider.way_back("pia")
    other = Browser(address)
    assert other.here.get(back).status_code == 401
    assert other.who() == 401


def test_a_token_with_another_nonce_opens_nothing(provider):
    back = provider.way_back("pia")
    session = provider.here.session
    begun = session["oidc"]
    begun[parse_qs(urlsplit(back).query)["state"][0]][1] = "of another request"
    session["oidc"] = begun
    session.save()
    assert provider.here.get(back).status_code == 401
    assert not Person.objects.exists()


def test_an_answer_that_names_another_issuer_opens_nothing(provider):
    """RFC 9207: of two providers one must not pass its answers off as the other's."""
    back = provider.way_back("pia")
    assert "iss=" in back
    assert provider.here.get(back.partition("iss=")[0] + "iss=https://evil.example").status_code == 401


def test_an_address_that_is_not_verified_is_nobodys(provider):
    person_accounts.add(OPERATOR, cast.origin(), OLGA)
    assert provider.sign_in("mallory").status_code == 401
    assert Person.objects.get(email=OLGA).sub is None


def test_of_an_address_of_which_nothing_is_said_the_operator_decides(provider, settings):
    assert provider.sign_in("nina").status_code == 401
    settings.OIDC_TRUST_EMAILS = True
    assert provider.sign_in("nina").status_code == 302


def test_whose_address_says_that_it_is_not_verified_is_not_believed_all_the_same(provider, settings):
    settings.OIDC_TRUST_EMAILS = True
    assert provider.sign_in("mallory").status_code == 401


def test_a_second_account_of_the_same_address_is_refused(provider, address):
    provider.sign_in("pia")
    assert Browser(address).sign_in("pias-double").status_code == 401


def test_a_disabled_person_is_refused(provider, address):
    provider.sign_in("pia")
    person_accounts.disable(OPERATOR, cast.origin(), "pia@people.test")
    assert Browser(address).sign_in("pia").status_code == 401
    assert provider.who() == 401


def test_a_mailboxs_holder_comes_from_the_provider_too(provider):
    provider.sign_in("uma")
    person = Person.objects.get()
    assert person.name == "Uma Iversen"
    assert [grant.mailbox_id for grant in persons.actor(person.pk).grants] == [cast.row(cast.UMA).pk]


def test_signing_out_leads_out_of_the_provider_too(provider):
    provider.sign_in("pia")
    away = provider.here.post(LOGOUT)
    assert away.status_code == 302
    back = provider.there(away["Location"])
    assert back.headers["Location"].startswith("http://testserver/api/v1.0/logout-callback/")
    assert provider.who() == 401
    assert "login" in provider.there(provider.here.get(AUTHENTICATE)["Location"]).headers["Location"]


def test_programs_are_told_where_to_sign_out(provider):
    provider.sign_in("pia")
    url = provider.here.post("/api/v1.0/sign-out/").json()["end_session_url"]
    assert url.startswith(f"{provider.address}/o/logout/?id_token_hint=")


def test_a_provider_that_is_away_is_told(provider, settings):
    settings.OIDC_ISSUER = f"http://127.0.0.1:{free_port()}"
    assert provider.here.get(AUTHENTICATE).status_code == 503


@pytest.mark.parametrize(
    "issuer", ["http://idp.example", "ftp://idp.example", "https://user@idp.example", "file:///etc"]
)
def test_a_provider_that_is_not_encrypted_is_not_asked(provider, settings, issuer):
    settings.OIDC_ISSUER = issuer
    answer = provider.here.get(AUTHENTICATE)
    assert (answer.status_code, b"operator's log" in answer.content) == (503, True)


def test_without_a_provider_there_is_nowhere_to_go(provider, settings):
    settings.OIDC_ISSUER = ""
    assert provider.here.get(AUTHENTICATE).status_code == 404


def test_a_wrong_client_secret_is_refused_and_shown_to_nobody(provider, settings, caplog):
    settings.OIDC_CLIENT_SECRET = "wrong-secret-of-client"
    answer = provider.sign_in("pia")
    assert answer.status_code == 401
    assert b"wrong-secret" not in answer.content and "wrong-secret" not in caplog.text


# --- from the sign-in page ---

PAGE = "/sign-in/provider/?next=/account/"


def test_the_page_leads_there_and_back_to_what_was_wanted(provider):
    answer = provider.sign_in("pia", PAGE)
    assert (answer.status_code, answer["Location"], provider.who()) == (302, "/account/", "pia@people.test")


def test_whoever_is_refused_is_told_on_the_page(provider):
    answer = provider.sign_in("mallory", PAGE)
    assert answer["Location"] == "/sign-in/provider/failed/?why=BadCredentials"
    assert provider.here.get(answer["Location"])["Location"] == "/sign-in/"
    assert "The identity provider did not let you in" in provider.here.get("/sign-in/").text


def test_a_second_step_follows_on_the_page(provider):
    provider.sign_in("pia")
    pia = Person.objects.get()
    secret = totp.new_secret()
    second_factors.confirm_totp(persons.actor(pia.pk), cast.origin(), secret, pyotp.TOTP(secret).now())
    answer = Browser(provider.address).sign_in("pia", PAGE)
    assert answer["Location"] == "/sign-in/code/?next=%2Faccount%2F"


def test_signing_out_here_offers_to_sign_out_there(provider):
    provider.sign_in("pia", PAGE)
    answer = provider.here.post("/sign-out/")
    assert answer.status_code == 200 and f'href="{provider.address}/o/logout/' in answer.text
    assert provider.who() == 401


def test_the_page_says_when_the_provider_does_not_answer(acme, settings):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = f"http://127.0.0.1:{free_port()}", CLIENT_ID
    here = Client()
    assert here.get(PAGE)["Location"] == "/sign-in/?next=%2Faccount%2F"
    assert "The identity provider does not answer" in here.get("/sign-in/").text


def test_without_a_provider_there_is_no_button(acme):
    assert "/sign-in/provider/" not in Client().get("/sign-in/").text
