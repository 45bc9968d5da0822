"""Who looks after a domain: roles and invitations."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postroom.actions import accesses, domain_cards, invitations
from postroom.actions.accesses import AccessView
from postroom.actions.domain_cards import DomainCard
from postroom.actions.invitations import AccessMade, InvitationView
from postroom.core.access_rules import PEOPLES_ROLES, height, may_give
from postroom.core.roles import Actor, Permission, Role, Target, roles_on
from postroom.faces.web import domain_words as words
from postroom.faces.web import lists
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.templatetags.domains import may

_INVITATIONS_SHOWN = 10
_SUGGESTED = 30


class Invite(Form):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "list": "known"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, sent: object, roles: list[Role]) -> None:
        super().__init__(sent, initial={"role": Role.VIEWER})
        self.offer("role", words.role_choices(roles))


def _givable(actor: Actor, card: DomainCard) -> list[Role]:
    """Nobody gives more than they have."""
    own = height(*roles_on(actor, Target(card.company_id, card.id)))
    return [role for role in PEOPLES_ROLES if may_give(own, role)]


@page()
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    form = None
    if may(request.auth, card, Permission.INVITATION_CHANGE):
        form = Invite(request.POST if request.method == "POST" else None, _givable(request.auth, card))
    if form is not None and request.method == "POST" and form.is_valid():
        with form.catching({"user": "email"}):
            return _invited(request, card, form)
    return render(
        request, "web/domains/people.html", _context(request, card, form), status=form.status if form else 200
    )


def _context(request: Asked, card: DomainCard, form: Invite | None) -> dict[str, object]:
    wanted = lists.wanted(request, orders=("name", "email", "role"), default="name")
    only_invited = request.GET.get("show") == "invitations"
    first, limit = (wanted.first, wanted.limit) if only_invited else (0, _INVITATIONS_SHOWN)
    invited, waiting = invitations.listed(request.auth, card.name, first=first, limit=limit)
    found, total = _people(request, card, wanted, only_invited)
    return {
        "domain": card,
        "tab": "people",
        "form": form,
        "known": accesses.candidates(request.auth, card.name, "", _SUGGESTED) if form else [],
        "rows": [_row(request.auth, one) for one in found],
        "invited": [(one, one.is_expired(request.origin.at)) for one in invited],
        "waiting": waiting,
        "only_invited": only_invited,
        "more_invited": not only_invited and waiting > len(invited),
        "wanted": wanted,
        "pages": lists.pages(wanted, waiting if only_invited else total),
        "total": total,
    }


def _people(request: Asked, card: DomainCard, wanted: lists.Wanted, only_invited: bool) -> tuple[list[AccessView], int]:
    if only_invited:
        return [], 0
    return accesses.listed(request.auth, card.name, ordering=wanted.ordering, first=wanted.first, limit=wanted.limit)


def _row(actor: Actor, access: AccessView) -> dict[str, object]:
    own = access.person.id == actor.person_id
    return {
        "access": access,
        "is_own": own,
        "roles": words.role_choices([access.role, *access.can_set_role_to]) if access.can_set_role_to else [],
        "may_remove": own or bool(access.can_set_role_to),
    }


def _invited(request: Asked, card: DomainCard, form: Invite) -> HttpResponse:
    wish = form.cleaned_data
    made = invitations.create(request.auth, request.origin, card.name, wish["email"], wish["role"])
    return done(request, _told(made), to=reverse("domain_people", args=[card.name]))


def _told(made: InvitationView | AccessMade) -> str:
    if isinstance(made, AccessMade):
        text = _("%(email)s has an account here, and is %(role)s from now on. No letter was sent.")
    else:
        text = _("%(email)s was invited as %(role)s.")
    return text % {"email": made.email, "role": words.role(made.role).lower()}


@page(methods=("POST",))
def change_role(request: Asked, name: str, id: int) -> HttpResponse:
    changed = accesses.change(request.auth, request.origin, name, id, request.POST.get("role", ""))
    text = _("%(email)s is %(role)s from now on.") % {
        "email": changed.person.email,
        "role": words.role(changed.role).lower(),
    }
    return done(request, text, to=reverse("domain_people", args=[name]))


@page()
def remove(request: Asked, name: str, id: int) -> HttpResponse:
    """Also for leaving: then the domain is not theirs to see any more."""
    card = domain_cards.for_person(request.auth, name)
    access = accesses.show(request.auth, card.name, id)
    own = access.person.id == request.auth.person_id
    to = reverse("domain_people", args=[card.name])
    if request.method == "POST":
        accesses.remove(request.auth, request.origin, card.name, id)
        if own:
            return done(request, _("You have left %(domain)s.") % {"domain": card.name}, to=reverse("domains_list"))
        return done(request, _("%(email)s has no role here any more.") % {"email": access.person.email}, to=to)
    context = {
        "question": _("Leave %(domain)s?") % {"domain": card.name}
        if own
        else _("Take the role from %(email)s?") % {"email": access.person.email},
        "consequences": [
            _("You will not see this domain any more, unless somebody invites you again.")
            if own
            else _("They will not see this domain any more. Their account and their own mailbox stay.")
        ],
        "button": _("Leave") if own else _("Take the role"),
        "cancel": to,
        "crumbs_list": _crumbs(card),
    }
    return render(request, "web/confirm.html", context)


@page(methods=("POST",))
def send_again(request: Asked, name: str, id: int) -> HttpResponse:
    made = invitations.refresh(request.auth, request.origin, name, id)
    text = _told(made) if isinstance(made, AccessMade) else _("The invitation to %(email)s was sent again.")
    return done(request, text % {"email": made.email}, to=reverse("domain_people", args=[name]))


@page()
def withdraw(request: Asked, name: str, id: int) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    invitation = invitations.show(request.auth, card.name, id)
    to = reverse("domain_people", args=[card.name])
    if request.method == "POST":
        invitations.remove(request.auth, request.origin, card.name, id)
        return done(request, _("The invitation to %(email)s was withdrawn.") % {"email": invitation.email}, to=to)
    context = {
        "question": _("Withdraw the invitation to %(email)s?") % {"email": invitation.email},
        "consequences": [_("The link in the letter opens nothing from then on.")],
        "button": _("Withdraw"),
        "cancel": to,
        "crumbs_list": _crumbs(card),
    }
    return render(request, "web/confirm.html", context)


def _crumbs(card: DomainCard) -> list[tuple[str, str]]:
    return [(_("Domains"), reverse("domains_list")), (card.name, reverse("domain_people", args=[card.name]))]
