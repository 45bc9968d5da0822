"""The holder reads French: also what is wrong."""

import html

import pytest

from postroom.faces.web import details
from postroom.store.models import Person
from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db

SAID_BY_THE_CORE = (
    "the present password is not right",
    "the password was changed elsewhere at the same moment",
    "the password of this mailbox is made by its mail platform; ask who manages the domain",
    f"{cast.UMA} has 4; remove one first",
)


@pytest.fixture
def uma(acme):
    uma = Holder()
    Person.objects.update(language="fr")
    return uma


@pytest.mark.parametrize("sentence", SAID_BY_THE_CORE)
def test_what_the_core_says_has_a_french(sentence):
    assert details.is_known(sentence)


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        ("forward/", {"delivery_forward": "on", "forward_recipients": "joe"}, "oit être une adresse complète"),
        ("forward/", {"delivery_forward": "on", "forward_recipients": ""}, "Saisissez au moins une adresse"),
        ("senders/", {"add": "1", "senders": "a b"}, "a b – "),
        ("auto-reply/", {"delivery_autoresponder": "on", "autoresponder": ""}, "Écrivez ce que dit la réponse."),
        ("app-passwords/new/", {"tag": "Téléphone"}, "Utilisez des lettres sans accent"),
        ("password/", {"old": "x", "new": "y", "again": "y"}, "ot de passe actuel"),
        ("password/", {"old": cast.PASSWORD, "new": "y", "again": "y"}, "deviner"),
        ("password/", {"old": cast.PASSWORD, "new": "a b", "again": "a b"}, "ni espace"),
        ("password/", {"old": cast.PASSWORD, "new": "x-uma-x", "again": "x-uma-x"}, "nom du compte"),
        ("forward/", {"delivery_forward": "on", "forward_recipients": "x@"}, "nom de domaine"),
    ],
)
def test_what_is_wrong_is_told_in_french(uma, path, given, words):
    page = html.unescape(uma.post(path, **given).text)
    told = page.partition("<ul>")[2].partition("</ul>")[0]
    assert (words in told, " must " in told.lower(), "the " in told.lower()) == (True, False, False)
