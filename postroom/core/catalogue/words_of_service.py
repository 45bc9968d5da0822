"""Words of what companies and domains are about: names, services, limits, security."""

from collections.abc import Mapping
from typing import Final

from postroom.core.catalogue.words_table import Words, words

SERVICE_WORDS: Final[Mapping[str, Words]] = {
    "account": words(
        "general",
        ("Name", "Nom"),
        ("The name itself, or the address.", "Le nom lui-même, ou l’adresse."),
    ),
    "aliases": words(
        "general",
        ("Other names", "Autres noms"),
        (
            "Further names for the same thing: mail that is sent to them arrives here as well.",
            "D’autres noms pour la même chose : le courriel qui leur est envoyé arrive aussi ici.",
        ),
    ),
    "company": words(
        "general",
        ("Company", "Société"),
        ("The company that the domain belongs to.", "La société à laquelle le domaine appartient."),
    ),
    "language": words(
        "general",
        ("Language", "Langue"),
        (
            "The language of the webmail.",
            "La langue du webmail.",
        ),
    ),
    "timezone": words(
        "general",
        ("Time zone", "Fuseau horaire"),
        (
            "The time zone that the webmail shows times in.",
            "Le fuseau dans lequel le webmail affiche les heures.",
        ),
    ),
    "brand": words(
        "general",
        ("Brand", "Marque"),
        (
            "The look of the webmail and of the letters that people get: the name of one of the company’s brands.",
            "L’apparence du webmail et des lettres que l’on reçoit : le nom d’une des marques de la société.",
        ),
    ),
    "workgroup": words(
        "general",
        ("Workgroup", "Groupe de travail"),
        (
            "The group that mailboxes belong to.",
            "Le groupe dont les boîtes font partie.",
        ),
    ),
    "wm_domainalias": words(
        "general",
        ("Send under the domain’s other names", "Écrire sous les autres noms du domaine"),
        (
            "The webmail offers people the alias names of their domain as sender addresses.",
            "Le webmail propose les autres noms du domaine comme adresses d’expéditeur.",
        ),
    ),
    "contacts": words(
        "general",
        ("Contacts", "Contacts"),
        (
            "Whom to write to or call at the company, and about what.",
            "Les personnes à joindre dans la société, et à quel sujet.",
        ),
    ),
    "notes_external": words(
        "general",
        ("Notes", "Notes"),
        (
            "Free notes for those who manage this. They have no effect on mail.",
            "Notes libres pour les gestionnaires. Elles n’ont aucun effet sur le courriel.",
        ),
    ),
    "disabled": words(
        "services",
        ("Switched off", "Mis hors service"),
        (
            "Nobody signs in, and nothing is delivered or sent, as long as this is on.",
            "Tant que c’est coché, personne ne se connecte et rien n’est distribué ni envoyé.",
        ),
    ),
    "service_webmail": words(
        "services",
        ("Webmail", "Webmail"),
        (
            "Reading mail in the browser.",
            "Lire le courriel dans le navigateur.",
        ),
    ),
    "service_imap4": words(
        "services",
        ("Mail programs (IMAP)", "Logiciels de messagerie (IMAP)"),
        (
            "Reading mail with a program or a telephone.",
            "Lire le courriel avec un logiciel ou un téléphone.",
        ),
    ),
    "service_pop3": words(
        "services",
        ("Mail programs (POP3)", "Logiciels de messagerie (POP3)"),
        (
            "Fetching mail with a program that keeps it itself.",
            "Relever le courriel avec un logiciel qui le garde lui-même.",
        ),
    ),
    "service_smtpin": words(
        "services",
        ("Receiving mail", "Réception"),
        (
            "Mail from others arrives.",
            "Le courriel des autres arrive.",
        ),
    ),
    "service_smtprelay": words(
        "services",
        ("Sending with a program (SMTP)", "Envoi avec un logiciel (SMTP)"),
        (
            "Sending mail from a program or a telephone.",
            "Envoyer depuis un logiciel ou un téléphone.",
        ),
    ),
    "service_smtprelay_webmail": words(
        "services",
        ("Sending from the webmail", "Envoi depuis le webmail"),
        (
            "Sending mail in the browser.",
            "Envoyer depuis le navigateur.",
        ),
    ),
    "quota": words(
        "limits",
        ("Storage", "Stockage"),
        (
            "How much mail may be stored.",
            "La place pour le courriel.",
        ),
    ),
    "quota_maximum": words(
        "limits",
        ("Largest storage", "Stockage maximal"),
        (
            "No mailbox may be given more storage than this.",
            "Aucune boîte ne peut recevoir plus de place que cela.",
        ),
    ),
    "smtp_sent_limit": words(
        "limits",
        ("Messages a day", "Messages par jour"),
        (
            "How much one mailbox may send in 24 hours; each recipient counts.",
            "Ce qu’une boîte peut envoyer en 24 heures ; chaque destinataire compte.",
        ),
    ),
    "limit_users": words(
        "limits",
        ("Number of mailboxes", "Nombre de boîtes"),
        (
            "How many mailboxes the domain may have; empty: as many as wanted.",
            "Combien de boîtes le domaine peut avoir ; vide : autant que l’on veut.",
        ),
    ),
    "limit_aliases": words(
        "limits",
        ("Number of aliases", "Nombre d’alias"),
        (
            "How many aliases the domain may have; empty: as many as wanted.",
            "Combien d’alias le domaine peut avoir ; vide : autant que l’on veut.",
        ),
    ),
    "max_pab_entries": words(
        "limits",
        ("Address book entries", "Fiches du carnet d’adresses"),
        (
            "How many entries the address book may have; empty: what the mail platform allows.",
            "Combien de fiches le carnet peut avoir ; vide : ce que permet la plateforme de messagerie.",
        ),
    ),
    "domain_push_allowed": words(
        "limits",
        ("Takes domains from", "Reçoit des domaines de"),
        (
            "The numbers of companies that may hand domains over to this one.",
            "Les numéros des sociétés qui peuvent céder des domaines à celle-ci.",
        ),
    ),
    "domain_push_notify": words(
        "limits",
        ("Told about domains handed over", "Averti des domaines cédés"),
        (
            "The address that is written to when another company hands a domain over.",
            "L’adresse qui est avertie quand une autre société cède un domaine.",
        ),
    ),
    "stats_mailout": words(
        "limits",
        ("Statistics by mail", "Statistiques par courriel"),
        (
            "The addresses that get the company’s monthly statistics.",
            "Les adresses qui reçoivent les statistiques mensuelles de la société.",
        ),
    ),
    "password_strength": words(
        "security",
        ("Strength of passwords", "Robustesse des mots de passe"),
        (
            "How hard to guess a new password must at least be.",
            "À quel point un nouveau mot de passe doit être difficile à deviner.",
        ),
    ),
    "default_password_encoding": words(
        "security",
        ("How passwords are stored", "Stockage des mots de passe"),
        (
            "BCRYPT and ARGON2ID resist guessing best. Only new passwords are stored in another way.",
            "BCRYPT et ARGON2ID résistent le mieux. Seuls les nouveaux mots de passe sont concernés.",
        ),
    ),
    "regen_passwords": words(
        "security",
        ("Renew old storage", "Renouveler l’ancien stockage"),
        (
            "At the next sign-in, store a password anew that was stored in another way.",
            "À la prochaine connexion, stocker de nouveau un mot de passe qui l’était autrement.",
        ),
    ),
    "2fa_required_oma": words(
        "security",
        ("Second factor for the API", "Second facteur pour l’API"),
        (
            "The account can administer through the API only with a second factor.",
            "Le compte ne peut administrer par l’API qu’avec un second facteur.",
        ),
    ),
    "dkim_selector": words(
        "security",
        ("Name of the signing key", "Nom de la clé de signature"),
        (
            "The DKIM selector: under this name receivers find the public key in DNS. Goes together with the key.",
            "Le sélecteur DKIM : sous ce nom, les destinataires trouvent la clé publique dans le DNS. Va avec la clé.",
        ),
    ),
    "dkim_key": words(
        "security",
        ("Signing key", "Clé de signature"),
        (
            "The private DKIM key that outgoing mail is signed with, in PEM form. Nobody gets to see it again.",
            "La clé DKIM privée qui signe le courriel sortant, au format PEM. Personne ne peut plus la voir ensuite.",
        ),
    ),
    "password": words(
        "security",
        ("Password", "Mot de passe"),
        ("Nobody gets to see it again.", "Personne ne peut plus le voir ensuite."),
    ),
}
