"""Where the link in an invitation leads: a new person joins, a known one signs in."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import invitations, person_signin, persons
from postroom.actions.invitations import Offer
from postroom.actions.persons import LONGEST_NAME, PersonChange
from postroom.core.errors import WrongState
from postroom.faces import sessions
from postroom.faces.web.domain_words import ROLES
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.sign_in.way_on import inside
from postroom.faces.web.times import moment


class Join(Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As your colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        max_length=1024,
        strip=False,
        help_text=gettext_lazy("Long is good: several words that have nothing to do with each other."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@page(anonymous=True)
def invitation(request: Asked, token: str) -> HttpResponse:
    """404 for a link that opens nothing, or not any more."""
    offer = invitations.offer(token, request.origin.at)
    if request.shown.is_signed_in:
        return _known(request, offer)
    form = Join(request.POST if request.method == "POST" else None)
    is_known = False
    if form.is_bound and form.is_valid():
        with form.catching({"old_password": "password"}):
            try:
                return _joined(request, token, form.cleaned_data["name"], form.cleaned_data["password"])
            except WrongState:
                is_known = True
    context = {
        **_told(offer),
        "form": form,
        "is_known": is_known,
        "sign_in_query": urlencode({"email": offer.email, "next": request.path}),
    }
    return render(request, "web/sign_in/invitation.html", context, status=409 if is_known else form.status)


def _joined(request: Asked, token: str, name: str, password: str) -> HttpResponse:
    passed = person_signin.sign_up(request.origin, token, name, password)
    joined = sessions.move_on(request, passed, ("invitation",)) or []
    persons.change(persons.actor(passed.person_id), request.origin, PersonChange(language=request.language))
    return inside(request, passed.person_id, joined, welcome=_("Welcome to Postroom!"))


def _known(request: Asked, offer: Offer) -> HttpResponse:
    """Signed in: accepted at once where it was sent to an address of theirs."""
    is_mine = offer.email in persons.show(request.auth).emails
    if is_mine and request.method == "POST":
        assert request.auth.person_id is not None
        invitations.accept(request.auth.person_id, request.origin)
        text = _("You now have a role on %(domain)s.") % {"domain": offer.domain}
        return done(request, text, to=f"/domains/{offer.domain}/")
    return render(request, "web/sign_in/invitation_known.html", {**_told(offer), "is_mine": is_mine})


def _told(offer: Offer) -> dict[str, object]:
    name, does = ROLES[offer.role]
    return {"offer": offer, "expires": moment(offer.expires_at), "role_name": _(name), "role_text": _(does)}
