"""The letters about invitations and ended claims, in every language."""

import pytest

from postroom.core import brand
from postroom.core.access_rules import PEOPLES_ROLES
from postroom.core.languages import Language
from postroom.core.letters.claim_ended import claim_ended
from postroom.core.letters.invitation import Invited, invitation
from postroom.core.roles import Role

LINK = "https://postroom.example/invitations/0123"
BY = "olga@home.example"


def told(role=Role.VIEWER, by=BY):
    return Invited(domain="town.example", role=role, by=by, seconds=7 * 86_400, link=LINK)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("role", PEOPLES_ROLES)
@pytest.mark.parametrize("by", [BY, ""])
def test_an_invitation_is_complete(language, role, by):
    letter = invitation(brand.PLAIN, language, told(role, by))
    wanted = ["town.example", LINK, by, {"en": "7 days", "fr": "7 jours"}[language]]
    assert [part for part in wanted if part not in letter.text or part not in letter.html] == []
    assert "{" not in letter.text + letter.subject


@pytest.mark.parametrize("language", Language)
def test_each_role_is_explained_in_its_own_words(language):
    texts = {invitation(brand.PLAIN, language, told(role)).text for role in PEOPLES_ROLES}
    assert len(texts) == len(PEOPLES_ROLES)


def test_the_link_is_not_shown_in_logs():
    assert LINK not in repr(told())


@pytest.mark.parametrize("language", Language)
def test_the_end_of_a_claim_is_told_completely(language):
    letter = claim_ended(brand.PLAIN, language, "town.example", 7 * 86_400)
    assert "town.example" in letter.subject
    assert {"en": "7 days", "fr": "7 jours"}[language] in letter.text
    assert "{" not in letter.text + letter.subject


def test_a_lost_name_of_other_letters_is_told_as_it_is_written():
    letter = claim_ended(brand.PLAIN, Language.ENGLISH, "xn--lan-9la.example", 7 * 86_400)
    assert letter.subject == "élan.example is no longer yours here"
