"""Where everything of one mail stack is: ports, paths, accounts, the database. Nothing here touches the disk.

One class for both ways to run it. `private`: everything under one directory, loopback only, unprivileged ports;
`postroom mail up`. `production`: configuration below a directory such as /etc, standard ports, TLS;
`postroom mail config`.
"""

import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

EXIT: Final = "exit.postroom.internal"
"""The domain of addresses that only our own Sieve scripts send to."""
LOOPBACK: Final = "127.0.0.1"
_PLAIN_PATH = re.compile(r"[\w./+-]+")
_HOSTNAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\.?")


@dataclass(frozen=True, kw_only=True)
class Ports:
    """In the order of `postroom mail up`: the first is the base, the others follow."""

    smtp: int
    submission: int
    webmail_submission: int
    lmtp: int
    imap: int
    pop3: int
    sieve: int
    imap_webmail: int
    quota_status: int
    policy: int
    helper: int
    doveadm: int
    milter: int
    redis: int
    resolver: int
    reinjection: int
    outside: int
    """Where mail for other hosts goes in a private instance: nobody listens, unless a test does."""

    @classmethod
    def from_base(cls, base: int) -> Self:
        return cls(**{name.name: base + n for n, name in enumerate(fields(cls))})

    @classmethod
    def standard(cls) -> Self:
        """The public ones are those of the RFCs, the inner ones lie together above 10000."""
        inner = cls.from_base(10400)
        public = {"smtp": 25, "submission": 587, "imap": 143, "pop3": 110, "sieve": 4190, "redis": 6379}
        return cls(**{**asdict(inner), **public})


@dataclass(frozen=True, kw_only=True)
class Database:
    """What the servers read. `path` is SQLite's file; without one it is PostgreSQL, as the read-only `user`."""

    path: Path | None = None
    host: str = ""
    port: int = 0
    name: str = ""
    user: str = ""

    @property
    def kind(self) -> str:
        """What Postfix and Dovecot call it."""
        return "sqlite" if self.path else "pgsql"


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What the parts prove themselves to each other with. Kept in files of these names in `Layout.secrets`."""

    redis: str
    doveadm: str
    helper: str
    database: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    private: bool
    etc: Path
    """Configuration: etc/postfix, etc/dovecot, etc/rspamd …"""
    state: Path
    """What must be kept: mail, Redis' file, secrets."""
    run: Path
    """Sockets and process ids."""
    log: Path
    queue: Path
    cache: Path
    """Rspamd's compiled expressions; may be shared by instances, makes the second start quick."""
    ports: Ports
    database: Database
    hostname: str
    mail_uid: int = 5000
    """Owns the mail; needs no entry in /etc/passwd."""
    certificate: Path | None = None
    key: Path | None = None
    test_scores: bool = False
    """Rspamd adds what X-Test-Score says; private instances only."""
    accounts: dict[str, str] = field(
        default_factory=lambda: {"postfix": "postfix", "dovecot": "dovecot", "rspamd": "_rspamd", "redis": "redis"}
    )

    def __post_init__(self) -> None:
        """Paths stand unquoted in five kinds of files; the databases' texts hold them in quotes."""
        own = (self.etc, self.state, self.run, self.log, self.queue, self.cache)
        for path in (*own, self.database.path, self.certificate, self.key):
            if path and not (path.is_absolute() and _PLAIN_PATH.fullmatch(str(path))):
                raise ValueError(f"{path}: letters, digits and ./_+- only, please")
        if not _HOSTNAME.fullmatch(self.hostname):
            raise ValueError(f"{self.hostname}: a name such as mx.example.com, please")
        if self.test_scores and not self.private:
            raise ValueError("test_scores is for private instances")

    @property
    def mail(self) -> Path:
        return self.state / "mail"

    @property
    def bindirs(self) -> Path:
        """Compiled scripts of domains; those of a mailbox are in its home."""
        return self.state / "sieve-bin"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets"

    @property
    def milter(self) -> Path:
        """Rspamd's socket for Postfix. Over TCP each message would wait for delayed acknowledgements (40 ms)."""
        return (self.run if self.private else Path("/run/rspamd")) / "postroom-milter.sock"

    @property
    def tls(self) -> bool:
        return self.certificate is not None

    def facts(self) -> dict[str, Any]:
        """mail.json: for programs, and for the driver's settings. Holds no secret, only where they are."""
        return {
            "hostname": self.hostname,
            "host": LOOPBACK,
            "private": self.private,
            "ports": asdict(self.ports),
            "database": {k: str(v) if isinstance(v, Path) else v for k, v in asdict(self.database).items()},
            "paths": {
                name: str(getattr(self, name)) for name in ("etc", "state", "run", "log", "queue", "mail", "bindirs")
            }
            | {"dovecot_conf": str(self.etc / "dovecot/dovecot.conf"), "postfix_conf": str(self.etc / "postfix")}
            | {"resolver_socket": str(self.run / "resolver.sock")},
            "secrets": {name.name: str(self.secrets / name.name) for name in fields(Secrets)},
        }


def private(
    dir: Path, base: int, database: Database, *, cache: Path | None = None, test_scores: bool = False
) -> Layout:
    return Layout(
        private=True,
        etc=dir / "etc",
        state=dir / "state",
        run=dir / "run",
        log=dir / "log",
        queue=dir / "queue",
        cache=cache or dir / "cache",
        ports=Ports.from_base(base),
        database=database,
        hostname="mx.postroom.test",
        test_scores=test_scores,
    )


def production(etc: Path, state: Path, hostname: str, database: Database, certificate: Path, key: Path) -> Layout:
    return Layout(
        private=False,
        etc=etc,
        state=state,
        run=Path("/run/dovecot"),
        log=Path("/var/log"),
        queue=Path("/var/spool/postfix"),
        cache=state / "rspamd-cache",
        ports=Ports.standard(),
        database=database,
        hostname=hostname,
        certificate=certificate,
        key=key,
    )
