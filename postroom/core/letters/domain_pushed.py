"""To a company that another one has handed a domain to (oma.md section 5.3, push_domain)."""

from typing import Final

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded

_SUBJECT: Final = Text(en="A domain has come to you", fr="Un domaine vous a été confié")
_WHAT: Final = Text(
    en="{domain} was handed to {receiver} by {giver}.", fr="{domain} a été transmis à {receiver} par {giver}."
)


def domain_pushed(look: Look, language: Language, *, domain: str, receiver: str, giver: str) -> Letter:
    what = _WHAT.at(language, domain=domain, receiver=receiver, giver=giver)
    return branded(look, language, Contents(subject=_SUBJECT.at(language), paragraphs=[what]))
