"""The shape of the tables of words."""

import msgspec

from postroom.core.languages import Text


class Words(msgspec.Struct, frozen=True):
    group: str
    """One of `words.GROUPS`."""
    label: Text
    help: Text


def words(group: str, label: tuple[str, str], help: tuple[str, str]) -> Words:
    """Each in English, then French."""
    return Words(group, Text(*label), Text(*help))
