"""What the core says of people, mailboxes, domains and what runs them, in French; as in details_table.py."""

from typing import Final

from postroom.core.languages import Text

PEOPLE: Final = (
    Text(
        "is nobody that you know here; invite them by e-mail",
        "n’est personne que vous connaissez ici ; invitez-la par courriel",
    ),
    Text(
        "Only owners of a domain can assign other users as owners.",
        "Seuls les propriétaires d’un domaine peuvent en nommer d’autres.",
    ),
    Text("{email} has access to {domain} already", "{email} a déjà accès à {domain}"),
    Text(
        "You are not allowed to modify role for this user.",
        "Vous n’avez pas le droit de changer le rôle de cette personne.",
    ),
    Text("You are only allowed to set role to {roles}", "Vous ne pouvez donner que ces rôles : {roles}"),
    Text(
        "Cannot change the role to a non-owner role for the last owner access.",
        "Le dernier propriétaire ne peut pas recevoir un autre rôle.",
    ),
    Text(
        "Cannot delete the last owner access for the domain.",
        "L’accès du dernier propriétaire du domaine ne peut pas être retiré.",
    ),
    Text("You cannot grant a role higher than your own.", "Vous ne pouvez pas donner un rôle plus élevé que le vôtre."),
    Text(
        "You cannot remove somebody whose role is higher than your own.",
        "Vous ne pouvez pas retirer quelqu’un dont le rôle est plus élevé que le vôtre.",
    ),
    Text(
        "{address} is invited already; refresh the invitation to send it again",
        "{address} est déjà invitée ; renvoyez plutôt l’invitation",
    ),
    Text("{email} is somebody's already", "{email} appartient déjà à quelqu’un"),
    Text("{email} has no second factor", "{email} n’a pas de second facteur"),
    Text("nobody has the address {email}", "personne n’a l’adresse {email}"),
    Text("{email} signs in with the password of the mailbox", "{email} se connecte avec le mot de passe de la boîte"),
    Text('"{name}" is none of {roles}', "« {name} » n’est aucun de : {roles}"),
    Text("{address} holds a role that you cannot take away", "{address} a un rôle que vous ne pouvez pas retirer"),
    Text('the role "{role}" is not yours to hand out', "vous ne pouvez pas donner le rôle « {role} »"),
    Text("{name} is no workgroup; write domain/workgroup", "{name} n’est pas un groupe ; écrivez domaine/groupe"),
)

