import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.sealing import BrokenSealError, seal, unseal


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100))
def test_what_was_sealed_can_be_read_with_the_same_key_only(secret):
    sealed = seal(secret, "key", "purpose")
    assert unseal(sealed, "key", "purpose") == secret
    for key, purpose in (("other", "purpose"), ("key", "other")):
        with pytest.raises(BrokenSealError):
            unseal(sealed, key, purpose)


@pytest.mark.parametrize("sealed", ["", "x", "gAAAA", "é"])
def test_what_was_never_sealed_cannot_be_read(sealed):
    with pytest.raises(BrokenSealError):
        unseal(sealed, "key", "purpose")
