"""The way of a message to an address: stops, and the steps that are gone through at each of them."""

from enum import StrEnum

import msgspec

from postroom.core.explain.lookup import plain


class Tone(StrEnum):
    GOOD = "good"
    OPEN = "open"  # mail waits, or only some of it is concerned
    BAD = "bad"
    PLAIN = "plain"


class Step(msgspec.Struct, frozen=True):
    code: str
    """A row of words.STEPS."""
    tone: Tone = Tone.PLAIN
    values: dict[str, str | int] = {}
    setting: str = ""
    """The attribute that is the reason."""
    of: str = ""
    """The address or domain whose attribute that is."""


class Via(StrEnum):
    """How mail came to a stop."""

    ASKED = "asked"
    NAME = "name"  # another name of the same
    ALIAS = "alias"
    CATCHALL = "catchall"
    FORWARD = "forward"


class End(StrEnum):
    DELIVERED = "delivered"
    ONWARD = "onward"  # to other stops only
    OUTSIDE = "outside"
    SWALLOWED = "swallowed"
    PUT_OFF = "put_off"
    REFUSED = "refused"


class Lead(msgspec.Struct, frozen=True):
    address: str
    via: Via = Via.ASKED
    source: str = ""
    """The stop before."""
    forwarded: bool = False
    """By the mailbox of somebody here: it has not been at the MX, and may go back."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    lead: Lead
    steps: tuple[Step, ...]
    end: End
    answer: str = ""
    """What the sender is told, as SMTP has it; empty where the mail is taken."""
    leads: tuple[Lead, ...] = ()


class Way(msgspec.Struct, frozen=True):
    address: str
    stops: tuple[Stop, ...]
    """The address itself first, then whatever it leads to, the nearest first; each address once."""
    more: int = 0
    """Addresses that were not looked at any more."""

    @property
    def mailboxes(self) -> list[str]:
        """That get the mail, in the end."""
        return list(dict.fromkeys(plain(address) for address in self._ending(End.DELIVERED)))

    @property
    def outside(self) -> list[str]:
        return self._ending(End.OUTSIDE)

    def _ending(self, end: End) -> list[str]:
        return [stop.lead.address for stop in self.stops if stop.end is end]
