"""What a developer can have: objects, secrets, a directory behind the webmail, nothing at all."""

import pytest

from tests.faces.dimail_fake.conftest import REGIE, TOWN


def test_health_is_told_without_credentials(fakes):
    assert fakes.call("GET", "/healthz").status == 200


def test_commands_are_posted(fakes):
    assert fakes.call("GET", "/control/state").status == 405


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"domain": 1}'])
def test_what_is_no_object_of_arguments_is_refused(fakes, body):
    assert fakes.call("POST", "/control/state", body).status == 400


def test_an_unknown_command_is_refused_with_those_that_there_are(fakes):
    assert "fail_next, clear_faults, set_check" in fakes.refused("explode")["hints"]["command"]


class TestSecrets:
    def test_a_fixed_password_is_given_to_new_mailboxes(self, town):
        town.tell("fix_secrets", password="open-sesame-1")
        assert town.mailbox("uma").json["password"] == "open-sesame-1"

    def test_a_fixed_password_is_given_again_on_reset(self, town):
        town.mailbox("uma")
        town.tell("fix_secrets", password="open-sesame-1")
        assert town.ok("POST", f"/domains/{TOWN}/mailboxes/uma/reset_password/")["password"] == "open-sesame-1"

    def test_a_fixed_code_is_given_whoever_asks(self, town):
        town.mailbox("uma")
        town.mailbox("max", "Max", "Berg")
        town.tell("fix_secrets", code="123456")
        codes = [town.ok("POST", f"/domains/{TOWN}/mailboxes/{who}/code", {})["code"] for who in ("uma", "max", "uma")]
        assert codes == ["123456"] * 3

    @pytest.mark.parametrize("password", ["", "a\0b", "a\n", "x" * 201])
    def test_what_can_be_no_password_is_refused(self, town, password):
        assert "password" in town.refused("fix_secrets", password=password)["error"]

    def test_what_is_fixed_can_be_random_again(self, town):
        town.tell("fix_secrets", password="open-sesame-1", code="123456")
        assert town.tell("fix_secrets", password=None) == {"fixed": ["code"]}
        assert town.mailbox("uma").json["password"] != "open-sesame-1"

    def test_state_tells_what_is_fixed_but_not_to_what(self, town):
        town.tell("fix_secrets", password="open-sesame-1")
        state = town.tell("state")
        assert (state["fixed"], "open-sesame-1" in str(state)) == (["password"], False)


class TestSeed:
    def test_seeded_accounts_can_sign_in(self, fakes):
        fakes.tell("seed", users=[{"name": "root", "password": "pw", "is_admin": True}])
        (account,) = fakes.ok("GET", "/users/", basic=("root", "pw"))
        assert (account["name"], account["is_admin"]) == ("root", True)

    def test_a_seeded_domain_is_checked(self, town):
        assert town.ok("GET", f"/domains/{TOWN}")["state"] == "ok"

    def test_a_seeded_domain_may_be_new(self, town):
        town.tell("seed", domains=[{"name": "new.example", "checked": False}], allows=[allow("new.example")])
        assert town.ok("GET", "/domains/new.example")["state"] == "new"

    def test_a_seeded_domain_may_be_broken(self, town):
        town.tell(
            "seed", domains=[{"name": "bad.example", "failing": {"cert": "too old"}}], allows=[allow("bad.example")]
        )
        domain = town.ok("GET", "/domains/bad.example")
        assert (domain["state"], domain["cert"]["errors"][0]["detail"]) == ("broken", "too old")

    @pytest.mark.parametrize(
        ("written", "name"), [("Bad.Example.", "bad.example"), ("école.example", "xn--cole-9oa.example")]
    )
    def test_what_fails_is_of_the_domain_however_it_is_written(self, town, written, name):
        town.tell("seed", domains=[{"name": written, "failing": {"mx": ""}}], allows=[allow(name)])
        assert town.ok("GET", f"/domains/{name}")["state"] == "broken"

    @pytest.mark.parametrize(
        ("written", "name"), [("A.Example.", "a.example"), ("école.example", "xn--cole-9oa.example")]
    )
    def test_a_context_of_its_own_has_the_domains_name_however_it_is_written(self, town, written, name):
        town.tell("seed", domains=[{"name": written}], allows=[allow(name)])
        assert town.ok("GET", f"/domains/{name}")["context_name"] == name

    def test_seeded_mailboxes_are_listed_as_those_made_by_calls(self, town):
        boxes = [{"user_name": "ida", "givenName": "Ida", "surName": "Berg"}, {"user_name": "off", "active": "no"}]
        town.tell("seed", domains=[{"name": "full.example", "mailboxes": boxes}], allows=[allow("full.example")])
        listed = {box["email"]: box["active"] for box in town.ok("GET", "/domains/full.example/mailboxes/")}
        assert listed == {"ida@full.example": "yes", "off@full.example": "no"}

    def test_seeded_passwords_are_told(self, town):
        boxes = [{"user_name": "ida", "password": "Correct-horse-7"}, {"user_name": "max"}]
        told = town.tell("seed", domains=[{"name": "full.example", "mailboxes": boxes}])["mailboxes"]
        assert told[0] == {"email": "ida@full.example", "password": "Correct-horse-7"}
        assert len(told[1]["password"]) == 16

    def test_seeded_aliases_are_listed(self, town):
        aliases = [{"user_name": "it", "destination": "uma@town.example"}]
        town.tell("seed", domains=[{"name": "full.example", "aliases": aliases}], allows=[allow("full.example")])
        (listed,) = town.ok("GET", "/domains/full.example/aliases/")
        assert (listed["username"], listed["destination"]) == ("it", "uma@town.example")

    def test_a_context_may_have_a_domain_before_dimail(self, town):
        town.tell("seed", contexts=[{"name": "old", "domains": ["late.example"]}])
        wish = {"name": "late.example", "features": ["webmail"], "context_name": "other"}
        answer = town.call("POST", "/domains/", wish, basic=REGIE)
        assert (answer.status, answer.detail) == (409, "The domain is currently mapped to OX context old")

    def test_all_is_seeded_or_nothing(self, fakes):
        boxes = [{"user_name": "uma"}, {"user_name": "uma"}]
        told = fakes.refused(
            "seed", users=[{"name": "a", "password": "b"}], domains=[{"name": TOWN, "mailboxes": boxes}]
        )
        assert told["error"].startswith("mailbox uma@town.example: ")
        assert fakes.ok("GET", "/users/", basic=("", "")) == []

    @pytest.mark.parametrize(
        "wishes",
        [
            {"domains": [{"name": "not a domain"}]},
            {"domains": [{"name": TOWN, "failing": {"moon": ""}}]},
            {"users": [{"name": "a", "password": "b", "perms": ["all"]}]},
            {"allows": [{"user": "nobody", "domain": TOWN}]},
            {"mailboxes": []},
        ],
    )
    def test_what_cannot_be_is_refused(self, fakes, wishes):
        assert fakes.refused("seed", **wishes)["error"]

    def test_too_much_at_once_is_refused(self, fakes):
        users = [{"name": f"a{number}", "password": "b"} for number in range(10_001)]
        assert fakes.refused("seed", users=users)["error"] == "at most 10000 objects at once"


