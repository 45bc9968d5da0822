"""The DNS tab."""

import pytest

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Domain
from postroom.worker import loop
from tests import cast
from tests.faces.web.domains.conftest import Browser

TOWN = "town.example"


@pytest.fixture
def platform(people):
    """Which has town.example, of a company that must prove its domains; nobody has looked at it yet."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    while loop.round_once():
        pass
    for email, role in ((cast.OLGA, "owner"), (cast.VERA, "viewer")):
        cast.person(email, role, TOWN)
    return make("fake", {"path": ":memory:"})


@pytest.fixture
def mayor(platform):
    return Browser(cast.OLGA, domain=TOWN)


def test_before_the_first_look_the_page_asks_again_by_itself(mayor):
    assert 'hx-trigger="load delay:700ms, every 3s"' in mayor.get("dns/").text


def test_after_it_no_more(mayor):
    mayor.post("dns/check/")
    assert "hx-trigger" not in mayor.get("dns/").text


def test_what_is_wrong_is_explained_with_the_record_to_paste(mayor, platform):
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": False, "code": "no_mx"})
    assert mayor.toast(mayor.post("dns/check/")) == [("open", "1 thing must still be put right.")]
    assert "One thing must be put right." in mayor.text("dns/")
    assert "Mail arrives here (MX)" in mayor.text("dns/")


def test_when_all_is_right_mail_flows(mayor):
    assert mayor.toast(mayor.post("dns/check/")) == [("good", "Everything that mail needs is in place.")]
    assert Domain.objects.get(name=TOWN).status == "enabled"


def test_in_french(platform):
    platform.command("set_check", {"domain": TOWN, "test": "mx", "ok": False})
    mayor = Browser(cast.OLGA, "fr", TOWN)
    mayor.post("dns/check/")
    assert "Le courriel arrive ici (MX)" in mayor.text("dns/")


def test_a_viewer_sees_it_without_the_button(platform):
    vera = Browser(cast.VERA, domain=TOWN)
    assert "dns/check/" not in vera.get("dns/").text
    assert vera.post("dns/check/").status_code == 403


def test_a_platform_that_does_not_answer_is_told_and_changes_nothing(mayor, platform):
    platform.command("fail_next", {"operation": "check_domain"})
    before = Domain.objects.values().get(name=TOWN)
    assert mayor.toast(mayor.post("dns/check/", came_from="dns/"))[0][0] == "bad"
    assert Domain.objects.values().get(name=TOWN) == before


def test_the_zone_file_holds_the_records(mayor):
    mayor.post("dns/check/")
    answer = mayor.get("dns/zone/")
    assert answer["Content-Disposition"] == 'attachment; filename="town.example.zone"'
    assert "MX" in answer.text


def test_every_record_can_be_copied(mayor):
    mayor.post("dns/check/")
    assert "data-copy=" in mayor.get("dns/").text


def test_the_link_for_somebody_else_opens_without_an_account(mayor, client):
    page = mayor.get("dns/").text
    link = page.partition("<code>http://testserver/dns/")[2].partition("<")[0]
    assert client.get(f"/dns/{link}").status_code == 200


def test_a_signing_key_is_made_after_a_question(mayor):
    assert "Make a new signing key?" in mayor.text("dns/key/")
    mayor.post("dns/key/")
    first = Domain.objects.get(name=TOWN).settings["dkim_selector"]
    mayor.post("dns/key/")
    assert Domain.objects.get(name=TOWN).settings["dkim_selector"] != first


def test_the_private_key_is_never_shown(mayor):
    mayor.post("dns/key/")
    key = Domain.objects.get(name=TOWN).settings["dkim_key"]
    for path in ("dns/", "settings/", "history/"):
        assert key.splitlines()[1] not in mayor.get(path).text


@pytest.mark.parametrize("path", ["dns/", "dns/zone/", "settings/", "history/", "usage/", "people/", "delete/"])
def test_a_stranger_cannot_tell_whether_there_is_such_a_domain(nora, path):
    assert nora.get(path).status_code == 404
    assert nora.get(f"/domains/nothing.example/{path}").status_code == 404


def test_what_the_platform_refuses_is_shown_on_every_tab(mayor):
    Domain.objects.filter(name=TOWN).update(failure="quota of the platform is full")
    assert "quota of the platform is full" in mayor.text("usage/")


def test_what_the_platform_refuses_is_told_in_french(people):
    Domain.objects.filter(name=cast.ACME).update(failure=f"{cast.ACME} is a name or an alias of another domain")
    text = Browser(cast.ADAM, "fr").text("usage/")
    assert f"{cast.ACME} est le nom ou l’alias d’un autre domaine" in text
