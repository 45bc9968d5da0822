"""The settings tab: forms made from the catalogue."""

import re

import pytest

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from postroom.store.models import Company, Domain, History
from tests import cast
from tests.faces.web import form_reader
from tests.faces.web.domains.conftest import Browser, words


def settings():
    return Domain.objects.get(name=cast.ACME).settings


def set_company(**values):
    company = Company.objects.get(name="acme")
    company.settings |= values
    company.save()


def test_every_setting_of_a_domain_is_on_the_page(adam):
    page = adam.get("settings/").text
    named = set(re.findall(r'name="(\w+?)(?:_0)?"', page))
    may = {
        a.name for a in catalogue.attributes(Level.DOMAIN).values() if a.stored and (a.set_by[Level.DOMAIN] or 9) <= 3
    }
    assert may - named == set()


def test_one_setting_is_changed_and_nothing_else(adam):
    before = settings()
    assert adam.toast(adam.change("spam", spamlevel="High")) == [("good", "The settings were saved.")]
    assert settings() == {**before, "spamlevel": "High"}


def test_nothing_typed_changes_nothing(adam):
    before, entries = settings(), History.objects.count()
    for group in ("general", "services", "delivery", "spam", "limits", "security"):
        assert adam.toast(adam.change(group)) == [("good", "Nothing was changed.")], group
    assert (settings(), History.objects.count()) == (before, entries)


def test_where_a_value_comes_from(adam):
    assert "Built in" in adam.text("settings/")
    set_company(spamlevel="Very High")
    assert "From the company" in adam.text("settings/")


def test_what_is_set_here_can_go_back_to_what_the_company_says(adam):
    set_company(spamlevel="Very High")
    adam.change("spam", spamlevel="High")
    assert "Back to: Very high" in adam.text("settings/")
    adam.toast(adam.post("settings/", group="spam", reset="spamlevel"))
    assert "spamlevel" not in settings()


def test_what_is_inherited_cannot_be_reset(adam):
    answer = adam.post("settings/", group="spam", reset="spamlevel")
    assert answer.status_code == 200
    assert "spamlevel" not in settings()


def test_a_value_that_was_changed_meanwhile_is_not_written_over(adam):
    """Adam has opened the page; the company's setting changes; he then saves another field."""
    page = adam.get("settings/").text
    set_company(spamlevel="Very High")
    adam.http.post("/domains/acme.example/settings/", form_reader.sent(page, {"spamtag": "[J]"}, group="spam"))
    assert settings()["spamtag"] == "[J]"
    assert "spamlevel" not in settings()


def test_a_bad_value_is_told_at_its_field_and_changes_nothing(adam):
    before = settings()
    answer = adam.change("limits", smtp_sent_limit="10001")
    assert answer.status_code == 422
    assert 'id="id_smtp_sent_limit_error"' in answer.text
    assert 'value="10001"' in answer.text
    assert settings() == before


def test_in_french_too(people):
    answer = Browser(cast.ADAM, "fr").change("limits", smtp_sent_limit="10001")
    assert "un nombre entier" in words(answer)


def test_what_only_the_core_can_know_is_told_at_its_field(adam):
    answer = adam.change("general", workgroup="nobody’s")
    assert (answer.status_code, 'id="id_workgroup_error"' in answer.text) == (422, True)


def test_that_too_in_french(people):
    answer = Browser(cast.ADAM, "fr").change("general", workgroup="nobody’s")
    assert "Ce groupe de travail n’existe pas" in words(answer)


def test_an_emptied_mark_is_a_mark_of_nothing(adam):
    adam.change("spam", spamtag="")
    assert settings()["spamtag"] == ""


def test_an_emptied_folder_is_the_inherited_one(adam):
    adam.change("spam", spamfolder="Junk")
    adam.change("spam", spamfolder="")
    assert "spamfolder" not in settings()


def test_a_list_is_typed_one_a_line(adam):
    adam.change("spam", block="Spam@Bad.example\r\n\r\n*@worse.example")
    assert settings()["block"] == ["spam@bad.example", "*@worse.example"]


def test_a_box_is_ticked_and_not_ticked_again(adam):
    adam.change("security", regen_passwords="on")
    assert settings()["regen_passwords"] is True
    adam.change("security", regen_passwords=None)
    assert settings()["regen_passwords"] is False


