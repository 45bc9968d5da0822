"""Why a setting has its value: what each level says, and what else has a hand in it."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from postroom.core.catalogue.attribute import Level, Value
from postroom.core.languages import Language, Text


class Place(msgspec.Struct, frozen=True):
    """A level, from the object itself upwards."""

    level: Level
    name: str
    """Of the mailbox, domain or company."""
    value: Value
    """None: it says nothing. Of secrets nobody is told."""
    is_set: bool


class Note(msgspec.Struct, frozen=True):
    code: str
    """A row of NOTES."""
    values: dict[str, str | int] = {}


class Change(msgspec.Struct, frozen=True):
    at: int
    actor: str
    face: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    of: str
    """The address or domain."""
    setting: str
    value: Value
    """In force, as the mail servers are told it; None for a secret."""
    origin: Level | Literal["default"]
    """default: no level says anything."""
    default: Value
    places: tuple[Place, ...]
    notes: tuple[Note, ...]
    changed: Change | None
    """The last change that made it so, as far as the asker may know."""
    settable: bool
    secret: bool


NOTES: Final[Mapping[str, Text]] = {
    "live": Text(
        "The first level that says something holds: the mailbox, then the domain, then the company.",
        "Le premier niveau qui se prononce l’emporte : la boîte, puis le domaine, puis la société.",
    ),
    "copied": Text(
        "It was taken from the level above when this was created. What is changed there later does not matter here.",
        "La valeur a été reprise du niveau supérieur à la création. Ce qui y change ensuite n’a pas d’effet ici.",
    ),
    "own": Text(
        "It belongs to this alone: other levels have no say.",
        "Elle n’appartient qu’à cet objet : les autres niveaux n’interviennent pas.",
    ),
    "added_up": Text("The lists of all levels hold together.", "Les listes de tous les niveaux s’appliquent ensemble."),
    "cut": Text(
        "The domain allows no mailbox more than {maximum} MB (quota_maximum): that holds.",
        "Le domaine n’accorde à aucune boîte plus de {maximum} Mo (quota_maximum) : c’est ce qui s’applique.",
    ),
    "no_quota": Text(
        "Such an account only passes mail on: it cannot get full.",
        "Un tel compte ne fait que transmettre le courriel : il ne peut pas être plein.",
    ),
    "of_type": Text(
        "For an account of this type ({type}) it is always so, whatever the levels say.",
        "Pour un compte de ce type ({type}), il en est toujours ainsi, quoi que disent les niveaux.",
    ),
    "suspended_self": Text("The holder has suspended it.", "Le titulaire l’a suspendu."),
    "suspended_workgroup": Text(
        "An administrator of the workgroup has suspended it.", "Un administrateur du groupe l’a suspendu."
    ),
    "suspended_domain": Text(
        "An administrator of the domain has suspended it; nobody below can lift that.",
        "Un administrateur du domaine l’a suspendu ; personne en dessous ne peut lever cette suspension.",
    ),
    "suspended_company": Text(
        "An administrator of the company has suspended it; nobody below can lift that.",
        "Un administrateur de la société l’a suspendu ; personne en dessous ne peut lever cette suspension.",
    ),
    "suspended_operator": Text(
        "The operator has suspended it; nobody else can lift that.",
        "L’opérateur l’a suspendu ; personne d’autre ne peut lever cette suspension.",
    ),
}

LEVELS: Final[Mapping[str, Text]] = {
    "mailbox": Text("mailbox", "boîte aux lettres"),
    "domain": Text("domain", "domaine"),
    "company": Text("company", "société"),
    "default": Text("built in", "valeur d’origine"),
}


def told(note: Note, language: Language) -> str:
    return NOTES[note.code].at(language, **note.values)
