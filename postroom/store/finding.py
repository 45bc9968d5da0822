"""Search over everything: mailboxes, aliases and people, by what somebody types.

Among few they are found by any part of their names and addresses. Among very many by how the address, what comes after
its first dot, the first or the last name begin: no index finds more, and somebody is typing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.db import connection
from django.db.models import F, Max, Q, QuerySet

from postroom.store.begins import AfterDot, Lowered, Plain, SecondWord, begins, key_begins
from postroom.store.models import Address, Alias, Mailbox, Person, PersonEmail
from postroom.store.one_of import also_one_of, one_of
from postroom.store.sql import Row

FEW: Final = 50_000
"""Rows that may be looked at one by one while somebody types."""
FEW_DOMAINS: Final = 200


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    """Folded as addresses are; not empty."""
    words: Sequence[str]
    """The same, folded as names are (core/search_text.py); at least one."""
    limit: int
    few: bool
    """Whether there are few enough to be looked at one by one."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody may look, by ids."""

    everywhere: bool = False
    companies: frozenset[int] = frozenset()
    domains: frozenset[int] = frozenset()
    workgroups: frozenset[int] = frozenset()

    @property
    def is_nowhere(self) -> bool:
        return not (self.everywhere or self.companies or self.domains or self.workgroups)

    def of(self, domain: str, workgroup: str = "") -> Q:
        """The condition on rows that lead to their domain, and workgroup, by these fields."""
        if self.everywhere:
            return Q()
        among = one_of if self.are_few else also_one_of
        found = Q(among(f"{domain}_id", self.domains))
        if self.companies:
            found |= Q(among(f"{domain}__company_id", self.companies))
        if self.workgroups and workgroup:
            found |= Q(among(f"{workgroup}_id", self.workgroups))
        return found

    @property
    def are_few(self) -> bool:
        """Whether there are so few domains that all in them may be looked at one by one."""
        return not self.everywhere and not self.companies and len(self.domains) <= FEW_DOMAINS


def is_small() -> bool:
    """Whether all mailboxes that there have ever been are few."""
    newest = Mailbox.objects.aggregate(newest=Max("id"))["newest"]
    return (newest or 0) <= FEW


def _together(pieces: Iterable[QuerySet[Any, Any]], limit: int) -> list[Row]:
    """All in one statement, so many rows of each at most. SQLite takes a LIMIT within UNION only in a sub-select."""
    made = [piece[:limit].query.sql_with_params() for piece in pieces]
    sql = " UNION ALL ".join(f"SELECT * FROM ({text}) AS piece_{n}" for n, (text, _) in enumerate(made))  # noqa: S608 -- Django's
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, parameters in made for value in parameters])
        return list(cursor.fetchall())


# What is told of each: its number, the address that was found, its own, first and last name, status, type.
_OF_ADDRESS: Final = (
    "mailbox_id", "address", "mailbox__address", "mailbox__first_name", "mailbox__last_name", "mailbox__status",
    "mailbox__type",
)  # fmt: skip
_OF_MAILBOX: Final = ("id", "found", "address", "first_name", "last_name", "status", "type")


def mailboxes(wanted: Wanted, around: Around) -> list[Row]:
    """One that is found in several ways comes several times."""
    living = Mailbox.objects.filter(around.of("domain", "workgroup"), deleted_at=None).annotate(found=F("address"))
    names = Address.objects.filter(around.of("domain", "mailbox__workgroup"), mailbox__deleted_at=None)
    by_mailbox = _few_mailboxes(wanted, living) if wanted.few else _many_mailboxes(wanted, living)
    by_address = (
        [names.filter(is_alias=True, address__contains=wanted.text)] if wanted.few else _beginning(wanted, names)
    )
    pieces = [found.values_list(*_OF_MAILBOX) for found in by_mailbox]
    return _together([*pieces, *(found.values_list(*_OF_ADDRESS) for found in by_address)], wanted.limit)


def _containing(found: QuerySet[Mailbox], words: Iterable[str]) -> QuerySet[Mailbox]:
    for word in words:
        found = found.filter(search_text__contains=word)
    return found


def _few_mailboxes(wanted: Wanted, living: QuerySet[Mailbox]) -> list[QuerySet[Mailbox]]:
    return [_containing(living, wanted.words).order_by("search_text", "id")]


def _many_mailboxes(wanted: Wanted, living: QuerySet[Mailbox]) -> list[QuerySet[Mailbox]]:
    """The first word begins a name, the others are anywhere."""
    first, others = wanted.words[0], wanted.words[1:]
    ways = (Plain("search_text"), SecondWord("search_text"))
    return [_containing(living, others).filter(begins(way, first)).order_by(way) for way in ways]


def _beginning(wanted: Wanted, names: QuerySet[Address]) -> list[QuerySet[Address]]:
    after_dot = AfterDot("address")
    return [
        names.filter(key_begins("address", wanted.text)),
        names.filter(begins(after_dot, wanted.text)).order_by(after_dot),
    ]


_OF_ALIAS: Final = ("id", "domain__name", "local_part", "destination")


def aliases(wanted: Wanted, around: Around) -> list[Row]:
    """By their names and by where they lead."""
    kept = Alias.objects.filter(around.of("domain"), domain__deleted_at=None)
    local_part, at, domain = wanted.text.partition("@")
    named = kept.filter(local_part=local_part, domain__name__startswith=domain) if at and local_part else None
    if wanted.few:
        there = Q(local_part__contains=wanted.text) | Q(destination__contains=wanted.text)
        pieces = [kept.filter(there).order_by("local_part", "destination")]
    else:
        ways = (Plain("local_part"), Plain("destination"))
        pieces = [kept.filter(begins(way, wanted.text)).order_by(way) for way in ways]
    return _together([found.values_list(*_OF_ALIAS) for found in (*pieces, named) if found is not None], wanted.limit)


_OF_PERSON: Final = ("id", "email", "name", "is_operator", "is_active")


def people(wanted: Wanted, around: Around) -> list[Row]:
    """By their addresses and names: those who have a role on one of the domains."""
    known = Person.objects.filter(around.of("accesses__domain"))
    emails = PersonEmail.objects.filter(around.of("person__accesses__domain"))
    if wanted.few:
        text = Q(email__contains=wanted.text) | Q(name__icontains=wanted.text)
        pieces: list[QuerySet[Any, Any]] = [known.filter(text).order_by("email").values_list(*_OF_PERSON)]
        of_email = emails.filter(email__contains=wanted.text)
    else:
        name = Lowered("name")
        pieces = [known.filter(begins(name, wanted.text)).order_by(name).values_list(*_OF_PERSON)]
        of_email = emails.filter(key_begins("email", wanted.text))
    fields = ("person_id", "email", "person__name", "person__is_operator", "person__is_active")
    return _together([*pieces, of_email.values_list(*fields)], wanted.limit)
