"""Every step of the way of a message, every end of it, in words: one row a code.

The texts are for somebody who knows nothing of mail servers. A row's two languages name the same values (a test sees
to it).
"""

from collections.abc import Mapping
from typing import Final

from postroom.core.explain.way import End, Step, Stop, Via
from postroom.core.languages import Language, Text
from postroom.core.sizes import size

STEPS: Final[Mapping[str, Text]] = {
    # The domain
    "domain": Text("{domain} is managed here and takes mail.", "{domain} est géré ici et reçoit du courriel."),
    "domain_alias": Text(
        "{name} is another name of {domain}: the same people get the mail.",
        "{name} est un autre nom de {domain} : les mêmes personnes reçoivent le courriel.",
    ),
    "domain_off": Text(
        "{domain} is switched off: nobody there gets mail.",
        "{domain} est hors service : personne n’y reçoit de courriel.",
    ),
    "domain_waits": Text(
        "{domain} is not in service yet: first its DNS must be right. Until then senders are asked to try again.",
        "{domain} n’est pas encore en service : son DNS doit d’abord être correct. D’ici là, les expéditeurs sont "
        "priés de réessayer.",
    ),
    "domain_unproved": Text(
        "Nobody has proved yet that {domain} is theirs: mail from here goes wherever its DNS says.",
        "Personne n’a encore prouvé que {domain} lui appartient : le courriel parti d’ici va là où le DNS l’indique.",
    ),
    "elsewhere": Text(
        "Goes on to the mail servers of {domain}. What they do with it cannot be said here.",
        "Part vers les serveurs de {domain}. Ce qu’ils en font ne peut pas être dit ici.",
    ),
    "swallowed": Text("What is sent there is thrown away.", "Ce qui y est envoyé est jeté."),
    # The name
    "extension": Text(
        "What stands behind the plus sign does not matter: this is mail for {address}.",
        "Ce qui suit le signe plus ne compte pas : c’est du courriel pour {address}.",
    ),
    "in_main": Text("It means {address}.", "Cela désigne {address}."),
    "mailbox": Text("{address} is a mailbox.", "{address} est une boîte aux lettres."),
    "other_name": Text(
        "{address} is another name of the mailbox {mailbox}.",
        "{address} est un autre nom de la boîte {mailbox}.",
    ),
    "alias": Text(
        "{address} is an alias. Destinations: {count}.",
        "{address} est un alias. Destinations : {count}.",
    ),
    "alias_too": Text(
        "An alias has the same name, so others get a copy: {count}.",
        "Un alias porte le même nom, d’autres reçoivent donc une copie : {count}.",
    ),
    "alias_only": Text(
        "The mailbox {mailbox} takes no mail, so only the destinations of the alias get it.",
        "La boîte {mailbox} n’accepte pas de courriel : seules les destinations de l’alias le reçoivent.",
    ),
    "catchall": Text(
        "Nobody has this name. The domain’s catch-all, {mailbox}, gets what is for nobody.",
        "Personne ne porte ce nom. La boîte collectrice du domaine, {mailbox}, reçoit ce qui n’est pour personne.",
    ),
    "catchall_closed": Text(
        "But {mailbox} takes no mail at the moment.", "Mais {mailbox} n’accepte pas de courriel en ce moment."
    ),
    "nobody": Text(
        "Nobody has this name: {address} is no mailbox and no alias.",
        "Personne ne porte ce nom : {address} n’est ni une boîte ni un alias.",
    ),
    # The mailbox
    "mailbox_disabled": Text("The mailbox {address} is disabled.", "La boîte {address} est hors service."),
    "mailbox_failed": Text(
        "The mail servers have refused the mailbox {address}; an operator must look at it. Senders are asked to try "
        "again.",
        "Les serveurs ont refusé la boîte {address} ; un opérateur doit s’en occuper. Les expéditeurs sont priés de "
        "réessayer.",
    ),
    "mailbox_suspended": Text(
        "Receiving is suspended for {address}: senders are asked to try again.",
        "La réception est suspendue pour {address} : les expéditeurs sont priés de réessayer.",
    ),
    "mailbox_takes_none": Text(
        "Receiving is switched off for {address}.", "La réception est désactivée pour {address}."
    ),
    "promised": Text(
        "But the mail was taken for {source} already, so it is stored all the same.",
        "Mais le courriel a déjà été accepté pour {source} : il est donc tout de même conservé.",
    ),
    "returned": Text(
        "What is forwarded here goes back to its sender.",
        "Ce qui est transféré ici retourne à l’expéditeur.",
    ),
    "room": Text(
        "{stored} of {quota} are in use: there is room.", "{stored} sur {quota} occupés : il reste de la place."
    ),
    "room_without_limit": Text("{stored} are in use, and there is no limit.", "{stored} occupés, sans limite."),
    "full": Text("The mailbox is full: {stored} of {quota}.", "La boîte est pleine : {stored} sur {quota}."),
    "spam_refused": Text(
        "Spam is refused while its sender is still connected.",
        "Les indésirables sont refusés pendant que l’expéditeur est encore connecté.",
    ),
    "lists": Text(
        "Senders whose mail is never spam: {allow}; always spam: {block}.",
        "Expéditeurs jamais indésirables : {allow} ; toujours indésirables : {block}.",
    ),
    "spam_folder": Text(
        "What looks like spam (score {score} or more) goes to the folder “{folder}”.",
        "Ce qui ressemble à un indésirable (score d’au moins {score}) va dans le dossier « {folder} ».",
    ),
    "spam_marked": Text(
        "What looks like spam (score {score} or more) is marked and treated as other mail.",
        "Ce qui ressemble à un indésirable (score d’au moins {score}) est marqué et traité comme le reste.",
    ),
    "members_only": Text(
        "Only those to whom it forwards may write to it; mail of others goes back.",
        "Seuls ceux à qui elle transfère peuvent lui écrire ; le courriel des autres leur est retourné.",
    ),
    "answers": Text("The sender gets an automatic answer.", "L’expéditeur reçoit une réponse automatique."),
    "answers_until": Text(
        "The sender gets an automatic answer, until {until}.",
        "L’expéditeur reçoit une réponse automatique, jusqu’au {until}.",
    ),
    "answered_until": Text("Automatic answers ended on {until}.", "Les réponses automatiques ont pris fin le {until}."),
    "copies_on": Text("Copies are forwarded. Addresses: {count}.", "Des copies sont transférées. Adresses : {count}."),
    "all_on": Text(
        "All mail is forwarded, none stays here. Addresses: {count}.",
        "Tout le courriel est transféré, rien ne reste ici. Adresses : {count}.",
    ),
    "kept": Text(
        "The mail is put into the mailbox; the holder’s own rules may sort it.",
        "Le courriel est déposé dans la boîte ; les règles du titulaire peuvent le trier.",
    ),
    "only_answered": Text(
        "No copy is kept: the sender gets the answer, and that is all.",
        "Aucune copie n’est gardée : l’expéditeur reçoit la réponse, c’est tout.",
    ),
    "nobody_left": Text(
        "It should be forwarded, but there is nobody to forward to: it goes back to its sender.",
        "Il devrait être transféré, mais il n’y a personne à qui le transférer : il retourne à l’expéditeur.",
    ),
    "filter": Text(
        "It is checked for spam, then handed to the server {host}.",
        "Il est contrôlé contre les indésirables, puis remis au serveur {host}.",
    ),
    "filter_nowhere": Text(
        "It should be handed to the domain’s own server, but {domain} names none: it waits.",
        "Il devrait être remis au serveur du domaine, mais {domain} n’en indique aucun : il attend.",
    ),
    "read_by": Text("The holder can read it by {ways}.", "Le titulaire peut le lire par {ways}."),
    "unread": Text(
        "At the moment nobody can sign in to read it.", "En ce moment, personne ne peut se connecter pour le lire."
    ),
}

