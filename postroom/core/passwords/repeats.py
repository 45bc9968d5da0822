"""Tells a new guess from one that was made before."""

import hashlib
import os
import threading


class Repeats:
    """A telephone that has an old password tries that one for ever. It guesses once, not once a minute.

    Keeps keyed digests only, the latest ones. Shared by threads.
    """

    def __init__(self, size: int = 10_000) -> None:
        self._keyed = hashlib.blake2b(key=os.urandom(32), digest_size=16)
        self._size = size
        self._lock = threading.Lock()
        self._seen: dict[bytes, None] = {}  # in the order of time

    def is_new(self, account: str, secret: str) -> bool:
        """Whether this was never guessed before; from now on it was."""
        digest = self._digest(account, secret)
        with self._lock:
            known = digest in self._seen
            self._seen.pop(digest, None)
            self._seen[digest] = None
            if len(self._seen) > self._size:
                del self._seen[next(iter(self._seen))]
        return not known

    def _digest(self, account: str, secret: str) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(f"{len(account)}:{account}{secret}".encode("utf-8", "surrogatepass"))
        return keyed.digest()
