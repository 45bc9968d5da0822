"""Programs: those that people sign in to with their mailbox, and those that call the dimail face."""

from typing import Any

import msgspec
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import dimail_accounts, dimail_allows, oidc_clients
from postroom.actions.oidc_clients import ClientWish
from postroom.core.errors import NotFound
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import confirm, render
from postroom.faces.web.page import Asked, done, page


class Lines(forms.CharField):
    """Several values, one a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The core checks each of them."""


_ADDRESSES = {"rows": 3, "class": "mono", "spellcheck": "false", "autocapitalize": "none"}


class NewClient(Form):
    focus_first = True

    client_id = forms.CharField(
        label=gettext_lazy("Client id"),
        max_length=64,
        help_text=gettext_lazy("By which the program names itself: letters, digits, dots, - and _."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=128, help_text=gettext_lazy("People read it when they sign in.")
    )
    redirect_uris = Lines(
        label=gettext_lazy("Where people come back to"),
        widget=forms.Textarea(_ADDRESSES),
        help_text=gettext_lazy("Whole addresses with https, one a line; compared letter by letter."),
    )
    logout_uris = Lines(
        label=gettext_lazy("Where people come back to after signing out"),
        required=False,
        widget=forms.Textarea(_ADDRESSES),
    )
    public = forms.BooleanField(
        label=gettext_lazy("It can keep no secret"),
        required=False,
        help_text=gettext_lazy("A program in a browser or on a telephone: it gets none, and must use PKCE."),
    )
    signs_userinfo = forms.BooleanField(
        label=gettext_lazy("Answers about people are signed"),
        required=False,
        help_text=gettext_lazy("As ProConnect wants it."),
    )


@page(operator=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    caller = msgspec.structs.replace(dimail_accounts.OPERATORS, actor=request.auth)
    context = {"clients": oidc_clients.listed(request.auth), "accounts": dimail_accounts.listed(caller)}
    return render(request, "programs.html", "programs", context)


@page(operator=True)
def new(request: Asked) -> HttpResponse:
    """The secret is shown on the page that answers, this once."""
    form = NewClient(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = ClientWish(**form.cleaned_data)
        with form.catching({"": "client_id"}):
            secret = oidc_clients.add(request.auth, request.origin, wish)
            if not secret:
                return done(request, _("The program was added."), to=reverse("programs"))
            return render(request, "client_secret.html", "programs", {"client": wish, "secret": secret})
    return render(request, "client_new.html", "programs", {"form": form}, status=form.status)


@page(operator=True)
def remove(request: Asked, client_id: str) -> HttpResponse:
    found = next((one for one in oidc_clients.listed(request.auth) if one.client_id == client_id), None)
    if found is None:
        raise NotFound
    back = reverse("programs")
    if request.method == "POST":
        oidc_clients.remove(request.auth, client_id)
        return done(request, _("The program was removed."), to=back)
    return confirm(
        request,
        _("Remove the program “%(name)s”?") % {"name": found.name},
        _("Remove"),
        back,
        consequences=[_("Nobody can sign in to it with their mailbox any more; what it was given ends at once.")],
        crumbs_list=[(_("Programs"), back)],
    )


@page(operator=True, methods=("GET",))
def dimail_account(request: Asked) -> HttpResponse:
    """Which one the address says: ?name=… Changed by `postroom dimail`, or by dimail's own calls."""
    caller = msgspec.structs.replace(dimail_accounts.OPERATORS, actor=request.auth)
    account = dimail_accounts.show(caller, request.GET.get("name", ""))
    allows = dimail_allows.listed(caller, user=account.name)
    return render(request, "dimail_account.html", "programs", {"account": account, "allows": allows[:500]})
