"""Rows that belong to one owner, made to be exactly what is wanted, with as few writes as that takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from postroom.store.sql import execute


class OwnedRows:
    """Of one table. `owner` and `key` name columns; `shared_key`: keys are unique within an owner only."""

    def __init__(
        self, model: type[Model], owner: str, key: str, columns: Sequence[str], *, shared_key: bool = False
    ) -> None:
        table = model._meta.db_table
        names = ", ".join(f'"{column}"' for column in (owner, key, *columns))
        marks = ", ".join(["%s"] * (2 + len(columns)))
        conflict = f'"{owner}", "{key}"' if shared_key else f'"{key}"'
        moved = columns if shared_key else (owner, *columns)
        taken_over = ", ".join(f'"{column}" = excluded."{column}"' for column in moved)
        # The names are the model's, never a client's.
        self._select = f'SELECT "{key}", {", ".join(columns)} FROM "{table}" WHERE "{owner}" = %s'  # noqa: S608
        self._delete = f'DELETE FROM "{table}" WHERE "{key}" = %s AND "{owner}" = %s'  # noqa: S608
        self.upsert = (
            f'INSERT INTO "{table}" ({names}) VALUES ({marks}) '  # noqa: S608
            f"ON CONFLICT ({conflict}) DO UPDATE SET {taken_over}"
        )

    def settle(self, owner: int | str, wanted: Mapping[str, tuple[Any, ...]]) -> frozenset[str]:
        """The keys of what was different. Removals first: a mailbox that is renamed gives back its old row."""
        found = {row[0]: tuple(row[1:]) for row in execute(self._select, (owner,)).fetchall()}
        gone = found.keys() - wanted.keys()
        for key in gone:
            execute(self._delete, (key, owner))
        new = {key: values for key, values in wanted.items() if found.get(key) != values}
        for key, values in new.items():
            execute(self.upsert, (owner, key, *values))
        return frozenset((*gone, *new))
