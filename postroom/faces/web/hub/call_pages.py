"""The calls of REST and of dimail, from the documents that those faces make of their code."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from postroom.core.languages import Language, Text
from postroom.faces.asked import base_of
from postroom.faces.dimail.document import remark
from postroom.faces.dimail.route import Guard
from postroom.faces.dimail.routes import ROUTES
from postroom.faces.rest.api import api
from postroom.faces.web import details
from postroom.faces.web.hub import frame
from postroom.faces.web.hub.inline import inline
from postroom.faces.web.page import Asked, page

_GUARDS = {
    Guard.NONE: Text(en="nobody is asked", fr="sans connexion"),
    Guard.USER: Text(en="any account", fr="tout compte"),
    Guard.ADMIN: Text(en="an administrator", fr="un administrateur"),
    Guard.NEW_DOMAIN: Text(en="`new_domain`", fr="`new_domain`"),
    Guard.CREATE_USERS: Text(en="`create_users`", fr="`create_users`"),
    Guard.MANAGE_USERS: Text(en="`manage_users`", fr="`manage_users`"),
    Guard.BEARER: Text(en="token", fr="jeton"),
}
"""A name and a password are shown, but where a token is wanted."""


class Told(msgspec.Struct, frozen=True):
    method: str
    path: str
    says: str
    who: str = ""

    @property
    def html(self) -> SafeString:
        return inline(self.says)


class Group(msgspec.Struct, frozen=True):
    title: str
    calls: list[Told]


@page(anonymous=True, methods=("GET",))
def rest(request: Asked) -> HttpResponse:
    groups = _by_subject(request.language)
    context = {"groups": groups, "base": base_of(request), "number": sum(len(group.calls) for group in groups)}
    return frame.shown(request, "web/hub/rest.html", context)


def _by_subject(language: Language) -> list[Group]:
    groups: dict[str, list[Told]] = {}
    for call, subject in rest_calls(language):
        groups.setdefault(subject, []).append(call)
    return [Group(subject, calls) for subject, calls in groups.items()]


def rest_calls(language: Language) -> Iterator[tuple[Told, str]]:
    """Each with the subject that it belongs to."""
    paths: dict[str, dict[str, Any]] = api.document["paths"]
    for path, operations in paths.items():
        for method, told in operations.items():
            tags = told.get("tags") or [""]
            says = details.of_call(told.get("summary", ""), language)
            yield Told(method.upper(), path, says), details.of_call(tags[0], language)


@page(anonymous=True, methods=("GET",))
def dimail(request: Asked) -> HttpResponse:
    calls = list(dimail_calls(request.language))
    context = {"calls": calls, "base": base_of(request), "guide": reverse("hub_guide", args=["dimail"])}
    return frame.shown(request, "web/hub/dimail.html", context)


def dimail_calls(language: Language) -> Iterator[Told]:
    for route in ROUTES:
        says = details.of_call(remark(route), language)
        yield Told(route.method, f"{route.path}/", says, inline(_GUARDS[route.guard].at(language)))
