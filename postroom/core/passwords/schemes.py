"""Stored passwords are `{TYPE}` and a hash text. SCHEMES says which types there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from argon2.exceptions import Argon2Error

from postroom.core.passwords import methods
from postroom.core.passwords.methods import Costs, Method

DEFAULT = "BCRYPT"
NORMAL = Costs()
LONGEST_PLAIN_BYTES = 1024
"""sha-crypt takes longer the longer the password; nobody types more than this."""

_MOST_MEMORY = 65_536
"""KiB that a hash may take in one of Dovecot's many processes; each of them may hold no more than 256 MiB in all."""
_STORED = re.compile(r"\{([A-Za-z0-9-]{1,20})\}([ -~]{1,150})")
_DOVECOT_LETS_NOBODY_IN = "{CRYPT}*"
_OURS_TO_CHECK = "POSTROOM-"
"""Begins the names under which Dovecot is told of a hash that it has to ask us about."""
_NOBODY: Mapping[str, str] = {
    "BCRYPT": "{BCRYPT}$2b$10$O8dzHeZpt7wdD1RO4il7yeBUZo7OCth7ZZN3PUsTzPf5YvO1jdVuS",
    "ARGON2ID": "{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$ZAIgRCuyiE2OeOpuHaTMBg"
    "$ViDWj+IBz0nAYlyvh+7S8PcJvc+7YEB+1yw+hK9Em9M",
}
"""Of random bytes that were thrown away."""


@dataclass(frozen=True, slots=True)
class Scheme:
    makes: Method | None
    """None: we check what others made and make none ourselves."""
    checks: tuple[Method, ...]
    """The first one that the text fits."""


def _both(method: Method) -> Scheme:
    return Scheme(makes=method, checks=(method,))


_CRYPTS = (methods.SHA512_CRYPT, methods.SHA256_CRYPT, methods.BCRYPT, methods.MD5_CRYPT, methods.DES_CRYPT)

SCHEMES: Mapping[str, Scheme] = {
    "BCRYPT": _both(methods.BCRYPT),
    "BLF-CRYPT": _both(methods.BCRYPT),
    "ARGON2ID": _both(methods.ARGON2ID),
    "SHA512-CRYPT": _both(methods.SHA512_CRYPT),
    "SHA256-CRYPT": _both(methods.SHA256_CRYPT),
    "CRYPT": Scheme(makes=methods.SHA512_CRYPT, checks=_CRYPTS),
    "SSHA": _both(methods.SALTED_SHA1),
    "SSHA1": _both(methods.SALTED_SHA1),
    "SSHA224": _both(methods.SALTED_SHA224),
    "SSHA256": _both(methods.SALTED_SHA256),
    "SSHA384": _both(methods.SALTED_SHA384),
    "SSHA512": _both(methods.SALTED_SHA512),
    "MD5": Scheme(makes=None, checks=(methods.MD5_CRYPT, methods.MD5)),
    "DES": Scheme(makes=None, checks=(methods.DES_CRYPT,)),
    "SHA": Scheme(makes=None, checks=(methods.SHA1,)),
    "SHA1": Scheme(makes=None, checks=(methods.SHA1,)),
    "SHA224": Scheme(makes=None, checks=(methods.SHA224,)),
    "SHA256": Scheme(makes=None, checks=(methods.SHA256, methods.SHA256_CRYPT)),
    "SHA384": Scheme(makes=None, checks=(methods.SHA384,)),
    "SHA512": Scheme(makes=None, checks=(methods.SHA512, methods.SHA512_CRYPT)),
}
MADE = tuple(name for name, scheme in SCHEMES.items() if scheme.makes)


def scheme_of(stored: str) -> str:
    """The type in capitals, known or not; empty where the text does not begin with one."""
    return _split(stored)[0]


def recognised(stored: str) -> bool:
    """Is this a type that we know and 1–150 ASCII characters? What OMA asks of a pre-hashed password."""
    return scheme_of(stored) in SCHEMES


def usable(stored: str) -> bool:
    """Is there, for all we can see, a password that fits this text?"""
    return _method_of(stored) is not None


def encode(plain: str, scheme: str, *, cost: Costs = NORMAL) -> str:
    octets = _octets(plain)
    if not _may_sign_in(octets):
        raise ValueError("an empty, very long or NUL-bearing password would never be let in")
    name = scheme.upper()
    return f"{{{name}}}{_maker(name).make(octets, cost)}"


def verify(plain: str, stored: str) -> bool:
    """False, never an exception, for whatever is stored."""
    method = _method_of(stored)
    octets = _octets(plain)
    if method is None or not _may_sign_in(octets):
        return False
    try:
        return method.check(octets, _split(stored)[1])
    except (ValueError, Argon2Error):  # it looked right, yet the library refuses it
        return False


def verify_nothing(plain: str, scheme: str = DEFAULT) -> None:
    """Take as long as `verify` does, so that the time does not tell which accounts exist. For unknown
    accounts and for those whose hash is not usable."""
    verify(plain, _NOBODY[scheme])


def needs_rehash(stored: str, scheme: str, *, cost: Costs = NORMAL) -> bool:
    """Would `encode` make something else or something harder? How the type is spelt does not matter."""
    wanted = _maker(scheme.upper())
    method = _method_of(stored)
    return method is not wanted or wanted.work(_split(stored)[1]) < wanted.wanted(cost)


def dovecot_knows(stored: str) -> bool:
    """Can Dovecot check it by itself, at a price it can pay?"""
    method = _method_of(stored)
    return method is not None and bool(method.dovecot) and method.memory(_split(stored)[1]) <= _MOST_MEMORY


def for_dovecot(stored: str) -> str:
    """The same password under Dovecot's name for its type.

    Of one that Dovecot cannot check it gets the name alone, which begins with POSTROOM-: it has to ask. A text that is
    not usable becomes one that lets nobody in, since a broken or far too hard one costs Dovecot as much at each sign-in
    as a good one.
    """
    method = _method_of(stored)
    if method is None:
        return _DOVECOT_LETS_NOBODY_IN
    if not dovecot_knows(stored):
        return f"{{{_OURS_TO_CHECK}{scheme_of(stored)}}}"
    return f"{{{method.dovecot}}}{_split(stored)[1]}"


def dovecot_name(scheme: str) -> str:
    """What Dovecot is told a type is called that we make."""
    return _maker(scheme.upper()).dovecot or _OURS_TO_CHECK + scheme.upper()


def _split(stored: str) -> tuple[str, str]:
    found = _STORED.fullmatch(stored)
    return (found[1].upper(), found[2]) if found else ("", "")


def _method_of(stored: str) -> Method | None:
    name, body = _split(stored)
    checks = SCHEMES[name].checks if name in SCHEMES else ()
    method = next((method for method in checks if method.fits(body)), None)
    return method if method and method.work(body) <= method.most_work else None


def _maker(name: str) -> Method:
    scheme = SCHEMES.get(name)
    if scheme is None or scheme.makes is None:
        raise ValueError(f"passwords are not stored as {name} here; choose one of {', '.join(MADE)}")
    return scheme.makes


def _octets(plain: str) -> bytes:
    # Half a surrogate pair can come out of JSON; it must not be the one text that raises.
    return plain.encode("utf-8", "surrogatepass")


def _may_sign_in(octets: bytes) -> bool:
    # crypt(3) stops at a NUL. An empty password is never right, whatever digest somebody brought.
    return 0 < len(octets) <= LONGEST_PLAIN_BYTES and b"\0" not in octets
