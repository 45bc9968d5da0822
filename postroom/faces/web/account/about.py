"""Name, language, time zone; the addresses that one has shown to be one's own."""

import zoneinfo

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import person_addresses, persons
from postroom.actions.persons import LONGEST_NAME, PersonChange, PersonView
from postroom.core.languages import Language
from postroom.faces.web.account.frame import render_tab
from postroom.faces.web.forms import Form
from postroom.faces.web.frame import LANGUAGES
from postroom.faces.web.page import Asked, done, page


class About(Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As your colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGES,
        help_text=gettext_lazy("Of the pages, and of the e-mails that Postroom writes to you."),
    )
    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())],
    )


@page()
def account(request: Asked) -> HttpResponse:
    me = persons.show(request.auth)
    form = About(request.POST if request.method == "POST" else None, initial=_values(me))
    if form.is_bound and form.is_valid():
        with form.catching():
            return _changed(request, form)
    context = {"form": form, "me": me, "addresses": person_addresses.show(request.auth, request.origin)}
    return render_tab(request, "web/account/about.html", "account", context, status=form.status)


def _values(me: PersonView) -> dict[str, str]:
    return {"name": me.name, "language": me.language, "timezone": me.timezone}


def _changed(request: Asked, form: About) -> HttpResponse:
    change = PersonChange(**form.cleaned_data)
    persons.change(request.auth, request.origin, change)
    with translation.override(Language(form.cleaned_data["language"])):
        return done(request, _("Saved."), to=reverse("account"))
