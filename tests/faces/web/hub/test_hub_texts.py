"""The guides, and how they become pages."""

import re

import pytest

from postroom.core.languages import Language
from postroom.drivers.fake.commands import COMMANDS
from postroom.faces.web.hub import markdown
from postroom.faces.web.hub.guides import GUIDES, changes, guide, source

BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("slug", GUIDES)
def test_both_languages_make_the_same_calls(slug):
    english, french = (BLOCK.findall(source(slug, language)) for language in Language)
    assert english == french


@pytest.mark.parametrize("slug", GUIDES)
def test_both_languages_have_the_same_parts(slug):
    english, french = (guide(slug, language) for language in Language)
    assert len(english.parts) == len(french.parts)


@pytest.mark.parametrize("slug", GUIDES)
def test_the_french_is_written_as_french_is(slug):
    prose = re.sub(
        r"`[^`]*`|\]\([^)]*\)|^\|.*---.*$", "", BLOCK.sub("", source(slug, Language.FRENCH)), flags=re.MULTILINE
    )
    assert re.findall(r".{20}(?:[^\u00a0][:;?!](?=\s)|«[^\u00a0]|[^\u00a0]»|\w'\w)", prose) == []


def test_nothing_raw_gets_through():
    found = markdown.render("# T\n\n<script>x</script> <b>y</b>\n\n[z](javascript:alert)\n")
    assert ("<script" in found.html, "<b>" in found.html, "javascript:" in re.sub("<p>.*</p>", "", found.html)) == (
        False, False, False,
    )  # fmt: skip


def test_a_heading_can_be_linked_to():
    found = markdown.render("# Title\n\nwords\n\n## À la carte\n\nmore\n")
    assert '<h2 id="a-la-carte">' in found.html
    assert [(s.title, s.anchor, s.words) for s in found.sections] == [
        ("Title", "", "words"),
        ("À la carte", "a-la-carte", "more"),
    ]


def test_only_calls_can_be_copied():
    found = markdown.render("# T\n\n```sh\nls\n```\n\n```json\n{}\n```\n")
    assert found.html.count("data-copy") == 1


def test_the_changes_have_no_dead_links():
    assert not re.search(r'href="(?!https://|/docs/)', changes().html)


@pytest.mark.parametrize("language", Language)
def test_the_guide_to_the_fake_platform_names_every_command(language):
    rows = re.findall(r"^\| (`.*?) \|", source("fake", language), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(COMMANDS)
