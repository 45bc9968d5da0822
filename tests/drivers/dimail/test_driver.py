"""The driver of a remote dimail, against a stand-in over HTTP: what is there in the end, and nothing twice."""

import pytest

from postroom.core.plan import Conflict, PutDomain, PutMailbox, RemoveDomain, RemoveMailbox
from postroom.core.records import AliasRecord
from postroom.drivers.contract import NoMailbox, PermanentFailure, RemoteMailbox, TemporaryFailure
from postroom.drivers.dimail import mailboxes
from tests.drivers.test_contract import (
    TestChecks,  # noqa: F401 -- what the suite of all drivers asks of checks
    test_a_closed_driver_can_be_closed_again,  # noqa: F401
    test_abilities_can_be_stored_beside_the_platform,  # noqa: F401
)

UMA, MAX = "uma@acme.com", "max@acme.com"


@pytest.fixture
def uma(mailbox):
    return lambda address=UMA, **more: mailbox(address, **{"first_name": "Uma", "last_name": "Moreau", **more})


@pytest.fixture
def acme(driver, domain, uma):
    driver.apply(PutDomain(domain()))
    driver.apply(PutMailbox(uma()))
    return driver


def changes(there):
    return [call for call in there.calls if not call.startswith("GET")]


class TestDomains:
    def test_a_domain_is_made_with_all_features_in_its_context(self, driver, there, domain):
        driver.apply(PutDomain(domain(context_name="town")))
        made = there.domains["acme.com"]
        assert (made["features"], made["context_name"]) == (["webmail", "mailbox", "alias"], "town")

    def test_one_that_is_there_is_not_made_again(self, driver, there, domain):
        for _ in range(2):
            driver.apply(PutDomain(domain()))
        assert changes(there) == ["POST /domains/"]

    def test_one_of_somebody_else_is_refused(self, driver, there, domain):
        there.foreign.add("acme.com")
        with pytest.raises(PermanentFailure, match=r"Not authorized"):
            driver.apply(PutDomain(domain()))

    def test_other_names_of_a_domain_are_refused(self, driver, there, domain):
        with pytest.raises(PermanentFailure, match=r"acme\.net"):
            driver.apply(PutDomain(domain(aliases=("acme.net",))))
        assert there.domains == {}

    def test_a_new_name_is_refused_and_nothing_made(self, acme, there, domain):
        with pytest.raises(PermanentFailure, match="new name"):
            acme.apply(PutDomain(domain("acme.eu"), was="acme.com"))
        assert list(there.domains) == ["acme.com"]

    def test_an_empty_domain_is_removed_once(self, driver, there, domain):
        driver.apply(PutDomain(domain()))
        for _ in range(2):
            driver.apply(RemoveDomain("acme.com"))
        assert there.domains == {}
        assert changes(there).count("DELETE /domains/acme.com") == 1

    def test_one_with_mailboxes_stays(self, acme, there):
        with pytest.raises(PermanentFailure, match="still has mailboxes"):
            acme.apply(RemoveDomain("acme.com"))
        assert "acme.com" in there.domains

    @pytest.mark.parametrize("status", [403, 405, 501])
    def test_a_dimail_that_removes_no_domains_for_us_says_so(self, driver, there, domain, status):
        driver.apply(PutDomain(domain()))
        there.fail("DELETE /domains/acme.com", status)
        with pytest.raises(PermanentFailure, match="whoever runs this dimail"):
            driver.apply(RemoveDomain("acme.com"))

    def test_a_conflict_fails_with_its_reason(self, driver):
        with pytest.raises(PermanentFailure, match="taken by a stranger"):
            driver.apply(Conflict("acme.com", "taken by a stranger"))


class TestAliases:
    OWN = (AliasRecord(local_part="info", destinations=(MAX, UMA)),)

    def test_they_come_with_their_domain(self, driver, there, domain):
        driver.apply(PutDomain(domain(own_aliases=self.OWN)))
        assert there.aliases == {("info@acme.com", MAX), ("info@acme.com", UMA)}

    def test_those_that_are_there_are_not_told_again(self, driver, there, domain):
        for _ in range(2):
            driver.apply(PutDomain(domain(own_aliases=self.OWN)))
        assert changes(there).count("POST /domains/acme.com/aliases/") == 2

    def test_those_of_others_stay(self, driver, there, domain):
        there.aliases = {("press@acme.com", "x@example.org"), ("info@acme.com", MAX)}
        driver.apply(PutDomain(domain(), withdraw=(("info@acme.com", MAX),)))
        assert there.aliases == {("press@acme.com", "x@example.org")}

    def test_one_that_is_wanted_is_not_withdrawn(self, driver, there, domain):
        driver.apply(PutDomain(domain(own_aliases=self.OWN), withdraw=(("info@acme.com", MAX),)))
        assert ("info@acme.com", MAX) in there.aliases

    def test_of_a_domain_that_is_not_active_nothing_is_told(self, driver, there, domain):
        driver.apply(PutDomain(domain(own_aliases=self.OWN, active=False)))
        assert there.aliases == set()


