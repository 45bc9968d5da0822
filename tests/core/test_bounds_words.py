"""What attributes take, in French: nothing is left out, no number is another one."""

import re

import pytest

from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Level
from postroom.core.catalogue.bounds_words import bounds_in
from postroom.core.languages import Language

KINDS = [
    pytest.param(attribute.kind_on(level), id=f"{attribute.name}-{level}")
    for attribute in CATALOGUE.values()
    for level in Level
    if attribute.on(level)
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_french_has_the_same_numbers(kind):
    french = bounds_in(kind, Language.FRENCH)
    assert sorted(re.findall(r"\d+", french)) == sorted(re.findall(r"\d+", kind.bounds))


@pytest.mark.parametrize("kind", KINDS)
def test_the_french_is_not_the_english(kind):
    assert bounds_in(kind, Language.FRENCH) != kind.bounds == bounds_in(kind, Language.ENGLISH)
