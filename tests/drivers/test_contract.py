"""What every driver must do. Adding a driver is adding a line to DRIVERS in conftest.py."""

import msgspec
import pytest

from postroom.core.dns.report import CheckReport, CheckResult, CheckState, Severity
from postroom.core.plan import (
    Abilities,
    Conflict,
    PutDomain,
    PutMailbox,
    RemoveDomain,
    RemoveMailbox,
    diff_domain,
    diff_mailbox,
    honoured,
)
from postroom.core.records import AliasRecord
from postroom.drivers.contract import PermanentFailure

MAILBOX_KINDS = {
    "plain": {},
    "inactive": {"active": False},
    "without password": {"password_hash": ""},
    "with aliases": {"aliases": ("info@acme.com", "sales@acme.com")},
    "forward": {
        "type": "forward",
        "password_hash": "",
        "settings": {"forward_recipients": ["x@example.org"]},
    },
    "filter": {"type": "filter", "password_hash": "", "settings": {}},
    "with nested settings": {"settings": {"contacts": [{"name": "É", "mail": "e@example.org"}], "allow": []}},
}
DOMAIN_KINDS = {
    "plain": {},
    "inactive": {"active": False},
    "with aliases": {"aliases": ("acme.net", "acme.org")},
    "with aliases of its own": {
        "own_aliases": (
            AliasRecord(local_part="info", destinations=("max@acme.com", "uma@acme.com")),
            AliasRecord(local_part="void", destinations=("devnull@devnull",)),
        )
    },
    "without settings": {"settings": {}},
}


def test_an_empty_platform_shows_nothing(driver):
    assert driver.domains() == []
    assert driver.observe_domain("acme.com") is None
    assert driver.observe_mailbox("uma@acme.com") is None
    assert driver.observe_mailboxes("acme.com") == []


@pytest.mark.parametrize("kind", DOMAIN_KINDS)
def test_a_domain_that_was_put_needs_no_change(driver, domain, kind):
    wanted = honoured(domain(**DOMAIN_KINDS[kind]), driver.abilities)

    driver.apply(PutDomain(wanted))

    assert diff_domain(wanted, driver.observe_domain("acme.com"), "acme.com") == []


@pytest.mark.parametrize("kind", MAILBOX_KINDS)
def test_a_mailbox_that_was_put_needs_no_change(acme, mailbox, kind):
    wanted = honoured(mailbox("max@acme.com", key=12, **MAILBOX_KINDS[kind]), acme.abilities)

    acme.apply(PutMailbox(wanted))

    assert diff_mailbox(wanted, acme.observe_mailbox("max@acme.com"), "max@acme.com") == []


@pytest.mark.parametrize("kind", MAILBOX_KINDS)
def test_a_mailbox_is_changed_to_anything(acme, mailbox, kind):
    wanted = honoured(mailbox(**MAILBOX_KINDS[kind]), acme.abilities)

    acme.apply(PutMailbox(wanted))

    assert diff_mailbox(wanted, acme.observe_mailbox("uma@acme.com"), "uma@acme.com") == []


def test_what_is_put_twice_is_there_once(acme, domain, mailbox):
    acme.apply(PutDomain(domain()))
    acme.apply(PutMailbox(mailbox()))

    assert len(acme.domains()) == 1
    assert len(acme.observe_mailboxes("acme.com")) == 1


def test_what_is_removed_twice_is_gone(acme):
    for _ in range(2):
        acme.apply(RemoveMailbox("uma@acme.com"))
    for _ in range(2):
        acme.apply(RemoveDomain("acme.com"))

    assert acme.observe_mailbox("uma@acme.com") is None
    assert acme.domains() == []


def test_a_removal_meant_for_another_object_does_nothing(acme):
    acme.apply(RemoveMailbox("uma@acme.com", key=999))

    assert acme.observe_mailbox("uma@acme.com").key == 11


def test_aliases_are_no_names_of_their_own(acme, domain, mailbox):
    acme.apply(PutDomain(domain(aliases=("acme.net",))))
    acme.apply(PutMailbox(mailbox(aliases=("info@acme.com",))))

    assert acme.observe_domain("acme.net") is None
    assert acme.observe_mailbox("info@acme.com") is None


