"""What the core says of a single value or case, in French; with what the files beside say of the rest. `{names}` stand
for what differs (core/phrases.py).
"""

from typing import Final

from postroom.core.languages import Text
from postroom.faces.conflicts import CONFLICTS
from postroom.faces.web.details_of_objects import OBJECTS
from postroom.faces.web.details_of_platforms import PLATFORMS
from postroom.faces.web.details_of_servers import SERVERS

VALUES: Final = (
    Text("This field is required.", "Ce champ est obligatoire."),
    Text("This field may not be blank.", "Ce champ ne peut pas être vide."),
    Text("Enter a valid email address.", "Saisissez une adresse électronique valable."),
    Text("must not be empty", "ne peut pas être vide"),
    Text("must be text", "doit être un texte"),
    Text("must be true or false", "doit être vrai ou faux"),
    Text("must be a single line, without tabulators", "doit tenir sur une ligne, sans tabulation"),
    Text(
        "must be valid Unicode text; it holds half of a surrogate pair",
        "doit être un texte Unicode valable ; il contient un demi-couple de substitution",
    ),
    Text("must not hold control characters", "ne doit pas contenir de caractères de commande"),
    Text("must be a finite number", "doit être un nombre fini"),
    Text("must be a whole number", "doit être un nombre entier"),
    Text("must be a whole number of a reasonable size", "doit être un nombre entier de taille raisonnable"),
    Text("must be a list", "doit être une liste"),
    Text("must be one of {choices}", "doit être l’un de : {choices}"),
    Text("must be {one} or {other}", "doit être {one} ou {other}"),
    Text(
        "must be {lowest} to {highest} printable characters",
        "doit compter de {lowest} à {highest} caractères imprimables",
    ),
    Text(
        "must be {lowest} to {highest} printable ASCII characters",
        "doit compter de {lowest} à {highest} caractères ASCII imprimables",
    ),
    Text(
        "must be {lowest} to {highest} printable characters without a slash",
        "doit compter de {lowest} à {highest} caractères imprimables, sans barre oblique",
    ),
    Text("must be at most {highest} printable characters", "doit compter au plus {highest} caractères imprimables"),
    Text("must be at most {highest} bytes", "doit compter au plus {highest} octets"),
    Text("must have at most {highest} characters", "doit compter au plus {highest} caractères"),
    Text("must be a time zone such as Europe/Paris", "doit être un fuseau horaire, par exemple Europe/Paris"),
    Text("must be a colour such as #0055aa", "doit être une couleur, par exemple #0055aa"),
    Text("must be an address that begins with https://", "doit être une adresse qui commence par https://"),
    Text(
        "must be a whole e-mail: headers, an empty line, the text",
        "doit être un courriel entier : des en-têtes, une ligne vide, le texte",
    ),
    Text("no boundary was found", "aucune limite n’a été trouvée"),
    Text("is in use", "est utilisé"),
    Text("is known already", "est déjà connu"),
    Text('"{line}" {hint}', "« {line} » {hint}"),
    Text("{bounds_hint}; each {hint}", "{bounds_hint} ; chacun {hint}"),
)

ADDRESSES: Final = (
    Text(
        "must consist of letters A–Z without accents, digits, - _ and . before the @",
        "ne peut contenir avant l’@ que des lettres A–Z sans accent, des chiffres, - _ et .",
    ),
    Text(
        "must have single dots, and only between other characters, before the @",
        "ne peut contenir avant l’@ que des points isolés, et seulement entre d’autres caractères",
    ),
    Text(
        "must be a full address such as joe@example.com", "doit être une adresse complète, par exemple joe@example.com"
    ),
    Text("must have something before the @", "doit avoir quelque chose avant l’@"),
    Text("must have at most {highest} characters before the @", "doit compter au plus {highest} caractères avant l’@"),
    Text(
        "must be one address such as joe@example.com, without a name, blanks or accents before the @",
        "doit être une adresse, par exemple joe@example.com, sans nom, blanc ni accent avant l’@",
    ),
    Text(
        "must be a domain name of {lowest} to {highest} characters",
        "doit être un nom de domaine de {lowest} à {highest} caractères",
    ),
    Text(
        "must be a domain name with single dots, and only between its parts",
        "doit être un nom de domaine avec des points isolés, et seulement entre ses parties",
    ),
    Text(
        "must be a domain name with at most {highest} characters between two dots",
        "doit être un nom de domaine avec au plus {highest} caractères entre deux points",
    ),
    Text(
        "must be a domain name: letters, digits, hyphens and dots",
        "doit être un nom de domaine : lettres, chiffres, traits d’union et points",
    ),
    Text(
        "must be a domain name, not a network address: the last part cannot be a number",
        "doit être un nom de domaine, et non une adresse réseau : la dernière partie ne peut pas être un nombre",
    ),
    Text(
        "must be a domain name; it holds characters that no domain name can have",
        "doit être un nom de domaine ; il contient des caractères impossibles dans un nom de domaine",
    ),
    Text(
        "must be 1 to 128 letters A–Z without accents, digits and marks that an address can have, * and +",
        "doit compter de 1 à 128 lettres A–Z sans accent, chiffres et signes possibles dans une adresse, * et +",
    ),
    Text("must have a port from 1 to 65535 behind the colon", "doit avoir un port de 1 à 65535 après le deux-points"),
    Text(
        "must have an IPv6 address without % and an interface behind it",
        "doit avoir une adresse IPv6 sans % suivi d’une interface",
    ),
    Text(
        "must have brackets around an IPv6 address, and around nothing else",
        "doit avoir des crochets autour d’une adresse IPv6, et d’elle seule",
    ),
    Text(
        "must have brackets around an IPv6 address, such as [2001:db8::1]:25",
        "doit avoir des crochets autour d’une adresse IPv6, par exemple [2001:db8::1]:25",
    ),
    Text(
        "must have a valid IPv6 address between the brackets",
        "doit avoir une adresse IPv6 valable entre les crochets",
    ),
    Text("must be the id of a company, a number", "doit être l’identifiant d’une société, un nombre"),
    Text("must be the path of a folder without * % and \\ in it", "doit être le chemin d’un dossier, sans * % ni \\"),
    Text(
        "must be a folder here with . between its parts, such as .Sales.2009",
        "doit être un dossier d’ici, avec . entre ses parties, par exemple .Sales.2009",
    ),
    Text("taken already: {names}", "déjà pris : {names}"),
    Text("{address} is taken", "{address} est pris"),
    Text("{written}: {hint}", "{written} : {hint}"),
)

