"""Letters to the holder of a mailbox, at their other address: to whom, in which language, in whose dress.

Nothing here is an action: the caller holds the row's lock.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from django.conf import settings

from postroom.core import languages
from postroom.core.brand import Look
from postroom.core.errors import NoSecondaryEmail
from postroom.core.languages import Language
from postroom.core.letters import mailbox as letters
from postroom.core.letters.frame import Letter
from postroom.core.letters.mailbox import Way
from postroom.core.roles import Actor
from postroom.store import brands, links, outgoing
from postroom.store.models import Person
from postroom.store.rows import MailboxRow

WELCOME: Final = "mailbox_welcome"
RESET: Final = "password_reset"
LOGIN_LINK: Final = "login_link"

_LETTERS: Final[Mapping[str, Callable[[Look, Language, str, Way], Letter]]] = {
    WELCOME: letters.welcome,
    RESET: letters.reset,
    LOGIN_LINK: letters.login_link,
}
_MISSING: Final = {
    RESET: "Please add a secondary email before resetting the password.",
    LOGIN_LINK: "Logging in with a link requires a secondary email address. "
    "Please add a valid secondary email before trying again.",
}
"""In the words of people.md section 3.3."""


def reaches(secondary: str, own: Iterable[str], domain: str, domain_aliases: Iterable[str]) -> bool:
    """Whether a letter to the secondary address gets out of the mailbox whose addresses are `own`."""
    local_part, _, name = secondary.rpartition("@")
    if name in domain_aliases:
        name = domain
    return bool(secondary) and f"{local_part.partition('+')[0]}@{name}" not in own


def other_address(row: MailboxRow) -> str:
    """Empty where there is none, or it leads into this very mailbox."""
    own = {row.address, *row.aliases}
    return row.secondary_email if reaches(row.secondary_email, own, row.domain.name, row.domain.aliases) else ""


def require_other_address(row: MailboxRow, purpose: str) -> str:
    """Raises NoSecondaryEmail."""
    found = other_address(row)
    if not found:
        raise NoSecondaryEmail(_MISSING[purpose])
    return found


def language_of(actor: Actor, settings: Mapping[str, Any]) -> Language:
    """That of the person who asks; else what the domain, and so the mailbox, has."""
    own = actor.person_id and Person.objects.filter(id=actor.person_id).values_list("language", flat=True).first()
    return languages.best(str(own)) if own else brands.language(settings)


def holders_language(actor: Actor, row: MailboxRow) -> Language:
    """That of the holder where they have signed in before."""
    own = Person.objects.filter(mailbox_id=row.id).values_list("language", flat=True).first()
    return languages.best(own) if own else language_of(actor, row.settings)


def send_link(purpose: str, row: MailboxRow, language: Language, created_by: str, now: int) -> None:
    way, link_id = links.make(row, created_by, now)
    send(purpose, row, language, way, now, link_id)


def send_password(purpose: str, row: MailboxRow, language: Language, password: str, now: int) -> None:
    send(purpose, row, language, Way(password=password, webmail=settings.WEBMAIL_URL), now)


def send(purpose: str, row: MailboxRow, language: Language, way: Way, now: int, link_id: str | None = None) -> None:
    """`link_id`: of the link in it, where that is ours."""
    look = brands.look(row.domain.company_id, row.settings, row.domain.settings, row.domain.company.settings)
    told = _LETTERS[purpose](look, language, row.address, way)
    mail = brands.dressed(other_address(row), purpose, look, told)
    outgoing.put([msgspec.structs.replace(mail, link_id=link_id)], now)
