"""What is said of a method: one entry each, in the subject files of this folder."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Any, cast

import msgspec

from postroom.actions.action import Action
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import PostroomError
from postroom.core.languages import Text
from postroom.core.roles import Permission


class Subject(Enum):
    """What methods are grouped by, in this order."""

    WAYS_IN = Text(en="Ways in", fr="Connexion")
    COMPANY = Text(en="Companies", fr="Sociétés")
    DOMAIN = Text(en="Domains", fr="Domaines")
    WORKGROUP = Text(en="Workgroups", fr="Groupes de travail")
    USER = Text(en="Accounts", fr="Comptes")
    ROLE = Text(en="Roles", fr="Rôles")
    MAIL = Text(en="Mail that is there", fr="Messages enregistrés")
    BULLETIN = Text(en="Bulletins", fr="Bulletins")
    STATISTICS = Text(en="Statistics", fr="Statistiques")
    MIGRATION = Text(en="Copying mail", fr="Copie du courrier")
    BRAND = Text(en="Brands", fr="Marques")


class Kind(StrEnum):
    """The type of a field. Clients write them in many ways: wire.py reads all of them."""

    NAME = "name"
    """Of a domain, account or company, in any letter case."""
    TEXT = "text"
    TEXTS = "texts"
    FLAG = "flag"
    NUMBER = "number"
    OBJECT = "object"
    OBJECTS = "objects"


KINDS: Mapping[Kind, Text] = {
    Kind.NAME: Text(en="name", fr="nom"),
    Kind.TEXT: Text(en="text", fr="texte"),
    Kind.TEXTS: Text(en="list of texts", fr="liste de textes"),
    Kind.FLAG: Text(en="true or false", fr="vrai ou faux"),
    Kind.NUMBER: Text(en="whole number", fr="nombre entier"),
    Kind.OBJECT: Text(en="object", fr="objet"),
    Kind.OBJECTS: Text(en="list of objects", fr="liste d’objets"),
}


class Field(msgspec.Struct, frozen=True):
    name: str
    """With the objects around it: `criteria.match`."""
    kind: Kind
    says: Text
    required: bool = False
    also: tuple[str, ...] = ()
    """Other spellings that are read (oma.md section 1.6)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    subject: Subject
    says: Text
    more: Text | None = None
    actions: tuple[Callable[..., object], ...] = ()
    """What it calls; their marks say who may. None: any account that has signed in."""
    fields: tuple[Field, ...] = ()
    level: Level | None = None
    """Of the attributes that `attributes` holds."""
    example: Mapping[str, Any]
    """The request, without credentials. It can be sent to the demo as it is, unless it names an id."""
    answer: Mapping[str, Any]
    """Of that example; shortened where it is long."""
    fails: tuple[type[PostroomError], ...] = ()
    """What it fails with for reasons of its own, beside what every method can fail with."""

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """One of them is needed."""
        found = [asked for action in self.actions for asked in cast(Action, action).permissions]
        return tuple(dict.fromkeys(found))


def user(says: Text | None = None) -> Field:
    return Field("user", Kind.NAME, says or Text(en="The account’s address.", fr="L’adresse du compte."), required=True)


def domain() -> Field:
    return Field("domain", Kind.NAME, Text(en="The domain’s name.", fr="Le nom du domaine."), required=True)


def company() -> Field:
    return Field("company", Kind.NAME, Text(en="The company’s name.", fr="Le nom de la société."), required=True)


def attributes() -> Field:
    says = Text(
        en="What to set, by attribute. What is not named stays; null goes back to what is inherited.",
        fr="Ce qu’il faut fixer, par attribut. Ce qui n’est pas nommé ne change pas ; null revient à la valeur "
        "héritée.",
    )
    return Field("attributes", Kind.OBJECT, says, required=True)


def create_only() -> Field:
    says = Text(
        en="Only create: one that is there already is refused (23).",
        fr="Créer seulement : un objet qui existe déjà est refusé (23).",
    )
    return Field("create_only", Kind.FLAG, says)


def match(what: Text) -> Field:
    says = Text(
        en=f"{what.en} `*` is any run of characters, `?` exactly one.",
        fr=f"{what.fr} `*` remplace toute suite de caractères, `?` exactement un.",
    )
    return Field("criteria.match", Kind.TEXT, says)


def paged(*sorts: str) -> tuple[Field, ...]:
    """`range`, and `sort` where there is a choice; the first of `sorts` is the usual one."""
    range = (
        Field(
            "range.first",
            Kind.NUMBER,
            Text(en="How many results to skip. Without it none.", fr="Nombre de résultats à sauter. Sans lui, aucun."),
        ),
        Field(
            "range.limit",
            Kind.NUMBER,
            Text(en="How many to return. Without it all.", fr="Nombre de résultats à donner. Sans lui, tous."),
        ),
    )
    if not sorts:
        return range
    named = ", ".join(f"`{name}`" for name in sorts)
    return (
        *range,
        Field("sort.by", Kind.TEXT, Text(en=f"One of {named}.", fr=f"Parmi {named}.")),
        Field(
            "sort.direction",
            Kind.TEXT,
            Text(en="`ascending` or `descending`.", fr="`ascending` (croissant) ou `descending` (décroissant)."),
        ),
    )
