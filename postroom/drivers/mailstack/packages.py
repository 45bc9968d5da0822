"""The Debian packages a mail stack consists of, and which of them this machine lacks."""

from pathlib import Path
from typing import Final

# The file that shows that a package is there. Postfix and Dovecot have their databases in packages of their own.
_SHOWN_BY: Final = {
    "postfix": "/usr/lib/postfix/sbin/master",
    "postfix-pgsql": "/usr/lib/postfix/postfix-pgsql.so",
    "postfix-sqlite": "/usr/lib/postfix/postfix-sqlite.so",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "dovecot-pop3d": "/usr/lib/dovecot/pop3",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "dovecot-sieve": "/usr/lib/dovecot/modules/lib90_sieve_plugin.so",
    "dovecot-managesieved": "/usr/lib/dovecot/managesieve",
    "dovecot-pgsql": "/usr/lib/dovecot/modules/auth/libdriver_pgsql.so",
    "dovecot-sqlite": "/usr/lib/dovecot/modules/auth/libdriver_sqlite.so",
    "dovecot-auth-lua": "/usr/lib/dovecot/modules/auth/libauthdb_lua.so",
    "rspamd": "/usr/bin/rspamd",
    "redis-server": "/usr/bin/redis-server",
    "unbound": "/usr/sbin/unbound",
}


def missing() -> list[str]:
    return [package for package, path in _SHOWN_BY.items() if not Path(path).exists()]


def install_command(packages: list[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]
