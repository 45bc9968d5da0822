"""Slugs are as good as names."""

from hypothesis import given
from hypothesis import strategies as st

from postroom.core.slugs import name_of, slug

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?){1,3}", fullmatch=True)


@given(NAMES)
def test_a_slug_leads_back_to_its_domain(name):
    assert name_of(slug(name)) == name


def test_a_dot_is_no_part_of_a_slug():
    assert name_of("acme.example") is None
