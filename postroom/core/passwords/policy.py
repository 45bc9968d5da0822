"""Is this new password good enough? For plain ones only; of a hash nobody can tell."""

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from zxcvbn import zxcvbn

from postroom.core import errors
from postroom.core.passwords import schemes

LEVELS: Mapping[str, int] = {"weak": 1, "medium": 2, "good": 3, "strong": 4}
"""The least score, out of 0–4, that zxcvbn must give."""
LONGEST = 54
KEPT_HASHES = 8

SHORTEST_OF_PERSON, LONGEST_OF_PERSON = 8, 128
_ALLOWED = re.compile(r"[!#-~]*")
_SHORTEST_TELLING_NAME = 3
# zxcvbn needs up to 1.1 s for 54 characters of leetspeak and 0.3 s for 32; more can only be stronger.
_SCORED = 32
# zxcvbn keeps the names that it was given in a module-wide table: two at once would mix them up.
_scoring = threading.Lock()


def check_plain(plain: str, *, account: str, old_hashes: Sequence[str], required_level: str | None) -> None:
    """Raises for the first thing wrong, the cheapest to find first.

    `account` is the full address, `old_hashes` begin with the newest. A level of None asks for no
    strength. Comparing with old hashes costs as much as that many sign-ins: enter the gate before.
    """
    _check_form(plain)
    _check_account(plain, account)
    if required_level is not None:
        _check_strength(plain, account, required_level)
    _check_reuse(plain, old_hashes)


def check_person(plain: str, *, account: str, name: str, old_hash: str) -> None:
    """For somebody who signs in to the web (people.md section 5); blanks and every script may be in it. As above."""
    if not SHORTEST_OF_PERSON <= len(plain) <= LONGEST_OF_PERSON:
        _refuse(errors.BadAttribute, f"must have {SHORTEST_OF_PERSON} to {LONGEST_OF_PERSON} characters")
    if not plain.isprintable() or plain != plain.strip():
        _refuse(errors.BadAttribute, "may hold everything that can be typed, but no blanks at its ends")
    if plain.isdecimal():
        _refuse(errors.PasswordTooWeak, "must not consist of digits alone")
    _check_account(plain, account)
    typed = plain.lower()
    if any(len(part) >= _SHORTEST_TELLING_NAME and part in typed for part in name.lower().split()):
        _refuse(errors.PasswordContainsAccount, "must not contain your name")
    _check_strength(plain, account, "good")
    if old_hash and schemes.verify(plain, old_hash):
        _refuse(errors.PasswordReused, "must differ from the one before")


def _refuse(error: type[errors.BadAttribute], hint: str) -> NoReturn:
    raise error(hints={"password": hint})


def _check_form(plain: str) -> None:
    if not plain:
        _refuse(errors.BadAttribute, "must not be empty")
    if len(plain) > LONGEST:
        _refuse(errors.BadAttribute, f"must have at most {LONGEST} characters")
    if not _ALLOWED.fullmatch(plain):
        _refuse(
            errors.BadAttribute,
            "may hold letters A–Z without accents, digits and marks, but no space and no double quote",
        )


def _names(account: str) -> tuple[str, str]:
    local, _, domain = account.lower().rpartition("@")
    return local, domain


def _check_account(plain: str, account: str) -> None:
    # A local part of one or two letters is in most good passwords by chance. The first label of the
    # domain alone is not forbidden (OMA does not either); it makes for a lower score.
    typed = plain.lower()
    for name in _names(account):
        if len(name) >= _SHORTEST_TELLING_NAME and name in typed:
            _refuse(errors.PasswordContainsAccount, "must not contain the name of the account or of its domain")


def _check_strength(plain: str, account: str, required_level: str) -> None:
    names = [part for name in (account.lower(), *_names(account)) for part in (name, *re.split(r"[-._@]", name))]
    with _scoring:
        found = zxcvbn(plain[:_SCORED], user_inputs=[name for name in names if name])
    if found["score"] < LEVELS[required_level]:
        _refuse(errors.PasswordTooWeak, _advice(found["feedback"], required_level))


def _advice(feedback: Mapping[str, Any], required_level: str) -> str:
    words = [f"is too easy to guess: the level asked for is {required_level}."]
    words += [str(feedback["warning"]), *map(str, feedback["suggestions"])]
    return " ".join(word for word in words if word)


def _check_reuse(plain: str, old_hashes: Sequence[str]) -> None:
    if any(schemes.verify(plain, old) for old in old_hashes[:KEPT_HASHES]):
        _refuse(errors.PasswordReused, f"must differ from the last {KEPT_HASHES} passwords")
