"""Signing keys that we make, for those who bring none (DKIM, RFC 6376)."""

from datetime import datetime

import msgspec

from postroom.actions import domains
from postroom.actions.action import reads, writes
from postroom.core import dkim
from postroom.core.errors import BadRequest, NotFound
from postroom.core.records import Origin
from postroom.core.roles import Actor, Permission
from postroom.store import reach


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of the domain's DNS needs to know. The private key stays here."""

    domain: str
    selector: str
    record: str
    """The text of the TXT record at <selector>._domainkey.<domain>."""
    zone_line: str


def usual_selector(at: datetime) -> str:
    """A new name for each key, so that mail signed with the one before can still be verified."""
    return f"pr{at:%Y%m%d}"


@writes(Permission.DOMAIN_CHANGE)
def make(actor: Actor, origin: Origin, domain: str, selector: str = "", bits: int = dkim.USUAL) -> SigningKey:
    """A new key, used from the next message on. Raises BadRequest for a selector in use: receivers may have cached its
    record."""
    row = reach.domain(actor, domain, Permission.DOMAIN_CHANGE)
    selector = selector or usual_selector(origin.at)
    if row.settings.get("dkim_selector") == selector:
        raise BadRequest(hints={"selector": f"{selector} is in use; a new key needs a new name"})
    try:
        key = dkim.new_key(bits)
    except ValueError as error:
        raise BadRequest(hints={"bits": str(error)}) from None
    domains.change(actor, origin, row.name, {"dkim_selector": selector, "dkim_key": key})
    return _told(row.name, selector, key)


@reads(Permission.DOMAIN_SEE)
def show(actor: Actor, domain: str) -> SigningKey:
    """Raises NotFound where mail is not signed."""
    row = reach.domain(actor, domain, Permission.DOMAIN_SEE)
    selector, key = row.settings.get("dkim_selector"), row.settings.get("dkim_key")
    if not isinstance(selector, str) or not isinstance(key, str):
        raise NotFound(f"mail from {row.name} is not signed: it has no key")
    return _told(row.name, selector, key)


def _told(domain: str, selector: str, key: str) -> SigningKey:
    return SigningKey(
        domain=domain,
        selector=selector,
        record=dkim.record(key),
        zone_line=dkim.zone_line(domain, selector, key),
    )
