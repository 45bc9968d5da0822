"""The town of the demo: domains in every state, whose people manage them on their own, and what has happened there."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec
from django.db import transaction

from postroom.actions import (
    accesses,
    aliases,
    api_keys,
    app_passwords,
    domain_claims,
    domain_switch,
    domains,
    invitations,
    live,
    mailbox_removal,
    mailbox_states,
    mailboxes,
    person_mailboxes,
    persons,
)
from postroom.actions.api_keys import KeyWish
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.passwords import schemes
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Actor
from postroom.faces.cli.terminal import origin
from postroom.worker import jobs, loop, usage

LIBRARY: Final = "mediatheque.example"
WAITING: Final = "harbour-festival.example"
SILENT: Final = "night-school.example"
FAILED: Final = "observatory.example"
DISABLED: Final = "old-fair.example"
SUPPORT: Final = "helpdesk@town.example"

NEW_DOMAINS_LACK: Final[Mapping[str, str]] = {
    "ownership": "no_ownership", "mx": "no_mx", "spf": "no_spf", "cname_imap": "no_cname_imap",
    "cname_smtp": "no_cname_smtp", "cname_webmail": "no_cname_webmail", "dmarc": "no_dmarc",
}  # fmt: skip
"""Test → finding. Nobody's DNS is asked in the demo: what is added there lacks what new domains lack."""

_TOLD: Final[tuple[tuple[str, Mapping[str, object]], ...]] = (
    ("new_domains", {"failing": NEW_DOMAINS_LACK}),
    ("clear_checks", {"domain": LIBRARY}),
    ("clear_checks", {"domain": FAILED}),
    ("clear_checks", {"domain": DISABLED}),
    ("set_check", {"domain": WAITING, "test": "ownership", "ok": True}),
    ("set_check", {"domain": WAITING, "test": "mx", "ok": False, "code": "wrong_mx"}),
    ("clear_checks", {"domain": SILENT}),
    ("set_check", {"domain": SILENT, "test": "mx", "ok": False, "code": "dns_timeout"}),
    ("set_check", {"domain": FAILED, "test": "cert", "ok": False}),
    ("set_fix", {"domain": FAILED, "repairs": False}),
    ("refuse_mailbox", {"address": f"archive@{LIBRARY}", "reason": "The name archive is kept for the mail archive."}),
)
"""To the fake platform: why each domain is in the state it is in."""

_HOLDERS: Final = (
    "Adèle Marchand", "Agathe Le Goff", "Alain Besson", "Amélie Roussel", "Anaïs Delcourt", "Antoine Gauthier",
    "Aurélie Pons", "Benoît Carlier", "Camille Ferrand", "Cécile Bourdon", "Charles Vidal", "Chloé Maréchal",
    "Clément Rivière", "Damien Lacroix", "Édith Payet", "Élise Courtois", "Émile Noël", "Étienne Garnier",
    "Fanny Guérin", "Félix Besnard", "Gaëlle Tanguy", "Hélène Perrot", "Hugo Lemaître", "Inès Benali",
    "Jacques Prévost", "Jeanne d’Arcy", "Joël Texier", "Karim Haddad", "Léa Fournier", "Léon Chevallier",
    "Louise Aubert", "Lucie Masson", "Manon Hervé", "Mathilde Gros", "Maxime Leclerc", "Mireille Roy",
    "Nadia Cherif", "Noé Picard", "Odile Vasseur", "Pauline Renaud", "Raphaël Colin", "Rémi Fabre", "Sacha Blin",
    "Solène Kerbrat", "Théo Marty", "Victor Huet",
)  # fmt: skip
_ALIASES: Final = {
    "accueil": ("adele.marchand", "lea.fournier", "hugo.lemaitre"),
    "direction": ("helene.perrot",),
    "reservations": ("lea.fournier", "bookings@theatre.example"),
    "contact": ("adele.marchand",),
}
_MAIL: Final = (  # address, messages, bytes of each
    ("uma@acme.example", 43, 95_000_000),
    ("dora@acme.example", 12, 1_400_000),
    (f"adele.marchand@{LIBRARY}", 50, 99_000_000),
    (f"lea.fournier@{LIBRARY}", 31, 40_000_000),
    (f"hugo.lemaitre@{LIBRARY}", 120, 900_000),
)


