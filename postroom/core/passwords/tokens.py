"""Secrets that we make up ourselves: random enough that a quick hash of them is safe to keep."""

import hashlib
import secrets

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 of them, 5 bits each; without l, o, 0 and 1
_GROUPS = 4
_GROUP_LENGTH = 4


def new_token() -> str:
    """32 hexadecimal digits: what OMA clients expect."""
    return secrets.token_hex(16)


def hash_token(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def new_app_password() -> str:
    """80 bits to be typed into a telephone: `k3vd-8mzq-…`."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def new_api_key() -> str:
    """256 bits behind letters by which scanners for leaked secrets know it."""
    return "pr_" + secrets.token_urlsafe(32)


def recovery_code_form(typed: str) -> str:
    """An app password or recovery code as it was made, however it was typed."""
    letters = "".join(c for c in typed.lower() if c.isalnum())
    return "-".join(letters[at : at + _GROUP_LENGTH] for at in range(0, len(letters), _GROUP_LENGTH))
