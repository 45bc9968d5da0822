"""What webmail begins with when somebody signs in for the first time."""

from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from postroom.actions.action import reads
from postroom.core import inheritance
from postroom.store import senders

MOST_ADDRESSES = 200
"""Of those that one may send as; nobody chooses from more."""


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    language: str
    timezone: str
    addresses: list[str]
    """That one may send as, one's own first."""


@reads()
def preset(login: str) -> Preset | None:
    """None: nobody can sign in as that."""
    account = senders.account(login)
    if account is None:
        return None
    own = senders.own_addresses(account, MOST_ADDRESSES)
    return Preset(
        name=str(inheritance.value("name", account.settings)),
        language=str(inheritance.value("language", account.settings)),
        timezone=str(inheritance.value("timezone", account.settings)),
        addresses=list(dict.fromkeys([*own, *_further(account, own)])),
    )


def _further(account: senders.Account, own: Sequence[str]) -> list[str]:
    found = senders.allowed(account, MOST_ADDRESSES - len(own)) if len(own) < MOST_ADDRESSES else []
    return [*found, *_under_alias_names(account, own, MOST_ADDRESSES - len(own) - len(found))]


def _under_alias_names(account: senders.Account, own: Iterable[str], room: int) -> list[str]:
    """The own addresses in the domain's other names, which is how mail for these is understood too."""
    names = senders.alias_names(account, room) if room > 0 else []
    locals_ = [local for local, _, domain in (address.partition("@") for address in own) if domain == account.main]
    wanted = list(islice((f"{local}@{name}" for name in names for local in locals_), room))
    taken = senders.taken(wanted)
    return [address for address in wanted if address not in taken]
