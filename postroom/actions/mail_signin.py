"""Signing in to mail, as far as the mail servers cannot see to it themselves: login tokens, hashes of types that they
lack, and old hashes.

They look up hashes in `mail_login` on their own; what arrives here has been through that.
"""

from postroom.actions import signin
from postroom.actions.action import reads
from postroom.actions.lane import Aside
from postroom.core.errors import BadCredentials
from postroom.core.passwords import schemes
from postroom.core.passwords.repeats import Repeats
from postroom.core.passwords.tokens import hash_token
from postroom.store import rows
from postroom.store.models import Token
from postroom.store.sql import execute

_SHORTEST, _LONGEST = 16, 256  # of a token's text: see actions/tokens.py
_GOOD = (
    'SELECT t."kind", t."expires_at", t."used_at" FROM "store_token" t '
    'JOIN "mail_login" l ON l."mailbox_id" = t."mailbox_id" JOIN "mail_domain" d ON d."name" = %s '
    'WHERE t."hash" = %s AND l."login" = %s AND t."opens_mail" AND l."active" AND d."active"'
)
_STORED = (
    'SELECT m."id", m."password" FROM "mail_login" l JOIN "store_mailbox" m ON m."id" = l."mailbox_id" '
    'JOIN "mail_domain" d ON d."name" = %s WHERE l."login" = %s AND l."active" AND d."active"'
)
_guesses = Repeats()


@reads()
def token_opens(login: str, text: str, now: float) -> bool:
    """Whether the password is a token that opens this account's mail; one for a single sign-in is spent by that.

    The servers ask about every password that they do not know. What cannot be a token is no guess at one, and the
    same guess over and over is one guess: else a telephone with an old password would keep its owner out.
    Raises TooManyAttempts.
    """
    if not _SHORTEST <= len(text) <= _LONGEST:
        return False
    signin.check_attempts(signin.Tries(login), now)
    if _use(login, hash_token(text), now):
        signin.forget_failures(signin.Tries(login))
        return True
    _note_guess(login, text, now)
    return False


def _note_guess(login: str, text: str, now: float) -> None:
    if _guesses.is_new(login, text):
        signin.note_failure(signin.Tries(login), now)


@reads()
def password_opens(login: str, password: str, now: float) -> bool:
    """Whether the password fits the account's hash, where the servers cannot tell: of others we say nothing.

    Wrong ones make the asker wait, as with tokens. Raises TooManyAttempts, or Overloaded when too many are being
    checked.
    """
    signin.check_attempts(signin.Tries(login), now)
    found = execute(_STORED, (login.rpartition("@")[2], login)).fetchone()
    if found is None:
        return False
    mailbox_id, stored = found
    if not schemes.usable(stored) or schemes.dovecot_knows(stored):
        return False
    if not signin.checked(mailbox_id, stored, password):
        _note_guess(login, password, now)
        return False
    signin.forget_failures(signin.Tries(login))
    return True


def _use(login: str, token_hash: str, now: float) -> bool:
    found = execute(_GOOD, (login.rpartition("@")[2], token_hash, login)).fetchone()
    if found is None:
        return False
    kind, expires_at, used_at = found
    if expires_at <= now * 1000 or used_at is not None:
        return False
    unused = Token.objects.filter(hash=token_hash, used_at=None)
    return kind != "sso" or bool(unused.update(used_at=int(now * 1000)))


@reads()
def rehash(login: str, password: str) -> bool:
    """Store a password, which a server has found right, in the encoding that is wanted now; whether that was done.

    It is verified once more: whoever asks here can set no other password. App passwords stay as they are.
    Raises BadCredentials, or Overloaded when too many are being checked.
    """
    found = rows.find_mailbox(login)
    if found is None or not found[1].password:
        raise BadCredentials
    row = found[1]
    encoding = signin.wanted_encoding(row, row.password)
    if encoding is None:
        return False
    with Aside():
        if not signin.is_right(row.password, password):
            raise BadCredentials
        fresh = schemes.encode(password, encoding)
    return signin.store_fresh(row.id, row.password, fresh)
