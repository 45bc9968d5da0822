"""Bulletins of a company or a domain: whole e-mails to everybody in it, written, tried out and sent."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from postroom.actions import bulletins, companies, domains
from postroom.actions.bulletins import COMPANY, Named
from postroom.actions.domains import DomainView
from postroom.core.bulletin import BulletinLine
from postroom.core.errors import DomainNotFound
from postroom.core.roles import Permission, granting
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import confirm, render, render_company
from postroom.faces.web.page import Asked, done, page

_TYPES: Final = {
    "manual": gettext_noop("By hand: goes out when you send it"),
    "auto": gettext_noop("Automatic: every new mailbox gets it"),
}
_SUBJECT: Final = gettext_noop("News for {'domain'}")
_GREETING: Final = gettext_noop("Dear {'name'},")


class Owner(msgspec.Struct, frozen=True):
    kind: str
    """company or domain."""
    name: str
    lines: list[BulletinLine]

    def named(self, type: str, name: str) -> Named:
        return Named(owner=self.kind, owner_name=self.name, type=type, name=name)

    def address(self, page: str, type: str = "", name: str = "") -> str:
        """`page`: bulletins, bulletin_new, bulletin_show or bulletin_remove."""
        query = f"?{urlencode({'type': type, 'name': name})}" if name else ""
        return reverse(f"{self.kind}_{page}", args=[self.name]) + query


class Text(Form):
    bulletin_text = forms.CharField(
        label=gettext_lazy("The e-mail"),
        strip=False,
        widget=forms.Textarea({"rows": 14, "class": "mono", "spellcheck": "true"}),
        help_text=gettext_lazy(
            "Headers, an empty line, the text. {'name'}, {'account'}, {'domain'} and {'title'} stand for those of "
            "whoever gets it."
        ),
    )


class NewBulletin(Text):
    focus_first = True
    field_order = ["bulletin", "type"]

    bulletin = forms.CharField(label=gettext_lazy("Name"), max_length=128)
    type = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect, initial="manual")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["type"]
        kind.choices = [(type, _(word)) for type, word in _TYPES.items()]
        self.initial.setdefault("bulletin_text", f"Subject: {_(_SUBJECT)}\n\n{_(_GREETING)}\n\n…\n")


class Try(Form):
    test_email = forms.CharField(
        label=gettext_lazy("Try it out: send it to"), max_length=320, widget=forms.EmailInput({"autocomplete": "email"})
    )


def _owner(request: Asked, kind: str, name: str) -> Owner:
    if kind == COMPANY:
        shown = companies.show(request.auth, companies.line(request.auth, name).name)
        return Owner(kind, shown.name, shown.bulletins)
    found = domains.show(request.auth, name)
    if not isinstance(found, DomainView):
        raise DomainNotFound
    return Owner(kind, found.name, found.bulletins)


def _may_change(request: Asked, owner: Owner) -> bool:
    needed = Permission.COMPANY_BULLETIN_CHANGE if owner.kind == COMPANY else Permission.DOMAIN_BULLETIN_CHANGE
    return bool(granting(request.auth, needed))


def _render(request: Asked, template: str, owner: Owner, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    told = {"owner": owner, "home": owner.address("bulletins"), "may_change": _may_change(request, owner), **context}
    if owner.kind == COMPANY:
        company = companies.line(request.auth, owner.name)
        return render_company(request, template, "company_bulletins", company, told, status=status)
    return render(request, template, "", {"tabs": [], **told}, status=status)


@page(methods=("GET",))
def listed(request: Asked, name: str, kind: str = COMPANY) -> HttpResponse:
    owner = _owner(request, kind, name)
    lines = [(line, owner.address("bulletin_show", line.type, line.name)) for line in owner.lines]
    return _render(request, "bulletins.html", owner, {"lines": lines, "new": owner.address("bulletin_new")})


@page()
def new(request: Asked, name: str, kind: str = COMPANY) -> HttpResponse:
    owner = _owner(request, kind, name)
    form = NewBulletin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with form.catching():
            if any((line.type, line.name) == (said["type"], said["bulletin"]) for line in owner.lines):
                form.add_error("bulletin", _("There is a bulletin of this name already."))
            else:
                named = owner.named(said["type"], said["bulletin"])
                bulletins.change(request.auth, request.origin, named, said["bulletin_text"])
                to = owner.address("bulletin_show", named.type, named.name)
                return done(request, _("The bulletin was saved. Nobody has got it yet."), to=to)
    return _render(request, "bulletin_new.html", owner, {"form": form}, status=form.status)


@page()
def show(request: Asked, name: str, kind: str = COMPANY) -> HttpResponse:
    """Which one the address says: ?type=…&name=…"""
    owner = _owner(request, kind, name)
    named = owner.named(request.GET.get("type", ""), request.GET.get("name", ""))
    text = bulletins.show(request.auth, named)
    here = owner.address("bulletin_show", named.type, named.name)
    tries = request.POST.get("do") == "try"
    form = Text(request.POST if request.method == "POST" and not tries else None, initial={"bulletin_text": text})
    test = Try(request.POST if tries else None, initial={"test_email": request.shown.email})
    if tries and test.is_valid():
        address = test.cleaned_data["test_email"]
        with test.catching():
            bulletins.post(request.auth, request.origin, named, address)
            return done(request, _("The letter is on its way to %(address)s.") % {"address": address}, to=here)
    elif form.is_bound and form.is_valid():
        with form.catching():
            bulletins.change(request.auth, request.origin, named, form.cleaned_data["bulletin_text"])
            return done(request, _("The bulletin was saved."), to=here)
    context = {
        "named": named,
        "kind_word": _(_TYPES[named.type]),
        "form": form,
        "test": test,
        "text": text,
        "post": owner.address("bulletin_post", named.type, named.name),
        "remove": owner.address("bulletin_remove", named.type, named.name),
    }
    return _render(request, "bulletin.html", owner, context, status=max(form.status, test.status))


@page()
def post(request: Asked, name: str, kind: str = COMPANY) -> HttpResponse:
    """To everybody."""
    owner = _owner(request, kind, name)
    named = owner.named(request.GET.get("type", ""), request.GET.get("name", ""))
    bulletins.show(request.auth, named)
    if request.method == "POST":
        bulletins.post(request.auth, request.origin, named, None)
        return done(request, _("The bulletin is on its way to everybody."), to=owner.address("bulletins"))
    where = _("company") if owner.kind == COMPANY else _("domain")
    return confirm(
        request,
        _("Send “%(name)s” to everybody?") % {"name": named.name},
        _("Send to everybody"),
        owner.address("bulletin_show", named.type, named.name),
        consequences=[
            _("Every mailbox of the %(kind)s %(owner)s gets it. What was sent cannot be called back.")
            % {"kind": where, "owner": owner.name}
        ],
        crumbs_list=[(owner.name, owner.address("bulletins"))],
    )


@page()
def remove(request: Asked, name: str, kind: str = COMPANY) -> HttpResponse:
    owner = _owner(request, kind, name)
    named = owner.named(request.GET.get("type", ""), request.GET.get("name", ""))
    bulletins.show(request.auth, named)
    if request.method == "POST":
        bulletins.change(request.auth, request.origin, named, None)
        return done(request, _("The bulletin was deleted."), to=owner.address("bulletins"))
    return confirm(
        request,
        _("Delete the bulletin “%(name)s”?") % {"name": named.name},
        _("Delete"),
        owner.address("bulletin_show", named.type, named.name),
        consequences=[_("Letters that are on their way still arrive. This cannot be undone.")],
        crumbs_list=[(owner.name, owner.address("bulletins"))],
    )
