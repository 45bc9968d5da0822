"""Every screen that anybody finds by following links, in English."""

import pytest

from tests.browser import screens


@pytest.mark.parametrize("role", screens.ROLES)
def test_every_screen_is_in_order(visitor, role):
    faults = screens.faults_of(visitor, role, "en")
    assert not faults, "\n".join(faults)


def test_every_page_can_be_found_by_somebody():
    not_found = screens.not_found("en")
    assert not not_found, "\n".join(not_found)
