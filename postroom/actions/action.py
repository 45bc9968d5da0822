"""What all actions share: the transaction, and what happens when two of them meet."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast

import psycopg
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)
from django.db.transaction import TransactionManagementError

from postroom.core.errors import LockedByAnother, Overloaded
from postroom.core.roles import Permission

P = ParamSpec("P")
R = TypeVar("R")

_TRIES = 4
_TAKEN_MEANWHILE = (IntegrityError, sqlite3.IntegrityError, psycopg.errors.UniqueViolation)
_IN_THE_WAY = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
)
_DATABASE_ERRORS = (OperationalError, sqlite3.OperationalError, psycopg.OperationalError)


class Action(Protocol):
    permissions: tuple[Permission, ...]


def _marked(function: Callable[P, R], permissions: tuple[Permission, ...]) -> Callable[P, R]:
    cast(Action, function).permissions = permissions
    return function


def reads(*permissions: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks an action that changes nothing, with the permissions that it asks for."""
    return lambda function: _marked(function, permissions)


def writes(*permissions: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks an action that changes something and runs it in one transaction: all or nothing.

    When another action took a name or a lock at the same moment the whole action is done again, so that it
    sees the other's result and gives the error that it would have given a moment later.
    Raises LockedByAnother when that happens too often, Overloaded when the database does not answer.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            for _ in range(_TRIES):
                try:
                    with transaction.atomic():
                        return function(*args, **kwargs)
                except _TAKEN_MEANWHILE:
                    continue
                except _DATABASE_ERRORS as error:
                    if isinstance(error.__cause__ or error, _IN_THE_WAY):
                        continue
                    raise database_gone(error) from error
            raise LockedByAnother("another request is changing the same object; try again")

        return _marked(run, permissions)

    return decorate


def database_gone(error: Exception) -> Overloaded:
    """Give the thread a new connection next time; the error that faces show."""
    if not connection.in_atomic_block:
        connection.close()
    return Overloaded("the database does not answer; try again in a moment")


DATABASE_GONE = (
    *_DATABASE_ERRORS, InterfaceError, InternalError, TransactionManagementError, psycopg.InterfaceError,
    psycopg.InternalError, sqlite3.InterfaceError,
)  # fmt: skip
"""Trying again may help. Of a value that a column cannot hold, or SQL that is wrong, it does not: these are faults of
ours."""

DATABASE_ERRORS = (*DATABASE_GONE, DatabaseError)
"""All, for loops that have to go on."""
