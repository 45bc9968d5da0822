"""A change holds from the next recipient, sign-in or message on: no server is restarted or reloaded for it, and nobody
else's session ends. Some changes are felt by hundreds of mailboxes."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from postroom.actions import domain_keys
from postroom.core.roles import OPERATOR
from postroom.drivers.mailstack import processes
from postroom.store.models import MailLogin
from tests import cast
from tests.proofs import proves
from tests.servers.clients import await_mail, deliver, fetch, imap, message, submit
from tests.servers.hosting import PASSWORD, at_rest, soon
from tests.servers.letters import code
from tests.servers.test_story_passwords import NEW, is_told, opens, reads

CROWD = 300
LAST = f"m{CROWD - 1}"
FRIEND = "friend@elsewhere.example"
MEGABYTE = 1_048_576
RELOADED = re.compile(r"reload|SIGHUP|rereading|restarting", re.IGNORECASE)


@dataclass
class Crowd:
    """A company with a large domain and a small one; two sessions that nothing here should end."""

    host: Any
    small: str
    noop: Any
    idle: Any
    servers: set[tuple[str, int]]
    log_sizes: dict[Any, int]

    @property
    def last(self):
        return self.host.address(LAST)

    def is_undisturbed(self):
        """No server began anew, none read its configuration anew, the session lives."""
        assert running(self.host.stack) == self.servers
        assert not [line for line in self._new_log_lines() if RELOADED.search(line)]
        assert self.noop.noop()[0] == "OK"
        return True

    def _new_log_lines(self):
        for path, size in self.log_sizes.items():
            yield from path.read_bytes()[size:].decode(errors="replace").splitlines()


def running(stack):
    return {(p.name, p.pid) for p in processes.recorded(stack.dir / "run") if p.alive}


@pytest.fixture(scope="module")
def kept():
    """What the tests share, and what is to be closed behind the last of them."""
    found = {}
    yield found
    for close in found.pop("closing", ()):
        close(None, None, None)


@pytest.fixture
def crowd(host, kept):
    if "crowd" not in kept:
        kept["crowd"] = made(host, kept)
    return kept["crowd"]


def made(host, kept):
    small = host.more_domain(f"small.{host.domain}")
    for number in range(CROWD):
        host.mailbox(f"m{number}")
    host.mailbox(f"uma@{small}")
    for name in ("noop", "idle"):
        host.mailbox(name)
    soon(lambda: all(is_told(host.address(name)) for name in (LAST, "noop", "idle")), within=6)
    sessions = [imap(host.stack, host.address(name), PASSWORD) for name in ("noop", "idle")]
    noop, idle = [session.__enter__() for session in sessions]
    kept["closing"] = [session.__exit__ for session in sessions]
    idle.select()
    idle.send(b"i1 IDLE\r\n")
    assert idle.readline().startswith(b"+")
    logs = [path for path in (host.stack.dir / "log").rglob("*.*") if path.is_file()]
    return Crowd(host, small, noop, idle, running(host.stack), {path: path.stat().st_size for path in logs})


def folder_of(crowd, score, sender=FRIEND):
    """Where the next message with that score comes to lie."""
    known = {name: len(fetch(crowd.host.stack, crowd.last, PASSWORD, name)) for name in ("INBOX", "Spam", "Caught")}
    deliver(crowd.host.stack, crowd.last, message(sender, crowd.last, x_test_score=score), sender=sender)
    at_rest(crowd.host.stack)
    [grown] = [n for n, count in known.items() if len(fetch(crowd.host.stack, crowd.last, PASSWORD, n)) > count]
    return grown


def everybody(crowd, **columns):
    """Do the servers read this of every mailbox of the large domain?"""
    ids = MailLogin.objects.filter(login=crowd.last).values("domain_id")
    return MailLogin.objects.filter(domain_id__in=ids).exclude(**columns).count() == 0


# One domain


@proves("aliases")
def test_01_a_name_for_a_domain(crowd):
    alias = f"alias.{crowd.host.domain}"
    before = code(crowd.host, f"{LAST}@{alias}")
    crowd.host.change_domain(aliases=[alias])
    soon(lambda: code(crowd.host, f"{LAST}@{alias}") == 250)
    assert before != 250 and crowd.is_undisturbed()


@proves("catchall")
def test_02_a_catch_all(crowd):
    before = code(crowd.host, "nobody")
    crowd.host.change_domain(catchall=LAST)
    soon(lambda: code(crowd.host, "nobody") == 250)
    assert before == 550 and crowd.is_undisturbed()


@proves("spamfolder")
def test_03_a_domain_s_folder_for_spam(crowd):
    before = folder_of(crowd, 9)
    crowd.host.change_domain(spamfolder="Caught")
    soon(lambda: folder_of(crowd, 9) == "Caught")
    soon(lambda: everybody(crowd, spam_folder="Caught"))
    assert before == "Spam" and crowd.is_undisturbed()


@proves("quota_maximum")
def test_04_a_domain_s_largest_quota(crowd):
    before = code(crowd.host, LAST, size=5 * MEGABYTE)
    crowd.host.change_domain(quota_maximum=1)
    soon(lambda: code(crowd.host, LAST, size=5 * MEGABYTE) == 552)
    soon(lambda: everybody(crowd, quota=MEGABYTE))
    assert before == 250 and crowd.is_undisturbed()


@proves("block")
def test_05_a_domain_s_block_list(crowd):
    before = folder_of(crowd, 0, "salesman@shop.example")
    crowd.host.change_domain(block=["*@shop.example"])
    soon(lambda: folder_of(crowd, 0, "salesman@shop.example") != "INBOX")
    assert before == "INBOX" and crowd.is_undisturbed()


@proves("dkim_key")
def test_06_a_signing_key(crowd, outside):
    domain_keys.make(OPERATOR, cast.origin(), crowd.host.domain, "s1", 1024)

    def is_signed():
        before = len(outside.received)
        assert submit(crowd.host.stack, crowd.last, PASSWORD, FRIEND).code == 250
        return outside.await_mail(before + 1)[before][2]["DKIM-Signature"]

    soon(is_signed)
    assert crowd.is_undisturbed()


@proves("disabled")
def test_07_switching_a_domain_off_and_on(crowd):
    uma, seen = f"uma@{crowd.small}", []
    for disabled in (True, False):
        crowd.host.change_domain(crowd.small, disabled=disabled)
        seen.append((code(crowd.host, uma), opens(crowd.host, uma, PASSWORD)))
    assert seen == [(550, (False, False)), (250, (True, True))]
    assert crowd.is_undisturbed()


# A company with hundreds of mailboxes


@proves("spamlevel")
def test_08_a_company_s_level(crowd):
    before = folder_of(crowd, 3)
    crowd.host.change_company(spamlevel="Very High")
    soon(lambda: folder_of(crowd, 3) != "INBOX")
    soon(lambda: everybody(crowd, stars="**"))
    assert before == "INBOX" and crowd.is_undisturbed()


@proves("smtp_sent_limit")
def test_09_a_company_s_limit(crowd, outside):
    before = submit(crowd.host.stack, crowd.last, PASSWORD, FRIEND).code
    crowd.host.change_company(smtp_sent_limit=0)
    soon(lambda: submit(crowd.host.stack, crowd.last, PASSWORD, FRIEND).code == 550)
    soon(lambda: everybody(crowd, sent_limit=0))
    assert before == 250 and crowd.is_undisturbed()


@proves("regen_passwords", "default_password_encoding")
def test_10_how_a_company_s_passwords_are_stored(crowd):
    crowd.host.change_company(regen_passwords=True, default_password_encoding="SSHA384")
    soon(lambda: everybody(crowd, rehash_to="POSTROOM-SSHA384"))
    assert reads(crowd.host, crowd.last, PASSWORD)
    assert MailLogin.objects.get(login=crowd.last).hashes == "{POSTROOM-SSHA384}"
    assert reads(crowd.host, crowd.last, PASSWORD) and crowd.is_undisturbed()


# One mailbox


@proves("account")
def test_11_an_account(crowd):
    newcomer = f"newcomer@{crowd.small}"
    before = code(crowd.host, newcomer)
    crowd.host.mailbox(newcomer)
    assert (before, code(crowd.host, newcomer)) == (550, 250)
    assert opens(crowd.host, newcomer, PASSWORD) == (True, True)
    assert crowd.is_undisturbed()


@proves("password", "aliases", "service_imap4")
def test_12_password_name_and_service_of_one_mailbox(crowd):
    one = crowd.host.address("m1")
    crowd.host.change("m1", password=NEW, aliases=["sales"])
    assert opens(crowd.host, one, NEW) == (True, True)
    assert opens(crowd.host, one, PASSWORD) == (False, False)
    assert code(crowd.host, "sales") == 250
    crowd.host.change("m1", service_imap4="suspended")
    assert opens(crowd.host, one, NEW) == (False, True)
    assert crowd.is_undisturbed()


@proves("delivery_forward", "delivery_autoresponder")
def test_13_forwards_and_answers_of_one_mailbox(crowd, outside):
    host = crowd.host
    host.change(
        "m2", delivery_forward=True, forward_recipients=["elsewhere@other.example"],
        delivery_autoresponder=True, autoresponder="I am at the sea.",
    )  # fmt: skip
    deliver(host.stack, host.address("m2"), message(FRIEND, host.address("m2")), sender=FRIEND)
    outside.await_mail(2)
    to = {recipient for _, recipients, _ in outside.received for recipient in recipients}
    assert to == {FRIEND, "elsewhere@other.example"}
    assert crowd.is_undisturbed()


def test_14_a_session_that_has_waited_all_the_while_hears_of_mail(crowd):
    host = crowd.host
    deliver(host.stack, host.address("idle"), message(FRIEND, host.address("idle")))
    await_mail(host.stack, host.address("idle"), PASSWORD)
    heard = crowd.idle.readline()
    while b"EXISTS" not in heard:
        assert heard.startswith(b"*")
        heard = crowd.idle.readline()
    assert crowd.is_undisturbed()
