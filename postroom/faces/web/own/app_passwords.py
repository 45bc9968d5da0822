"""Passwords for single programs: each is shown once."""

import re
from datetime import UTC, datetime
from typing import Final

import msgspec
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import app_passwords
from postroom.core.errors import NotFound
from postroom.faces import sessions
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.page import Asked, done, page, render

_NAME: Final = re.compile(r"[ -~]{1,128}")


class Line(msgspec.Struct, frozen=True):
    tag: str
    created: datetime


class NewAppPassword(Form):
    focus_first = True
    tag = forms.CharField(
        label=gettext_lazy("Name of the device or program"),
        max_length=128,
        help_text=gettext_lazy(
            "So that you know later which one to remove. Letters without accents, digits and marks: Thunderbird at work"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_tag(self) -> str:
        tag: str = self.cleaned_data["tag"]
        if not _NAME.fullmatch(tag):
            raise forms.ValidationError(_("Use letters without accents, digits, blanks and punctuation marks."))
        return tag


@page(holder=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    lines = _lines(request)
    context = {"lines": lines, "limit": app_passwords.LIMIT, "is_full": len(lines) >= app_passwords.LIMIT}
    return frame.shown(request, "my_app_passwords", "app_passwords", context)


def _lines(request: Asked) -> list[Line]:
    found = app_passwords.listed(request.auth, request.shown.has_mailbox)
    return [Line(tag, datetime.fromtimestamp(at / 1000, UTC)) for tag, at in found]


@page(holder=True)
def new(request: Asked) -> HttpResponse:
    """The page that answers shows the password: nothing keeps it for a page that comes later."""
    sessions.require_fresh(request)
    is_first = not _lines(request)
    form = NewAppPassword(request.POST if request.method == "POST" else None)
    context = {"form": form, "is_first": is_first, "text": "", "devices": reverse("my_devices")}
    if request.method == "POST" and form.is_valid():
        tag = form.cleaned_data["tag"]
        with form.catching():
            text = app_passwords.add(request.auth, request.origin, request.shown.has_mailbox, tag)
            context |= {"text": text, "tag": tag}
    return frame.shown(request, "my_app_passwords", "app_password_new", context, status=form.status)


@page(holder=True)
def delete(request: Asked) -> HttpResponse:
    """`?name=`: which one. Raises NotFound."""
    lines, tag = _lines(request), request.GET.get("name", "")
    if all(line.tag != tag for line in lines):
        raise NotFound
    back = reverse("my_app_passwords")
    if request.method == "POST":
        app_passwords.remove(request.auth, request.origin, request.shown.has_mailbox, tag)
        return done(request, _("The app password “%(name)s” was removed.") % {"name": tag}, to=back)
    consequences = [_("The device or program that uses it can no longer sign in.")]
    if len(lines) == 1:
        consequences.append(
            _("It is your last one: mail programs sign in with the password of the mailbox again from then on.")
        )
    context = {
        "question": _("Remove the app password “%(name)s”?") % {"name": tag},
        "consequences": consequences,
        "button": _("Remove"),
        "cancel": back,
        "crumbs_list": [(_("App passwords"), back)],
    }
    return render(request, "web/confirm.html", context)
