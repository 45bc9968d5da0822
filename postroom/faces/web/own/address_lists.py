"""Several addresses typed into one field: one a line, or with commas between."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from postroom.core import catalogue
from postroom.core.catalogue import reading
from postroom.core.catalogue.kinds import ListOf
from postroom.core.errors import BadValueError
from postroom.faces.web import details

_BETWEEN: Final = re.compile(r"[\n\r,;]")
_MOST_TOLD: Final = 5
_LONGEST: Final = 300_000
"""Characters: of a thousand of them, and some more."""


class AddressesField(forms.CharField):
    """What an attribute of the catalogue that is a list takes: each entry once, as the catalogue stores it."""

    def __init__(self, attribute: str, *, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=_LONGEST, **kwargs)
        self._attribute = attribute

    @property
    def kind(self) -> ListOf:
        kind = catalogue.CATALOGUE[self._attribute].kind
        assert isinstance(kind, ListOf)
        return kind

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = [one.strip() for one in _BETWEEN.split(super().clean(value)) if one.strip()]
        found: dict[str, None] = {}
        problems: list[str] = []
        for one in typed:
            try:
                found[self.kind.entry(reading.line(one))] = None
            except BadValueError as error:
                problems.append(f"{reading.shown(one)} – {details.translated(str(error))}")
        if len(found) > self.kind.most:
            problems = [_("There may be at most %(most)s.") % {"most": self.kind.most}]
        if problems:
            raise forms.ValidationError(problems[:_MOST_TOLD])
        return list(found)
