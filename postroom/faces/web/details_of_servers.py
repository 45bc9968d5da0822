"""Why other servers did not do what they were asked, and how a platform differed; as in details_table.py."""

from typing import Final

from postroom.core.languages import Text

COPYING: Final = (
    Text("{address} was deleted", "{address} a été supprimée"),
    Text("{address} is no longer a mailbox", "{address} n’est plus une boîte"),
    Text(
        "The password was sealed with another POSTROOM_SECRET_KEY; ask for the copy anew",
        "Le mot de passe a été scellé avec une autre POSTROOM_SECRET_KEY ; redemandez la copie",
    ),
    Text(
        "Mail cannot be copied to this platform: its settings name no imap_port",
        "Le courrier ne peut pas être copié vers cette plateforme : ses réglages ne nomment pas d’imap_port",
    ),
    Text(
        "Where our own mail servers are cannot be read: {why}",
        "L’emplacement de nos propres serveurs de messagerie ne peut pas être lu : {why}",
    ),
    Text("Our own mail server does not answer: {why}", "Notre propre serveur de messagerie ne répond pas : {why}"),
    Text("Our own mail server refuses: {told}", "Notre propre serveur de messagerie refuse : {told}"),
    Text("The mailbox here is full", "La boîte d’ici est pleine"),
    Text("The name {host} cannot be looked up at the moment", "Le nom {host} ne peut pas être résolu pour le moment"),
    Text("There is no server named {host}", "Il n’y a pas de serveur nommé {host}"),
    Text("{host} is not a server's name", "{host} n’est pas le nom d’un serveur"),
    Text(
        "{host} is in a network that mail is not copied from; who runs this Postroom can allow it",
        "{host} est dans un réseau d’où le courrier n’est pas copié ; l’exploitant de ce Postroom peut le permettre",
    ),
    Text("{host} port {port} does not answer: {why}", "{host}, port {port}, ne répond pas : {why}"),
    Text("{host} hangs up: {why}", "{host} raccroche : {why}"),
    Text("{host} does not speak TLS on this port: {why}", "{host} ne parle pas TLS sur ce port : {why}"),
    Text(
        "The certificate of {host} does not prove its name: {why}",
        "Le certificat de {host} ne prouve pas son nom : {why}",
    ),
    Text("The server's encryption fails: {why}", "Le chiffrement du serveur échoue : {why}"),
    Text(
        "The server talks on where encryption should begin",
        "Le serveur continue de parler là où le chiffrement devrait commencer",
    ),
    Text("The server announces more than was asked for", "Le serveur annonce plus que ce qui était demandé"),
    Text("The server answers more than was asked for", "Le serveur répond plus que ce qui était demandé"),
    Text("The server takes too long for one answer", "Le serveur met trop longtemps à répondre"),
    Text("The server has stopped answering", "Le serveur a cessé de répondre"),
    Text("The server has hung up", "Le serveur a raccroché"),
    Text("The server refuses to talk: {told}", "Le serveur refuse de parler : {told}"),
    Text("The server refuses the login: {told}", "Le serveur refuse la connexion : {told}"),
    Text(
        "The server takes no login at the moment: {told}",
        "Le serveur n’accepte pas de connexion pour le moment : {told}",
    ),
    Text("The connection broke off: {told}", "La connexion s’est rompue : {told}"),
    Text("an answer of the server cannot be read ({kind})", "une réponse du serveur ne peut pas être lue ({kind})"),
    Text("{number} bytes are more than is copied", "{number} octets : c’est plus que ce qui est copié"),
)

MAILER: Final = (
    Text("could not be made: {kind}", "n’a pas pu être composé : {kind}"),
    Text("cannot be sent to such an address: {why}", "ne peut pas être envoyé à une telle adresse : {why}"),
    Text("the connection was lost: {why}", "la connexion a été perdue : {why}"),
    Text("{host}: the sign-in was refused ({code})", "{host} : la connexion a été refusée ({code})"),
)

