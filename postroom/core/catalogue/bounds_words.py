"""What a kind takes, in the languages of people. `Kind.bounds` is the English; here are the others."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from postroom.core.catalogue import contact_kinds, kinds, mail_kinds, secret_kinds
from postroom.core.catalogue.attribute import Kind
from postroom.core.languages import Language

_ENTRIES: Final[Mapping[str, str]] = {
    "addresses": "adresses",
    "addresses, or parts before the @": "adresses, ou parties avant l’@",
    "addresses, in which * and + are wildcards": "adresses, où * et + sont des jokers",
    "domain names": "noms de domaine",
    "ids of companies": "identifiants de sociétés",
}
_UNITS: Final[Mapping[str, str]] = {
    "megabytes": "mégaoctets",
    "hours": "heures",
    "messages in 24 hours": "messages en 24 heures",
    "seconds since 1970-01-01 00:00 UTC": "secondes depuis le 1970-01-01 00:00 UTC",
}


def _unit(unit: str) -> str:
    threshold = unit.removeprefix("megabytes up to ").removesuffix(", bytes above")
    return _UNITS.get(unit) or f"mégaoctets jusqu’à {threshold}, octets au-delà"


def _number(kind: Any) -> str:
    unit = f" ({_unit(kind.unit)})" if kind.unit else ""
    return f"un nombre entier de {kind.lowest} à {kind.highest}{unit}"


def _text(kind: Any) -> str:
    without = f" sans « {kind.without} »" if kind.without else ""
    return f"un texte de {kind.longest} caractères au plus{without}"


def _contacts(kind: Any) -> str:
    fields = kind.bounds.partition("some of ")[2]
    return f"une liste d’au plus {kind.most} objets, avec certains champs parmi {fields}"


def _password(kind: Any) -> str:
    longest = "".join(c for c in kind.bounds.partition(" to ")[2].partition(" ")[0] if c.isdigit())
    return (
        f"de 1 à {longest} lettres sans accent, chiffres et signes, sans blanc ni guillemet double ; ou {{TYPE}} suivi "
        "d’une empreinte de 150 caractères au plus"
    )


_FRENCH: Final[Mapping[type, Callable[[Any], str]]] = {
    kinds.Text: _text,
    kinds.Flag: lambda kind: "vrai ou faux",
    kinds.WholeNumber: _number,
    kinds.Choice: lambda kind: f"une valeur parmi {', '.join(kind.options)}",
    kinds.Timezone: lambda kind: "le nom d’un fuseau horaire, comme Europe/Paris ou UTC",
    kinds.ListOf: lambda kind: f"une liste d’au plus {kind.most} {_ENTRIES[kind.what]}",
    contact_kinds.Contacts: _contacts,
    mail_kinds.OneAddress: lambda kind: "une adresse comme joe@example.com",
    mail_kinds.AddressOrLocalPart: lambda kind: (
        "l’adresse d’une boîte du domaine, ou la partie avant l’@ ; false l’efface"
    ),
    mail_kinds.HostPort: lambda kind: (
        "un nom d’hôte ou une adresse réseau, suivi au besoin de :port ([…] autour d’une adresse IPv6)"
    ),
    mail_kinds.SpamHeader: lambda kind: (
        f"un en-tête de {kind.longest} caractères au plus qui commence par une majuscule, comme "
        "« X-Spam: Spam detected »"
    ),
    mail_kinds.Folder: lambda kind: (
        f"le chemin d’un dossier, {kind.longest} caractères au plus, avec « / » entre ses parties"
    ),
    mail_kinds.Selector: lambda kind: (
        f"{kind.longest} lettres, chiffres, tirets et soulignés au plus, avec un seul point entre les parties"
    ),
    mail_kinds.SieveText: lambda kind: f"un script Sieve de {kind.longest} caractères au plus",
    secret_kinds.PasswordText: _password,
    secret_kinds.PrivateKey: lambda kind: (
        "une clé privée RSA au format PEM, de -----BEGIN … à END …-----, avec \\n pour chaque fin de ligne"
    ),
}


def bounds_in(kind: Kind, language: Language) -> str:
    """A phrase that completes "must be …" (« doit être … »)."""
    if language is not Language.FRENCH:
        return kind.bounds
    return next(_FRENCH[cls](kind) for cls in type(kind).__mro__ if cls in _FRENCH)
