"""The algorithms: what a hash text looks like, how to check it, how to make one. No `{TYPE}` here."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import bcrypt as bcrypt_library
from argon2 import low_level as argon2_library
from passlib.hash import des_crypt, md5_crypt, sha256_crypt, sha512_crypt

_SALT_BYTES = 16
_BCRYPT_READS_BYTES = 72


@dataclass(frozen=True, slots=True)
class Costs:
    """How hard to make a new hash; SSHA cannot be made hard. The defaults take 15–75 ms of one core:
    mail programs sign in all day, and each step up is paid at every one of their sign-ins."""

    bcrypt_log_rounds: int = 10
    """OWASP's minimum, and what Dovecot manages about 28 times a second on two cores."""
    argon2_passes: int = 2
    argon2_kib: int = 19_456
    argon2_lanes: int = 1
    sha_crypt_rounds: int = 100_000
    """crypt(3)'s own default, 5 000, is twenty times quicker to guess than the two above."""


def _free(_body: str) -> int:
    return 0


def _nothing(_costs: Costs) -> int:
    return 0


def _never(_plain: bytes, _costs: Costs) -> str:
    raise ValueError("too weak to be made anew")


@dataclass(frozen=True, slots=True)
class Method:
    """`work` reads from a hash how hard it is, `wanted` says how hard we make them now, both in a unit
    of the method's own. Above `most_work` a hash is not checked: whoever may bring hashes along could
    otherwise stop the service with a single one."""

    name: str
    dovecot: str
    """Dovecot's name for it; empty: Dovecot cannot check it."""
    fits: Callable[[str], object]
    check: Callable[[bytes, str], bool]
    """May raise for text that only looks right."""
    make: Callable[[bytes, Costs], str] = _never
    work: Callable[[str], int] = _free
    wanted: Callable[[Costs], int] = _nothing
    most_work: int = 0
    memory: Callable[[str], int] = _free
    """KiB that checking a hash takes, where that is much."""


# bcrypt


def _bcrypt_check(plain: bytes, body: str) -> bool:
    # Every bcrypt reads 72 bytes and no more; the library refuses to be given more since version 5.
    return bcrypt_library.checkpw(plain[:_BCRYPT_READS_BYTES], body.encode("ascii"))


def _bcrypt_make(plain: bytes, costs: Costs) -> str:
    return bcrypt_library.hashpw(plain, bcrypt_library.gensalt(costs.bcrypt_log_rounds)).decode("ascii")


BCRYPT = Method(
    name="bcrypt",
    dovecot="BLF-CRYPT",
    fits=re.compile(r"\$2[aby]\$[0-3][0-9]\$[./0-9A-Za-z]{53}").fullmatch,
    check=_bcrypt_check,
    make=_bcrypt_make,
    work=lambda body: int(body[4:6]),
    wanted=lambda costs: costs.bcrypt_log_rounds,
    most_work=14,
)


# argon2id

_ARGON2_WORK = re.compile(r"m=([0-9]+),t=([0-9]+)")


def _argon2_check(plain: bytes, body: str) -> bool:
    return argon2_library.verify_secret(body.encode("ascii"), plain, argon2_library.Type.ID)


def _argon2_make(plain: bytes, costs: Costs) -> str:
    made = argon2_library.hash_secret(
        plain,
        secrets.token_bytes(_SALT_BYTES),
        time_cost=costs.argon2_passes,
        memory_cost=costs.argon2_kib,
        parallelism=costs.argon2_lanes,
        hash_len=32,
        type=argon2_library.Type.ID,
    )
    return made.decode("ascii")


def _argon2_work(body: str) -> int:
    found = _ARGON2_WORK.search(body)
    return int(found[1]) * int(found[2]) if found else 0


def _argon2_memory(body: str) -> int:
    found = _ARGON2_WORK.search(body)
    return int(found[1]) if found else 0


ARGON2ID = Method(
    name="argon2id",
    dovecot="ARGON2ID",
    fits=re.compile(
        r"\$argon2id\$v=19\$m=[0-9]{1,6},t=[0-9]{1,3},p=[0-9]{1,2}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,86}"
    ).fullmatch,
    check=_argon2_check,
    make=_argon2_make,
    work=_argon2_work,
    wanted=lambda costs: costs.argon2_passes * costs.argon2_kib,
    most_work=512 * 1024,  # KiB written: Dovecot's and argon2-cffi's own defaults write 192 MiB
    memory=_argon2_memory,
)


# crypt(3)

_CRYPT_ROUNDS = re.compile(r"\$[56]\$rounds=([0-9]+)\$")


