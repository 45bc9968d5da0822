"""The password of one's mailbox."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import app_passwords, holder_password
from postroom.faces import sessions
from postroom.faces.web.forms import Form
from postroom.faces.web.own import frame
from postroom.faces.web.page import Asked, done, page

_LONGEST = 200
"""More than a password may have: what is too long is told, and nobody's browser cuts it off."""


class NewPassword(Form):
    old = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At most 54 characters: letters without accents, digits and punctuation marks, no blanks. Several words "
            "that have nothing to do with each other, joined by hyphens, are hard to guess and easy to remember."
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and self.cleaned_data["new"] != again:
            raise forms.ValidationError(_("The two passwords are not the same."))
        return again


def _told(request: Asked) -> str:
    if app_passwords.listed(request.auth, request.shown.has_mailbox):
        return _("Your password was changed.")
    return _("Your password was changed. Type the new one into your mail programs, too.")


@page(holder=True)
def password(request: Asked) -> HttpResponse:
    form = NewPassword(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.catching(fields={"password": "new", "": "old"}):
            given = form.cleaned_data
            proof = holder_password.change(request.auth, request.origin, given["old"], given["new"])
            sessions.keep_with(request, proof)
            return done(request, _told(request), to=request.path)
    return frame.shown(request, "my_password", "password", {"form": form}, status=form.status)
