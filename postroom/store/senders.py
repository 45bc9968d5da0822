"""The addresses that an account may send as, by the tables that the mail servers read (docs/mailstack.md)."""

from collections.abc import Sequence

import msgspec

from postroom.store.models import MailRoute
from postroom.store.sql import execute, json_value
from postroom.store.working_copies import Settings

_ACCOUNT = (
    'SELECT l."mailbox_id", l."domain_id", d."main", m."settings" FROM "mail_login" l '
    'JOIN "mail_domain" d ON d."name" = %s JOIN "store_mailbox" m ON m."id" = l."mailbox_id" '
    'WHERE l."login" = %s AND l."active" AND d."active"'
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
    settings: Settings


def account(login: str) -> Account | None:
    """None: nobody can sign in as that."""
    found = execute(_ACCOUNT, (login.rpartition("@")[2], login)).fetchone()
    return Account(found[0], found[1], found[2], json_value(found[3])) if found else None


def own_addresses(account: Account, most: int) -> list[str]:
    """Its own and its aliases."""
    return [address for (address,) in execute(_OWN, (account.mailbox_id, most)).fetchall()]


def allowed(login: str, most: int) -> list[str]:
    """Aliases that lead to it and say that it may."""
    return [address for (address,) in execute(_ALIASES, (login, most)).fetchall()]


def alias_names(account: Account, most: int) -> list[str]:
    """Of its domain, those under which people may send."""
    return [name for (name,) in execute(_NAMES, (account.domain_id, most)).fetchall()]


def taken(addresses: Sequence[str]) -> set[str]:
    """Those that exist by themselves: what they mean does not follow from another name of the domain."""
    if not addresses:
        return set()
    return set(MailRoute.objects.filter(address__in=addresses).values_list("address", flat=True))
