"""The addresses that an account may send as, by the tables that the mail servers read (docs/mailstack.md)."""

from collections.abc import Sequence

import msgspec

from postroom.store.models import MailRoute
from postroom.store.sql import execute, json_value
from postroom.store.working_copies import Settings

# By whichever of its names it signs in, as for Dovecot (drivers/mailstack/queries.py).
_ACCOUNT = (
    'SELECT l."mailbox_id", l."domain_id", d."main", l."login", m."settings" FROM "mail_login" l '
    'JOIN "mail_domain" d ON d."domain_id" = l."domain_id" AND d."name" = d."main" '
    'JOIN "store_mailbox" m ON m."id" = l."mailbox_id" '
    'WHERE l."login" = COALESCE((SELECT "login" FROM "mail_route" WHERE "address" = %s), '
    '(SELECT r."login" FROM "mail_domain" a JOIN "mail_route" r ON r."address" = %s || \'@\' || a."main" '
    'WHERE a."name" = %s)) AND l."active" AND d."active"'
)
_OWN = (
    'SELECT "address" FROM "mail_route" WHERE "mailbox_id" = %s '
    'ORDER BY CASE WHEN "address" = "login" THEN 0 ELSE 1 END, "address" LIMIT %s'
)
_ALIASES = (
    'SELECT a."local_part" || \'@\' || d."name" FROM "store_alias" a JOIN "store_domain" d ON d."id" = a."domain_id" '
    'JOIN "mail_domain" m ON m."name" = d."name" '
    'WHERE a."destination" = %s AND a."allow_to_send" AND m."ours" AND m."active" ORDER BY 1 LIMIT %s'
)
_NAMES = (
    'SELECT "name" FROM "mail_domain" WHERE "domain_id" = %s AND "send_as" AND "name" <> "main" '
    'ORDER BY "name" LIMIT %s'
)


class Account(msgspec.Struct, frozen=True):
    mailbox_id: int
    domain_id: int
    main: str
    """The own name of its domain."""
    login: str
    settings: Settings


def account(login: str) -> Account | None:
    """None: nobody can sign in as that."""
    local_part, _, domain = login.rpartition("@")
    found = execute(_ACCOUNT, (login, local_part, domain)).fetchone()
    return Account(found[0], found[1], found[2], found[3], json_value(found[4])) if found else None


def own_addresses(account: Account, most: int) -> list[str]:
    """Its own and its aliases."""
    return [address for (address,) in execute(_OWN, (account.mailbox_id, most)).fetchall()]


def allowed(account: Account, most: int) -> list[str]:
    """Aliases that lead to it and say that it may."""
    return [address for (address,) in execute(_ALIASES, (account.login, most)).fetchall()]


def alias_names(account: Account, most: int) -> list[str]:
    """Of its domain, those under which people may send."""
    return [name for (name,) in execute(_NAMES, (account.domain_id, most)).fetchall()]


def taken(addresses: Sequence[str]) -> set[str]:
    """Those that exist by themselves: what they mean does not follow from another name of the domain."""
    if not addresses:
        return set()
    return set(MailRoute.objects.filter(address__in=addresses).values_list("address", flat=True))
