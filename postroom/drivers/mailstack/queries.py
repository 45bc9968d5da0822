"""The SQL of Postfix and Dovecot: one text for PostgreSQL and SQLite, a few probes of primary keys each.

PostgreSQL plans each of them anew, which costs more than the probes. So what every message asks is short, and answers
the ordinary case only: where it finds nothing, or something special, the full question follows. Neither server can
prepare a statement; for Dovecot's short questions functions do it, which PostgreSQL plans once a connection.

docs/mailstack.md names the tables. A percent sign begins a variable in both servers' files (%% is one percent sign);
both escape the values they put in. In Postfix %u and %d also keep the query from being made for keys without a local
part or without a domain.
"""
# ruff: noqa: S608 -- put together from constants of this file

from collections.abc import Iterator
from typing import Final

_SAME_IN_MAIN = "'%u@' || (SELECT main FROM mail_domain WHERE name = '%d' AND ours)"

# --- Postfix ------------------------------------------------------------------------------------------------------

# Whose mail stays here. A domain that nobody has proved to be theirs puts mail off at the MX, and else is none of ours:
# mail that people here send there goes where DNS says.
DOMAINS: Final = "SELECT name FROM mail_domain WHERE name = '%s' AND ours"

# Of aliases, for whom Dovecot has no OK: where neither the row nor the domain's says anything there is no further
# question; otherwise DUNNO keeps Postfix from trying the address without extension.
KNOWN: Final = (
    "SELECT CASE WHEN r.action = '' AND d.action = '' THEN 'OK' ELSE 'DUNNO' END"
    " FROM mail_route r JOIN mail_domain d ON d.name = '%d' WHERE r.address = '%s'"
)
OURS: Final = "SELECT 'postroom_ours' FROM mail_domain WHERE name = '%d'"

# No row where there is nothing to say: a DUNNO would keep Postfix from trying the address without its +extension.
# An empty text of an exact row ends the search too, that is why it is thrown away last. Unknown names get what
# the catch-all's mailbox has to say; with an extension the plain name may still exist, so not for those.
ACCESS: Final = (
    "SELECT action FROM (SELECT COALESCE("
    "(SELECT action FROM mail_domain WHERE name = '%d' AND action <> ''),"
    " (SELECT action FROM mail_route WHERE address = '%s'),"
    f" (SELECT action FROM mail_route WHERE address = {_SAME_IN_MAIN}),"
    " (SELECT r.action FROM mail_domain d JOIN mail_route r ON r.address = d.catchall"
    " WHERE d.name = '%d' AND '%u' NOT LIKE '%%+%%')"
    ") AS action) AS answer WHERE action <> ''"
)
# Of those who signed in: about a domain that is not ours there is nothing to say.
ACCESS_OUT: Final = f"{ACCESS} AND EXISTS (SELECT 1 FROM mail_domain WHERE name = '%d' AND ours)"
ALIAS: Final = "SELECT goto FROM mail_route WHERE address = '%s' AND '%u@%d' <> ''"
ALIAS_DOMAIN: Final = f"SELECT goto FROM mail_route WHERE address = {_SAME_IN_MAIN}"
CATCHALL: Final = "SELECT catchall FROM mail_domain WHERE name = '%d' AND '%s' = '@%d' AND catchall <> '' AND ours"
SENDAS: Final = (
    "SELECT login FROM mail_route WHERE address = '%s' AND '%u@%d' <> '' AND login <> ''"
    " UNION ALL SELECT r.login FROM mail_domain d JOIN mail_route r ON r.address = '%u@' || d.main AND r.login <> ''"
    " WHERE d.name = '%d' AND d.send_as AND d.ours AND d.name <> d.main"
    " AND NOT EXISTS (SELECT 1 FROM mail_route WHERE address = '%s')"
    " UNION ALL SELECT s.logins FROM mail_sender s JOIN mail_domain d ON d.name = '%d'"
    " WHERE s.address = '%s' AND d.ours AND d.active"
)
EXIT_GOTO: Final = "SELECT goto FROM mail_exit WHERE address = '%s' AND goto <> ''"
EXIT_NEXTHOP: Final = "SELECT nexthop FROM mail_exit WHERE address = '%s' AND nexthop <> ''"
EXIT_ORIGINAL: Final = "SELECT original FROM mail_exit WHERE address = '%s' AND original <> ''"

# --- Dovecot ------------------------------------------------------------------------------------------------------

