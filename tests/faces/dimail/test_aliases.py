"""Aliases (specs/dimail.md 3.6, 4.8)."""

import pytest

from postroom.actions import dimail_domains
from postroom.store.models import Alias, History
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import hosted

ACME = cast.ACME
ALL = f"/domains/{ACME}/aliases"
JOE = "joe@else.where"
PAIR = {"user_name": "info", "destination": JOE}
ANSWER = {"username": "info", "domain": ACME, "destination": JOE, "allow_to_send": False}


@pytest.fixture
def info(people) -> Dimail:
    """The alias has two destinations."""
    for destination in (JOE, "sink@devnull"):
        assert people.post(f"{ALL}/", {"user_name": "info", "destination": destination}).status == 201
    return people


@pytest.mark.parametrize("path", [ALL, f"{ALL}/"])
def test_one_is_made(people, path):
    answer = people.post(path, PAIR)
    assert (answer.status, answer.json) == (201, ANSWER)


def test_one_that_may_be_sent_as(people):
    assert people.post(ALL, {**PAIR, "allow_to_send": True}).json["allow_to_send"] is True


def test_the_history_says_so(people):
    people.post(ALL, {**PAIR, "allow_to_send": True})
    changes = History.objects.filter(kind="domain").order_by("-id").first().changes
    assert changes == {"own_aliases": [None, [f"info@{ACME} → {JOE} (may send as it)"]]}


@pytest.mark.parametrize("destination", ["devnull@devnull", "nobody@localhost", "o'hara@else.where"])
def test_destinations_need_not_look_public(people, destination):
    assert people.post(ALL, {**PAIR, "destination": destination}).json["destination"] == destination


def test_it_may_have_the_name_of_a_mailbox(people):
    people.post(f"/domains/{ACME}/mailboxes/info", {"givenName": "", "surName": "", "displayName": ""})
    assert people.post(ALL, PAIR).status == 201


def test_the_history_says_which_account_made_it(info):
    entry = History.objects.filter(kind="domain").order_by("-id").first()
    assert (entry.actor, entry.changes) == ("dimail:la_regie", {"own_aliases": [None, [f"info@{ACME} → sink@devnull"]]})


def test_the_same_again_is_refused(info):
    answer = info.post(ALL, PAIR)
    assert (answer.status, answer.detail) == (409, "Alias already exists")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"user_name": "in fo", "destination": JOE}, "user_name"),
        ({"user_name": "info", "destination": "nowhere"}, "destination"),
        ({"user_name": "info"}, "destination"),
        ({"destination": JOE}, "user_name"),
        ({**PAIR, "allow_to_send": "perhaps"}, "allow_to_send"),
    ],
)
def test_what_is_wrong_is_named(people, sent, field):
    answer = people.post(ALL, sent)
    assert (answer.status, answer.detail[0]["loc"]) == (422, ["body", field])
    assert not Alias.objects.exists()


# listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("abuse", JOE), ("info", JOE), ("info", "sink@devnull")]),
        ("?user_name=info", [("info", JOE), ("info", "sink@devnull")]),
        ("?user_name=INFO&destination=Joe@Else.Where", [("info", JOE)]),
        ("?user_name=nobody", []),
    ],
)
def test_they_are_listed(info, query, found):
    info.post(ALL, {"user_name": "abuse", "destination": JOE})
    answer = info.get(f"{ALL}/{query}")
    assert (answer.status, [(one["username"], one["destination"]) for one in answer.json]) == (200, found)


def test_a_pair_that_is_not_there(info):
    answer = info.get(f"{ALL}/?user_name=info&destination=no@else.where")
    assert (answer.status, answer.detail) == (404, "Alias not found")


def test_a_destination_alone_is_no_question(info):
    answer = info.get(f"{ALL}/?destination={JOE}")
    assert (answer.status, answer.detail) == (412, "It is forbiden to only provide the destination in a request")


# removed


@pytest.mark.parametrize("body", [None, {}])
@pytest.mark.parametrize("slash", ["", "/"])
def test_one_destination_goes(info, body, slash):
    answer = info.delete(f"{ALL}/info/{JOE}{slash}", body)
    assert (answer.status, answer.body) == (204, b"")
    assert [alias.destination for alias in Alias.objects.all()] == ["sink@devnull"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_all_destinations_go(info, slash):
    assert info.delete(f"{ALL}/info/all{slash}", {}).status == 204
    assert not Alias.objects.exists()


@pytest.mark.parametrize("path", [f"info/{JOE}", "nobody/all", "info/no@else.where"])
def test_what_is_not_there_cannot_go(people, path):
    answer = people.delete(f"{ALL}/{path}", {})
    assert (answer.status, answer.detail) == (404, "Not found")


# refused alike

CALLS = [
    ("GET", ALL, None),
    ("POST", ALL, PAIR),
    ("DELETE", f"{ALL}/info/{JOE}", None),
    ("DELETE", f"{ALL}/info/all", None),
]


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_a_domain_of_somebody_else(info, plain, method, path, sent):
    answer = plain.with_token().call(method, path, sent)
    assert (answer.status, answer.detail, Alias.objects.count()) == (403, "Permission denied", 2)


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_a_domain_that_is_not_there(root, method, path, sent):
    answer = root.with_token().call(method, path, sent)
    assert (answer.status, answer.detail) == (404, "Domain not found")


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_a_domain_without_aliases(regie, method, path, sent):
    hosted(regie, ACME, "mailbox")
    answer = regie.with_token().call(method, path, sent)
    assert (answer.status, answer.detail) == (422, "Feature 'alias' not available on the domain")


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_nobody_without_a_token(people, nobody, method, path, sent):
    assert nobody.call(method, path, sent).status == 403


def test_features_are_those_of_dimail():
    assert dimail_domains.FEATURES == ("webmail", "mailbox", "alias")
