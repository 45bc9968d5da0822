"""The sets of mail servers: how they are, what they are set to, a new one."""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import platforms
from postroom.actions.platforms import PlatformView
from postroom.core.errors import NotFound
from postroom.faces.web import details
from postroom.faces.web.forms import Form
from postroom.faces.web.operator import words
from postroom.faces.web.operator.frame import render
from postroom.faces.web.page import Asked, done, page


class Settings(Form):
    settings = forms.CharField(
        label=gettext_lazy("Settings"),
        widget=forms.Textarea({"rows": 10, "class": "mono", "spellcheck": "false", "autocapitalize": "none"}),
        help_text=gettext_lazy("As JSON: an object of names and values. Passwords stand in files that it names."),
    )

    def clean_settings(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["settings"])
        except ValueError as error:
            line = getattr(error, "lineno", 0)
            raise forms.ValidationError(_("Line %(line)s is no JSON.") % {"line": line}) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This must be an object: names and values within { and }."))
        return found


class NewPlatform(Settings):
    focus_first = True
    field_order = ["name", "driver", "settings", "is_default"]

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=64, help_text=gettext_lazy("Letters, digits, - and _.")
    )
    driver = forms.ChoiceField(label=gettext_lazy("Kind"))
    is_default = forms.BooleanField(label=gettext_lazy("New domains go there from now on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["driver"]
        kinds.choices = [(driver, _(word)) for driver, word in words.DRIVERS.items()]
        self.initial.setdefault("settings", "{\n}")


def _written(settings: dict[str, Any]) -> str:
    return json.dumps(settings, indent=2, ensure_ascii=False, sort_keys=True)


def _found(request: Asked, name: str) -> PlatformView:
    found = next((one for one in platforms.listed(request.auth) if one.name == name), None)
    if found is None:
        raise NotFound
    return found


@page(operator=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    health = {one.name: one for one in platforms.health(request.auth, request.origin)}
    shown = [(one, health[one.name]) for one in platforms.listed(request.auth) if one.name in health]
    return render(request, "platforms.html", "platforms_list", {"platforms": shown})


@page(operator=True)
def new(request: Asked) -> HttpResponse:
    form = NewPlatform(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = PlatformView(**form.cleaned_data)
        with form.catching({"": "name"}):
            platforms.add(request.auth, request.origin, wanted)
            return done(request, _("The platform is there."), to=reverse("platform_show", args=[wanted.name]))
    return render(request, "platform_new.html", "platforms_list", {"form": form}, status=form.status)


@page(operator=True)
def show(request: Asked, name: str) -> HttpResponse:
    platform = _found(request, name)
    health = next(one for one in platforms.health(request.auth, request.origin) if one.name == name)
    form = Settings(request.POST or None, initial={"settings": _written(platform.settings)})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            platforms.set_all(request.auth, name, form.cleaned_data["settings"])
            return done(request, _("The settings were saved. They hold from the next call on."), to=request.path)
    context = {"platform": platform, "health": health, "form": form}
    return render(request, "platform.html", "platforms_list", context, status=form.status)


@page(operator=True, methods=("POST",))
def ask(request: Asked, name: str) -> HttpResponse:
    """Whether it answers at this moment."""
    reason = platforms.silence(request.auth, name)
    back = reverse("platform_show", args=[name])
    if not reason:
        return done(request, _("%(platform)s answers.") % {"platform": name}, to=back)
    text = _("%(platform)s does not answer: %(reason)s") % {"platform": name, "reason": details.of_failure(reason)}
    return done(request, text, to=back, kind="bad")


@page(operator=True, methods=("POST",))
def make_default(request: Asked, name: str) -> HttpResponse:
    platforms.make_default(request.auth, name)
    text = _("New domains go to %(platform)s from now on.") % {"platform": name}
    return done(request, text, to=reverse("platform_show", args=[name]))
