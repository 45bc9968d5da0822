"""API keys of whoever is signed in: made, listed, revoked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import api_keys
from postroom.actions.api_keys import KeyView, KeyWish
from postroom.core.roles import Permission
from postroom.faces import sessions
from postroom.faces.asked import base_of
from postroom.faces.web import lists
from postroom.faces.web.account.frame import render_tab
from postroom.faces.web.account.permission_words import WORDS
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.times import moment, moment_or_none

_SEEING: Final = frozenset(one for one in Permission if one.endswith((":see", ":search")))
_LIVES: Final[Mapping[str, timedelta | None]] = {
    "30": timedelta(days=30),
    "90": timedelta(days=90),
    "365": timedelta(days=365),
    "never": None,
}


class NewKey(Form):
    focus_first = True
    name = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=128, help_text=gettext_lazy("Such as “Billing program”.")
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"),
        choices=(
            ("all", gettext_lazy("Everything that I may do")),
            ("see", gettext_lazy("Look only, change nothing")),
            ("some", gettext_lazy("Only what is chosen below")),
        ),
        initial="all",
        widget=forms.RadioSelect,
    )
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("Chosen rights"), required=False, widget=forms.CheckboxSelectMultiple
    )
    domains = forms.CharField(
        label=gettext_lazy("Only for these domains"),
        required=False,
        max_length=30_000,
        help_text=gettext_lazy("One on each line; none: all of yours."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    networks = forms.CharField(
        label=gettext_lazy("Only from these network addresses"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy("Such as 192.0.2.0/24, one on each line; none: from everywhere."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    life = forms.ChoiceField(
        label=gettext_lazy("It ends"),
        initial="365",
        choices=(
            ("30", gettext_lazy("in 30 days")),
            ("90", gettext_lazy("in 90 days")),
            ("365", gettext_lazy("in a year")),
            ("never", gettext_lazy("never, until I revoke it")),
        ),
    )

    def __init__(self, mine: Sequence[Permission], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mine = mine
        choices = sorted(((str(one), _(WORDS[one])) for one in mine), key=lambda choice: choice[1].casefold())
        self.offer("permissions", choices)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("scope") == "some" and not self.cleaned_data.get("permissions"):
            self.add_error("permissions", _("Choose at least one right."))

    def wish(self, now: float) -> KeyWish:
        """`now` in seconds."""
        said = self.cleaned_data
        chosen = {"all": None, "see": [one for one in self._mine if one in _SEEING], "some": said["permissions"]}
        life = _LIVES[said["life"]]
        return KeyWish(
            name=said["name"],
            permissions=chosen[said["scope"]],
            domains=said["domains"].replace(",", " ").split() or None,
            networks=said["networks"].replace(",", " ").split() or None,
            expires_at=None if life is None else int((now + life.total_seconds()) * 1000),
        )


@page(methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    wanted = lists.wanted(request)
    found, total = api_keys.listed(request.auth, first=wanted.first, limit=wanted.limit)
    now = int(request.origin.at.timestamp() * 1000)
    context = {"keys": [_shown(key, now) for key in found], "pages": lists.pages(wanted, total)}
    return render_tab(request, "web/account/api_keys.html", "keys", context)


def _shown(key: KeyView, now: int) -> dict[str, object]:
    return {
        **msgspec.structs.asdict(key),
        "created_at": moment(key.created_at),
        "expires_at": moment_or_none(key.expires_at),
        "last_used_at": moment_or_none(key.last_used_at),
        "has_expired": key.expires_at is not None and key.expires_at <= now,
        "rights": None if key.permissions is None else _rights(key.permissions),
    }


def _rights(names: Sequence[str]) -> list[str]:
    known = [Permission(name) for name in names if name in set(Permission)]
    return sorted(_(WORDS[one]) for one in known)


@page()
def new(request: Asked) -> HttpResponse:
    """The key is shown this once, straight after it was made."""
    sessions.require_fresh(request)
    form = NewKey(api_keys.grantable(request.auth), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching({"expires_at": "life"}):
            made = api_keys.create(request.auth, request.origin, form.wish(request.origin.at.timestamp()))
            context = {"key": made.view, "token": made.token, "base": base_of(request)}
            return render_tab(request, "web/account/api_key_made.html", "keys", context)
    return render_tab(request, "web/account/api_key_new.html", "keys", {"form": form}, status=form.status)


@page()
def revoke(request: Asked, id: int) -> HttpResponse:
    found = api_keys.show(request.auth, id)
    if request.method == "POST":
        api_keys.revoke(request.auth, request.origin, id)
        return done(request, _("The key “%(name)s” is revoked.") % {"name": found.name}, to=reverse("account_keys"))
    context = {
        "question": _("Revoke the key “%(name)s”?") % {"name": found.name},
        "consequences": [_("Whatever uses it stops working at once. This cannot be undone.")],
        "button": _("Revoke"),
        "cancel": reverse("account_keys"),
    }
    return render(request, "web/confirm.html", context)
