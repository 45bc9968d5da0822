"""Unbound, for private instances only: the names of a small world that tests make up. Others use the system's."""

from typing import Final

from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import Layout

PROGRAM: Final = "/usr/sbin/unbound"


def files(layout: Layout) -> list[File]:
    if not layout.private:
        return []
    text = fill(
        "unbound.conf",
        port=layout.ports.resolver,
        dir=layout.etc / "unbound",
        log=layout.log / "unbound.log",
        socket=layout.run / "resolver.sock",
    )
    return [File(path=layout.etc / "unbound/unbound.conf", text=text)]


def folders(layout: Layout) -> None:
    folder(layout.etc / "unbound")


def command(layout: Layout) -> list[str]:
    return [PROGRAM, "-d", "-c", str(layout.etc / "unbound/unbound.conf")]


def control(layout: Layout, *words: str) -> list[str]:
    """To add a name: control(layout, "local_data", "mx.example. A 192.0.2.1")."""
    return ["/usr/sbin/unbound-control", "-c", str(layout.etc / "unbound/unbound.conf"), *words]
