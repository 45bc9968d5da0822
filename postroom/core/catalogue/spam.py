"""What is spam, and what happens to it."""

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.kinds import Choice, Flag, Text
from postroom.core.catalogue.mail_kinds import Folder, SpamHeader, WildcardList

_EVERYWHERE = {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.SELF}

SPAM = (
    Attribute(
        "allow",
        WildcardList(1000),
        "Senders whose mail is never taken for spam. Lists of the company and the domain count as well.",
        _EVERYWHERE,
        default=[],
        unset=[],
    ),
    Attribute(
        "block",
        WildcardList(1000),
        "Senders whose mail is always spam. Lists of the company and the domain count as well.",
        _EVERYWHERE,
        default=[],
        unset=[],
    ),
    Attribute(
        "filterdelivery",
        Choice(("quarantine", "passthrough")),
        "Where spam goes: quarantine puts it into the spam folder, passthrough leaves it among the other mail, marked.",
        _EVERYWHERE,
        Inheritance.LIVE,
        default="quarantine",
    ),
    Attribute(
        "reject_spam",
        Flag(),
        "Refuse spam while its sender is still connected, instead of keeping it.",
        {Level.MAILBOX: Rank.SELF},
        default=False,
        unset=False,
    ),
    Attribute(
        "spamfolder",
        Folder(128),
        'The folder for spam. A "/" leads into a folder of a folder.',
        _EVERYWHERE,
        Inheritance.LIVE,
        default="Spam",
        wire_names=("spam_folder",),
    ),
    Attribute(
        "spamheader",
        SpamHeader(512),
        "A header line that is put into spam, so that programs can recognise it.",
        _EVERYWHERE,
        Inheritance.LIVE,
        default="X-Spam: Spam detected",
    ),
    Attribute(
        "spamlevel",
        Choice(("Normal", "High", "Very High")),
        "How readily mail is taken for spam. A higher level catches more of it, and more by mistake.",
        _EVERYWHERE,
        Inheritance.LIVE,
        default="Normal",
        wire_names=("spam_level",),
    ),
    Attribute(
        "spamtag",
        Text(30, empty=True),
        "Put before the subject of spam. An empty text means no mark at all.",
        _EVERYWHERE,
        Inheritance.LIVE,
        default="[SPAM]",
        wire_names=("spam_tag",),
    ),
)
