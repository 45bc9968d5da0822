"""Who somebody is and how their screens look."""

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.contact_kinds import Contacts
from postroom.core.catalogue.kinds import Choice, Flag, Text, Timezone

LANGUAGES = (
    "bg", "br", "ca", "cs", "cy", "da", "de", "el", "en", "en_GB", "es", "et", "eu", "fi", "fr", "fr_CA",
    "ga", "gl", "hr", "hu", "is", "it", "ja", "ko", "lt", "lv", "mt", "nb", "nl", "nn", "oc", "pl", "pt",
    "pt_BR", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "zh_CN", "zh_TW",
)  # fmt: skip

PROFILE = (
    Attribute(
        "contacts",
        Contacts(100),
        "Whom to write to or call at the company, and about what.",
        {Level.COMPANY: Rank.COMPANY},
        default=[],
        unset=[],
    ),
    Attribute(
        "fax",
        Text(30),
        "Fax number, for the directory.",
        {Level.MAILBOX: Rank.SELF},
        default="",
        unset="",
    ),
    Attribute(
        "language",
        Choice(LANGUAGES),
        "The language of webmail. On a company or domain: the one that new mailboxes begin with.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.SELF},
        Inheritance.COPIED,
        default="en",
        unset="en",
    ),
    Attribute(
        "macsettings",
        Text(2048, lines=True),
        "What the administration pages remember about how somebody likes to see them. Postroom only keeps it.",
        {Level.MAILBOX: Rank.SELF},
        default="",
        unset="",
    ),
    Attribute(
        "name",
        Text(512),
        "The person's name, as receivers of their mail see it.",
        {Level.MAILBOX: Rank.SELF},
        default="",
        unset="",
    ),
    Attribute(
        "notes_external",
        Text(4096, lines=True),
        "Free notes of the administrators. The mail servers never see them.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.WORKGROUP},
        default="",
        unset="",
    ),
    Attribute(
        "phone",
        Text(30),
        "Telephone number, for the directory.",
        {Level.MAILBOX: Rank.SELF},
        default="",
        unset="",
    ),
    Attribute(
        "timezone",
        Timezone(),
        "The time zone that webmail shows times in. On a domain: the one that new mailboxes begin with.",
        {Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.SELF},
        Inheritance.COPIED,
        default="UTC",
        unset="UTC",
    ),
    Attribute(
        "title",
        Text(60),
        "What the person is in the organisation, for the directory.",
        {Level.MAILBOX: Rank.SELF},
        default="",
        unset="",
    ),
    Attribute(
        "wm_domainalias",
        Flag(),
        "Webmail offers people to send under the alias names of their domain. "
        "On a company: what new domains begin with.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN},
        Inheritance.COPIED,
        default=False,
        unset=False,
    ),
)
