"""Making a passkey, and removing one."""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import passkeys, second_factors
from postroom.core.errors import NotFound
from postroom.faces import sessions
from postroom.faces.ceremonies import LONGEST_ANSWER, answer_in, keep_challenge, site_of, spend_challenge
from postroom.faces.web.account.frame import render_tab, show_codes
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render


class NewPasskey(Form):
    focus_first = True
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=128,
        help_text=gettext_lazy("What it is kept on, such as “Telephone” or “Key on my ring”."),
    )
    credential = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


@page()
def new(request: Asked) -> HttpResponse:
    sessions.require_fresh(request)
    form = NewPasskey(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching():
            return _made(request, form.cleaned_data)
    ceremony = passkeys.begin_making(request.auth, site_of(request))
    keep_challenge(request, ceremony)
    context = {"form": form, "options": json.dumps(ceremony.options)}
    return render_tab(request, "web/account/passkey_new.html", "security", context, status=form.status)


def _made(request: Asked, values: dict[str, Any]) -> HttpResponse:
    challenge = spend_challenge(request)
    credential = answer_in(values["credential"])
    _view, codes = passkeys.make(
        request.auth, request.origin, site_of(request), challenge, credential, values["name"]
    )  # fmt: skip
    text = _("Your passkey is set up.")
    return show_codes(request, text, codes) if codes else done(request, text, to=reverse("account_security"))


@page()
def remove(request: Asked, id: int) -> HttpResponse:
    sessions.require_fresh(request)
    found = next((one for one in second_factors.show(request.auth).passkeys if one.id == id), None)
    if found is None:
        raise NotFound
    if request.method == "POST":
        second_factors.remove_passkey(request.auth, request.origin, id)
        return done(request, _("The passkey is removed."), to=reverse("account_security"))
    context = {
        "question": _("Remove the passkey “%(name)s”?") % {"name": found.name},
        "consequences": [_("It opens nothing from now on. The device may still offer it: delete it there, too.")],
        "button": _("Remove"),
        "cancel": reverse("account_security"),
    }
    return render(request, "web/confirm.html", context)
