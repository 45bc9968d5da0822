"""Disabling a domain and enabling it, and deleting it."""

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from postroom.actions import domain_cards, domain_claims, domain_removal, domain_switch
from postroom.actions.domain_cards import DomainCard
from postroom.core.address import shown_domain
from postroom.core.errors import RoleTooSmall
from postroom.core.roles import Permission
from postroom.faces.web.forms import Form
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.templatetags.domains import may


class Why(Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=domain_switch.LONGEST_REASON,
        help_text=gettext_lazy("Is kept in the history, where everybody who looks after the domain can read it."),
        widget=forms.Textarea({"rows": 3}),
    )


@page()
def disable(request: Asked, name: str) -> HttpResponse:
    card = _card(request, name, Permission.DOMAIN_SWITCH)
    form = Why(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            domain_switch.disable(request.auth, request.origin, card.name, form.cleaned_data["reason"])
            return done(request, _("%(domain)s is disabled.") % {"domain": card.name}, to=_home(card))
    question = _("Disable %(domain)s?") % {"domain": shown_domain(card.name)}
    consequences = [
        _("No mail in or out, no sign-in to its mailboxes, and nothing can be created."),
        _("Mail and settings stay. No check enables it again; only an operator does."),
    ]
    return _asked(request, card, question=question, consequences=consequences, button=_("Disable"), form=form)


@page()
def enable(request: Asked, name: str) -> HttpResponse:
    card = _card(request, name, Permission.DOMAIN_SWITCH)
    form = Why(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            domain_switch.enable(request.auth, request.origin, card.name, form.cleaned_data["reason"])
            return done(request, _("%(domain)s is enabled.") % {"domain": card.name}, to=_home(card))
    question = _("Enable %(domain)s?") % {"domain": shown_domain(card.name)}
    consequences = [_("Its DNS has to show again that it is right; that is looked at now. Mail flows after that.")]
    return _asked(request, card, question=question, consequences=consequences, button=_("Enable"), form=form, safe=True)


@page()
def delete(request: Asked, name: str) -> HttpResponse:
    card = _card(request, name, Permission.DOMAIN_DELETE)
    if request.method == "POST":
        remove = domain_claims.abandon if card.is_claim else domain_removal.delete
        remove(request.auth, request.origin, card.name)
        text = _("%(domain)s was deleted.") % {"domain": shown_domain(card.name)}
        return done(request, text, to=reverse("domains_list"))
    if card.mailboxes and not card.is_claim:
        return render(request, "web/domains/full.html", {"domain": card, "tab": ""})
    question = _("Delete %(domain)s?") % {"domain": shown_domain(card.name)}
    return _asked(request, card, question=question, consequences=_lost(card), button=_("Delete the domain"))


def _lost(card: DomainCard) -> list[str]:
    if not card.mailboxes:
        return [_("It can be restored for some time; then its DNS has to show again that it is yours.")]
    told = ngettext(
        "Its %(n)s mailbox, which has never worked, is deleted too.",
        "Its %(n)s mailboxes, which have never worked, are deleted too.",
        card.mailboxes,
    )
    return [told % {"n": card.mailboxes}]


def _card(request: Asked, name: str, needs: Permission) -> DomainCard:
    """Raises RoleTooSmall before anything is asked."""
    card = domain_cards.for_person(request.auth, name)
    if not may(request.auth, card, needs):
        raise RoleTooSmall
    return card


def _home(card: DomainCard) -> str:
    return reverse("domain_dns", args=[card.name])


def _asked(request: Asked, card: DomainCard, **context: object) -> HttpResponse:
    crumbs = [(_("Domains"), reverse("domains_list")), (shown_domain(card.name), _home(card))]
    form = context.get("form")
    status = form.status if isinstance(form, Form) else 200
    shown = {"cancel": _home(card), "crumbs_list": crumbs, **context}
    return render(request, "web/confirm.html", shown, status=status)
