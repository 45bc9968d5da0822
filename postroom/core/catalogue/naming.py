"""What an object is called, whose it is, and under which other names it is known."""

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.kinds import Choice, Text
from postroom.core.catalogue.mail_kinds import AliasList, DomainNameList

WORKGROUP_NAME = Text(64, without="/")

NAMING = (
    Attribute(
        "account",
        Text(254),
        "The name itself: of the company, of the domain, or the address of the mailbox.",
        {Level.COMPANY: None, Level.DOMAIN: None, Level.MAILBOX: None},
        stored=False,
    ),
    Attribute(
        "aliases",
        AliasList(2000),
        "Other names for the same thing. On a domain: further domain names, so that mail to anybody there arrives "
        "as if the main name had been used. On a mailbox: further addresses that deliver into it and can sign in.",
        # A further domain name is a domain that is added: the company's to do.
        {Level.DOMAIN: Rank.COMPANY, Level.MAILBOX: Rank.WORKGROUP},
        default=[],
        unset=[],
        kinds={Level.DOMAIN: DomainNameList(2000)},
        stored=False,
    ),
    Attribute(
        "brand",
        Text(128),
        "The look of webmail and of the messages people get: the name of one of the company's brands.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.DOMAIN},
        Inheritance.LIVE,
    ),
    Attribute(
        "company",
        Text(128),
        "The company a domain belongs to. Naming another one moves the domain there, if you control both.",
        {Level.DOMAIN: Rank.COMPANY},
        stored=False,
    ),
    Attribute(
        "type",
        Choice(("mailbox", "forward", "filter")),
        "A mailbox keeps mail, a forward only sends it on, a filter cleans it and hands it to the domain's own server.",
        {Level.MAILBOX: Rank.WORKGROUP},
        default="mailbox",
        unset="mailbox",
        billable=True,
        stored=False,
    ),
    # On a domain the name is a setting; on a mailbox the row says which workgroup it is in.
    Attribute(
        "workgroup",
        WORKGROUP_NAME,
        "The group of mailboxes it belongs to, for which an administrator can be named. "
        "On a domain: the group that new mailboxes go to.",
        {Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.DOMAIN},
        Inheritance.COPIED,
        billable=True,
    ),
)
