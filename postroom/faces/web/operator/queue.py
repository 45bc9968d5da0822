"""Work that waits: for mail platforms, and Postroom's own jobs. What failed and why; try again now."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.actions import queue
from postroom.actions.queue import DOMAIN, MAILBOX, QueueQuery
from postroom.faces.web import lists
from postroom.faces.web.lists import Wanted
from postroom.faces.web.operator.frame import Tab, render
from postroom.faces.web.page import Asked, done, page

_JOB = "job"
_KINDS = (MAILBOX, DOMAIN, _JOB)


def _kind(request: Asked) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in _KINDS else MAILBOX


def _kinds(wanted: Wanted, here: str) -> list[Tab]:
    labels = {MAILBOX: _("Mailboxes"), DOMAIN: _("Domains"), _JOB: _("Jobs")}
    return [Tab(labels[kind], wanted.link(kind=kind, page="", q=""), kind == here) for kind in _KINDS]


@page(operator=True, methods=("GET",))
def show(request: Asked) -> HttpResponse:
    """?kind=mailbox, domain or job; failed=1: what has failed alone."""
    wanted = lists.wanted(request)
    kind, failed = _kind(request), request.GET.get("failed") == "1"
    context = {
        "kind": kind,
        "failed": failed,
        "kinds": _kinds(wanted, kind),
        "all": wanted.link(failed="", page=""),
        "failed_only": wanted.link(failed="1", page=""),
        "wanted": wanted,
        "work": queue.numbers(request.auth, request.origin),
        **_lines(request, wanted, kind, failed=failed),
    }
    return render(request, "queue.html", "queue", context)


def _lines(request: Asked, wanted: Wanted, kind: str, *, failed: bool) -> dict[str, object]:
    first, limit = wanted.first, wanted.limit
    if kind == _JOB:
        jobs, total = queue.jobs(request.auth, request.origin, failed=failed, first=first, limit=limit)
        return {"jobs": jobs, "pages": lists.pages(wanted, total)}
    query = QueueQuery(kind=kind, q=wanted.q, failed=failed)
    rows, total = queue.waiting(request.auth, request.origin, query, first=first, limit=limit)
    return {"rows": rows, "pages": lists.pages(wanted, total)}


def _back(request: Asked) -> str:
    kind = request.POST.get("kind", "")
    failed = "&failed=1" if request.POST.get("failed") == "1" else ""
    return f"{reverse('queue')}?kind={kind if kind in _KINDS else MAILBOX}{failed}"


@page(operator=True, methods=("POST",))
def retry(request: Asked, kind: str, id: int) -> HttpResponse:
    if kind == _JOB:
        queue.retry_job(request.auth, request.origin, id)
    else:
        queue.retry(request.auth, request.origin, kind, id)
    return done(request, _("It is tried again now."), to=_back(request))


@page(operator=True, methods=("POST",))
def retry_all(request: Asked) -> HttpResponse:
    number = queue.retry_all(request.auth, request.origin, request.POST.get("kind", ""))
    text = ngettext("%(number)s is tried again now.", "%(number)s are tried again now.", number) % {"number": number}
    return done(request, text if number else _("Nothing waits for another try."), to=_back(request))
