"""Many mailboxes at once, from a table: looked at first, then made, then followed until the mail servers have them.

Between the steps the table waits in the session: a page that carried it would be as large as the table.
"""

from typing import Any, Final

import msgspec
from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postroom.actions import mailbox_sheets, person_mailboxes
from postroom.actions.mailbox_sheets import Preview, RowView
from postroom.core.errors import BadRequest, RoleTooSmall
from postroom.core.mailbox_sheet import MOST_BYTES, MOST_ROWS
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.mailboxes import within
from postroom.faces.web.page import Asked, done, page, render, see

_SHEET: Final = "sheet"
_MADE: Final = "sheet_made"
_SIZE: Final = 50
_EXAMPLE: Final = "local_part,first_name,last_name,secondary_email\r\nzoe.martin,Zoé,Martin,zoe@home.example\r\n"


class Sheet(Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A table saved as CSV, best as “CSV UTF-8”. The first row names the columns."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the table"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("From a spreadsheet or a text: cells parted by commas, semicolons or tabs."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        file, text = values.get("file"), values.get("text", "")
        if file and text.strip():
            self.add_error("text", _("Choose a file or paste a table, not both."))
        elif not file and not text.strip() and not self.errors:
            self.add_error("file", _("Choose a file, or paste the table below."))
        elif file and (file.size or 0) > MOST_BYTES:
            self.add_error("file", _("The file may have at most %(n)s MB.") % {"n": MOST_BYTES // 1_000_000})
        return values

    def content(self) -> bytes:
        """After `is_valid`."""
        file = self.cleaned_data["file"]
        found: bytes = file.read() if file else self.cleaned_data["text"].encode()
        return found


class Kept(msgspec.Struct, frozen=True):
    """In the session. `text` holds the file's bytes one a character, since a session is JSON."""

    domain: str
    name: str
    text: str

    @property
    def content(self) -> bytes:
        return self.text.encode("latin-1")


def _kept(request: Asked, domain: str) -> Kept | None:
    found = request.session.get(_SHEET)
    return Kept(**found) if found and found["domain"] == domain else None


@page()
def begin(request: Asked, name: str) -> HttpResponse:
    context = _opened(request, name)
    domain = context["domain"].name
    form = Sheet(request.POST, request.FILES) if request.method == "POST" else Sheet()
    if form.is_valid():
        content = form.content()
        with form.catching({"file": "file" if form.cleaned_data["file"] else "text"}):
            mailbox_sheets.preview(request.auth, domain, content, request.language)
            file = form.cleaned_data["file"]
            kept = Kept(domain, file.name[:120] if file else "", content.decode("latin-1"))
            request.session[_SHEET] = msgspec.structs.asdict(kept)
            return see(reverse("mailboxes_import_preview", args=[domain]))
    shown = {"form": form, "most": MOST_ROWS}
    return render(request, "web/mailboxes/import.html", {**context, **shown}, status=form.status)


def _opened(request: Asked, name: str) -> dict[str, Any]:
    context = within.of_domain(request, name, "addresses")
    if not context["may"].create_many:
        raise RoleTooSmall
    return context


@page()
def preview(request: Asked, name: str) -> HttpResponse:
    """GET: what would become of each line. POST: make them all."""
    context = _opened(request, name)
    domain = context["domain"].name
    kept = _kept(request, domain)
    if kept is None:
        return see(reverse("mailboxes_import", args=[domain]))
    if request.method == "POST":
        return _load(request, kept)
    try:
        found = mailbox_sheets.preview(request.auth, domain, kept.content, request.language)
    except BadRequest as error:  # what the form took, a newer version of Postroom may refuse
        text = " ".join(error.hints.values())
        return done(request, text, to=reverse("mailboxes_import", args=[domain]), kind="bad")
    return render(request, "web/mailboxes/import_preview.html", {**context, **_shown(request, kept, found)})


def _shown(request: Asked, kept: Kept, found: Preview) -> dict[str, Any]:
    wanted = lists.wanted(request, size=_SIZE)
    only = request.GET.get("only", "")
    chosen = [row for row in found.rows if only != "bad" or row.problems]
    warned = sum(bool(row.warning) and not row.problems for row in found.rows)
    return {
        "kept": kept,
        "found": found,
        "only_bad": only == "bad",
        "lines": [(row, _problems(row)) for row in chosen[wanted.first : wanted.first + wanted.limit]],
        "wanted": wanted,
        "pages": lists.pages(wanted, len(chosen)),
        "warned": warned,
        "ignored": ", ".join(found.ignored),
        "button": ngettext("Create %(n)s mailbox", "Create %(n)s mailboxes", found.good) % {"n": found.good},
    }


_COLUMNS: Final = {
    "local_part": gettext_lazy("Address"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "secondary_email": gettext_lazy("Second e-mail address"),
}


def _problems(row: RowView) -> list[tuple[str, str]]:
    """(column, what is wrong); no column where it is the whole line."""
    return [(str(_COLUMNS.get(column, "")), text) for column, text in row.problems.items()]


def _load(request: Asked, kept: Kept) -> HttpResponse:
    """All or none. Where something has come between, the look at it says what."""
    try:
        made = mailbox_sheets.load(request.auth, request.origin, kept.domain, kept.content)
    except BadRequest:
        text = _("Nothing was created: there is something to put right first.")
        return done(request, text, to=reverse("mailboxes_import_preview", args=[kept.domain]), kind="bad")
    first = person_mailboxes.show(request.auth, made[0])
    del request.session[_SHEET]
    request.session[_MADE] = {"domain": kept.domain, "first": first.id, "at": first.created_at}
    text = ngettext("%(n)s mailbox was created.", "%(n)s mailboxes were created.", len(made)) % {"n": len(made)}
    return done(request, text, to=reverse("mailboxes_import_progress", args=[kept.domain]))


@page(methods=("GET",))
def progress(request: Asked, name: str) -> HttpResponse:
    """How far the mail servers have got with those that were imported last."""
    context = _opened(request, name)
    domain = context["domain"].name
    made = request.session.get(_MADE)
    if not made or made["domain"] != domain:
        return see(reverse("mailboxes_list", args=[domain]))
    found = mailbox_sheets.progress(request.auth, domain, made["first"], made["at"])
    left = found.made - found.ready - found.waiting
    return render(request, "web/mailboxes/import_progress.html", {**context, "found": found, "left": left})


@page(methods=("GET",))
def export(request: Asked, name: str) -> HttpResponseBase:
    """Every mailbox, as a table that can be imported again."""
    domain = within.of_domain(request, name, "addresses")["domain"].name
    lines = mailbox_sheets.export(request.auth, domain)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{domain}.csv"'
    return response


@page(methods=("GET",))
def example(request: Asked, name: str) -> HttpResponse:
    """A table to fill in, with the headers and a row."""
    within.of_domain(request, name, "addresses")
    response = HttpResponse(f"\ufeff{_EXAMPLE}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="example.csv"'
    return response