PASSWORDS: Final = (
    Text(
        "must consist of letters A–Z without accents, digits and marks, without blanks and double quotes",
        "ne peut contenir que des lettres A–Z sans accent, des chiffres et des signes, sans blanc ni guillemet double",
    ),
    Text(
        "begins with {{ and so must be {{TYPE}} and a hash of 1 to 150 ASCII characters",
        "commence par {{ et doit donc être {{TYPE}} suivi d’une empreinte de 1 à 150 caractères ASCII",
    ),
    Text(
        "must have one of these types between the braces: {types}",
        "doit avoir entre accolades l’un de ces types : {types}",
    ),
    Text(
        "must be a private key in PEM form; what stands between its first and last line is not one",
        "doit être une clé privée au format PEM ; ce qui se trouve entre ses première et dernière lignes n’en est "
        "pas une",
    ),
    Text(
        "must not be empty; a password cannot be taken away, only replaced",
        "ne peut pas être vide ; un mot de passe ne s’enlève pas, il se remplace",
    ),
    Text(
        "is in no form that can be verified: {{TYPE}} and a matching hash",
        "n’a aucune forme vérifiable : {{TYPE}} suivi de l’empreinte correspondante",
    ),
    Text(
        "passwords are not stored as {name} here; choose one of {choices}",
        "les mots de passe ne sont pas stockés sous la forme {name} ici ; choisissez l’une de : {choices}",
    ),
    Text(
        "an empty, very long or NUL-bearing password would never be let in",
        "un mot de passe vide, très long ou contenant NUL ne serait jamais accepté",
    ),
    Text("a DKIM key has {lowest} to {highest} bits", "une clé DKIM compte de {lowest} à {highest} bits"),
    Text("the old password is wrong", "l’ancien mot de passe est faux"),
    Text(
        "may hold letters A–Z without accents, digits and marks, but no space and no double quote",
        "peut contenir des lettres A–Z sans accent, des chiffres et des signes, mais ni espace ni guillemet double",
    ),
    Text(
        "must not contain the name of the account or of its domain",
        "ne doit contenir ni le nom du compte ni celui de son domaine",
    ),
    Text(
        "must differ from the last {number} passwords",
        "doit être différent des {number} derniers mots de passe",
    ),
    Text(
        "may hold everything that can be typed, but no blanks at its ends",
        "peut contenir tout ce qui se saisit, mais pas d’espaces à ses extrémités",
    ),
    Text("must not consist of digits alone", "ne doit pas se composer de chiffres seuls"),
    Text("must not contain your name", "ne doit pas contenir votre nom"),
    Text("must differ from the one before", "doit être différent du précédent"),
    Text("the present password is not right", "le mot de passe actuel n’est pas le bon"),
    Text(
        "the password of this mailbox is made by its mail platform; ask who manages the domain",
        "le mot de passe de cette boîte est créé par sa plateforme ; adressez-vous à qui gère le domaine",
    ),
    Text(
        "the password was changed elsewhere at the same moment",
        "le mot de passe a été changé ailleurs au même moment",
    ),
    Text(
        "you sign in without a password of your own here; change it where it is kept",
        "vous vous connectez ici sans mot de passe propre ; changez-le là où il est gardé",
    ),
)

