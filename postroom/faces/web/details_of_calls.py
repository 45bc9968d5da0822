"""What calls of REST and of dimail do, in French; and REST's subjects."""

from typing import Final

from postroom.core.languages import Text

SUBJECTS: Final = (
    Text("mail-domains", "Domaines"),
    Text("dns", "DNS"),
    Text("accesses", "Rôles"),
    Text("invitations", "Invitations"),
    Text("mailboxes", "Boîtes"),
    Text("aliases", "Alias"),
    Text("settings", "Réglages"),
    Text("history", "Historique"),
    Text("operator", "Exploitation"),
    Text("users", "Personnes"),
    Text("directory", "Annuaire"),
    Text("explain", "Explications"),
    Text("sign-in", "Connexion"),
    Text("codes", "Liens"),
    Text("second factors", "Seconds facteurs"),
    Text("api-keys", "Clés d’API"),
    Text("public", "Public"),
)

REST: Final = (
    Text("Your domains", "Vos domaines"),
    Text("Claim a domain", "Ajouter un domaine"),
    Text("One domain", "Un domaine"),
    Text("Change whom the domain's letters go to", "Changer à qui vont les courriels qui concernent le domaine"),
    Text("Delete a domain that has no mailboxes any more", "Supprimer un domaine qui n’a plus de boîtes"),
    Text("Bring a deleted domain back", "Rétablir un domaine supprimé"),
    Text("Check the domain now", "Vérifier le domaine maintenant"),
    Text("What the last check found, explained", "Ce qu’a trouvé la dernière vérification, expliqué"),
    Text(
        "A link to the same for whoever looks after the domain's DNS, without an account here",
        "Un lien vers cela pour qui s’occupe du DNS du domaine, sans compte ici",
    ),
    Text("The records that are wanted, as a zone file", "Les enregistrements voulus, en fichier de zone"),
    Text("Who has a role here", "Qui a un rôle ici"),
    Text("Give somebody a role", "Donner un rôle à quelqu’un"),
    Text(
        "People you know who have no role here yet",
        "Les personnes que vous connaissez qui n’ont pas encore de rôle ici",
    ),
    Text("One role of somebody", "Un rôle de quelqu’un"),
    Text("Change a role", "Changer un rôle"),
    Text("Change a role, or nothing", "Changer un rôle, ou rien"),
    Text("Take a role from somebody", "Retirer un rôle à quelqu’un"),
    Text("Who is invited, the newest first", "Qui est invité, les plus récents d’abord"),
    Text("Invite somebody by e-mail", "Inviter quelqu’un par courriel"),
    Text("One invitation", "Une invitation"),
    Text("Withdraw it", "La retirer"),
    Text("Send it again, good for as long as a new one", "La renvoyer, valable aussi longtemps qu’une nouvelle"),
    Text(
        "Create a mailbox of every line of a table, or none",
        "Créer une boîte pour chaque ligne d’un tableau, ou aucune",
    ),
    Text(
        "Every mailbox of the domain as a table that can be imported again",
        "Toutes les boîtes du domaine, en un tableau qui peut être importé à nouveau",
    ),
    Text("The mailboxes of the domain", "Les boîtes du domaine"),
    Text("Create a mailbox", "Créer une boîte"),
    Text("One mailbox", "Une boîte"),
    Text("Write a mailbox's data anew", "Récrire les données d’une boîte"),
    Text("Change some of a mailbox's data", "Changer une partie des données d’une boîte"),
    Text("Delete a mailbox", "Supprimer une boîte"),
    Text("Bring a deleted mailbox back", "Rétablir une boîte supprimée"),
    Text("Give a mailbox another address of the domain", "Donner à une boîte une autre adresse du domaine"),
    Text("Disable a mailbox", "Désactiver une boîte"),
    Text("Enable a disabled mailbox", "Réactiver une boîte désactivée"),
    Text("Ask the mail platform again now", "Demander à nouveau à la plateforme, maintenant"),
    Text(
        "End the password and send a link to set a new one",
        "Mettre fin au mot de passe et envoyer un lien pour en choisir un nouveau",
    ),
    Text(
        "Send a link to the secondary address that sets a new password",
        "Envoyer à l’adresse secondaire un lien qui permet de choisir un nouveau mot de passe",
    ),
    Text(
        "Aliases, each destination on a line of its own, by name",
        "Les alias, une ligne par destination, dans l’ordre des noms",
    ),
    Text("Add a destination to an alias", "Ajouter une destination à un alias"),
    Text("Remove an alias with all its destinations", "Supprimer un alias avec toutes ses destinations"),
    Text(
        "Remove an alias with all its destinations: the other spelling",
        "Supprimer un alias avec toutes ses destinations : l’autre écriture",
    ),
    Text("Remove one destination of an alias", "Supprimer une destination d’un alias"),
    Text(
        "Settings of a domain, with where each value comes from",
        "Les réglages d’un domaine, et d’où vient chaque valeur",
    ),
    Text("Change settings of a domain", "Changer des réglages d’un domaine"),
    Text(
        "Settings of a mailbox, with where each value comes from",
        "Les réglages d’une boîte, et d’où vient chaque valeur",
    ),
    Text("Change settings of a mailbox", "Changer des réglages d’une boîte"),
    Text("What happened to the domain, the newest first", "Ce qui est arrivé au domaine, le plus récent d’abord"),
    Text("What happened to the mailbox, the newest first", "Ce qui est arrivé à la boîte, le plus récent d’abord"),
    Text("Disable a domain", "Désactiver un domaine"),
    Text("End a domain's being disabled", "Réactiver un domaine désactivé"),
    Text("The domains that share a directory with this one", "Les domaines qui partagent un annuaire avec celui-ci"),
    Text("Let this domain share another one's directory", "Faire partager à ce domaine l’annuaire d’un autre"),
    Text("Give this domain a directory of its own again", "Redonner à ce domaine un annuaire à lui"),
    Text("Yourself", "Vous-même"),
    Text("Change what you say of yourself", "Changer ce que vous dites de vous"),
    Text("Change what you say of yourself, by your id", "Changer ce que vous dites de vous, par votre identifiant"),
    Text("The same; what is left out stays", "De même ; ce qui est omis reste"),
    Text(
        "People whom you know: those who look after your domains, and those who have an address there",
        "Les personnes que vous connaissez : celles qui s’occupent de vos domaines et celles qui y ont une adresse",
    ),
    Text(
        "People of all domains that share a directory with yours, by name",
        "Les personnes de tous les domaines qui partagent un annuaire avec le vôtre, dans l’ordre des noms",
    ),
    Text("Where mail to an address goes, step by step", "Où va le courrier d’une adresse, étape par étape"),
    Text(
        "Why a setting has its value: what each level says, what else has a hand in it, and who made it so",
        "Pourquoi un réglage a sa valeur : ce que dit chaque niveau, ce qui y contribue encore, et qui en a décidé",
    ),
    Text("Sign in with an address and a password", "Se connecter avec une adresse et un mot de passe"),
    Text(
        "The second step: a code of the authenticator, or a recovery code",
        "La seconde étape : un code de l’application d’authentification, ou un code de secours",
    ),
    Text(
        "Options to show a passkey: as the second step, or alone where there was no first one",
        "Les options pour présenter une clé d’accès : en seconde étape, ou seule s’il n’y en a pas eu de première",
    ),
    Text(
        "Show a passkey: as the second step, or alone. Alone it must have checked who is there, by finger or PIN",
        "Présenter une clé d’accès : en seconde étape, ou seule. Seule, elle doit avoir vérifié qui est là, par "
        "le doigt ou un code PIN",
    ),
    Text(
        "Become a person here with an invitation's link, and sign in",
        "Devenir une personne d’ici par le lien d’une invitation, et se connecter",
    ),
    Text("End this session", "Terminer cette session"),
    Text(
        "End all your sessions, this one too. API keys stay",
        "Terminer toutes vos sessions, celle-ci aussi. Les clés d’API restent",
    ),
    Text(
        "Change your own password. Every other session of yours ends",
        "Changer votre propre mot de passe. Toutes vos autres sessions se terminent",
    ),
    Text("Leads a browser to the identity provider", "Mène un navigateur au fournisseur d’identité"),
    Text(
        "Where the identity provider leads the browser back to",
        "Là où le fournisseur d’identité ramène le navigateur",
    ),
    Text(
        "Ends the session and leads the browser to the identity provider's page for signing out",
        "Termine la session et mène le navigateur à la page de déconnexion du fournisseur d’identité",
    ),
    Text(
        "Ends the session of a browser that is led here, as People's pages do it",
        "Termine la session d’un navigateur mené ici, comme le font les pages de People",
    ),
    Text(
        "Where the identity provider leads the browser back to after signing out",
        "Là où le fournisseur d’identité ramène le navigateur après la déconnexion",
    ),
    Text("What the link in an invitation offers", "Ce qu’offre le lien d’une invitation"),
    Text("What a link is for", "À quoi sert un lien"),
    Text("Set the mailbox's password", "Choisir le mot de passe de la boîte"),
    Text("Your second factors", "Vos seconds facteurs"),
    Text(
        "Begin to set up an authenticator. It counts once its first code was shown",
        "Commencer à mettre en place une application d’authentification. Elle compte dès que son premier code a "
        "été présenté",
    ),
    Text("Remove the authenticator", "Retirer l’application d’authentification"),
    Text(
        "Show the authenticator's first code: from now on signing in takes one",
        "Présenter le premier code de l’application d’authentification : dès lors la connexion en demande un",
    ),
    Text(
        "Make new recovery codes; those before are worth nothing",
        "Créer de nouveaux codes de secours ; les précédents ne valent plus rien",
    ),
    Text("Options to make a passkey", "Les options pour créer une clé d’accès"),
    Text("Keep the passkey that the browser has made", "Garder la clé d’accès que le navigateur a créée"),
    Text("Remove a passkey", "Retirer une clé d’accès"),
    Text("Your API keys, the newest first", "Vos clés d’API, les plus récentes d’abord"),
    Text("Make an API key", "Créer une clé d’API"),
    Text("One of your API keys", "Une de vos clés d’API"),
    Text("Revoke an API key: it opens nothing from now on", "Révoquer une clé d’API : dès lors elle n’ouvre plus rien"),
    Text("How this Postroom is set up", "Comment ce Postroom est réglé"),
    Text("How much there is", "Combien il y a de choses ici"),
)

