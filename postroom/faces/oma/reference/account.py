"""Accounts and their roles: oma.md section 5.5."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import admin_roles, mailbox_removal, mailbox_searches, mailboxes
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import (
    AliasDomainNotFound,
    AliasLimitReached,
    BadRequest,
    CompanyNotFound,
    ExistsAlready,
    FilterMxMissing,
    InAliasDomain,
    IsAlias,
    NameTaken,
    NotAMember,
    NotFound,
    PasswordContainsAccount,
    PasswordReused,
    PasswordTooWeak,
    RoleNotFound,
    TooManyRecipients,
    UserLimitReached,
)
from postroom.core.languages import Text
from postroom.faces.oma.reference.company import CHANGES_SAID
from postroom.faces.oma.reference.entry import Entry, Field, Kind, Subject, attributes, create_only, match, paged, user

_ROLE: Final = Field(
    "role",
    Kind.TEXT,
    Text(
        en="`company`, `company_mail`, `company_mail2`, `company_ro`, `company_token_only`, `company_view`, `domain`, "
        "`mail` or `workgroup`.",
        fr="`company`, `company_mail`, `company_mail2`, `company_ro`, `company_token_only`, `company_view`, `domain`, "
        "`mail` ou `workgroup`.",
    ),
    required=True,
)
_OBJECT: Final = Field(
    "object",
    Kind.TEXT,
    Text(
        en="What the role is on: a company, a domain, or `domain/workgroup`.",
        fr="Ce sur quoi porte le rôle : une société, un domaine, ou `domaine/groupe`.",
    ),
    required=True,
)

ACCOUNT: Final[Mapping[str, Entry]] = {
    "change_user": Entry(
        subject=Subject.USER,
        says=Text(en="Create an account, or change its settings.", fr="Créer un compte, ou changer ses réglages."),
        more=Text(
            en="A new `mailbox` needs a `password`; `forward` and `filter` accounts need none. Lists are replaced as a "
            "whole. New accounts get the `auto` bulletins of the domain and the company.",
            fr="Un nouveau compte `mailbox` a besoin d’un `password` ; les comptes `forward` et `filter`, non. Les "
            "listes sont remplacées en entier. Les nouveaux comptes reçoivent les bulletins `auto` du domaine et de "
            "la société.",
        ),
        actions=(mailboxes.change,),
        fields=(user(), attributes(), create_only()),
        level=Level.MAILBOX,
        example={
            "user": "uma@acme.example",
            "attributes": {"title": "Librarian", "delivery_forward": True, "forward_recipients": ["dora@acme.example"]},
        },
        answer={"success": True},
        fails=(
            NotFound,
            IsAlias,
            NameTaken,
            ExistsAlready,
            UserLimitReached,
            AliasLimitReached,
            AliasDomainNotFound,
            FilterMxMissing,
            TooManyRecipients,
            PasswordTooWeak,
            PasswordReused,
            PasswordContainsAccount,
        ),
    ),
    "get_user": Entry(
        subject=Subject.USER,
        says=Text(en="An account, with its settings and its state.", fr="Un compte, avec ses réglages et son état."),
        more=Text(
            en="`metadata.status` is active, suspended, quota, smtplimit or deleted. For an address that is free, and "
            "that you may create, it fails with 2 and tells `settable_attributes` and `metadata.defaults`.",
            fr="`metadata.status` vaut active, suspended, quota, smtplimit ou deleted. Pour une adresse libre que vous "
            "pouvez créer, elle échoue avec 2 et donne `settable_attributes` et `metadata.defaults`.",
        ),
        actions=(mailboxes.show,),
        fields=(user(),),
        level=Level.MAILBOX,
        example={"user": "uma@acme.example"},
        answer={
            "success": True,
            "type": "mailbox",
            "settable_attribute": ["aliases"],
            "settable_attributes": ["aliases"],
            "attributes": {"account": "uma@acme.example", "type": "mailbox", "aliases": [], "delivery_local": True},
            "metadata": {
                "2fa_enabled": False,
                "roles": {},
                "status": "active",
                "createtime": 1700000000,
                "quota": {"bytes_max": 5368709120, "bytes_used": 0, "messages_max": None, "messages_used": 0},
                "inherit": {"spamlevel": "Normal"},
                "app_passwords": [],
                "smtp_limit": {"max": 1000, "sent": 0},
                "last_login": {"imap4": None, "pop3": None, "webmail": None, "smtprelay": None},
            },
        },
        fails=(NotFound, IsAlias),
    ),
    "delete_user": Entry(
        subject=Subject.USER,
        says=Text(en="Delete an account.", fr="Supprimer un compte."),
        more=Text(
            en="No mail and no sign-in from now on. It can be restored for 30 days, or as long as the operator has "
            "set; its aliases are free at once, its roles end.",
            fr="Plus de courrier ni de connexion. Il peut être restauré pendant 30 jours, ou la durée que "
            "l’exploitant a fixée ; ses alias sont libres aussitôt, ses rôles prennent fin.",
        ),
        actions=(mailbox_removal.delete,),
        fields=(user(),),
        example={"user": "wes@acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias),
    ),
    "restore_user": Entry(
        subject=Subject.USER,
        says=Text(
            en="Bring a deleted account back, with its mail.", fr="Restaurer un compte supprimé, avec son courrier."
        ),
        actions=(mailbox_removal.restore,),
        fields=(
            user(Text(en="The old address.", fr="L’ancienne adresse.")),
            Field(
                "id",
                Kind.TEXT,
                Text(
                    en="From `search_users` with `deleted`; without it, the one deleted last.",
                    fr="Donné par `search_users` avec `deleted` ; sans lui, le dernier supprimé.",
                ),
                also=("ids",),
            ),
            Field(
                "new_name",
                Kind.TEXT,
                Text(en="Another address in the same domain.", fr="Une autre adresse du même domaine."),
            ),
        ),
        example={"user": "wes@acme.example"},
        answer={"success": True},
        fails=(NotFound, NameTaken, UserLimitReached),
    ),
    "rename_user": Entry(
        subject=Subject.USER,
        says=Text(
            en="Give an account another address in its domain.", fr="Donner au compte une autre adresse de son domaine."
        ),
        more=Text(
            en="Mail and settings stay. The old address is free then: make it an alias if mail should still arrive.",
            fr="Le courrier et les réglages restent. L’ancienne adresse est libre ensuite : faites-en un alias si le "
            "courrier doit encore arriver.",
        ),
        actions=(mailbox_removal.rename,),
        fields=(
            user(),
            Field(
                "new_name",
                Kind.NAME,
                Text(
                    en="The new address, or the part before the @.", fr="La nouvelle adresse, ou la partie avant l’@."
                ),
                required=True,
            ),
        ),
        example={"user": "wes@acme.example", "new_name": "wesley@acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias, NameTaken, InAliasDomain),
    ),
    "search_users": Entry(
        subject=Subject.USER,
        says=Text(en="Find accounts and aliases of a domain.", fr="Trouver des comptes et des alias d’un domaine."),
        actions=(mailbox_searches.search,),
        fields=(
            Field(
                "criteria.domain",
                Kind.NAME,
                Text(en="The domain’s name.", fr="Le nom du domaine."),
                required=True,
                also=("domain",),
            ),
            Field(
                "criteria.workgroup",
                Kind.TEXT,
                Text(en="Of this workgroup only.", fr="De ce groupe de travail seulement."),
            ),
            Field(
                "criteria.type",
                Kind.TEXTS,
                Text(
                    en="Of `mailbox`, `forward`, `filter`, `alias`. Without it all.",
                    fr="Parmi `mailbox`, `forward`, `filter`, `alias`. Sans lui, tous.",
                ),
            ),
            match(Text(en="The address or the part before the @:", fr="L’adresse ou la partie avant l’@ :")),
            Field(
                "criteria.deleted",
                Kind.FLAG,
                Text(
                    en="Deleted ones, with the `id` to restore them.",
                    fr="Les supprimés, avec l’`id` pour les restaurer.",
                ),
            ),
            Field(
                "criteria.status",
                Kind.TEXTS,
                Text(
                    en="Of `active`, `suspended`, `quota`, `smtplimit`, `deleted`. Without it all but deleted.",
                    fr="Parmi `active`, `suspended`, `quota`, `smtplimit`, `deleted`. Sans lui, tous sauf les "
                    "supprimés.",
                ),
            ),
            Field(
                "fields",
                Kind.TEXTS,
                Text(
                    en="What to add: `createtime`, `forward`, `lastlogin`, `smtplimit`.",
                    fr="Ce qu’il faut ajouter : `createtime`, `forward`, `lastlogin`, `smtplimit`.",
                ),
            ),
            *paged("user", "createtime", "delete_time", "id", "lastlogin", "status", "target", "type", "workgroup"),
        ),
        example={
            "criteria": {"domain": "acme.example", "type": ["mailbox"]},
            "fields": ["lastlogin"],
            "range": {"first": 0, "limit": 2},
        },
        answer={
            "success": True,
            "users": [
                {
                    "user": "dora@acme.example",
                    "type": "mailbox",
                    "workgroup": "staff",
                    "status": "active",
                    "alias_target": None,
                    "lastlogin": None,
                }
            ],
            "count": 1,
            "total_count": 3,
        },
        fails=(BadRequest,),
    ),
    "get_user_changes": Entry(
        subject=Subject.USER,
        says=Text(en="What happened to an account.", fr="Ce qui est arrivé à un compte."),
        more=CHANGES_SAID,
        actions=(mailboxes.changes,),
        fields=(user(), *paged()),
        example={"user": "uma@acme.example", "range": {"first": 0, "limit": 1}},
        answer={
            "success": True,
            "count": 1,
            "total_count": 2,
            "changes": [
                {"application": "OMA", "msg": "set title to Clerk", "time": 1700000000, "user": "admin@acme.adm"}
            ],
        },
        fails=(NotFound, IsAlias),
    ),
    "get_user_attribute_history": Entry(
        subject=Subject.USER,
        says=Text(
            en="The values that an attribute has had, by time.", fr="Les valeurs prises par un attribut, par date."
        ),
        actions=(mailboxes.attribute_history,),
        fields=(
            user(),
            Field("attribute", Kind.TEXT, Text(en="Its name.", fr="Son nom."), required=True),
        ),
        level=Level.MAILBOX,
        example={"user": "uma@acme.example", "attribute": "title"},
        answer={"success": True, "history": {}},
        fails=(NotFound, IsAlias),
    ),
    "set_role": Entry(
        subject=Subject.ROLE,
        says=Text(
            en="Give an account a role, in place of the one it had.",
            fr="Donner un rôle à un compte, à la place du sien.",
        ),
        more=Text(
            en="The account must be in the company, or the domain, that the role is on. An empty `role` takes it away.",
            fr="Le compte doit être dans la société, ou le domaine, sur lequel porte le rôle. Un `role` vide le "
            "retire.",
        ),
        actions=(admin_roles.assign,),
        fields=(
            user(),
            _ROLE,
            Field(
                "objects",
                Kind.TEXTS,
                Text(
                    en="What it is on: companies, domains, or `domain/workgroup`. Needed with a role.",
                    fr="Ce sur quoi il porte : sociétés, domaines, ou `domaine/groupe`. Nécessaire avec un rôle.",
                ),
                also=("object",),
            ),
        ),
        example={"user": "uma@acme.example", "role": "mail", "object": "acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias, RoleNotFound, NotAMember),
    ),
    "add_role": Entry(
        subject=Subject.ROLE,
        says=Text(
            en="Add an object to what an account’s role is on.", fr="Étendre le rôle d’un compte à un autre objet."
        ),
        actions=(admin_roles.add,),
        fields=(user(), _ROLE, _OBJECT),
        example={"user": "uma@acme.example", "role": "workgroup", "object": "acme.example/sales"},
        answer={"success": True},
        fails=(NotFound, IsAlias, RoleNotFound, NotAMember),
    ),
    "remove_role": Entry(
        subject=Subject.ROLE,
        says=Text(en="Take an object away from an account’s role.", fr="Retirer un objet du rôle d’un compte."),
        actions=(admin_roles.remove,),
        fields=(user(), _ROLE, _OBJECT),
        example={"user": "dora@acme.example", "role": "domain", "object": "acme.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias, RoleNotFound),
    ),
    "search_admins": Entry(
        subject=Subject.ROLE,
        says=Text(en="Who has a role in your companies.", fr="Qui a un rôle dans vos sociétés."),
        actions=(admin_roles.search,),
        fields=(
            Field("criteria.company", Kind.TEXT, Text(en="In this company only.", fr="Dans cette société seulement.")),
            Field("criteria.type", Kind.TEXTS, Text(en="With these roles only.", fr="Avec ces rôles seulement.")),
            match(Text(en="The address:", fr="L’adresse :")),
            *paged("user", "type"),
        ),
        example={"criteria": {"type": ["domain"]}},
        answer={
            "success": True,
            "admins": [{"user": "dora@acme.example", "type": "domain", "control": ["acme.example"]}],
            "count": 1,
            "total_count": 1,
        },
        fails=(CompanyNotFound,),
    ),
}
