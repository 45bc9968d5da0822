"""The fifteen defects of People (people.md section 7.3), as somebody who uses REST would meet them: none is here.

Thirteen, one domain that stops the checks of the others, shows in the worker: tests/worker/test_checks.py.
"""

import re

import pytest

from postroom.actions import invitations
from postroom.drivers import make
from postroom.store.models import Domain, Invitation, Mailbox, OutgoingMail
from postroom.worker import loop
from tests import cast
from tests.clock import Clock
from tests.faces.rest.client import Rest, alias_id, invitation_id, mailbox_id

NEW = "school.example"
TOM = {"first_name": "Tom", "last_name": "Tell", "local_part": "tom", "secondary_email": "tom@home.example"}
PASSWORD = "kettle-Drum-41-violet"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(clock):
    """The worker does all that is due; called with seconds, that much later."""

    def run(later: float = 0) -> None:
        clock.forward(later)
        loop.until_idle(clock)

    return run


@pytest.fixture
def platform(acme):
    return make("fake", {"path": ":memory:"})


@pytest.fixture
def school(nora, platform, work):
    """Nora's own domain. Her DNS does not show yet that it is hers."""
    platform.command("set_check", {"domain": NEW, "test": "ownership", "ok": False})
    nora.ok("POST", "/mail-domains/", {"name": NEW, "support_email": "it@home.example"})
    work()
    return Rest(cast.NORA, domain=NEW)


def proved(platform):
    platform.command("clear_checks", {"domain": NEW})


def link(recipient):
    mail = OutgoingMail.objects.filter(recipient=recipient).latest("id")
    return re.search(r"/code/([0-9a-f]+)/", mail.text)[1]


def signs_in(email, password=PASSWORD):
    return Rest().post("/sign-in/", {"email": email, "password": password}).status_code == 200


def test_01_a_refreshed_invitation_stays_refreshed(adam):
    adam.ok("POST", "invitations/", {"email": "guest@else.example"})
    Invitation.objects.update(expires_at=1000, created_at=1)
    path = f"invitations/{invitation_id('guest@else.example')}/"
    adam.ok("POST", f"{path}refresh/")
    assert adam.ok("GET", path)["is_expired"] is False
    guest = cast.person("guest@else.example")
    assert invitations.accept(guest.pk, cast.origin()) == [cast.ACME]


def test_02_an_invitation_is_refreshed_in_its_own_domain_only(adam, school):
    adam.ok("POST", "invitations/", {"email": "guest@else.example"})
    path = f"invitations/{invitation_id('guest@else.example')}/"
    assert school.post(f"{path}refresh/").status_code == 404
    assert school.delete(path).status_code == 404


def test_03_mailboxes_that_wait_are_sent_after_a_repair(school, platform, work):
    school.ok("POST", "mailboxes/", TOM)
    proved(platform)
    platform.command("set_check", {"domain": NEW, "test": "cert", "ok": False})
    assert school.ok("POST", "fetch/")["status"] == "enabled"
    work()
    assert school.results("mailboxes/")[0]["status"] == "enabled"
    assert [one["address"] for one in platform.command("state", {"domain": NEW})["mailboxes"]] == [f"tom@{NEW}"]


def test_04_the_mail_on_activation_has_a_link_that_lets_its_holder_in(school, platform, work):
    school.ok("POST", "mailboxes/", TOM)
    proved(platform)
    school.ok("POST", "fetch/")
    work()
    code = link("tom@home.example")
    assert Rest().ok("GET", f"/codes/{code}/")["address"] == f"tom@{NEW}"
    assert Rest().ok("POST", f"/codes/{code}/", {"password": PASSWORD}) == {"address": f"tom@{NEW}"}
    assert signs_in(f"tom@{NEW}")


def test_05_a_reset_password_is_reset(adam):
    Mailbox.objects.filter(address=cast.UMA).update(secondary_email="uma@home.example")
    assert signs_in(cast.UMA, cast.PASSWORD)
    adam.ok("POST", f"mailboxes/{mailbox_id(cast.UMA)}/reset_password/")
    assert not signs_in(cast.UMA, cast.PASSWORD)
    Rest().ok("POST", f"/codes/{link('uma@home.example')}/", {"password": PASSWORD})
    assert signs_in(cast.UMA)


def test_06_what_is_missing_is_told(adam, school):
    assert school.post("aliases/", {"local_part": "info", "destination": "a@b.example"}).status_code == 201
    assert adam.post("accesses/", {"role": "viewer"}).json() == {"user": ["This field is required."]}
    assert adam.post("invitations/", {"role": "viewer"}).json() == {"email": ["This field is required."]}


