"""How the driver asks: with its own account, in bounded time, twice only where that is safe, and without a secret in
what it says."""

import base64
import json
import logging
from pathlib import Path

import pytest

from postroom.core.plan import PutDomain, PutMailbox, RemoveMailbox
from postroom.drivers import make
from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.dimail import wire
from postroom.drivers.dimail.wire import Client, Request
from tests.drivers.dimail.standin import PASSWORD

UMA = "uma@acme.com"


@pytest.fixture
def acme(driver, domain, mailbox):
    driver.apply(PutDomain(domain()))
    driver.apply(PutMailbox(mailbox(UMA, first_name="Uma", last_name="Moreau")))
    return driver


def count(there, call):
    return there.calls.count(call)


_NESTED = "[" * 20_000 + "]" * 20_000
GET_UMA, POST_UMA = "GET /domains/acme.com/mailboxes/uma", "POST /domains/acme.com/mailboxes/uma"


class TestTokens:
    def test_one_is_enough_for_many_calls(self, acme, there):
        for _ in range(3):
            acme.inventory("acme.com")
        assert count(there, "GET /token/") == 1

    def test_one_that_ended_early_is_replaced_and_the_call_done(self, acme, there):
        there.end_tokens()
        acme.apply(RemoveMailbox(UMA))
        assert there.mailboxes == {}

    def test_one_that_is_about_to_end_is_not_used(self, acme, there, monkeypatch):
        monkeypatch.setattr(wire, "_EARLY", 10_000.0)
        acme._client.forget()
        for _ in range(2):
            acme.knows("acme.com")
        assert count(there, "GET /token/") == 3

    @pytest.mark.parametrize("text", ["", "two words", "\xe9"])
    def test_what_cannot_be_one_is_no_fault_of_what_was_asked(self, acme, there, text):
        acme._client.forget()
        there.fail("GET /token/", "garbage", body=json.dumps({"access_token": text}))
        with pytest.raises(TemporaryFailure, match="makes no sense"):
            acme.knows("acme.com")

    @pytest.mark.parametrize("claims", ['{"exp": "soon"}', f'{{"exp": {"9" * 400}}}', _NESTED, "[]", "{}"])
    def test_one_that_does_not_say_when_it_ends_is_used(self, acme, there, claims):
        acme._client.forget()
        text = f"h.{base64.urlsafe_b64encode(claims.encode()).decode()}.s"
        there.tokens.add(text)
        there.fail("GET /token/", "garbage", body=json.dumps({"access_token": text}))
        assert acme.knows("acme.com")

    def test_a_wrong_password_is_nobody_elses_fault(self, driver, settings_of, domain):
        Path(str(settings_of["password_file"])).write_text("wrong")
        for change in (lambda: driver.apply(PutDomain(domain())), lambda: driver.check_domain(domain())):
            with pytest.raises(TemporaryFailure, match="does not take our name and password"):
                change()

    def test_a_new_password_is_used_at_once(self, acme, settings_of):
        file = Path(str(settings_of["password_file"]))
        file.write_text("wrong")
        acme._client.forget()
        with pytest.raises(TemporaryFailure):
            acme.inventory("acme.com")
        file.write_text(PASSWORD)
        assert acme.inventory("acme.com")

    def test_what_we_have_no_right_to_is_refused_for_good(self, acme, there):
        there.fail("DELETE .*/mailboxes/uma", 403, times=2, body={"detail": "Permission denied"})
        with pytest.raises(PermanentFailure, match="Permission denied"):
            acme.apply(RemoveMailbox(UMA))


