"""To the holder of a mailbox, at their other address: how to get in (people.md section 4.6)."""

from typing import Final

import msgspec

from postroom.core.brand import Look
from postroom.core.languages import Language, Text
from postroom.core.letters.frame import Contents, Letter, branded
from postroom.core.letters.spans import in_words


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """The way in that a letter shows: a link, or a temporary password."""

    link: str = ""
    seconds: int = 0
    """How long the link can be used."""
    uses: int = 0
    password: str = ""
    webmail: str = ""
    """Where mail is read; empty: nobody has said."""
    signs_in: bool = False
    """The link opens the mailbox, and sets no password: its platform made it."""

    def __repr__(self) -> str:
        return "Way(…)"


_ADDRESS: Final = Text(en="Address", fr="Adresse")
_PASSWORD: Final = Text(en="Temporary password", fr="Mot de passe provisoire")
_CHOOSE: Final = Text(en="Choose my password", fr="Choisir mon mot de passe")
_OPEN: Final = Text(en="Read my mail", fr="Lire mes messages")
_ONCE: Final = Text(
    en="This link lets whoever has it choose the password: keep it to yourself. It is good for {span}, once.",
    fr="Ce lien permet à quiconque le possède de choisir le mot de passe : gardez-le pour vous. "
    "Il est valable {span}, une seule fois.",
)
_SEVERAL: Final = Text(
    en="This link lets whoever has it choose the password: keep it to yourself. It is good for {span}, {uses} times.",
    fr="Ce lien permet à quiconque le possède de choisir le mot de passe : gardez-le pour vous. "
    "Il est valable {span}, {uses} fois.",
)
_OPENS_ONCE: Final = Text(
    en="This link lets whoever has it into the mailbox: keep it to yourself. It is good for {span}, once.",
    fr="Ce lien donne accès à la boîte aux lettres à quiconque le possède : gardez-le pour vous. "
    "Il est valable {span}, une seule fois.",
)
_OPENS_OFTEN: Final = Text(
    en="This link lets whoever has it into the mailbox: keep it to yourself. It is good for {span}, {uses} times.",
    fr="Ce lien donne accès à la boîte aux lettres à quiconque le possède : gardez-le pour vous. "
    "Il est valable {span}, {uses} fois.",
)
_TOO_LATE: Final = Text(
    en="If it is too late, ask whoever looks after your mail for another link.",
    fr="S’il est trop tard, demandez un autre lien à la personne qui gère votre messagerie.",
)
_CHANGE_IT: Final = Text(
    en="Change this password as soon as you have signed in with it.",
    fr="Changez ce mot de passe dès votre première connexion.",
)
_WEBMAIL: Final = Text(en="Afterwards you read your mail at {url}", fr="Ensuite, vos messages se lisent sur {url}")
_NOT_YOU: Final = Text(
    en="You get this e-mail because this address was given as your second one. If you expect no mailbox, ignore it.",
    fr="Vous recevez ce message parce que cette adresse a été donnée comme votre adresse secondaire. "
    "Si vous n’attendez pas de boîte aux lettres, ignorez-le.",
)


class _Words(msgspec.Struct, frozen=True):
    subject: Text
    with_link: Text
    with_password: Text
    with_code: Text
    """Where the link opens the mailbox itself."""


