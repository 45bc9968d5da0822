"""What every command to the simulated platform is."""

import sqlite3
from typing import Annotated, TypeAlias

import msgspec

Reply: TypeAlias = dict[str, object]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    def run(self, connection: sqlite3.Connection) -> Reply:
        raise NotImplementedError
