"""What settings are called on pages."""

import pytest

from postroom.core.catalogue import CATALOGUE, words
from postroom.core.catalogue.attribute import Level
from postroom.core.languages import Language


def test_every_attribute_has_words_and_nothing_else_has():
    assert words.WORDS.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_label_and_help_are_there(name, language):
    assert words.label(name, language)
    assert words.help(name, language).endswith(".")


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_stands_in_a_group_that_there_is(name):
    assert words.group_of(name) in words.GROUPS


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_french_is_written_as_in_france(name):
    french = words.WORDS[name].help.fr
    assert "'" not in french
    assert not any(f" {mark}" in french for mark in ":;?!")


def test_every_choice_that_people_read_has_a_word():
    untold = {"default_password_encoding", "timezone"}  # names of things
    for name, attribute in CATALOGUE.items():
        for value in () if name in untold else attribute.kind.options:
            assert words.choice(name, value, Language.FRENCH) != "", (name, value)


def test_no_two_settings_of_a_group_are_called_alike():
    for language in Language:
        seen = [(w.group, w.label.at(language)) for name, w in words.WORDS.items() if name not in ("account", "type")]
        assert len(seen) == len(set(seen)), language


def test_what_is_copied_says_what_begins_with_it():
    assert words.help("quota", Language.ENGLISH, Level.DOMAIN).endswith("New mailboxes begin with it.")
    assert words.help("quota", Language.ENGLISH, Level.COMPANY).endswith("New domains begin with it.")
    assert words.help("quota", Language.FRENCH, Level.MAILBOX) == words.help("quota", Language.FRENCH)
    assert words.help("spamlevel", Language.ENGLISH, Level.DOMAIN) == words.help("spamlevel", Language.ENGLISH)