class Managers(msgspec.Struct, frozen=True):
    owner: int
    administrator: int
    viewer: int


def settle(password: str, managers: Managers) -> None:
    """Once, after everybody is there. The worker's part is done here, so that nothing is half ready at the start."""
    for command, arguments in _TOLD:
        live.command_fake(command, arguments)
    with transaction.atomic():
        _claims(managers)
    loop.until_idle()
    with transaction.atomic():
        _library(password, persons.actor(managers.owner))
        _acme()
    loop.until_idle()
    _mail_comes()
    jobs.ensure_periodic(loop.milliseconds())
    usage.ask_all(loop.milliseconds())
    loop.until_idle()


def _days_ago(days: float) -> Origin:
    """As if it had been done on the pages."""
    now = origin()
    return msgspec.structs.replace(now, face="web", application="demo", at=now.at - timedelta(days=days))


def _claims(managers: Managers) -> None:
    for age, name in ((5, LIBRARY), (4, DISABLED), (3, FAILED), (2, WAITING), (1, SILENT)):
        at = _days_ago(age)
        domain_claims.claim(persons.actor(managers.owner), at, name, SUPPORT)
        olga = persons.actor(managers.owner)  # anew: she owns one more
        accesses.create(olga, at, name, managers.administrator, "administrator")
        accesses.create(olga, at, name, managers.viewer, "viewer")
    domains.change(OPERATOR, _days_ago(5), LIBRARY, {"language": "fr", "timezone": "Europe/Paris", "quota": 10_240})


def _library(password: str, olga: Actor) -> None:
    stored = schemes.encode(password, "SSHA512")  # once: it is the same for all
    for number, name in enumerate(_HOLDERS):
        wish = {"password": stored, "name": name, "service_pop3": "enabled" if number % 5 == 0 else "disabled"}
        mailboxes.change(OPERATOR, _days_ago(4), f"{_local_part(name)}@{LIBRARY}", wish, create_only=True)
    for local_part, first, last in (("archive", "Archive", "Municipale"), ("margaux.hoarau", "Margaux", "Hoarau")):
        data = PersonalData(
            local_part=local_part, first_name=first, last_name=last, secondary_email=f"{local_part}@home.example"
        )
        person_mailboxes.create(olga, _days_ago(2), LIBRARY, data)
    for local_part, destinations in _ALIASES.items():
        for destination in destinations:
            full = destination if "@" in destination else f"{destination}@{LIBRARY}"
            aliases.create(olga, _days_ago(3), LIBRARY, local_part, full, allow_to_send=local_part == "direction")
    mailbox_states.disable(olga, _days_ago(1), f"emile.noel@{LIBRARY}")
    for gone in ("victor.huet", "theo.marty"):
        mailbox_removal.delete(olga, _days_ago(1), f"{gone}@{LIBRARY}")
    invitations.create(olga, _days_ago(1), LIBRARY, "ines@theatre.example", "administrator")
    invitations.create(olga, _days_ago(0.5), WAITING, "bruno@harbour.example", "viewer")
    domain_switch.disable(OPERATOR, _days_ago(1), DISABLED, "The fair has ended.")
    waiting = PersonalData(local_part="tickets", first_name="Ticket", last_name="Office", secondary_email=SUPPORT)
    person_mailboxes.create(olga, _days_ago(1), WAITING, waiting)
    api_keys.create(olga, _days_ago(1), KeyWish(name="Newsletter", domains=[LIBRARY]))


def _local_part(name: str) -> str:
    """Adèle Marchand → adele.marchand."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", ".")


def _acme() -> None:
    uma = "uma@acme.example"
    away = "I am away until Monday. In urgent cases write to it@acme.example."
    mailboxes.change(OPERATOR, _days_ago(1), uma, {
        "forward_recipients": ["uma@home.example"], "delivery_forward": True, "forward_option_subject_prefix": "[Acme]",
        "autoresponder": away, "allow": ["*@school.example"], "block": ["offers@shop.example"], "spamlevel": "High",
    })  # fmt: skip
    app_passwords.add(OPERATOR, _days_ago(1), uma, "Telephone")


def _mail_comes() -> None:
    for address, times, size in _MAIL:
        letter = {"address": address, "subject": "Minutes of the meeting", "from": SUPPORT, "size": size}
        live.command_fake("deliver", {**letter, "times": times})
