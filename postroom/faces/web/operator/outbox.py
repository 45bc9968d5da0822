"""Postroom's own e-mails: which went out, which are held, which failed."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.actions import outbox, queue
from postroom.faces.web import lists
from postroom.faces.web.operator import words
from postroom.faces.web.operator.frame import Tab, render
from postroom.faces.web.page import Asked, done, page


@page(operator=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    """Without what they say: that may open mailboxes."""
    wanted = lists.wanted(request)
    status = request.GET.get("status", "")
    status = status if status in words.MAILS else ""
    mails, total = outbox.listed(request.auth, q=wanted.q, status=status, first=wanted.first, limit=wanted.limit)
    states = [Tab(_("All"), wanted.link(status="", page=""), not status)]
    states += [
        Tab(_(word), wanted.link(status=one, page=""), one == status) for one, (_kind, word) in words.MAILS.items()
    ]
    context = {
        "mails": mails,
        "status": status,
        "states": states,
        "wanted": wanted,
        "pages": lists.pages(wanted, total),
        "held": queue.numbers(request.auth, request.origin).held_mails,
    }
    return render(request, "outbox.html", "outbox", context)


@page(operator=True, methods=("POST",))
def send(request: Asked) -> HttpResponse:
    number = outbox.send_held(request.auth, request.origin)
    text = ngettext("%(number)s e-mail is on its way.", "%(number)s e-mails are on their way.", number)
    told = text % {"number": number} if number else _("Nothing was held.")
    return done(request, told, to=reverse("outbox"))
