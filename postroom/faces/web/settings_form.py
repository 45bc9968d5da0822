"""Settings of a company, a domain or a mailbox as forms: one a subject, each value with where it comes from.

    parts = settings_form.sections(Level.DOMAIN, settings_view.of_domain(request.auth, name), request)
    if request.method == "POST":
        told = settings_form.saved(parts, lambda values: domains.change(request.auth, request.origin, name, values))
        if told:
            return done(request, told, to=request.path)
    return render(request, "…", {"sections": parts, …}, status=settings_form.status(parts))

The template says {% include "web/settings/sections.html" %}. Only what somebody touched is changed: what they saw is
sent back as a fingerprint, so that a value which was changed meanwhile, here or above, is not written over.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from postroom.actions.settings_view import Setting
from postroom.core import catalogue
from postroom.core.catalogue import words
from postroom.core.catalogue.attribute import Inheritance, Level, Value
from postroom.core.errors import BadAttribute, PostroomError
from postroom.faces.web import settings_fields, settings_values
from postroom.faces.web.forms import Form
from postroom.faces.web.settings_fields import SecretField, SettingField

Change = Callable[[dict[str, object]], object]
_WAS: Final = "was"
_REMOVE: Final = "remove-"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a value comes from, and what to go back to."""

    text: str
    is_own: bool
    """Set at this very level."""
    inherited: str = ""
    """What would hold otherwise, in words."""
    can_reset: bool = False
    is_inherited: bool = False
    """Other levels have a say: there is something to explain."""


