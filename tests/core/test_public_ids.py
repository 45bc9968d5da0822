"""Ids that are computed lead back to the row, and to no other."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.public_ids import Kind, number_of, public_id

NUMBERS = st.integers(min_value=0, max_value=2**48 - 1)


@given(st.sampled_from(Kind), NUMBERS)
def test_an_id_leads_back_to_its_number(kind, number):
    assert number_of(kind, public_id(kind, number)) == number


@given(st.sampled_from(Kind), NUMBERS)
def test_an_id_is_a_uuid_of_version_8(kind, number):
    made = uuid.UUID(public_id(kind, number))
    assert (made.version, made.variant) == (8, uuid.RFC_4122)


@given(NUMBERS)
def test_an_id_of_another_kind_leads_nowhere(number):
    assert number_of(Kind.MAILBOX, public_id(Kind.DOMAIN, number)) is None


@given(st.text())
def test_other_texts_lead_nowhere(text):
    assert number_of(Kind.DOMAIN, text) is None


@given(st.uuids())
def test_other_uuids_lead_nowhere(other):
    assert number_of(Kind.DOMAIN, str(other)) is None


def test_upper_case_is_the_same_id():
    assert number_of(Kind.DOMAIN, public_id(Kind.DOMAIN, 7).upper()) == 7


@pytest.mark.parametrize("number", [-1, 2**48])
def test_what_is_no_row_number_gets_none(number):
    with pytest.raises(ValueError, match="row number"):
        public_id(Kind.DOMAIN, number)


def test_ids_stay_the_same_from_version_to_version():
    assert public_id(Kind.MAILBOX, 1) == "27534ef9-3210-8003-a8d2-27534ef93211"
