"""Secrets, settings, and what the refusals and failures of Open-Xchange come to."""

from contextlib import suppress

import pytest

from postroom.core.plan import RemoveMailbox
from postroom.drivers.contract import CALL_LIMIT, PermanentFailure, TemporaryFailure
from tests.drivers.conftest import a_domain
from tests.drivers.openxchange.conftest import MAX, UMA, put
from tests.drivers.openxchange.host import CONTEXT_PASSWORD, MASTER_PASSWORD

pytestmark = pytest.mark.processes


class TestSecrets:
    def test_no_password_is_an_argument(self, ox, driver):
        put(driver)
        driver.apply(RemoveMailbox(UMA))

        said = str(ox.calls())
        assert MASTER_PASSWORD not in said and CONTEXT_PASSWORD not in said and "password" not in said

    def test_each_user_gets_a_password_that_nobody_knows(self, ox, driver):
        put(driver)
        put(driver, MAX, key=12)

        passwords = {user["password"] for user in ox.users().values()}
        assert len(passwords) == 2 and min(map(len, passwords)) > 40

    def test_a_password_that_a_tool_repeats_does_not_get_into_the_reason(self, ox, driver):
        ox.fail("listcontext", exit=101, message=f"wrong password {MASTER_PASSWORD} for oxadminmaster")

        with pytest.raises(TemporaryFailure) as failure:
            driver.domains()

        assert MASTER_PASSWORD not in failure.value.reason

    def test_a_new_password_counts_at_once(self, ox, driver):
        ox.state = {**ox.state, "master": ["oxadminmaster", "new"]}
        with pytest.raises(TemporaryFailure, match="Authentication failed"):
            driver.domains()

        (ox.folder / "master").write_text("new")

        assert driver.domains()

    def test_a_password_file_that_is_gone_is_named(self, ox, driver):
        (ox.folder / "master").unlink()

        with pytest.raises(TemporaryFailure, match="/master cannot be read"):
            driver.domains()


TOOLS_OF_A_NEW_MAILBOX = ("listcontext", "listuser", "createuser")


class TestFailures:
    @pytest.mark.parametrize("code", [1, 2, 101, 102, 105, 106, 107, 127, 255])
    def test_what_may_go_better_next_time_is_temporary(self, ox, driver, code):
        ox.fail("createuser", exit=code, message="some reason")

        with pytest.raises(TemporaryFailure, match="some reason"):
            put(driver)

    @pytest.mark.parametrize("code", [103, 104, 109, 110, 111])
    def test_what_would_be_refused_again_is_permanent(self, ox, driver, code):
        ox.fail("createuser", exit=code, message="some reason")

        with pytest.raises(PermanentFailure, match="some reason"):
            put(driver)

        assert ox.users() == {}

    def test_the_reason_is_without_the_stack(self, ox, driver):
        ox.fail("createuser", exit=106, message="some reason")

        with pytest.raises(TemporaryFailure) as failure:
            put(driver)

        assert failure.value.reason == "createuser: some reason (exit code 106)"

    @pytest.mark.parametrize("tool", TOOLS_OF_A_NEW_MAILBOX)
    @pytest.mark.parametrize(
        "how",
        [
            {"exit": 106}, {"exit": 106, "done": True}, {"exit": 255, "done": True}, {"seconds": 30, "done": True},
            {"output": "Picked up _JAVA_OPTIONS\n\"x"},
        ],
        ids=["fails", "fails after the work", "dies after the work", "hangs after the work", "talks nonsense"],
    )  # fmt: skip
    def test_after_a_failure_there_is_one_user_and_it_is_right(self, ox, driver, monkeypatch, tool, how):
        ox.fail(tool, **how)
        if "seconds" in how:
            monkeypatch.setattr("postroom.drivers.openxchange.driver.CALL_LIMIT", 4.0)
            with pytest.raises(TemporaryFailure):
                put(driver)
            monkeypatch.setattr("postroom.drivers.openxchange.driver.CALL_LIMIT", CALL_LIMIT)
        for _ in range(2):
            with suppress(TemporaryFailure):
                wanted = put(driver)

        assert list(ox.users()) == [UMA]
        assert driver.observe_mailbox(UMA) == wanted

    def test_every_call_ends_in_time_when_open_xchange_hangs(self, ox, driver, monkeypatch):
        monkeypatch.setattr("postroom.drivers.openxchange.driver.CALL_LIMIT", 3.0)
        ox.fail("listcontext", seconds=60)

        with pytest.raises(TemporaryFailure, match="no answer in time"):
            driver.domains()

    def test_a_list_without_a_column_that_is_needed_says_which(self, ox, driver):
        ox.fail("listuser", output="Id,Name\n")

        with pytest.raises(TemporaryFailure, match="has no displayname"):
            put(driver)

    def test_a_machine_without_ssh_says_so(self, driver, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")

        with pytest.raises(TemporaryFailure, match="openssh-client"):
            driver.domains()

    def test_a_check_tells_when_open_xchange_is_silent(self, ox, driver):
        ox.fail("listcontext", exit=105)

        (found,) = [test for test in driver.check_domain(a_domain()).tests if test.name == "ox"]
        assert (found.ok, found.code, found.asked) == (False, "platform_silent", False)


class TestSettings:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"ssh": None}, {"context_admin": None}, {"dns": {}}, {"tools": "sbin"}, {"locale": "C; touch x"},
            {"user_options": ["-x"]}, {"user_options": ["--a b"]}, {"moves": "maybe"}, {"hosts": "x"},
            {"quota": "much"}, {"context_admin": {"user": "oxadmin", "password": "secret"}},
        ],
        ids=repr,
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, ox, wrong):
        with pytest.raises(PermanentFailure):
            ox.driver(**wrong)

    def test_a_call_has_time_left_for_its_end(self):
        from postroom.drivers.openxchange import driver

        assert driver.CALL_LIMIT == CALL_LIMIT
        assert driver._SPARE > 0