MAILBOXES: Final = (
    Text(
        "Mailbox with this Local_part and Domain already exists.",
        "Une boîte de ce nom existe déjà dans le domaine.",
    ),
    Text(
        "Mailbox with this First name, Last name and Domain already exists.",
        "Une boîte de ces prénom et nom existe déjà dans le domaine.",
    ),
    Text("{name} leads to {ends} already", "{name} mène déjà à {ends}"),
    Text("{alias} is no alias of {address}", "{alias} n’est pas un alias de {address}"),
    Text(
        "{address} has no app password with that tag",
        "{address} n’a pas de mot de passe d’application de ce nom",
    ),
    Text("belongs to somebody who may do more than you", "appartient à quelqu’un qui peut plus que vous"),
    Text(
        "belongs to an administrator who may do more than you",
        "appartient à un administrateur qui peut plus que vous",
    ),
    Text(
        "{domain} has no filtermx to send filtered mail to; set it first",
        "{domain} n’a pas de serveur où envoyer le courrier filtré ; réglez-le d’abord",
    ),
    Text(
        "must be at most {ceiling} MB, the domain's quota_maximum",
        "doit être d’au plus {ceiling} Mo, le quota maximal du domaine",
    ),
    Text(
        "{name} is not a workgroup of {domain}; create it first",
        "{name} n’est pas un groupe de travail de {domain} ; créez-le d’abord",
    ),
    Text("{way} must stay on", "{way} doit rester en service"),
    Text("{brand} is not a brand of {company}", "{brand} n’est pas une marque de {company}"),
    Text("{address} is not a mailbox of {domain}", "{address} n’est pas une boîte de {domain}"),
    Text("must be a date and a time", "doit être une date et une heure"),
    Text("{other} is neither {domain} nor an alias of it", "{other} n’est ni {domain} ni l’un de ses autres noms"),
    Text(
        "{address} waits for its domain: its holder gets a link as soon as the domain is enabled",
        "{address} attend son domaine : son titulaire reçoit un lien dès que le domaine est en service",
    ),
    Text("{address} is disabled; enable it first", "{address} est désactivée ; activez-la d’abord"),
    Text(
        "{address} is not on its mail platform, which refused it",
        "{address} n’est pas sur sa plateforme, qui l’a refusée",
    ),
    Text("{name} is an alias of {domain}", "{name} est un autre nom de {domain}"),
    Text("must stay in {domain}", "doit rester dans {domain}"),
    Text("{address} was deleted more than {days} days ago", "{address} a été supprimée il y a plus de {days} jours"),
    Text("{domain} is deleted; restore the domain first", "{domain} est supprimé ; rétablissez d’abord le domaine"),
    Text("{number} rows cannot be taken, so none was", "{number} lignes sont refusées ; aucune n’a donc été prise"),
    Text("{address} has not failed", "{address} n’est pas en échec"),
    Text("{name} is an alias; the account's name is {address}", "{name} est un alias ; le compte s’appelle {address}"),
    Text("{name} is an alias; the domain's name is {domain}", "{name} est un alias ; le domaine s’appelle {domain}"),
    Text(
        "accounts live in {domain}; {address} can be an alias there",
        "les comptes sont dans {domain} ; {address} peut y être un alias",
    ),
    Text("is required for a mailbox", "est obligatoire pour une boîte"),
    Text(
        "{domain} is disabled; no accounts can be created",
        "{domain} est désactivé ; aucun compte ne peut y être créé",
    ),
    Text("{name} is not an attribute of a user", "{name} n’est pas un réglage d’une boîte"),
    Text(
        "was suspended by an administrator of a higher level, who alone can lift that",
        "a été suspendu par un administrateur de plus haut niveau, qui seul peut lever la suspension",
    ),
    Text("is suspended for the whole domain or company", "est suspendu pour tout le domaine ou toute la société"),
    Text(
        '"{event}" is not possible while the state is "{state}"',
        "« {event} » n’est pas possible dans l’état « {state} »",
    ),
    Text("changed since: {fields}", "modifié depuis : {fields}"),
    Text("cannot be as before: {fields}", "ne peut pas redevenir comme avant : {fields}"),
)

DOMAINS: Final = (
    Text("{name} is in no DNS; there is nothing to check", "{name} n’est dans aucun DNS ; il n’y a rien à vérifier"),
    Text(
        "the mail platform has not heard of {name} yet; try again in a moment",
        "la plateforme ne connaît pas encore {name} ; réessayez dans un instant",
    ),
    Text("{name} is here already", "{name} est déjà ici"),
    Text(
        "somebody else has added {name}; unless they prove that it is theirs, you can on {day} UTC",
        "quelqu’un d’autre a ajouté {name} ; sans preuve de sa part, vous pourrez l’ajouter le {day} UTC",
    ),
    Text(
        "{name} is not one that waits for the proof of control",
        "{name} n’est pas un domaine qui attend la preuve qu’il est à vous",
    ),
    Text(
        "the company {name} is trusted, so nobody would prove anything; set POSTROOM_PEOPLE_COMPANY to another one",
        "la société {name} est de confiance, personne ne prouverait donc rien ; donnez une autre valeur à "
        "POSTROOM_PEOPLE_COMPANY",
    ),
    Text(
        "must be a domain of the public DNS; .adm is kept for administrators",
        "doit être un domaine du DNS public ; .adm est réservé aux administrateurs",
    ),
    Text(
        "{name} is in use; a new key needs a new name", "{name} est utilisé ; une nouvelle clé demande un nouveau nom"
    ),
    Text(
        'no mail platform is set up yet; the operator runs "postroom bootstrap"',
        "aucune plateforme n’est encore en place ; l’exploitant lance « postroom bootstrap »",
    ),
    Text("mail from {name} is not signed: it has no key", "le courrier de {name} n’est pas signé : il n’a pas de clé"),
    Text(
        "only the operator can add names to {name}: nothing proves them",
        "seul l’exploitant peut ajouter des noms à {name} : rien ne les prouve",
    ),
    Text("{name} is the domain itself", "{name} est le domaine lui-même"),
    Text(
        "{name} is still used by aliases of mailboxes; remove them first",
        "{name} sert encore à des alias de boîtes ; retirez-les d’abord",
    ),
    Text(
        "{name} was switched off by the operator; ask there",
        "{name} a été désactivé par l’exploitant ; adressez-vous à lui",
    ),
    Text("must be {name}; add another domain as a new one", "doit être {name} ; ajoutez un autre domaine à part"),
    Text(
        "{one} and {other} can only be set or cleared together",
        "{one} et {other} ne se règlent et ne s’effacent qu’ensemble",
    ),
    Text(
        "must be at most {ceiling}, the company's quota_maximum",
        "doit être d’au plus {ceiling}, le quota maximal de la société",
    ),
    Text(
        "cannot be switched on for this domain; ask your provider",
        "ne peut pas être activé pour ce domaine ; adressez-vous à votre fournisseur",
    ),
    Text("is not a company that you control", "n’est pas une société que vous gérez"),
    Text("{one} does not take domains from {other}", "{one} ne prend pas les domaines de {other}"),
    Text("{name} belongs to {owner} already", "{name} appartient déjà à {owner}"),
)

