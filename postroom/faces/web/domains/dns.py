"""The DNS of a domain: what it lacks, what to paste there, and looking again."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.actions import dns_pages, domain_cards, domain_checks, domain_keys
from postroom.actions.domain_checks import DomainCheckView
from postroom.core import domain_news
from postroom.core.address import is_pseudo
from postroom.core.errors import NotFound
from postroom.core.lifecycle import DomainState
from postroom.core.roles import Actor, Permission
from postroom.faces.asked import base_of
from postroom.faces.web.page import Asked, done, page, render
from postroom.faces.web.templatetags.domains import may


@page(methods=("GET",))
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    found = dns_pages.show(request.auth, card.name, request.language)
    link = dns_pages.link(request.auth, request.origin, card.name)
    context = {
        "domain": card,
        "tab": "dns",
        "page": found,
        "is_pseudo": is_pseudo(card.name),
        "waits_for_first": not found.tests and not found.failure and found.next_check_at is not None,
        "may_check": may(request.auth, card, Permission.DOMAIN_CHECK),
        "may_create": may(request.auth, card, Permission.MAILBOX_CREATE),
        "may_change": may(request.auth, card, Permission.DOMAIN_CHANGE),
        "selector": _selector(request.auth, card.name),
        "link": f"{base_of(request)}{link}" if link.startswith("/") else link,
    }
    return render(request, "web/domains/dns.html", context)


def _selector(actor: Actor, name: str) -> str:
    """Under which receivers find the key; empty: mail is not signed."""
    try:
        return domain_keys.show(actor, name).selector
    except NotFound:
        return ""


@page(methods=("POST",))
def check(request: Asked, name: str) -> HttpResponse:
    found = domain_checks.check_now(request.auth, request.origin, name, request.language)
    text, is_good = _verdict(found)
    to = reverse("domain_dns", args=[found.name])
    return done(request, text, to=to, kind="good" if is_good else "open")


def _verdict(found: DomainCheckView) -> tuple[str, bool]:
    """What to tell whoever has asked, and whether it is what they hoped for."""
    if found.failure:
        return found.failure, False
    if found.status == DomainState.ENABLED:
        return _("Everything that mail needs is in place."), True
    wrong = len(domain_news.to_mend(line.result for line in found.tests))
    if not wrong:
        return _("Your DNS is right."), found.serves
    told = ngettext("%(n)s thing must still be put right.", "%(n)s things must still be put right.", wrong)
    return told % {"n": wrong}, False


@page(methods=("GET",))
def zone(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    response = HttpResponse(dns_pages.export(request.auth, card.name), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{card.name}.zone"'
    return response


def _fresh_selector(request: Asked, name: str) -> str:
    """Two keys of one day have two names."""
    usual = domain_keys.usual_selector(request.origin.at)
    taken = _selector(request.auth, name).startswith(usual)
    return f"{usual}-{request.origin.at:%H%M%S}" if taken else usual


@page()
def new_key(request: Asked, name: str) -> HttpResponse:
    """Asks first: until its record is in DNS, receivers cannot verify what it signs."""
    card = domain_cards.for_person(request.auth, name)
    to = reverse("domain_dns", args=[card.name])
    if request.method == "POST":
        made = domain_keys.make(request.auth, request.origin, card.name, _fresh_selector(request, card.name))
        text = _("The new key signs from the next message on. Put its record into DNS: %(selector)s.")
        return done(request, text % {"selector": f"{made.selector}._domainkey.{made.domain}"}, to=to, kind="open")
    context = {
        "question": _("Make a new signing key?"),
        "consequences": [
            _("The next message is signed with it. Until its record is in DNS, receivers cannot verify the signature."),
            _("Leave the old record in DNS for a week: mail that is on its way was signed with the old key."),
        ],
        "button": _("Make the key"),
        "cancel": to,
        "crumbs_list": [(_("Domains"), reverse("domains_list")), (card.name, to)],
    }
    return render(request, "web/confirm.html", context)
