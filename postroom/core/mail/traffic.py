"""What is counted of mail: a message that goes out, and what has come in for an account."""

from typing import Final

import msgspec


class Outgoing(msgspec.Struct, frozen=True):
    recipients: int
    bytes: int = 0


class Arrived(msgspec.Struct):
    """Sums, in the order of the columns of `mail_count`."""

    delivered: int = 0
    spam: int = 0
    autoresponses: int = 0
    forwarded: int = 0
    bytes_in: int = 0

    def add(self, other: "Arrived") -> None:
        self.delivered += other.delivered
        self.spam += other.spam
        self.autoresponses += other.autoresponses
        self.forwarded += other.forwarded
        self.bytes_in += other.bytes_in


COLUMNS: Final = Arrived.__struct_fields__
