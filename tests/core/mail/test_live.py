from postroom.core.inheritance import LIVE_NAMES
from postroom.core.mail import live


def test_each_live_attribute_has_a_bit_of_its_own():
    assert sorted(live.BITS.values()) == [1, 2, 4, 8, 16, 32]
    assert live.BITS.keys() <= LIVE_NAMES


def test_only_what_is_set_counts():
    assert live.own_bits({}) == 0
    assert live.own_bits({"spamlevel": None, "quota": 5}) == 0
    assert live.own_bits({"spamlevel": "High", "smtp_sent_limit": 0}) == 33


def test_an_empty_tag_is_set_too():
    assert live.own_bits({"spamtag": ""}) == 2
