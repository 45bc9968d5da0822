"""Why a mail platform did not do what it was asked, in French; as in details_table.py."""

from typing import Final

from postroom.core.languages import Text

ANY_PLATFORM: Final = (
    Text("There is no driver {name}; there are {names}", "Il n’y a pas de pilote {name} ; il y a {names}"),
    Text(
        "A {driver} platform has no setting named {name}; there are {names}",
        "Une plateforme « {driver} » n’a aucun réglage nommé {name} ; il y a {names}",
    ),
    Text('The settings of the platform, "{name}": {told}', "Les réglages de la plateforme, « {name} » : {told}"),
    Text("{host} must be written {right}", "{host} doit s’écrire {right}"),
    Text("{name} may name {names}", "{name} peut nommer {names}"),
    Text(
        "spf must be one mechanism such as include:_spf.acme.example, not {value}",
        "spf doit être un seul mécanisme, par exemple include:_spf.acme.example, et non {value}",
    ),
    Text("there is no port {port}", "il n’y a pas de port {port}"),
    Text("The host has no resolver: {why}", "La machine n’a pas de résolveur DNS : {why}"),
    Text(
        "a fault in Postroom ({kind}); its log says more",
        "une erreur dans Postroom ({kind}) ; son journal en dit plus",
    ),
    Text("{domain} is not on the platform yet", "{domain} n’est pas encore sur la plateforme"),
    Text("{domain} still has mailboxes on the platform", "{domain} a encore des boîtes sur la plateforme"),
    Text(
        "{name} is still something else on the platform, which is to be renamed or removed",
        "{name} est encore autre chose sur la plateforme, à renommer ou à supprimer",
    ),
    Text(
        "{name} is taken on the platform by object {theirs}; ours is {ours}",
        "{name} est pris sur la plateforme par l’objet {theirs} ; le nôtre est {ours}",
    ),
    Text("it has not reached its platform yet", "elle n’est pas encore arrivée sur sa plateforme"),
    Text("{address} is not on its mail platform yet", "{address} n’est pas encore sur sa plateforme"),
)

MAILSTACK: Final = (
    Text("Dovecot knows no such user", "Dovecot ne connaît pas cet utilisateur"),
    Text("Dovecot does not take the name; its log says why", "Dovecot n’accepte pas ce nom ; son journal dit pourquoi"),
    Text("Dovecot had no room for it; its log says why", "Dovecot n’avait plus de place ; son journal dit pourquoi"),
    Text("Dovecot does not allow it; its log says why", "Dovecot ne le permet pas ; son journal dit pourquoi"),
    Text("Dovecot refused it; its log says why", "Dovecot l’a refusé ; son journal dit pourquoi"),
    Text("Dovecot has no such thing; its log says why", "Dovecot n’a rien de tel ; son journal dit pourquoi"),
    Text("Dovecot does not take our doveadm key", "Dovecot n’accepte pas notre clé de doveadm"),
    Text(
        "doveadm ended with code {code}; Dovecot's log says why",
        "doveadm s’est terminé avec le code {code} ; le journal de Dovecot dit pourquoi",
    ),
    Text("doveadm gave an answer that cannot be read: {why}", "doveadm a donné une réponse illisible : {why}"),
    Text("doveadm does not answer: {told}", "doveadm ne répond pas : {told}"),
    Text("the answer is too long", "la réponse est trop longue"),
    Text("doveadm answered with HTTP status {status}", "doveadm a répondu par le statut HTTP {status}"),
    Text(
        'The settings of a mailstack platform need "dir", the directory of its mail.json',
        "Les réglages d’une plateforme mailstack demandent « dir », le dossier de son mail.json",
    ),
    Text(
        "{path} cannot be read ({why}): is the mail stack set up?",
        "{path} ne peut pas être lu ({why}) : les serveurs de messagerie sont-ils en place ?",
    ),
    Text("{path} is not what `postroom mail` writes: {why}", "{path} n’est pas ce qu’écrit « postroom mail » : {why}"),
    Text("{path} cannot be removed: {why}", "{path} ne peut pas être supprimé : {why}"),
    Text("Redis does not answer as it should: {why}", "Redis ne répond pas comme il le devrait : {why}"),
    Text("Redis: {kind}", "Redis : {kind}"),
    Text("{command} cannot be asked: {why}", "{command} ne peut pas être interrogé : {why}"),
    Text("{command} answers: {said}", "{command} répond : {said}"),
    Text("{address} is not an address here", "{address} n’est pas une adresse d’ici"),
    Text("There is no script {name}", "Il n’y a pas de script {name}"),
    Text("There is no folder {name}", "Il n’y a pas de dossier {name}"),
    Text("{name} cannot be the name of a script", "{name} ne peut pas être le nom d’un script"),
)

