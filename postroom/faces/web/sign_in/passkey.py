"""Signing in with a passkey: alone, or as the second step."""

import json

from django import forms
from django.http import HttpResponse

from postroom.actions import passkeys
from postroom.faces import sessions
from postroom.faces.ceremonies import LONGEST_ANSWER, answer_in, keep_challenge, site_of, spend_challenge
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, count, page, render
from postroom.faces.web.sign_in.way_on import after_step, already_in, inside, wanted, with_next


class Shown(Form):
    """What the browser's own dialogue gave, as JSON."""

    credential = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


@page(anonymous=True)
def passkey(request: Asked) -> HttpResponse:
    found = sessions.waiting(request)
    if found is None and request.method != "POST":
        away = already_in(request)
        if away:
            return away
    form = Shown(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching():
            return _answered(request, form.cleaned_data["credential"])
    return _asking(request, form)


def _answered(request: Asked, credential: str) -> HttpResponse:
    found = sessions.waiting(request)
    challenge = spend_challenge(request)
    passed = passkeys.show(
        request.origin, site_of(request), challenge, answer_in(credential), found[0].person_id if found else None
    )
    if found:
        return inside(request, passed.person_id, sessions.past_second_step(request, "passkey"))
    return after_step(request, passed, ("passkey",))


def _asking(request: Asked, form: Shown) -> HttpResponse:
    """Each page asks anew: a challenge is good for one answer."""
    if request.method != "POST":
        count(request)  # it writes down what was asked, for whoever comes
    found = sessions.waiting(request)
    ceremony = passkeys.begin_showing(site_of(request), found[0].person_id if found else None)
    keep_challenge(request, ceremony)
    context = {
        "form": form,
        "next": wanted(request),
        "options": json.dumps(ceremony.options),
        "other_way": with_next("sign_in_code" if found else "sign_in", wanted(request)),
    }
    return render(request, "web/sign_in/passkey.html", context, status=form.status)
