"""Doing something to an object only while it is what the asker thinks it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from postroom.actions.entry import Door
from postroom.core.public_ids import Kind
from postroom.core.roles import Actor
from postroom.store import persons, rows


@contextmanager
def unchanging(actor: Actor, door: Door | None, kind: Kind | None, number: int) -> Iterator[None]:
    """Nobody else changes the object meanwhile. What hangs on a domain changes under the domain's lock, what hangs on
    no domain under that of the person who asks."""
    with transaction.atomic():
        if kind is Kind.MAILBOX:
            rows.mailbox_by_id(number, lock=True)
        elif door is not None:
            rows.domain_by_id(door.id, lock=True)
        else:
            persons.locked(actor.person_id or 0)
        yield
