"""Signing in with an identity provider: what goes there and what comes back."""

import ipaddress
from urllib.parse import urlsplit

import msgspec


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is in the provider's words, once those were verified."""

    sub: str
    """The provider's own key of the person: never changes."""
    email: str = ""
    """Empty unless the provider has verified it."""
    name: str = ""
    language: str = ""
    id_token: str = ""
    """Shown to the provider again when the person signs out."""

    def __repr__(self) -> str:
        return f"Identity({self.sub!r})"


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    issuer: str
    client_id: str
    client_secret: str
    """Empty: a public client."""
    scopes: tuple[str, ...]
    trusts_emails: bool = False
    """Believe addresses of a provider that does not say whether it has verified them."""

    def __repr__(self) -> str:
        return f"ProviderSettings({self.issuer!r})"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser that comes back must have begun."""

    redirect_uri: str
    nonce: str
    verifier: str


def may_ask(url: str) -> bool:
    """Whether a provider may be asked there: with https, or on this machine, where a test or a neighbour runs."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
