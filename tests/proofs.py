"""`@proves("quota")`: this test shows that the attribute bites. docs/enforcement.md is made from the marks."""

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])


def proves(*attributes: str) -> Callable[[Test], Test]:
    return lambda test: test
