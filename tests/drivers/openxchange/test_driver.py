"""What Open-Xchange is told of domains and mailboxes."""

import pytest
from hypothesis import HealthCheck, given, settings

from postroom.core.plan import PutDomain, PutMailbox, RemoveDomain, RemoveMailbox, diff_mailbox
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.openxchange.connection import Deadline
from postroom.drivers.openxchange.tools import Tools
from tests.drivers.conftest import a_domain
from tests.drivers.openxchange.conftest import MAX, UMA, put
from tests.drivers.openxchange.test_shell import texts

pytestmark = pytest.mark.processes


def too_late(_):
    raise TemporaryFailure("too late")


class TestContexts:
    def test_a_domain_is_a_mapping_of_a_context_of_its_own(self, ox, driver):
        (context,) = ox.state["contexts"].values()

        assert context["name"] == "acme.com.postroom-context-1"
        assert context["mappings"] == ["acme.com", "acme.com.postroom-domain-1"]

    def test_domains_of_one_directory_share_a_context(self, ox, driver):
        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_key=1)))

        assert len(ox.state["contexts"]) == 1
        assert [record.name for record in driver.domains()] == ["acme.com", "acme.eu"]

    def test_an_alias_leads_to_the_same_context(self, ox, driver):
        driver.apply(PutDomain(a_domain(aliases=("acme.net",))))
        driver.apply(PutDomain(a_domain(aliases=("acme.org",))))

        mappings = ox.state["contexts"]["1"]["mappings"]
        assert "acme.org" in mappings and "acme.net" not in mappings

    def test_a_domain_without_users_changes_its_directory(self, ox, driver):
        driver.apply(PutDomain(a_domain(context_key=7, context_name="town")))

        assert driver.observe_domain("acme.com").context_key == 7
        assert ox.state["contexts"]["1"]["mappings"] == []

    def test_a_domain_with_users_does_not(self, driver):
        put(driver)

        with pytest.raises(PermanentFailure, match="cannot be moved"):
            driver.apply(PutDomain(a_domain(context_key=7, context_name="town")))

        assert driver.observe_mailbox(UMA).key == 11

    def test_an_empty_context_stays_unless_it_is_told_otherwise(self, ox, driver):
        driver.apply(RemoveDomain("acme.com"))

        assert "1" in ox.state["contexts"]

    def test_an_empty_context_goes_where_the_operator_wants_that(self, ox, drive):
        driver = drive(delete_contexts=True)
        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_key=1)))

        driver.apply(RemoveDomain("acme.com"))
        assert "1" in ox.state["contexts"]
        driver.apply(RemoveDomain("acme.eu"))

        assert ox.state["contexts"] == {}

    def test_an_id_that_somebody_took_meanwhile_is_not_the_end(self, ox, driver):
        state = ox.state
        state["contexts"]["2"] = {"name": "other", "mappings": [], "quota": "1", "next": 3, "users": {}}
        state["failures"]["listcontext"] = [{"output": 'id,name,lmappings\n"1","other","1"\n'}]
        ox.state = state

        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_name="acme.eu")))

        assert ox.state["contexts"]["3"]["name"] == "acme.eu.postroom-context-2"

    def test_the_site_says_what_else_a_context_is_made_with(self, ox, drive):
        drive(quota=250, context_options=["--access-combination-name=groupware_premium"])

        (arguments,) = ox.calls("createcontext")
        assert {"--quota=250", "--access-combination-name=groupware_premium"} <= set(arguments)

    def test_a_name_with_a_character_that_no_mapping_has_is_refused_with_the_reason(self, driver):
        with pytest.raises(PermanentFailure, match="Illegal chars"):
            driver.apply(PutDomain(a_domain("acmé.com", key=2, context_name="x")))


