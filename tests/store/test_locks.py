"""A row that was found by name and locked is the one that has the name."""

import pytest

from postroom.store import rows
from tests import cast


class Query:
    """Gives one answer after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def row(self, name):
        return self.answers.pop(0)


class Lock:
    def __init__(self):
        self.held = []

    def row(self, id):
        self.held.append(id)


@pytest.mark.parametrize(
    "answers, held",
    [
        ([(False, 1), (False, 1)], [1]),
        ([(False, 1), (False, 2), (False, 2)], [1, 2]),
        ([(False, 1), None], [1]),
        ([None], []),
    ],
    ids=["the same", "another took the name", "it was deleted", "nobody"],
)
def test_what_has_the_name_in_the_end_is_locked(monkeypatch, answers, held):
    monkeypatch.setattr(rows, "is_sqlite", lambda: False)
    lock = Lock()
    assert rows._locked(Query(*answers), "x", lock) == answers[-1]
    assert lock.held == held


def test_a_locked_row_is_the_row(acme):
    assert rows.find_mailbox(cast.UMA, lock=True) == rows.find_mailbox(cast.UMA)
    assert rows.find_domain(cast.ACME, lock=True) == rows.find_domain(cast.ACME)
