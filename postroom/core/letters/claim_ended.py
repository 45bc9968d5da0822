"""To the support address of a domain that was added, was not proved in time, and that somebody else has added now."""

from typing import Final

from postroom.core.address import shown_domain
from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded
from postroom.core.letters.spans import in_words

_SUBJECT: Final = Text(en="{domain} is no longer yours here", fr="{domain} n’est plus à vous ici")
_WHY: Final = Text(
    en="You added the domain {domain}, but within {span} its DNS did not show that it is yours. Now somebody else has "
    "added it, and your entry was removed, with the mailboxes that were waiting in it.",
    fr="Vous avez ajouté le domaine {domain}, mais en {span} son DNS n’a pas montré qu’il est à vous. Quelqu’un "
    "d’autre vient de l’ajouter, et votre entrée a été supprimée, avec les boîtes aux lettres qui y attendaient.",
)
_WHAT_NOW: Final = Text(
    en="If the domain is yours, ask those who look after its DNS who that is, or write to your provider.",
    fr="Si le domaine est à vous, demandez de qui il s’agit à ceux qui gèrent son DNS, ou écrivez à votre fournisseur.",
)


def claim_ended(look: Look, language: Language, domain: str, seconds: int) -> Letter:
    shown = shown_domain(domain)
    said = Contents(
        subject=_SUBJECT.at(language, domain=shown),
        paragraphs=[
            _WHY.at(language, domain=shown, span=in_words(seconds, language)),
            _WHAT_NOW.at(language),
        ],
    )
    return branded(look, language, said)
