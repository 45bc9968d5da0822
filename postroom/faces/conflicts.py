"""What stands in the way of a change, in French, too: for programs (REST) and on the pages. `{names}` stand for what
differs (core/phrases.py).
"""

from typing import Final

from postroom.core.languages import Text

CONFLICTS: Final = (
    Text(
        "{domain} has {number} aliases: no domain may have more",
        "{domain} a {number} alias : aucun domaine ne peut en avoir plus",
    ),
    Text("{domain} may have {limit} aliases and has {present}", "{domain} peut avoir {limit} alias et en a {present}"),
    Text("{address} has {number}; remove one first", "{address} en a {number} ; retirez-en d’abord un"),
    Text("{domain} may have {limit} accounts", "le nombre de comptes de {domain} est limité à {limit}"),
    Text(
        "{number} domains of yours wait for their DNS records, or were removed today; at most {most} may",
        "{number} de vos domaines attendent leur DNS, ou ont été retirés aujourd’hui ; {most} au plus sont possibles",
    ),
    Text(
        "{name} still has accounts ({number}); delete them first",
        "{name} a encore des comptes ({number}) ; supprimez-les d’abord",
    ),
    Text(
        "take {name} from the company, the domains and the accounts that name it first",
        "retirez d’abord {name} de la société, des domaines et des comptes qui la nomment",
    ),
    Text("take the roles over {name} from {admins} first", "retirez d’abord à {admins} leurs rôles sur {name}"),
    Text(
        "{name} still has accounts; move or delete them first",
        "{name} a encore des comptes ; déplacez-les ou supprimez-les d’abord",
    ),
    Text(
        "make another one the domain's default before deleting {name}",
        "choisissez un autre groupe par défaut pour le domaine avant de supprimer {name}",
    ),
)
