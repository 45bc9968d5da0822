"""Failures as dimail's clients know them: a status, and `detail`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from postroom.core import errors
from postroom.core.errors import PostroomError

Detail = str | list[dict[str, Any]]


class Refusal(Exception):
    """The answer to this request."""

    def __init__(self, status: int, detail: Detail, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers: Mapping[str, str] = headers or {}


DENIED: Final = "Permission denied"
NO_DOMAIN: Final = "Domain not found"

# The first row that fits. An empty text: what the error says itself.
_ANSWERS: Final[tuple[tuple[type[PostroomError], int, str], ...]] = (
    (errors.TooManyAttempts, 429, ""),
    (errors.SignInRefused, 403, DENIED),
    (errors.OutOfReach, 403, DENIED),
    (errors.DomainNotFound, 404, NO_DOMAIN),
    (errors.UserNotFound, 404, "User not found"),
    (errors.NotFound, 404, "Not found"),
    (errors.NameTaken, 409, ""),
    (errors.Refused, 422, ""),  # 409 would say that something is there already
    (errors.TryAgain, 503, ""),
)


_INVALID: Final = (errors.BadRequest, errors.AttributeRefused)


def row_of(kind: type[PostroomError]) -> tuple[int, str]:
    """Status and text; 500 where there is none."""
    if issubclass(kind, _INVALID):
        return 422, ""
    return next(((status, text) for above, status, text in _ANSWERS if issubclass(kind, above)), (500, ""))


def refusal_of(error: PostroomError) -> Refusal:
    if isinstance(error, _INVALID):
        return Refusal(422, _invalid(error))
    status, text = row_of(type(error))
    wait = getattr(error, "wait", 1 if status == HTTPStatus.SERVICE_UNAVAILABLE else None)
    detail = text or error.detail or "; ".join(error.hints.values()) or error.message()
    return Refusal(status, detail, {"Retry-After": str(wait)} if wait is not None else None)


def _invalid(error: PostroomError) -> Detail:
    """As FastAPI tells what is wrong with a body."""
    if not error.hints:
        return [{"type": "value_error", "loc": ["body"], "msg": error.detail or error.message(), "input": None}]
    return [
        {"type": "value_error", "loc": ["body", field], "msg": hint, "input": None}
        for field, hint in error.hints.items()
    ]
