"""People who sign in: found, made, given all rights, helped in when they are locked out, kept out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import person_accounts
from postroom.actions.person_accounts import PersonCard
from postroom.core.records import Origin
from postroom.core.roles import Actor
from postroom.faces import sessions
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.operator.frame import confirm, render
from postroom.faces.web.page import Asked, done, page


class NewPerson(Form):
    focus_first = True

    email = forms.CharField(
        label=gettext_lazy("E-mail address"), max_length=320, widget=forms.EmailInput({"autocomplete": "off"})
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("Without one they sign in with the identity provider."),
    )
    operator = forms.BooleanField(
        label=gettext_lazy("Operator"), required=False, help_text=gettext_lazy("May do everything here.")
    )


class NewPassword(Form):
    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("Whatever they are signed in to ends."),
    )


@page(operator=True, methods=("GET",))
def listed(request: Asked) -> HttpResponse:
    wanted = lists.wanted(request)
    found, total = person_accounts.listed(request.auth, wanted.q, first=wanted.first, limit=wanted.limit)
    context = {"people": found, "wanted": wanted, "pages": lists.pages(wanted, total)}
    return render(request, "people.html", "persons_list", context)


@page(operator=True)
def new(request: Asked) -> HttpResponse:
    sessions.require_fresh(request)
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with form.catching({"": "email"}):
            id = person_accounts.add(
                request.auth,
                request.origin,
                said["email"],
                name=said["name"],
                password=said["password"] or None,
                operator=said["operator"],
            )
            return done(request, _("The person was added."), to=reverse("person_show", args=[id]))
    return render(request, "person_new.html", "persons_list", {"form": form}, status=form.status)


@page(operator=True)
def show(request: Asked, id: int) -> HttpResponse:
    card = person_accounts.show(request.auth, id)
    form = NewPassword(request.POST or None)
    if request.method == "POST":
        sessions.require_fresh(request)
    if request.method == "POST" and form.is_valid():
        with form.catching({"": "password"}):
            password = form.cleaned_data["password"]
            person_accounts.set_password(request.auth, request.origin, card.person.email, password)
            return done(request, _("The password was changed."), to=request.path)
    context = {"card": card, "person": card.person, "form": form, "is_oneself": id == request.auth.person_id}
    return render(request, "person.html", "persons_list", context, status=form.status)


Act = Callable[[Actor, Origin, str], Any]


def _acting(act: Act, told: Callable[[], str]) -> Callable[..., Any]:
    """A page that does one thing to a person when it is sent."""

    @page(operator=True, methods=("POST",))
    def run(request: Asked, id: int) -> HttpResponse:
        card = person_accounts.show(request.auth, id)
        act(request.auth, request.origin, card.person.email)
        return done(request, told(), to=reverse("person_show", args=[id]))

    return run


enable = _acting(person_accounts.enable, lambda: _("The person can sign in again. Their API keys are gone."))


def _asking(act: Act, ask: Callable[[PersonCard], tuple[str, str, list[str]]], told: Callable[[], str]) -> Any:
    """As `_acting`, after a question: (question, button, what follows). What lets somebody in is done only shortly
    after a sign-in."""

    @page(operator=True)
    def run(request: Asked, id: int) -> HttpResponse:
        sessions.require_fresh(request)
        card = person_accounts.show(request.auth, id)
        back = reverse("person_show", args=[id])
        if request.method == "POST":
            act(request.auth, request.origin, card.person.email)
            return done(request, told(), to=back)
        question, button, consequences = ask(card)
        crumbs = [(_("People"), reverse("persons_list")), (card.person.email, back)]
        return confirm(request, question, button, back, consequences=consequences, crumbs_list=crumbs)

    return run


disable = _asking(
    person_accounts.disable,
    lambda card: (
        _("Keep %(email)s out?") % {"email": card.person.email},
        _("Keep out"),
        [_("Whatever they are signed in to ends, and their API keys open nothing. Their roles stay for later.")],
    ),
    lambda: _("The person is kept out."),
)
remove_factors = _asking(
    person_accounts.remove_second_factors,
    lambda card: (
        _("Remove all second factors of %(email)s?") % {"email": card.person.email},
        _("Remove"),
        [
            _("For somebody who lost the telephone: be sure that it is them who ask."),
            _("One-time codes, passkeys and recovery codes open nothing any more, and they are signed out everywhere."),
        ],
    ),
    lambda: _("The second factors were removed."),
)
unlink = _asking(
    person_accounts.unlink,
    lambda card: (
        _("Forget as whom the identity provider knows %(email)s?") % {"email": card.person.email},
        _("Forget"),
        [_("Whoever signs in there next with this address is taken for them. They are signed out everywhere.")],
    ),
    lambda: _("The link to the identity provider was removed."),
)
promote = _asking(
    lambda actor, origin, email: person_accounts.make_operator(actor, origin, email, True),
    lambda card: (
        _("Make %(email)s an operator?") % {"email": card.person.email},
        _("Make an operator"),
        [_("Operators may do everything here: all companies, all domains, all mailboxes.")],
    ),
    lambda: _("The person is an operator now."),
)
demote = _asking(
    lambda actor, origin, email: person_accounts.make_operator(actor, origin, email, False),
    lambda card: (
        _("Take all rights of an operator from %(email)s?") % {"email": card.person.email},
        _("Take the rights"),
        [_("Roles on domains stay.")],
    ),
    lambda: _("The person is no operator any more."),
)
