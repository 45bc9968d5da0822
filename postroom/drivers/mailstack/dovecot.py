"""Dovecot: its configuration, the queries it asks, the script that verifies passwords, the Sieve script on spam."""

from pathlib import Path
from typing import Final

from postroom.drivers.mailstack import queries
from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import EXIT, LOOPBACK, Layout, Secrets

PROGRAM: Final = "/usr/sbin/dovecot"


def files(layout: Layout, secrets: Secrets) -> list[File]:
    etc = layout.etc / "dovecot"
    connect = _connect(layout, secrets)
    sieve_dict = fill("sieve-dict.conf", connect=connect)
    lua = fill("passdb.lua", helper=layout.ports.helper, secret=secrets.helper)
    key = f"doveadm_api_key = {secrets.doveadm}\n"
    return [
        File(path=etc / "dovecot.conf", text=_conf(layout, secrets), mode=0o600),  # passwords
        File(path=etc / "doveadm-key.conf", text=key, mode=0o600),
        File(path=etc / "sql.conf", text=_sql(layout, connect), group="dovecot", mode=0o640),
        *_short_questions(layout, connect),
        File(path=etc / "sieve-dict.conf", text=sieve_dict, group="dovecot", mode=0o640),
        File(path=etc / "passdb.lua", text=lua, group="dovecot", mode=0o640),
        File(path=spam_script(layout), text=fill("spam.sieve")),
    ]


def spam_script(layout: Layout) -> Path:
    return layout.etc / "dovecot/sieve/spam.sieve"


def _connect(layout: Layout, secrets: Secrets) -> str:
    database = layout.database
    if database.path:
        return str(database.path)
    server = f"host={database.host} port={database.port} dbname={database.name}"
    return f"{server} user={database.user} password={secrets.database}"


def _sql(layout: Layout, connect: str) -> str:
    lines = {
        "driver": layout.database.kind,
        "connect": connect,
        "password_query": queries.password_query(str(layout.mail), layout.ports.imap_webmail),
        "user_query": queries.user_query(str(layout.mail), str(layout.bindirs), str(spam_script(layout))),
        "iterate_query": queries.ITERATE,
    }
    return "".join(f"{name} = {value}\n" for name, value in lines.items())


def _short_questions(layout: Layout, connect: str) -> list[File]:
    """Where they find nothing, sql.conf has the whole one."""
    mail, function = str(layout.mail), layout.database.kind == "pgsql"
    asked = {
        "sql-ordinary.conf": queries.ordinary_user_query(mail, str(spam_script(layout)), function=function),
        "sql-room.conf": queries.room_query(mail, function=function),
    }
    start = f"driver = {layout.database.kind}\nconnect = {connect}\n"
    return [
        File(path=layout.etc / "dovecot" / name, text=f"{start}user_query = {query}\n", group="dovecot", mode=0o640)
        for name, query in asked.items()
    ]


def _conf(layout: Layout, secrets: Secrets) -> str:
    ports = layout.ports
    implicit = not layout.private  # the ports on which TLS begins with the first byte
    return fill(
        "dovecot.conf",
        run=layout.run / "dovecot" if layout.private else layout.run,
        state=layout.state / "dovecot" if layout.private else "/var/lib/dovecot",
        etc=layout.etc / "dovecot",
        instance=f"postroom-{ports.smtp}",
        listen=LOOPBACK if layout.private else "*, ::",
        hostname=layout.hostname,
        surroundings="\n".join(_surroundings(layout)),
        kind=layout.database.kind,
        mail_uid=layout.mail_uid,
        redis_password=secrets.redis,
        helper_secret=secrets.helper,
        exit=EXIT,
        queue=layout.queue,
        penalty=_penalty(layout),
        lmtp_processes=2,
        imaps=993 if implicit else 0,
        pop3s=995 if implicit else 0,
        implicit_tls="yes" if implicit else "no",
        **{
            name: getattr(ports, name)
            for name in (
                "imap", "imap_webmail", "pop3", "sieve", "lmtp", "quota_status", "doveadm", "redis", "reinjection",
                "helper",
            )
        },
    )  # fmt: skip


def _surroundings(layout: Layout) -> list[str]:
    lines = ["ssl = no", "disable_plaintext_auth = no"]
    if layout.tls:
        lines = [
            f"ssl = {'yes' if layout.private else 'required'}",
            f"ssl_cert = <{layout.certificate}",
            f"ssl_key = <{layout.key}",
            f"disable_plaintext_auth = {'no' if layout.private else 'yes'}",
        ]
    if layout.private:
        lines += [f"log_path = {layout.log}/dovecot.log", "auth_failure_delay = 0"]
    return lines


def _penalty(layout: Layout) -> str:
    """Production makes those who guess wait longer and longer; tests guess wrong all the time."""
    return "  unix_listener anvil-auth-penalty {\n    mode = 0\n  }" if layout.private else ""


def folders(layout: Layout) -> None:
    for path in (layout.etc / "dovecot", layout.etc / "dovecot/sieve"):
        folder(path)
    if layout.private:
        folder(layout.run / "dovecot")
        folder(layout.state / "dovecot")
    for path in (layout.mail, layout.bindirs):
        folder(path, layout.mail_uid, layout.mail_uid, 0o700)


def command(layout: Layout) -> list[str]:
    return [PROGRAM, "-F", "-c", str(layout.etc / "dovecot/dovecot.conf")]


def compile_command(layout: Layout) -> list[str]:
    """Deliveries could not write the compiled script beside the text, so it is compiled at once."""
    return [
        "/usr/bin/sievec", "-c", str(layout.etc / "dovecot/dovecot.conf"),
        "-x", "+editheader +vnd.dovecot.environment", str(spam_script(layout)),
    ]  # fmt: skip
