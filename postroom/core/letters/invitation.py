"""To somebody who is asked to help manage a domain (people.md section 3.5)."""

from collections.abc import Mapping
from typing import Final

import msgspec

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded
from postroom.core.letters.spans import in_words
from postroom.core.roles import Role


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What the letter tells."""

    domain: str
    role: Role
    by: str
    """The address of whoever invites; empty: the provider."""
    seconds: int
    """How long it is good for."""
    link: str

    def __repr__(self) -> str:
        """Without the link, which opens the invitation."""
        return f"Invited({self.domain!r}, {self.role!r})"


_SUBJECT: Final = Text(en="Invitation to manage {domain}", fr="Invitation à gérer {domain}")
_BY: Final = Text(
    en="{by} invites you to the mail domain {domain}.", fr="{by} vous invite dans le domaine de messagerie {domain}."
)
_BY_PROVIDER: Final = Text(
    en="You are invited to the mail domain {domain}.", fr="Vous êtes invité dans le domaine de messagerie {domain}."
)
_ROLES: Final[Mapping[Role, Text]] = {
    Role.VIEWER: Text(
        en="As a viewer you see its mailboxes and who manages them.",
        fr="En tant que lecteur, vous en voyez les boîtes aux lettres et qui les gère.",
    ),
    Role.ADMINISTRATOR: Text(
        en="As an administrator you create and change its mailboxes and invite others.",
        fr="En tant qu’administrateur, vous en créez et modifiez les boîtes aux lettres et invitez d’autres personnes.",
    ),
    Role.OWNER: Text(
        en="As an owner you may do everything with it, and say who else may.",
        fr="En tant que propriétaire, vous pouvez tout y faire et décider qui d’autre le peut.",
    ),
}
_HOW: Final = Text(
    en="Sign in with this e-mail address, or sign up with it, within {span}.",
    fr="Connectez-vous avec cette adresse électronique, ou inscrivez-vous avec elle, dans un délai de {span}.",
)
_BUTTON: Final = Text(en="See the invitation", fr="Voir l’invitation")
_NOT_YOU: Final = Text(
    en="If you do not know what this is about, ignore this e-mail: nothing happens then.",
    fr="Si vous ne savez pas de quoi il s’agit, ignorez ce message : il ne se passera rien.",
)


def invitation(look: Look, language: Language, told: Invited) -> Letter:
    who = (_BY if told.by else _BY_PROVIDER).at(language, by=told.by, domain=told.domain)
    said = Contents(
        subject=_SUBJECT.at(language, domain=told.domain),
        paragraphs=[
            who,
            _ROLES[told.role].at(language),
            _HOW.at(language, span=in_words(told.seconds, language)),
        ],
        link=(_BUTTON.at(language), told.link),
        after=[_NOT_YOU.at(language)],
    )
    return branded(look, language, said)
