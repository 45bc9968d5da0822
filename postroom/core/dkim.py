"""Keys that outgoing mail is signed with (RFC 6376), and what must stand in DNS for them."""

import base64
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

SHORTEST: Final = 1024  # receivers ignore signatures of shorter keys (RFC 8301 section 3.2)
LONGEST: Final = 4096  # nobody has to verify longer ones, and their records fit no UDP answer
USUAL: Final = 2048
_PUBLIC_EXPONENT = 65_537
_STRING = 255  # octets of one string of a TXT record


def new_key(bits: int = USUAL) -> str:
    """PEM, PKCS #8. Raises ValueError for a length that receivers would not verify."""
    if not SHORTEST <= bits <= LONGEST:
        raise ValueError(f"a DKIM key has {SHORTEST} to {LONGEST} bits")
    key = generate_private_key(_PUBLIC_EXPONENT, bits)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def problem(pem: str) -> str:
    """Why mail could not be signed with this key, or would be for nothing; empty for a good one."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "must be a private key in PEM form; what stands between its first and last line is not one"
    if not isinstance(key, RSAPrivateKey):
        return "must be an RSA key: the mail servers cannot sign with other kinds"
    if not SHORTEST <= key.key_size <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} bits, not {key.key_size}: receivers would not verify it"
    return ""


def record(pem: str) -> str:
    """The text of the TXT record to put at `<selector>._domainkey.<domain>`, for a key that is stored."""
    # It was judged when it was set (problem), and that takes thousands of times as long as reading it.
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def zone_line(domain: str, selector: str, pem: str) -> str:
    """The record as it stands in a zone file: long texts are several strings."""
    text = record(pem)
    strings = " ".join(f'"{text[at : at + _STRING]}"' for at in range(0, len(text), _STRING))
    return f"{selector}._domainkey.{domain}. IN TXT ( {strings} )"
