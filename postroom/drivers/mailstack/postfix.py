"""Postfix: main.cf, master.cf and the files that say how its tables are asked."""

from pathlib import Path
from typing import Final

from postroom.drivers.mailstack import queries
from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import EXIT, LOOPBACK, Layout, Secrets

MASTER: Final = "/usr/lib/postfix/sbin/master"

# The domain says for which keys the query is made at all: ordinary mail never asks for exit addresses.
_MAPS: Final = {
    "domains": (queries.DOMAINS, ""),
    "known": (queries.KNOWN, ""),
    "ours": (queries.OURS, ""),
    "access": (queries.ACCESS, ""),
    "access-out": (queries.ACCESS_OUT, ""),
    "alias": (queries.ALIAS, ""),
    "alias-domain": (queries.ALIAS_DOMAIN, ""),
    "catchall": (queries.CATCHALL, ""),
    "sendas": (queries.SENDAS, ""),
    "exit-goto": (queries.EXIT_GOTO, EXIT),
    "exit-nexthop": (queries.EXIT_NEXTHOP, EXIT),
    "exit-original": (queries.EXIT_ORIGINAL, EXIT),
}
_QUEUE_FOLDERS: Final = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace",
)  # fmt: skip


def files(layout: Layout, secrets: Secrets) -> list[File]:
    etc = layout.etc / "postfix"
    maps = [
        File(path=etc / "maps" / f"{name}.cf", text=_map(layout, secrets, *text), group="postfix", mode=0o640)
        for name, text in _MAPS.items()
    ]
    return [
        File(path=etc / "main.cf", text=_main(layout)),
        File(path=etc / "master.cf", text=_master(layout)),
        *maps,
    ]


def _map(layout: Layout, secrets: Secrets, query: str, domain: str) -> str:
    database = layout.database
    if database.path:
        lines = {"dbpath": str(database.path)}
    else:
        lines = {
            "hosts": _server(database.host, database.port, database.user, database.name),
            "user": database.user,
            "password": secrets.database,
            "dbname": database.name,
        }
    if domain:
        lines["domain"] = domain
    return "".join(f"{name} = {value}\n" for name, value in (lines | {"query": query}).items())


def _server(host: str, port: int, user: str, name: str) -> str:
    """A socket's folder works with Postfix's own notation for port 5432 only, so it is given as a URI."""
    if host.startswith("/"):
        return f"postgresql:///{name}?host={host}&port={port}&user={user}"
    return f"inet:{host}:{port}"


def _table(layout: Layout) -> str:
    return f"{layout.database.kind}:{layout.etc}/postfix/maps"


def _main(layout: Layout) -> str:
    ports = layout.ports
    return fill(
        "main.cf",
        queue=layout.queue,
        data=layout.state / "postfix" if layout.private else "/var/lib/postfix",
        hostname=layout.hostname,
        maps=_table(layout),
        exit=EXIT,
        lmtp=ports.lmtp,
        quota_status=ports.quota_status,
        policy=ports.policy,
        milter=layout.milter,
        surroundings="\n".join(_surroundings(layout)),
    )


def _surroundings(layout: Layout) -> list[str]:
    """What differs between a host of its own and a private instance beside others."""
    tls = [
        f"smtpd_tls_cert_file = {layout.certificate}",
        f"smtpd_tls_key_file = {layout.key}",
        "smtpd_tls_security_level = may",
        "smtpd_tls_auth_only = yes",
    ]
    if not layout.private:
        return [
            "inet_interfaces = all",
            *tls,
            "smtp_tls_security_level = may",
            "smtpd_sasl_security_options = noanonymous",
        ]
    return [
        f"inet_interfaces = {LOOPBACK}",
        "inet_protocols = ipv4",
        # Nobody's servers are pestered, so what was put off is tried again soon.
        "queue_run_delay = 3s",
        "minimal_backoff_time = 3s",
        "maximal_backoff_time = 30s",
        f"maillog_file = {layout.log}/postfix.log",
        f"maillog_file_prefixes = {layout.log}",
        # No DNS: the C library would ask the host's resolver, never ours. Mail for others goes to one port.
        "smtpd_peername_lookup = no",
        "smtp_dns_support_level = disabled",
        "smtp_host_lookup = native",
        f"relayhost = [{LOOPBACK}]:{layout.ports.outside}",
        # Whoever may connect here may say XCLIENT, and so look like somebody from elsewhere.
        f"smtpd_authorized_xclient_hosts = {LOOPBACK}",
        "smtpd_client_connection_count_limit = 0",
        "smtpd_error_sleep_time = 0",
        "smtpd_hard_error_limit = 1000",
        # Who listens there comes and goes, and one mail in vain says nothing about the next.
        "default_destination_concurrency_failed_cohort_limit = 0",
        *(tls if layout.tls else ()),
    ]


def _master(layout: Layout) -> str:
    ports = layout.ports
    here = f"{LOOPBACK}:" if layout.private else ""
    return fill(
        "master.cf",
        mx=f"{here}{ports.smtp}",
        submission=f"{here}{ports.submission}",
        submission_tls="encrypt" if layout.tls else "none",
        submissions="" if layout.private else _submissions(),
        webmail_submission=ports.webmail_submission,
        reinjection=ports.reinjection,
        maps=_table(layout),
    )


def _submissions() -> str:
    """Port 465: submission with TLS from the first byte."""
    options = (
        "syslog_name=postfix/submissions",
        "smtpd_tls_wrappermode=yes",
        "smtpd_sasl_auth_enable=yes",
        "smtpd_sasl_service=smtp",
        "smtpd_relay_restrictions=permit_sasl_authenticated,reject",
        "smtpd_sender_restrictions=$postroom_sender",
        "smtpd_recipient_restrictions=$postroom_recipient",
        "smtpd_end_of_data_restrictions=$postroom_end_of_data",
        "milter_macro_daemon_name=ORIGINATING",
    )
    return "\n".join(["465 inet n - n - - smtpd", *(f"  -o {option}" for option in options)])


def folders(layout: Layout) -> None:
    """A private instance's queue, as Postfix' own package would make it."""
    for path in (layout.etc / "postfix", layout.etc / "postfix/maps", layout.queue, layout.queue / "pid"):
        folder(path)
    for name in _QUEUE_FOLDERS:
        folder(layout.queue / name, "postfix", mode=0o700)
    folder(layout.queue / "maildrop", "postfix", "postdrop", 0o1730)
    folder(layout.queue / "public", "postfix", "postdrop", 0o2710)
    folder(layout.state / "postfix", "postfix", mode=0o700)


def command(layout: Layout) -> list[str]:
    return [MASTER, "-c", str(layout.etc / "postfix"), "-d"]


def pid_file(layout: Layout) -> Path:
    return layout.queue / "pid" / "master.pid"
