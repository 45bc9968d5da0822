"""One stack of real mail servers for the tests of this folder, started as `postroom mail up` starts it.

Its database is real too, a file of SQLite or a fresh database of the PostgreSQL in use, and everything written there
is committed: what a test changes, the servers see. Tests share it, so each uses domains of its own (`unique`).
"""

import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from redis import Redis

from postroom.drivers.mailstack import instance, packages, processes
from tests.servers import hosting
from tests.servers.clients import Sink

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items):
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.servers)


class Stack:
    """What mail.json says, and how to run Postroom's own commands against the same database."""

    def __init__(self, dir, name, environment):
        self.dir = dir
        self.database = name
        self.environment = environment

    @property
    def facts(self):
        return json.loads((self.dir / "mail.json").read_text())

    @property
    def ports(self):
        return self.facts["ports"]

    def postroom(self, *arguments):
        """`postroom …` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "postroom", *arguments],
            env=self.environment, check=False, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def up(self, *options):
        done = self.postroom("mail", "up", "--dir", str(self.dir), "--test-scores", *options)
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()

    def down(self):
        return processes.stop(self.dir / "run")

    @contextmanager
    def without(self, name):
        """One of its processes is gone for the time of the block."""
        assert processes.stop(self.dir / "run", name) == [name]
        try:
            yield
        finally:
            self.up()

    def logs(self):
        """The end of each, for a test that has failed."""
        found = sorted((self.dir / "log").rglob("*.*"))
        return "\n".join(f"== {path}\n{path.read_text()[-2000:]}" for path in found if path.is_file())


@pytest.fixture(scope="session")
def stack(django_db_setup, django_db_blocker):
    if os.geteuid() != 0:
        pytest.skip("Postfix and Dovecot are started by root only")
    if missing := packages.missing():
        pytest.skip(f"missing: {' '.join(packages.install_command(missing))}")
    dir = Path(tempfile.mkdtemp(prefix="postroom-servers-"))
    dir.chmod(0o711)
    try:
        with _database(dir) as (name, url):
            stack = Stack(dir, name, _environment(dir, url))
            try:
                stack.up("--port", str(instance.free_base()))
                yield stack
            finally:
                stack.down()
    finally:
        if os.environ.get("KEEP_LOGS"):
            shutil.copytree(dir / "log", os.environ["KEEP_LOGS"], dirs_exist_ok=True)
        shutil.rmtree(dir, ignore_errors=True)


def _environment(dir, url):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}
    return kept | {
        "DATABASE_URL": url,
        "POSTROOM_DIR": str(dir / "data"),
        "POSTROOM_SECRET_KEY": settings.SECRET_KEY,
        "POSTROOM_LOG_LEVEL": "WARNING",
    }


@contextmanager
def _database(dir):
    """Name and URL of one that exists for the time of the block."""
    if settings.IS_SQLITE:
        (dir / "data").mkdir(mode=0o711)
        path = dir / "data" / "postroom.sqlite3"
        yield str(path), f"sqlite:///{quote(str(path))}"
        return
    name = f"servers_{secrets.token_hex(4)}"
    given = connection.settings_dict
    server = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    account = quote(server["user"]) + (f":{quote(server['password'])}" if server["password"] else "")
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as cluster:
        cluster.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield name, f"postgresql://{account}@{server['host']}:{server['port']}/{name}"
        finally:
            cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            cluster.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_mail")))


@contextmanager
def _connected_to(name):
    """This process's connections (new threads' too) lead there. The tests' own database may live in its connection."""
    kept, kept_name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, name
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = kept, kept_name


@pytest.fixture
def live(stack, django_db_blocker):
    """The stack, with actions and models of the test working in its database, committing as they go."""
    with django_db_blocker.unblock(), _connected_to(stack.database):
        yield stack


@pytest.fixture
def redis(live):
    """As the worker leaves it: filled, so that mail may go out. Empty again at the end."""
    client = Redis(
        port=live.ports["redis"], password=Path(live.facts["secrets"]["redis"]).read_text(), decode_responses=True
    )
    client.set("postroom:filled", "1")
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def unique():
    """A domain name that no other test has."""
    return f"d{os.getpid()}-{next(_numbers)}.test"


@pytest.fixture
def outside(stack):
    """The server to which mail for everybody else goes. What waits for it from earlier tests is thrown away."""
    configuration = stack.facts["paths"]["postfix_conf"]
    command = ["/usr/sbin/postsuper", "-c", configuration, "-d", "ALL", "deferred"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with Sink(stack.ports["outside"]) as sink:
        yield sink


@pytest.fixture(scope="session")
def worker(stack):
    """Postroom's own worker, for the time of the session: it fills Redis and tells the servers what tables cannot."""
    with hosting.Worker(stack) as worker:
        yield worker


@pytest.fixture
def host(live, worker, unique):
    """A company with a domain; what the test changes is changed by actions."""
    hosting.await_keys(live)
    return hosting.Hosting(live, unique)
