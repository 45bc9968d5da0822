"""What the directory and receivers of one's mail see of oneself, and how webmail looks."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import mailboxes
from postroom.core import catalogue
from postroom.core.catalogue import words
from postroom.faces.web import settings_values
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.own.values import in_force
from postroom.faces.web.page import Asked, done, page
from postroom.faces.web.settings_fields import LeanSelect


class Details(Form):
    """Fields are called as the catalogue calls them. What is left empty is unset."""

    name = forms.CharField(
        required=False,
        max_length=512,
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As receivers of your mail see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_lazy("What you are in the organisation"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = forms.CharField(
        required=False,
        max_length=30,
        label=gettext_lazy("Telephone"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    fax = forms.CharField(required=False, max_length=30, label=gettext_lazy("Fax"))
    language = forms.ChoiceField(label=gettext_lazy("Language of webmail"))
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone of webmail"), widget=LeanSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = settings_values.language()
        for name, spoken in (("language", True), ("timezone", False)):
            options = catalogue.CATALOGUE[name].kind.options
            self.offer(name, [(o, words.choice(name, o, language) if spoken else o) for o in options])


@page(holder=True)
def details(request: Asked) -> HttpResponse:
    if request.method == "POST":
        form = Details(request.POST)
        if form.is_valid():
            with form.catching():
                mailboxes.change(request.auth, request.origin, request.shown.has_mailbox, form.cleaned_data)
                return done(request, _("Your details were saved."), to=request.path)
    else:
        form = Details(initial=in_force(request))
    return frame.shown(request, "my_details", "details", {"form": form}, status=form.status)
