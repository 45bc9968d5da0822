"""The page that explains. A question is a GET, so that its answer can be linked to and sent to a colleague."""

from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse

from postroom.actions import explain, explain_setting
from postroom.core.catalogue import words as settings_words
from postroom.core.catalogue.attribute import Level
from postroom.core.explain import way, why
from postroom.core.languages import Language
from postroom.faces.web import settings_values
from postroom.faces.web.explain import drawing
from postroom.faces.web.explain.asking import WAY, Question
from postroom.faces.web.page import Asked, page, render

_LEVELS: Final = {"mailbox": Level.MAILBOX, "domain": Level.DOMAIN, "company": Level.COMPANY}


@page(methods=("GET",))
def show(request: Asked) -> HttpResponse:
    is_asked = "address" in request.GET
    first = {"address": request.shown.has_mailbox} if not request.shown.manages else {}
    given = {"address": request.GET["address"], "setting": request.GET.get("setting") or WAY} if is_asked else None
    form = Question(given, language=request.language, initial=first)
    context: dict[str, Any] = {"form": form}
    if is_asked and form.is_valid():
        with form.catching({"of": "address", "": "address"}):
            context |= _answer(request, form.cleaned_data["address"], form.cleaned_data["setting"])
    return render(request, "web/explain/explain.html", context, status=form.status)


def _answer(request: Asked, address: str, setting: str) -> dict[str, Any]:
    if setting != WAY:
        found = explain_setting.why(request.auth, address, setting)
        can_change = found.settable and request.shown.manages  # holders have pages of their own
        return {"why": {**_why(found, request.language), "change_at": _form_of(found) if can_change else ""}}
    return {"way": _way(explain.way(request.auth, request.origin, address), request.language)}


def _way(found: way.Way, language: Language) -> dict[str, Any]:
    return {
        "verdict": drawing.verdict(found, language),
        "first": drawing.tree(found, language),
        "more": found.more,
    }


def _why(found: why.Why, language: Language) -> dict[str, Any]:
    def shown(level: str, value: Any) -> str:
        return settings_values.shown(found.setting, value, _LEVELS[level])

    own = "mailbox" if "@" in found.of else "domain"
    changed = found.changed
    return {
        "of": found.of,
        "setting": found.setting,
        "group": settings_words.GROUPS[settings_words.group_of(found.setting)].at(language),
        "label": settings_words.label(found.setting, language),
        "help": settings_words.help(found.setting, language),
        "secret": found.secret,
        "value": shown(own, found.value),
        "origin": found.origin,
        "places": [(p, why.LEVELS[p.level].at(language), shown(p.level, p.value)) for p in found.places],
        "built_in": (why.LEVELS["default"].at(language), shown(own, found.default)),
        "notes": [why.told(note, language) for note in found.notes],
        "changed": changed,
        "changed_at": datetime.fromtimestamp(changed.at / 1000, UTC) if changed else None,
    }


def _form_of(found: why.Why) -> str:
    """The page where it is changed, at its group."""
    local_part, _, domain = found.of.rpartition("@")
    group = settings_words.group_of(found.setting)
    if local_part:
        return f"{reverse('mailbox_settings', args=[domain, local_part])}#{group}"
    return f"{reverse('domain_settings', args=[domain])}#{group}"
