"""Append-only history, chained by hashes, one chain an object."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from django.db import transaction

from postroom.core.records import Origin
from postroom.store.models import Company, DimailAccount, Domain, History, Mailbox, Person
from postroom.store.rows import CompanyRow, DomainRow, MailboxRow
from postroom.store.sql import Statement, encode, execute, json_text

Changes = Mapping[str, tuple[Any, Any] | list[Any]]
Subject: TypeAlias = CompanyRow | DomainRow | MailboxRow | Person | DimailAccount

_FIELDS = (
    "at", "kind", "object_id", "name", "company_id", "actor", "face", "application", "request_id", "verb",
    "changes", "previous", "hash",
)  # fmt: skip
_INSERT = f'INSERT INTO "store_history" ({", ".join(_FIELDS)}) VALUES ({", ".join(["%s"] * len(_FIELDS))})'  # noqa: S608
_OBJECTS = {"company": Company, "domain": Domain, "mailbox": Mailbox, "person": Person, "account": DimailAccount}
KINDS = tuple(_OBJECTS)


def milliseconds(origin: Origin) -> int:
    return int(origin.at.timestamp() * 1000)


def _digest(previous: str, entry: tuple[Any, ...]) -> str:
    return hashlib.sha256(encode((previous, *entry))).hexdigest()


def _subject(row: Subject) -> tuple[str, int, str, int | None]:
    """Kind, number, name, company."""
    if isinstance(row, Person):
        return "person", row.pk, row.email, None
    if isinstance(row, DimailAccount):
        return "account", row.pk, row.name, None
    if isinstance(row, MailboxRow):
        return "mailbox", row.id, row.name, row.domain.company_id
    if isinstance(row, DomainRow):
        return "domain", row.id, row.name, row.company_id
    return "company", row.id, row.name, row.id


def note(row: Subject, actor_name: str, origin: Origin, verb: str, changes: Changes) -> None:
    """Add an entry and move the object's head. The caller holds the row's lock and saves the row.

    `changes` maps a field to its value before and after; secrets are the caller's to leave out.
    """
    execute(*entry(row, actor_name, origin, verb, changes))


def entry(row: Subject, actor_name: str, origin: Origin, verb: str, changes: Changes) -> Statement:
    """What `note` runs, for callers who write more at the same time. The object's head is moved already."""
    previous = row.history_head
    # Hashed as stored: jsonb keeps neither the order of keys nor blanks, so the text is made canonical first.
    told = (
        milliseconds(origin), *_subject(row), actor_name, origin.face, origin.application[:128],
        origin.request_id, verb, _canonical(changes),
    )  # fmt: skip
    row.history_head = _digest(previous, told)
    return Statement(_INSERT, (*told, previous, row.history_head))


def _canonical(changes: Any) -> str:
    from msgspec import json

    return json.encode(changes, order="sorted").decode()


def broken_chains(kind: str) -> Iterator[str]:
    """What is wrong with the history of objects of a kind, in sentences; nothing when all is well."""
    heads = dict(_OBJECTS[kind].objects.values_list("id", "history_head"))  # type: ignore[attr-defined]
    last: dict[int, str] = {}
    entries = History.objects.filter(kind=kind).order_by("object_id", "id")
    for e in entries.iterator(2000):
        expected = last.get(e.object_id, "")
        content = (
            e.at, e.kind, e.object_id, e.name, e.company_id, e.actor, e.face, e.application, e.request_id, e.verb,
            _canonical(e.changes),
        )  # fmt: skip
        if e.previous != expected:
            yield f"{kind} {e.name}: entry {e.pk} does not follow the one before it; an entry is missing or was added"
        elif e.hash != _digest(e.previous, content):
            yield f"{kind} {e.name}: entry {e.pk} was changed after it was written"
        last[e.object_id] = e.hash
    for object_id, head in heads.items():
        if head != last.get(object_id, "") and _has_lost_its_newest(kind, object_id):
            yield f"{kind} number {object_id}: its newest entries are missing, or one was added"


def _has_lost_its_newest(kind: str, object_id: int) -> bool:
    """Asked under the row's lock: Postroom goes on writing while the history is read."""
    heads = _OBJECTS[kind].objects.select_for_update()  # type: ignore[attr-defined]
    newest = History.objects.filter(kind=kind, object_id=object_id).order_by("-id")
    with transaction.atomic():
        head = heads.filter(id=object_id).values_list("history_head", flat=True).first()
        return head is not None and head != (newest.values_list("hash", flat=True).first() or "")


def entries(kind: str, object_id: int, first: int, limit: int | None) -> tuple[list[History], int]:
    """A page of an object's history, oldest first, and how many entries there are in all."""
    found = History.objects.filter(kind=kind, object_id=object_id).order_by("id")
    return list(found[first:] if limit is None else found[first : first + limit]), found.count()


__all__ = ["Changes", "broken_chains", "entries", "json_text", "milliseconds", "note"]
