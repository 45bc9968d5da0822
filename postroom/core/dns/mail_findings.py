"""What can be wrong with the records that mail needs."""

from typing import Final

from postroom.core.dns.finding import ADD, LACKS_DOT, ONE_RECORD, REPLACE, Finding
from postroom.core.languages import Text

SERVICES: Final = ("imap", "smtp", "webmail")
HINTS: Final = ("autoconfig", "autodiscover")
"""Labels below a domain that lead to the platform: what people use, what mail programs ask by themselves."""

_NO_CNAME = Finding(
    Text("The name {name} of {domain} does not exist.", "Le nom {name} de {domain} n’existe pas."),
    ADD,
)
_WRONG_CNAME = Finding(
    Text(
        "The name {name} of {domain} leads to {found}; it should lead to {wanted}.",
        "Le nom {name} de {domain} mène à {found} ; il devrait mener à {wanted}.",
    ),
    Text(
        "Delete all records of this name and add the one shown here.",
        "Supprimez tous les enregistrements de ce nom et ajoutez celui indiqué ici.",
    ),
)

MAIL: Final[dict[str, Finding]] = {
    # MX
    "no_mx": Finding(
        Text("{domain} has no MX record: no mail arrives.", "{domain} n’a pas de MX : aucun courriel n’arrive."),
        ADD,
    ),
    "null_mx": Finding(
        Text(
            "{domain} has a null MX record, which says that it takes no mail.",
            "{domain} a un MX nul, qui dit qu’il n’accepte aucun courriel.",
        ),
        REPLACE,
    ),
    "mx_behind_cname": Finding(
        Text(
            "{domain} is a CNAME of {found}, so it can have no MX record of its own.",
            "{domain} est un CNAME de {found} et ne peut donc pas avoir de MX à lui.",
        ),
        Text(
            "Replace the CNAME record by A and AAAA records, then add the record shown here.",
            "Remplacez le CNAME par des enregistrements A et AAAA, puis ajoutez l’enregistrement indiqué ici.",
        ),
    ),
    "wrong_mx": Finding(
        Text(
            "Mail for {domain} goes elsewhere: its MX is {found}; it should be {wanted}.",
            "Le courriel de {domain} part ailleurs : son MX est {found} ; il devrait être {wanted}.",
        ),
        Text(
            "Delete the MX records of {domain} and add the record shown here.",
            "Supprimez les MX de {domain} et ajoutez l’enregistrement indiqué ici.",
        ),
    ),
    "mx_without_dot": Finding(
        Text(
            "The MX of {domain} is {found}: the domain was appended to {wanted}.",
            "Le MX de {domain} est {found} : le domaine a été ajouté à {wanted}.",
        ),
        LACKS_DOT,
    ),
    "mx_is_cname": Finding(
        Text(
            "The MX of {domain} is {found}, which is only a CNAME of {wanted}; mail servers need not follow that.",
            "Le MX de {domain} est {found}, simple CNAME de {wanted} ; les serveurs ne sont pas tenus de le suivre.",
        ),
        REPLACE,
    ),
    "foreign_mx_first": Finding(
        Text(
            "Other servers get mail for {domain} before ours or as well as ours: {found}.",
            "D’autres serveurs reçoivent le courriel de {domain} avant les nôtres ou autant qu’eux : {found}.",
        ),
        Text(
            "Delete the MX records of those servers; the one shown here must be first.",
            "Supprimez les MX de ces serveurs ; celui indiqué ici doit être le premier.",
        ),
    ),
    "extra_mx": Finding(
        Text(
            "{domain} names other servers behind ours: {found}. What they take does not reach the mailboxes here.",
            "{domain} nomme d’autres serveurs derrière les nôtres : {found}. Ce qu’ils reçoivent n’arrive pas ici.",
        ),
        Text("Delete their MX records.", "Supprimez leurs MX."),
    ),
    "missing_mx": Finding(
        Text(
            "{domain} does not name all of our servers: {wanted} is missing.",
            "{domain} ne nomme pas tous nos serveurs : il manque {wanted}.",
        ),
        ADD,
    ),
    "alias_without_mx": Finding(
        Text(
            "Mail for other names of {domain} does not arrive here: {names}.",
            "Le courriel d’autres noms de {domain} n’arrive pas ici : {names}.",
        ),
        Text(
            "Add to each of these domains the MX that is shown here for one of them.",
            "Ajoutez à chacun de ces domaines le MX indiqué ici pour l’un d’eux.",
        ),
    ),
    # SPF
    "no_spf": Finding(
        Text(
            "{domain} has no SPF record: nothing says that our servers may send its mail.",
            "{domain} n’a pas d’enregistrement SPF : rien ne dit que nos serveurs peuvent envoyer son courriel.",
        ),
        ADD,
    ),
    "wrong_spf": Finding(
        Text(
            "The SPF record of {domain} does not allow our servers to send its mail: {found}",
            "L’enregistrement SPF de {domain} n’autorise pas nos serveurs à envoyer son courriel : {found}",
        ),
        Text(
            "Put the record shown here in its place: it keeps what you have and adds our servers.",
            "Mettez à sa place l’enregistrement indiqué ici : il garde le vôtre et ajoute nos serveurs.",
        ),
    ),
    "many_spf": Finding(
        Text(
            "{domain} has {count} SPF records; with more than one receivers heed none.",
            "{domain} a {count} enregistrements SPF ; au-delà d’un seul, aucun n’est pris en compte.",
        ),
        ONE_RECORD,
    ),
    "bad_spf": Finding(
        Text(
            "The SPF record of {domain} has a mistake, so receivers heed none of it: {found}",
            "L’enregistrement SPF de {domain} contient une erreur qui l’annule : {found}",
        ),
        REPLACE,
    ),
    "spf_broken_include": Finding(
        Text(
            "The SPF record of {domain} refers to {found}, which has no SPF record; receivers heed none of it.",
            "L’enregistrement SPF de {domain} renvoie à {found}, qui n’en a pas ; il est donc sans effet.",
        ),
        Text(
            "Put the record shown here in its place if you do not need {found} any more.",
            "Mettez à sa place l’enregistrement indiqué ici si vous n’avez plus besoin de {found}.",
        ),
    ),
    "spf_too_many_lookups": Finding(
        Text(
            "The SPF record of {domain} needs {count} look-ups, of which 10 are allowed; receivers heed none of it. "
            "The most costly parts: {costs}.",
            "L’enregistrement SPF de {domain} exige {count} requêtes, pour 10 permises ; il est donc sans effet. "
            "Les plus coûteuses : {costs}.",
        ),
        Text(
            "Remove what you do not need any more, or replace an include by the addresses it stands for. {wanted} "
            "must stay.",
            "Retirez ce qui ne sert plus, ou remplacez un include par les adresses qu’il désigne. {wanted} doit "
            "rester.",
        ),
    ),
    "spf_loop": Finding(
        Text(
            "The SPF record of {domain} refers to itself by way of {found}; receivers heed none of it.",
            "L’enregistrement SPF de {domain} renvoie à lui-même par {found} ; il est donc sans effet.",
        ),
        REPLACE,
    ),
    "spf_open": Finding(
        Text(
            "The SPF record of {domain} allows the whole world to send in its name (+all).",
            "L’enregistrement SPF de {domain} autorise le monde entier à envoyer en son nom (+all).",
        ),
        REPLACE,
    ),
    # DKIM
    "no_dkim": Finding(
        Text(
            "The key that verifies our signatures of mail from {domain} is missing at {name}.",
            "La clé qui vérifie nos signatures du courriel de {domain} manque à {name}.",
        ),
        ADD,
    ),
    "misplaced_dkim": Finding(
        Text(
            "The key for the signatures of {domain} stands at {found} in place of {name}.",
            "La clé des signatures de {domain} se trouve à {found} au lieu de {name}.",
        ),
        Text(
            "Give the record the name shown here; some control panels append the domain by themselves.",
            "Donnez à l’enregistrement le nom indiqué ici ; certaines interfaces ajoutent le domaine elles-mêmes.",
        ),
    ),
    "wrong_dkim": Finding(
        Text(
            "The key at {name} is not the one that mail from {domain} is signed with; it begins with {found}.",
            "La clé à {name} n’est pas celle qui signe le courriel de {domain} ; elle commence par {found}.",
        ),
        REPLACE,
    ),
    "revoked_dkim": Finding(
        Text(
            "The key at {name} is revoked (its p= is empty): our signatures of mail from {domain} count as false.",
            "La clé à {name} est révoquée (p= vide) : nos signatures du courriel de {domain} sont jugées fausses.",
        ),
        REPLACE,
    ),
    "many_dkim": Finding(
        Text(
            "There are {count} keys at {name}; which of them receivers of mail from {domain} take is chance.",
            "Il y a {count} clés à {name} ; le choix des destinataires du courriel de {domain} relève du hasard.",
        ),
        ONE_RECORD,
    ),
    "unsuitable_dkim": Finding(
        Text(
            "The key at {name} is right, but {found} keeps receivers from using it for mail from {domain}.",
            "La clé à {name} est juste, mais {found} empêche de s’en servir pour le courriel de {domain}.",
        ),
        REPLACE,
    ),
    "dkim_testing": Finding(
        Text(
            "The key at {name} says that {domain} is only trying it (t=y): receivers may ignore its signatures.",
            "La clé à {name} dit que {domain} ne fait que l’essayer (t=y) : ses signatures peuvent être ignorées.",
        ),
        REPLACE,
    ),
    # Names of our services
    **{f"no_cname_{label}": _NO_CNAME for label in SERVICES + HINTS},
    **{f"wrong_cname_{label}": _WRONG_CNAME for label in SERVICES + HINTS},
    "cname_without_dot": Finding(
        Text(
            "The name {name} leads to {found}: {domain} was appended to {wanted}.",
            "Le nom {name} mène à {found} : {domain} a été ajouté à {wanted}.",
        ),
        LACKS_DOT,
    ),
    # Policies
    "no_dmarc": Finding(
        Text(
            "{domain} has no DMARC record: nothing tells receivers what to do with mail that forges its name.",
            "{domain} n’a pas d’enregistrement DMARC : rien ne dit que faire du courriel qui usurpe son nom.",
        ),
        Text(
            "Add the record shown here. Once the reports show that all your mail passes, make it p=quarantine or "
            "p=reject.",
            "Ajoutez l’enregistrement indiqué ici. Quand les rapports montrent que tout votre courriel passe, "
            "mettez p=quarantine ou p=reject.",
        ),
    ),
    "many_dmarc": Finding(
        Text(
            "{name} has {count} DMARC records; with more than one receivers of mail from {domain} heed none.",
            "{name} a {count} enregistrements DMARC ; au-delà d’un seul, {domain} est traité comme sans DMARC.",
        ),
        ONE_RECORD,
    ),
    "bad_dmarc": Finding(
        Text(
            "The DMARC record of {domain} has a mistake: {found}.",
            "L’enregistrement DMARC de {domain} contient une erreur : {found}.",
        ),
        REPLACE,
    ),
    "no_mta_sts": Finding(
        Text(
            "{domain} does not ask other servers to encrypt the way to it (MTA-STS).",
            "{domain} ne demande pas aux autres serveurs de chiffrer l’acheminement (MTA-STS).",
        ),
        Text(
            "Not needed for mail to flow. First serve a policy at https://mta-sts.{domain}/.well-known/mta-sts.txt, "
            "which we do not look at, then add the record shown here.",
            "Facultatif. Publiez d’abord une politique à https://mta-sts.{domain}/.well-known/mta-sts.txt, que nous "
            "ne consultons pas, puis ajoutez l’enregistrement indiqué ici.",
        ),
    ),
    "bad_mta_sts": Finding(
        Text(
            "The MTA-STS record of {domain} has a mistake: {found}. The policy itself, at "
            "https://mta-sts.{domain}/, was not looked at.",
            "L’enregistrement MTA-STS de {domain} contient une erreur : {found}. La politique elle-même, à "
            "https://mta-sts.{domain}/, n’a pas été consultée.",
        ),
        REPLACE,
    ),
    "no_tls_rpt": Finding(
        Text(
            "{domain} asks for no reports about failed encryption on the way to it (TLS-RPT).",
            "{domain} ne demande pas de rapports sur les échecs de chiffrement (TLS-RPT).",
        ),
        Text(
            "Not needed for mail to flow. To get such reports add the record shown here, with the address you want.",
            "Facultatif. Pour recevoir ces rapports, ajoutez l’enregistrement indiqué ici, à l’adresse voulue.",
        ),
    ),
    "bad_tls_rpt": Finding(
        Text(
            "The TLS-RPT record of {domain} has a mistake: {found}.",
            "L’enregistrement TLS-RPT de {domain} contient une erreur : {found}.",
        ),
        REPLACE,
    ),
}
