"""To whoever looks after a domain, when its checks say something new (people.md section 4.6)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from postroom.core.address import shown_domain
from postroom.core.brand import Look
from postroom.core.dns.explaining import explanation, title
from postroom.core.dns.records import zone_line
from postroom.core.dns.report import CheckResult
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded
from postroom.core.lifecycle import DomainState


class DomainNews(msgspec.Struct, frozen=True, kw_only=True):
    domain: str
    status: str
    """enabled, action_required or failed."""
    served: bool
    """Mail flows, whatever the status is."""
    to_mend: Sequence[CheckResult] = ()
    domain_url: str = ""
    """Of its page; empty where nobody said where this server is reached."""
    dns_url: str = ""
    """Of the page with the records, which needs no sign-in."""


_SUBJECTS: Final = {
    DomainState.ENABLED: Text(en="Your domain {domain} is ready", fr="Votre domaine {domain} est prêt"),
    DomainState.ACTION_REQUIRED: Text(
        en="Your domain {domain} requires action", fr="Votre domaine {domain} demande une action"
    ),
    DomainState.FAILED: Text(
        en="Your domain {domain} could not be set up", fr="Votre domaine {domain} n’a pas pu être mis en service"
    ),
}
_FAILED_LATER: Final = Text(en="Your domain {domain} has a problem", fr="Votre domaine {domain} a un problème")

_READY: Final = Text(
    en="All that {domain} needs in DNS is there: it can be used. Addresses that waited for it are being set up now.",
    fr="Tout ce dont {domain} a besoin dans le DNS est là : il peut être utilisé. Les adresses qui l’attendaient sont "
    "mises en service maintenant.",
)
_ACTION: Final = Text(
    en="The DNS of {domain} is not yet as it must be. Please make the changes below, or forward this e-mail to whoever "
    "looks after the DNS of the domain. We look again every hour.",
    fr="Le DNS de {domain} n’est pas encore comme il doit être. Faites les changements ci-dessous, ou transmettez ce "
    "courriel à la personne qui gère le DNS du domaine. Nous vérifions à nouveau toutes les heures.",
)
_STARTS: Final = Text(
    en="Until then the domain takes no mail, and its addresses wait.",
    fr="D’ici là le domaine ne reçoit aucun courriel, et ses adresses attendent.",
)
_GOES_ON: Final = Text(
    en="Its present addresses go on working; new ones wait until this is mended.",
    fr="Ses adresses actuelles continuent de fonctionner ; les nouvelles attendent que ce soit réparé.",
)
_FAILED: Final = Text(
    en="Something on our side is wrong with {domain}. We are on it; you need not do anything.",
    fr="Quelque chose ne va pas de notre côté avec {domain}. Nous nous en occupons ; vous n’avez rien à faire.",
)
_DNS_BUTTON: Final = Text(en="See what to change", fr="Voir ce qu’il faut changer")
_DOMAIN_BUTTON: Final = Text(en="Open the domain", fr="Ouvrir le domaine")
_DOMAIN_TOO: Final = Text(en="The domain itself: {url}", fr="Le domaine lui-même : {url}")


def domain_status(look: Look, language: Language, news: DomainNews) -> Letter:
    status = DomainState(news.status)
    acts = status is DomainState.ACTION_REQUIRED
    shown = shown_domain(news.domain)
    return branded(
        look,
        language,
        Contents(
            subject=_subject(status, news).at(language, domain=shown),
            paragraphs=[text.at(language, domain=shown) for text in _paragraphs(status, news.served)]
            + [_in_words(test, language) for test in news.to_mend if acts and test.record is None],
            facts=[
                (_in_words(test, language), zone_line(test.record, news.domain))
                for test in news.to_mend
                if acts and test.record is not None
            ],
            link=_link(news, language, acts),
            after=[_DOMAIN_TOO.at(language, url=news.domain_url)] if acts and news.dns_url and news.domain_url else [],
        ),
    )


def _subject(status: DomainState, news: DomainNews) -> Text:
    return _FAILED_LATER if status is DomainState.FAILED and news.served else _SUBJECTS[status]


def _paragraphs(status: DomainState, served: bool) -> list[Text]:
    if status is DomainState.ENABLED:
        return [_READY]
    return [_ACTION if status is DomainState.ACTION_REQUIRED else _FAILED, _GOES_ON if served else _STARTS]


def _in_words(test: CheckResult, language: Language) -> str:
    told = explanation(test, language)
    return " ".join(part for part in (f"{title(test.name, language)} —", told.problem, told.fix) if part)


def _link(news: DomainNews, language: Language, acts: bool) -> tuple[str, str] | None:
    if acts and news.dns_url:
        return _DNS_BUTTON.at(language), news.dns_url
    return (_DOMAIN_BUTTON.at(language), news.domain_url) if news.domain_url else None
