"""Remembers for some minutes that a password was right, so that programs which send it with every
call do not cost a slow hash with every call."""

import hashlib
import threading

LONGEST_LIFE = 300.0
PROOFS_AN_ACCOUNT = 8
"""An account's own password, its app passwords, and a token or two."""


class CredentialCache:
    """Keeps keyed digests only. The key is random and lives as long as the process, so that a memory
    dump without the key says nothing. The stored hash is part of what is digested: a new password
    makes the old proof worthless, even one remembered in the moment of the change."""

    def __init__(self, secret: bytes, lifetime: float = LONGEST_LIFE, size: int = 10_000) -> None:
        if not 16 <= len(secret) <= hashlib.blake2b.MAX_KEY_SIZE:
            raise ValueError("the secret must have 16 to 64 bytes")
        if not 0 <= lifetime <= LONGEST_LIFE or size < 1:
            raise ValueError(f"the lifetime must be 0 (remember nothing) to {LONGEST_LIFE:.0f} s, the size at least 1")
        self._keyed = hashlib.blake2b(key=secret, digest_size=32)
        self._lifetime = lifetime
        self._size = size
        self._lock = threading.Lock()
        # Both dicts are in the order of time: account -> digest -> good until.
        self._accounts: dict[int, dict[bytes, float]] = {}

    def knows(self, account_id: int, stored_hash: str, plain: str, now: float) -> bool:
        digest = self._digest(account_id, stored_hash, plain)
        with self._lock:
            proofs = self._accounts.get(account_id)
            until = proofs.get(digest) if proofs else None
        return until is not None and now < until

    def remember(self, account_id: int, stored_hash: str, plain: str, now: float) -> None:
        if not self._lifetime:
            return
        digest = self._digest(account_id, stored_hash, plain)
        with self._lock:
            proofs = self._accounts.pop(account_id, {})
            proofs.pop(digest, None)
            proofs[digest] = now + self._lifetime
            self._accounts[account_id] = proofs
            self._drop_old(proofs, now)

    def forget(self, account_id: int) -> None:
        with self._lock:
            self._accounts.pop(account_id, None)

    def _digest(self, account_id: int, stored_hash: str, plain: str) -> bytes:
        keyed = self._keyed.copy()
        # The length keeps the end of the hash apart from the beginning of the password.
        text = f"{account_id}:{len(stored_hash)}:{stored_hash}{plain}"
        keyed.update(text.encode("utf-8", "surrogatepass"))
        return keyed.digest()

    def _drop_old(self, proofs: dict[bytes, float], now: float) -> None:
        while len(proofs) > PROOFS_AN_ACCOUNT or next(iter(proofs.values())) <= now:
            del proofs[next(iter(proofs))]
        while len(self._accounts) > self._size or self._oldest_is_over(now):
            del self._accounts[next(iter(self._accounts))]

    def _oldest_is_over(self, now: float) -> bool:
        oldest = next(iter(self._accounts.values()))
        return next(reversed(oldest.values())) <= now
