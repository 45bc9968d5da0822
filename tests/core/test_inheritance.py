import pytest

from postroom.core import inheritance
from postroom.core.catalogue import CATALOGUE
from postroom.core.catalogue.attribute import Inheritance, Level

SAMPLE = {
    "brand": ("One", "Two"), "default_password_encoding": ("SSHA", "ARGON2ID"),
    "filterdelivery": ("passthrough", "quarantine"), "password_strength": ("good", "strong"),
    "regen_passwords": (True, False), "smtp_sent_limit": (5, 7), "spamfolder": ("A", "B"),
    "spamheader": ("X-A: a", "X-B: b"), "spamlevel": ("High", "Very High"), "spamtag": ("[A]", "[B]"),
}  # fmt: skip


def test_the_ten_live_attributes_are_the_sampled_ones():
    assert {name for name, a in CATALOGUE.items() if a.inherits is Inheritance.LIVE} == set(SAMPLE)


@pytest.mark.parametrize("name", SAMPLE)
def test_nothing_set_anywhere_gives_the_built_in_value(name):
    assert inheritance.value(name, {}, {}, {}) == CATALOGUE[name].default


@pytest.mark.parametrize("name", SAMPLE)
def test_the_nearest_level_wins(name):
    near, far = SAMPLE[name]
    assert inheritance.value(name, {}, {name: near}, {name: far}) == near


@pytest.mark.parametrize("name", SAMPLE)
def test_what_the_company_says_reaches_the_mailbox(name):
    _, far = SAMPLE[name]
    assert inheritance.effective(Level.MAILBOX, {}, {}, {name: far})[name] == far


@pytest.mark.parametrize("name", SAMPLE)
def test_inherited_does_not_look_at_the_object_itself(name):
    near, far = SAMPLE[name]
    assert inheritance.inherited({name: far})[name] == far != near


@pytest.mark.parametrize("name", SAMPLE)
def test_explain_names_the_level_that_says_so(name):
    near, _ = SAMPLE[name]
    chain = [(Level.MAILBOX, {}), (Level.DOMAIN, {name: near}), (Level.COMPANY, {})]
    assert inheritance.explain(name, chain).origin is Level.DOMAIN


def test_a_copied_attribute_of_the_parent_is_not_in_force_below():
    assert "language" not in inheritance.effective(Level.MAILBOX, {}, {"language": "fr"})


def test_allow_lists_add_up_from_the_company_down():
    lists = ({"allow": ["c@x"]}, {"allow": ["b@x"]}, {"allow": ["a@x", "b@x"]})
    assert inheritance.effective(Level.MAILBOX, *lists)["allow"] == ["a@x", "b@x", "c@x"]


def test_an_own_attribute_that_is_unset_has_its_default_in_force():
    assert inheritance.effective(Level.MAILBOX, {}, {}, {})["autoresponder_option_interval"] == 24
