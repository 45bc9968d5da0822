"""What becomes of a domain, for whoever looks after it: is it news, and how a failed attempt to find out is told."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from postroom.core.dns.report import CheckResult, Severity
from postroom.core.languages import Language, Text
from postroom.core.lifecycle import DomainState

REMEMBERED: Final = 8
REPEATED_AFTER: Final = 86_400_000
"""Milliseconds. A server that answers now so, now so, must not fill anybody's mailbox."""

_NEWS: Final = (DomainState.ENABLED, DomainState.ACTION_REQUIRED, DomainState.FAILED)

Told = Sequence[Sequence[Any]]
"""(what, when) in milliseconds, the newest last."""


def meaning(status: str, tests: Iterable[CheckResult]) -> str:
    """The status, and what its owner has to mend; empty where nobody needs to be told."""
    if status not in _NEWS:
        return ""
    if status != DomainState.ACTION_REQUIRED:
        return status
    return " ".join([status, *sorted(f"{test.name}:{test.code}" for test in to_mend(tests))])


def to_mend(tests: Iterable[CheckResult]) -> list[CheckResult]:
    """What the domain's owner must change before it can be enabled."""
    return [
        test
        for test in tests
        if not test.ok and test.asked and not test.internal and test.severity is Severity.REQUIRED
    ]


def is_news(told: Told, meaning: str, now: int) -> bool:
    """Another status always is; another list of things to mend if it was not told within a day."""
    if not meaning:
        return False
    last = told[-1][0] if told else ""
    if last == meaning:
        return False
    if last.partition(" ")[0] != meaning.partition(" ")[0]:
        return True
    return not any(what == meaning and now - at < REPEATED_AFTER for what, at in told)


def remembered(told: Told, meaning: str, now: int) -> list[list[Any]]:
    return [*([what, at] for what, at in told), [meaning, now]][-REMEMBERED:]


PLATFORM_AWAY: Final = "platform_away"
PLATFORM_REFUSED: Final = "platform_refused"
TOOK_TOO_LONG: Final = "took_too_long"
FAULT: Final = "fault"
DNS_AWAY: Final = "dns_away"

FAILURES: Final = {
    PLATFORM_AWAY: Text(en="The mail platform does not answer.", fr="La plateforme de messagerie ne répond pas."),
    PLATFORM_REFUSED: Text(
        en="The mail platform refused to check the domain; the operator's log says why.",
        fr="La plateforme de messagerie a refusé de vérifier le domaine ; le journal de l’exploitant dit pourquoi.",
    ),
    TOOK_TOO_LONG: Text(en="The check took too long.", fr="La vérification a duré trop longtemps."),
    FAULT: Text(
        en="Postroom itself failed; the operator's log says more.",
        fr="Postroom lui-même a échoué ; le journal de l’exploitant en dit plus.",
    ),
    DNS_AWAY: Text(
        en="Not all of the domain's name servers could be asked.",
        fr="Certains serveurs de noms du domaine n’ont pas pu être interrogés.",
    ),
}
"""Why a check could not be made. It says nothing about the domain, which stays what it is."""


def unanswered(tests: Iterable[CheckResult]) -> str:
    """Who is silent, where the tests say nothing about the domain."""
    silent = [test for test in tests if not test.ok and not test.asked and test.severity is Severity.REQUIRED]
    return PLATFORM_AWAY if all(test.internal for test in silent) else DNS_AWAY


def failure(code: str, language: Language) -> str:
    return FAILURES[code].at(language) if code in FAILURES else code
