"""Who calls the dimail face, and how they stand to the domain that the call names: in one look-up, at each call."""

from typing import Final

from postroom.store.sql import Row, execute

_CALLER: Final = """
SELECT a."id", a."name", a."uuid", a."is_admin", a."perms", c."id", d."id", d."company_id", f."features",
    w."id" IS NOT NULL, a."password_hash", a."tokens_from"
FROM "store_dimailaccount" a
LEFT JOIN "store_domainname" n ON n."name" = %s AND NOT n."is_alias"
LEFT JOIN "store_domain" d ON d."id" = n."domain_id"
LEFT JOIN "store_dimaildomain" f ON f."domain_id" = d."id"
LEFT JOIN "store_dimailallow" w ON w."domain_id" = d."id" AND w."account_id" = a."id"
LEFT JOIN "store_company" c ON c."name" = %s
WHERE a."name" = %s
"""


def find(name: str, domain: str, company: str) -> Row | None:
    """Id, name, uuid, is_admin, perms (JSON) of the account; id of the company of that name; id, company and features
    (JSON) of the domain of that own name, and whether the account was allowed on it; password hash, tokens_from.

    None where there is no such account; what else is not there is None in the row.
    """
    found: Row | None = execute(_CALLER, [domain, company, name]).fetchone()
    return found
