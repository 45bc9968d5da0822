"""How many passwords a second one process can verify with the libraries that Dovecot uses, and with nothing else to do.

A process of its own: `python -m … SECONDS {SCHEME}hash password` prints the number a second, and the processor time of
one in milliseconds. Started once a core.
"""

import base64
import ctypes
import ctypes.util
import hashlib
import sys
import time
from collections.abc import Callable, Mapping

_SHA512_BYTES = 64


def _crypt(hashed: str, password: str) -> bool:
    function = _library("crypt").crypt
    function.restype = ctypes.c_char_p
    return bool(function(password.encode(), hashed.encode()) == hashed.encode())


def _argon2(hashed: str, password: str) -> bool:
    plain = password.encode()
    verify = _library("sodium").crypto_pwhash_str_verify
    return bool(verify(hashed.encode(), plain, ctypes.c_ulonglong(len(plain))) == 0)


def _ssha512(hashed: str, password: str) -> bool:
    known = base64.b64decode(hashed)
    return hashlib.sha512(password.encode() + known[_SHA512_BYTES:]).digest() == known[:_SHA512_BYTES]


_VERIFY: Mapping[str, Callable[[str, str], bool]] = {
    "SSHA512": _ssha512,
    "BLF-CRYPT": _crypt,
    "SHA512-CRYPT": _crypt,
    "ARGON2ID": _argon2,
}
_loaded: dict[str, ctypes.CDLL] = {}


def _library(name: str) -> ctypes.CDLL:
    if name not in _loaded:
        _loaded[name] = ctypes.CDLL(ctypes.util.find_library(name))
    return _loaded[name]


def rate(stored: str, password: str, seconds: float) -> tuple[float, float]:
    scheme, _, hashed = stored.removeprefix("{").partition("}")
    verify = _VERIFY[scheme]
    if not verify(hashed, password):
        raise SystemExit(f"{scheme}: the password does not fit its hash")
    done, begun, spent = 0, time.perf_counter(), time.process_time()
    while not done or time.perf_counter() - begun < seconds:
        verify(hashed, password)
        done += 1
    return done / (time.perf_counter() - begun), (time.process_time() - spent) * 1000 / done


if __name__ == "__main__":
    print(*rate(sys.argv[2], sys.argv[3], float(sys.argv[1])))  # noqa: T201 -- for the process that has started us
