"""How much of everything a domain has and uses."""

from django.http import HttpResponse

from postroom.actions import domain_cards, domain_usage, statistics
from postroom.faces.web import domain_words as words
from postroom.faces.web import settings_values
from postroom.faces.web.page import Asked, page, render

_DAYS = 14


@page(methods=("GET",))
def show(request: Asked, name: str) -> HttpResponse:
    card = domain_cards.for_person(request.auth, name)
    used = domain_usage.show(request.auth, card.name)
    days = statistics.summary(request.auth, request.origin, statistics.DOMAIN, card.name, "day")[-_DAYS:]
    context = {
        "domain": card,
        "tab": "usage",
        "used": used,
        "stored": settings_values.size(used.stored_bytes),
        "allotted": settings_values.size(used.allotted_bytes),
        "states": [(words.mailbox_status(state), number) for state, number in used.mailboxes.items()],
        "largest": [(line, settings_values.size(line.bytes)) for line in used.largest],
        "days": [(day.first, day.counts, _sign_ins(day.counts)) for day in reversed(days)],
    }
    return render(request, "web/domains/usage.html", context)


def _sign_ins(counts: dict[str, int]) -> int:
    """Accounts that have signed in with a program or webmail; the most of any one way."""
    return max((counts[f"logins_{way}"] for way in statistics.LOGINS), default=0)
