"""Which language somebody reads, from what programs and forms say."""

import ast
import re
from pathlib import Path

import pytest

import postroom
from postroom.core.languages import Language, Text, best


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr", "fr"), ("fr-FR", "fr"), ("FR_ca", "fr"), ("en-us", "en"), ("de", "en"), ("", "en"), ("fr;q=0", "en"),
        ("de, fr;q=0.8, en;q=0.2", "fr"), ("fr;q=0.1,en;q=0.9", "en"), ("fr;q=nonsense", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_best_language_is_taken(wanted, language):
    assert best(wanted) == Language(language)


def test_a_text_is_filled_in():
    assert Text(en="to {name}", fr="à {name}").at(Language.FRENCH, name="Uma") == "à Uma"


def test_french_signs_stand_behind_a_space_that_no_line_ends_at():
    said = Text(en="{name}: “{what}” ?all", fr="{name} : « {what} » ?all")
    assert said.at(Language.FRENCH, name="a : b", what="c") == "a : b\u00a0: «\u00a0c\u00a0» ?all"


def french_written_in(path):
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Text":
            said = [keyword.value for keyword in call.keywords if keyword.arg == "fr"] or call.args[1:2]
            yield from (part.value for one in said for part in ast.walk(one) if isinstance(part, ast.Constant))


def test_no_french_has_a_straight_apostrophe():
    paths = [path for path in Path(postroom.__file__).parent.rglob("*.py") if "Text(" in path.read_text()]
    said = [text for path in paths for text in french_written_in(path) if isinstance(text, str)]
    assert len(said) > 100
    assert [text for text in said if re.search(r"\w'\w", text)] == []
