"""Which live attributes a mailbox sets itself: a change above it must leave those columns alone."""

from collections.abc import Mapping

from postroom.core.catalogue.attribute import Settings

BITS: Mapping[str, int] = {
    "spamlevel": 1,
    "spamtag": 2,
    "spamheader": 4,
    "spamfolder": 8,
    "filterdelivery": 16,
    "smtp_sent_limit": 32,
}
"""Stored in rows: a bit never gets another meaning."""


OF_TYPE: Mapping[str, Settings] = {
    "forward": {"filterdelivery": "passthrough"},  # there is no folder that anybody could look into
    "filter": {"spamtag": ""},  # the mail belongs to another server, which decides how it looks (oma.md section 6.2)
}
"""What holds for a type of mailbox whatever it or anything above it says."""


def own_bits(settings: Settings) -> int:
    return sum(bit for name, bit in BITS.items() if settings.get(name) is not None)