class TestStrangers:
    """What others made in the same Open-Xchange."""

    @pytest.fixture
    def foreign(self, ox, drive):
        """acme.eu with Eve, not by Postroom."""
        drive()
        state = ox.state
        eve = {
            "name": "eve", "displayname": "Eve", "givenname": "Eve", "surname": "E", "email": "eve@acme.eu",
            "aliases": ["eve@acme.eu"], "sender": "eve@acme.eu", "mailenabled": "true", "language": "", "timezone": "",
            "password": "x", "attributes": {},
        }  # fmt: skip
        admin = {**state["contexts"]["1"]["users"]["2"], "email": "oxadmin@acme.eu"}
        state["contexts"]["9"] = {
            "name": "acme.eu", "mappings": [], "quota": "1", "next": 4, "users": {"2": admin, "3": eve},
        }  # fmt: skip
        ox.state = state
        return ox

    def test_they_are_not_shown(self, foreign, drive):
        driver = drive()

        assert driver.observe_domain("acme.eu") is None
        assert driver.observe_mailboxes("acme.eu") == []

    def test_they_are_not_touched(self, foreign, drive):
        before = foreign.state["contexts"]["9"]

        with pytest.raises(PermanentFailure, match="not by Postroom"):
            drive().apply(PutDomain(a_domain("acme.eu", key=2)))

        assert foreign.state["contexts"]["9"] == before

    def test_they_are_not_removed(self, foreign, drive):
        driver = drive()

        driver.apply(RemoveMailbox("eve@acme.eu"))
        driver.apply(RemoveDomain("acme.eu"))

        assert "3" in foreign.state["contexts"]["9"]["users"]

    def test_they_are_taken_over_where_the_operator_wants_that(self, foreign, drive):
        driver = drive(adopt=True)

        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_name="acme.eu")))
        put(driver, "eve@acme.eu", key=20)

        assert list(foreign.users("9")) == ["eve@acme.eu"]
        assert driver.observe_domain("acme.eu").key == 2
        assert driver.observe_mailbox("eve@acme.eu").key == 20

    def test_a_context_of_another_domain_of_ours_is_never_taken_over(self, foreign, drive):
        driver = drive(adopt=True)
        driver.apply(PutDomain(a_domain(aliases=("acme.net",))))

        with pytest.raises(PermanentFailure):
            driver.apply(PutDomain(a_domain("acme.net", key=3)))

    def test_a_user_without_our_mark_keeps_an_address(self, foreign, drive):
        driver = drive()
        state = foreign.state
        state["contexts"]["1"]["users"]["3"] = {
            **state["contexts"]["9"]["users"]["3"], "email": "eve@acme.com", "aliases": ["eve@acme.com"],
        }  # fmt: skip
        foreign.state = state

        with pytest.raises(PermanentFailure, match="another user"):
            put(driver, "eve@acme.com", key=20)
        with pytest.raises(PermanentFailure, match="still has users"):
            driver.apply(RemoveDomain("acme.com"))


