"""What an identity provider says about itself, kept for an hour: its endpoints and its keys."""

import threading
import time
from typing import Final

from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from postroom.drivers.contract import PermanentFailure
from postroom.drivers.oidc.fetching import Fetcher, check_url

KEPT_SECONDS: Final = 3600.0
_AGAIN_AFTER: Final = 30.0
"""Seconds between looks for keys that we do not know: forged tokens must not make us ask all the time."""
_TYPES: Final = frozenset({"RSA", "EC", "OKP"})


class Documents:
    """Shared by threads; while one asks the others wait for its answer."""

    def __init__(self, issuer: str, fetcher: Fetcher) -> None:
        self._issuer = issuer
        self._fetcher = fetcher
        self._lock = threading.Lock()
        self._metadata: dict[str, object] = {}
        self._metadata_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    @property
    def issuer(self) -> str:
        """As the provider writes it: tokens are compared with this."""
        return str(self._known()["issuer"])

    def endpoint(self, name: str) -> str:
        found = self.optional_endpoint(name)
        if not found:
            raise PermanentFailure(f"The identity provider names no {name}")
        return found

    def optional_endpoint(self, name: str) -> str:
        found = self._known().get(name)
        if not isinstance(found, str) or not found:
            return ""
        check_url(found)
        return found

    def takes_basic(self) -> bool:
        """How the client may prove itself; the first way where nothing is said (OpenID Connect Discovery section 3)."""
        methods = self._known().get("token_endpoint_auth_methods_supported")
        return not isinstance(methods, list) or "client_secret_basic" in methods

    def keys(self, *, fresh: bool) -> KeySet:
        url = self.endpoint("jwks_uri")
        with self._lock:
            age = time.monotonic() - self._keys_at
            if self._keys is None or age > KEPT_SECONDS or (fresh and age > _AGAIN_AFTER):
                self._keys = self._fetched_keys(url)
                self._keys_at = time.monotonic()
            return self._keys

    def _fetched_keys(self, url: str) -> KeySet:
        reply = self._fetcher.get(url)
        listed = reply.json().get("keys")
        public = [key for key in listed if _is_to_verify(key)] if isinstance(listed, list) else []
        try:
            return KeySet.import_key_set({"keys": public})
        except (JoseError, KeyError, TypeError, ValueError):
            raise PermanentFailure("The identity provider's keys cannot be read") from None

    def _known(self) -> dict[str, object]:
        with self._lock:
            if not self._metadata or time.monotonic() - self._metadata_at > KEPT_SECONDS:
                self._metadata = self._fetched()
                self._metadata_at = time.monotonic()
            return self._metadata

    def _fetched(self) -> dict[str, object]:
        reply = self._fetcher.get(get_well_known_url(self._issuer, external=True))
        if reply.status != 200:
            raise PermanentFailure(f"{self._issuer} does not describe an identity provider: status {reply.status}")
        told = reply.json()
        # OpenID Connect Discovery section 4.3. The setting may lack the slash at the end.
        if str(told.get("issuer", "")).rstrip("/") != self._issuer.rstrip("/"):
            raise PermanentFailure(f"{self._issuer} says that it is another identity provider")
        return told


def _is_to_verify(key: object) -> bool:
    """Public, of a type that we know, and not for encryption."""
    return isinstance(key, dict) and key.get("kty") in _TYPES and key.get("use", "sig") == "sig" and "d" not in key