DIMAIL: Final = (
    Text(
        "A token for the account, or with `username` for another one that it may stand for.",
        "Un jeton pour le compte, ou, avec `username`, pour un autre qu’il peut représenter.",
    ),
    Text(
        "The accounts: of an administrator all, else those that the asker has made, and itself.",
        "Les comptes : tous pour un administrateur, sinon ceux que le demandeur a créés, et lui-même.",
    ),
    Text(
        "Makes an account, which may no more than its maker.",
        "Crée un compte, qui ne peut pas plus que son créateur.",
    ),
    Text("One account.", "Un compte."),
    Text(
        "Changes what is said of an account. A new password ends its tokens.",
        "Change ce qui est dit d’un compte. Un nouveau mot de passe met fin à ses jetons.",
    ),
    Text(
        "Removes an account with its allows; the domains stay.",
        "Supprime un compte avec ses autorisations ; les domaines restent.",
    ),
    Text(
        "Which account manages which domain; of one account, of one domain, or both.",
        "Quel compte gère quel domaine ; pour un compte, pour un domaine, ou les deux.",
    ),
    Text(
        "Gives a domain: an administrator one of dimail's company, others one that they manage themselves.",
        "Donne un domaine : un administrateur, un de la société de dimail ; les autres, un qu’ils gèrent eux-mêmes.",
    ),
    Text("Takes a domain back from an account.", "Reprend un domaine à un compte."),
    Text(
        "The domains of dimail's company, and those that the account was allowed.",
        "Les domaines de la société de dimail, et ceux qui ont été confiés au compte.",
    ),
    Text(
        "Makes a domain. It serves mail once a check finds nothing wrong.",
        "Crée un domaine. Il sert le courrier dès qu’une vérification ne trouve rien à redire.",
    ),
    Text("A domain, with what the last check found.", "Un domaine, avec ce qu’a trouvé la dernière vérification."),
    Text("Changes what is said of a domain.", "Change ce qui est dit d’un domaine."),
    Text("Removes a domain with its mailboxes and aliases.", "Supprime un domaine avec ses boîtes et ses alias."),
    Text("Asks DNS and the mail servers now.", "Interroge maintenant le DNS et les serveurs de messagerie."),
    Text(
        "Has the mail servers mend what is their own affair, and asks again.",
        "Fait réparer par les serveurs de messagerie ce qui dépend d’eux, et interroge à nouveau.",
    ),
    Text("The records that DNS should have.", "Les enregistrements que le DNS devrait avoir."),
    Text("All mailboxes of the domain, by address.", "Toutes les boîtes du domaine, dans l’ordre des adresses."),
    Text(
        "One mailbox. `status` is ok when its platform has it, unknown before that, broken where it was refused.",
        "Une boîte. `status` vaut ok quand sa plateforme l’a, unknown avant cela, broken si elle l’a refusée.",
    ),
    Text(
        "With a password that we make up: the answer is the only place where it is told.",
        "Avec un mot de passe que nous inventons : il n’est donné que dans la réponse.",
    ),
    Text(
        'Names, and `active`: "no" ends all use of the mailbox, "yes" allows it again. Its mail stays.',
        "Les noms, et `active` : « no » met fin à tout usage de la boîte, « yes » le permet à nouveau. Son "
        "courrier reste.",
    ),
    Text(
        "No mail and no sign-in from now on; the operator can bring it back for a while.",
        "Dès lors ni courrier ni connexion ; l’exploitant peut la rétablir pendant un temps.",
    ),
    Text(
        "The old password ends at once; the answer is the only place where the new one is told.",
        "L’ancien mot de passe prend fin aussitôt ; le nouveau n’est donné que dans la réponse.",
    ),
    Text(
        "Opens `/code/<code>/` of this Postroom, where the holder chooses a password.",
        "Ouvre `/code/<code>/` de ce Postroom, où le titulaire choisit un mot de passe.",
    ),
    Text(
        "`imap_active` and `smtp_active` are about reading and sending, `active` about the mailbox as a whole.",
        "`imap_active` et `smtp_active` concernent la lecture et l’envoi, `active` la boîte entière.",
    ),
    Text(
        "After a mailbox was refused for its display name, `ox_primary_email` is for an hour whoever has that.",
        "Quand une boîte a été refusée pour son nom affiché, `ox_primary_email` dit pendant une heure qui le porte.",
    ),
    Text(
        "All of the domain, the destinations of one name, or one pair of both.",
        "Tous ceux du domaine, les destinations d’un nom, ou un couple des deux.",
    ),
    Text(
        "A mailbox may have the same name: both get the mail. What goes to `…@devnull` is thrown away.",
        "Une boîte peut avoir le même nom : les deux reçoivent le courrier. Ce qui va à `…@devnull` est jeté.",
    ),
    Text("All destinations of the name.", "Toutes les destinations du nom."),
    Text("One destination.", "Une destination."),
)

CALLS: Final = (*SUBJECTS, *REST, *DIMAIL)
