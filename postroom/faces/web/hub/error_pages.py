"""Every error, and what each face makes of it."""

from collections.abc import Iterator

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from postroom.core import errors
from postroom.core.errors import PostroomError
from postroom.faces.dimail import errors as dimail
from postroom.faces.oma.errors import NUMBERS
from postroom.faces.rest import errors as rest
from postroom.faces.rest.problems import Problem
from postroom.faces.web import wording
from postroom.faces.web.hub import frame
from postroom.faces.web.page import Asked, page


class Told(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    depth: int
    """Below the root of the tree."""
    message: str
    """As programs get it."""
    words: str
    """As people get it on pages."""
    advice: str
    number: int | None
    """OMA's."""
    rest_status: int
    problem: str
    """The kind of problem (RFC 9457) in REST; empty: a shape of People's."""
    dimail_status: int


@page(anonymous=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    return frame.shown(request, "web/hub/errors.html", {"errors": list(told())})


def told() -> Iterator[Told]:
    """As a tree: each after the one that it is a kind of."""
    found = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, PostroomError)]
    for kind in sorted(found, key=_path):
        title, advice = _words(kind)
        status, problem = _in_rest(kind)
        yield Told(
            name=kind.__name__,
            depth=len(_path(kind)) - 1,
            message=kind.message(),
            words=title,
            advice=advice,
            number=_number(kind),
            rest_status=status,
            problem=problem,
            dimail_status=dimail.row_of(kind)[0],
        )


def _path(kind: type[PostroomError]) -> list[str]:
    return [above.__name__ for above in reversed(kind.__mro__) if issubclass(above, PostroomError)]


def _words(kind: type[PostroomError]) -> tuple[str, str]:
    title, advice = next(wording.WORDS[above] for above in kind.__mro__ if above in wording.WORDS)
    return _(title), _(advice) if advice else ""


def _number(kind: type[PostroomError]) -> int | None:
    return next((NUMBERS[above] for above in kind.__mro__ if above in NUMBERS), None)


def _in_rest(kind: type[PostroomError]) -> tuple[int, str]:
    row = rest.row_of(kind)
    return (row.status, row.type) if isinstance(row, Problem) else (row[0], "")


def searchable() -> Iterator[tuple[str, str]]:
    """Name, and what it says. In the language that is switched on."""
    for one in told():
        yield one.name, f"{one.words} {one.message} {one.number if one.number is not None else ''}"
