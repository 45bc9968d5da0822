"""Where incoming mail goes: the own store, other addresses, another server, an automatic answer."""

from postroom.core.catalogue.attribute import Attribute, Level, Rank
from postroom.core.catalogue.kinds import EpochSeconds, Flag, Text, WholeNumber
from postroom.core.catalogue.mail_kinds import (
    AddressList,
    AddressOrLocalPart,
    HostPort,
    OneAddress,
    SieveText,
)

_OWN = {Level.MAILBOX: Rank.SELF}

DELIVERY = (
    Attribute(
        "autoresponder",
        Text(4000, lines=True),
        "The text of the automatic answer, sent while delivery_autoresponder is on.",
        _OWN,
        default="",
        unset="",
    ),
    Attribute(
        "autoresponder_option_enddate",
        EpochSeconds(),
        "When automatic answers end; without it they go on until they are switched off.",
        _OWN,
    ),
    Attribute(
        "autoresponder_option_interval",
        WholeNumber(0, 1094, "hours"),
        "How long the same sender gets no second automatic answer.",
        _OWN,
        default=24,
        unset=24,
    ),
    Attribute(
        "catchall",
        AddressOrLocalPart(),
        "The mailbox that gets mail for names that do not exist in the domain. It attracts a lot of spam.",
        {Level.DOMAIN: Rank.DOMAIN},
    ),
    Attribute(
        "delivery_autoresponder",
        Flag(),
        "Answer incoming mail automatically with the text of autoresponder.",
        _OWN,
        default=False,
        unset=False,
    ),
    Attribute(
        "delivery_filter",
        Flag(),
        "Check incoming mail for spam and viruses, then hand it to the domain's filtermx. "
        "Excludes every other delivery.",
        {Level.MAILBOX: Rank.WORKGROUP},
        default=False,
        unset=False,
    ),
    Attribute(
        "delivery_forward",
        Flag(),
        "Send incoming mail on to forward_recipients.",
        _OWN,
        default=False,
        unset=False,
    ),
    Attribute(
        "delivery_local",
        Flag(),
        "Keep incoming mail in the mailbox.",
        _OWN,
        default=False,
        unset=False,
    ),
    Attribute(
        "filtermx",
        HostPort(),
        "The mail server, with its port if that is not 25, that gets the mail of filter accounts once it is checked.",
        {Level.DOMAIN: Rank.DOMAIN},
    ),
    Attribute(
        "forward_option_reply_to",
        OneAddress(),
        "Forwarded mail asks for answers to this address.",
        _OWN,
        default="",
        unset="",
    ),
    Attribute(
        "forward_option_restricted",
        Flag(),
        "Only forward mail whose sender is one of forward_recipients: a closed list.",
        _OWN,
        default=False,
        unset=False,
    ),
    Attribute(
        "forward_option_subject_prefix",
        Text(128),
        "Put before the subject of forwarded mail.",
        _OWN,
        default="",
        unset="",
    ),
    Attribute(
        "forward_recipients",
        AddressList(1000),
        "The addresses that incoming mail is sent on to, while delivery_forward is on.",
        _OWN,
        default=[],
        unset=[],
        wire_names=("recipients",),
    ),
    Attribute(
        "sieve",
        SieveText(65_536),
        "The active filter script, in the Sieve language. Methods for rule sets can keep more than one.",
        _OWN,
        default="",
        unset="",
        stored=False,
    ),
)
