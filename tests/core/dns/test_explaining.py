"""What drivers themselves say of a test is told in French, too: on pages and in letters."""

import ast
from pathlib import Path

import pytest

from postroom import drivers
from postroom.core.dns.explaining import explanation
from postroom.core.dns.report import CheckResult
from postroom.core.languages import Language
from tests.source_texts import DIFFERS, Source

FOLDER = Path(drivers.__file__).parent


def shown(detail, language, **more):
    return explanation(CheckResult(name="mx", ok=False, detail=detail, **more), language).problem


def said_of_tests():
    for path in FOLDER.rglob("*.py"):
        yield from Source(path.read_text()).given("CheckResult", "detail")
    fake = Source((FOLDER / "fake" / "checks.py").read_text())
    for node in fake.nodes:  # (code, detail)
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.JoinedStr):
            yield from fake.texts(node.elts[1])


@pytest.mark.parametrize("detail", sorted({*said_of_tests()} - DIFFERS))
def test_what_a_driver_says_has_french(detail):
    assert (shown(detail, Language.ENGLISH), shown(detail, Language.FRENCH) != detail) == (detail, True)


@pytest.mark.parametrize("code", ["strange", "no_mx"])
def test_a_platforms_own_words_stay(code):
    assert shown("The moon is full", Language.FRENCH, code=code) == "The moon is full"
