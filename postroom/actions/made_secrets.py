"""Passwords and login codes that we make up: random, unless the fake platform was told which ones to use."""

import secrets

from postroom.actions import live
from postroom.core.passwords.tokens import new_token


def password() -> str:
    """96 random bits in 16 characters that need no quoting in a URL."""
    return live.fixed_secret("password") or secrets.token_urlsafe(12)


def code() -> str:
    """A fixed one may be in use already: for another mailbox, or another time for the same."""
    return live.fixed_secret("code") or new_token()
