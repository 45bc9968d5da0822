"""Deleted mailboxes, as long as they can be restored."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import deleted_mailboxes, mailbox_removal
from postroom.core.errors import NameTaken, RoleTooSmall
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.mailboxes import within, words
from postroom.faces.web.mailboxes.making import checked_local_part, local_part_field
from postroom.faces.web.page import Asked, done, page, render


@page(methods=("GET",))
def listed(request: Asked, name: str) -> HttpResponse:
    context = within.of_domain(request, name, "addresses")
    if not context["may"].restore:
        raise RoleTooSmall
    wanted = lists.wanted(request)
    now = int(request.origin.at.timestamp() * 1000)
    found, total = deleted_mailboxes.listed(
        request.auth, context["domain"].name, now, q=wanted.q, first=wanted.first, limit=wanted.limit
    )
    lines = [(one, words.moment(one.deleted_at), words.moment(one.restorable_until)) for one in found]
    shown = {"wanted": wanted, "pages": lists.pages(wanted, total), "lines": lines}
    return render(request, "web/mailboxes/deleted.html", {**context, **shown})


class Restored(Form):
    local_part = local_part_field(label=gettext_lazy("Address"))

    def __init__(self, domain: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.domain = domain

    def clean_local_part(self) -> str:
        return checked_local_part(self.cleaned_data["local_part"], self.domain)


@page()
def restore(request: Asked, name: str, number: int) -> HttpResponse:
    """Under its address, or another one where that is taken by now."""
    context = within.of_domain(request, name, "addresses")
    domain = context["domain"].name
    address, restore_id = deleted_mailboxes.one(request.auth, domain, number)
    initial = {"local_part": address.rpartition("@")[0]}
    form = Restored(domain, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        wanted = f"{form.cleaned_data['local_part']}@{domain}"
        if _restored(request, (address, restore_id), wanted, form):
            text = _("%(address)s is back, with its mail and settings.") % {"address": wanted}
            return done(request, text, to=reverse("mailbox_show", args=[domain, form.cleaned_data["local_part"]]))
    shown = {"form": form, "address": address}
    return render(request, "web/mailboxes/restore.html", {**context, **shown}, status=form.status)


def _restored(request: Asked, stone: tuple[str, str], wanted: str, form: Restored) -> bool:
    address, restore_id = stone
    with form.catching({"new_name": "local_part"}):
        try:
            mailbox_removal.restore(request.auth, request.origin, address, restore_id, wanted)
        except NameTaken:
            text = _("%(address)s is taken by now. Choose another address for this mailbox.") % {"address": wanted}
            form.add_error("local_part", text)
    return not form.errors