# Signed in as, delivered to: the mailbox's own address, whatever name was given.
_LOGIN = (
    "COALESCE((SELECT login FROM mail_route WHERE address = '%u'),"
    " (SELECT r.login FROM mail_domain d JOIN mail_route r ON r.address = '%n@' || d.main WHERE d.name = '%d'),"
    " '%u')"
)
_SERVICE = (
    "CASE '%s' WHEN 'imap' THEN CASE '%{lport}' WHEN '@webmail@' THEN l.webmail ELSE l.imap END"
    " WHEN 'pop3' THEN l.pop3 WHEN 'smtp' THEN l.smtp WHEN 'webmail-smtp' THEN l.webmail_smtp"
    " WHEN 'sieve' THEN CASE WHEN l.webmail = 'e' THEN 'e' ELSE l.imap END"
    " ELSE 'd' END"
)
_HOME = "'@mail@/' || CAST(l.mailbox_id %% 1000 AS TEXT) || '/' || CAST(l.mailbox_id AS TEXT)"
_QUOTA = "'*:bytes=' || CAST(l.quota AS TEXT)"

# This one never verifies: passdb.lua does, in a process that may take its time. What it needs for that is called
# userdb_…: other fields are told to the process that talks to the client, also when the password was wrong.
_PASSWORD = (
    "SELECT login AS \"user\", NULL AS password, 'y' AS nopassword,"
    " hashes AS userdb_hashes, rehash_to AS userdb_rehash_to,"
    " CASE WHEN '%{lport}' = '@webmail@' OR '%s' = 'webmail-smtp' THEN 'webmail' WHEN '%s' = 'sieve' THEN 'any'"
    " ELSE 'programs' END AS userdb_place,"
    " CASE service WHEN 's' THEN 'suspended' WHEN 'd' THEN 'disabled' ELSE '' END AS userdb_closed,"
    " home AS userdb_home, quota_rule AS userdb_quota_rule,"
    # Webmail signs in by IMAP too: its sign-ins are noted apart (sign_ins.py). NULL leaves the setting as it is.
    " CASE '%{lport}' WHEN '@webmail@' THEN 'last-login/webmail/' || login END AS userdb_last_login_key"
    f" FROM (SELECT l.login, l.hashes, l.rehash_to, {_SERVICE} AS service, {_HOME} AS home, {_QUOTA} AS quota_rule"
    " FROM mail_login l JOIN mail_domain own ON own.domain_id = l.domain_id AND own.name = own.main"
    f" WHERE l.login = {_LOGIN} AND l.active AND own.active) AS mailbox"
    # Postfix knows no nologin: to it only a mailbox that may send exists.
    " WHERE service = 'e' OR '%s' NOT IN ('smtp', 'webmail-smtp')"
)

_DICT = "'dict:proxy::sieve;user={owner}' || CAST({id} AS TEXT) || ';name={name};bindir={bindir}"
_DOMAIN_LISTS = _DICT.format(owner="d", id="l.domain_id", name="lists", bindir="@bindirs@/d'")
_DOMAIN_LISTS = f"{_DOMAIN_LISTS} || CAST(l.domain_id AS TEXT)"
_MAILBOX_LISTS = _DICT.format(owner="m", id="l.mailbox_id", name="lists", bindir="~/sieve-bin'")
_OWN = _DICT.format(owner="m", id="l.mailbox_id", name="own", bindir="~/sieve-bin'")
_OWN = f"CASE WHEN l.own_script THEN {_OWN} END"
_SPAM = "'@spam@'"

