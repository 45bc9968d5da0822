"""Domains and workgroups: oma.md sections 5.3 and 5.4."""

from collections.abc import Mapping
from typing import Final

from postroom.actions import domain_removal, domain_searches, domains, workgroups
from postroom.core.catalogue.attribute import Level
from postroom.core.errors import (
    AliasLimitReached,
    CompanyNotFound,
    DefaultWorkgroup,
    ExistsAlready,
    IsAlias,
    NameTaken,
    NotEmpty,
    NotFound,
    StillControlled,
)
from postroom.core.languages import Text
from postroom.faces.oma.reference.company import CHANGES_SAID
from postroom.faces.oma.reference.entry import (
    Entry,
    Field,
    Kind,
    Subject,
    attributes,
    create_only,
    domain,
    match,
    paged,
)

_COUNTS: Final = {"mailbox": 3, "forward": 1, "filter": 0, "alias": 2, "deleted": 0}
_GROUP: Final = Field("workgroup", Kind.TEXT, Text(en="Its name.", fr="Son nom."), required=True)
_ALSO: Final = Field(
    "domain", Kind.NAME, Text(en="The domain’s name.", fr="Le nom du domaine."), required=True, also=("domains",)
)

DOMAIN: Final[Mapping[str, Entry]] = {
    "change_domain": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="Create a domain, or change its settings.", fr="Créer un domaine, ou changer ses réglages."),
        more=Text(
            en="A name that is not there is created in your company, or in the one that the attribute `company` names. "
            "New domains copy what is marked so from the company. All or nothing: with one mistake, nothing changes.",
            fr="Un nom qui n’existe pas est créé dans votre société, ou dans celle que nomme l’attribut `company`. Les "
            "nouveaux domaines copient de la société ce qui est marqué ainsi. Tout ou rien : à la moindre erreur, rien "
            "ne change.",
        ),
        actions=(domains.change,),
        fields=(_ALSO, attributes(), create_only()),
        level=Level.DOMAIN,
        example={"domain": "acme.example", "attributes": {"spamlevel": "High", "allow": ["*@partner.example"]}},
        answer={"success": True},
        fails=(ExistsAlready, NameTaken, IsAlias, CompanyNotFound, AliasLimitReached),
    ),
    "get_domain": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="A domain, with its settings.", fr="Un domaine, avec ses réglages."),
        more=Text(
            en="For a name that is free, and that you may create, it fails with 2 and tells `settable_attributes` and "
            "`metadata.defaults`: what a new domain would begin with.",
            fr="Pour un nom libre que vous pouvez créer, elle échoue avec 2 et donne `settable_attributes` et "
            "`metadata.defaults` : ce par quoi un nouveau domaine commencerait.",
        ),
        actions=(domains.show,),
        fields=(_ALSO,),
        level=Level.DOMAIN,
        example={"domain": "acme.example"},
        answer={
            "success": True,
            "attributes": {"account": "acme.example", "company": "acme", "aliases": [], "disabled": False},
            "settable_attribute": ["aliases"],
            "settable_attributes": ["aliases"],
            "metadata": {
                "options": {"spamlevel": ["Normal", "High", "Very High"]},
                "bulletins": {"manual": [], "auto": []},
                "createtime": 1700000000,
                "inherit": {"spamlevel": "Normal"},
            },
        },
        fails=(NotFound, IsAlias),
    ),
    "delete_domain": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="Delete a domain that has no accounts.", fr="Supprimer un domaine qui n’a plus de comptes."),
        more=Text(
            en="It can be restored for 30 days, or as long as the operator has set. Search with `criteria.deleted` for "
            "the `id` that it takes.",
            fr="Il peut être restauré pendant 30 jours, ou la durée que l’exploitant a fixée. Cherchez avec "
            "`criteria.deleted` l’`id` qu’il faut pour cela.",
        ),
        actions=(domain_removal.delete,),
        fields=(domain(),),
        example={"domain": "empty.example"},
        answer={"success": True},
        fails=(NotFound, IsAlias, NotEmpty, StillControlled),
    ),
    "restore_domain": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="Bring a deleted domain back.", fr="Restaurer un domaine supprimé."),
        actions=(domain_removal.restore,),
        fields=(
            Field("domain", Kind.NAME, Text(en="The old name.", fr="L’ancien nom."), required=True),
            Field(
                "id",
                Kind.TEXT,
                Text(en="From `search_domains` with `deleted`.", fr="Donné par `search_domains` avec `deleted`."),
                required=True,
                also=("ids",),
            ),
            Field(
                "new_name",
                Kind.NAME,
                Text(
                    en="What it is called from now on; the old name is fine.",
                    fr="Son nom désormais ; l’ancien convient.",
                ),
                required=True,
            ),
        ),
        example={"domain": "empty.example", "id": "1308694526", "new_name": "empty.example"},
        answer={"success": True},
        fails=(NotFound, NameTaken),
    ),
    "search_domains": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="Find domains of your companies.", fr="Trouver des domaines de vos sociétés."),
        actions=(domain_searches.search,),
        fields=(
            Field(
                "criteria.company",
                Kind.TEXT,
                Text(en="Of this company only.", fr="De cette société seulement."),
            ),
            Field(
                "criteria.type",
                Kind.TEXTS,
                Text(en="Of `domain`, `alias`. Without it both.", fr="Parmi `domain`, `alias`. Sans lui, les deux."),
            ),
            match(Text(en="The name:", fr="Le nom :")),
            Field(
                "criteria.deleted",
                Kind.FLAG,
                Text(
                    en="Deleted ones, with the `id` to restore them.",
                    fr="Les supprimés, avec l’`id` pour les restaurer.",
                ),
            ),
            *paged("domain", "type", "id", "users", "users/mailbox", "users/forward", "delete_time"),
        ),
        example={"criteria": {"match": "acme*"}, "range": {"first": 0, "limit": 10}, "sort": {"by": "domain"}},
        answer={
            "success": True,
            "domains": [
                {"domain": "acme.example", "type": "domain", "users": _COUNTS, "counts": {**_COUNTS, "total": 4}},
            ],
            "count": 1,
            "total_count": 1,
        },
        fails=(CompanyNotFound,),
    ),
    "push_domain": Entry(
        subject=Subject.DOMAIN,
        says=Text(
            en="Hand a domain with all its mail to another company.",
            fr="Remettre un domaine, avec tout son courrier, à une autre société.",
        ),
        more=Text(
            en="The other company must name yours in `domain_push_allowed`. Its `domain_push_notify` gets an e-mail.",
            fr="L’autre société doit nommer la vôtre dans `domain_push_allowed`. Son `domain_push_notify` reçoit un "
            "message.",
        ),
        actions=(domains.push,),
        fields=(
            domain(),
            Field(
                "new_company",
                Kind.TEXT,
                Text(en="The other company’s id: a number.", fr="L’identifiant de l’autre société : un nombre."),
                required=True,
            ),
        ),
        example={"domain": "acme.example", "new_company": "2"},
        answer={"success": True},
        fails=(NotFound, IsAlias, CompanyNotFound),
    ),
    "get_domain_changes": Entry(
        subject=Subject.DOMAIN,
        says=Text(en="What happened to a domain.", fr="Ce qui est arrivé à un domaine."),
        more=CHANGES_SAID,
        actions=(domains.changes,),
        fields=(domain(), *paged()),
        example={"domain": "acme.example", "range": {"first": 0, "limit": 1}},
        answer={
            "success": True,
            "count": 1,
            "total_count": 3,
            "changes": [
                {"application": "OMA", "msg": "set spamlevel to High", "time": 1700000000, "user": "admin@acme.adm"}
            ],
        },
        fails=(NotFound, IsAlias),
    ),
    "create_workgroup": Entry(
        subject=Subject.WORKGROUP,
        says=Text(
            en="Create a group of accounts, for which an administrator can be named.",
            fr="Créer un groupe de comptes, pour lequel un administrateur peut être nommé.",
        ),
        actions=(workgroups.create,),
        fields=(domain(), _GROUP),
        example={"domain": "acme.example", "workgroup": "library"},
        answer={"success": True},
        fails=(NotFound, IsAlias, NameTaken),
    ),
    "delete_workgroup": Entry(
        subject=Subject.WORKGROUP,
        says=Text(en="Delete an empty workgroup.", fr="Supprimer un groupe de travail vide."),
        actions=(workgroups.delete,),
        fields=(domain(), _GROUP),
        example={"domain": "acme.example", "workgroup": "library"},
        answer={"success": True},
        fails=(NotFound, IsAlias, NotEmpty, DefaultWorkgroup, StillControlled),
    ),
    "search_workgroups": Entry(
        subject=Subject.WORKGROUP,
        says=Text(en="The workgroups of a domain.", fr="Les groupes de travail d’un domaine."),
        actions=(workgroups.search,),
        fields=(
            Field("criteria.domain", Kind.NAME, Text(en="The domain’s name.", fr="Le nom du domaine."), required=True),
            match(Text(en="The group’s name:", fr="Le nom du groupe :")),
            *paged("workgroup", "users"),
        ),
        example={"criteria": {"domain": "acme.example"}},
        answer={
            "success": True,
            "workgroups": [{"workgroup": "sales", "counts": {**_COUNTS, "total": 4}}],
            "count": 1,
            "total_count": 2,
        },
        fails=(NotFound, IsAlias),
    ),
}
