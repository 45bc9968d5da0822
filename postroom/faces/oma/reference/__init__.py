"""What each method of OMA takes and answers, in both languages. The tests run every example."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from postroom.faces.oma.reference.account import ACCOUNT
from postroom.faces.oma.reference.company import COMPANY
from postroom.faces.oma.reference.counting import COUNTING
from postroom.faces.oma.reference.domain import DOMAIN
from postroom.faces.oma.reference.entry import KINDS, Entry, Field, Kind, Subject
from postroom.faces.oma.reference.mail import MAIL
from postroom.faces.oma.reference.ways_in import WAYS_IN

__all__ = ["KINDS", "REFERENCE", "Entry", "Field", "Kind", "Subject"]

REFERENCE: Final[Mapping[str, Entry]] = MappingProxyType(
    {**WAYS_IN, **COMPANY, **DOMAIN, **ACCOUNT, **MAIL, **COUNTING}
)
"""Method → its page, in the order in which subjects and methods are shown."""
