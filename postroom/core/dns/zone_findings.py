"""What can be wrong with a zone, its name servers and its signatures, and with what the platform knows of a domain."""

from typing import Final

from postroom.core.dns.finding import ADD, Finding
from postroom.core.languages import Text

_WAIT = Text(
    "Nothing need be wrong with your records. We ask again by ourselves; if this stays, tell whoever runs the name "
    "servers.",
    "Vos enregistrements sont peut-être justes. Nous réessayons de nous-mêmes ; si cela dure, prévenez qui gère les "
    "serveurs de noms.",
)
_SIGN_ANEW = Text(
    "Have your DNS host sign the zone anew, or your registrar replace or remove the DS record.",
    "Faites signer à nouveau la zone par votre hébergeur DNS, ou remplacer ou retirer le DS par votre bureau "
    "d’enregistrement.",
)


def _unasked(en: str, fr: str) -> Finding:
    return Finding(Text(en, fr), _WAIT, unasked=True)


ZONE: Final[dict[str, Finding]] = {
    # It could not be asked
    "dns_timeout": _unasked(
        "The name servers of {domain} did not answer in time ({servers}).",
        "Les serveurs de noms de {domain} n’ont pas répondu à temps ({servers}).",
    ),
    "dns_servfail": _unasked(
        "The name servers of {domain} answered that they failed themselves: SERVFAIL ({servers}).",
        "Les serveurs de noms de {domain} ont répondu par une erreur interne : SERVFAIL ({servers}).",
    ),
    "dns_refused": _unasked(
        "The name servers of {domain} refused to answer: REFUSED ({servers}).",
        "Les serveurs de noms de {domain} ont refusé de répondre : REFUSED ({servers}).",
    ),
    "dns_lame": _unasked(
        "The servers named for {domain} say that they are not responsible for it ({servers}).",
        "Les serveurs désignés pour {domain} disent ne pas en être responsables ({servers}).",
    ),
    "dns_unreachable": _unasked(
        "The name servers of {domain} cannot be reached over the network ({servers}).",
        "Les serveurs de noms de {domain} sont injoignables par le réseau ({servers}).",
    ),
    "dns_bad_answer": _unasked(
        "The name servers of {domain} gave answers that make no sense ({servers}).",
        "Les serveurs de noms de {domain} ont donné des réponses incohérentes ({servers}).",
    ),
    "dns_loop": _unasked(
        "The names asked about {domain} lead round in a circle or too far ({servers}).",
        "Les noms demandés pour {domain} tournent en rond ou mènent trop loin ({servers}).",
    ),
    "dns_no_time": _unasked(
        "The name servers of {domain} are so slow that there was no time left for this question ({servers}).",
        "Les serveurs de noms de {domain} sont si lents qu’il ne restait plus de temps pour cette question "
        "({servers}).",
    ),
    "platform_silent": _unasked(
        "The mail servers could not be asked about {domain}.",
        "Les serveurs de courriel n’ont pas pu être interrogés au sujet de {domain}.",
    ),
    "aliases_unasked": Finding(
        Text(
            "It could not be seen whether mail for other names of {domain} arrives here: {names}.",
            "Impossible de voir si le courriel d’autres noms de {domain} arrive ici : {names}.",
        ),
        _WAIT,
        unasked=True,
    ),
    # The domain itself
    "must_exist": Finding(
        Text(
            "Nobody is in charge of {domain}: no name server is known for it.",
            "Personne ne gère {domain} : aucun serveur de noms n’est connu.",
        ),
        Text(
            "Register the domain, or have its registrar delegate it to your name servers.",
            "Enregistrez le domaine, ou faites-le déléguer à vos serveurs de noms par son bureau d’enregistrement.",
        ),
    ),
    "servers_without_address": Finding(
        Text(
            "The name servers of {domain} have no network address: {servers}.",
            "Les serveurs de noms de {domain} n’ont pas d’adresse réseau : {servers}.",
        ),
        Text(
            "Have your registrar delegate the domain to name servers that exist.",
            "Faites déléguer le domaine à des serveurs de noms qui existent.",
        ),
    ),
    "servers_not_public": Finding(
        Text(
            "The name servers of {domain} have addresses that the internet cannot reach: {servers}.",
            "Les serveurs de noms de {domain} ont des adresses inaccessibles depuis internet : {servers}.",
        ),
        Text(
            "Have your registrar delegate the domain to name servers with public addresses.",
            "Faites déléguer le domaine à des serveurs de noms ayant des adresses publiques.",
        ),
    ),
    "servers_differ": Finding(
        Text(
            "The name servers of {domain} do not agree about {name} ({type}).",
            "Les serveurs de noms de {domain} ne sont pas d’accord au sujet de {name} ({type}).",
        ),
        Text(
            "After a change this passes within minutes. If it stays, one of the servers keeps an old copy: tell "
            "whoever runs them.",
            "Après un changement, cela passe en quelques minutes. Si cela dure, un serveur garde une ancienne "
            "copie : prévenez qui les gère.",
        ),
    ),
    "servers_silent": Finding(
        Text(
            "Not all name servers of {domain} give answers: {servers}.",
            "Certains serveurs de noms de {domain} ne donnent pas de réponse : {servers}.",
        ),
        Text(
            "The others do, so mail flows; have these repaired or taken out of the delegation.",
            "Les autres répondent, le courriel circule donc ; faites réparer ceux-ci ou retirez-les de la délégation.",
        ),
    ),
    # Control of the domain
    "no_ownership": Finding(
        Text(
            "{name} does not show the text that proves that {domain} is yours.",
            "{name} ne montre pas le texte qui prouve que {domain} est à vous.",
        ),
        ADD,
    ),
    "wrong_ownership": Finding(
        Text(
            "{name} shows another text than the one that proves that {domain} is yours: {found}.",
            "{name} montre un autre texte que celui qui prouve que {domain} est à vous : {found}.",
        ),
        Text(
            "Add the record shown here; other TXT records of this name may stay.",
            "Ajoutez l’enregistrement indiqué ici ; d’autres enregistrements TXT de ce nom peuvent rester.",
        ),
    ),
    # DNSSEC
    "not_signed": Finding(
        Text(
            "{domain} is not signed (DNSSEC): its records can be forged on their way.",
            "{domain} n’est pas signé (DNSSEC) : ses enregistrements peuvent être falsifiés en chemin.",
        ),
        Text(
            "Not needed for mail to flow. Many DNS hosts sign a domain at the push of a button.",
            "Facultatif. Beaucoup d’hébergeurs DNS signent un domaine en un clic.",
        ),
    ),
    "signed_without_ds": Finding(
        Text(
            "{domain} is signed, but the zone above it does not say so (no DS record): the signatures are unused.",
            "{domain} est signé, mais la zone parente ne le dit pas (pas de DS) : les signatures ne servent pas.",
        ),
        Text(
            "Give the DS record of your DNS host to your registrar.",
            "Transmettez l’enregistrement DS de votre hébergeur DNS à votre bureau d’enregistrement.",
        ),
    ),
    "dnssec_without_key": Finding(
        Text(
            "The zone above {domain} says that it is signed (DS {found}), but the domain has no such key: whoever "
            "verifies signatures sees nothing of it, its mail included.",
            "La zone parente dit que {domain} est signé (DS {found}), mais le domaine n’a pas cette clé : qui "
            "vérifie les signatures ne voit plus le domaine, ni son courriel.",
        ),
        _SIGN_ANEW,
    ),
    "broken_dnssec": Finding(
        Text(
            "The signatures of {domain} are missing, wrong or too old ({found}): whoever verifies them sees "
            "nothing of it, its mail included.",
            "Les signatures de {domain} sont absentes, fausses ou périmées ({found}) : qui les vérifie ne voit plus "
            "le domaine, ni son courriel.",
        ),
        _SIGN_ANEW,
    ),
    # The platform's own affairs
    "no_domain": Finding(
        Text(
            "The mail servers do not know {domain}. This is ours to mend.",
            "Les serveurs de courriel ne connaissent pas {domain}. C’est à nous d’y remédier.",
        ),
        Text("", ""),
    ),
    "wrong_key": Finding(
        Text(
            "The mail servers do not have the key that mail from {domain} is to be signed with. This is ours to mend.",
            "Les serveurs de courriel n’ont pas la clé qui doit signer le courriel de {domain}. C’est à nous d’y "
            "remédier.",
        ),
        Text("", ""),
    ),
}