def test_two_mailboxes_may_share_an_alias(acme, mailbox):
    acme.apply(PutMailbox(mailbox(aliases=("info@acme.com",))))
    acme.apply(PutMailbox(mailbox("max@acme.com", key=12, aliases=("info@acme.com",))))

    shown = acme.observe_mailboxes("acme.com")

    assert [record.aliases for record in shown] == [("info@acme.com",)] * 2


class TestRenaming:
    def test_a_renamed_mailbox_keeps_its_key(self, acme, mailbox):
        for _ in range(2):
            acme.apply(PutMailbox(mailbox("ursula@acme.com"), was="uma@acme.com"))

        assert acme.observe_mailbox("uma@acme.com") is None
        assert acme.observe_mailbox("ursula@acme.com").key == 11

    def test_a_renamed_domain_takes_its_mailboxes_along(self, acme, domain):
        for _ in range(2):
            acme.apply(PutDomain(domain("acme.eu"), was="acme.com"))

        assert [(record.key, record.name) for record in acme.domains()] == [(1, "acme.eu")]
        assert [record.key for record in acme.observe_mailboxes("acme.eu")] == [11]
        assert acme.observe_mailboxes("acme.com") == []

    def test_a_mailbox_moves_to_another_domain(self, acme, domain, mailbox):
        acme.apply(PutDomain(domain("acme.eu", key=2)))

        acme.apply(PutMailbox(mailbox("uma@acme.eu"), was="uma@acme.com"))

        assert acme.observe_mailboxes("acme.com") == []
        assert acme.observe_mailbox("uma@acme.eu").key == 11

    def test_the_old_name_is_free_for_another(self, acme, mailbox):
        acme.apply(PutMailbox(mailbox("ursula@acme.com"), was="uma@acme.com"))

        acme.apply(PutMailbox(mailbox("uma@acme.com", key=12)))

        assert [record.key for record in acme.observe_mailboxes("acme.com")] == [12, 11]

    def test_renaming_what_was_never_there_creates_it(self, acme, mailbox):
        acme.apply(PutMailbox(mailbox("max@acme.com", key=12), was="maximilian@acme.com"))

        assert acme.observe_mailbox("max@acme.com").key == 12


class TestRefusals:
    """Each is permanent and changes nothing."""

    def test_a_mailbox_in_an_unknown_domain(self, acme, mailbox):
        with pytest.raises(PermanentFailure):
            acme.apply(PutMailbox(mailbox("uma@nowhere.example", key=12)))

        assert acme.observe_mailbox("uma@nowhere.example") is None

    def test_an_address_that_another_mailbox_has(self, acme, mailbox):
        with pytest.raises(PermanentFailure):
            acme.apply(PutMailbox(mailbox(key=12)))

        assert acme.observe_mailbox("uma@acme.com").key == 11

    @pytest.mark.parametrize("name", ["acme.com", "acme.net"])
    def test_a_name_that_another_domain_has(self, acme, domain, name):
        acme.apply(PutDomain(domain(aliases=("acme.net",))))

        with pytest.raises(PermanentFailure):
            acme.apply(PutDomain(domain(name, key=2)))

        assert [record.key for record in acme.domains()] == [1]

    def test_a_domain_alias_that_another_domain_has(self, acme, domain):
        with pytest.raises(PermanentFailure):
            acme.apply(PutDomain(domain("acme.net", key=2, aliases=("acme.com",))))

        assert acme.observe_domain("acme.net") is None

    def test_removing_a_domain_that_has_mailboxes(self, acme):
        with pytest.raises(PermanentFailure):
            acme.apply(RemoveDomain("acme.com"))

        assert acme.observe_domain("acme.com") is not None

    def test_a_conflict_fails_with_its_reason(self, acme):
        with pytest.raises(PermanentFailure, match="taken by a stranger"):
            acme.apply(Conflict("uma@acme.com", "taken by a stranger"))


