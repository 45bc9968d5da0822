"""A town hall that brings its domain: by REST, over a real server, with a name server that the test changes."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http import HTTPStatus
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from postroom.actions import person_accounts
from postroom.core.dns.records import DnsRecord, zone_value
from postroom.core.roles import OPERATOR
from postroom.core.slugs import slug
from postroom.store.models import Domain, Job, Mailbox, OutgoingMail
from tests import cast
from tests.servers.clients import HOST, free_port, wait_for

PATIENCE = 40.0
"""Seconds, for what takes a few on a machine with nothing else to do."""
OFFICE = "Town-hall-with-9-doors"
"""Everybody's password at Postroom."""
PEOPLE = ("ann", "ben")


@contextmanager
def server(stack):
    """`postroom serve`; its address."""
    limits = dict.fromkeys(
        ("POSTROOM_REST_WRITES", "POSTROOM_REST_WRITES_OF_NETWORK", "POSTROOM_REST_ANONYMOUS"), "off"
    )
    port = free_port()
    command = [sys.executable, "-m", "postroom", "serve", "--port", str(port), "--workers", "1"]
    with (stack.dir / "log" / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=stack.environment | limits, stdout=log, stderr=log, start_new_session=True
        )
    try:
        url = f"http://{HOST}:{port}"
        wait_for(lambda: _answers(url), PATIENCE)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(url):
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return answer.status == HTTPStatus.OK
    except OSError:
        return False


class Browser:
    """Cookies, and nothing else of a person."""

    def __init__(self, url):
        self.url = url
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def ask(self, method, path, body=None):
        """(status, body); dicts are sent as JSON, strings as a form."""
        token = next((cookie.value for cookie in self._jar if cookie.name == "csrftoken"), "")
        headers = {"X-CSRFToken": token} if token else {}
        data = None
        if body is not None:
            is_form = isinstance(body, str)
            headers["Content-Type"] = "application/x-www-form-urlencoded" if is_form else "application/json"
            data = body.encode() if is_form else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()


class Person:
    """Somebody who signs in to Postroom by REST and does things there."""

    def __init__(self, url, email=""):
        """Without an address: somebody who does not sign in."""
        self.browser = Browser(url)
        if email:
            person_accounts.add(OPERATOR, cast.origin(), email, password=OFFICE)
            self.ok("POST", "sign-in/", {"email": email, "password": OFFICE})

    def ask(self, method, path, body=None):
        """(status, what JSON says)."""
        status, text = self.browser.ask(method, f"/api/v1.0/{path}", body)
        return status, json.loads(text) if text else None

    def ok(self, method, path, body=None):
        status, found = self.ask(method, path, body)
        assert HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES, (method, path, status, found)
        return found


class Town:
    """A domain, its owner Olga, and the name server that speaks for it."""

    def __init__(self, stack, world, url, name):
        self.stack, self.world, self.name = stack, world, name
        self.path = f"mail-domains/{slug(name)}/"
        self.support = f"support.{slug(name)}@home.example"
        self.url = url
        self.olga = Person(url, f"olga.{slug(name)}@home.example")
        world.zone(name)

    def address(self, local_part):
        return f"{local_part}@{self.name}"

    def home(self, local_part):
        """Their address elsewhere; nobody else in the shared database has it."""
        return f"{local_part}.{slug(self.name)}@home.example"

    # What Olga does

    def claim(self):
        return self.olga.ok("POST", "mail-domains/", {"name": self.name, "support_email": self.support})

    def add(self, local_part):
        names = {"first_name": local_part.title(), "last_name": "Miller", "local_part": local_part}
        return self.olga.ok("POST", f"{self.path}mailboxes/", {**names, "secondary_email": self.home(local_part)})

    def card(self):
        return self.olga.ok("GET", self.path)

    def status(self):
        return self.card()["status"]

    def mailbox(self, local_part):
        found = self.olga.ok("GET", f"{self.path}mailboxes/?q={local_part}")["results"]
        return next(one for one in found if one["local_part"] == local_part)

    def switch(self, local_part, verb):
        return self.olga.ok("POST", f"{self.path}mailboxes/{self.mailbox(local_part)['id']}/{verb}/")

    def fetch(self):
        return self.olga.ok("POST", f"{self.path}fetch/")

    def doctor(self):
        return self.olga.ok("GET", f"{self.path}dns/")

    def problems(self):
        """Required tests that failed, with their codes."""
        tests = self.doctor()["tests"]
        return {test["name"]: test["code"] for test in tests if not test["ok"] and test["severity"] == "required"}

    # What the world does

    def publish(self):
        """What the town's page says must be in DNS, word for word."""
        self.world.add(self.name, *(_line(record) for record in self.card()["expected_config"]))

    def move_away(self):
        """The MX record is gone."""
        self.world.drop(self.name, "@ MX")

    def come_back(self):
        self.world.add(self.name, *(_line(r) for r in self.card()["expected_config"] if r["type"] == "mx"))

    def await_check(self):
        wait_for(lambda: self.card()["checked_at"], PATIENCE)

    def scheduled_check(self):
        """Its hour has come; the moment of that."""
        now = int(time.time() * 1000)
        Domain.objects.filter(name=self.name).update(check_at=now)
        return now

    def await_status(self, status):
        wait_for(lambda: self.status() == status, PATIENCE)

    def await_welcomes(self, *people):
        wait_for(lambda: all(self.letters(self.home(name)) for name in people or PEOPLE), PATIENCE)

    def await_step(self):
        """The worker has told the servers all there is to tell."""
        waiting = Mailbox.objects.filter(domain__name=self.name, due_at__isnull=False)
        wait_for(lambda: not waiting.exists(), PATIENCE)

    def leases_end(self):
        """Those of a worker that was killed, which nobody wants to wait for. The moment of the next check."""
        for model, mine in ((Domain, {"name": self.name}), (Mailbox, {"domain__name": self.name}), (Job, {})):
            model.objects.filter(**mine, leased_until__isnull=False).update(leased_until=None)
        return self.scheduled_check()

    def await_work(self, since):
        """A worker has begun with the check that was due then."""
        wait_for(Domain.objects.filter(name=self.name).exclude(check_at=since).exists, PATIENCE)

    # What people read

    def letters(self, recipient):
        """Subjects, oldest first."""
        found = OutgoingMail.objects.filter(recipient=recipient).order_by("id")
        return list(found.values_list("subject", flat=True))

    def use_link(self, code, password):
        """By the page that the link opens."""
        browser = Browser(self.url)
        status, page = browser.ask("GET", f"/code/{code}/")
        assert status == HTTPStatus.OK, page
        form = urlencode({"password": password, "again": password})
        status, page = browser.ask("POST", f"/code/{code}/", form)
        assert status == HTTPStatus.OK and "Your password is set" in page, page


def _line(record):
    """Of a zone, from what REST shows."""
    return f"{record['target'] or '@'} {record['type'].upper()} {zone_value(DnsRecord(**record))}"
