"""The words of explanations: each code has some, in both languages, about the same values."""

import re
from pathlib import Path
from string import Formatter

import pytest

import postroom
from postroom.core.catalogue.attribute import Inheritance, Rank
from postroom.core.explain import why, words
from postroom.core.explain.way import End, Step, Via
from postroom.core.languages import Language

TEXTS = {**words.STEPS, **words.ENDS, **words.VIAS, **why.NOTES, **why.LEVELS}
PACKAGE = Path(postroom.__file__).parent


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_tell_the_same_values(code):
    assert values(TEXTS[code].en) == values(TEXTS[code].fr)


@pytest.mark.parametrize("code", TEXTS)
def test_french_has_its_spaces_and_apostrophes(code):
    assert not re.search(r"(?<!\u00a0)[:;?!»]|«(?!\u00a0)|'", re.sub(r"\{\w+\}", "", TEXTS[code].fr))


def used(pattern: str) -> set[str]:
    files = [*(PACKAGE / "core" / "explain").glob("*.py"), *(PACKAGE / "actions").glob("explain*.py")]
    return {code for path in files for code in re.findall(pattern, path.read_text())}


def test_every_step_that_is_told_has_words_and_no_words_are_left_over():
    assert words.STEPS.keys() == used(r'"([a-z_]+)"') & words.STEPS.keys()
    assert used(r'Step\(\s*"([a-z_]+)"') <= words.STEPS.keys()


def test_every_end_and_every_way_has_words():
    assert (words.ENDS.keys(), words.VIAS.keys()) == (set(End), set(Via))


def test_every_note_has_words():
    made = {*(i.value for i in Inheritance), *(f"suspended_{rank.name.lower()}" for rank in Rank)}
    assert why.NOTES.keys() == made | used(r'Note\(\s*"([a-z_]+)"')


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1.5\u00a0GB of 2\u00a0GB"), ("fr", "1,5\u00a0Go sur 2\u00a0Go")]
)
def test_sizes_are_written_as_the_language_does(language, said):
    step = Step("room", values={"stored": 1_610_612_736, "quota": 2_147_483_648})
    assert words.told(step, Language(language)).startswith(said)


def test_a_verdict_names_a_few_ends():
    said = words.verdict("a@b.example", End.ONWARD, [f"m{n}@b.example" for n in range(9)], [], Language.ENGLISH)
    assert said.endswith("m3@b.example, m4@b.example ….")
