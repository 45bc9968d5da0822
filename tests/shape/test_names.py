"""A module says what it is about: a name under which anything could be found says nothing."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = "common helper helpers lib manager managers misc service services util utils"
SAYS_NOTHING = frozenset(WORDS.split())


@pytest.mark.parametrize("folder", ["postroom", "scripts", "tests"])
def test_every_module_says_what_it_is_about(folder: str):
    modules = (ROOT / folder).rglob("*.py")
    nameless = [path for path in modules if SAYS_NOTHING & {*path.relative_to(ROOT).parts, path.stem}]
    assert nameless == []