class TestTrouble:
    @pytest.mark.parametrize("how", [500, 502, 503, 524, "drop", "lost"])
    def test_what_is_safe_is_tried_again(self, acme, there, how):
        there.fail("DELETE .*/mailboxes/uma", how, times=2)
        acme.apply(RemoveMailbox(UMA))
        assert there.mailboxes == {}

    def test_three_times_in_all(self, acme, there):
        there.calls.clear()
        there.fail(GET_UMA, 502, times=100)
        with pytest.raises(TemporaryFailure, match="status 502"):
            acme.apply(PutMailbox(_uma_of(acme)))
        assert count(there, GET_UMA) == 3

    @pytest.mark.parametrize("how", [502, 524, "drop", "lost", "garbage"])
    def test_what_makes_something_is_not(self, driver, there, domain, how):
        there.fail("POST /domains/", how)
        with pytest.raises(TemporaryFailure):
            driver.apply(PutDomain(domain()))
        assert count(there, "POST /domains/") == 1

    @pytest.mark.parametrize("how", ["lost", "garbage"])
    def test_what_was_made_all_the_same_is_found_with_the_next_try(self, driver, there, domain, how):
        there.fail("POST /domains/", how)
        with pytest.raises(TemporaryFailure):
            driver.apply(PutDomain(domain()))
        driver.apply(PutDomain(domain()))
        assert count(there, "POST /domains/") == 1

    @pytest.mark.parametrize(
        "body",
        ["[]", "{}", '{"email": 7}', '{"email": "other@acme.com"}', "\xff", "null", _NESTED, f'{{"more": {_NESTED}}}'],
    )
    def test_an_answer_that_makes_no_sense_may_be_better_next_time(self, acme, there, body):
        there.fail(GET_UMA, "garbage", body=body)
        with pytest.raises(TemporaryFailure, match="makes no sense"):
            acme.apply(PutMailbox(_uma_of(acme)))

    @pytest.mark.parametrize("status", [401, 403, 404])
    @pytest.mark.parametrize("body", ["<html>not here</html>", "{}", '{"detail": null}'])
    def test_somebody_else_who_answers_in_its_place_is_not_believed(self, acme, there, status, body):
        there.fail("DELETE .*/mailboxes/uma", status, times=2, body=body)
        with pytest.raises(TemporaryFailure, match="is not dimail"):
            acme.apply(RemoveMailbox(UMA))

    def test_a_hanging_dimail_is_left_in_time(self, acme, there, monkeypatch):
        monkeypatch.setattr(wire, "_CALL", 0.3)
        there.fail(GET_UMA, "late", seconds=2.0, times=9)
        with pytest.raises(TemporaryFailure, match="does not answer"):
            acme.apply(PutMailbox(_uma_of(acme)))

    def test_an_answer_without_end_is_not_read_to_its_end(self, acme, there, monkeypatch):
        monkeypatch.setattr(wire, "_LARGEST", 100)
        there.fail(GET_UMA, "garbage", body="x" * 1000)
        with pytest.raises(TemporaryFailure, match="far too much"):
            acme.apply(PutMailbox(_uma_of(acme)))

    @pytest.mark.parametrize("how", ["drip", "head"])
    def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(self, acme, there, monkeypatch, how):
        monkeypatch.setattr(wire, "_CALL", 0.3)
        there.fail(GET_UMA, how, times=9)
        with pytest.raises(TemporaryFailure, match="takes too long"):
            acme.apply(PutMailbox(_uma_of(acme)))
        assert not there.heard_out.is_set()

    def test_nobody_at_home(self, acme, there):
        there.close()
        acme.close()
        with pytest.raises(TemporaryFailure, match="does not answer"):
            acme.inventory("acme.com")

    def test_we_go_nowhere_else(self, acme, there):
        there.fail(GET_UMA, 307)
        with pytest.raises(TemporaryFailure, match="sends us elsewhere"):
            acme.apply(PutMailbox(_uma_of(acme)))

    def test_what_a_database_does_not_take_is_in_no_reason(self, acme, there):
        there.fail("DELETE .*/mailboxes/uma", 422, body={"detail": "not\0so"})
        with pytest.raises(PermanentFailure, match="not\ufffdso"):
            acme.apply(RemoveMailbox(UMA))

    def test_a_refusal_is_for_good_and_in_dimails_words(self, acme, there):
        there.fail("DELETE .*/mailboxes/uma", 422, body={"detail": "Feature 'mailbox' not available on the domain"})
        with pytest.raises(PermanentFailure, match="Feature 'mailbox' not available"):
            acme.apply(RemoveMailbox(UMA))

    def test_of_a_refused_request_the_input_is_not_repeated(self, acme, there):
        detail = [{"type": "missing", "loc": ["body", "x"], "msg": "Field required", "input": {"password": "S3cret"}}]
        there.fail("DELETE .*/mailboxes/uma", 422, body={"detail": detail})
        with pytest.raises(PermanentFailure, match=r"body\.x: Field required") as refused:
            acme.apply(RemoveMailbox(UMA))
        assert "S3cret" not in refused.value.reason


