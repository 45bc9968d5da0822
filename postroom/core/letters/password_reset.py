"""To somebody who has forgotten a password. The preview that reset_email_test sends is this very letter."""

from typing import Final

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded

_SERVICE: Final = Text(en="your mailbox", fr="votre boîte aux lettres")
_SUBJECT: Final = Text(en="A new password for {service}", fr="Un nouveau mot de passe pour {service}")
_ASKED: Final = Text(
    en="Somebody, most likely you, has asked for a new password for {service}.",
    fr="Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour {service}.",
)
_CHOOSE: Final = Text(
    en="Choose it on the page behind this link, which can be used once. If it was not you, do nothing: "
    "your password stays as it is.",
    fr="Choisissez-le sur la page de ce lien, qui ne sert qu’une fois. Si ce n’était pas vous, ne faites rien : "
    "votre mot de passe reste le même.",
)
_BUTTON: Final = Text(en="Choose a new password", fr="Choisir un nouveau mot de passe")


def password_reset(look: Look, language: Language, link: str) -> Letter:
    service = look.title or _SERVICE.at(language)
    said = Contents(
        subject=_SUBJECT.at(language, service=service),
        paragraphs=[_ASKED.at(language, service=service), _CHOOSE.at(language)],
        link=(_BUTTON.at(language), link),
    )
    return branded(look, language, said)
