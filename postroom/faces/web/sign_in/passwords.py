"""Signing in with an address and a password, and the second step that may follow."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from postroom.actions import person_signin
from postroom.core.errors import SignInRefused
from postroom.faces import sessions
from postroom.faces.web import demo_facts
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, page, render
from postroom.faces.web.sign_in.way_on import after_step, already_in, inside, nothing_begun, wanted, with_next


class SignIn(Form):
    focus_first = True
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class Code(Form):
    focus_first = True
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        help_text=_("The six digits that your authenticator shows now, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@page(anonymous=True)
def sign_in(request: Asked) -> HttpResponse:
    """A person's own address and password, or a mailbox's."""
    if request.method != "POST":
        return already_in(request) or _shown(request, SignIn(initial={"email": request.GET.get("email", "")[:254]}))
    form = SignIn(request.POST)
    if form.is_valid():
        with form.catching():
            email, password = form.cleaned_data["email"].strip(), form.cleaned_data["password"]
            passed = person_signin.by_password(request.origin, email, password)
            return after_step(request, passed, ("pwd",))
    return _shown(request, form)


def _shown(request: Asked, form: SignIn) -> HttpResponse:
    context = {
        "form": form,
        "next": wanted(request),
        "passkey_url": with_next("sign_in_passkey", wanted(request)),
        "provider_url": with_next("sign_in_provider", wanted(request)) if settings.OIDC_ISSUER else "",
        "demo": demo_facts.accounts(),
    }
    return render(request, "web/sign_in/sign_in.html", context, status=form.status)


@page(anonymous=True)
def code(request: Asked) -> HttpResponse:
    """The second step: a code of the authenticator, or a recovery code."""
    found = sessions.waiting(request)
    if found is None:
        return already_in(request) or nothing_begun(request)
    passed, _methods = found
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with form.catching({"": "code"}):
                method = person_signin.by_code(request.origin, passed, form.cleaned_data["code"])
                return inside(request, passed.person_id, sessions.past_second_step(request, method))
        except SignInRefused:  # the first step has ended meanwhile
            return nothing_begun(request)
    context = {
        "form": form,
        "next": wanted(request),
        "takes_codes": "totp" in passed.still,
        "passkey_url": with_next("sign_in_passkey", wanted(request)) if "passkey" in passed.still else "",
    }
    return render(request, "web/sign_in/code.html", context, status=form.status)
