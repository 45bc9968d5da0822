"""The history tab, and taking changes back."""

import re

import pytest

from postroom.actions import domain_switch
from postroom.core.roles import OPERATOR
from postroom.faces.web import history_words
from postroom.store.models import Domain, History
from tests import cast
from tests.faces.web.domains.conftest import Browser


def settings():
    return Domain.objects.get(name=cast.ACME).settings


def undo_buttons(page):
    return re.findall(r'action="(/domains/history/\d+/undo/)"', page.text)


def test_who_changed_what_from_what_to_what(adam):
    adam.change("spam", spamlevel="High")
    page = adam.text("history/")
    assert f"Changed {cast.ADAM}, on these pages" in page
    assert "Strictness High" in page


def test_before_and_after_in_words(adam):
    adam.change("spam", spamlevel="High")
    adam.change("spam", spamlevel="Very High")
    assert "Strictness High → Very high" in adam.text("history/")


def test_in_french(people):
    adam = Browser(cast.ADAM, "fr")
    adam.change("spam", spamlevel="High")
    assert "Sévérité Élevé" in adam.text("history/")


def test_a_change_is_taken_back(adam):
    adam.change("spam", spamlevel="High")
    path = undo_buttons(adam.get("history/"))[0]
    assert adam.toast(adam.post(path, came_from="history/")) == [("good", "It is as it was before.")]
    assert "spamlevel" not in settings()


def test_not_when_it_was_changed_since(adam):
    adam.change("spam", spamlevel="High")
    path = undo_buttons(adam.get("history/"))[0]
    adam.change("spam", spamlevel="Very High")
    assert adam.toast(adam.post(path, came_from="history/"))[-1][0] == "bad"
    assert settings()["spamlevel"] == "Very High"


def test_a_viewer_sees_it_without_buttons(adam, vera):
    adam.change("spam", spamlevel="High")
    assert undo_buttons(vera.get("history/")) == []
    entry = History.objects.filter(verb="changed").latest("id")
    vera.post(f"/domains/history/{entry.pk}/undo/")
    assert settings()["spamlevel"] == "High"


def test_a_stranger_undoes_nothing(adam, nora):
    adam.change("spam", spamlevel="High")
    entry = History.objects.filter(verb="changed").latest("id")
    assert nora.post(f"/domains/history/{entry.pk}/undo/").status_code == 404


def test_status_and_reason_are_told(vera):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME, "unpaid")
    page = vera.text("history/")
    assert "Enabled → Disabled" in page
    assert "Reason unpaid" in page


def test_every_verb_that_the_code_writes_has_its_words():
    from pathlib import Path

    import postroom

    written = set()
    for path in Path(postroom.__file__).parent.glob("[aw]*/*.py"):
        text = path.read_text()
        written |= set(re.findall(r'history\.note\([^()]*?origin(?:\(\w+\))?,\s*"([a-z ]+)"', text))
    assert len(written) > 20
    assert written - set(history_words.VERBS) == set()


@pytest.mark.parametrize("page", ["1", "7"])
def test_pages_of_the_history(adam, page):
    assert adam.get("history/", page=page).status_code == 200


def test_aliases_are_told_in_the_readers_language(people):
    from postroom.actions import aliases

    aliases.create(cast.person_actor(cast.ADAM), cast.origin(), cast.ACME, "info", cast.UMA, allow_to_send=True)
    page = Browser(cast.VERA, "fr").text("history/")
    assert f"info@{cast.ACME} → {cast.UMA} (peut écrire sous ce nom)" in page