def _uma_of(driver):
    from tests.drivers.conftest import a_mailbox

    return a_mailbox(UMA, first_name="Uma", last_name="Moreau")


class TestSecrets:
    def test_no_log_and_no_failure_has_one(self, driver, there, domain, mailbox, caplog):
        caplog.set_level(logging.DEBUG)
        told = []
        for how in (500, 502, "drop", "lost", "garbage", 422):
            for call in ("POST .*/mailboxes/uma$", "POST .*/reset_password", "POST .*/code", "GET /token/"):
                there.fail(call, how)
        for _ in range(30):
            driver._client.forget()
            for work in (
                lambda: driver.apply(PutDomain(domain())),
                lambda: driver.apply(PutMailbox(mailbox(UMA))),
                lambda: driver.new_password(UMA),
                lambda: driver.login_code(UMA, seconds=60, uses=1),
            ):
                try:
                    work()
                except (TemporaryFailure, PermanentFailure) as failure:
                    told += [failure.reason, repr(failure)]
        assert told
        said = caplog.text + "".join(told)
        assert not [secret for secret in (PASSWORD, "a-fresh-password", "a-first-password", "code0") if secret in said]

    def test_an_answer_does_not_show_its_body(self, acme):
        reply = acme._client.begin().ask(Request(method="GET", path=("domains", "acme.com", "mailboxes", "uma")))
        assert "Moreau" not in repr(reply)

    def test_a_password_that_everybody_may_read_is_not_used(self, driver, settings_of, domain):
        Path(str(settings_of["password_file"])).chmod(0o604)
        with pytest.raises(TemporaryFailure, match="chmod"):
            driver.apply(PutDomain(domain()))

    def test_a_password_that_is_not_there_is_a_matter_for_the_operator(self, driver, settings_of, domain):
        Path(str(settings_of["password_file"])).unlink()
        with pytest.raises(TemporaryFailure, match="cannot be read"):
            driver.apply(PutDomain(domain()))


class TestSettings:
    @pytest.mark.parametrize(
        "more",
        [
            {"url": "ftp://dimail"},
            {"url": "http://"},
            {"url": "http://a:b@dimail"},
            {"url": ""},
            {"user": 7},
            {"password_file": None},
            {"webmail": "webmail.example"},
            {"webmail": 7},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, settings_of, more):
        with pytest.raises(PermanentFailure):
            make("dimail", {**settings_of, **more})

    def test_a_path_in_front_of_dimails_own_is_kept(self, settings_of, there):
        driver = make("dimail", {**settings_of, "url": f"{there.url}/dimail/"})
        with pytest.raises((TemporaryFailure, PermanentFailure)):
            driver.remote.knows("acme.com")
        assert there.calls[0] == "GET /dimail/token/"

    def test_without_a_webmail_nobody_gets_a_code(self, settings_of, there, domain, mailbox):
        driver = make("dimail", {name: value for name, value in settings_of.items() if name != "webmail"})
        driver.apply(PutDomain(domain()))
        driver.apply(PutMailbox(mailbox(UMA)))
        with pytest.raises(PermanentFailure, match="webmail"):
            driver.credentials.login_code(UMA, seconds=60, uses=1)


def test_connections_are_kept(acme, there):
    assert isinstance(acme._client, Client)
    before = next(iter(acme._client._pool.pools._container.values())).num_connections
    for _ in range(5):
        acme.inventory("acme.com")
    assert next(iter(acme._client._pool.pools._container.values())).num_connections == before
