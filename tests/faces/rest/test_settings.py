"""Settings with their origin, and the history of what was changed."""

import pytest

from postroom.store.models import Company, Domain
from tests import cast
from tests.faces.rest.client import mailbox_id


@pytest.fixture
def uma(people):
    return f"mailboxes/{mailbox_id(cast.UMA)}/"


def spamtag(client, path):
    found = client.ok("GET", f"{path}settings/")["spamtag"]
    return found["value"], found["origin"]


def test_a_value_and_its_origin(olga, uma):
    assert spamtag(olga, uma)[1] == "default"
    Company.objects.filter(name="acme").update(settings={"spamtag": "[company]"})
    assert spamtag(olga, uma) == spamtag(olga, "") == ("[company]", "company")
    olga.ok("PATCH", "settings/", {"spamtag": "[domain]"})
    assert spamtag(olga, uma) == spamtag(olga, "") == ("[domain]", "domain")
    olga.ok("PATCH", f"{uma}settings/", {"spamtag": "[mailbox]"})
    assert spamtag(olga, uma) == ("[mailbox]", "mailbox")
    found = olga.ok("PATCH", f"{uma}settings/", {"spamtag": None})
    assert (found["spamtag"]["value"], found["spamtag"]["origin"]) == ("[domain]", "domain")


def test_what_may_be_set(olga, vera):
    mine, theirs = olga.ok("GET", "settings/"), vera.ok("GET", "settings/")
    assert mine["spamtag"]["settable"] is True
    assert mine["limit_users"]["settable"] is False
    assert not any(one["settable"] for one in theirs.values())


def test_secrets_are_not_shown(olga):
    Domain.objects.filter(name=cast.ACME).update(settings={"dkim_key": "secret", "dkim_selector": "a"})
    answer = olga.get("settings/")
    assert b'secret"' not in answer.content.replace(b'"secret":', b"")
    assert answer.json()["dkim_key"]["value"] is None
    assert answer.json()["dkim_key"]["secret"] is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"password": "x"}, "password"),
        ({"spamlevel": "Huge"}, "spamlevel"),
        ({"limit_users": 5}, "limit_users"),
        ({"regen_passwords": "yes"}, "regen_passwords"),
        ({"smtp_sent_limit": 10_001}, "smtp_sent_limit"),
    ],
)
def test_what_is_not_right(olga, body, field):
    before = olga.ok("GET", "settings/")
    answer = olga.patch("settings/", {"spamtag": "[new]", **body})
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert olga.ok("GET", "settings/") == before


def test_the_history_is_the_newest_first(olga, vera, uma):
    answer = olga.patch(f"{uma}settings/", {"title": "Dr"})
    newest = vera.results(f"{uma}history/")[0]
    assert (newest["actor"], newest["face"], newest["verb"]) == (cast.OLGA, "rest", "changed")
    assert (newest["request_id"], newest["changes"]) == (answer["X-Request-Id"], {"title": [None, "Dr"]})
    assert vera.results(f"{uma}history/")[-1]["verb"] == "created"


def test_the_history_of_a_domain(olga):
    olga.ok("PATCH", "settings/", {"spamtag": "[new]"})
    assert olga.results("history/")[0]["changes"]["spamtag"][1] == "[new]"
