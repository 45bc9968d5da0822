"""How much: storage, accounts, aliases, mail sent; and what customers pay for."""

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.kinds import Quota, WholeNumber
from postroom.core.catalogue.mail_kinds import AddressList, CompanyIdList, OneAddress
from postroom.core.catalogue.quota import MEGABYTE, MEGABYTES_UP_TO

_MOST_MEGABYTES = 2**30  # an exabyte is 2**40 of them: nobody has a petabyte of mail yet
_MOST_OBJECTS = 1_000_000_000
_IN_MEGABYTES = Quota(0, _MOST_MEGABYTES, "megabytes")

LIMITS = (
    Attribute(
        "domain_push_allowed",
        CompanyIdList(1000),
        "The ids of companies that may hand domains over to this one.",
        {Level.COMPANY: Rank.COMPANY},
        default=[],
        unset=[],
    ),
    Attribute(
        "domain_push_notify",
        OneAddress(),
        "The address that is told when another company hands a domain over.",
        {Level.COMPANY: Rank.COMPANY},
        default="",
        unset="",
    ),
    Attribute(
        "limit_aliases",
        WholeNumber(0, _MOST_OBJECTS),
        "How many aliases the domain may have, those of its mailboxes and its own; without it as many as wanted. "
        "A lower number than there are takes none away. On a company: what new domains begin with.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.COMPANY},
        Inheritance.COPIED,
        billable=True,
    ),
    Attribute(
        "limit_users",
        WholeNumber(0, _MOST_OBJECTS),
        "How many accounts the domain may have; without it as many as wanted. "
        "A lower number than there are takes none away. On a company: what new domains begin with.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.COMPANY},
        Inheritance.COPIED,
        billable=True,
    ),
    Attribute(
        "max_pab_entries",
        WholeNumber(0, 1_000_000),
        "How many entries the address book may have; without it the mail platform's own limit holds.",
        {Level.MAILBOX: Rank.DOMAIN},
    ),
    Attribute(
        "quota",
        Quota(0, _MOST_MEGABYTES * MEGABYTE, f"megabytes up to {MEGABYTES_UP_TO}, bytes above"),
        "How much mail and files may be stored. On a company or domain: what new mailboxes begin with. "
        "A company's is always in megabytes; elsewhere a small number is megabytes and a large one bytes.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.DOMAIN},
        Inheritance.COPIED,
        default=5120,  # 5 GB, in megabytes
        billable=True,
        kinds={Level.COMPANY: _IN_MEGABYTES},
    ),
    Attribute(
        "quota_maximum",
        _IN_MEGABYTES,
        "The largest quota that a mailbox may be given, always in megabytes. "
        "On a company: the largest that its domains may allow.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.COMPANY},
        Inheritance.COPIED,
        default=20_480,
        billable=True,
    ),
    Attribute(
        "smtp_sent_limit",
        WholeNumber(0, 10_000, "messages in 24 hours"),
        "How much mail one account may send in 24 hours; each recipient counts.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.DOMAIN},
        Inheritance.LIVE,
        default=1000,
    ),
    Attribute(
        "stats_mailout",
        AddressList(100),
        "The addresses that get the company's statistics by mail.",
        {Level.COMPANY: Rank.COMPANY},
        default=[],
        unset=[],
    ),
)
