"""scripts/messages.py finds what is wrong with the French of the pages; and nothing is."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def load():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_french_of_the_pages_is_whole():
    assert list(load().problems()) == []


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A place with one page and one catalogue."""
    module = load()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(module, "SPEAKING", (tmp_path / "pages",))
    (tmp_path / "pages" / "templates").mkdir(parents=True)

    def check(template, entries):
        (tmp_path / "pages" / "templates" / "page.html").write_text("{% load i18n %}" + template)
        path = tmp_path / "locale" / "a" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + entries)
        module.write()
        return [problem.partition(": ")[2] for problem in module.problems()]

    return check


SAVE = 'msgid "Save"\nmsgstr "Enregistrer"\n'


def test_what_is_said_in_both_languages_is_fine(small):
    assert small('{% translate "Save" %}', SAVE) == []


@pytest.mark.parametrize(
    "template",
    ['{% translate "Go" %}', "{% blocktranslate %}Go{% endblocktranslate %}", '{% include "x.html" with a=_("Go") %}'],
)
def test_a_page_without_french_is_found(small, template):
    assert small(template, "") == ["no French for 'Go'"]


def test_an_empty_french_is_none(small):
    assert "no French for 'Save'" in small('{% translate "Save" %}', 'msgid "Save"\nmsgstr ""\n')


def test_a_plural_without_french_is_found(small):
    template = "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    assert small(template, "") == ["no French for '%(n)s day'"]


def test_what_nobody_says_any_more_is_found(small):
    assert small("", SAVE) == ["nobody says 'Save'"]


@pytest.mark.parametrize(
    ("french", "what"),
    [
        ("D'accord", "has a straight apostrophe; write ’"),
        ("Vraiment ?", "lacks a no-break space before : ; ! ? or inside « »"),
        ("Vraiment?", "lacks a no-break space before : ; ! ? or inside « »"),
        ("« Oui »", "lacks a no-break space before : ; ! ? or inside « »"),
        ("%(name)s", "names what the English does not"),
    ],
)
def test_bad_typography_is_found(small, french, what):
    assert any(
        problem.endswith(what) for problem in small('{% translate "Save" %}', f'msgid "Save"\nmsgstr "{french}"\n')
    )


def test_a_name_that_the_french_leaves_out_is_found(small):
    template = "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}"
    problems = small(template, 'msgid "Hello %(name)s"\nmsgstr "Bonjour"\n')
    assert any(problem.endswith("does not name all that the English names") for problem in problems)


def test_writing_twice_gives_the_same_bytes(small, tmp_path):
    small('{% translate "Save" %}', SAVE)
    before = (tmp_path / "locale" / "a" / "django.mo").read_bytes()
    (tmp_path / "locale" / "a" / "django.mo").unlink()
    small('{% translate "Save" %}', SAVE)
    assert (tmp_path / "locale" / "a" / "django.mo").read_bytes() == before
