"""What People sends, in its order and its very shapes (specs/dimail.md 3–6, 8; specs of People's calls): Basic for
domains, a fresh token for every other call, bodies with GET and DELETE."""

import base64
import json
from typing import Any

import pytest

from postroom.actions import live, setup
from postroom.store.models import Domain
from postroom.worker import reconcile
from tests import cast
from tests.faces.dimail.client import Answer, Dimail

DOMAIN = "test.domain.com"
REGIE = {"name": "la_regie", "password": "password", "is_admin": "false",
         "perms": ["new_domain", "create_users", "manage_users"]}  # fmt: skip
NAMES = {"givenName": "Jean", "surName": "Dupont", "displayName": "Jean Dupont"}
EXTERNAL = {"domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim"}
INTERNAL = {"postfix", "ox", "cert", "webmail_ok"}


class People:
    """As its client is written: `MAIL_PROVISIONING_API_CREDENTIALS` is base64 of name and password."""

    def __init__(self, credentials: str) -> None:
        self.basic = {"HTTP_AUTHORIZATION": f"Basic {credentials}", "CONTENT_TYPE": "application/json"}

    def ask(self, method: str, path: str, sent: Any = None, expected: int = 200) -> Answer:
        """By name and password."""
        return self._checked(Dimail().call(method, path, sent, prefix="", **self.basic), expected)

    def manage(self, method: str, path: str, sent: Any = None, expected: int = 200) -> Answer:
        """With a token of its own, got for this call."""
        token = self.ask("GET", "/token/").json["access_token"]
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token}", "CONTENT_TYPE": "application/json"}
        return self._checked(Dimail().call(method, path, sent, prefix="", **headers), expected)

    def _checked(self, answer: Answer, expected: int) -> Answer:
        assert answer.status == expected, answer
        kind = answer.headers.get("Content-Type", "")
        # Its client decodes by the encoding, and crashes where there is none.
        assert answer.status == 204 or kind == "application/json" or "charset=" in kind
        assert "Location" not in answer.headers
        return answer


