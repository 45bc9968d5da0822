"""What opens the account: password, authenticator, passkeys, recovery codes, sessions."""

import io

import segno
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import persons, second_factors
from postroom.actions.person_signin import Passed
from postroom.core.errors import NotFound, WrongState
from postroom.faces import sessions
from postroom.faces.web.account.frame import begun_with, render_tab, show_codes
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.times import moment, moment_or_none

_NEW_SECRET = "totp"  # noqa: S105 -- where the session keeps it until it is confirmed


class Password(Form):
    focus_first = True
    old_password = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=1024,
        strip=False,
        help_text=gettext_lazy("Long is good: several words that have nothing to do with each other."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        super().clean()
        new = self.cleaned_data.get("new_password")
        if new is not None and new != self.cleaned_data.get("again", new):
            self.add_error("again", _("The two passwords are not the same."))


class FirstCode(Form):
    focus_first = True
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        help_text=gettext_lazy("The six digits that it shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@page(methods=("GET",))
def security(request: Asked) -> HttpResponse:
    factors = second_factors.show(request.auth)
    passkeys = [
        {"id": one.id, "name": one.name, "made": moment(one.created_at), "used": moment_or_none(one.last_used_at)}
        for one in factors.passkeys
    ]
    context = {
        "me": persons.show(request.auth),
        "factors": factors,
        "has_factor": factors.totp or bool(passkeys),
        "passkeys": passkeys,
        "methods": begun_with(request),
    }
    return render_tab(request, "web/account/security.html", "security", context)


@page()
def password(request: Asked) -> HttpResponse:
    """Every other session of theirs ends."""
    if not persons.show(request.auth).has_password:
        raise WrongState("you sign in without a password of your own here; change it where it is kept")
    form = Password(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching({"": "old_password", "password": "new_password"}):
            return _new_password(request, form)
    return render_tab(request, "web/account/password.html", "security", {"form": form}, status=form.status)


def _new_password(request: Asked, form: Password) -> HttpResponse:
    old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
    persons.change_password(request.auth, request.origin, old, new)
    found = sessions.opened(request)
    if found is not None:
        sessions.begin(request, Passed(person_id=found.person_id, method="pwd", proof=found.proof), found.methods)
    text = _("Your password is changed. Wherever else you were signed in, you are signed out.")
    return done(request, text, to=reverse("account_security"))


@page()
def authenticator(request: Asked) -> HttpResponse:
    """The picture for it, and its first code: only then it counts."""
    sessions.require_fresh(request)
    secret = second_factors.unsealed(request.session.get(_NEW_SECRET, ""))
    made = second_factors.begin_totp(request.auth, secret)
    request.session[_NEW_SECRET] = second_factors.sealed(made.secret)
    form = FirstCode(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching():
            codes = second_factors.confirm_totp(request.auth, request.origin, made.secret, form.cleaned_data["code"])
            del request.session[_NEW_SECRET]
            return _counts(request, _("Your authenticator is set up."), codes)
    context = {"form": form, "secret": _in_fours(made.secret), "picture": _picture(made.uri)}
    return render_tab(request, "web/account/authenticator.html", "security", context, status=form.status)


def _counts(request: Asked, text: str, codes: list[str]) -> HttpResponse:
    """Where it is the first factor there are recovery codes to keep."""
    return show_codes(request, text, codes) if codes else done(request, text, to=reverse("account_security"))


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _picture(uri: str) -> str:
    """Paths with colours of their own and nothing else: no style, no script."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass=None, lineclass=None, omitsize=True, border=2
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 -- made here of modules alone


@page()
def authenticator_remove(request: Asked) -> HttpResponse:
    sessions.require_fresh(request)
    if not second_factors.show(request.auth).totp:
        raise NotFound
    if request.method == "POST":
        second_factors.remove_totp(request.auth, request.origin)
        return done(request, _("The authenticator is removed."), to=reverse("account_security"))
    context = {
        "question": _("Remove the authenticator?"),
        "consequences": [_("Its codes open nothing from now on.")],
        "button": _("Remove"),
        "cancel": reverse("account_security"),
    }
    return render(request, "web/confirm.html", context)


@page()
def recovery_codes(request: Asked) -> HttpResponse:
    sessions.require_fresh(request)
    if request.method == "POST":
        codes = second_factors.new_recovery_codes(request.auth, request.origin)
        return show_codes(request, _("Your new recovery codes"), codes)
    context = {
        "question": _("Make new recovery codes?"),
        "consequences": [_("Those that you have now open nothing afterwards.")],
        "button": _("Make new codes"),
        "cancel": reverse("account_security"),
    }
    return render(request, "web/confirm.html", context)


@page()
def everywhere(request: Asked) -> HttpResponse:
    """Ends all sessions, this one too."""
    if request.method == "POST":
        persons.end_sessions(request.auth, request.origin)
        sessions.end(request)
        return done(request, _("You are signed out everywhere."), to=reverse("sign_in"))
    context = {
        "question": _("Sign out everywhere?"),
        "consequences": [_("All your sessions end, in every browser, this one too. API keys stay.")],
        "button": _("Sign out everywhere"),
        "cancel": reverse("account_security"),
    }
    return render(request, "web/confirm.html", context)
