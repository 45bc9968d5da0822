"""Mailboxes, first version (specs/dimail.md 3.4, 4.5): every status, every shape."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import domain_switch, live, mailboxes
from postroom.core.passwords import schemes
from postroom.core.roles import OPERATOR
from postroom.store.models import AdminRole, Domain, History, Mailbox
from postroom.store.sql import Compiled
from postroom.worker import reconcile
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import hosted

ACME = cast.ACME
ALL = f"/domains/{ACME}/mailboxes"
JANE = f"{ALL}/jane.doe"
NAMES = {"givenName": "Jane", "surName": "Doe", "displayName": "Jane Doe"}
NOBODYS = {"givenName": "", "surName": "", "displayName": ""}
MISSING = "Mailbox not found"


@pytest.fixture
def jane(people) -> Dimail:
    """There is a mailbox of hers."""
    assert people.post(JANE, NAMES).status == 201
    return people


def row(address=f"jane.doe@{ACME}"):
    return cast.row(address)


def told(client, path=JANE):
    return client.get(path).json


# made


def test_a_mailbox_is_made_with_a_password(people):
    answer = people.post(f"{ALL}/Jane.Doe", NAMES)
    assert (answer.status, answer.json.keys()) == (201, {"email", "password", "uuid"})
    assert answer.json["email"] == f"jane.doe@{ACME}"


def test_its_password_opens_it_and_is_kept_in_a_form_that_dovecot_checks(people):
    password = people.post(JANE, NAMES).json["password"]
    assert len(password) == 16
    assert schemes.verify(password, row().password)
    assert schemes.dovecot_knows(row().password)


def test_its_password_stands_nowhere_else(people):
    password = people.post(JANE, NAMES).json["password"]
    assert password not in str(list(History.objects.values_list("changes", flat=True)))


def test_its_uuid_is_a_random_one(people):
    assert uuid.UUID(people.post(JANE, NAMES).json["uuid"]).version == 4


def test_the_history_says_which_account_made_it(jane):
    assert History.objects.get(kind="mailbox", verb="created").actor == "dimail:la_regie"


def test_the_mailbox_is_the_same_one_everywhere(jane):
    made = row()
    assert (made.first_name, made.last_name, made.settings["name"], made.type) == ("Jane", "Doe", "Jane Doe", "mailbox")


def test_nobody_is_owed_a_letter(jane):
    assert row().welcome == ""


def test_a_second_one_of_the_address_is_refused(jane):
    answer = jane.post(JANE, {**NAMES, "surName": "Other"})
    assert (answer.status, answer.detail) == (409, f"Mailbox jane.doe@{ACME} already exists")


def test_all_three_names_must_be_said(people):
    answer = people.post(JANE, {"givenName": "Jane", "displayName": "Jane Doe"})
    assert answer.status == 422
    assert [(one["type"], one["loc"]) for one in answer.detail] == [("missing", ["body", "surName"])]


@pytest.mark.parametrize("user", ["jane doe", "jåne", ".jane", "a" * 65])
def test_an_address_that_none_can_have_is_refused(people, user):
    answer = people.post(f"{ALL}/{user}", NAMES)
    assert (answer.status, answer.detail[0]["loc"]) == (422, ["body", "user_name"])


def test_a_name_that_is_too_long_is_refused(people):
    assert people.post(JANE, {**NAMES, "surName": "x" * 201}).detail[0]["loc"] == ["body", "surName"]


def test_what_was_refused_is_not_there(people):
    people.post(JANE, {**NAMES, "surName": "x" * 201})
    assert not Mailbox.objects.exists()


def test_the_display_name_is_made_of_the_others(people):
    people.post(JANE, {**NAMES, "displayName": "Somebody else"})
    assert told(people)["displayName"] == "Jane Doe"


def test_a_display_name_counts_where_there_is_no_other(people):
    people.post(JANE, {**NOBODYS, "displayName": "The office"})
    assert row().settings["name"] == "The office"


def test_several_mailboxes_may_be_nobodys(people):
    assert [people.post(f"{ALL}/{name}", NOBODYS).status for name in ("info", "contact")] == [201, 201]


def test_the_limit_of_the_domain_holds(people):
    Domain.objects.filter(name=ACME).update(settings={"limit_users": 0, "workgroup": "staff"})
    answer = people.post(JANE, NAMES)
    assert (answer.status, answer.detail) == (422, f"{ACME} may have 0 accounts")


def test_a_disabled_domain_takes_none(people):
    domain_switch.disable(OPERATOR, cast.origin(), ACME)
    assert people.post(JANE, NAMES).status == 422


def test_in_a_domain_that_is_not_checked_a_mailbox_waits(regie):
    regie.post("/domains/", {"name": ACME, "features": ["webmail", "mailbox"], "context_name": ACME})
    client = regie.with_token()
    assert client.post(JANE, NAMES).status == 201
    assert (told(client)["active"], told(client)["status"]) == ("wait", "unknown")


# display names


def test_a_display_name_that_is_taken_is_a_plain_500(jane):
    answer = jane.post(f"{ALL}/jd", NAMES)
    assert (answer.status, answer.body) == (500, b"Internal Server Error")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_its_case_makes_no_difference(jane):
    assert jane.post(f"{ALL}/jd", {**NAMES, "surName": "DOE"}).status == 500


def test_and_with_the_setting_a_409_that_says_whose_it_is(jane, settings):
    settings.DIMAIL_DUPLICATE_NAMES = 409
    answer = jane.post(f"{ALL}/jd", NAMES)
    assert (answer.status, answer.detail) == (409, f"Display name already in use in this context: jane.doe@{ACME}")


def test_no_mailbox_comes_of_it(jane):
    jane.post(f"{ALL}/jd", NAMES)
    assert Mailbox.objects.count() == 1


def test_a_name_is_there_once_in_all_domains_of_a_context(jane, regie):
    hosted(regie, "acme.test", context=ACME)
    assert jane.post("/domains/acme.test/mailboxes/jd", NAMES).status == 500


def test_another_context_may_have_it_too(jane, regie):
    hosted(regie, "other.test")
    assert jane.post("/domains/other.test/mailboxes/jane.doe", NAMES).status == 201


def test_it_is_free_again_when_its_owner_is_gone(jane):
    jane.delete(JANE)
    assert jane.post(f"{ALL}/jd", NAMES).status == 201


# seen


def test_one_is_shown(jane):
    assert told(jane) == {
        "type": "mailbox", "status": "unknown", "email": f"jane.doe@{ACME}", **NAMES, "active": "yes",
        "additionalSenders": [],
    }  # fmt: skip


def test_all_are_listed(jane):
    jane.post(f"{ALL}/info", NOBODYS)
    assert [one["email"] for one in told(jane, ALL)] == [f"info@{ACME}", f"jane.doe@{ACME}"]


def test_it_is_ok_when_its_platform_has_it(jane):
    reconcile.mailbox(row().pk, lambda: 2**42)
    assert told(jane)["status"] == "ok"


def test_it_is_broken_when_its_platform_does_not_take_it(jane):
    Mailbox.objects.update(failure="no room", status="failed")
    assert told(jane)["status"] == "broken"


def test_a_mailbox_that_is_nobodys_has_no_names(people):
    people.post(JANE, NOBODYS)
    assert told(people).keys() & NAMES.keys() == set()


def test_in_a_domain_without_webmail_names_are_null(regie):
    hosted(regie, ACME, "mailbox")
    client = regie.with_token()
    client.post(JANE, NAMES)
    assert {name: told(client)[name] for name in NAMES} == dict.fromkeys(NAMES)


def test_aliases_of_the_mailbox_are_further_senders(jane):
    mailboxes.change(OPERATOR, cast.origin(), f"jane.doe@{ACME}", {"aliases": [f"jane@{ACME}"]})
    assert told(jane)["additionalSenders"] == [f"jane@{ACME}"]


def test_mailboxes_made_elsewhere_are_listed_too(people):
    cast.mailbox(f"uma@{ACME}", name="Uma Ümit")
    assert told(people, f"{ALL}/uma")["surName"] == "Ümit"


def test_a_longer_list_takes_no_more_questions(people, monkeypatch):
    asked = []
    run = Compiled.run
    monkeypatch.setattr(Compiled, "run", lambda query, *sent: asked.append(query) or run(query, *sent))

    def questions():
        asked.clear()
        with CaptureQueriesContext(connection) as others:
            assert people.get(ALL).status == 200
        return len(asked) + len(others)

    before = questions()
    for number in range(5):
        people.post(f"{ALL}/box{number}", NOBODYS)
    assert questions() == before


# changed


def test_nothing_said_changes_nothing(jane):
    before = told(jane)
    assert jane.patch(JANE, {}).json == before


def test_one_name_is_changed_and_the_display_name_with_it(jane):
    answer = jane.patch(JANE, {"surName": "Roe"})
    assert (answer.status, answer.json["displayName"]) == (200, "Jane Roe")


def test_null_leaves_a_name_as_it_is(jane):
    assert jane.patch(JANE, {"surName": None}).json["surName"] == "Doe"


def test_names_that_somebody_has_are_refused_with_409(jane):
    jane.post(f"{ALL}/bob", {"givenName": "Bob", "surName": "Roe", "displayName": ""})
    answer = jane.patch(JANE, {"givenName": "Bob", "surName": "Roe"})
    assert (answer.status, told(jane)["surName"]) == (409, "Doe")


def test_names_are_left_alone_without_webmail(regie):
    hosted(regie, ACME, "mailbox")
    client = regie.with_token()
    client.post(JANE, NAMES)
    assert client.patch(JANE, NAMES).status == 200
    assert row().first_name == ""


def test_a_mailbox_is_switched_off_and_on_as_people_does(jane):
    assert jane.patch(JANE, {"active": "no"}).json["active"] == "no"
    assert row().status == "disabled"
    assert jane.patch(JANE, {"active": "yes", **NAMES}).json["active"] == "yes"
    assert row().status == "enabled"


@pytest.mark.parametrize("sent", [{"active": "no"}, {"surName": "Roe"}, {"active": "yes", **NAMES}])
def test_the_same_change_again_is_none(jane, sent):
    first = jane.patch(JANE, sent)
    entries = History.objects.count()
    assert jane.patch(JANE, sent).json == first.json
    assert History.objects.count() == entries


def test_one_that_its_platform_refused_is_tried_again(jane):
    Mailbox.objects.update(status="failed", failure="no room", due_at=2**50)
    assert jane.patch(JANE, {"active": "yes"}).status == 200
    assert row().status == "enabled"


def test_one_that_waits_goes_on_waiting(regie):
    regie.post("/domains/", {"name": ACME, "features": ["webmail", "mailbox"], "context_name": ACME})
    client = regie.with_token()
    client.post(JANE, NAMES)
    assert client.patch(JANE, {"active": "yes"}).json["active"] == "wait"


@pytest.mark.parametrize("word", ["wait", "unknown", "YES", True])
def test_active_is_yes_or_no(jane, word):
    assert jane.patch(JANE, {"active": word}).detail[0]["loc"] == ["body", "active"]


@pytest.mark.parametrize(
    ("sent", "status", "detail"),
    [
        ({"domain": "nowhere.test"}, 403, "Permission denied"),
        ({"domain": "other.test"}, 422, "Not yet implemented"),
        ({"user_name": "joe"}, 422, "Not yet implemented"),
        ({"domain": ACME.upper(), "user_name": "jane.doe"}, 200, None),
    ],
)
def test_a_mailbox_is_not_moved(jane, regie, sent, status, detail):
    hosted(regie, "other.test")
    answer = jane.patch(JANE, sent)
    assert (answer.status, answer.json.get("detail")) == (status, detail)


def test_an_administrator_hears_that_the_target_is_unknown(jane, root):
    answer = root.with_token().patch(JANE, {"domain": "nowhere.test"})
    assert (answer.status, answer.detail) == (404, "Target domain not found")


# removed


def test_a_mailbox_is_deleted(jane):
    answer = jane.delete(JANE)
    assert (answer.status, answer.body) == (204, b"")
    assert jane.get(JANE).status == 404


def test_a_body_does_no_harm(jane):
    assert jane.delete(JANE, {}).status == 204


def test_its_address_is_free_again(jane):
    jane.delete(JANE)
    assert jane.post(JANE, NAMES).status == 201


# a new password


@pytest.mark.parametrize("spelling", ["reset_password", "reset_password/", "reset-password", "reset-password/"])
def test_a_password_is_made_anew(jane, spelling):
    before = row().password
    answer = jane.post(f"{JANE}/{spelling}")
    assert (answer.status, answer.json.keys()) == (200, {"email", "password"})
    assert schemes.verify(answer.json["password"], row().password)
    assert before != row().password


def test_the_new_password_is_not_in_the_history(jane):
    password = jane.post(f"{JANE}/reset_password/", {}).json["password"]
    assert password not in str(list(History.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize("call", ["reset_password/", "code"])
def test_nobody_gets_in_as_somebody_who_may_do_more(jane, plain, call):
    company = Domain.objects.get(name=ACME).company
    AdminRole.objects.create(mailbox=row(), role="company", company=company, created_at=0)
    before = row().password
    answer = jane.post(f"{JANE}/{call}", {})
    assert (answer.status, answer.detail, row().password) == (403, "Permission denied", before)


# a platform that makes passwords itself


class Elsewhere:
    """Such a platform: what it has is its own."""

    @property
    def credentials(self):
        return self

    def new_password(self, address):
        return f"made-there-for-{address}"


@pytest.fixture
def elsewhere(jane, monkeypatch) -> Dimail:
    """Her domain has moved there."""
    live.forget_everything()
    monkeypatch.setattr(live, "_driver", lambda platform_id: Elsewhere())
    return jane


def test_its_passwords_are_told(elsewhere):
    assert elsewhere.post(f"{JANE}/reset_password/").json["password"] == f"made-there-for-jane.doe@{ACME}"
    assert row().password == ""


@pytest.mark.parametrize(("path", "sent"), [(f"{JANE}/code", {}), (f"{ALL}/joe", NOBODYS)])
def test_what_we_made_would_open_nothing_there(elsewhere, path, sent):
    answer = elsewhere.post(path, sent)
    words = f"the mail platform of {ACME} makes passwords and codes itself; ask it for them"
    assert (answer.status, answer.detail) == (422, words)


# refused alike

CALLS = [
    ("GET", JANE, None),
    ("PATCH", JANE, {}),
    ("DELETE", JANE, None),
    ("POST", f"{JANE}/reset_password/", {}),
    ("POST", f"{JANE}/code", {}),
    ("PATCH", f"/v2{JANE}", {}),
]
ON_DOMAIN = [("GET", ALL, None), ("POST", JANE, NAMES), ("GET", f"/v2{ALL}", None)]


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_a_mailbox_that_is_not_there(people, method, path, sent):
    answer = people.call(method, path, sent)
    assert (answer.status, answer.detail) == (404, MISSING)


@pytest.mark.parametrize(("method", "path", "sent"), [*CALLS, *ON_DOMAIN])
def test_a_domain_of_somebody_else(people, plain, method, path, sent):
    answer = plain.with_token().call(method, path, sent)
    assert (answer.status, answer.detail) == (403, "Permission denied")


@pytest.mark.parametrize(("method", "path", "sent"), [*CALLS, *ON_DOMAIN])
def test_a_domain_that_is_not_there(root, method, path, sent):
    answer = root.with_token().call(method, path, sent)
    assert (answer.status, answer.detail) == (404, "Domain not found")


@pytest.mark.parametrize(("method", "path", "sent"), [*CALLS[1:], ON_DOMAIN[1]])
def test_a_domain_without_mailboxes(regie, method, path, sent):
    hosted(regie, ACME, "alias")
    answer = regie.with_token().call(method, path, sent)
    assert (answer.status, answer.detail) == (422, "Feature 'mailbox' not available on the domain")


@pytest.mark.parametrize(("method", "path", "sent"), [*CALLS, *ON_DOMAIN])
def test_nobody_without_a_token(people, nobody, method, path, sent):
    answer = nobody.call(method, path, sent)
    assert (answer.status, answer.detail) == (403, "Not authenticated")


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("method", "path", "sent"), [*CALLS, ON_DOMAIN[0], ON_DOMAIN[2]])
def test_both_forms_of_the_path_are_answered(jane, method, path, sent, slash):
    assert jane.call(method, path.rstrip("/") + slash, sent).status in {200, 201, 204}


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_forms_make_a_mailbox(people, slash):
    assert people.post(JANE + slash, NAMES).status == 201


@pytest.mark.parametrize("path", [ALL, JANE, f"/v2{ALL}", f"/domains/{ACME}/address/jane.doe"])
def test_a_body_with_a_get_does_no_harm(jane, path):
    assert jane.call("GET", path, {"a": 1}).status == 200