PROVIDER: Final = (
    Text(
        "{url} is no address to ask an identity provider at: it must begin with https",
        "{url} n’est pas une adresse où interroger un fournisseur d’identité : elle doit commencer par https",
    ),
    Text(
        "{url} does not describe an identity provider: status {status}",
        "{url} ne décrit pas de fournisseur d’identité : statut {status}",
    ),
    Text("{url} says that it is another identity provider", "{url} dit être un autre fournisseur d’identité"),
    Text(
        "The identity provider at {host} does not answer: {kind}",
        "Le fournisseur d’identité, sur {host}, ne répond pas : {kind}",
    ),
    Text(
        "The identity provider answers with status {status}",
        "Le fournisseur d’identité répond par le statut {status}",
    ),
    Text("The identity provider answers with far too much", "Le fournisseur d’identité en répond beaucoup trop"),
    Text(
        "The identity provider answers with something that is no JSON object",
        "Le fournisseur d’identité ne répond pas par un objet JSON",
    ),
    Text(
        "The identity provider takes too long for one answer",
        "Le fournisseur d’identité met trop longtemps à répondre",
    ),
    Text("The identity provider names no {name}", "Le fournisseur d’identité ne nomme pas de {name}"),
    Text("The identity provider's keys cannot be read", "Les clés du fournisseur d’identité ne peuvent pas être lues"),
    Text(
        "The identity provider does not take the code: {told}",
        "Le fournisseur d’identité n’accepte pas le code : {told}",
    ),
    Text(
        "The identity provider does not say who this is: {told}",
        "Le fournisseur d’identité ne dit pas de qui il s’agit : {told}",
    ),
    Text("status {status}", "statut {status}"),
    Text("The identity provider tells of somebody else", "Le fournisseur d’identité parle de quelqu’un d’autre"),
    Text(
        "What the identity provider says is for somebody else",
        "Ce que dit le fournisseur d’identité est destiné à quelqu’un d’autre",
    ),
    Text("The answer names another identity provider", "La réponse nomme un autre fournisseur d’identité"),
    Text(
        "The identity provider's token is not for us: {why}",
        "Le jeton du fournisseur d’identité n’est pas pour nous : {why}",
    ),
    Text(
        "The identity provider's token does not prove itself: {why}",
        "Le jeton du fournisseur d’identité ne s’authentifie pas : {why}",
    ),
)

DRIFT: Final = (
    Text("domain {name} is missing or different", "le domaine {name} manque ou est différent"),
    Text("mailbox {address} is missing or different", "la boîte {address} manque ou est différente"),
    Text("domain {name} is there and should not be", "le domaine {name} est là et ne devrait pas y être"),
    Text("mailbox {address} is there and should not be", "la boîte {address} est là et ne devrait pas y être"),
    Text("domain {name} is missing there", "le domaine {name} y manque"),
    Text("mailbox {address} is missing there", "la boîte {address} y manque"),
    Text("mailbox {address} was made there", "la boîte {address} y a été créée"),
    Text("mailbox {address} is switched off there", "la boîte {address} y est désactivée"),
    Text("mailbox {address} is switched on there", "la boîte {address} y est activée"),
    Text("mailbox {address} has the name {name} there", "la boîte {address} y porte le nom {name}"),
    Text("alias {alias} is missing there", "l’alias {alias} y manque"),
    Text("alias {alias} was made there", "l’alias {alias} y a été créé"),
    Text("alias {alias} is there and should not be", "l’alias {alias} est là et ne devrait pas y être"),
    Text("{name} is there, and cannot be taken over", "{name} y est, et ne peut pas être repris"),
    Text("{place}: mail of no mailbox", "{place} : du courrier qui n’est d’aucune boîte"),
    Text(
        "{name}: what the mail servers read of it was different",
        "{name} : ce que les serveurs de messagerie en lisent était différent",
    ),
    Text(
        "{name}: the mail servers still had it in {table}",
        "{name} : les serveurs de messagerie l’avaient encore dans {table}",
    ),
    Text("Postfix does not take mail for {name}", "Postfix n’accepte pas le courrier de {name}"),
    Text("Postfix delivers {address} to {to}", "Postfix remet {address} à {to}"),
    Text("Postfix delivers {address} to nobody", "Postfix ne remet {address} à personne"),
    Text("Dovecot keeps its mail in {place}", "Dovecot garde son courrier dans {place}"),
    Text("Dovecot keeps its mail in no place", "Dovecot ne garde son courrier nulle part"),
    Text("Rspamd has another signing key for {name}", "Rspamd a une autre clé de signature pour {name}"),
    Text("Rspamd has another policy for spam at the door", "Rspamd a une autre règle pour le spam à l’arrivée"),
    Text("{name}: {hint}", "{name} : {hint}"),
)

SERVERS: Final = (*COPYING, *MAILER, *PROVIDER, *DRIFT)