class TestMailboxes:
    def test_one_is_made_with_its_names(self, acme, there):
        assert there.mailboxes == {UMA: {"givenName": "Uma", "surName": "Moreau", "active": "yes"}}

    def test_one_that_is_there_is_not_made_again(self, acme, there, uma):
        acme.apply(PutMailbox(uma(), was=UMA))
        assert changes(there).count(f"POST /domains/acme.com/mailboxes/{UMA.split('@')[0]}") == 1

    def test_one_without_a_holder_gets_a_name_that_nobody_else_has(self, acme, there, mailbox):
        acme.apply(PutMailbox(mailbox("info@acme.com")))
        acme.apply(PutMailbox(mailbox("press@acme.com")))
        assert {m["givenName"] for a, m in there.mailboxes.items() if a != UMA} == {"info", "press"}

    def test_a_new_name_of_its_holder_is_told(self, acme, there, uma):
        acme.apply(PutMailbox(uma(last_name="Petit"), was=UMA))
        assert there.mailboxes[UMA]["surName"] == "Petit"

    def test_one_that_is_switched_off_is_off(self, acme, there, uma):
        acme.apply(PutMailbox(uma(active=False), was=UMA))
        assert there.mailboxes[UMA]["active"] == "no"

    def test_what_is_off_is_not_switched_off_again(self, acme, there, uma):
        for _ in range(2):
            acme.apply(PutMailbox(uma(active=False), was=UMA))
        assert sum(call.startswith("PATCH") for call in there.calls) == 1

    def test_one_that_is_switched_on_gets_its_names_back(self, acme, there, uma):
        acme.apply(PutMailbox(uma(active=False), was=UMA))
        acme.apply(PutMailbox(uma(), was=UMA))
        assert there.mailboxes[UMA] == {"givenName": "Uma", "surName": "Moreau", "active": "yes"}
        sent = [body for call, body in there.bodies if call.startswith("PATCH")][-1]
        assert set(sent) == {"active", "givenName", "surName", "displayName"}

    def test_in_a_domain_that_is_not_there_it_is_refused(self, driver, uma):
        with pytest.raises(PermanentFailure):
            driver.apply(PutMailbox(uma()))

    def test_one_that_went_with_its_domain_is_gone(self, acme, there):
        there.domains.clear()
        acme.apply(RemoveMailbox(UMA))

    def test_one_that_we_may_not_remove_is_still_there(self, acme, there):
        there.fail("DELETE .*/mailboxes/uma", 403, times=2)
        with pytest.raises(PermanentFailure):
            acme.apply(RemoveMailbox(UMA))

    def test_a_namesake_is_refused_with_whose_name_it_is(self, acme, uma, there):
        with pytest.raises(PermanentFailure, match=f"{UMA} has the same first and last name"):
            acme.apply(PutMailbox(uma(MAX)))
        assert MAX not in there.mailboxes

    def test_a_500_for_another_reason_may_pass(self, acme, uma, there):
        there.fail("POST .*/mailboxes/max", 500)
        there.fail("GET .*/address/", 404)
        with pytest.raises(TemporaryFailure):
            acme.apply(PutMailbox(uma(MAX, last_name="Petit")))

    def test_a_500_for_one_that_was_made_all_the_same_is_no_failure(self, driver, there, domain, uma):
        driver.apply(PutDomain(domain()))
        there.fail("POST .*/mailboxes/uma", "broken")
        driver.apply(PutMailbox(uma()))
        assert list(there.mailboxes) == [UMA]

    def test_a_new_address_is_taken_where_dimail_gives_some(self, acme, there, uma):
        there.renames = True
        acme.apply(PutMailbox(uma("ursula@acme.com"), was=UMA))
        assert list(there.mailboxes) == ["ursula@acme.com"]

    def test_a_new_address_is_refused_and_nothing_made(self, acme, there, uma):
        with pytest.raises(PermanentFailure, match="Not yet implemented"):
            acme.apply(PutMailbox(uma("ursula@acme.com"), was=UMA))
        assert list(there.mailboxes) == [UMA]

    def test_a_new_address_that_others_have_there_is_not_taken_for_ours(self, acme, there, uma):
        there.person("ursula@acme.com", "Ursula", "Petit")
        with pytest.raises(PermanentFailure, match="another mailbox"):
            acme.apply(PutMailbox(uma("ursula@acme.com"), was=UMA))

    @pytest.mark.parametrize("type", ["forward", "filter"])
    def test_what_is_no_mailbox_is_refused(self, acme, mailbox, type):
        with pytest.raises(PermanentFailure, match="mailboxes only"):
            acme.apply(PutMailbox(mailbox(MAX, type=type)))

    def test_one_that_was_removed_twice_is_gone(self, acme, there):
        for _ in range(2):
            acme.apply(RemoveMailbox(UMA))
        assert there.mailboxes == {}

    @pytest.mark.parametrize("missing", ["Mailbox", "Domain"])
    def test_one_that_only_the_groupware_has_not_got_is_still_there(self, acme, there, missing):
        there.fail("DELETE .*/mailboxes/uma", 404, body={"detail": f"{missing} not found in open-xchange"})
        with pytest.raises(PermanentFailure, match="in open-xchange"):
            acme.apply(RemoveMailbox(UMA))

    def test_a_name_that_no_path_can_hold_is_refused(self, acme):
        with pytest.raises(PermanentFailure):
            acme.apply(RemoveMailbox("a/../b@acme.com"))


