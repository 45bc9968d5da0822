"""Every call of the face, from the files that hold their handlers."""

from typing import Final

from postroom.faces.dimail import accounts, addresses, aliases, allows, codes, domains, mailboxes, mailboxes_v2, token
from postroom.faces.dimail.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *token.ROUTES,
    *accounts.ROUTES,
    *allows.ROUTES,
    *domains.ROUTES,
    *mailboxes.ROUTES,
    *codes.ROUTES,
    *mailboxes_v2.ROUTES,
    *addresses.ROUTES,
    *aliases.ROUTES,
)
