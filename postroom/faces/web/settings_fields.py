"""A form's field for each kind of attribute: what was typed becomes what is stored, by the kind's own rules."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from postroom.core import catalogue
from postroom.core.catalogue import words
from postroom.core.catalogue.attribute import Attribute, Level, NotGiven, Value
from postroom.core.catalogue.contact_kinds import Contacts
from postroom.core.catalogue.kinds import Choice, EpochSeconds, Flag, ListOf, Quota, Text, Timezone, WholeNumber
from postroom.core.catalogue.mail_kinds import OneAddress
from postroom.core.catalogue.secret_kinds import PasswordText, PrivateKey
from postroom.core.errors import BadValueError
from postroom.faces.web import details, settings_values

_MINUTES: Final = "%Y-%m-%dT%H:%M"
_ROWS: Final = 5
_MOST_LISTED: Final = 200_000
"""Characters of a list of a thousand senders, and some more."""
_UNITS: Final[Mapping[str, int]] = {"m": 1, "g": 2**10, "t": 2**20}


class LeanSelect(forms.Select):
    """Several hundred options, in half the characters."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lines = ((SafeString(" selected") if str(key) == str(value) else "", key) for key, _word in self.choices)
        options = format_html_join("\n", "<option{}>{}", lines)
        written = forms.utils.flatatt({**self.attrs, **(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", written, options)


class Size(forms.MultiWidget):
    """A number, and what it counts."""

    template_name = "web/settings/size.html"
    use_fieldset = False

    def __init__(self, attrs: Any = None) -> None:
        language = settings_values.language()
        units = [(unit, settings_values.UNITS[at][1][language]) for at, unit in ((2, "m"), (1, "g"), (0, "t"))]
        number = forms.NumberInput({"min": 0, "step": "any", "inputmode": "decimal"})
        super().__init__([number, forms.Select({"aria-label": _("Unit")}, units)], attrs)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def decompress(self, value: Any) -> list[Any]:
        """`value` is a number of megabytes."""
        if value in (None, ""):
            return ["", "g"]
        for unit in ("t", "g"):
            if value >= _UNITS[unit] and value % _UNITS[unit] == 0:
                return [value // _UNITS[unit], unit]
        return [value, "m"]


class SettingField(forms.Field):
    """Cleans to the value to store; None: unset."""

    def __init__(self, attribute: Attribute, level: Level, widget: forms.Widget) -> None:
        language = settings_values.language()
        super().__init__(
            required=False,
            label=words.label(attribute.name, language),
            help_text=words.help(attribute.name, language, level),
            widget=widget,
        )
        self.attribute, self.level = attribute, level

    @property
    def kind(self) -> Any:
        return self.attribute.kind_on(self.level)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else value

    def sent(self, raw: Any) -> Any:
        """What the kind is to look at. Raises BadValueError."""
        return raw

    def clean(self, raw: Any) -> Value:
        if raw is None or raw == "":
            return self.nothing
        try:
            found = self.kind.parse(self.sent(raw))
        except BadValueError as error:
            raise forms.ValidationError(details.of_kind(self.kind, str(error))) from None
        return None if isinstance(found, NotGiven) else found

    @property
    def nothing(self) -> Value:
        """What an empty field means."""
        return "" if getattr(self.kind, "empty", False) else None


class FlagField(SettingField):
    def clean(self, raw: Any) -> Value:
        return bool(raw)


class ListField(SettingField):
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value or ""

    def sent(self, raw: Any) -> Any:
        if len(raw) > _MOST_LISTED:
            raise BadValueError(f"must be {self.kind.bounds}")
        return [line.strip() for line in str(raw).replace(",", "\n").splitlines() if line.strip()]


class SizeField(SettingField):
    """The quota's unit hangs on how large it is (core/catalogue/quota.py); here it is what stands beside it."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        written = settings_values.quota_bytes(value, self.attribute, self.level)
        return written // catalogue.MEGABYTE if written % catalogue.MEGABYTE == 0 else written / catalogue.MEGABYTE

    def clean(self, raw: Any) -> Value:
        number, unit = (raw or ["", ""])[:2]
        return super().clean((str(number).strip(), unit) if str(number or "").strip() else "")

    def sent(self, raw: Any) -> Any:
        number, unit = raw
        try:
            bytes_ = round(float(number.replace(",", ".")) * _UNITS.get(unit, 1) * catalogue.MEGABYTE)
        except (ValueError, OverflowError):
            raise BadValueError(f"must be {self.kind.bounds}") from None
        megabytes, rest = divmod(bytes_, catalogue.MEGABYTE)
        always = self.attribute.name == "quota_maximum" or self.level is Level.COMPANY
        threshold = settings.QUOTA_MEGABYTES_UP_TO
        if not rest and (always or megabytes <= threshold):
            return megabytes
        if always or bytes_ <= threshold:  # there is no way to write it down
            raise BadValueError(f"must be {self.kind.bounds}")
        return bytes_


class TimeField(SettingField):
    def __init__(self, attribute: Attribute, level: Level, zone: ZoneInfo) -> None:
        super().__init__(attribute, level, forms.DateTimeInput({"type": "datetime-local"}, format=_MINUTES))
        self.zone = zone
        self.help_text = f"{self.help_text} ({zone.key})"

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return datetime.fromtimestamp(value, UTC).astimezone(self.zone).strftime(_MINUTES)

    def sent(self, raw: Any) -> Any:
        try:
            at = datetime.fromisoformat(str(raw))
        except ValueError:
            raise BadValueError("must be a date and a time") from None
        return int(at.replace(tzinfo=at.tzinfo or self.zone).timestamp())


class SecretField(SettingField):
    """Never shown; what is left empty stays as it is."""

    def prepare_value(self, value: Any) -> Any:
        return ""


def field(attribute: Attribute, level: Level, zone: ZoneInfo) -> SettingField | None:
    """None for what pages have no field for."""
    kind = attribute.kind_on(level)
    if isinstance(kind, Contacts | PasswordText):
        return None
    if isinstance(kind, EpochSeconds):
        return TimeField(attribute, level, zone)
    for of, make in _MAKERS:
        if isinstance(kind, of):
            return make(attribute, level)
    return SettingField(attribute, level, forms.TextInput(_text_attributes(kind)))


def _flag(attribute: Attribute, level: Level) -> SettingField:
    return FlagField(attribute, level, forms.CheckboxInput())


def _choice(attribute: Attribute, level: Level) -> SettingField:
    language = settings_values.language()
    found = [(value, words.choice(attribute.name, value, language)) for value in attribute.kind_on(level).options]
    return SettingField(attribute, level, forms.Select(choices=found))


def _timezone(attribute: Attribute, level: Level) -> SettingField:
    return SettingField(attribute, level, LeanSelect(choices=[(o, o) for o in attribute.kind_on(level).options]))


def _size(attribute: Attribute, level: Level) -> SettingField:
    return SizeField(attribute, level, Size())


def _number(attribute: Attribute, level: Level) -> SettingField:
    kind = attribute.kind_on(level)
    assert isinstance(kind, WholeNumber)
    return SettingField(attribute, level, forms.NumberInput({"min": kind.lowest, "max": kind.highest}))


def _list(attribute: Attribute, level: Level) -> SettingField:
    return ListField(attribute, level, forms.Textarea({"rows": _ROWS, "spellcheck": "false"}))


def _secret(attribute: Attribute, level: Level) -> SettingField:
    written = {"rows": _ROWS, "spellcheck": "false", "autocomplete": "off", "class": "mono"}
    return SecretField(attribute, level, forms.Textarea(written))


def _address(attribute: Attribute, level: Level) -> SettingField:
    return SettingField(attribute, level, forms.EmailInput({"maxlength": 254}))


def _text(attribute: Attribute, level: Level) -> SettingField:
    kind = attribute.kind_on(level)
    if getattr(kind, "lines", False):
        return SettingField(attribute, level, forms.Textarea({"rows": _ROWS, "maxlength": kind.longest}))  # type: ignore[attr-defined]
    return SettingField(attribute, level, forms.TextInput(_text_attributes(kind)))


def _text_attributes(kind: Any) -> dict[str, Any]:
    longest = getattr(kind, "longest", None)
    return {"maxlength": longest} if longest else {}


_MAKERS: Final[tuple[tuple[type, Callable[[Attribute, Level], SettingField]], ...]] = (
    (Flag, _flag),
    (Choice, _choice),
    (Timezone, _timezone),
    (Quota, _size),
    (WholeNumber, _number),
    (ListOf, _list),
    (PrivateKey, _secret),
    (OneAddress, _address),
    (Text, _text),
)
