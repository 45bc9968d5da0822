"""API keys that may change something and look at nothing: what they did is not answered with a refusal."""

import pytest

from postroom.actions import api_keys
from postroom.actions.api_keys import KeyWish
from postroom.actions.persons import actor
from postroom.store.models import Alias, Domain, Mailbox, Person
from postroom.worker import loop
from tests import cast
from tests.faces.rest.client import Rest, access_id, alias_id, mailbox_id


@pytest.fixture
def key(people):
    def made(*permissions):
        olga = actor(Person.objects.get(email=cast.OLGA).pk)
        return Rest(
            token=api_keys.create(olga, cast.origin(), KeyWish(name="program", permissions=list(permissions))).token
        )

    return made


def test_switching_a_mailbox_off(key):
    answer = key("mailbox:switch").post(f"mailboxes/{mailbox_id(cast.UMA)}/disable/")
    assert (answer.status_code, answer.json()["status"]) == (200, "disabled")


def test_sending_a_link(key):
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="uma@home.example")
    assert key("mailbox:link").post(f"mailboxes/{mailbox_id(cast.UMA)}/login_link/").status_code == 200


def test_giving_a_mailbox_another_name(key):
    answer = key("mailbox:rename").post(f"mailboxes/{mailbox_id(cast.UMA)}/rename/", {"local_part": "urban"})
    assert (answer.status_code, answer.json()["local_part"]) == (200, "urban")


def test_adding_an_alias(key):
    answer = key("alias:change").post("aliases/", {"local_part": "info", "destination": cast.UMA})
    assert (answer.status_code, answer.json()["domain"]["name"]) == (201, cast.ACME)
    assert Alias.objects.count() == 1


def test_removing_an_alias(key):
    program = key("alias:change")
    program.ok("POST", "aliases/", {"local_part": "info", "destination": cast.UMA})
    assert program.delete(f"aliases/{alias_id('info')}/").status_code == 204


def test_taking_a_role(key):
    assert key("access:change").delete(f"accesses/{access_id(cast.VERA)}/").status_code == 204


def test_changing_a_domain(key):
    answer = key("domain:change").patch("", {"support_email": "new@home.example"})
    assert (answer.status_code, answer.json()["support_email"]) == (200, "new@home.example")


def test_changing_its_settings(key):
    assert key("domain:change").patch("settings/", {"spamtag": "[spam]"}).json()["spamtag"]["value"] == "[spam]"


def test_checking_a_domain(key):
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    assert key("domain:check").post("fetch/").status_code == 200


def test_changing_nothing_of_a_role(key):
    assert key("access:change").patch(f"accesses/{access_id(cast.VERA)}/", {}).status_code == 200


def test_claiming_a_domain_tells_what_the_key_may_do_there(key):
    answer = key("domain:claim").post("/mail-domains/", {"name": "new.example", "support_email": "it@home.example"})
    assert answer.status_code == 201
    assert {name for name, may in answer.json()["abilities"].items() if may} == {"get"}
    assert Domain.objects.filter(name="new.example").exists()


def test_looking_stays_refused(key):
    program = key("domain:change", "mailbox:switch", "access:change", "alias:see")
    paths = ("", "settings/", "aliases/", f"mailboxes/{mailbox_id(cast.UMA)}/", f"accesses/{access_id(cast.VERA)}/")
    assert {program.get(path).status_code for path in paths} == {403}