def _sha_crypt_work(body: str) -> int:
    found = _CRYPT_ROUNDS.match(body)
    return int(found[1]) if found else 5_000


def _sha512_crypt_make(plain: bytes, costs: Costs) -> str:
    return str(sha512_crypt.using(rounds=costs.sha_crypt_rounds).hash(plain))


def _sha256_crypt_make(plain: bytes, costs: Costs) -> str:
    return str(sha256_crypt.using(rounds=costs.sha_crypt_rounds).hash(plain))


SHA512_CRYPT = Method(
    name="sha512-crypt",
    dovecot="SHA512-CRYPT",
    fits=re.compile(r"\$6\$(rounds=[0-9]{4,9}\$)?[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{86}").fullmatch,
    check=lambda plain, body: bool(sha512_crypt.verify(plain, body)),
    make=_sha512_crypt_make,
    work=_sha_crypt_work,
    wanted=lambda costs: costs.sha_crypt_rounds,
    most_work=1_000_000,
)
SHA256_CRYPT = Method(
    name="sha256-crypt",
    dovecot="SHA256-CRYPT",
    fits=re.compile(r"\$5\$(rounds=[0-9]{4,9}\$)?[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{43}").fullmatch,
    check=lambda plain, body: bool(sha256_crypt.verify(plain, body)),
    make=_sha256_crypt_make,
    work=_sha_crypt_work,
    wanted=lambda costs: costs.sha_crypt_rounds,
    most_work=1_000_000,
)
MD5_CRYPT = Method(
    name="md5-crypt",
    dovecot="MD5-CRYPT",
    fits=re.compile(r"\$1\$[./0-9A-Za-z]{0,8}\$[./0-9A-Za-z]{22}").fullmatch,
    check=lambda plain, body: bool(md5_crypt.verify(plain, body)),
)
DES_CRYPT = Method(
    name="des-crypt",
    dovecot="CRYPT",
    fits=re.compile(r"[./0-9A-Za-z]{13}").fullmatch,
    check=lambda plain, body: bool(des_crypt.verify(plain, body)),
)


# digests, as directories (LDAP) keep them

_HEX = re.compile(r"[0-9A-Fa-f]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def _base64_length(size: int) -> int:
    return (size + 2) // 3 * 4


def digest(algorithm: str, *, dovecot: str = "") -> Method:
    """The bare digest in hexadecimal or base64. Never made: equal passwords give equal text."""
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size

    def fits(body: str) -> object:
        is_hex = len(body) == 2 * size and _HEX.fullmatch(body)
        return is_hex or (len(body) == _base64_length(size) and _BASE64.fullmatch(body))

    def check(plain: bytes, body: str) -> bool:
        kept = bytes.fromhex(body) if len(body) == 2 * size else base64.b64decode(body, validate=True)
        return hmac.compare_digest(kept, hashlib.new(algorithm, plain, usedforsecurity=False).digest())

    return Method(name=algorithm, dovecot=dovecot, fits=fits, check=check)


def salted_digest(algorithm: str, *, dovecot: str = "") -> Method:
    """base64 of the digest of password and salt, followed by the salt."""
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size

    def fits(body: str) -> object:
        return len(body) >= _base64_length(size + 1) and _BASE64.fullmatch(body)

    def check(plain: bytes, body: str) -> bool:
        kept = base64.b64decode(body, validate=True)
        salt = kept[size:]
        made = hashlib.new(algorithm, plain + salt, usedforsecurity=False).digest()
        return bool(salt) and hmac.compare_digest(kept[:size], made)

    def make(plain: bytes, _costs: Costs) -> str:
        salt = secrets.token_bytes(_SALT_BYTES)
        made = hashlib.new(algorithm, plain + salt, usedforsecurity=False).digest()
        return base64.b64encode(made + salt).decode("ascii")

    return Method(name=f"salted {algorithm}", dovecot=dovecot, fits=fits, check=check, make=make)


MD5 = digest("md5", dovecot="PLAIN-MD5")
SHA1 = digest("sha1", dovecot="SHA1")
SHA224 = digest("sha224")
SHA256 = digest("sha256", dovecot="SHA256")
SHA384 = digest("sha384")
SHA512 = digest("sha512", dovecot="SHA512")
SALTED_SHA1 = salted_digest("sha1", dovecot="SSHA")
SALTED_SHA224 = salted_digest("sha224")
SALTED_SHA256 = salted_digest("sha256", dovecot="SSHA256")
SALTED_SHA384 = salted_digest("sha384")
SALTED_SHA512 = salted_digest("sha512", dovecot="SSHA512")
