"""The support e-mail on the settings tab: whom a domain's letters go to."""

from django.urls import reverse

from postroom.store.models import Domain
from tests import cast
from tests.faces.web.domains.conftest import Browser, words

NEW = "it@home.example"


def kept():
    return Domain.objects.get(name=cast.ACME).support_email


def keep(email):
    Domain.objects.filter(name=cast.ACME).update(support_email=email)


def test_an_administrator_changes_it(adam):
    answer = adam.change("support", support_email=" IT@home.example")
    assert adam.toast(answer) == [("good", "it@home.example is told from now on when something changes.")]
    assert (kept(), answer["Location"]) == (NEW, reverse("domain_settings", args=[cast.ACME]) + "#support")


def test_the_form_shows_what_is_there(adam):
    keep(NEW)
    assert f'value="{NEW}"' in adam.get("settings/").text


def test_what_is_no_address_is_told_at_the_field(adam):
    keep(NEW)
    answer = adam.change("support", support_email="nobody")
    assert answer.status_code == 422
    assert 'id="id_support_email_error">Must be a full address such as joe@example.com.' in answer.text
    assert kept() == NEW


def test_it_cannot_be_taken_away(adam):
    keep(NEW)
    answer = adam.change("support", support_email="")
    assert (answer.status_code, kept()) == (422, NEW)


def test_saving_a_setting_leaves_it_alone(adam):
    keep(NEW)
    adam.toast(adam.change("spam", spamlevel="High"))
    assert kept() == NEW


def test_a_viewer_reads_it_and_has_no_form(vera):
    keep(NEW)
    assert f"{NEW} is told when something changes." in vera.text("settings/")
    assert 'name="support_email"' not in vera.get("settings/").text


def test_a_viewer_cannot_change_it(vera):
    assert vera.post("settings/", group="support", support_email=NEW).status_code == 403
    assert kept() == ""


def test_it_is_undone_from_the_history(adam):
    adam.change("support", support_email=NEW)
    adam.change("support", support_email="other@home.example")
    page = adam.text("history/")
    assert "Support e-mail" in page
    undo = adam.get("history/").text.partition('action="/domains/history/')[2].partition('"')[0]
    adam.toast(adam.post(f"/domains/history/{undo}", came_from="history/"))
    assert kept() == NEW


def test_the_dns_tab_leads_there(adam, vera):
    keep(NEW)
    there = 'href="/domains/acme.example/settings/#support"'
    assert there in adam.get("dns/").text
    assert there not in vera.get("dns/").text


def test_the_french(people):
    adam = Browser(cast.ADAM, language="fr")
    answer = adam.change("support", support_email="nobody")
    assert "Adresse de contact" in words(answer)
