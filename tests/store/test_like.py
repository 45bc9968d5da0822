"""OMA's wildcards mean what they say, and nothing else is one."""

import pytest

from postroom.store.like import like
from postroom.store.models import Context

NAMES = ("uma", "una", "umax", "max", "100%", "100x", "a_b", "axb", r"c\d", "cxd", "[u]", "é", "x'y", "u\nm")


@pytest.fixture
def names(db):
    Context.objects.bulk_create(Context(name=name, created_at=0) for name in NAMES)


@pytest.mark.parametrize(
    "wildcard, found",
    [
        ("uma", {"uma"}),
        ("UMA", {"uma"}),
        ("um*", {"uma", "umax"}),
        ("*max", {"umax", "max"}),
        ("*ma*", {"uma", "umax", "max"}),
        ("u?a", {"uma", "una"}),
        ("?", {"é"}),
        ("u?", set()),
        ("*", set(NAMES)),
        ("**", set(NAMES)),
        ("100%", {"100%"}),
        ("%", set()),
        ("a_b", {"a_b"}),
        ("___", set()),
        ("_", set()),
        (r"c\d", {r"c\d"}),
        ("c\\", set()),
        ("\\*", set()),
        ("100\\%", set()),
        ("[u]", {"[u]"}),
        ("[*", {"[u]"}),
        ("É", {"é"}),
        ("x'y", {"x'y"}),
        ("u?m", {"u\nm"}),
        ("", set()),
        ("um", set()),
    ],
)
def test_a_wildcard_finds(names, wildcard, found):
    assert set(Context.objects.filter(like("name", wildcard)).values_list("name", flat=True)) == found
