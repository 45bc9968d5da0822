import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.search_text import LONGEST, folded, search_text, words


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Éloïse Ñandú", "eloise nandu"),
        ("ŒUVRE Æther Søren Łódź", "oeuvre aether soren lodz"),
        ("Straße", "strasse"),
        ("E\u0301lo", "elo"),
        ("ﬁn", "fin"),
        ("Ελένη", "ελενη"),
        ("a\0b", "a b"),
        ("\ud800x", "?x"),
    ],
)
def test_case_and_accents_do_not_count(written, kept):
    assert folded(written) == kept


@given(st.text(alphabet=st.characters(), max_size=2000))
def test_whatever_is_written_fits_a_row_of_the_index(written):
    kept = search_text(written, "uma@acme.example")
    assert len(kept) <= LONGEST
    assert "\0" not in kept
    assert len(kept.encode()) <= 4 * LONGEST
    assert kept.endswith("uma@acme.example")


def test_a_query_is_its_words():
    assert words("  Jean  DUPÓNT ") == ["jean", "dupont"]
    assert words(" ") == []
