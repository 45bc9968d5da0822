"""Our errors as answers of REST: one table. People's shapes where People has one, problem details otherwise."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec
from django.http import HttpRequest, HttpResponse

from postroom.core import errors
from postroom.core.errors import PostroomError, TooManyAttempts, TooManyRequests
from postroom.faces.rest import problems
from postroom.faces.rest.problems import Problem

NO_PERMISSION = "You do not have permission to perform this action."
NOT_SIGNED_IN = "Authentication credentials were not provided."
NO_SUCH_PATH = "Not found."
MAIL_DOMAIN = "MailDomain"
BAD_PAGE = "Invalid page."

Shape: TypeAlias = Callable[[PostroomError], object]


class RestError(Exception):
    """What only this face can find wrong, with its answer."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status, self.body, self.headers = status, body, headers or {}


class ProblemError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.name)
        self.problem = problem


def invalid(fields: Mapping[str, list[str]]) -> RestError:
    return RestError(400, dict(fields))


def not_found(what: str = "") -> RestError:
    """`what`: People's name of the kind of object; nothing for a path that means nothing."""
    return RestError(404, {"detail": f"No {what} matches the given query." if what else NO_SUCH_PATH})


def not_allowed(method: str, allowed: str) -> RestError:
    return RestError(405, {"detail": f'Method "{method}" not allowed.'}, {"Allow": allowed})


def not_signed_in() -> RestError:
    return RestError(401, {"detail": NOT_SIGNED_IN}, _CHALLENGE)


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="postroom"'}


def _detail(error: PostroomError) -> object:
    return {"detail": error.detail or error.message()}


def _no_permission(error: PostroomError) -> object:
    """A field's own refusal under its name, as People does for roles."""
    return dict(error.hints) if error.hints else {"detail": error.detail or NO_PERMISSION}


def _fields(error: PostroomError) -> object:
    if error.hints:
        return {field: [text] for field, text in error.hints.items()}
    return [error.detail or error.message()]


def _whole(error: PostroomError) -> object:
    if error.hints:
        return _fields(error)
    return {"__all__": [error.detail or error.message()]}


def _about_all(error: PostroomError) -> object:
    """As People's models tell of two that are alike."""
    return {"__all__": list(error.hints.values()) or [error.detail or error.message()]}


SHAPES: Mapping[type[PostroomError], tuple[int, Shape]] = {
    errors.SignInRefused: (401, _detail),
    errors.OutOfReach: (403, _no_permission),
    errors.NotSettable: (400, _fields),
    errors.NotFound: (404, lambda error: {"detail": error.detail or NO_SUCH_PATH}),
    errors.DomainNotFound: (404, lambda error: {"detail": f"No {MAIL_DOMAIN} matches the given query."}),
    errors.LinkDead: (404, _detail),
    errors.CompanyNotFound: (400, _fields),
    errors.UserNotFound: (400, _fields),
    errors.RoleNotFound: (400, _fields),
    errors.IsAlias: (404, _detail),
    errors.BadRequest: (400, _fields),
    errors.AttributeRefused: (400, _fields),
    errors.NameTaken: (400, _whole),
    errors.AccessExists: (400, _about_all),
    errors.InvitationExists: (400, _about_all),
    errors.NoSecondaryEmail: (400, _fields),
    errors.WrongState: (400, _fields),
    errors.InAliasDomain: (400, _fields),
    errors.NotAMember: (400, _fields),
}
"""Error → status and body."""

PROBLEMS: Mapping[type[PostroomError], Problem] = {
    errors.TooManyAttempts: problems.TOO_MANY,
    errors.TooManyRequests: problems.TOO_MANY,
    errors.NotEmpty: problems.CONFLICT,
    errors.StillControlled: problems.CONFLICT,
    errors.JobExists: problems.CONFLICT,
    errors.BrandInUse: problems.CONFLICT,
    errors.DefaultWorkgroup: problems.CONFLICT,
    errors.UserLimitReached: problems.LIMIT,
    errors.AliasLimitReached: problems.LIMIT,
    errors.AppPasswordLimitReached: problems.LIMIT,
    errors.ClaimLimitReached: problems.LIMIT,
    errors.ChangedMeanwhile: problems.CHANGED,
    errors.KeyReused: problems.KEY_REUSED,
    errors.StillRunning: problems.RUNNING,
    errors.PlatformRefused: problems.REFUSED,
    errors.PlatformAway: problems.AWAY,
    errors.NotOnPlatform: problems.NOT_THERE_YET,
    errors.TryAgain: problems.BUSY,
}


def row_of(kind: type[PostroomError]) -> tuple[int, Shape] | Problem:
    """That of the class or of the nearest one above it; a fault of ours where there is none."""
    for above in kind.__mro__:
        if above in PROBLEMS:
            return PROBLEMS[above]
        if above in SHAPES:
            return SHAPES[above]
    return problems.FAULT


def answer(request: HttpRequest, error: PostroomError) -> HttpResponse:
    row = row_of(type(error))
    if isinstance(row, Problem):
        values = {"wait": error.wait} if isinstance(error, TooManyRequests | TooManyAttempts) else {}
        return problems.answer(request, row, error.detail, errors=error.hints, **values)
    status, shape = row
    response = plain(status, shape(error))
    if status == 401:
        response["WWW-Authenticate"] = _CHALLENGE["WWW-Authenticate"]
    return response


def plain(status: int, body: object, headers: Mapping[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
    for name, value in (headers or {}).items():
        response[name] = value
    return response
