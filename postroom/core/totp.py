"""One-time codes that an authenticator shows (RFC 6238): six digits, a new one every thirty seconds."""

import hmac

import pyotp

SECONDS = 30
_DRIFT = 1
"""Steps that a telephone's clock may be off, either way."""


def new_secret() -> str:
    """160 bits, in base 32."""
    return pyotp.random_base32(32)


def uri(secret: str, account: str, issuer: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, now: float, newest: int) -> int | None:
    """The step whose code this is, if it is later than `newest`: so each opens once. None: wrong, too old or used."""
    typed = code.replace(" ", "")
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    current = int(now) // SECONDS
    codes = pyotp.TOTP(secret, interval=SECONDS)
    steps = range(current - _DRIFT, current + _DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(codes.at(step * SECONDS), typed)]
    return next((step for step in right if step > newest), None)
