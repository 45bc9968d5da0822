"""About the addresses of a person: to one that they say is theirs, and to their main one."""

from typing import Final

import msgspec

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded
from postroom.core.letters.spans import in_words


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the letter to a new address tells."""

    email: str
    account: str
    """Its main address; where that was changed, the one before."""
    seconds: int
    """How long the link is good for."""
    link: str

    def __repr__(self) -> str:
        """Without the link, which is used once."""
        return f"Asked({self.email!r}, {self.account!r})"


_SUBJECT: Final = Text(en="Is this address yours?", fr="Cette adresse est-elle à vous ?")
_ASKED: Final = Text(
    en="Somebody, most likely you, wants to add the address {email} to the account {account}.",
    fr="Quelqu’un, sans doute vous, veut ajouter l’adresse {email} au compte {account}.",
)
_HOW: Final = Text(
    en="Open the link within {span}, signed in to that account, and say yes. Invitations to this address are then that "
    "account’s, and it can be signed in to with this address, too.",
    fr="Ouvrez le lien dans un délai de {span}, depuis ce compte, et dites oui. Les invitations à cette adresse seront "
    "alors celles de ce compte, et elle permettra aussi de s’y connecter.",
)
_BUTTON: Final = Text(en="It is mine", fr="Elle est à moi")
_NOT_YOU: Final = Text(
    en="If it was not you, ignore this e-mail: nothing happens then.",
    fr="Si ce n’était pas vous, ignorez ce message : il ne se passera rien.",
)
_CANNOT: Final = Text(
    en="This address cannot be added to an account", fr="Cette adresse ne peut pas être ajoutée à un compte"
)
_NOT_POSSIBLE: Final = Text(
    en="This is not possible: the address opens another account here, or its domain’s mail is kept here. Nothing was "
    "changed.",
    fr="Ce n’est pas possible : l’adresse ouvre un autre compte ici, ou le courrier de son domaine est géré ici. "
    "Rien n’a été modifié.",
)
_INSTEAD: Final = Text(
    en="If it was you, sign in with this address itself. If not, there is nothing for you to do.",
    fr="Si c’était vous, connectez-vous avec cette adresse elle-même. Sinon, vous n’avez rien à faire.",
)
_ADDED: Final = (
    Text(en="An address was added to your account", fr="Une adresse a été ajoutée à votre compte"),
    Text(
        en="{email} now belongs to the account {account}: invitations to it are yours, and you can sign in with it, "
        "too.",
        fr="{email} appartient maintenant au compte {account} : les invitations à cette adresse sont les vôtres, "
        "et vous pouvez aussi vous connecter avec elle.",
    ),
)
_REMOVED: Final = (
    Text(en="An address was removed from your account", fr="Une adresse a été retirée de votre compte"),
    Text(
        en="{email} no longer belongs to the account {account}. Roles that you were given stay.",
        fr="{email} n’appartient plus au compte {account}. Les rôles que vous avez reçus restent.",
    ),
)
_MADE_MAIN: Final = (
    Text(en="The main address of your account has changed", fr="L’adresse principale de votre compte a changé"),
    Text(
        en="{email} is now the main address of the account {account}: e-mails about the account go there, and others "
        "see it. {account} stays one of its addresses, and you can sign in with either.",
        fr="{email} est maintenant l’adresse principale du compte {account} : les messages à propos du compte y "
        "sont envoyés, et les autres la voient. {account} reste une de ses adresses, et vous pouvez vous connecter "
        "avec l’une comme avec l’autre.",
    ),
)
_ALARM: Final = Text(
    en="If this was not you, somebody else is using your account: sign out everywhere, change your password, and tell "
    "whoever runs this service.",
    fr="Si ce n’était pas vous, quelqu’un d’autre utilise votre compte : déconnectez-vous partout, changez votre "
    "mot de passe et prévenez l’exploitant de ce service.",
)
_SECURITY: Final = Text(en="Security of your account", fr="Sécurité de votre compte")


def address_asked(look: Look, language: Language, told: Asked) -> Letter:
    """With the link that shows that the address is theirs."""
    said = Contents(
        subject=_SUBJECT.at(language),
        paragraphs=[
            _ASKED.at(language, email=told.email, account=told.account),
            _HOW.at(language, span=in_words(told.seconds, language)),
        ],
        link=(_BUTTON.at(language), told.link),
        after=[_NOT_YOU.at(language)],
    )
    return branded(look, language, said)


def address_not_possible(look: Look, language: Language, email: str, account: str) -> Letter:
    """In its place, where the address cannot be added: whoever asked is not told so."""
    said = Contents(
        subject=_CANNOT.at(language),
        paragraphs=[
            _ASKED.at(language, email=email, account=account),
            _NOT_POSSIBLE.at(language),
            _INSTEAD.at(language),
        ],
    )
    return branded(look, language, said)


def address_changed(look: Look, language: Language, told: Asked, *, added: bool) -> Letter:
    """`told.link` leads to the page about security."""
    return _alarming(look, language, told, *(_ADDED if added else _REMOVED))


def address_made_main(look: Look, language: Language, told: Asked) -> Letter:
    """As above."""
    return _alarming(look, language, told, *_MADE_MAIN)


def _alarming(look: Look, language: Language, told: Asked, subject: Text, what: Text) -> Letter:
    said = Contents(
        subject=subject.at(language),
        paragraphs=[what.at(language, email=told.email, account=told.account), _ALARM.at(language)],
        link=(_SECURITY.at(language), told.link),
    )
    return branded(look, language, said)