FAKE: Final = (
    Text("The platform was told to fail", "La plateforme a reçu l’ordre d’échouer"),
    Text("The name archive is kept for the mail archive.", "Le nom archive est réservé aux archives du courrier."),
    Text("No answer within {number} seconds", "Pas de réponse en {number} secondes"),
    Text("The simulated platform's file: {why}", "Le fichier de la plateforme simulée : {why}"),
    Text(
        'The settings of a fake platform need "path", the name of its SQLite file',
        "Les réglages d’une plateforme simulée demandent « path », le nom de son fichier SQLite",
    ),
    Text("There is no mailbox {address} on this platform", "Il n’y a pas de boîte {address} sur cette plateforme"),
    Text("The domain {name} is not on this platform", "Le domaine {name} n’est pas sur cette plateforme"),
    Text("{name} is a name or an alias of another domain", "{name} est le nom ou l’alias d’un autre domaine"),
    Text("{address} is the address of another mailbox", "{address} est l’adresse d’une autre boîte"),
    Text("{name} still has mailboxes", "{name} a encore des boîtes"),
)

DIMAIL: Final = (
    Text(
        "dimail at {host} does not take our name and password",
        "dimail, sur {host}, n’accepte pas notre nom et notre mot de passe",
    ),
    Text(
        "What answers {request} with status {status} is not dimail",
        "Ce qui répond à {request} par le statut {status} n’est pas dimail",
    ),
    Text(
        "dimail at {host} sends us elsewhere: is its address right?",
        "dimail, sur {host}, nous envoie ailleurs : son adresse est-elle juste ?",
    ),
    Text("dimail at {host} does not answer: {kind}", "dimail, sur {host}, ne répond pas : {kind}"),
    Text("dimail at {host} does not answer {call}: {kind}", "dimail, sur {host}, ne répond pas à {call} : {kind}"),
    Text(
        "dimail at {host} is not empty, and does not take our account",
        "dimail, sur {host}, n’est pas vide et n’accepte pas notre compte",
    ),
    Text(
        "dimail at {host} is not in FAKE mode, so it is not emptied",
        "dimail, sur {host}, n’est pas en mode FAKE ; il n’est donc pas vidé",
    ),
    Text(
        "dimail answers {call} with something that makes no sense",
        "dimail donne à {call} une réponse qui n’a pas de sens",
    ),
    Text("dimail answers {call} with status {status}", "dimail répond à {call} par le statut {status}"),
    Text("dimail answers with far too much", "dimail en répond beaucoup trop"),
    Text("dimail takes too long for one answer", "dimail met trop longtemps à répondre"),
    Text("dimail refuses {call} ({status})", "dimail refuse {call} ({status})"),
    Text("dimail refuses {call} ({status}): {said}", "dimail refuse {call} ({status}) : {said}"),
    Text(
        "dimail cannot be asked about a name such as {name}",
        "dimail ne peut pas être interrogé sur un nom tel que {name}",
    ),
    Text(
        "dimail has been told of a part of the aliases; the others follow",
        "une partie des alias a été transmise à dimail ; les autres suivent",
    ),
    Text(
        "dimail knows no other names of a domain; {domain} has {names}",
        "dimail ne connaît pas d’autres noms d’un domaine ; {domain} a {names}",
    ),
    Text("dimail cannot give {was} the new name {name}", "dimail ne peut pas donner à {was} le nouveau nom {name}"),
    Text(
        "dimail cannot give {was} the new name {name} ({said})",
        "dimail ne peut pas donner à {was} le nouveau nom {name} ({said})",
    ),
    Text(
        "dimail has mailboxes only; {address} is a {kind}",
        "dimail n’a que des boîtes de type « mailbox » ; {address} est de type « {kind} »",
    ),
    Text(
        "{address} is the address of another mailbox on dimail",
        "{address} est l’adresse d’une autre boîte sur dimail",
    ),
    Text("{address} has the same first and last name on dimail", "{address} a les mêmes prénom et nom sur dimail"),
    Text("{address} is not on dimail", "{address} n’est pas sur dimail"),
    Text("The domain {name} is not on dimail", "Le domaine {name} n’est pas sur dimail"),
    Text("{name} still has mailboxes on dimail", "{name} a encore des boîtes sur dimail"),
    Text(
        "{name} is empty there; whoever runs this dimail has to remove it",
        "{name} y est vide ; c’est à l’exploitant de ce dimail de le supprimer",
    ),
    Text(
        'The settings of a dimail platform need "{name}" (docs/dimail-driver.md)',
        "Les réglages d’une plateforme dimail demandent « {name} » (docs/dimail-driver.md)",
    ),
    Text(
        'The settings of the dimail platform need "webmail": login codes are used there',
        "Les réglages de la plateforme dimail demandent « webmail » : les codes de connexion y servent",
    ),
    Text(
        'The settings of the dimail platform, "{name}": must be an address of the web',
        "Les réglages de la plateforme dimail, « {name} » : doit être une adresse du web",
    ),
    Text(
        'The settings of the dimail platform, "{name}": credentials do not belong there',
        "Les réglages de la plateforme dimail, « {name} » : un nom et un mot de passe n’y ont pas leur place",
    ),
    Text("The settings of the dimail platform: {why}", "Les réglages de la plateforme dimail : {why}"),
    Text("{path} may be read by everybody: chmod o-rwx", "{path} peut être lu par tout le monde : chmod o-rwx"),
    Text(
        "{path}, where the password of dimail is, cannot be read ({told})",
        "{path}, où est le mot de passe de dimail, ne peut pas être lu ({told})",
    ),
    Text("no text", "pas de texte"),
)