@pytest.mark.parametrize(
    ("number", "unit", "stored"),
    [("3", "g", 3072), ("500", "m", 500), ("2.5", "g", 2560), ("2,5", "g", 2560), ("0.5", "t", None), ("", "g", 5120)],
)
def test_a_size_has_its_unit_beside_it(adam, number, unit, stored):
    answer = adam.change("limits", quota_0=number, quota_1=unit)
    if stored is None:
        assert 'id="id_quota_error"' in answer.text  # more than the domain's largest
    else:
        assert settings()["quota"] == stored


def test_a_quota_in_bytes_is_shown_in_its_unit_and_stays_as_it_is(adam):
    domain = Domain.objects.get(name=cast.ACME)
    domain.settings |= {"quota": 4 * 2**30}
    domain.save()
    adam.toast(adam.change("limits", smtp_sent_limit="7"))
    assert settings()["quota"] == 4 * 2**30


@pytest.mark.parametrize("typed", ["x", "-1", "1e400", "nan", "0.3"])
def test_what_is_no_size_is_told_at_the_field(adam, typed):
    answer = adam.change("limits", quota_0=typed, quota_1="m")
    assert (answer.status_code, 'id="id_quota_error"' in answer.text) == (422, True)


def test_the_company_decides_what_is_not_the_domains(adam):
    page = adam.text("settings/")
    assert "Not yours to change" in page
    adam.change("limits", limit_users="3")
    assert "limit_users" not in settings()


def test_a_viewer_sees_all_and_changes_nothing(vera):
    assert "Strictness" in vera.text("settings/")
    before = settings()
    assert vera.post("settings/", group="spam", spamlevel="High").status_code == 403
    assert settings() == before


def test_a_key_is_set_with_its_name_and_never_shown(adam):
    from postroom.core import dkim

    key = dkim.new_key(1024)
    adam.toast(adam.change("security", dkim_selector="s1", dkim_key=key))
    assert settings()["dkim_selector"] == "s1"
    assert key.splitlines()[1] not in adam.get("settings/").text


def test_and_stays_when_the_field_is_left_empty(adam):
    from postroom.core import dkim

    adam.change("security", dkim_selector="s1", dkim_key=dkim.new_key(1024))
    before = settings()
    adam.change("security", password_strength="good")
    assert settings() == {**before, "password_strength": "good"}


def test_and_goes_with_its_name(adam):
    from postroom.core import dkim

    adam.change("security", dkim_selector="s1", dkim_key=dkim.new_key(1024))
    adam.toast(adam.change("security", **{"dkim_selector": "", "remove-dkim_key": "on"}))
    assert not settings().keys() & {"dkim_selector", "dkim_key"}


def test_a_key_without_its_name_is_refused(adam):
    from postroom.core import dkim

    answer = adam.change("security", dkim_key=dkim.new_key(1024))
    assert (answer.status_code, 'id="id_dkim_key_error"' in answer.text) == (422, True)


def test_the_page_is_light(adam):
    assert len(adam.get("settings/").content) < 100_000


def test_the_operator_gives_a_domain_another_name(operator):
    operator.toast(operator.change("general", aliases="acme.test\r\nacme2.test"))
    assert Domain.objects.get(name=cast.ACME).aliases == ["acme.test", "acme2.test"]


def test_a_manager_sees_whose_the_domain_is_and_cannot_change_it(adam):
    assert "Company acme" in adam.text("settings/")
    assert 'name="company"' not in adam.get("settings/").text


def test_a_key_without_its_name_is_told_in_the_words_of_the_page(people):
    from postroom.core import dkim

    answer = Browser(cast.ADAM, "fr").change("security", dkim_key=dkim.new_key(1024))
    assert "La clé et son nom ne peuvent être mis ou retirés qu’ensemble." in words(answer)
    assert "dkim_selector" not in words(answer)


def test_two_things_wrong_at_once_are_both_told(adam):
    answer = adam.change("general", workgroup="nobody’s", brand="none")
    assert 'id="id_workgroup_error"' in answer.text
    assert 'id="id_brand_error"' in answer.text


def test_what_the_company_does_not_allow(adam):
    answer = adam.change("delivery", catchall="uma")
    assert "ask your provider" in words(answer)


def test_in_a_form_that_is_refused_everything_typed_is_still_there(adam):
    answer = adam.change("general", workgroup="nobody’s", notes_external="keep me")
    assert "keep me" in words(answer)
    assert "notes_external" not in settings()


def test_a_second_try_after_a_refusal_saves_what_was_touched(adam):
    answer = adam.change("general", workgroup="nobody’s", notes_external="keep me")
    form = form_reader.sent(answer.text, {"workgroup": "staff"}, group="general")
    adam.toast(adam.http.post("/domains/acme.example/settings/", form))
    assert settings()["notes_external"] == "keep me"
