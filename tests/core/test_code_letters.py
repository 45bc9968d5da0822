"""Letters with a link that a platform made itself: it opens the mailbox, and sets no password."""

import pytest

from postroom.core.brand import Look
from postroom.core.languages import Language
from postroom.core.letters import mailbox as letters
from postroom.core.letters.mailbox import Way

WAY = Way(link="https://webmail.example/code/abc", seconds=7200, uses=3, signs_in=True)
LETTERS = (letters.welcome, letters.reset, letters.login_link)


def written(letter, language=Language.ENGLISH, way=WAY):
    return letter(Look(), language, "ann@town.example", way).text


@pytest.mark.parametrize("letter", LETTERS)
def test_it_has_the_link_and_how_long_it_is_good(letter):
    text = written(letter)
    assert WAY.link in text
    assert "2 hours" in text


@pytest.mark.parametrize("letter", LETTERS)
def test_it_says_what_the_link_does(letter):
    assert "opens" in written(letter)
    assert "ouvre" in written(letter, Language.FRENCH)


@pytest.mark.parametrize("letter", LETTERS)
def test_it_does_not_promise_a_choice_of_password_by_the_link(letter):
    assert "Choose my password" not in written(letter)
    assert "lets whoever has it choose the password" not in written(letter)


def test_one_use_is_called_once():
    once = Way(link=WAY.link, seconds=60, uses=1, signs_in=True)
    assert "once" in written(letters.welcome, way=once)


def test_a_link_of_ours_sets_the_password_as_ever():
    assert "Choose my password" in written(letters.welcome, way=Way(link=WAY.link, seconds=60, uses=1))
