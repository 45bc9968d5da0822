"""Passwords and codes that we make up."""

import re

import pytest

from postroom.actions import live, made_secrets

MADE = {"password": made_secrets.password, "code": made_secrets.code}


@pytest.mark.parametrize(("name", "looks"), [("password", r"[0-9A-Za-z_-]{16}"), ("code", r"[0-9a-f]{32}")])
def test_they_are_random(db, name, looks):
    made = {MADE[name]() for _ in range(100)}
    assert len(made) == 100 and all(re.fullmatch(looks, one) for one in made)


@pytest.mark.parametrize("name", MADE)
def test_a_fake_platform_can_be_told_which_ones_to_use(acme, settings, name):
    settings.FAKE_CONTROL = True
    live.command_fake("fix_secrets", {name: "known"})
    assert MADE[name]() == "known"


@pytest.mark.parametrize("name", MADE)
def test_where_nobody_may_command_it_nothing_is_fixed_and_nobody_asked(acme, settings, name, django_assert_num_queries):
    live.command_fake("fix_secrets", {name: "known"})
    settings.FAKE_CONTROL = False
    with django_assert_num_queries(0):
        assert MADE[name]() != "known"


@pytest.mark.parametrize("name", MADE)
def test_they_are_random_where_there_is_no_fake_platform(db, settings, name):
    settings.FAKE_CONTROL = True
    assert MADE[name]() != MADE[name]()
