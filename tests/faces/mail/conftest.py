"""The mail servers' questions over real sockets, to a server that runs in a thread of the test."""

import asyncio
import contextlib
import socket
import threading

import pytest

from postroom.actions import setup
from postroom.faces.mail.server import Server
from tests import cast
from tests.threads import shared_database

SECRET = "a-secret-among-servers"
PATIENCE = 20  # seconds, after which a test that hangs fails


@contextlib.contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as made, made.makefile("rwb") as file:
        yield file


@contextlib.contextmanager
def running():
    """The two ports."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def do(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(PATIENCE)

    async def make():
        return Server(SECRET)

    try:
        server = do(make())
        ports = do(server.start(0, 0))
        try:
            yield ports
        finally:
            do(server.stop())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


@pytest.fixture
def shared(tmp_path):
    """Acme on servers of our own."""
    with shared_database(tmp_path):
        setup.add_platform(cast.origin(), "here", "mailstack", {})
        cast.acme()
        yield


@pytest.fixture
def ports(shared):
    with running() as ports:
        yield ports
