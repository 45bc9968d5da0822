from postroom.core.catalogue import CATALOGUE
from postroom.core.mail import spam


def test_every_level_has_a_threshold():
    assert [spam.threshold(level) for level in CATALOGUE["spamlevel"].kind.options] == [6, 4, 2]


def test_a_star_a_point():
    assert spam.stars("Normal") == "******"
