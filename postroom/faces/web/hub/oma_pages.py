"""The reference of OMA: every method, made from the table that describes it, with a form to try it in the demo."""

from collections.abc import Iterator

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from postroom.core.errors import NotFound, PostroomError
from postroom.core.languages import Language
from postroom.core.roles import GRANTS, OMA_ROLES, Permission, Role
from postroom.faces.asked import base_of
from postroom.faces.oma.errors import NUMBERS
from postroom.faces.oma.reference import KINDS, REFERENCE, Entry, Subject
from postroom.faces.web import demo_facts, wording
from postroom.faces.web.demo_facts import DemoAccount
from postroom.faces.web.hub import frame, trying
from postroom.faces.web.hub.inline import inline
from postroom.faces.web.hub.trying import Answer, Try
from postroom.faces.web.page import Asked, page

_SHOWN_ROLES = (*(role for role in Role if role in OMA_ROLES), Role.SELF)


class Line(msgspec.Struct, frozen=True):
    """A field of a request."""

    name: str
    kind: str
    required: bool
    says: SafeString
    also: tuple[str, ...]


class Fault(msgspec.Struct, frozen=True):
    number: int
    message: str
    words: str


class May(msgspec.Struct, frozen=True):
    permission: Permission
    roles: list[Role]


class Group(msgspec.Struct, frozen=True):
    title: str
    methods: list[tuple[str, SafeString]]


@page(anonymous=True, methods=("GET",))
def index(request: Asked) -> HttpResponse:
    context = {"groups": list(_groups(request.language)), "base": base_of(request), "number": len(REFERENCE)}
    return frame.shown(request, "web/hub/oma.html", context)


def _groups(language: Language) -> Iterator[Group]:
    for subject in Subject:
        methods = [(name, inline(e.says.at(language))) for name, e in REFERENCE.items() if e.subject is subject]
        yield Group(subject.value.at(language), methods)


@page(anonymous=True)
def method(request: Asked, name: str) -> HttpResponse:
    entry = REFERENCE.get(name)
    if entry is None or (request.method == "POST" and not settings.FAKE_CONTROL):
        raise NotFound
    form = _form(request, entry)
    answer = _tried(request, name, form) if form is not None and form.is_bound and form.is_valid() else None
    status = form.status if form is not None else 200
    return frame.shown(request, "web/hub/oma_method.html", _told(request, name, entry, form, answer), status=status)


def _told(request: Asked, name: str, entry: Entry, form: Try | None, answer: Answer | None) -> dict[str, object]:
    language = request.language
    known = form is not None and form.is_bound and form.is_valid()
    body = form.cleaned_data["request"] if known and form is not None else entry.example
    user = form.cleaned_data["user"] if known and form is not None else _administrator().email
    return {
        "name": name,
        "entry": entry,
        "subject": entry.subject.value.at(language),
        "says": inline(entry.says.at(language)),
        "more": inline(entry.more.at(language)) if entry.more else "",
        "lines": _lines(entry, language),
        "who": [May(p, [r for r in _SHOWN_ROLES if r in GRANTS[p]]) for p in entry.permissions],
        "faults": [_fault(kind) for kind in entry.fails],
        "curl": trying.curl(base_of(request), name, body, user),
        "example": trying.written(entry.answer),
        "form": form,
        "answer": answer,
    }


def _lines(entry: Entry, language: Language) -> list[Line]:
    return [
        Line(f.name, KINDS[f.kind].at(language), f.required, inline(f.says.at(language)), f.also) for f in entry.fields
    ]


def _fault(kind: type[PostroomError]) -> Fault:
    number = next(NUMBERS[above] for above in kind.__mro__ if above in NUMBERS)
    return Fault(number, kind.message(), _(wording.WORDS[kind][0]))


def _administrator() -> DemoAccount:
    """Of the demo's company; elsewhere only a name to show."""
    found = (account for account in demo_facts.accounts() if account.role == "company administrator")
    return next(found, DemoAccount("company administrator", "admin@acme.adm", ""))


def _form(request: Asked, entry: Entry) -> Try | None:
    """None where nothing can be tried."""
    if not settings.FAKE_CONTROL:
        return None
    if request.method == "POST":
        return Try(request.POST)
    initial = {"user": _administrator().email, "request": trying.written(entry.example)}
    return Try(initial=initial)


def _tried(request: Asked, name: str, form: Try) -> Answer:
    """Without a password it is the demo's: everybody there has the same one."""
    sent = form.cleaned_data
    password = sent["password"] or _administrator().password
    return trying.sent(request, name, sent["request"], {"user": sent["user"], "password": password})
