"""Every attribute bites, and a test says so; or a row says why nothing can."""

from postroom.core.catalogue import CATALOGUE
from postroom.core.mail.enforcement import ENFORCEMENT
from postroom.faces.cli.pages import _proofs


def test_every_attribute_has_its_row():
    assert ENFORCEMENT.keys() == CATALOGUE.keys()


def test_every_attribute_that_somebody_enforces_has_its_proof():
    enforced = {name for name, row in ENFORCEMENT.items() if row.by != "no server"}
    assert enforced - _proofs().keys() == set()


def test_no_proof_is_of_something_else():
    assert _proofs().keys() <= CATALOGUE.keys()
