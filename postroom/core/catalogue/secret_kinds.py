"""Kinds of secrets and of what protects them. No hint here repeats what was sent."""

import base64
import binascii
import re
from dataclasses import dataclass

from postroom.core import dkim
from postroom.core.catalogue import reading
from postroom.core.catalogue.attribute import BadValueError, NotGiven, Value
from postroom.core.catalogue.kinds import Choice, Plain

HASH_TYPES = (
    "MD5", "BCRYPT", "BLF-CRYPT", "CRYPT", "DES", "SHA", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512",
    "SSHA", "SSHA1", "SSHA224", "SSHA256", "SSHA384", "SSHA512", "SHA512-CRYPT", "SHA256-CRYPT", "ARGON2ID",
)  # fmt: skip
"""What customers may bring with them (oma.md section 4)."""

MADE_HERE = (
    "BCRYPT", "ARGON2ID", "SHA512-CRYPT", "SHA256-CRYPT", "CRYPT",
    "SSHA", "SSHA1", "SSHA224", "SSHA256", "SSHA384", "SSHA512",
)  # fmt: skip
"""What a plain password can be stored as."""

_PLAIN = re.compile(r"[!#-~]*")
_HASHED = re.compile(r"\{([A-Za-z0-9-]{1,20})\}([ -~]{1,150})")
_LONGEST_PLAIN = 54
_PEM = re.compile(r"-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----(.*?)-----END \1-----", re.DOTALL)
_LONGEST_KEY = 16_384
_SHORTEST_DER = 40
_DER_SEQUENCE = 0x30


@dataclass(frozen=True)
class PasswordText(Plain):
    name = "password"

    @property
    def bounds(self) -> str:
        return (
            f"1 to {_LONGEST_PLAIN} letters without accents, digits and marks, without blanks and double quotes; "
            "or {TYPE} and a hash of at most 150 characters"
        )

    def parse(self, raw: object) -> Value | NotGiven:
        if raw is None or raw == "":
            raise BadValueError("must not be empty; a password cannot be taken away, only replaced")
        if not isinstance(raw, str | int):
            raise BadValueError("must be text")
        found = reading.text(raw)
        return _hashed(found) if found.startswith("{") else _plain(found)


def _plain(text: str) -> str:
    if len(text) > _LONGEST_PLAIN:
        raise BadValueError(f"must have at most {_LONGEST_PLAIN} characters")
    if not _PLAIN.fullmatch(text):
        raise BadValueError(
            "must consist of letters A–Z without accents, digits and marks, without blanks and double quotes"
        )
    return text


def _hashed(text: str) -> str:
    found = _HASHED.fullmatch(text)
    if found is None:
        raise BadValueError("begins with { and so must be {TYPE} and a hash of 1 to 150 ASCII characters")
    if found[1].upper() not in HASH_TYPES:
        raise BadValueError(f"must have one of these types between the braces: {', '.join(HASH_TYPES)}")
    return text


@dataclass(frozen=True)
class EncodingChoice(Choice):
    values: tuple[str, ...] = MADE_HERE

    def refusal(self, wanted: str) -> str:
        if wanted.upper() in HASH_TYPES:
            return (
                f"must be {self.bounds}; {wanted.upper()} is only accepted for hashes made elsewhere, "
                "because without a salt or enough work such a hash is soon reversed"
            )
        return f"must be {self.bounds}"


@dataclass(frozen=True)
class PrivateKey(Plain):
    r"""To sign mail with. Its line breaks may be real ones or the two characters \n; they are put in order."""

    name = "private key"

    @property
    def bounds(self) -> str:
        return r"an RSA private key in PEM form, from -----BEGIN … to END …-----, with \n for each line break"

    def parse_given(self, raw: object) -> Value | NotGiven:
        text = reading.text(raw).replace("\\r", "").replace("\\n", "\n").strip()
        if not text:
            return None
        found = _PEM.fullmatch(text) if len(text) <= _LONGEST_KEY else None
        if found is None:
            raise BadValueError(f"must be {self.bounds}")
        body = base64.b64encode(_der("".join(found[2].split()))).decode()
        lines = [body[at : at + 64] for at in range(0, len(body), 64)]
        pem = "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])
        if refusal := dkim.problem(pem):
            raise BadValueError(refusal)
        return pem


def _der(body: str) -> bytes:
    try:
        der = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        der = b""
    if len(der) < _SHORTEST_DER or der[0] != _DER_SEQUENCE:
        raise BadValueError("must be a private key in PEM form; what stands between its first and last line is not one")
    return der
