"""Redis: holds what Rspamd needs a message, and when who signed in last."""

from typing import Final

from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import Layout, Secrets

PROGRAM: Final = "/usr/bin/redis-server"


def files(layout: Layout, secrets: Secrets) -> list[File]:
    text = fill(
        "redis.conf",
        port=layout.ports.redis,
        password=secrets.redis,
        dir=layout.state / "redis" if layout.private else "/var/lib/redis",
        log=f'logfile "{layout.log}/redis.log"' if layout.private else "syslog-enabled yes",
    )
    return [File(path=layout.etc / "redis/redis.conf", text=text, group="redis", mode=0o640)]


def folders(layout: Layout) -> None:
    folder(layout.etc / "redis")
    folder(layout.state / "redis", "redis", "redis", 0o700)


def command(layout: Layout) -> list[str]:
    return [PROGRAM, str(layout.etc / "redis/redis.conf")]
