"""A company with a domain and mailboxes, made and changed by Postroom's own actions; a real worker does the rest."""

import subprocess
import sys
import time

from postroom.actions import companies, domains, mailboxes
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from tests import cast

PASSWORD = cast.PASSWORD
"""Of every mailbox that is made here."""


class Hosting:
    """One domain of its own for one test, in a company of its own."""

    def __init__(self, stack, domain, *, trusted=True):
        self.stack, self.domain = stack, domain
        self.company = domain.removesuffix(".test")
        companies.create(OPERATOR, cast.origin(), self.company, trusted=trusted, catchall_allowed=True)
        self.domains = [domain]
        domains.change(OPERATOR, cast.origin(), domain, {"company": self.company}, create_only=True)

    def more_domain(self, name):
        """Another domain of the same company."""
        domains.change(OPERATOR, cast.origin(), name, {"company": self.company}, create_only=True)
        self.domains.append(name)
        return name

    def address(self, local_part):
        return local_part if "@" in local_part else f"{local_part}@{self.domain}"

    def mailbox(self, local_part="uma", **attributes):
        """Its address."""
        address = self.address(local_part)
        mailboxes.change(OPERATOR, cast.origin(), address, {"password": cast.HASH, **attributes}, create_only=True)
        return address

    def change(self, local_part, **attributes):
        mailboxes.change(OPERATOR, cast.origin(), self.address(local_part), attributes)

    def change_domain(self, name=None, **attributes):
        domains.change(OPERATOR, cast.origin(), name or self.domain, attributes)

    def change_company(self, **attributes):
        companies.change(OPERATOR, cast.origin(), self.company, attributes)


class Worker:
    """`postroom worker`, as in production; it tells the servers what tables cannot say."""

    def __init__(self, stack):
        self.stack, self._process = stack, None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(timeout=20)

    def start(self):
        with (self.stack.dir / "log" / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "postroom", "worker"]
            self._process = subprocess.Popen(command, env=self.stack.environment, stderr=log)

    def kill(self):
        """As a fault of memory would: it can give nothing back."""
        self._process.kill()
        self._process.wait(timeout=20)

    @property
    def is_dead(self):
        return self._process.poll() is not None


def soon(look, within=1.0):
    """A change is to be seen within a second: by the row at once, or by what the worker told the servers.

    The bound is generous on a busy machine (ten times); how long it took is returned in seconds.
    """
    began = time.monotonic()
    while not look():
        if time.monotonic() - began > 10 * within:
            raise AssertionError(f"not within {10 * within} seconds")
        time.sleep(0.02)
    return time.monotonic() - began


def await_keys(stack):
    """Until Redis is filled nothing goes out: the worker does it within seconds of a test that has emptied it."""
    driver = make("mailstack", {"dir": str(stack.dir)})
    soon(driver.is_filled, within=3)


def at_rest(stack):
    """Everything that Postfix took is delivered, refused or put off: what is not there by now will not come."""
    queue = stack.dir / "queue"
    # Twice, as one message may lead to the next between two looks.
    looks = [queue / name for name in ("incoming", "active", "incoming", "active")]
    soon(lambda: not any(entry for folder in looks for entry in folder.iterdir()), within=3)
