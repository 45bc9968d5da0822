"""What is said of a table is said in both languages, with the same values."""

import re

import pytest

from postroom.core.sheet_words import WORDS


@pytest.mark.parametrize("code", WORDS)
def test_both_languages_name_the_same_values(code):
    # A column's French says the whole rule; its English is the parser's own.
    english, french = (set(re.findall(r"{(\w+)}", text)) - {"why"} for text in (WORDS[code].en, WORDS[code].fr))
    assert english == french
    assert WORDS[code].fr
