"""authenticate, echo, generate_token, app_password, user_disable_2fa, logout_user: oma.md sections 5.1 and 5.5."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import app_passwords, second_factors, stored_mail, tokens
from postroom.core.errors import AppPasswordLimitReached, BadRequest, IsAlias, NameTaken, NotFound
from postroom.core.languages import Text
from postroom.faces.oma.reference.entry import Entry, Field, Kind, Subject, user

WAYS_IN: Final[Mapping[str, Entry]] = {
    "authenticate": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="Check the credentials, and make a session token if wanted.",
            fr="Vérifier les identifiants, et créer si besoin un jeton de session.",
        ),
        more=Text(
            en="No other call needs it: each carries its own credentials. A session token opens this API alone, in "
            "place of the password, with the rights of the account that asked.",
            fr="Aucun autre appel n’en a besoin : chacun porte ses propres identifiants. Un jeton de session n’ouvre "
            "que cette API, à la place du mot de passe, avec les droits du compte qui l’a demandé.",
        ),
        fields=(
            Field(
                "generate_session_token",
                Kind.FLAG,
                Text(en="Make a session token.", fr="Créer un jeton de session."),
            ),
            Field(
                "session_token_duration",
                Kind.NUMBER,
                Text(
                    en="How long the token is good, in seconds: 1 to 86400. Without it 10800.",
                    fr="Durée de validité du jeton, en secondes : de 1 à 86400. Sans lui, 10800.",
                ),
            ),
            Field(
                "token",
                Kind.TEXT,
                Text(
                    en="The token’s text, 16 to 256 characters. Without it a random one.",
                    fr="Le texte du jeton, de 16 à 256 caractères. Sans lui, un texte aléatoire.",
                ),
            ),
            Field(
                "fetch_extra_info",
                Kind.FLAG,
                Text(en="Also tell who this account is.", fr="Dire aussi qui est ce compte."),
            ),
        ),
        example={"generate_session_token": True, "session_token_duration": 3600, "fetch_extra_info": True},
        answer={
            "success": True,
            "session_token": "5f0c2b7d9e14a8c36b0f7d21e95a4c83",
            "session_token_duration": 3600,
            "extra_info": {"user": "admin@acme.adm", "type": "mailbox", "roles": {"company": ["acme"]}},
        },
        fails=(NameTaken,),
    ),
    "echo": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="Give back the request, without passwords and tokens.",
            fr="Renvoyer la requête, sans mots de passe ni jetons.",
        ),
        example={"greeting": "bonjour"},
        answer={
            "success": True,
            "greeting": "bonjour",
            "credentials": {"user": "admin@acme.adm", "password": ""},
        },
    ),
    "generate_token": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="Make a token with which somebody signs in for a while.",
            fr="Créer un jeton avec lequel quelqu’un se connecte pendant un temps.",
        ),
        more=Text(
            en="`session` opens webmail, IMAP, POP and submission any number of times, `sso` once, `oma` this API. For "
            "webmail the token is used as the password.",
            fr="`session` ouvre la messagerie web, IMAP, POP et l’envoi autant de fois qu’on veut, `sso` une seule "
            "fois, `oma` cette API. Dans la messagerie web, le jeton sert de mot de passe.",
        ),
        actions=(tokens.create,),
        fields=(
            user(Text(en="Whose token it is.", fr="À qui est le jeton.")),
            Field(
                "reason",
                Kind.TEXT,
                Text(en="Kept in the account’s history.", fr="Gardé dans l’historique du compte."),
                required=True,
            ),
            Field(
                "type",
                Kind.TEXT,
                Text(en="`session` (usual), `sso` or `oma`.", fr="`session` (d’ordinaire), `sso` ou `oma`."),
            ),
            Field(
                "duration",
                Kind.NUMBER,
                Text(en="In hours, 1 to 8784. Without it 24.", fr="En heures, de 1 à 8784. Sans lui, 24."),
            ),
            Field(
                "token",
                Kind.TEXT,
                Text(
                    en="The token’s text, 16 to 256 characters. Without it a random one.",
                    fr="Le texte du jeton, de 16 à 256 caractères. Sans lui, un texte aléatoire.",
                ),
            ),
            Field(
                "oma",
                Kind.FLAG,
                Text(
                    en="A `session` or `sso` token that opens this API too: for company administrators.",
                    fr="Un jeton `session` ou `sso` qui ouvre aussi cette API : pour les administrateurs de société.",
                ),
            ),
        ),
        example={"user": "uma@acme.example", "reason": "Login to webmail", "type": "sso", "duration": 1},
        answer={"success": True, "duration": 1, "token": "9f3c0d5b7a1e42868c95d0b4f7e13a20"},
        fails=(NotFound, IsAlias, NameTaken),
    ),
    "app_password": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="Add or remove a password for one mail program.",
            fr="Ajouter ou retirer un mot de passe pour un logiciel de messagerie.",
        ),
        more=Text(
            en="As soon as there is one, mail programs take no other password; webmail and this API keep the usual "
            "one. An account has at most 4.",
            fr="Dès qu’il y en a un, les logiciels de messagerie n’acceptent plus d’autre mot de passe ; la messagerie "
            "web et cette API gardent le mot de passe habituel. Un compte en a 4 au plus.",
        ),
        actions=(app_passwords.add, app_passwords.remove),
        fields=(
            user(),
            Field("mode", Kind.TEXT, Text(en="`add` or `remove`.", fr="`add` ou `remove`."), required=True),
            Field(
                "tag",
                Kind.TEXT,
                Text(
                    en="What the program is called; it names the password when it is removed. A new password without "
                    "one gets `password 1`, `password 2` and so on.",
                    fr="Le nom du logiciel ; il désigne le mot de passe quand on le retire. Un nouveau mot de passe "
                    "sans nom reçoit `password 1`, `password 2` et ainsi de suite.",
                ),
            ),
        ),
        example={"user": "uma@acme.example", "mode": "add", "tag": "phone"},
        answer={"success": True, "password": "hkqv-wtzn-pmrd-xjcb"},
        fails=(NotFound, IsAlias, NameTaken, AppPasswordLimitReached),
    ),
    "user_disable_2fa": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="Remove the second factors with which the account’s holder signs in.",
            fr="Retirer les seconds facteurs avec lesquels le titulaire du compte se connecte.",
        ),
        more=Text(
            en="For people who have lost theirs. A requirement to have one (`2fa_required_oma`) stays.",
            fr="Pour qui a perdu le sien. L’obligation d’en avoir un (`2fa_required_oma`) demeure.",
        ),
        actions=(second_factors.remove_of_mailbox,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias),
    ),
    "logout_user": Entry(
        subject=Subject.WAYS_IN,
        says=Text(
            en="End the account’s IMAP and POP sessions, and revoke its tokens.",
            fr="Fermer les sessions IMAP et POP du compte, et révoquer ses jetons.",
        ),
        actions=(stored_mail.end_sessions,),
        fields=(user(),),
        example={"user": "uma@acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias, BadRequest),
    ),
}
