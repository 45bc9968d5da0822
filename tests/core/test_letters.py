"""What every letter has: both languages, HTML beside text, colours that can be read, nothing that breaks out."""

import re
from datetime import UTC, datetime

import pytest

from postroom.core.brand import PLAIN, Look
from postroom.core.languages import Language
from postroom.core.letters import mailbox
from postroom.core.letters.domain_pushed import domain_pushed
from postroom.core.letters.frame import Contents, Envelope, branded, message
from postroom.core.letters.mailbox import Way
from postroom.core.letters.password_reset import password_reset
from postroom.core.letters.person_addresses import (
    Asked,
    address_asked,
    address_changed,
    address_made_main,
    address_not_possible,
)
from postroom.core.letters.spans import in_words
from postroom.core.letters.statistics import statistics

LINK = "https://post.example/code/abc/"
BY_LINK = Way(link=LINK, seconds=3600, uses=3, webmail="https://mail.example")
BY_PASSWORD = Way(password="k3vd-8mzq", webmail="https://mail.example")
PROOF = Asked(email="ann@far.example", account="ann@home.example", seconds=86_400, link=LINK)
ROW = {
    "domain": "acme.example", "mailboxes": 1, "forwards": 2, "filters": 3, "aliases": 4, "quota_bytes": 5_242_880,
    "stored_bytes": 0, "delivered": 6, "spam": 7, "recipients": 8,
}  # fmt: skip
LETTERS = {
    "welcome": lambda look, language: mailbox.welcome(look, language, "ann@acme.example", BY_LINK),
    "welcome by password": lambda look, language: mailbox.welcome(look, language, "ann@acme.example", BY_PASSWORD),
    "reset": lambda look, language: mailbox.reset(look, language, "ann@acme.example", BY_LINK),
    "reset by password": lambda look, language: mailbox.reset(look, language, "ann@acme.example", BY_PASSWORD),
    "login link": lambda look, language: mailbox.login_link(look, language, "ann@acme.example", BY_LINK),
    "password reset": lambda look, language: password_reset(look, language, LINK),
    "domain pushed": lambda look, language: domain_pushed(look, language, domain="a.example", receiver="b", giver="c"),
    "address asked for": lambda look, language: address_asked(look, language, PROOF),
    "address not possible": lambda look, language: address_not_possible(look, language, PROOF.email, PROOF.account),
    "address added": lambda look, language: address_changed(look, language, PROOF, added=True),
    "address removed": lambda look, language: address_changed(look, language, PROOF, added=False),
    "address made the main one": lambda look, language: address_made_main(look, language, PROOF),
    "statistics": lambda look, language: statistics(look, language, "acme", "2026-11", [ROW]),
}
every_letter = pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
in_every_language = pytest.mark.parametrize("language", Language)


@every_letter
@in_every_language
def test_its_language_is_said_to_programs_that_read_it_aloud(letter, language):
    assert f'<html lang="{language}">' in letter(PLAIN, language).html


@every_letter
def test_each_language_has_its_own_words(letter):
    english, french = (letter(PLAIN, language) for language in Language)
    assert english.subject != french.subject
    assert english.text != french.text


@every_letter
@in_every_language
def test_nothing_is_left_to_be_filled_in(letter, language):
    made = letter(PLAIN, language)
    assert not re.search(r"[{}]", made.subject + made.text + re.sub(r'style="[^"]*"', "", made.html))


@every_letter
def test_french_signs_stand_behind_a_space_that_no_line_ends_at(letter):
    assert re.findall(r" [:;?!»](?=\s|$)", letter(PLAIN, Language.FRENCH).text) == []


@every_letter
def test_text_and_html_say_the_same(letter):
    made = letter(PLAIN, Language.ENGLISH)
    words = re.sub(r"<[^>]*>", " ", made.html)
    for line in made.text.splitlines():
        assert line.strip().removesuffix(":") in words


@every_letter
def test_what_it_says_is_not_shown_in_logs(letter):
    assert LINK not in repr(letter(PLAIN, Language.ENGLISH))
    assert "k3vd" not in repr(letter(PLAIN, Language.ENGLISH)) + repr(BY_PASSWORD)


@every_letter
def test_it_becomes_a_mail_of_both_kinds(letter):
    envelope = Envelope(recipient="a@b.example", sender="c@d.example", message_id="<1@d>", at=datetime.now(UTC))
    made = message(letter(PLAIN, Language.FRENCH), envelope)
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert made.as_bytes().isascii()


COLOURS = ["#000000", "#ffffff", "#ffff00", "#1f4f8f", "#777777", "#76b900", "#ff0000", "#808080"]


def contrast(one, other):
    def luminance(colour):
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_whatever_the_brands_colour_everything_can_be_read(colour):
    html = LETTERS["welcome"](Look(colour=colour), Language.ENGLISH).html
    heading = re.search(r"<h1 style=\"[^\"]*color: (#\w{6})", html)[1]
    background, ink = re.search(r"background: (#\w{6}); color: (#\w{6}); padding: .7em", html).groups()
    assert background == colour
    assert contrast(heading, "#ffffff") >= 4.5
    assert contrast(ink, background) >= 4.5


def test_what_somebody_wrote_cannot_break_out_of_the_html():
    evil = '"><script>alert(1)</script>'
    said = Contents(subject=evil, paragraphs=[evil], facts=[(evil, evil)], link=(evil, evil), after=[evil])
    html = branded(Look(title=evil, footer=evil), Language.ENGLISH, said).html
    assert "<script" not in html


def test_braces_in_what_somebody_wrote_are_only_braces():
    made = domain_pushed(PLAIN, Language.ENGLISH, domain="{giver}", receiver="{0}", giver="{subject}")
    assert "{giver} was handed to {0} by {subject}." in made.text


def test_a_brand_dresses_it():
    look = Look(
        title="Acme Mail", logo_url="https://acme.example/l.png", footer="Acme Ltd", help_url="https://h.example"
    )
    made = LETTERS["reset"](look, Language.FRENCH)
    assert '<img src="https://acme.example/l.png" alt="Acme Mail"' in made.html
    assert made.text.endswith("-- \nAcme Ltd\nAide\u00a0: https://h.example\n")


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (60, "1 minute", "1 minute"), (90, "1 minute", "1 minute"), (1800, "30 minutes", "30 minutes"),
        (3600, "1 hour", "1 heure"), (5400, "90 minutes", "90 minutes"), (7200, "2 hours", "2 heures"),
        (86_400, "1 day", "1 jour"), (604_800, "7 days", "7 jours"), (90_000, "25 hours", "25 heures"),
    ],
)  # fmt: skip
def test_a_span_is_told_in_the_largest_unit_that_fits(seconds, english, french):
    assert (in_words(seconds, Language.ENGLISH), in_words(seconds, Language.FRENCH)) == (english, french)


def test_a_link_for_one_use_says_so():
    way = Way(link=LINK, seconds=60, uses=1)
    assert "1 minute, once" in mailbox.welcome(PLAIN, Language.ENGLISH, "a@b.example", way).text
