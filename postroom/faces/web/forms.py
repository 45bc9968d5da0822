"""Forms: Django's, with our looks, and with what the core refuses told at the field that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from postroom.core.errors import FreshSignInNeeded, NotFound, OutOfReach, PostroomError
from postroom.faces.web import refusals, wording


class Form(forms.Form):
    """Fields are shown by `web/form.html`, or one by one by `web/field.html`."""

    error_css_class = "bad"
    required_css_class = "required"
    focus_first: ClassVar[bool] = False
    """Whether the first field has the cursor when the page opens."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self._status = 422
        if self.focus_first and self.fields and not self.is_bound:
            next(iter(self.fields.values())).widget.attrs.setdefault("autofocus", True)

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """What may be chosen, where that is known only with the page."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField has them

    @property
    def status(self) -> int:
        """Of the page that shows the form again."""
        return self._status if self.errors else 200

    @contextmanager
    def catching(self, fields: Mapping[str, str] | None = None) -> Iterator[None]:
        """What the core refuses becomes messages of this form; afterwards `form.errors` tells whether it did.

        `fields` maps the core's names to the form's where they differ. What no other input could mend goes on: the
        page is not theirs, or the object not there, or they must sign in again.
        """
        try:
            yield
        except PostroomError as error:
            if _is_about_the_page(error):
                raise
            self.refuse(error, fields or {})

    def refuse(self, error: PostroomError, fields: Mapping[str, str]) -> None:
        self._status = refusals.status_of(error)
        for name in error.hints:
            field, text = fields.get(name, name), wording.hint(error, name)
            if field in self.fields:
                self.add_error(field, text)
            else:
                self.add_error(NON_FIELD_ERRORS, text)
        if not error.hints:
            self.add_error(fields.get("", NON_FIELD_ERRORS), wording.said(error).text)


def _is_about_the_page(error: PostroomError) -> bool:
    if isinstance(error, FreshSignInNeeded):
        return True
    return not error.hints and (type(error) is OutOfReach or type(error) is NotFound)
