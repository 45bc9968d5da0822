"""Outgoing mail is signed; dkimpy, which has nothing to do with what signs, verifies it against our resolver."""

import email.policy
import smtplib
import subprocess
from contextlib import suppress
from pathlib import Path

import dkim
import dns.message
import dns.query
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redis import Redis

from postroom.actions import domain_keys
from postroom.core import dkim as ours
from postroom.core.roles import OPERATOR
from tests import cast
from tests.proofs import proves
from tests.servers import clients
from tests.servers.clients import HOST, deliver, message
from tests.servers.hosting import PASSWORD, Hosting, soon

FRIEND = "friend@elsewhere.example"
UNBOUND = "/usr/sbin/unbound-control"


class Receiver:
    """Takes what comes out and verifies it."""

    def __init__(self, host, sink):
        self.host, self.sink = host, sink

    def publish(self, zone_line):
        """A record in the DNS that receivers see."""
        name, _, strings = zone_line.partition(" IN TXT ")
        resolver = Path(self.host.stack.facts["paths"]["etc"], "unbound/unbound.conf")
        command = [UNBOUND, "-c", str(resolver), "local_data", name, "TXT", strings.strip("() ")]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)

    def txt(self, name, timeout=5):
        name = name.decode() if isinstance(name, bytes) else name
        question = dns.message.make_query(name, "TXT")
        answer, _ = dns.query.udp_with_fallback(question, HOST, 5, self.host.stack.ports["resolver"])
        return b"".join(answer.answer[0][0].strings) if answer.answer else None

    def next(self, act):
        """The message that comes out when `act` is done."""
        before = len(self.sink.received)
        act()
        return self.sink.await_mail(before + 1)[before][2]

    def signed_by(self, mail, index=0):
        """(domain, selector) of a good signature, "bad", or None where there is none."""
        signatures = mail.get_all("DKIM-Signature") or []
        if not signatures:
            return None
        raw = mail.as_bytes(policy=email.policy.SMTP.clone(refold_source="none"))
        good = dkim.DKIM(raw).verify(idx=index, dnsfunc=self.txt)
        tags = dict(part.strip().split("=", 1) for part in str(signatures[index]).split(";") if "=" in part)
        return (tags["d"], tags["s"]) if good else "bad"


@pytest.fixture
def receiver(host, outside):
    return Receiver(host, outside)


@pytest.fixture
def uma(host):
    return host.mailbox("uma")


def submit(host, login, *, author=None, envelope=None):
    content = message(author or login, FRIEND)
    with smtplib.SMTP(HOST, host.stack.ports["submission"], timeout=60) as smtp:
        smtp.ehlo("laptop.example")
        smtp.login(login, PASSWORD)
        smtp.mail(login if envelope is None else envelope)
        smtp.rcpt(FRIEND)
        code, reply = smtp.data(content.as_bytes(policy=email.policy.SMTP))
        if code != 250:
            raise smtplib.SMTPDataError(code, reply)


def signature(receiver, host, login, **how):
    return receiver.signed_by(receiver.next(lambda: submit(host, login, **how)))


def make(receiver, host, selector, bits=1024):
    """A key by Postroom, published as it says."""
    key = domain_keys.make(OPERATOR, cast.origin(), host.domain, selector, bits)
    receiver.publish(key.zone_line)
    return key


def is_signed(receiver, host, login, expected, **how):
    soon(lambda: signature_if_taken(receiver, host, login, **how) == expected)
    return True


def signature_if_taken(receiver, host, login, **how):
    """A message that comes at the very moment at which a key is put or changed is put off."""
    with suppress(smtplib.SMTPDataError):
        return signature(receiver, host, login, **how)
    return "put off"


@proves("dkim_key", "dkim_selector")
@pytest.mark.parametrize("bits", [1024, 2048, 4096])
def test_01_signatures_of_keys_that_postroom_made_can_be_verified(host, uma, receiver, bits):
    make(receiver, host, "s1", bits)
    assert is_signed(receiver, host, uma, (host.domain, "s1"))


@proves("dkim_key", "dkim_selector")
@pytest.mark.parametrize("bits", [1024, 2048, 4096])
@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8], ids=["PKCS 1", "PKCS 8"])
def test_02_so_can_those_of_keys_that_were_brought(host, uma, receiver, bits, form):
    pem = rsa.generate_private_key(65_537, bits).private_bytes(Encoding.PEM, form, NoEncryption()).decode()
    host.change_domain(dkim_selector="brought", dkim_key=pem)
    receiver.publish(ours.zone_line(host.domain, "brought", pem))
    assert is_signed(receiver, host, uma, (host.domain, "brought"))


