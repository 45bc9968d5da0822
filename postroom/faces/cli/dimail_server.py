"""The server of FAKE mode: Django's own for developers, in threads of one process. Unlike the real one it can end a
connection without an answer."""

import logging
import socket
from typing import Any
from wsgiref.types import WSGIApplication

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from postroom.faces.dimail_fake.door import DROP, HEALTH

log = logging.getLogger("postroom.dimail")


class Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True  # head and body of an answer leave one after the other, and nobody waits

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[DROP] = self.drop
        return environ

    def drop(self) -> None:
        """End the connection. What is written from now on reaches nobody."""
        self.close_connection = True
        connection: Any = self.connection  # a socket, whatever the stubs say
        connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        if getattr(self, "path", "") != HEALTH:  # asked every few seconds
            log.info("%s", format % args)


class Server(ThreadedWSGIServer):
    request_queue_size = 128

    @property
    def url(self) -> str:
        host, port = self.socket.getsockname()[:2]
        return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 -- compared, not bound


def bound(address: str, port: int, application: WSGIApplication) -> Server:
    """Port 0: any free one. Raises OSError."""
    server = Server((address, port), Handler)
    server.set_app(application)
    return server
