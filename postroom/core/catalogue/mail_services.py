"""What people may use: whether anything works at all, and the six services one by one."""

from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.kinds import Choice, Flag

_STATES = Choice(("enabled", "disabled", "suspended"))


def _service(name: str, allows: str, wire_names: tuple[str, ...] = ()) -> Attribute:
    return Attribute(
        name,
        _STATES,
        f"{allows} Disabled can be switched on again by whoever may set it; suspended only by an administrator of at "
        "least the level that did it. On a company or domain: what new objects below it begin with.",
        {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN, Level.MAILBOX: Rank.WORKGROUP},
        Inheritance.COPIED,
        default="enabled",
        unset="enabled",
        wire_names=wire_names,
    )


SERVICES = (
    Attribute(
        "disabled",
        Flag(),
        "Switches the whole domain off: nobody signs in, nothing is delivered or sent.",
        {Level.DOMAIN: Rank.COMPANY},
        default=False,
        unset=False,
    ),
    _service("service_imap4", "Reading mail with a program over IMAP."),
    _service("service_pop3", "Fetching mail with a program over POP3."),
    _service("service_smtpin", "Receiving mail."),
    _service("service_smtprelay", "Sending mail with a program.", ("smtprelay",)),
    _service("service_smtprelay_webmail", "Sending mail from webmail."),
    _service("service_webmail", "Reading mail in webmail."),
)