class ReadOnly(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that is not the asker's to change."""

    name: str
    label: str
    value: str
    origin: Origin


class Row(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    field: forms.BoundField
    origin: Origin
    remove: forms.BoundField | None = None
    """Of a secret that is set: takes it away."""


class SettingsForm(Form):
    """A field for each setting that the asker may change. `was`: fingerprints of what they were shown."""

    was = forms.CharField(required=False, widget=forms.HiddenInput({"id": False}), max_length=8000)

    def __init__(self, level: Level, found: Mapping[str, Setting], zone: ZoneInfo, data: Any) -> None:
        super().__init__(data)
        self.level, self.found = level, found
        for name, setting in found.items():
            made = settings_fields.field(catalogue.CATALOGUE[name], level, zone)
            if made is not None:
                self._add(name, made, setting)
        self.initial[_WAS] = " ".join(f"{name}:{self._fingerprint(name)}" for name in self._settings())

    def _add(self, name: str, made: SettingField, setting: Setting) -> None:
        self.fields[name] = made
        self.initial[name] = setting.value
        if isinstance(made, SecretField) and setting.origin == self.level:
            self.fields[_REMOVE + name] = forms.BooleanField(required=False, label=_("Take it away"))

    def _settings(self) -> dict[str, SettingField]:
        return {name: made for name, made in self.fields.items() if isinstance(made, SettingField)}

    def origin(self, name: str) -> Origin:
        return origin_of(name, self.found[name], self.level)

    def _fingerprint(self, name: str) -> str:
        """Of what the field would say if it were sent as it was shown."""
        made = self.fields[name]
        prepared = made.prepare_value(self.initial[name])
        if isinstance(made, settings_fields.SizeField):
            prepared = made.widget.decompress(prepared)
        try:
            return _digest(made.clean(prepared))
        except forms.ValidationError:
            return _digest(prepared)

    def refuse(self, error: PostroomError, fields: Mapping[str, str]) -> None:
        """In words of the page: the core names attributes as programs do."""
        ours = [name for name in error.hints if type(error) is BadAttribute and name in _REFUSALS.keys() & self.fields]
        for name in ours:
            self.add_error(name, _(_REFUSALS[name]))
        others = {name: hint for name, hint in error.hints.items() if name not in ours}
        if not ours:
            super().refuse(error, fields)
        elif others:
            super().refuse(BadAttribute(error.detail, hints=others), fields)

    @property
    def rows(self) -> list[Row]:
        shown = []
        for name in self._settings():
            remove = self[_REMOVE + name] if _REMOVE + name in self.fields else None
            shown.append(
                Row(
                    name=name,
                    field=self[name],
                    origin=self.origin(name),
                    remove=remove,
                )
            )
        return shown

    def changes(self) -> dict[str, object]:
        """What was touched, for the action; None: unset. After `is_valid`."""
        was = dict(one.partition(":")[::2] for one in self.cleaned_data[_WAS].split())
        found: dict[str, object] = {}
        for name, made in self._settings().items():
            value = self.cleaned_data[name]
            if self.cleaned_data.get(_REMOVE + name):
                found[name] = None
            elif isinstance(made, SecretField):
                found |= {name: value} if value is not None else {}
            elif _digest(value) != was.get(name, self._fingerprint(name)):
                found[name] = value
        return found


class Section(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: str
    form: SettingsForm
    read_only: list[ReadOnly]
    reset: str = ""
    """The setting that was asked to go back to what is inherited."""

    @property
    def can_change(self) -> bool:
        return bool(self.form.rows)


def sections(
    level: Level,
    found: Mapping[str, Setting],
    request: HttpRequest,
    *,
    groups: Iterable[str] = (),
    names: Iterable[str] = (),
) -> list[Section]:
    """`groups` of words.GROUPS, or `names` of attributes, where not all are wanted. What was posted is bound."""
    wanted = set(names) or {name for name in found if not groups or words.group_of(name) in set(groups)}
    language = settings_values.language()
    made = []
    for key, title in words.GROUPS.items():
        here = [name for name in words.WORDS if name in found and name in wanted and words.group_of(name) == key]
        if here:
            made.append(_section(level, found, here, _Sent(key, title.at(language), _data(request, key))))
    return made


class _Sent(msgspec.Struct, frozen=True):
    key: str
    title: str
    data: Any
    """None: nothing was sent for this one."""


def _data(request: HttpRequest, key: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("group") == key else None


def _section(level: Level, found: Mapping[str, Setting], here: Iterable[str], sent: _Sent) -> Section:
    open_ones = {name: found[name] for name in here if found[name].settable}
    asked = sent.data.get("reset", "") if sent.data is not None else ""
    reset = asked if asked in open_ones and origin_of(asked, found[asked], level).can_reset else ""
    form = SettingsForm(level, open_ones, _zone(found), None if asked else sent.data)
    closed = _closed(level, {name: found[name] for name in here if name not in form.fields})
    return Section(key=sent.key, title=sent.title, form=form, read_only=closed, reset=reset)


def _closed(level: Level, here: Mapping[str, Setting]) -> list[ReadOnly]:
    return [
        ReadOnly(
            name=name,
            label=words.label(name, settings_values.language()),
            value=_secret_words(s) if s.secret else settings_values.shown(name, s.value, level),
            origin=origin_of(name, s, level),
        )
        for name, s in here.items()
    ]


def saved(parts: Iterable[Section], change: Change) -> str:
    """What to tell; empty where something is wrong, which is then said at the fields, or where no form was sent."""
    for part in parts:
        if part.reset:
            change({part.reset: None})
            label = words.label(part.reset, settings_values.language())
            return _("“%(setting)s” is no longer set here.") % {"setting": label}
        if part.form.is_bound and part.form.is_valid():
            return _change(part.form, change)
    return ""


def _change(form: SettingsForm, change: Change) -> str:
    changes = form.changes()
    if not changes:
        return _("Nothing was changed.")
    with form.catching():
        change(changes)
    return "" if form.errors else _("The settings were saved.")


def status(parts: Iterable[Section]) -> int:
    return max((part.form.status for part in parts if part.form.is_bound), default=200)


_FROM: Final = {
    Level.COMPANY: gettext_lazy("From the company"),
    Level.DOMAIN: gettext_lazy("From the domain"),
    "default": gettext_lazy("Built in"),
}


def origin_of(name: str, setting: Setting, level: Level) -> Origin:
    """Copied values are the object's own from its creation on: what they would be anew says whether they were set."""
    if not catalogue.CATALOGUE[name].stored:
        return Origin(text="", is_own=False)
    inherits = catalogue.CATALOGUE[name].inherits
    is_inherited = inherits is not Inheritance.OWN
    if setting.origin != level:
        says_nothing = setting.value in (None, "", [])
        text = "" if says_nothing else str(_FROM[setting.origin])
        return Origin(text=text, is_own=False, is_inherited=is_inherited)
    if inherits is Inheritance.COPIED and setting.value == setting.inherited:
        return Origin(text=_("As it was at the creation"), is_own=False, is_inherited=True)
    can_reset = is_inherited and (inherits is Inheritance.LIVE or setting.inherited is not None)
    return Origin(
        text=_("Set here"),
        is_own=True,
        inherited=settings_values.shown(name, setting.inherited, level) if can_reset else "",
        can_reset=can_reset,
        is_inherited=is_inherited,
    )


_REFUSALS: Final = {
    "workgroup": gettext_noop("There is no such workgroup in the domain."),
    "brand": gettext_noop("The company has no such brand."),
    "catchall": gettext_noop("This must be a mailbox of the domain."),
    "dkim_key": gettext_noop("The key and its name can only be set or taken away together."),
    "dkim_selector": gettext_noop("The key and its name can only be set or taken away together."),
    "quota": gettext_noop("This is more than the domain’s largest storage."),
    "quota_maximum": gettext_noop("This is more than the company allows."),
}
"""What can be wrong with a value only in relation to others."""


def _secret_words(setting: Setting) -> str:
    return _("Set, and not shown") if setting.origin != "default" else _("Not set")


def _digest(value: Value | Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:8]


def _zone(found: Mapping[str, Setting]) -> ZoneInfo:
    """Of the mailbox, where it has one."""
    setting = found.get("timezone")
    try:
        return ZoneInfo(str(setting.value)) if setting and setting.value else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
