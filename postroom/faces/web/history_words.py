"""History in words: who did what, when, and what was before and after; of companies, domains, mailboxes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from postroom.actions.histories import HistoryLine
from postroom.core import catalogue
from postroom.core.aliases import read_line
from postroom.core.catalogue import words
from postroom.core.catalogue.attribute import Level
from postroom.faces.web import details, domain_words, settings_values

_SECRET: Final = "(secret)"  # noqa: S105 -- what the history keeps in place of one
_LONGEST: Final = 300
"""Of a value, in characters: a list of a thousand senders is told by its beginning."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    before: str
    """Empty: there was nothing."""
    after: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """For `web/history.html`."""

    id: int
    at: datetime
    who: str
    verb: str
    changes: list[Change]
    undoable: bool
    face: str
    """Through which door, in words."""
    detail: str
    """The program and the request's id."""


VERBS: Final[Mapping[str, str]] = {
    "accepted": gettext_noop("Accepted by the mail platform"),
    "access changed": gettext_noop("Role changed"),
    "access given": gettext_noop("Role given"),
    "access taken": gettext_noop("Role taken"),
    "changed": gettext_noop("Changed"),
    "checked": gettext_noop("Checked"),
    "claim ended": gettext_noop("Given up, without proof"),
    "created": gettext_noop("Created"),
    "deleted": gettext_noop("Deleted"),
    "disabled": gettext_noop("Disabled"),
    "enabled": gettext_noop("Enabled"),
    "imported": gettext_noop("Taken over from the mail platform"),
    "invitation accepted": gettext_noop("Invitation accepted"),
    "invitation renewed": gettext_noop("Invitation sent again"),
    "invitation withdrawn": gettext_noop("Invitation withdrawn"),
    "invited": gettext_noop("Invited"),
    "logged out": gettext_noop("Signed out everywhere"),
    "login code made": gettext_noop("One-time link made"),
    "login link sent": gettext_noop("Link sent"),
    "migration added": gettext_noop("Copying of mail ordered"),
    "password reset": gettext_noop("Password reset"),
    "posted": gettext_noop("Bulletin sent"),
    "pushed": gettext_noop("Handed over to another company"),
    "refused": gettext_noop("Refused by the mail platform"),
    "released": gettext_noop("Put into service with its domain"),
    "renamed": gettext_noop("Renamed"),
    "restored": gettext_noop("Restored"),
    "retried": gettext_noop("Tried again"),
    "role set": gettext_noop("Administrator’s role set"),
    "token made": gettext_noop("Token made"),
    "welcomed": gettext_noop("Welcome letter sent"),
}

FIELDS: Final[Mapping[str, str]] = {
    "app_passwords": gettext_noop("App passwords"),
    "brands": gettext_noop("Brands"),
    "bulletins": gettext_noop("Bulletins"),
    "catchall_allowed": gettext_noop("Catch-all allowed"),
    "context": gettext_noop("Directory shared with"),
    "delivery": gettext_noop("Delivery"),
    "failure": gettext_noop("Failure"),
    "first_name": gettext_noop("First name"),
    "last_name": gettext_noop("Last name"),
    "migration": gettext_noop("Copying of mail"),
    "own_aliases": gettext_noop("Aliases"),
    "reason": gettext_noop("Reason"),
    "registration_ids": gettext_noop("Registration numbers"),
    "roles": gettext_noop("Administrator’s roles"),
    "second_factors": gettext_noop("Second factors"),
    "secondary_email": gettext_noop("Second address"),
    "seconds": gettext_noop("Good for so many seconds"),
    "sent_to": gettext_noop("Sent to"),
    "status": gettext_noop("Status"),
    "support_email": gettext_noop("Support e-mail"),
    "token": gettext_noop("Token"),
    "tokens": gettext_noop("Tokens"),
    "trusted": gettext_noop("Trusted"),
    "uses": gettext_noop("Uses"),
    "workgroups": gettext_noop("Workgroups"),
    "wrong": gettext_noop("What was wrong"),
}

FACES: Final[Mapping[str, str]] = {
    "cli": gettext_noop("at the command line"),
    "dimail": gettext_noop("by a program (dimail)"),
    "oma": gettext_noop("by a program (OMA)"),
    "rest": gettext_noop("by a program (REST)"),
    "web": gettext_noop("on these pages"),
    "worker": gettext_noop("by itself"),
}

_PEOPLE: Final[Mapping[str, str]] = {
    "postroom": gettext_noop("Postroom itself"),
    "operator": gettext_noop("the operator"),
}


def told(lines: Iterable[HistoryLine], level: Level) -> list[Entry]:
    return [_entry(line, level) for line in lines]


def _entry(line: HistoryLine, level: Level) -> Entry:
    return Entry(
        id=line.id,
        at=datetime.fromtimestamp(line.at / 1000, UTC),
        who=_(_PEOPLE[line.actor]) if line.actor in _PEOPLE else line.actor,
        verb=_(VERBS[line.verb]) if line.verb in VERBS else line.verb,
        changes=[_change(field, *_pair(values), level) for field, values in line.changes.items()],
        undoable=line.undoable,
        face=_(FACES[line.face]) if line.face in FACES else line.face,
        detail=" · ".join(part for part in (line.application, line.request_id) if part),
    )


def _pair(values: Any) -> tuple[Any, Any]:
    """Older entries may say only what came."""
    return (values[0], values[1]) if isinstance(values, list) and len(values) == 2 else (None, values)


def _change(field: str, before: Any, after: Any, level: Level) -> Change:
    return Change(label=_label(field), before=_value(field, before, level), after=_value(field, after, level))


def _label(field: str) -> str:
    if field in FIELDS:
        return _(FIELDS[field])
    if field in catalogue.CATALOGUE:
        return words.label(field, settings_values.language())
    for prefix, text in ((_ROLE, _("Role of %(name)s")), (_INVITATION, _("Invitation of %(name)s"))):
        if field.startswith(prefix):
            return text % {"name": field.removeprefix(prefix)}
    return field


def _alias(line: str) -> str:
    """As core/aliases.py writes it, in the reader's language."""
    _local_part, destination, may_send = read_line(line)
    if not may_send:
        return line
    address = line.partition(" ")[0]
    return _("%(alias)s → %(destination)s (may send under this name)") % {"alias": address, "destination": destination}


_ROLE: Final = "role of "
_INVITATION: Final = "invitation of "


def _value(field: str, value: Any, level: Level) -> str:
    if value is None:
        return ""
    if value == _SECRET:
        return _("(not shown)")
    if field == "status" and isinstance(value, str):
        return domain_words.status(value).word if level is Level.DOMAIN else domain_words.mailbox_status(value)
    if field == "failure":
        return details.of_failure(str(value))
    if field.startswith((_ROLE, _INVITATION)) and isinstance(value, str):
        return domain_words.role(value)
    if field == "own_aliases" and isinstance(value, list):
        value = [_alias(str(line)) for line in value]
    found = settings_values.shown(field, value, level)
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…"