class TestNames:
    def test_a_person_has_the_names_that_were_typed(self, ox, driver):
        put(driver, first_name="Uma", last_name="Ünal-O'Neil")

        user = ox.users()[UMA]
        assert (user["givenname"], user["surname"], user["displayname"]) == ("Uma", "Ünal-O'Neil", "Uma Ünal-O'Neil")

    def test_one_without_a_name_is_shown_by_the_address(self, ox, driver):
        put(driver, "info@acme.com")

        user = ox.users()["info@acme.com"]
        assert (user["displayname"], user["givenname"], user["surname"]) == ("info@acme.com", "info", "acme.com")

    def test_a_name_that_somebody_chose_comes_first(self, ox, driver):
        put(driver, first_name="Uma", last_name="Ux", settings={"name": "Dr. Ux"})

        assert ox.users()[UMA]["displayname"] == "Dr. Ux"

    @pytest.mark.parametrize("other", ["Uma Ux", "UMA UX", "Úma Ux"])
    def test_two_of_the_same_name_are_told_apart_by_the_address(self, ox, driver, other):
        put(driver, first_name="Uma", last_name="Ux")
        put(driver, MAX, key=12, settings={"name": other})

        assert ox.users()[MAX]["displayname"] == f"{other} ({MAX})"

    def test_they_need_no_change_then(self, ox, driver):
        put(driver, first_name="Uma", last_name="Ux")
        wanted = put(driver, MAX, key=12, first_name="Uma", last_name="Ux")

        assert diff_mailbox(wanted, driver.observe_mailbox(MAX), MAX) == []
        put(driver, MAX, key=12, first_name="Uma", last_name="Ux")
        assert ox.users()[MAX]["displayname"] == f"Uma Ux ({MAX})"

    def test_somebody_who_gets_anothers_name_is_told_apart_too(self, ox, driver):
        put(driver, first_name="Uma", last_name="Ux")
        put(driver, MAX, key=12, first_name="Max", last_name="Ix")
        wanted = put(driver, MAX, key=12, first_name="Uma", last_name="Ux")

        assert ox.users()[MAX]["displayname"] == f"Uma Ux ({MAX})"
        assert diff_mailbox(wanted, driver.observe_mailbox(MAX), MAX) == []

    def test_a_name_that_looks_told_apart_is_left_as_it_is(self, driver):
        wanted = put(driver, settings={"name": f"Uma ({UMA})"})

        assert diff_mailbox(wanted, driver.observe_mailbox(UMA), UMA) == []

    def test_a_name_changed_by_hand_shows(self, ox, driver):
        wanted = put(driver, first_name="Uma", last_name="Ux")
        state = ox.state
        state["contexts"]["1"]["users"]["3"]["displayname"] = "Somebody"
        ox.state = state

        assert diff_mailbox(wanted, driver.observe_mailbox(UMA), UMA) == [PutMailbox(wanted)]

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(texts.filter(lambda text: "\r" not in text), texts.filter(str.strip))
    def test_any_name_comes_back_as_it_was(self, driver, first, name):
        wanted = put(driver, first_name=first, last_name="Ux", settings={"name": name})

        assert driver.observe_mailbox(UMA) == wanted


class TestUserNames:
    def test_people_sign_in_with_the_local_part(self, ox, driver):
        put(driver)

        assert ox.users()[UMA]["name"] == "uma"

    def test_they_sign_in_with_the_address_where_the_operator_wants_that(self, ox, drive):
        put(drive(user_names="address"))

        assert ox.users()[UMA]["name"] == UMA

    @pytest.mark.parametrize("address", ["é@acme.com", "o'neil@acme.com", "OXADMIN@acme.com", "a/b@acme.com"])
    def test_what_cannot_be_a_user_name_gets_one(self, ox, driver, address):
        put(driver, address)

        assert ox.users()[address]["name"] == "postroom-11"

    def test_two_of_one_local_part_get_along_in_a_shared_context(self, ox, driver):
        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_key=1)))
        put(driver)
        put(driver, "uma@acme.eu", key=12)

        assert [user["name"] for user in ox.users().values()] == ["uma", "postroom-12"]

    def test_one_who_is_renamed_keeps_it_where_it_cannot_change(self, ox, drive):
        driver, state = drive(rename_users=False), ox.state
        ox.state = {**state, "username_changeable": False}
        put(driver)
        put(driver, "ursula@acme.com", was=UMA)
        put(driver, UMA, key=12)

        assert {address: user["name"] for address, user in ox.users().items()} == {
            "ursula@acme.com": "uma", UMA: "postroom-12",
        }  # fmt: skip