@proves("dkim_key")
def test_03_a_changed_message_is_no_longer_good(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    mail = receiver.next(lambda: submit(host, uma))
    mail.replace_header("Subject", "Something else")
    assert receiver.signed_by(mail) == "bad"


@proves("dkim_key", "dkim_selector")
def test_04_every_signature_is_good_while_a_key_is_changed(host, uma, receiver):
    make(receiver, host, "old")
    is_signed(receiver, host, uma, (host.domain, "old"))
    before = receiver.next(lambda: submit(host, uma))
    make(receiver, host, "new")
    seen = set()
    soon(lambda: seen.add(signature_if_taken(receiver, host, uma)) or (host.domain, "new") in seen)
    assert seen <= {(host.domain, "old"), (host.domain, "new"), "put off"}
    assert receiver.signed_by(before) == (host.domain, "old")


@proves("dkim_key", "dkim_selector")
def test_05_without_a_key_mail_is_not_signed(host, uma, receiver):
    assert signature(receiver, host, uma) is None


@proves("dkim_key", "dkim_selector")
def test_06_a_key_that_is_taken_away_signs_no_more(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    host.change_domain(dkim_selector=None, dkim_key=None)
    assert is_signed(receiver, host, uma, None)


@proves("dkim_key", "wm_domainalias")
def test_07_mail_in_the_name_of_an_alias_domain_is_signed_by_that(host, uma, receiver):
    alias = f"alias.{host.domain}"
    host.change_domain(aliases=[alias], wm_domainalias=True)
    key = make(receiver, host, "s1")
    receiver.publish(key.zone_line.replace(host.domain, alias))
    sender = f"uma@{alias}"
    assert is_signed(receiver, host, uma, (alias, "s1"), author=sender, envelope=sender)


@proves("dkim_key")
def test_08_who_takes_over_an_alias_domain_does_not_get_its_key(host, uma, receiver):
    alias = f"alias.{host.domain}"
    host.change_domain(aliases=[alias])
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    host.change_domain(aliases=[])
    other = Hosting(host.stack, alias)
    assert is_signed(receiver, other, other.mailbox("max"), None)


@pytest.fixture
def victim(host, receiver):
    """Another customer's address, whose domain has a key."""
    other = Hosting(host.stack, f"victim.{host.domain}")
    max_ = other.mailbox("max")
    key = domain_keys.make(OPERATOR, cast.origin(), other.domain, "s1", 1024)
    receiver.publish(key.zone_line)
    is_signed(receiver, other, max_, (other.domain, "s1"))
    return max_


@proves("dkim_key")
@pytest.mark.parametrize("envelope", [None, ""], ids=["own envelope", "empty envelope"])
def test_09_nobody_else_gets_a_domain_s_signature(host, uma, receiver, victim, envelope):
    assert signature(receiver, host, uma, author=victim, envelope=envelope) is None


@proves("dkim_key")
def test_10_a_receipt_with_an_empty_envelope_is_signed(host, uma, receiver):
    make(receiver, host, "s1")
    assert is_signed(receiver, host, uma, (host.domain, "s1"), envelope="")


@proves("dkim_key")
@pytest.mark.parametrize("envelope", ["remote@elsewhere.example", "", "victim"])
def test_11_a_forgery_that_is_forwarded_gets_no_signature(host, receiver, victim, envelope):
    wes = host.mailbox("wes", delivery_forward=True, forward_recipients=[FRIEND])
    sender = victim if envelope == "victim" else envelope
    mail = receiver.next(lambda: deliver(host.stack, wes, message(victim, wes), sender=sender))
    assert (mail["From"], receiver.signed_by(mail)) == (victim, None)


@proves("dkim_key", "delivery_forward")
def test_12_a_signature_survives_being_forwarded(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    wes = host.mailbox("wes", delivery_forward=True, forward_recipients=[FRIEND])
    mail = receiver.next(lambda: submit_to(host, uma, wes))
    assert receiver.signed_by(mail) == (host.domain, "s1")


def submit_to(host, login, recipient):
    with smtplib.SMTP(HOST, host.stack.ports["submission"], timeout=60) as smtp:
        smtp.ehlo("laptop.example")
        smtp.login(login, PASSWORD)
        smtp.send_message(message(login, recipient), login, [recipient])


@proves("dkim_key", "delivery_autoresponder")
def test_13_an_automatic_answer_is_signed(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    host.change("uma", delivery_autoresponder=True, autoresponder="I am at the sea.")
    mail = receiver.next(lambda: deliver(host.stack, uma, message(FRIEND, uma), sender=FRIEND))
    assert ("sea" in mail.get_content(), receiver.signed_by(mail)) == (True, (host.domain, "s1"))


@proves("dkim_key")
def test_14_webmail_s_mail_is_signed(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))

    def by_webmail():
        with smtplib.SMTP(HOST, host.stack.ports["webmail_submission"], timeout=60) as smtp:
            smtp.ehlo("webmail.example")
            smtp.login(uma, PASSWORD)
            smtp.send_message(message(uma, FRIEND), uma, [FRIEND])

    assert receiver.signed_by(receiver.next(by_webmail)) == (host.domain, "s1")


@proves("dkim_key")
def test_15_incoming_mail_is_not_signed(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    wes = host.mailbox("wes", delivery_forward=True, forward_recipients=[FRIEND])
    mail = receiver.next(lambda: deliver(host.stack, wes, message(uma, wes), sender=uma))
    assert mail["DKIM-Signature"] is None


@proves("dkim_key")
def test_16_mail_waits_rather_than_go_out_unsigned_where_there_is_a_key(host, uma, receiver, request):
    make(receiver, host, "s1")
    assert is_signed(receiver, host, uma, (host.domain, "s1"))
    redis = Redis(port=host.stack.ports["redis"], password=Path(host.stack.facts["secrets"]["redis"]).read_text())
    key = f"s1.{host.domain}"
    kept = redis.hget("DKIM_KEYS", key)
    redis.hdel("DKIM_KEYS", key)
    request.addfinalizer(lambda: redis.hset("DKIM_KEYS", key, kept))
    assert clients.submit(host.stack, uma, PASSWORD, FRIEND).code == 451


@proves("dkim_key")
def test_17_however_from_is_written_mail_is_not_held_back(host, uma, receiver):
    make(receiver, host, "s1")
    is_signed(receiver, host, uma, (host.domain, "s1"))
    authors = (f"Uma <{uma.upper()}>", f"{uma}, max@{host.domain}", f"{uma}, {FRIEND}")
    signed = [signature_if_taken(receiver, host, uma, author=author) for author in authors]
    assert signed == [(host.domain, "s1"), (host.domain, "s1"), None]
