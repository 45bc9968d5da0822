"""core/errors.py: the tree drawn on top is the tree of classes below it, and each class has a message."""

import inspect
import re

import pytest

from postroom.core import errors

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


def drawn_parents() -> dict[str, str | None]:
    """Name and parent of every line of the drawing; four columns are one step down."""
    path: list[str] = []
    parents: dict[str, str | None] = {}
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.match(r" {4}([ │├└─]*)([A-Z]\w+)(?: {2,}.*)?$", line)
        if drawn:
            depth = len(drawn[1]) // 4
            path[depth:] = [drawn[2]]
            parents[drawn[2]] = path[depth - 1] if depth else None
    return parents


def test_the_drawing_is_the_tree():
    tree = [kind for kind in CLASSES if issubclass(kind, errors.PostroomError)]
    real = {kind.__name__: kind.__base__.__name__ for kind in tree}
    assert drawn_parents() == real | {"PostroomError": None}


def test_what_stands_outside_the_tree_is_named_beside_it():
    outside = [kind.__name__ for kind in CLASSES if not issubclass(kind, errors.PostroomError)]
    assert [name for name in outside if name not in (errors.__doc__ or "")] == []


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_a_message_of_one_line(kind: type[Exception]):
    message = (kind.__doc__ or "").strip()
    assert message
    assert "\n" not in message