SIGN_IN: Final = (
    Text(
        "is not what the authenticator shows now; is its clock right?",
        "n’est pas ce que l’application affiche maintenant ; son horloge est-elle juste ?",
    ),
    Text("this code is wrong, or was used already", "ce code est faux, ou a déjà servi"),
    Text(
        "there is an authenticator already; remove it first",
        "il y a déjà une application d’authentification ; retirez-la d’abord",
    ),
    Text(
        "recovery codes stand in for a second factor; set one up first",
        "les codes de secours remplacent un second facteur ; mettez-en d’abord un en place",
    ),
    Text("this passkey does not open the account", "cette clé d’accès n’ouvre pas le compte"),
    Text("ask for the passkey's options first", "c’est trop ancien, ou a déjà servi : recommencez"),
    Text("does not answer what was asked", "ne répond pas à ce qui était demandé"),
    Text("there are {number} passkeys; remove one first", "il y a {number} clés d’accès ; retirez-en d’abord une"),
    Text(
        "only a person who is signed in may do this, and not with an API key",
        "seule une personne connectée peut faire cela, et pas avec une clé d’API",
    ),
    Text("sign in again to change what opens your account", "reconnectez-vous pour changer ce qui ouvre votre compte"),
    Text("begin with the first step of signing in", "commencez par la première étape de la connexion"),
    Text(
        "this mailbox cannot be signed in to now; ask who manages its domain",
        "cette boîte ne peut pas être ouverte maintenant ; adressez-vous à qui gère son domaine",
    ),
    Text("the domain of this account is disabled", "le domaine de ce compte est désactivé"),
    Text(
        "too many wrong passwords; try again in {seconds} seconds",
        "trop de mots de passe faux ; réessayez dans {seconds} secondes",
    ),
    Text("too many sign-ins at this moment", "trop de connexions en ce moment"),
    Text(
        "this browser has not begun to sign in, or long ago; begin again",
        "ce navigateur n’a pas commencé à se connecter, ou il y a longtemps ; recommencez",
    ),
    Text("the identity provider did not let you in", "le fournisseur d’identité ne vous a pas laissé entrer"),
    Text(
        "the identity provider has not told a verified e-mail address",
        "le fournisseur d’identité n’a pas donné d’adresse vérifiée",
    ),
    Text(
        "the identity provider cannot be used as it is set up; the operator's log says why",
        "le fournisseur d’identité n’est pas utilisable tel qu’il est réglé ; le journal de l’exploitant dit pourquoi",
    ),
    Text(
        "the identity provider does not answer; try again in a moment",
        "le fournisseur d’identité ne répond pas ; réessayez dans un instant",
    ),
    Text(
        "signing in with the identity provider did not work; begin again",
        "la connexion par le fournisseur d’identité n’a pas marché ; recommencez",
    ),
    Text(
        "there is no identity provider to sign in with here",
        "il n’y a pas ici de fournisseur d’identité pour se connecter",
    ),
    Text(
        "this e-mail address belongs to another account of the identity provider",
        "cette adresse appartient à un autre compte du fournisseur d’identité",
    ),
    Text(
        "{email} is a mailbox here: sign in with its address and password",
        "{email} est une boîte d’ici : connectez-vous avec son adresse et son mot de passe",
    ),
    Text(
        "{email} is known already: sign in, and the invitation is accepted",
        "{email} est déjà connue : connectez-vous, et l’invitation est acceptée",
    ),
    Text(
        "this invitation cannot be used any more; ask whoever invited you to send it again",
        "cette invitation ne peut plus servir ; demandez à la personne qui vous a invité de la renvoyer",
    ),
    Text("is yours already", "est déjà à vous"),
    Text("you have {number} addresses; remove one first", "vous avez {number} adresses ; retirez-en d’abord une"),
    Text(
        "whoever holds a mailbox signs in with its address, and has no others",
        "qui détient une boîte se connecte avec son adresse, et n’en a pas d’autre",
    ),
    Text(
        "e-mails to this address go to a mailbox here, which may be somebody else's",
        "les messages à cette adresse arrivent dans une boîte d’ici, qui est peut-être à quelqu’un d’autre",
    ),
    Text(
        "you sign in with this address, so it stays",
        "vous vous connectez avec cette adresse, donc elle reste",
    ),
    Text(
        "the link is incomplete, too old or used up, or another account than this one asked for it",
        "le lien est incomplet, trop ancien ou déjà utilisé, ou un autre compte que celui-ci l’a demandé",
    ),
    Text("you have {number} API keys; revoke one first", "vous avez {number} clés d’API ; révoquez-en d’abord une"),
    Text("must be in the future, and within ten years", "doit être dans l’avenir, et d’ici dix ans"),
    Text("must name 1 to {highest}, or be null", "doit en nommer de 1 à {highest}, ou aucun"),
    Text("{name} is no permission", "{name} n’est pas un droit"),
    Text("{name}: you may do this nowhere yourself", "{name} : vous-même n’en avez le droit nulle part"),
    Text(
        "must be networks such as 192.0.2.0/24 or addresses",
        "doivent être des réseaux, par exemple 192.0.2.0/24, ou des adresses",
    ),
    Text("{name} is no domain that you can see", "{name} n’est pas un domaine que vous pouvez voir"),
)

DETAILS: Final = (*VALUES, *SIGN_IN, *PASSWORDS, *OBJECTS, *CONFLICTS, *ADDRESSES, *PLATFORMS, *SERVERS)