class TestPaging:
    @pytest.mark.parametrize("limit", [1, 3, 7, 1000])
    def test_mailboxes_come_complete_and_in_order(self, acme, mailbox, limit):
        names = ["a", "b-1", "b.1", "b1", "b_1", "z", "é"]
        for key, name in enumerate(names, start=20):
            acme.apply(PutMailbox(mailbox(f"{name}@acme.com", key=key)))

        found, after = [], ""
        while page := acme.observe_mailboxes("acme.com", after=after, limit=limit):
            assert len(page) <= limit
            found += [record.address for record in page]
            after = found[-1]

        assert found == sorted([f"{name}@acme.com" for name in names] + ["uma@acme.com"])

    def test_domains_come_complete_and_in_order(self, driver, domain):
        for key, name in enumerate(["b.example", "a.example", "b-1.example"], start=1):
            driver.apply(PutDomain(domain(name, key=key)))

        assert [record.name for record in driver.domains(limit=2)] == ["a.example", "b-1.example"]
        assert [record.name for record in driver.domains(after="b-1.example", limit=2)] == ["b.example"]

    def test_mailboxes_of_other_domains_stay_out(self, acme, domain, mailbox):
        acme.apply(PutDomain(domain("acme.eu", key=2)))
        acme.apply(PutMailbox(mailbox("uma@acme.eu", key=12)))

        assert [record.key for record in acme.observe_mailboxes("acme.com")] == [11]


class TestChecks:
    def test_a_report_names_each_test_once_with_a_detail_if_it_failed(self, acme, domain):
        tests = acme.check_domain(domain(), "a-token").tests

        assert tests
        assert len({test.name for test in tests}) == len(tests)
        assert all(test.ok or (test.code and test.detail) for test in tests)

    def test_a_domain_that_is_not_there_fails_an_internal_test(self, driver, domain):
        report = driver.check_domain(domain("nowhere.example"))

        assert any(test.internal for test in report.failed)

    def test_control_is_proved_only_where_somebody_asks_for_it(self, acme, domain):
        with_token = {test.name for test in acme.check_domain(domain(), "a-token").tests}
        without = {test.name for test in acme.check_domain(domain()).tests}

        assert with_token - without == {"ownership"}

    def test_a_repair_ends_what_is_the_platforms_own_affair(self, driver, domain):
        lost = domain("lost.example")

        assert not any(test.internal for test in driver.fix_domain(lost).failed)
        assert not any(test.internal for test in driver.check_domain(lost).failed)

    def test_what_should_be_in_dns_can_be_pasted(self, driver, domain):
        wanted = driver.wanted_dns(domain(), "a-token")

        assert {record.type for record in wanted} <= {"mx", "txt", "cname"}
        assert [record.value for record in wanted if record.target == "_postroom"] == ["a-token"]
        assert all(record.value.endswith(".") for record in wanted if record.type in {"mx", "cname"})

    def test_nothing_proves_control_where_nobody_asks_for_it(self, driver, domain):
        assert not any(record.target == "_postroom" for record in driver.wanted_dns(domain()))


EXTERNAL, INTERNAL = {"name": "mx", "internal": False}, {"name": "cert", "internal": True}
UNASKED, ADVICE = {"asked": False}, {"severity": Severity.ADVICE}


@pytest.mark.parametrize(
    ("failed", "state"),
    [
        ([], CheckState.OK),
        ([INTERNAL], CheckState.FAILED),
        ([EXTERNAL], CheckState.ACTION_REQUIRED),
        ([EXTERNAL, INTERNAL], CheckState.ACTION_REQUIRED),
        ([EXTERNAL | UNASKED], CheckState.UNKNOWN),
        ([INTERNAL | UNASKED], CheckState.UNKNOWN),
        ([EXTERNAL | UNASKED, INTERNAL], CheckState.UNKNOWN),
        ([EXTERNAL, INTERNAL | UNASKED], CheckState.ACTION_REQUIRED),
        ([EXTERNAL | ADVICE], CheckState.OK),
        ([EXTERNAL | ADVICE | UNASKED, INTERNAL], CheckState.FAILED),
    ],
)
def test_the_state_of_a_report_says_whose_turn_it_is(failed, state):
    fine = CheckResult(name="spf", ok=True)
    tests = (fine, *(CheckResult(ok=False, **test) for test in failed))

    assert CheckReport(domain="acme.com", tests=tests).state == state


def test_abilities_can_be_stored_beside_the_platform(driver):
    stored = msgspec.json.encode(driver.abilities)

    assert msgspec.json.decode(stored, type=Abilities) == driver.abilities


def test_a_closed_driver_can_be_closed_again(acme):
    acme.close()
    acme.close()
