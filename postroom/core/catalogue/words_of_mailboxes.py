"""Words of what mailboxes are about: who somebody is, where mail goes, spam."""

from collections.abc import Mapping
from typing import Final

from postroom.core.catalogue.words_table import Words, words

MAILBOX_WORDS: Final[Mapping[str, Words]] = {
    "type": words(
        "general",
        ("Kind", "Genre"),
        (
            "A mailbox keeps mail, a forward only sends it on, a filter cleans it for the domain’s own server.",
            "Une boîte garde le courriel, une redirection l’envoie ailleurs, un filtre le nettoie pour le serveur du "
            "domaine.",
        ),
    ),
    "name": words(
        "general",
        ("Name", "Nom"),
        (
            "The person’s name, as those who get their mail see it.",
            "Le nom de la personne, tel que le voient ses correspondants.",
        ),
    ),
    "title": words(
        "general",
        ("Function", "Fonction"),
        (
            "What the person is in the organisation, for the directory.",
            "Le rôle de la personne dans l’organisation, pour l’annuaire.",
        ),
    ),
    "phone": words(
        "general",
        ("Telephone", "Téléphone"),
        ("Telephone number, for the directory.", "Numéro de téléphone, pour l’annuaire."),
    ),
    "fax": words(
        "general",
        ("Fax", "Télécopie"),
        ("Fax number, for the directory.", "Numéro de télécopie, pour l’annuaire."),
    ),
    "macsettings": words(
        "general",
        ("Settings of other programs", "Réglages d’autres logiciels"),
        (
            "What other administration programs remember about this account. Postroom only keeps it.",
            "Ce que d’autres logiciels d’administration retiennent de ce compte. Postroom ne fait que le garder.",
        ),
    ),
    "catchall": words(
        "delivery",
        ("Catch-all mailbox", "Boîte attrape-tout"),
        (
            "Gets the mail for names that do not exist in the domain. It attracts a lot of spam.",
            "Reçoit le courriel des noms qui n’existent pas dans le domaine. Elle attire beaucoup d’indésirables.",
        ),
    ),
    "filtermx": words(
        "delivery",
        ("Server behind the filter", "Serveur derrière le filtre"),
        (
            "The mail server that gets the mail of filter accounts once it is checked, such as mail.example.com:25.",
            "Le serveur qui reçoit le courriel des comptes de filtrage une fois vérifié, par exemple "
            "mail.example.com:25.",
        ),
    ),
    "delivery_local": words(
        "delivery",
        ("Keep mail", "Garder le courriel"),
        ("Incoming mail stays in the mailbox.", "Le courriel reçu reste dans la boîte."),
    ),
    "delivery_filter": words(
        "delivery",
        ("Filter only", "Filtrer seulement"),
        (
            "Mail is checked and handed to the domain’s own server; nothing else happens to it.",
            "Le courriel est vérifié puis remis au serveur du domaine ; rien d’autre ne lui arrive.",
        ),
    ),
    "sieve": words(
        "delivery",
        ("Filter script", "Script de filtrage"),
        ("The active filter script, in the Sieve language.", "Le script de filtrage actif, en langage Sieve."),
    ),
    "delivery_forward": words(
        "forwarding",
        ("Forward", "Rediriger"),
        (
            "Incoming mail is sent on to the addresses below.",
            "Le courriel reçu est renvoyé aux adresses ci-dessous.",
        ),
    ),
    "forward_recipients": words(
        "forwarding",
        ("Forward to", "Rediriger vers"),
        ("One address a line.", "Une adresse par ligne."),
    ),
    "forward_option_restricted": words(
        "forwarding",
        ("Closed list", "Liste fermée"),
        (
            "Only mail from one of these addresses is sent on.",
            "Seul le courriel d’une de ces adresses est renvoyé.",
        ),
    ),
    "forward_option_reply_to": words(
        "forwarding",
        ("Answers go to", "Réponses à"),
        (
            "Forwarded mail asks for answers to this address.",
            "Le courriel renvoyé demande que l’on réponde à cette adresse.",
        ),
    ),
    "forward_option_subject_prefix": words(
        "forwarding",
        ("Before the subject", "Avant l’objet"),
        (
            "Put before the subject of forwarded mail, such as [Town hall].",
            "Mis devant l’objet du courriel renvoyé, par exemple [Mairie].",
        ),
    ),
    "delivery_autoresponder": words(
        "answering",
        ("Answer automatically", "Répondre automatiquement"),
        (
            "Whoever writes gets the text below.",
            "Qui écrit reçoit le texte ci-dessous.",
        ),
    ),
    "autoresponder": words(
        "answering",
        ("Text", "Texte"),
        ("What the automatic answer says.", "Ce que dit la réponse automatique."),
    ),
    "autoresponder_option_enddate": words(
        "answering",
        ("Until", "Jusqu’au"),
        (
            "When automatic answers end; empty: when you switch them off.",
            "Quand les réponses cessent ; vide : quand vous les arrêtez.",
        ),
    ),
    "autoresponder_option_interval": words(
        "answering",
        ("Hours between two answers", "Heures entre deux réponses"),
        (
            "How long the same sender gets no second answer.",
            "Pendant combien de temps un même expéditeur ne reçoit pas de seconde réponse.",
        ),
    ),
    "spamlevel": words(
        "spam",
        ("Strictness", "Sévérité"),
        (
            "How readily mail is taken for spam. A higher level catches more of it, and more by mistake.",
            "La facilité avec laquelle un message est jugé indésirable. Plus c’est élevé, plus il y a d’erreurs.",
        ),
    ),
    "filterdelivery": words(
        "spam",
        ("Spam goes", "Les indésirables vont"),
        (
            "Where a message goes that is taken for spam.",
            "Où va un message jugé indésirable.",
        ),
    ),
    "reject_spam": words(
        "spam",
        ("Refuse spam", "Refuser les indésirables"),
        (
            "Spam is refused while its sender is still connected, and not kept.",
            "Un message indésirable est refusé à l’arrivée, et n’est pas gardé.",
        ),
    ),
    "spamfolder": words(
        "spam",
        ("Spam folder", "Dossier des indésirables"),
        (
            "The folder that spam is put into. A / leads into a folder of a folder.",
            "Le dossier où vont les indésirables. Un / mène dans un sous-dossier.",
        ),
    ),
    "spamtag": words(
        "spam",
        ("Mark in the subject", "Marque dans l’objet"),
        (
            "Put before the subject of spam; empty: no mark.",
            "Mis devant l’objet d’un indésirable ; vide : aucune marque.",
        ),
    ),
    "spamheader": words(
        "spam",
        ("Mark for programs", "Marque pour les logiciels"),
        (
            "A header line that is put into spam, so that mail programs recognise it.",
            "Une ligne d’en-tête ajoutée aux indésirables, pour que les logiciels les reconnaissent.",
        ),
    ),
    "allow": words(
        "spam",
        ("Always welcome", "Toujours bienvenus"),
        (
            "Senders whose mail is never taken for spam, one a line; * stands for anything. Lists of the domain and "
            "the company count as well.",
            "Expéditeurs jamais jugés indésirables, un par ligne ; * remplace n’importe quoi. Les listes du domaine "
            "et de la société comptent aussi.",
        ),
    ),
    "block": words(
        "spam",
        ("Never welcome", "Jamais bienvenus"),
        (
            "Senders whose mail is always spam, one a line; * stands for anything. Lists of the domain and the "
            "company count as well.",
            "Expéditeurs toujours jugés indésirables, un par ligne ; * remplace n’importe quoi. Les listes du "
            "domaine et de la société comptent aussi.",
        ),
    ),
}