class TestWaysIn:
    def test_a_login_code_opens_the_webmail(self, acme):
        code = acme.login_code(UMA, seconds=600, uses=2)
        assert (code.url, code.seconds, code.uses) == ("https://webmail.example/code/code0", 600, 2)

    def test_a_new_password_is_dimails_own(self, acme):
        assert acme.new_password(UMA) == "a-fresh-password"

    def test_of_a_mailbox_that_is_not_there_neither_is_made(self, acme):
        with pytest.raises(NoMailbox):
            acme.new_password(MAX)
        with pytest.raises(NoMailbox):
            acme.login_code(MAX, seconds=600, uses=1)

    def test_neither_is_shown_by_what_holds_it(self, acme):
        code = acme.login_code(UMA, seconds=600, uses=2)
        assert "code0" not in repr(code)


class TestInventory:
    def test_mailboxes_come_by_address_without_the_administrator_of_the_context(self, acme, there):
        there.person("desk@acme.com", active="no")
        assert acme.inventory("acme.com").mailboxes == (
            RemoteMailbox(address="desk@acme.com", active=False),
            RemoteMailbox(address=UMA, first_name="Uma", last_name="Moreau"),
        )

    def test_aliases_are_pairs(self, acme, there):
        there.aliases = {("info@acme.com", "x@example.org"), ("void@acme.com", "devnull@devnull")}
        assert acme.inventory("acme.com").aliases == tuple(sorted(there.aliases))

    def test_what_is_no_address_of_ours_is_named_and_left(self, acme, there):
        there.person("zoë@acme.com", "Zoë", "Petit")
        there.aliases = {("info@acme.com", "nobody")}
        found = acme.inventory("acme.com")
        assert found.unreadable == ("zoë@acme.com", "info@acme.com → nobody")
        assert len(found.mailboxes) == 1

    def test_a_domain_that_is_not_there_has_none(self, driver):
        assert driver.inventory("acme.com") is None


class TestReports:
    def test_a_failed_test_has_dimails_own_words(self, acme, there, domain):
        there.failing["acme.com"] = {"mx": "Je veux que le MX soit mx.dimail.example."}
        (failed,) = acme.check_domain(domain()).failed
        assert (failed.name, failed.internal, failed.code) == ("mx", False, "no_mx")
        assert failed.detail == "Je veux que le MX soit mx.dimail.example."

    def test_an_answer_without_tests_is_not_taken_for_a_domain_in_order(self, acme, there, domain):
        there.fail("GET .*/check", "garbage", body='{"name": "acme.com", "state": "ok"}')
        with pytest.raises(TemporaryFailure, match="makes no sense"):
            acme.check_domain(domain())

    def test_an_answer_about_another_domain_is_not_believed(self, acme, there, domain):
        there.fail("GET .*/check", "garbage", body='{"name": "other.com", "mx": {"ok": true}}')
        with pytest.raises(TemporaryFailure, match="makes no sense"):
            acme.check_domain(domain())

    def test_a_test_that_was_not_made_yet_is_unknown(self, acme, there, domain):
        body = (
            '{"name": "acme.com", "mx": {"ok": false, "errors": [{"code": "no_test", "detail": "Did not check yet"}]}}'
        )
        there.fail("GET .*/check", "garbage", body=body)
        (failed,) = acme.check_domain(domain()).failed
        assert not failed.asked

    def test_proof_of_control_is_asked_of_dns_and_not_of_dimail(self, acme, domain):
        proof = next(test for test in acme.check_domain(domain(), "a-token").tests if test.name == "ownership")
        assert not proof.ok  # there is nobody to ask here

    def test_a_repair_ends_internal_failures_only(self, acme, there, domain):
        there.failing["acme.com"] = {"mx": "no", "cert": "no"}
        assert [test.name for test in acme.fix_domain(domain()).failed] == ["mx"]

    def test_records_of_dimail_can_be_pasted(self, acme, domain):
        assert [record.value for record in acme.wanted_dns(domain())] == [
            "10 mx.dimail.example.",
            "v=DKIM1; h=sha256; k=rsa; p=AAAA",
            "imap.dimail.example.",
        ]


def test_names_are_compared_only_where_both_have_some(mailbox):
    shown = mailboxes.Shown(email=UMA)
    assert mailboxes.differences(mailbox(first_name="Uma", last_name="M"), shown) == {}
