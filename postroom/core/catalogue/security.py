"""Passwords, second factor, signatures."""

from postroom.core.catalogue.attribute import NOT_GIVEN, Attribute, Inheritance, Level, Rank
from postroom.core.catalogue.kinds import Choice, Flag
from postroom.core.catalogue.mail_kinds import Selector
from postroom.core.catalogue.secret_kinds import EncodingChoice, PasswordText, PrivateKey

_POLICY = {Level.COMPANY: Rank.COMPANY, Level.DOMAIN: Rank.DOMAIN}

SECURITY = (
    # Known only from an error number of a sister product (oma.md section 6.2): shown to nobody until it is set.
    Attribute(
        "2fa_required_oma",
        Flag(),
        "The account can administer through the API only with a second factor.",
        {Level.MAILBOX: Rank.COMPANY},
        default=False,
        unset=NOT_GIVEN,
    ),
    Attribute(
        "default_password_encoding",
        EncodingChoice(),
        "How new passwords are hashed before they are stored. BCRYPT and ARGON2ID resist guessing best.",
        _POLICY,
        Inheritance.LIVE,
        default="BCRYPT",
    ),
    Attribute(
        "dkim_key",
        PrivateKey(),
        "The private key that outgoing mail of the domain is signed with. Nobody gets to see it again. "
        "Set and cleared together with dkim_selector.",
        {Level.DOMAIN: Rank.DOMAIN},
        secret=True,
    ),
    Attribute(
        "dkim_selector",
        Selector(),
        "The name in DNS under which receivers find the public key to dkim_key. Set and cleared together with it.",
        {Level.DOMAIN: Rank.DOMAIN},
    ),
    Attribute(
        "password",
        PasswordText(),
        "Written plainly it is hashed at once; a hash made elsewhere is kept as it is. "
        "Nobody gets to see either again.",
        {Level.MAILBOX: Rank.SELF},
        secret=True,
        stored=False,
    ),
    Attribute(
        "password_strength",
        Choice(("weak", "medium", "good", "strong")),
        "How hard to guess a new password must at least be.",
        _POLICY,
        Inheritance.LIVE,
        default="weak",
    ),
    Attribute(
        "regen_passwords",
        Flag(),
        "At the next sign-in, store the password anew in default_password_encoding if it was in another one.",
        _POLICY,
        Inheritance.LIVE,
        default=False,
    ),
)
