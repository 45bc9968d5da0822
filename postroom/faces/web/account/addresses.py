"""One's addresses: a letter's link shows that they are one's own; one of them is the main one."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postroom.actions import person_addresses, persons
from postroom.core.errors import NotFound
from postroom.faces import sessions
from postroom.faces.web.account.frame import render_tab
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render


class NewAddress(Form):
    focus_first = True
    email = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=254,
        help_text=gettext_lazy("We write to it. The link in that letter shows that the address is yours."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


@page()
def new(request: Asked) -> HttpResponse:
    sessions.require_fresh(request)
    form = NewAddress(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.catching():
            email = person_addresses.add(request.auth, request.origin, form.cleaned_data["email"])
            text = _("A letter to %(email)s is on its way. Open its link within a day.") % {"email": email}
            return done(request, text, to=reverse("account"), kind="open")
    return render_tab(request, "web/account/address_new.html", "account", {"form": form}, status=form.status)


@page()
def confirm(request: Asked, token: str) -> HttpResponse:
    """Programs that look at letters open links, too: only the button counts."""
    if request.method == "POST":
        email, domains = person_addresses.confirm(request.auth, request.origin, token)
        return done(request, _confirmed(email, domains), to=reverse("account"))
    email = person_addresses.asked(request.auth, request.origin, token)
    context = {
        "question": _("Is %(email)s yours?") % {"email": email},
        "consequences": [
            _("It is added to the account %(account)s. Invitations to it are yours, and you can sign in with it, too.")
            % {"account": persons.show(request.auth).email},
        ],
        "button": _("It is mine"),
        "cancel": reverse("account"),
        "safe": True,
    }
    return render(request, "web/confirm.html", context)


def _confirmed(email: str, domains: list[str]) -> str:
    text = _("%(email)s is one of your addresses now.") % {"email": email}
    if not domains:
        return text
    number = len(domains)
    more = ngettext("You have a role on %(domains)s.", "You have roles on %(domains)s.", number)
    return f"{text} {more % {'domains': ', '.join(domains)}}"


@page(methods=("POST",))
def make_main(request: Asked, id: int) -> HttpResponse:
    sessions.require_fresh(request)
    email = person_addresses.make_main(request.auth, request.origin, id)
    return done(request, _("%(email)s is your main address now.") % {"email": email}, to=reverse("account"))


@page()
def remove(request: Asked, id: int) -> HttpResponse:
    sessions.require_fresh(request)
    if request.method == "POST":
        email = person_addresses.remove(request.auth, request.origin, id)
        return done(request, _("%(email)s is removed.") % {"email": email}, to=reverse("account"))
    own = person_addresses.show(request.auth, request.origin).own
    found = next((one for one in own if one.id == id and not one.stays), None)
    if found is None:
        raise NotFound
    context = {
        "question": _("Remove the address %(email)s?") % {"email": found.email},
        "consequences": [
            _("You no longer sign in with it, and invitations to it are no longer yours. Roles that you have stay.")
        ],
        "button": _("Remove"),
        "cancel": reverse("account"),
    }
    if persons.show(request.auth).provider:
        again = _("If your organisation’s account has this address, it comes back when you sign in with that.")
        context["consequences"] = [*context["consequences"], again]
    return render(request, "web/confirm.html", context)


@page(methods=("POST",))
def withdraw(request: Asked, id: int) -> HttpResponse:
    email = person_addresses.withdraw(request.auth, request.origin, id)
    return done(request, _("The link to %(email)s opens nothing any more.") % {"email": email}, to=reverse("account"))