_WELCOME: Final = _Words(
    Text(en="Your new mailbox information", fr="Votre nouvelle boîte aux lettres"),
    Text(
        en="Welcome! Your new mailbox is ready. All that is left is a password, which you choose yourself.",
        fr="Bienvenue ! Votre nouvelle boîte aux lettres est prête. Il ne reste qu’à choisir votre mot de passe.",
    ),
    Text(
        en="Welcome! Your new mailbox is ready. Sign in with this address and password.",
        fr="Bienvenue ! Votre nouvelle boîte aux lettres est prête. "
        "Connectez-vous avec cette adresse et ce mot de passe.",
    ),
    Text(
        en="Welcome! Your new mailbox is ready. This link opens it; choose a password there, in its settings.",
        fr="Bienvenue ! Votre nouvelle boîte aux lettres est prête. Ce lien l’ouvre ; choisissez-y un mot de passe, "
        "dans ses réglages.",
    ),
)
_RESET: Final = _Words(
    Text(en="Your password has been updated", fr="Votre mot de passe a été réinitialisé"),
    Text(
        en="The password of your mailbox was reset: the old one does not work any more. Choose a new one.",
        fr="Le mot de passe de votre boîte aux lettres a été réinitialisé : l’ancien ne fonctionne plus. "
        "Choisissez-en un nouveau.",
    ),
    Text(
        en="The password of your mailbox was reset: the old one does not work any more. This is the new one.",
        fr="Le mot de passe de votre boîte aux lettres a été réinitialisé : l’ancien ne fonctionne plus. "
        "Voici le nouveau.",
    ),
    Text(
        en="The password of your mailbox was reset: the old one does not work any more. This link opens your mailbox; "
        "choose a new password there, in its settings.",
        fr="Le mot de passe de votre boîte aux lettres a été réinitialisé : l’ancien ne fonctionne plus. "
        "Ce lien ouvre votre boîte ; choisissez-y un nouveau mot de passe, dans ses réglages.",
    ),
)
_LOGIN_LINK: Final = _Words(
    Text(en="Here is your login link", fr="Voici votre lien de connexion"),
    Text(
        en="With this link you choose a password for your mailbox and get in. Until you do, nothing changes.",
        fr="Ce lien vous permet de choisir un mot de passe pour votre boîte aux lettres et d’y accéder. "
        "Tant que vous ne l’utilisez pas, rien ne change.",
    ),
    Text(en="", fr=""),  # a login link is always a link
    Text(
        en="This link opens your mailbox. Your password stays as it is.",
        fr="Ce lien ouvre votre boîte aux lettres. Votre mot de passe reste le même.",
    ),
)


def welcome(look: Look, language: Language, address: str, way: Way) -> Letter:
    """Once its platform has the mailbox."""
    return _letter(_WELCOME, look, language, address, way)


def reset(look: Look, language: Language, address: str, way: Way) -> Letter:
    return _letter(_RESET, look, language, address, way)


def login_link(look: Look, language: Language, address: str, way: Way) -> Letter:
    return _letter(_LOGIN_LINK, look, language, address, way)


def _letter(words: _Words, look: Look, language: Language, address: str, way: Way) -> Letter:
    made = _by_link if way.link else _by_password
    return branded(look, language, made(words, language, address, way))


def _by_link(words: _Words, language: Language, address: str, way: Way) -> Contents:
    span = in_words(way.seconds, language)
    once, often = (_OPENS_ONCE, _OPENS_OFTEN) if way.signs_in else (_ONCE, _SEVERAL)
    limits = once.at(language, span=span) if way.uses == 1 else often.at(language, span=span, uses=way.uses)
    return Contents(
        subject=words.subject.at(language),
        paragraphs=[(words.with_code if way.signs_in else words.with_link).at(language)],
        facts=[(_ADDRESS.at(language), address)],
        link=((_OPEN if way.signs_in else _CHOOSE).at(language), way.link),
        after=[
            f"{limits} {_TOO_LATE.at(language)}",
            *([_WEBMAIL.at(language, url=way.webmail)] if way.webmail else []),
            _NOT_YOU.at(language),
        ],
    )


def _by_password(words: _Words, language: Language, address: str, way: Way) -> Contents:
    return Contents(
        subject=words.subject.at(language),
        paragraphs=[words.with_password.at(language)],
        facts=[(_ADDRESS.at(language), address), (_PASSWORD.at(language), way.password)],
        link=(_OPEN.at(language), way.webmail) if way.webmail else None,
        after=[_CHANGE_IT.at(language), _NOT_YOU.at(language)],
    )