OPERATING: Final = (
    Text(
        "must be at most {ceiling} MB, the company's quota_maximum",
        "doit être d’au plus {ceiling} Mo, le quota maximal de la société",
    ),
    Text("must be auto or manual", "doit être auto ou manual"),
    Text(
        "the database does not answer; try again in a moment",
        "la base de données ne répond pas ; réessayez dans un instant",
    ),
    Text(
        "another request is changing the same object; try again",
        "une autre requête modifie le même objet ; réessayez",
    ),
    Text(
        "the mail platform refused this; the operator's log says why",
        "la plateforme a refusé ; le journal de l’exploitant dit pourquoi",
    ),
    Text(
        "the mail platform does not answer; try again in a moment",
        "la plateforme ne répond pas ; réessayez dans un instant",
    ),
    Text(
        "the mail platform has not heard of this account yet; try again in a moment",
        "la plateforme ne connaît pas encore ce compte ; réessayez dans un instant",
    ),
    Text(
        "the platform of this domain does not let its mail be looked at",
        "la plateforme de ce domaine ne laisse pas regarder son courrier",
    ),
    Text("there is no fake platform here", "il n’y a pas ici de plateforme simulée"),
    Text("there is a platform {name} already", "il y a déjà une plateforme {name}"),
    Text("there is no platform {name}", "il n’y a pas de plateforme {name}"),
    Text("must consist of letters, digits, - and _", "ne peut contenir que des lettres, des chiffres, - et _"),
    Text("type is domain or user, not {types}", "le type est domain ou user, et non {types}"),
    Text(
        "is required: several companies have a brand {name}",
        "est obligatoire : plusieurs sociétés ont une marque {name}",
    ),
    Text("is not part of a brand; there are {parts}", "ne fait pas partie d’une marque ; il y a {parts}"),
    Text("there is no account {address}", "il n’y a pas de compte {address}"),
    Text("{one} and {other} share a directory already", "{one} et {other} partagent déjà un annuaire"),
    Text("{domain} shares its directory with no other domain", "{domain} ne partage son annuaire avec aucun domaine"),
    Text("there is nothing to do for the {kind} any more", "il n’y a plus rien à faire pour cet objet ({kind})"),
    Text("this work is done", "ce travail est fait"),
    Text("a worker is doing this right now", "un processus s’en occupe en ce moment"),
    Text("must have {lowest} to {highest} characters", "doit compter de {lowest} à {highest} caractères"),
    Text(
        "must be {lowest} to {highest} letters, digits, dots, hyphens and underscores",
        "doit compter de {lowest} à {highest} lettres, chiffres, points, traits d’union et traits de soulignement",
    ),
    Text("at least one is needed", "il en faut au moins une"),
    Text(
        "{uri} must be a whole address with https and without #…",
        "{uri} doit être une adresse entière en https, sans #…",
    ),
    Text("is not a setting of {level}", "n’est pas un réglage de {level}"),
)

OBJECTS: Final = (*PEOPLE, *MAILBOXES, *DOMAINS, *OPERATING)