OPENXCHANGE: Final = (
    Text("The settings of the Open-Xchange platform: {why}", "Les réglages de la plateforme Open-Xchange : {why}"),
    Text(
        'The settings of an openxchange platform need "dns" with "mx": where mail goes',
        "Les réglages d’une plateforme openxchange demandent « dns » avec « mx » : où va le courrier",
    ),
    Text("{path} cannot be read: {why}", "{path} ne peut pas être lu : {why}"),
    Text("{path} is empty", "{path} est vide"),
    Text(
        "ssh cannot be started here ({why}): is openssh-client installed?",
        "ssh ne peut pas être lancé ici ({why}) : openssh-client est-il installé ?",
    ),
    Text(
        "The connection to {host} ended (ssh said {code}: {told})",
        "La connexion à {host} s’est terminée (ssh a dit {code} : {told})",
    ),
    Text("nothing", "rien"),
    Text(
        "{host} has not the key that {path} names, or none is named there",
        "{host} n’a pas la clé que nomme {path}, ou celui-ci n’en nomme aucune",
    ),
    Text("{host} does not let {user} in", "{host} ne laisse pas entrer {user}"),
    Text(
        "{host} gave no answer in time; the command may run on there",
        "{host} n’a pas répondu à temps ; la commande y continue peut-être",
    ),
    Text(
        "Open-Xchange was too slow: not all could be done in one go",
        "Open-Xchange a été trop lent : tout n’a pas pu être fait d’un coup",
    ),
    Text(
        "A value holds the character NUL, which no command can be given",
        "Une valeur contient le caractère NUL, qu’aucune commande ne peut recevoir",
    ),
    Text(
        "A value holds half a character, which no command can be given",
        "Une valeur contient un demi-caractère, qu’aucune commande ne peut recevoir",
    ),
    Text("{tool}: {told} (exit code {code})", "{tool} : {told} (code de sortie {code})"),
    Text("said nothing", "n’a rien dit"),
    Text("A list of Open-Xchange has no {names}", "Une liste d’Open-Xchange n’a pas {names}"),
    Text(
        "A list of Open-Xchange has a line of {number} columns instead of {wanted}",
        "Une liste d’Open-Xchange a une ligne de {number} colonnes au lieu de {wanted}",
    ),
    Text("A list of Open-Xchange is no CSV ({why})", "Une liste d’Open-Xchange n’est pas en CSV ({why})"),
    Text(
        "A list of Open-Xchange has an id that is no number: {id}",
        "Une liste d’Open-Xchange a un identifiant qui n’est pas un nombre : {id}",
    ),
    Text(
        "{address} is the address of another user in Open-Xchange",
        "{address} est l’adresse d’un autre utilisateur dans Open-Xchange",
    ),
    Text("{address} cannot be an address in Open-Xchange", "{address} ne peut pas être une adresse dans Open-Xchange"),
    Text(
        "{address} is in context {context} of Open-Xchange; elsewhere it would have no calendar and no contacts "
        "any more",
        "{address} est dans le contexte {context} d’Open-Xchange ; ailleurs, cette boîte n’aurait plus ni agenda "
        "ni contacts",
    ),
    Text(
        "{done} of {all} users of {domain} have moved so far",
        "{done} utilisateurs de {domain} sur {all} ont été déplacés jusqu’ici",
    ),
    Text(
        "Others make contexts in Open-Xchange as quickly as {domain} gets one",
        "D’autres créent des contextes dans Open-Xchange aussi vite que {domain} en reçoit un",
    ),
    Text(
        "{domain} is in context {context} of Open-Xchange, but not by Postroom",
        "{domain} est dans le contexte {context} d’Open-Xchange, mais pas par Postroom",
    ),
    Text(
        "{domain} has users in context {context} of Open-Xchange; they cannot be moved into another one",
        "{domain} a des utilisateurs dans le contexte {context} d’Open-Xchange ; ils ne peuvent pas passer dans "
        "un autre",
    ),
    Text("{domain} still has users in Open-Xchange", "{domain} a encore des utilisateurs dans Open-Xchange"),
    Text("Open-Xchange must know the directory of {domain}", "Open-Xchange doit connaître l’annuaire de {domain}"),
    Text("{name} cannot be a login mapping", "{name} ne peut pas désigner un contexte à la connexion"),
    Text(
        "{name} is a name or an alias of another domain in Open-Xchange",
        "{name} est le nom ou l’alias d’un autre domaine dans Open-Xchange",
    ),
    Text("The domain {name} is not in Open-Xchange", "Le domaine {name} n’est pas dans Open-Xchange"),
)

PLATFORMS: Final = (*ANY_PLATFORM, *MAILSTACK, *FAKE, *DIMAIL, *OPENXCHANGE)