@pytest.mark.parametrize(("kind", "status"), [("temporary", 503), ("permanent", 502)])
def test_07_a_platform_that_is_away_is_told(school, platform, kind, status):
    platform.command("fail_next", {"operation": "check_domain", "kind": kind, "times": 5})
    answer = school.post("fetch/")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert ("Retry-After" in answer, bool(answer.json()["detail"])) == (kind == "temporary", True)


def test_07_in_french_too(school, platform):
    platform.command("fail_next", {"operation": "check_domain", "times": 5})
    answer = school.post("fetch/", Accept_Language="fr-FR,fr;q=0.9")
    assert answer.json()["title"] == "La plateforme de messagerie ne répond pas"


def test_08_a_creation_that_failed_is_tried_again(adam, platform, work):
    work()
    platform.command("fail_next", {"operation": "apply", "times": 1, "retry_in": 10})
    path = f"mailboxes/{adam.ok('POST', 'mailboxes/', TOM)['id']}/"
    work()
    waiting = adam.ok("GET", path)
    assert (waiting["in_step"], bool(waiting["failure"])) == (False, True)
    work(60)
    assert (adam.ok("GET", path)["in_step"], adam.ok("GET", path)["welcome"]) == (True, "sent")
    assert link("tom@home.example")


def test_09_a_check_enables_no_disabled_domain(adam, operator, work):
    work()
    operator.ok("POST", "disable/")
    work()
    assert adam.ok("POST", "fetch/")["status"] == "disabled"


def test_10_a_new_name_is_told_to_the_platform(adam, platform, work):
    adam.ok("PATCH", f"mailboxes/{mailbox_id(cast.UMA)}/", {"first_name": "Uma", "last_name": "Urban"})
    work()
    told = platform.command("state", {"domain": cast.ACME})["mailboxes"]
    assert [one["settings"]["name"] for one in told if one["address"] == cast.UMA] == ["Uma Urban"]


def test_11_slugs_are_unique_and_names_are_names(nora):
    def claim(name):
        return nora.post("/mail-domains/", {"name": name, "support_email": "it@home.example"})

    slugs = [claim(name).json()["slug"] for name in ("a.bc.example", "ab.c.example")]
    assert slugs == ["a_bc_example", "ab_c_example"]
    assert claim("not a domain").status_code == 400
    assert claim("A.BC.Example").status_code == 400
    assert Rest(cast.NORA, domain="a.bc.example").ok("GET", "")["name"] == "a.bc.example"


def test_11_the_case_of_an_address_means_nothing(adam, nora):
    adam.ok("POST", "invitations/", {"email": "GUEST@Else.Example"})
    guest = cast.person("guest@else.example")
    assert invitations.accept(guest.pk, cast.origin()) == [cast.ACME]


def test_12_a_domain_that_fails_can_be_looked_at(school, platform):
    proved(platform)
    platform.command("set_check", {"domain": NEW, "test": "cert", "ok": False})
    platform.command("set_fix", {"domain": NEW, "repairs": False})
    found = school.ok("POST", "fetch/")
    assert (found["status"], found["last_check_details"]["cert"]["ok"]) == ("failed", False)
    assert found["action_required_details"] == {}


def test_14_what_the_platform_did_not_hear_of_an_alias_it_is_told_again(adam, platform, work):
    def told():
        return platform.command("state", {"domain": cast.ACME})["domains"][0]["own_aliases"]

    adam.ok("POST", "aliases/", {"local_part": "info", "destination": cast.UMA})
    work()
    assert told() == {"info": [cast.UMA]}
    platform.command("fail_next", {"operation": "apply", "times": 1, "retry_in": 10})
    assert adam.delete(f"aliases/{alias_id('info')}/").status_code == 204
    work()
    assert told() == {"info": [cast.UMA]}
    work(60)
    assert told() == {}


def test_15_a_name_alone_proves_nothing(school, nora, platform, work):
    found = school.ok("POST", "fetch/")
    assert (found["status"], found["proved_at"]) == ("action_required", None)
    assert "ownership" in found["action_required_details"]
    records = [one["target"] for one in found["expected_config"]]
    assert "_postroom" in records
    other = cast.person("other@far.example")
    answer = Rest(other.email).post("/mail-domains/", {"name": NEW, "support_email": "x@far.example"})
    assert answer.status_code == 400
    assert "already exists" not in answer.json()["name"][0]
    assert Domain.objects.get(name=NEW).claimed_by.email == cast.NORA
