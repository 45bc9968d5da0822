"""What the simulated platform can be told about the checks of domains."""

import sqlite3
from collections.abc import Mapping

from postroom.core import errors
from postroom.core.records import DomainRecord
from postroom.drivers.fake import checks, objects
from postroom.drivers.fake.command import Command, Reply, Text


class SetCheck(Command, frozen=True):
    """Let one test of a domain fail, or be ok again. The domain need not exist yet.

    Without a detail a usual one is told, in the reader's language; the codes are those of docs/dns.md. Those that begin
    with dns_ mean that the test could not be made.
    """

    domain: Text
    test: Text
    ok: bool
    detail: str = ""
    code: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        _check_test(self.test, "test")
        domain = self.domain.lower()
        connection.execute("DELETE FROM checks WHERE domain = ? AND test = ?", (domain, self.test))
        connection.execute("DELETE FROM passes WHERE domain = ? AND test = ?", (domain, self.test))
        if self.ok:
            checks.let_pass(connection, domain, (self.test,))
        else:
            checks.tell(connection, domain, self.test, self.code, self.detail)
        return {"domain": domain, "failing": failing(connection, domain)}


class SetFix(Command, frozen=True):
    """Say what the repair of a domain does: end the failures of the platform's own tests (which it does untold) or not,
    and let another test fail from then on."""

    domain: Text
    repairs: bool = True
    breaks: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        if self.breaks:
            _check_test(self.breaks, "breaks")
        row = (self.domain.lower(), self.repairs, self.breaks)
        connection.execute("INSERT OR REPLACE INTO fixes VALUES (?, ?, ?)", row)
        return {"domain": row[0], "repairs": self.repairs, "breaks": self.breaks}


class ClearChecks(Command, frozen=True):
    """Let all tests be ok again, of one domain or of all; of all: new domains pass them too."""

    domain: str = ""

    def run(self, connection: sqlite3.Connection) -> Reply:
        domain = self.domain.lower()
        done = connection.execute("DELETE FROM checks WHERE ?1 IN ('', domain)", (domain,))
        if domain:
            checks.let_pass(connection, domain, tuple(checks.INTERNAL))
        else:
            connection.execute("DELETE FROM new_domains")
            connection.execute("DELETE FROM passes")
        return {"cleared": done.rowcount}


class NewDomains(Command, frozen=True):
    """Let these tests fail for every domain whose control has to be proved, until they are told to be ok for it (by
    set_check or clear_checks). Each with a code of docs/dns-findings.md, or an empty text for its usual one."""

    failing: Mapping[str, str]

    def run(self, connection: sqlite3.Connection) -> Reply:
        for test in self.failing:
            _check_test(test, "failing")
        connection.execute("DELETE FROM new_domains")
        for test, code in self.failing.items():
            connection.execute("INSERT INTO new_domains VALUES (?, ?)", (test, code or checks.usual_code(test)))
        return {"failing": dict(connection.execute("SELECT test, code FROM new_domains ORDER BY test").fetchall())}


def failing(connection: sqlite3.Connection, domain: str) -> dict[str, str]:
    """Test → what is wrong, of those that fail because it was said of this domain."""
    record = objects.domain(connection, domain) or DomainRecord(key=0, name=domain, active=False, settings={})
    told = {test for (test,) in connection.execute("SELECT test FROM checks WHERE domain = ?", (domain,))}
    report = checks.check(connection, checks.expectations(record, ""))
    return {test.name: test.detail for test in report.failed if test.name in told}


def _check_test(test: str, field: str) -> None:
    if test not in checks.INTERNAL:
        raise errors.BadRequest(hints={field: f"must be one of {', '.join(checks.INTERNAL)}"})
