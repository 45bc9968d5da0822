"""What counts as spam for one's mailbox: senders that always do or never, and how strict the filter is."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from postroom.actions import mailboxes, settings_view
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import NotFound
from postroom.faces.web import lists, settings_form
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.own.address_lists import AddressesField
from postroom.faces.web.own.values import in_force, texts
from postroom.faces.web.page import Asked, done, page
from postroom.faces.web.settings_form import Section

_SIZE: Final = 50
_FEW: Final = 10
"""Of senders, among which nobody needs to search."""
_LISTS: Final[Mapping[str, str]] = {"block": gettext_noop("Blocked"), "allow": gettext_noop("Always let in")}
_SPAM: Final = ("spamlevel", "filterdelivery", "spamfolder", "spamtag", "reject_spam")


class ListTab(msgspec.Struct, frozen=True):
    label: str
    href: str
    is_here: bool
    count: int


class NewSenders(Form):
    senders = AddressesField(
        "block",
        rows=2,
        label=gettext_lazy("Addresses or domains"),
        help_text=gettext_lazy(
            "One on each line: joe@example.com, or example.com for everybody there. "
            "* stands for any run of characters, + for exactly one."
        ),
    )


@page(holder=True)
def senders(request: Asked) -> HttpResponse:
    """`?list=block` or allow. What is sent are new senders, or settings of the filter (`group`)."""
    which = _which(request.GET.get("list", "block"))
    found = settings_view.of_mailbox(request.auth, request.shown.has_mailbox)
    own = {name: texts(found[name].value) for name in _LISTS}
    settings = settings_form.sections(Level.MAILBOX, found, request, names=_SPAM)
    form = NewSenders(request.POST if "add" in request.POST else None)
    answer = _added(request, which, own[which], form) or _set(request, settings)
    if answer is not None:
        return answer
    context = {**_shown(request, which, own), "form": form, "sections": settings}
    status = max(form.status, settings_form.status(settings))
    return frame.shown(request, "my_senders", "senders", context, status=status)


@page(holder=True, methods=("POST",))
def remove(request: Asked) -> HttpResponse:
    """`list` and `sender`. Of one that is not there any more nothing is asked."""
    which, sender = _which(request.POST.get("list", "")), request.POST.get("sender", "")
    left = [one for one in texts(in_force(request).get(which)) if one != sender]
    mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, {which: left})
    words = _("“%(sender)s” is no longer blocked.") if which == "block" else _("“%(sender)s” is judged like others.")
    return done(request, words % {"sender": sender}, to=_href(which))


def _added(request: Asked, which: str, present: list[str], form: NewSenders) -> HttpResponse | None:
    if not (form.is_bound and form.is_valid()):
        return None
    new = [one for one in form.cleaned_data["senders"] if one not in present]
    with form.catching(fields={which: "senders"}):
        if new:
            mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, {which: [*present, *new]})
        return done(request, _told(which, len(new)), to=_href(which))
    return None


def _told(which: str, number: int) -> str:
    if not number:
        return _("They were in the list already.")
    if which == "block":
        words = ngettext("One sender is blocked from now on.", "%(n)s senders are blocked from now on.", number)
    else:
        words = ngettext("One sender is always let in from now on.", "%(n)s senders are always let in.", number)
    return words % {"n": number}


def _set(request: Asked, settings: list[Section]) -> HttpResponse | None:
    def change(values: dict[str, object]) -> None:
        mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, values)

    told = settings_form.saved(settings, change)
    return done(request, told, to=request.get_full_path()) if told else None


def _which(name: str) -> str:
    """Raises NotFound."""
    if name not in _LISTS:
        raise NotFound
    return name


def _href(which: str) -> str:
    return reverse("my_senders") + ("" if which == "block" else f"?list={which}")


def _shown(request: Asked, which: str, own: Mapping[str, list[str]]) -> dict[str, object]:
    """A page of one list, what was added last first."""
    wanted = lists.wanted(request, size=_SIZE)
    found = [one for one in reversed(own[which]) if wanted.q.lower() in one]
    return {
        "which": which,
        "lists": [ListTab(_(label), _href(name), name == which, len(own[name])) for name, label in _LISTS.items()],
        "senders": found[wanted.first : wanted.first + wanted.limit],
        "total": len(own[which]),
        "searches": len(own[which]) > _FEW,
        "wanted": wanted,
        "pages": lists.pages(wanted, len(found)),
    }
