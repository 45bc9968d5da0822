"""The simulated platform beyond the contract: what it can be told."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom import drivers
from postroom.core import errors
from postroom.core.dns.explaining import explanation
from postroom.core.dns.report import CheckState, Severity
from postroom.core.languages import Language
from postroom.core.plan import PutDomain, PutMailbox, RemoveMailbox
from postroom.core.records import AliasRecord
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.fake import FakePlatform, checks, commands


class TestChecks:
    def test_all_tests_of_a_domain_are_ok_until_told_otherwise(self, fake, domain):
        fake.apply(PutDomain(domain()))

        report = fake.check_domain(domain())
        required = [test for test in report.tests if test.severity is Severity.REQUIRED]

        assert report.state is CheckState.OK
        assert [test.name for test in required if test.internal] == ["postfix", "ox", "cert", "webmail_ok"]
        assert [test.name for test in required if not test.internal] == [
            *("domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim")
        ]
        assert [test.name for test in report.tests if test.severity is Severity.ADVICE] == [
            *("dmarc", "mta_sts", "tls_rpt", "dnssec", "name_servers")
        ]

    @pytest.mark.parametrize(("test", "state"), [("mx", CheckState.ACTION_REQUIRED), ("cert", CheckState.FAILED)])
    def test_one_test_is_told_to_fail_and_to_be_ok_again(self, fake, domain, test, state):
        fake.apply(PutDomain(domain()))

        fake.command("set_check", {"domain": "Acme.com", "test": test, "ok": False, "detail": "No such thing"})
        report = fake.check_domain(domain())
        fake.command("set_check", {"domain": "acme.com", "test": test, "ok": True})

        assert report.state is state
        assert [(one.name, one.detail) for one in report.failed] == [(test, "No such thing")]
        assert fake.check_domain(domain()).state is CheckState.OK

    @pytest.mark.parametrize("test", checks.INTERNAL)
    def test_a_failing_test_always_has_a_detail(self, fake, domain, test):
        fake.command("set_check", {"domain": "acme.com", "test": test, "ok": False})

        assert all(test.detail for test in fake.check_domain(domain(), "a-token").failed)

    def test_what_was_told_is_told_in_every_language(self, fake, domain):
        fake.command("set_check", {"domain": "acme.com", "test": "mx", "ok": False, "detail": "Gone fishing"})
        failed = next(test for test in fake.check_domain(domain()).failed if test.name == "mx")

        assert explanation(failed, Language.FRENCH).problem == "Gone fishing"

    def test_without_a_detail_it_speaks_the_readers_language_and_shows_the_record(self, fake, domain):
        fake.command("set_check", {"domain": "acme.com", "test": "mx", "ok": False})
        failed = next(test for test in fake.check_domain(domain()).failed if test.name == "mx")

        assert explanation(failed, Language.FRENCH).problem.startswith("Le courriel de acme.com part ailleurs")
        assert failed.record.value == "10 mx.postroom.example."

    def test_advice_makes_no_domain_fail(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("set_check", {"domain": "acme.com", "test": "dmarc", "ok": False})

        report = fake.check_domain(domain())

        assert [test.name for test in report.failed] == ["dmarc"]
        assert report.state is CheckState.OK

    def test_new_domains_lack_what_they_are_told_to_lack_until_it_is_cleared(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("new_domains", {"failing": {"mx": "no_mx", "spf": ""}})

        lacking = {test.name: test.code for test in fake.check_domain(domain(), "a-token").failed}
        fake.command("clear_checks", {"domain": "Acme.com"})

        assert lacking == {"mx": "no_mx", "spf": "wrong_spf"}
        assert fake.check_domain(domain(), "a-token").state is CheckState.OK

    def test_domains_that_need_no_proof_are_not_new(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("new_domains", {"failing": {"mx": ""}})

        assert fake.check_domain(domain()).state is CheckState.OK

    def test_one_record_of_a_new_domain_is_put_right_alone(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("new_domains", {"failing": {"mx": "", "spf": ""}})
        fake.command("set_check", {"domain": "acme.com", "test": "mx", "ok": True})

        assert [test.name for test in fake.check_domain(domain(), "a-token").failed] == ["spf"]

    def test_a_repair_ends_what_is_the_platforms_own_of_a_new_domain(self, fake, domain):
        fake.command("new_domains", {"failing": {"cert": "", "spf": ""}})

        assert [test.name for test in fake.fix_domain(domain(), "a-token").failed] == ["spf"]

    def test_clearing_all_checks_lets_new_domains_pass(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("new_domains", {"failing": {"mx": ""}})
        fake.command("clear_checks", {})

        assert fake.check_domain(domain(), "a-token").state is CheckState.OK

    def test_a_code_of_silent_servers_leaves_the_state_unknown(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("set_check", {"domain": "acme.com", "test": "mx", "ok": False, "code": "dns_timeout"})

        assert fake.check_domain(domain()).state is CheckState.UNKNOWN

    def test_a_repair_ends_its_own_failures_only(self, fake, domain):
        fake.apply(PutDomain(domain()))
        for test in ("cert", "mx"):
            fake.command("set_check", {"domain": "acme.com", "test": test, "ok": False})

        assert [test.name for test in fake.fix_domain(domain()).failed] == ["mx"]

    def test_a_repair_can_be_told_to_fail(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("set_check", {"domain": "acme.com", "test": "cert", "ok": False})
        fake.command("set_fix", {"domain": "acme.com", "repairs": False})

        assert fake.fix_domain(domain()).state is CheckState.FAILED

    def test_a_repair_can_be_told_to_break_something(self, fake, domain):
        fake.apply(PutDomain(domain()))
        fake.command("set_fix", {"domain": "acme.com", "breaks": "spf"})

        assert [test.name for test in fake.fix_domain(domain()).failed] == ["spf"]

    def test_a_repair_is_noted_like_other_calls(self, fake, domain):
        fake.fix_domain(domain())

        assert [call["name"] for call in fake.command("calls", {"operation": "fix_domain"})["calls"]] == ["acme.com"]

    @pytest.mark.parametrize(("arguments", "left"), [({"domain": "acme.com"}, ["acme.eu"]), ({}, [])])
    def test_checks_are_cleared_for_one_domain_or_all(self, fake, arguments, left):
        for name in ("acme.com", "acme.eu"):
            fake.command("set_check", {"domain": name, "test": "spf", "ok": False})

        fake.command("clear_checks", arguments)

        assert list(fake.command("state", {})["failing_checks"]) == left


class TestFailures:
    def test_the_next_calls_fail_and_then_no_more(self, fake, domain):
        fake.command("fail_next", {"operation": "put_domain", "times": 2, "reason": "Down", "retry_in": 7})

        for _ in range(2):
            with pytest.raises(TemporaryFailure, match="Down") as failure:
                fake.apply(PutDomain(domain()))
            assert failure.value.retry_in == 7
        fake.apply(PutDomain(domain()))

        assert fake.command("state", {})["failures"] == []

    def test_a_failed_call_changes_nothing(self, fake, domain):
        fake.command("fail_next", {"operation": "apply", "kind": "permanent"})

        with pytest.raises(PermanentFailure):
            fake.apply(PutDomain(domain()))

        assert fake.observe_domain("acme.com") is None

    def test_other_operations_go_on(self, fake):
        fake.command("fail_next", {"operation": "observe_mailbox"})

        assert fake.domains() == []

    @pytest.mark.parametrize("operation", ["remove_mailbox", "apply", "any"])
    def test_one_operation_its_kind_or_any(self, fake, operation):
        fake.command("fail_next", {"operation": operation})

        with pytest.raises(TemporaryFailure):
            fake.apply(RemoveMailbox("uma@acme.com"))

    def test_failures_come_in_the_order_they_were_asked_for(self, fake):
        fake.command("fail_next", {"operation": "domains", "reason": "first"})
        fake.command("fail_next", {"operation": "any", "reason": "second", "kind": "permanent"})

        with pytest.raises(TemporaryFailure, match="first"):
            fake.domains()
        with pytest.raises(PermanentFailure, match="second"):
            fake.domains()

    def test_threads_share_out_the_failures(self, tmp_path):
        fake = FakePlatform(tmp_path / "platform.sqlite3")
        fake.command("fail_next", {"operation": "domains", "times": 5})

        with ThreadPoolExecutor(8) as threads:
            calls = [threads.submit(fake.domains) for _ in range(40)]

        assert sum(call.exception() is not None for call in calls) == 5
        fake.close()


class TestDelays:
    @pytest.fixture
    def slept(self):
        return []

    @pytest.fixture
    def fake(self, slept):
        platform = FakePlatform(sleep=slept.append)
        yield platform
        platform.close()

    def test_calls_take_longer_until_told_otherwise(self, fake, slept):
        fake.command("delay", {"operation": "domains", "seconds": 1.5})
        fake.command("delay", {"operation": "any", "seconds": 0.5})
        fake.domains()
        fake.observe_domain("acme.com")
        fake.command("delay", {"operation": "domains", "seconds": 0})
        fake.domains()

        assert slept == [1.5, 0.5, 0.5]

    def test_no_call_takes_longer_than_the_contract_allows(self, fake, slept):
        fake.command("delay", {"operation": "domains", "seconds": 60})

        with pytest.raises(TemporaryFailure, match="20 seconds"):
            fake.domains()

        assert slept == [20.0]

    def test_a_slow_call_holds_nobody_up(self, tmp_path):
        answered = threading.Event()
        fake = FakePlatform(tmp_path / "platform.sqlite3", sleep=lambda _: answered.wait(10) or None)
        fake.command("delay", {"operation": "domains", "seconds": 10})

        with ThreadPoolExecutor(1) as thread:
            slow = thread.submit(fake.domains)
            assert fake.observe_domain("acme.com") is None
            assert not slow.done()
            answered.set()

        assert slow.result() == []
        fake.close()


class TestReports:
    def test_the_state_shows_everything_but_secrets(self, fake, domain, mailbox):
        fake.apply(PutDomain(domain()))
        fake.apply(PutMailbox(mailbox(password_hash="{BCRYPT}hush", settings={"password": "hush", "quota": 1})))
        fake.command("fix_secrets", {"password": "hush"})

        state = fake.command("state", {})

        assert "hush" not in json.dumps(state)
        assert state["mailboxes"][0]["has_password"] is True
        assert state["mailboxes"][0]["settings"]["quota"] == 1
        assert state["fixed"] == ["password"]

    def test_the_state_of_one_domain(self, fake, domain, mailbox):
        for key, name in enumerate(["acme.com", "acme.eu"], start=1):
            fake.apply(PutDomain(domain(name, key=key)))
            fake.apply(PutMailbox(mailbox(f"uma@{name}", key=10 + key)))

        state = fake.command("state", {"domain": "acme.eu"})

        assert [one["name"] for one in state["domains"]] == ["acme.eu"]
        assert [one["address"] for one in state["mailboxes"]] == ["uma@acme.eu"]

    def test_every_call_is_noted_with_its_outcome(self, fake, mailbox):
        fake.domains()
        with pytest.raises(PermanentFailure):
            fake.apply(PutMailbox(mailbox()))

        first, second = fake.command("calls", {})["calls"]

        assert first == {
            "at": "2027-01-15T08:00:00.000+00:00",
            "operation": "domains",
            "name": "",
            "outcome": "ok",
        }
        assert second["operation"] == "put_mailbox"
        assert second["name"] == "uma@acme.com"
        assert second["outcome"].startswith("permanent: ")

    @pytest.mark.parametrize(
        ("arguments", "names"),
        [
            ({"last": 2}, ["b", "c"]),
            ({"operation": "apply"}, ["c"]),
            ({"operation": "observe_domain"}, ["a", "b"]),
        ],
    )
    def test_the_last_calls_of_one_operation(self, fake, arguments, names):
        fake.observe_domain("a")
        fake.observe_domain("b")
        fake.apply(RemoveMailbox("c"))

        assert [call["name"] for call in fake.command("calls", arguments)["calls"]] == names

    def test_the_log_does_not_grow_for_ever(self, fake, monkeypatch):
        monkeypatch.setattr("postroom.drivers.fake.platform.CALLS_KEPT", 3)

        for number in range(5):
            fake.observe_domain(str(number))

        assert [call["name"] for call in fake.command("calls", {})["calls"]] == ["2", "3", "4"]

    def test_counts(self, fake, domain, mailbox):
        fake.apply(PutDomain(domain(aliases=("acme.net",))))
        fake.apply(PutMailbox(mailbox(aliases=("a@acme.com", "b@acme.com"))))

        assert fake.command("count", {}) == {
            "domains": 1,
            "mailboxes": 1,
            "domain_aliases": 1,
            "mailbox_aliases": 2,
            "messages": 0,
            "calls": 2,
        }


def test_mail_reaches_a_mailbox_by_address_alias_and_domain_alias(fake, domain, mailbox):
    fake.apply(PutDomain(domain(aliases=("acme.net",))))
    fake.apply(PutMailbox(mailbox(aliases=("info@acme.com",))))
    fake.apply(PutMailbox(mailbox("max@acme.com", key=12, aliases=("info@acme.com",))))

    assert fake.reached("uma@acme.net") == ["uma@acme.com"]
    assert fake.reached("info@acme.net") == ["max@acme.com", "uma@acme.com"]
    assert fake.reached("nobody@acme.com") == []


@pytest.fixture
def branching(fake, domain, mailbox):
    """acme.com, also acme.net, with two mailboxes and aliases of its own."""

    def put(active=True, **aliases):
        own = tuple(AliasRecord(local_part=name, destinations=tuple(ends)) for name, ends in aliases.items())
        fake.apply(PutDomain(domain(aliases=("acme.net",), own_aliases=own, active=active)))
        fake.apply(PutMailbox(mailbox()))
        fake.apply(PutMailbox(mailbox("max@acme.com", key=12)))

    return put


@pytest.mark.parametrize(
    ("aliases", "ends"),
    [
        ({"info": ["uma@acme.com", "max@acme.com"]}, ["max@acme.com", "uma@acme.com"]),
        ({"info": ["uma@acme.net"]}, ["uma@acme.com"]),
        ({"info": ["joe@else.where", "nobody@acme.com"]}, ["joe@else.where"]),
        ({"info": ["x@devnull"]}, []),
        ({"info": ["sales@acme.com"], "sales": ["info@acme.net", "max@acme.com"]}, ["max@acme.com"]),
        ({"info": ["info@acme.com"]}, []),
    ],
)
def test_mail_for_an_alias_goes_wherever_it_leads(fake, branching, aliases, ends):
    branching(**aliases)
    assert fake.reached("info@acme.com") == fake.reached("info@acme.net") == ends


def test_a_mailbox_with_the_name_of_an_alias_gets_the_mail_too(fake, branching):
    branching(uma=["max@acme.com"])
    assert fake.reached("uma@acme.com") == ["max@acme.com", "uma@acme.com"]


def test_an_alias_in_a_domain_that_is_switched_off_leads_nowhere(fake, branching):
    branching(active=False, info=["joe@else.where"])
    assert fake.reached("info@acme.com") == []


class TestCommands:
    def test_fixed_secrets_stay_until_taken_back(self, fake):
        fake.command("fix_secrets", {"password": "tea", "code": "123456"})
        fake.command("fix_secrets", {"code": None})

        assert fake.fixed_secret("password") == "tea"
        assert fake.fixed_secret("code") is None

    def test_reset_forgets_everything(self, fake, domain, mailbox):
        fake.apply(PutDomain(domain()))
        fake.apply(PutMailbox(mailbox()))
        fake.command("set_check", {"domain": "acme.com", "test": "mx", "ok": False})
        fake.command("fail_next", {"operation": "any"})
        fake.command("delay", {"operation": "any", "seconds": 1})
        fake.command("fix_secrets", {"code": "1"})

        fake.command("reset", {})

        assert not any(fake.command("state", {}).values())
        assert not any(fake.command("count", {}).values())

    @pytest.mark.parametrize(
        ("name", "arguments", "hinted"),
        [
            ("explode", {}, "command"),
            ("set_check", {"domain": "acme.com", "test": "mx"}, "ok"),
            ("set_check", {"domain": "acme.com", "test": "mx", "ok": "yes"}, "ok"),
            ("set_check", {"domain": "acme.com", "test": "weather", "ok": True}, "test"),
            ("set_check", {"domain": "", "test": "mx", "ok": True}, "domain"),
            ("fail_next", {"operation": "dance"}, "operation"),
            ("fail_next", {"operation": "any", "times": 0}, "times"),
            ("fail_next", {"operation": "any", "kind": "odd"}, "kind"),
            ("set_check", {"domain": "acme.com", "test": "sheep", "ok": False}, "test"),
            ("set_fix", {"domain": "acme.com", "breaks": "sheep"}, "breaks"),
            ("delay", {"operation": "any", "seconds": -1}, "seconds"),
            ("delay", {"operation": "any", "seconds": 61}, "seconds"),
            ("delay", {"operation": "dance", "seconds": 1}, "operation"),
            ("calls", {"last": 0}, "last"),
            ("calls", {"operation": "dance"}, "operation"),
            ("count", {"of": "sheep"}, "of"),
        ],
    )
    def test_nonsense_is_refused_with_a_hint(self, fake, name, arguments, hinted):
        with pytest.raises(errors.BadRequest) as refusal:
            fake.command(name, arguments)

        assert list(refusal.value.hints) == [hinted]

    def test_a_refused_mailbox_is_not_made_until_it_is_taken(self, fake, domain, mailbox):
        fake.apply(PutDomain(domain()))
        fake.command("refuse_mailbox", {"address": "Uma@acme.com", "reason": "the name is reserved"})

        with pytest.raises(PermanentFailure, match="the name is reserved"):
            fake.apply(PutMailbox(mailbox()))
        fake.command("refuse_mailbox", {"address": "uma@acme.com"})
        fake.apply(PutMailbox(mailbox()))

        assert fake.observe_mailbox("uma@acme.com") is not None

    @given(
        st.sampled_from(sorted(commands.COMMANDS)),
        st.dictionaries(st.text(), st.none() | st.text() | st.floats()),
    )
    def test_wild_arguments_are_refused_or_answered(self, name, arguments):
        fake = FakePlatform()
        try:
            json.dumps(fake.command(name, arguments))
        except errors.BadRequest:
            pass
        finally:
            fake.close()

    def test_every_command_is_documented(self):
        assert all(command.__doc__ for command in commands.COMMANDS.values())


class TestRegistry:
    @pytest.fixture(autouse=True)
    def forget(self):
        yield
        drivers.close_all()

    def test_one_driver_a_platform(self, tmp_path):
        one, other = {"path": str(tmp_path / "a")}, {"path": str(tmp_path / "b")}

        assert drivers.make("fake", one) is drivers.make("fake", dict(one))
        assert drivers.make("fake", one) is not drivers.make("fake", other)

    @pytest.mark.parametrize("settings", [{}, {"path": ""}, {"path": 7}])
    def test_useless_settings_are_a_permanent_failure(self, settings):
        with pytest.raises(PermanentFailure, match="path"):
            drivers.make("fake", settings)

    def test_so_is_an_unknown_driver(self):
        with pytest.raises(PermanentFailure, match="fake"):
            drivers.make("pigeon", {})