ENDS: Final[Mapping[End, Text]] = {
    End.DELIVERED: Text("Delivered", "Distribué"),
    End.ONWARD: Text("Leads on", "Mène plus loin"),
    End.OUTSIDE: Text("Goes to other servers", "Va vers d’autres serveurs"),
    End.SWALLOWED: Text("Thrown away", "Jeté"),
    End.PUT_OFF: Text("Put off", "Différé"),
    End.REFUSED: Text("Refused", "Refusé"),
}

VIAS: Final[Mapping[Via, Text]] = {
    Via.ASKED: Text("Mail to", "Courriel pour"),
    Via.NAME: Text("the same mailbox as {source}", "même boîte que {source}"),
    Via.ALIAS: Text("by the alias {source}", "par l’alias {source}"),
    Via.CATCHALL: Text("as catch-all for {source}", "comme boîte collectrice pour {source}"),
    Via.FORWARD: Text("forwarded by {source}", "transféré par {source}"),
}

_VERDICTS: Final[Mapping[str, Text]] = {
    "refused": Text("Mail to {address} is refused.", "Le courriel pour {address} est refusé."),
    "put_off": Text(
        "Mail to {address} has to wait: senders’ servers try again.",
        "Le courriel pour {address} doit attendre : les serveurs des expéditeurs réessaient.",
    ),
    "arrives": Text("Mail to {address} arrives in: {ends}.", "Le courriel pour {address} arrive dans : {ends}."),
    "outside": Text(
        "Mail to {address} goes to other servers: {ends}.",
        "Le courriel pour {address} part vers d’autres serveurs : {ends}.",
    ),
    "nowhere": Text("Mail to {address} reaches nobody.", "Le courriel pour {address} n’atteint personne."),
}
_SIZES: Final = ("stored", "quota")
_NAMED: Final = 5
"""Ends that a verdict names."""


def told(step: Step, language: Language) -> str:
    values = {name: size(int(v), language) if name in _SIZES else v for name, v in step.values.items()}
    return STEPS[step.code].at(language, **values)


def how(stop: Stop, language: Language) -> str:
    return VIAS[stop.lead.via].at(language, source=stop.lead.source)


def verdict(address: str, first: End, mailboxes: list[str], outside: list[str], language: Language) -> str:
    """The whole way in a sentence. `first` is the end of the first stop."""
    if first in (End.REFUSED, End.PUT_OFF):
        return _VERDICTS[first].at(language, address=address)
    code = "arrives" if mailboxes else "outside" if outside else "nowhere"
    ends = mailboxes or outside
    shown = ", ".join(ends[:_NAMED]) + (" …" if len(ends) > _NAMED else "")
    return _VERDICTS[code].at(language, address=address, ends=shown)