class TestOpenXchange:
    def test_a_mailbox_has_an_account_when_the_call_is_answered(self, town):
        town.mailbox("uma")
        (account,) = town.accounts()
        assert (account["email"], account["display_name"]) == ("uma@town.example", "Uma Iversen")

    def test_a_display_name_is_there_once_and_address_tells_who_has_it(self, town):
        town.mailbox("uma")
        assert town.mailbox("uma2").status == 500
        assert town.ok("GET", f"/domains/{TOWN}/address/uma2/")["ox_primary_email"] == "uma@town.example"

    def test_the_answer_to_a_second_display_name_can_be_409(self, town, settings):
        settings.DIMAIL_DUPLICATE_NAMES = 409
        town.mailbox("uma")
        assert town.mailbox("uma2").status == 409

    def test_a_mailbox_that_is_switched_off_loses_its_account(self, town):
        town.mailbox("uma")
        town.ok("PATCH", f"/domains/{TOWN}/mailboxes/uma", {"active": "no"})
        assert town.accounts() == []

    def test_one_that_is_switched_on_again_gets_another_account(self, town):
        town.mailbox("uma")
        (before,) = town.accounts()
        for active in ("no", "yes"):
            names = {"givenName": "Uma", "surName": "Iversen", "displayName": "Uma Iversen"}
            town.ok("PATCH", f"/domains/{TOWN}/mailboxes/uma", {"active": active, **names})
        (after,) = town.accounts()
        assert (after["email"], after["id"] != before["id"]) == (before["email"], True)

    def test_domains_share_a_context_by_its_name(self, town):
        town.tell("seed", domains=[{"name": "east.example", "context_name": TOWN}])
        (context,) = town.tell("state")["open_xchange"]
        assert (context["name"], context["domains"]) == (TOWN, ["east.example", TOWN])

    def test_a_domain_without_webmail_is_in_no_context(self, town):
        town.tell(
            "seed", domains=[{"name": "plain.example", "features": ["mailbox"], "mailboxes": [{"user_name": "a"}]}]
        )
        assert town.tell("state", domain="plain.example")["open_xchange"] == []


def test_reset_begins_anew_and_forgets_what_was_told(town):
    town.tell("fail_next", status=500)
    town.tell("reset")
    assert (town.begun_anew, town.mailbox("uma").status) == (1, 201)  # the database is the command line's to empty


def allow(domain: str) -> dict[str, str]:
    return {"user": REGIE[0], "domain": domain}
