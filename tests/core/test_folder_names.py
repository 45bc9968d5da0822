"""Names of folders from other servers become paths that we can store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.errors import BadValueError
from postroom.core.folder_names import clean, local_path, of_special_use, path_of, shown


@pytest.mark.parametrize(
    ("name", "delimiter", "prefix", "path"),
    [
        ("INBOX", ".", "INBOX.", ("INBOX",)),
        ("inbox", "/", "", ("INBOX",)),
        ("Inbox/Work", "/", "", ("INBOX", "Work")),
        ("INBOX.Sent", ".", "INBOX.", ("Sent",)),
        ("INBOX.", ".", "INBOX.", ("INBOX",)),
        ("Arbeit.Müller.2009", ".", "", ("Arbeit", "Müller", "2009")),
        ("a/b.c", ".", "", ("a_b", "c")),
        ("a.b/c", "/", "", ("a.b", "c")),
        ("Flat.name", "", "", ("Flat.name",)),
        ("a..b", ".", "", ("a", "b")),
        ("../../etc/passwd", "/", "", ("_.", "_.", "etc", "passwd")),
        ("~root", "/", "", ("_root",)),
        (" spaces ", "/", "", ("spaces",)),
        ("", "/", "", ("_",)),
        ("[Gmail]/Alle Nachrichten", "/", "", ("[Gmail]", "Alle Nachrichten")),
    ],
)
def test_known_names(name, delimiter, prefix, path):
    assert path_of(name, delimiter, prefix) == path


@given(st.text(max_size=300), st.sampled_from([".", "/", "\\", "", "^"]), st.sampled_from(["", "INBOX.", "#mh/"]))
def test_whatever_the_name_the_path_can_be_stored(name, delimiter, prefix):
    path = path_of(name, delimiter, prefix)
    assert 0 < len(path) <= 16
    for part in path:
        assert part
        assert len(part) <= 60
        assert part.isprintable()
        assert not set(part) & set("/*%\0")
        assert part.strip(".")
        assert not part.startswith("~")


@given(st.lists(st.text(max_size=80), max_size=20))
def test_a_clean_path_stays_as_it_is(parts):
    assert clean(clean(parts)) == clean(parts)


@pytest.mark.parametrize(("text", "path"), [(".Sales.2009.June", ("Sales", "2009", "June")), ("INBOX", ("INBOX",))])
def test_local_paths(text, path):
    assert local_path(text) == path
    assert shown(path) == text.strip(".")


@pytest.mark.parametrize("text", ["", ".", "a..b", "a/b", "~a", " a", "a\0"])
def test_local_paths_that_are_none(text):
    with pytest.raises(BadValueError):
        local_path(text)


def test_the_use_of_a_folder_says_where_it_goes():
    ours = {"\\sent": ("Sent",)}
    assert of_special_use(["\\HasNoChildren", "\\Sent"], ours) == ("Sent",)
    assert of_special_use(["\\HasNoChildren"], ours) is None
