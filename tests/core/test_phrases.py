"""A sentence in English is known by how it is built."""

import pytest

from postroom.core.languages import Text
from postroom.core.phrases import Phrases

PHRASES = Phrases(
    (
        Text("{name} is full", "{name} est plein"),
        Text("the disk of {host} is full", "le disque de {host} est plein"),
        Text("{name}: {hint}", "{name} : {hint}"),
        Text("the server says: {told}", "le serveur dit : {told}"),
        Text("use {{name}} or {other}", "utilisez {{name}} ou {other}"),
        Text("it is (not) there", "ce n’y est pas"),
    )
)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("a is full", "a est plein"),
        ("a\nb is full", "a\nb est plein"),
        ("the disk of b is full", "le disque de b est plein"),
        ("a: the disk of b is full", "a\u00a0: le disque de b est plein"),
        ("a: b is odd", "a: b is odd"),
        ("the server says: b is full", "le serveur dit\u00a0: b est plein"),
        ("the server says: b is odd", "le serveur dit\u00a0: b is odd"),
        ("use {name} or {address}", "utilisez {name} ou {address}"),
        ("it is (not) there", "ce n’y est pas"),
        ("it is not there", "it is not there"),
        (" is full", " is full"),
        ("{name} is full", "{name} est plein"),
        ("", ""),
        ("a: " * 2000, "a: " * 2000),
    ],
)
def test_the_row_that_knows_most_of_it_is_taken(english, french):
    assert PHRASES.french(english) == french
