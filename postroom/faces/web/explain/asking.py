"""The question: about which address, and what of it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from postroom.actions import explain_setting
from postroom.core.catalogue import words
from postroom.core.catalogue.attribute import Level
from postroom.core.languages import Language
from postroom.faces.web.forms import Form

WAY: Final = "way"
"""In place of a setting: where does mail go?"""
HINTS: Final = (gettext_noop("is not a setting of a domain"), gettext_noop("is not a setting of a user"))
"""What the core says of settings."""


class Question(Form):
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        widget=forms.TextInput(
            attrs={"inputmode": "email", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=_("Of one of your domains. For a setting, the domain’s name will do."),
    )
    setting = forms.ChoiceField(label=_("Question"))

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["setting"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(WAY, _("Where does mail to this address go?")), *_settings(language)]


def _settings(language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group → those of its settings that mailboxes or domains have."""
    known = {*explain_setting.settings(Level.DOMAIN), *explain_setting.settings(Level.MAILBOX)}
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in words.WORDS:
        if name in known:
            groups.setdefault(words.group_of(name), []).append((name, words.label(name, language)))
    return [(title.at(language), groups[key]) for key, title in words.GROUPS.items() if key in groups]
