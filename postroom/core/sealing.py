"""Secrets that must be read again, unlike passwords of our own: kept so that a stolen database does not tell them."""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken


class BrokenSealError(ValueError):
    """Sealed with another key, or changed since."""


def _box(key: str, purpose: str) -> Fernet:
    """A key of its own for each purpose, so that what was sealed for one cannot be passed off for another."""
    derived = hmac.digest(key.encode(), purpose.encode(), "sha256")
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(secret: str, key: str, purpose: str) -> str:
    return _box(key, purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, key: str, purpose: str) -> str:
    """Raises BrokenSealError."""
    try:
        return _box(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSealError from None