def credentials(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def fake(db, settings):
    settings.DIMAIL_FAKE = True
    settings.DIMAIL_JWT_SECRET = "fake_jwt_secret_of_a_compose_file"
    setup.add_platform(cast.origin(), "fake", "fake", {"path": ":memory:"})


@pytest.fixture
def people(fake) -> People:
    """After `setup_dimail_db`."""
    People(credentials("", "")).ask(
        "POST", "/users/", {"name": "admin", "password": "admin", "is_admin": "true"}, expected=201
    )
    People(credentials("admin", "admin")).ask("POST", "/users/", REGIE, expected=201)
    return People(credentials("la_regie", "password"))


def worker() -> None:
    """Does at once what there is to do for the domain and its mailboxes."""
    for id in Domain.objects.values_list("id", flat=True):
        reconcile.domain(id, lambda: 2**42)


def made(people: People) -> dict[str, Any]:
    sent = {
        "name": DOMAIN, "delivery": "virtual", "features": ["webmail", "mailbox", "alias"], "context_name": DOMAIN,
    }  # fmt: skip
    answer: dict[str, Any] = people.ask("POST", "/domains/", sent, expected=201).json
    worker()
    return answer


@pytest.fixture
def enabled(people) -> People:
    made(people)
    assert people.ask("GET", f"/domains/{DOMAIN}/check").json["state"] == "ok"
    return people


def mailbox(people: People, user: str = "jean.dupont", names: Any = NAMES, expected: int = 201) -> Answer:
    return people.manage("POST", f"/domains/{DOMAIN}/mailboxes/{user}", names, expected)


# setup_dimail_db


def test_the_first_account_needs_no_name(fake):
    nobody = People(credentials("", ""))
    told = nobody.ask("POST", "/users/", {"name": "admin", "password": "admin", "is_admin": "true"}, expected=201)
    assert (told.json["name"], told.json["is_admin"]) == ("admin", True)


def test_once_there_is_one_nobody_else_comes_in(people):
    assert People(credentials("", "")).ask("POST", "/users/", REGIE, expected=403)


def test_the_setup_run_twice_hears_409(people):
    again = People(credentials("admin", "admin")).ask("POST", "/users/", REGIE, expected=409)
    assert again.detail == "User already exists"


def test_its_own_account_is_no_administrator_and_has_perms(people):
    told = People(credentials("admin", "admin")).ask("GET", "/users/la_regie").json
    assert (told["is_admin"], sorted(told["perms"])) == (False, sorted(REGIE["perms"]))


def test_wrong_credentials_are_exactly_403(people):
    assert People(credentials("la_regie", "wrong")).ask("GET", "/token/", expected=403).detail == "Permission denied"


# domains


def test_a_domain_begins_unchecked(people):
    told = made(people)
    assert (told["state"], told["valid"], told["context_name"], told["delivery"]) == ("new", False, DOMAIN, "virtual")


def test_a_second_time_it_is_there(people):
    made(people)
    sent = {"name": DOMAIN, "delivery": "virtual", "features": ["webmail"], "context_name": DOMAIN}
    assert people.ask("POST", "/domains/", sent, expected=409).detail == "Domain already exists"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_check_that_finds_all_well(people, slash):
    made(people)
    told = people.ask("GET", f"/domains/{DOMAIN}/check{slash}").json
    assert (told["state"], told["valid"]) == ("ok", True)
    assert {name for name, test in told.items() if isinstance(test, dict) and test["internal"] is True} == INTERNAL
    assert {name for name, test in told.items() if isinstance(test, dict) and test["internal"] is False} == EXTERNAL


def test_a_check_that_finds_the_owners_dns_wrong(people):
    made(people)
    live.command_fake("set_check", {"domain": DOMAIN, "test": "mx", "ok": False})
    told = people.ask("GET", f"/domains/{DOMAIN}/check").json
    failed = {name for name, test in told.items() if isinstance(test, dict) and not test["ok"]}
    assert (told["state"], failed) == ("broken", {"mx"})
    assert told["mx"]["errors"][0]["detail"]


def test_a_fault_of_ours_is_fixed(people):
    made(people)
    live.command_fake("set_check", {"domain": DOMAIN, "test": "ox", "ok": False})
    told = people.ask("GET", f"/domains/{DOMAIN}/check").json
    assert (told["state"], told["ox"]["ok"], told["mx"]["ok"]) == ("broken", False, True)
    assert people.ask("GET", f"/domains/{DOMAIN}/fix/").json["state"] == "ok"


@pytest.mark.parametrize(
    ("repair", "failed"), [({"repairs": False}, {"ox"}), ({"repairs": True, "breaks": "spf"}, {"spf"})]
)
def test_a_fault_that_the_repair_does_not_end(people, repair, failed):
    made(people)
    live.command_fake("set_check", {"domain": DOMAIN, "test": "ox", "ok": False})
    live.command_fake("set_fix", {"domain": DOMAIN, **repair})
    told = people.ask("GET", f"/domains/{DOMAIN}/fix/").json
    assert {name for name, test in told.items() if isinstance(test, dict) and not test["ok"]} == failed


def test_the_wanted_records(people):
    made(people)
    told = people.ask("GET", f"/domains/{DOMAIN}/spec/").json
    assert all(record.keys() == {"target", "type", "value"} for record in told)
    assert ("", "mx") in [(record["target"], record["type"]) for record in told]


def test_check_and_spec_of_an_unknown_domain(people):
    for call in ("check", "fix/", "spec/"):
        assert people.ask("GET", f"/domains/nowhere.test/{call}", expected=404).detail == "Domain not found"


# mailboxes


def test_a_mailbox_is_made_and_its_holder_gets_a_code(enabled):
    told = mailbox(enabled).json
    assert (told["email"], bool(told["password"])) == (f"jean.dupont@{DOMAIN}", True)
    code = enabled.manage(
        "POST", f"/domains/{DOMAIN}/mailboxes/jean.dupont/code", {"expires_in": 3600, "maxuse": 3}, expected=201
    ).json
    assert (code["email"], code["maxuse"], code["nbuse"]) == (f"jean.dupont@{DOMAIN}", 3, 0)


def test_the_address_dance_for_a_name_that_is_taken(enabled):
    mailbox(enabled)
    mailbox(enabled, "jdupont", expected=500)
    told = enabled.manage("GET", f"/domains/{DOMAIN}/address/jdupont/", {}).json
    assert told["ox_primary_email"] == f"jean.dupont@{DOMAIN}"


def test_a_mailbox_is_disabled_and_enabled(enabled):
    mailbox(enabled)
    path = f"/domains/{DOMAIN}/mailboxes/jean.dupont"
    assert enabled.manage("PATCH", path, {"active": "no"}).json["active"] == "no"
    assert enabled.manage("PATCH", path, {"active": "yes", **NAMES}).json["active"] == "yes"


def test_a_password_is_reset(enabled):
    mailbox(enabled)
    told = enabled.manage("POST", f"/domains/{DOMAIN}/mailboxes/jean.dupont/reset_password/").json
    assert told.keys() == {"email", "password"}


def test_mailboxes_of_people_are_imported_and_others_are_told_apart(enabled):
    mailbox(enabled)
    mailbox(enabled, "contact", {"givenName": "", "surName": "", "displayName": ""})
    told = enabled.manage("GET", f"/v2/domains/{DOMAIN}/mailboxes/").json
    persons = [one for one in told if "ox" in one["features"]]
    names = [(p["email"], p["extras"]["ox"]["given_name"], p["extras"]["ox"]["sur_name"]) for p in persons]
    assert names == [(f"jean.dupont@{DOMAIN}", "Jean", "Dupont")]


def test_the_older_import_reads_a_list_of_the_first_version(enabled):
    mailbox(enabled)
    (one,) = enabled.manage("GET", f"/domains/{DOMAIN}/mailboxes/").json
    assert (one["type"], one["displayName"], one["email"]) == ("mailbox", "Jean Dupont", f"jean.dupont@{DOMAIN}")


# aliases


def test_the_life_of_aliases(enabled):
    path = f"/domains/{DOMAIN}/aliases/"
    for destination in ("a@else.where", "b@else.where", "devnull@devnull"):
        enabled.manage("POST", path, {"user_name": "contact", "destination": destination}, expected=201)
    enabled.manage("POST", path, {"user_name": "contact", "destination": "a@else.where"}, expected=409)
    assert len(enabled.manage("GET", path).json) == 3
    enabled.manage("DELETE", f"{path}contact/a@else.where", {}, expected=204)
    enabled.manage("DELETE", f"{path}contact/a@else.where", {}, expected=404)
    enabled.manage("DELETE", f"{path}contact/all", {}, expected=204)
    enabled.manage("DELETE", f"{path}contact/all", {}, expected=404)


def test_every_error_says_its_detail_in_json(people):
    answer = people.manage("GET", f"/domains/{DOMAIN}/aliases/", expected=403)
    assert json.loads(answer.body) == {"detail": "Permission denied"}


def test_no_top_level_key_but_the_tests_has_internal(enabled):
    told = enabled.ask("GET", f"/domains/{DOMAIN}/check").json
    assert {name for name, value in told.items() if isinstance(value, dict)} == EXTERNAL | INTERNAL