# Pigeonhole stops at the first empty place, so what there is moves up: lists of the domain (bit 1), of the mailbox
# (bit 2), spam.sieve, the mailbox's own.
_BEFORE = (
    f"CASE l.lists WHEN 0 THEN {_SPAM} WHEN 2 THEN {_MAILBOX_LISTS} ELSE {_DOMAIN_LISTS} END AS sieve_before,"
    f" CASE l.lists WHEN 0 THEN {_OWN} WHEN 3 THEN {_MAILBOX_LISTS} ELSE {_SPAM} END AS sieve_before2,"
    f" CASE l.lists WHEN 0 THEN NULL WHEN 3 THEN {_SPAM} ELSE {_OWN} END AS sieve_before3,"
    f" CASE l.lists WHEN 3 THEN {_OWN} END AS sieve_before4"
)
# Dovecot expands variables in what it is given here, so a percent sign is doubled, or the message would have to wait.
# An empty text would reach Sieve as "yes", so there is none instead.
_ENVIRONMENT = ", ".join(
    (
        "NULLIF(l.stars, '') AS sieve_env_stars, l.spam_delivery AS sieve_env_spam_delivery",  # ours: no percent signs
        *(
            f"REPLACE(NULLIF(l.{column}, ''), '%%', '%%%%') AS sieve_env_{column}"
            for column in ("spam_tag", "spam_header", "spam_folder")
        ),
    )
)
# Postfix asks whether there is room before it looks who the recipient is: an unknown name is the catch-all's. An alias
# that is no mailbox's has room.
_ROOM_FOR = (
    f"COALESCE((SELECT login FROM mail_login WHERE login = {_LOGIN}),"
    " (SELECT catchall FROM mail_domain WHERE name = '%d' AND '%s' = 'quota-status'"
    " AND NOT EXISTS (SELECT 1 FROM mail_route WHERE address IN ('%u', '%n@' || main))))"
)
# What a sender would be told at the MX. Mail that was forwarded within the house has not been there.
_CLOSED = (
    "COALESCE((SELECT d.action FROM mail_domain d"
    " WHERE d.domain_id = l.domain_id AND d.name = d.main AND d.action <> ''),"
    " (SELECT r.action FROM mail_route r WHERE r.address = l.login AND r.action LIKE '_50 %%'))"
)
_PLACE = f'l.login AS "user", {_HOME} AS home, {_QUOTA} AS quota_rule'
# Also of mailboxes that nobody may sign in to: what is in the queue was promised to be delivered.
_USER = (
    f"SELECT {_PLACE}, {_ENVIRONMENT}, {_CLOSED} AS sieve_env_closed, {_BEFORE}"
    f" FROM mail_login l WHERE l.login = {_ROOM_FOR}"
)
# The domain is asked in person: it may have been closed a moment ago, and its mailboxes' rows do not know.
_OPEN = "l.taken AND (SELECT action FROM mail_domain WHERE name = '%d') = ''"
# Asked first to deliver, by the login: that is what Postfix delivers to. No scripts but spam.sieve, nothing closed.
_ORDINARY_USER = (
    f"SELECT {_PLACE}, {_ENVIRONMENT}, {_SPAM} AS sieve_before FROM mail_login l"
    f" WHERE l.login = '%u' AND l.lists = 0 AND NOT l.own_script AND {_OPEN}"
)
# Asked first whether there is room. A row may replace a setting: where nothing is to be said about the recipient, the
# answer to Postfix is "take it" and not "ask on". NULL leaves the setting as it is.
_ROOM = (
    f"SELECT {_PLACE}, CASE WHEN {_OPEN} THEN 'OK' END AS quota_status_success FROM mail_login l WHERE l.login = '%u'"
)
ITERATE: Final = 'SELECT login AS "user" FROM mail_login'

_TOLD = ("stars", "spam_delivery", "spam_tag", "spam_header", "spam_folder")
_FUNCTIONS: Final = {
    "mail_room": (_ROOM, ("user", "home", "quota_rule", "quota_status_success")),
    "mail_ordinary": (
        _ORDINARY_USER,
        ("user", "home", "quota_rule", *(f"sieve_env_{name}" for name in _TOLD), "sieve_before"),
    ),
}
"""On PostgreSQL: the question, and the columns of its answer."""
_ARGUMENTS: Final = ("'%u'", "'%d'", "'@mail@/'", "'@spam@'")


def functions() -> Iterator[str]:
    """The statements that make them. Done again they replace what is there."""
    for name, (text, columns) in _FUNCTIONS.items():
        given = _arguments(name)
        for number, argument in enumerate(given, 1):
            text = text.replace(argument, f"${number}")
        types = ", ".join(["TEXT"] * len(given))
        answer = ", ".join(f'"{column}" TEXT' for column in columns)
        chosen = ", ".join(f'CAST(answer."{column}" AS TEXT)' for column in columns)
        yield (
            f"DROP FUNCTION IF EXISTS {name}({types});"
            f" CREATE FUNCTION {name}({types}) RETURNS TABLE ({answer}) LANGUAGE plpgsql STABLE AS $$"
            " #variable_conflict use_column\n"
            f" BEGIN RETURN QUERY SELECT {chosen} FROM ({text.replace('%%', '%')}) AS answer; END $$"
        )


def _arguments(function: str) -> list[str]:
    return [argument for argument in _ARGUMENTS if argument in _FUNCTIONS[function][0]]


def _call(function: str) -> str:
    return f"SELECT * FROM {function}({', '.join(_arguments(function))})"


def _put(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def password_query(mail: str, webmail_port: int) -> str:
    return _put(_PASSWORD, mail=mail, webmail=str(webmail_port))


def room_query(mail: str, *, function: bool) -> str:
    return _put(_call("mail_room") if function else _ROOM, mail=mail)


def ordinary_user_query(mail: str, spam: str, *, function: bool) -> str:
    return _put(_call("mail_ordinary") if function else _ORDINARY_USER, mail=mail, spam=spam)


def user_query(mail: str, bindirs: str, spam: str) -> str:
    return _put(_USER, mail=mail, bindirs=bindirs, spam=spam)