class TestAccounts:
    def test_one_that_is_disabled_keeps_its_account_and_cannot_sign_in(self, ox, driver):
        put(driver)
        put(driver, active=False)

        assert ox.users()[UMA]["mailenabled"] == "false"
        assert not ox.calls("deleteuser")

    @pytest.mark.parametrize("type", ["forward", "filter"])
    def test_nobody_signs_in_to_what_is_no_mailbox(self, ox, driver, type):
        wanted = put(driver, type=type)

        assert ox.users()[UMA]["mailenabled"] == "false"
        assert driver.observe_mailbox(UMA).active == wanted.active

    def test_one_enabled_by_hand_shows(self, ox, driver):
        wanted, state = put(driver, type="forward"), ox.state
        state["contexts"]["1"]["users"]["3"]["mailenabled"] = "true"
        ox.state = state

        assert diff_mailbox(wanted, driver.observe_mailbox(UMA), UMA)

    def test_a_sender_address_that_is_taken_away_is_no_longer_the_usual_one(self, ox, driver):
        put(driver, aliases=("info@acme.com",))
        state = ox.state
        state["contexts"]["1"]["users"]["3"]["sender"] = "info@acme.com"
        ox.state = state

        put(driver)

        assert ox.users()[UMA]["sender"] == UMA

    def test_a_usual_sender_that_is_still_ones_own_stays(self, ox, driver):
        put(driver, aliases=("info@acme.com",))
        state = ox.state
        state["contexts"]["1"]["users"]["3"]["sender"] = "info@acme.com"
        ox.state = state

        put(driver, aliases=("info@acme.com", "sales@acme.com"))

        assert ox.users()[UMA]["sender"] == "info@acme.com"

    def test_language_and_time_zone_are_given_once(self, ox, drive):
        driver = drive(language="fr_FR", timezone="Europe/Paris")
        put(driver)
        put(driver, first_name="Uma")

        assert (ox.users()[UMA]["language"], ox.users()[UMA]["timezone"]) == ("fr_FR", "Europe/Paris")
        assert not any("language" in argument for call in ox.calls("changeuser") for argument in call)

    def test_a_mailbox_does_not_move_where_that_would_lose_its_calendar(self, ox, drive):
        driver = drive(moves="refuse")
        driver.apply(PutDomain(a_domain("acme.eu", key=2, context_name="acme.eu")))
        put(driver)

        with pytest.raises(PermanentFailure, match="calendar"):
            put(driver, "uma@acme.eu", was=UMA)

        assert list(ox.users()) == [UMA]

    @pytest.mark.parametrize("alias", ["a,b@acme.com", "a b@acme.com"])
    def test_an_alias_that_would_be_two_is_refused(self, ox, driver, alias):
        with pytest.raises(PermanentFailure):
            put(driver, aliases=(alias,))

        assert ox.users() == {}

    def test_a_big_rename_goes_on_where_it_stopped(self, ox, driver):
        for key in (11, 12, 13):
            put(driver, f"u{key}@acme.com", key=key)
        ox.fail("changeuser")
        ox.fail("changeuser", exit=106)
        with pytest.raises(TemporaryFailure):
            driver.apply(PutDomain(a_domain("acme.eu"), was="acme.com"))

        assert driver.observe_domain("acme.com").key == 1
        driver.apply(PutDomain(a_domain("acme.eu"), was="acme.com"))

        assert [record.key for record in driver.observe_mailboxes("acme.eu")] == [11, 12, 13]
        assert len(ox.calls("changeuser")) == 4

    def test_a_rename_that_lasts_too_long_says_how_far_it_came(self, ox, driver, monkeypatch):
        for key in (11, 12):
            put(driver, f"u{key}@acme.com", key=key)
        listed = Tools.users

        def then_it_is_too_late(tools, context):
            found = listed(tools, context)
            monkeypatch.setattr(Deadline, "left", too_late)
            return found

        monkeypatch.setattr(Tools, "users", then_it_is_too_late)

        with pytest.raises(TemporaryFailure, match="0 of 2 users") as failure:
            driver.apply(PutDomain(a_domain("acme.eu"), was="acme.com"))

        assert failure.value.retry_in == 1
