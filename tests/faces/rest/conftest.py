import pytest
from django.core.cache import cache

from tests import cast
from tests.faces.rest.client import Rest

OPERATOR = "operator@home.example"


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def olga(people) -> Rest:
    """The owner."""
    return Rest(cast.OLGA)


@pytest.fixture
def adam(people) -> Rest:
    """The administrator."""
    return Rest(cast.ADAM)


@pytest.fixture
def vera(people) -> Rest:
    """The viewer."""
    return Rest(cast.VERA)


@pytest.fixture
def nora(people) -> Rest:
    """Without a role."""
    return Rest(cast.NORA)


@pytest.fixture
def anybody(people) -> Rest:
    """Nobody has signed in."""
    return Rest()


@pytest.fixture
def operator(people) -> Rest:
    cast.person(OPERATOR, is_operator=True)
    return Rest(OPERATOR)


@pytest.fixture
def holder(people) -> Rest:
    """Uma, who holds a mailbox and has no role."""
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    return Rest(cast.UMA)
