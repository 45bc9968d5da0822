"""What opens a mailbox: passwords in every encoding, app passwords, login tokens; and what ends a session."""

import base64
import contextlib
import imaplib
import re
import smtplib
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import low_level as argon2

from postroom.actions import app_passwords, stored_mail, tokens
from postroom.actions.tokens import TokenWish
from postroom.core.catalogue.secret_kinds import MADE_HERE
from postroom.core.passwords import schemes
from postroom.core.roles import OPERATOR
from postroom.drivers.mailstack import dovecot, layout
from postroom.drivers.mailstack.processes import is_open
from postroom.store.models import Mailbox, SignInAttempt, Token
from tests import cast
from tests.core.test_password_schemes import MADE_ELSEWHERE, PLAIN, PUBLISHED
from tests.proofs import proves
from tests.servers.clients import ManageSieve, deliver, imap, pop3
from tests.servers.dovecot_alone import free_ports
from tests.servers.hosting import PASSWORD, soon

NEW = "Another-horse-9"


def reads(host, login, password, port="imap"):
    """Does the password open IMAP?"""
    try:
        with imap(host.stack, login, password, port):
            return True
    except imaplib.IMAP4.error:
        return False


def sends(host, login, password, port="submission"):
    """Does it open submission? Asked once, where smtplib's `login` would try another way."""
    secret = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
    with smtplib.SMTP("127.0.0.1", host.stack.ports[port], timeout=60) as smtp:
        smtp.ehlo("laptop.example")
        return smtp.docmd("AUTH", f"PLAIN {secret}")[0] == 235


def together(*asked):
    """What each call gives; a refusal takes half a second, so they wait for it at the same time."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return tuple(future.result() for future in [pool.submit(*call) for call in asked])


def opens(host, login, password):
    """IMAP, submission."""
    return together((reads, host, login, password), (sends, host, login, password))


BOTH, NEITHER = (True, True), (False, False)


@contextlib.contextmanager
def signed_in(host, login, password=PASSWORD, port="imap"):
    """A session, and whether it is still alive."""
    with imap(host.stack, login, password, port) as session:

        def alive():
            try:
                return session.noop()[0] == "OK"
            except (imaplib.IMAP4.abort, OSError):
                return False

        soon(lambda: is_told(login))
        yield alive


def is_told(address):
    """The worker has told the servers all there is to tell about the mailbox."""
    return Mailbox.objects.filter(address=address, deleted_at=None, due_at=None).exclude(applied_name="").exists()


def stored(address):
    return Mailbox.objects.get(address=address, deleted_at=None).password


def app_password(address, tag="telephone"):
    return app_passwords.add(OPERATOR, cast.origin(), address, tag)


def token(address, **wish):
    return tokens.create(OPERATOR, cast.origin(), address, TokenWish(**{"seconds": 60, "reason": "test", **wish}))


# The password


@proves("account", "password")
@pytest.mark.parametrize("form", ["uma@{}", "UMA@{}", "sales@{}", "uma@alias.{}"])
def test_01_an_account_is_opened_by_each_of_its_names(host, form):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    host.mailbox("uma", aliases=["sales"])
    assert opens(host, form.format(host.domain), PASSWORD) == BOTH


@proves("account")
def test_02_an_account_is_known_to_postfix_and_to_dovecot_as_soon_as_it_is_there(host):
    before = deliver(host.stack, f"uma@{host.domain}").code
    uma = host.mailbox("uma")
    assert (before, deliver(host.stack, uma).code, reads(host, uma, PASSWORD)) == (550, 250, True)


@proves("password")
def test_03_a_new_password_opens_and_the_old_one_does_no_more(host):
    uma = host.mailbox("uma")
    assert opens(host, uma, PASSWORD) == BOTH
    host.change("uma", password=NEW)
    assert (opens(host, uma, NEW), opens(host, uma, PASSWORD)) == (BOTH, NEITHER)


@proves("password")
def test_04_a_new_password_ends_live_sessions(host):
    uma, max_ = host.mailbox("uma"), host.mailbox("max")
    with signed_in(host, uma) as uma_lives, signed_in(host, max_) as max_lives:
        host.change("uma", password=NEW)
        soon(lambda: not uma_lives())
        assert max_lives()


@proves("password")
def test_05_other_changes_leave_sessions_alone(host):
    uma = host.mailbox("uma")
    with signed_in(host, uma) as lives:
        host.change("uma", name="Uma Thornton", aliases=["sales"], quota=10**9)
        soon(lambda: is_told(uma))
        assert lives()


# Encodings


@proves("default_password_encoding")
@pytest.mark.parametrize("encoding", MADE_HERE)
def test_06_passwords_open_in_every_encoding(host, encoding):
    host.change_domain(default_password_encoding=encoding)
    uma = host.mailbox("uma", password=NEW)
    assert schemes.scheme_of(stored(uma)) == encoding
    assert (opens(host, uma, NEW), opens(host, uma, "Wrong-1")) == (BOTH, NEITHER)


@proves("default_password_encoding")
def test_07_a_company_s_encoding_holds_where_the_domain_has_none(host):
    host.change_company(default_password_encoding="SSHA384")
    uma = host.mailbox("uma", password=NEW)
    assert schemes.scheme_of(stored(uma)) == "SSHA384"
    assert reads(host, uma, NEW)


@proves("password")
@pytest.mark.parametrize("hash", MADE_ELSEWHERE, ids=lambda hash: hash[:24])
def test_08_a_hash_made_elsewhere_is_opened_by_its_password(host, hash):
    uma = host.mailbox("uma", password=hash)
    assert opens(host, uma, PLAIN) == BOTH


@proves("password")
@pytest.mark.parametrize(("plain", "hash"), PUBLISHED, ids=lambda text: text[:16])
def test_09_a_published_hash_is_opened_by_its_password(host, plain, hash):
    uma = host.mailbox("uma", password=hash)
    assert opens(host, uma, plain) == BOTH


@proves("password")
def test_10_a_hash_that_takes_much_memory_is_opened_by_its_password(host):
    quarter_of_a_gigabyte = 262_144
    hash = argon2.hash_secret(NEW.encode(), b"somesalt", 1, quarter_of_a_gigabyte, 1, 32, argon2.Type.ID).decode()
    uma = host.mailbox("uma", password=f"{{ARGON2ID}}{hash}")
    assert reads(host, uma, NEW)


@proves("password")
def test_11_a_password_may_have_any_letters_that_its_hash_was_made_of(host):
    strange = 'ü "\\ %u {x} €'
    for encoding in ("SSHA512", "SSHA384"):
        uma = host.mailbox(encoding.lower(), password=schemes.encode(strange, encoding))
        assert sends(host, uma, strange)


@proves("password")
def test_12_without_the_helper_s_word_a_wrong_password_is_wrong(host):
    uma = host.mailbox("uma", password=schemes.encode(NEW, "SSHA384"))
    assert opens(host, uma, "x" * 20) == NEITHER


# regen_passwords

OLD_HASH = next(hash for hash, name in MADE_ELSEWHERE.items() if name == "MD5-CRYPT")


@proves("regen_passwords")
@pytest.mark.parametrize("door", [reads, sends])
@pytest.mark.parametrize("encoding", MADE_HERE)
def test_13_a_password_is_stored_anew_at_the_next_sign_in(host, door, encoding):
    host.change_domain(regen_passwords=True, default_password_encoding=encoding)
    uma = host.mailbox("uma", password=OLD_HASH)
    assert door(host, uma, PLAIN)
    assert schemes.scheme_of(stored(uma)) == encoding
    assert door(host, uma, PLAIN)


@proves("regen_passwords")
def test_14_it_is_stored_anew_from_an_encoding_that_dovecot_lacks(host):
    uma = host.mailbox("uma", password=schemes.encode(NEW, "SSHA384"))
    host.change_domain(regen_passwords=True, default_password_encoding="SSHA512")
    soon(lambda: reads(host, uma, NEW) and schemes.scheme_of(stored(uma)) == "SSHA512")
    assert opens(host, uma, NEW) == BOTH


@proves("regen_passwords")
@pytest.mark.parametrize("door", [reads, sends])
def test_15_a_wrong_password_is_not_stored(host, door):
    host.change_domain(regen_passwords=True)
    uma = host.mailbox("uma")
    assert not door(host, uma, NEW)
    assert stored(uma) == cast.HASH


@proves("regen_passwords")
def test_16_without_it_the_hash_stays(host):
    uma = host.mailbox("uma")
    assert opens(host, uma, PASSWORD) == BOTH
    assert stored(uma) == cast.HASH


@proves("regen_passwords")
def test_17_storing_it_anew_ends_no_session(host):
    host.change_domain(regen_passwords=True)
    uma = host.mailbox("uma")
    with signed_in(host, uma) as lives:
        assert schemes.scheme_of(stored(uma)) == "BCRYPT"
        soon(lambda: is_told(uma))
        assert lives()


@proves("regen_passwords")
def test_18_a_company_s_word_reaches_mailboxes_that_are_there(host):
    uma = host.mailbox("uma")
    host.change_company(regen_passwords=True, default_password_encoding="SSHA512")
    soon(lambda: reads(host, uma, PASSWORD) and schemes.scheme_of(stored(uma)) == "SSHA512")


# App passwords


@proves("password")
def test_19_app_passwords_take_the_place_of_the_password_in_mail_programs(host):
    uma = host.mailbox("uma")
    phone, tablet = app_password(uma, "phone"), app_password(uma, "tablet")
    assert [opens(host, uma, secret) for secret in (phone, tablet, PASSWORD)] == [BOTH, BOTH, NEITHER]


@proves("password")
def test_20_an_app_password_opens_pop3_and_managesieve_too(host):
    uma = host.mailbox("uma")
    phone = app_password(uma)
    with pop3(host.stack, uma, phone), ManageSieve(host.stack, uma, phone):
        pass


@proves("password")
def test_21_webmail_goes_on_with_the_password(host):
    uma = host.mailbox("uma")
    phone = app_password(uma)
    for secret, opened in ((PASSWORD, BOTH), (phone, NEITHER)):
        doors = (reads, host, uma, secret, "imap_webmail"), (sends, host, uma, secret, "webmail_submission")
        assert together(*doors) == opened


@proves("password")
def test_22_when_the_last_app_password_is_gone_the_password_is_back(host):
    uma = host.mailbox("uma")
    phone = app_password(uma)
    app_passwords.remove(OPERATOR, cast.origin(), uma, "telephone")
    assert (opens(host, uma, PASSWORD), opens(host, uma, phone)) == (BOTH, NEITHER)


@proves("password")
def test_23_a_session_that_an_app_password_began_ends_with_it(host):
    uma = host.mailbox("uma")
    phone = app_password(uma)
    with signed_in(host, uma, phone) as lives:
        app_passwords.remove(OPERATOR, cast.origin(), uma, "telephone")
        soon(lambda: not lives())


@proves("password")
def test_24_the_first_app_password_ends_sessions_that_the_password_began(host):
    uma = host.mailbox("uma")
    with signed_in(host, uma) as lives:
        app_password(uma)
        soon(lambda: not lives())


@proves("password")
def test_25_one_more_app_password_ends_none(host):
    uma = host.mailbox("uma")
    with signed_in(host, uma, app_password(uma)) as lives:
        app_password(uma, "tablet")
        soon(lambda: is_told(uma))
        assert lives()


@proves("regen_passwords")
def test_26_an_app_password_is_not_stored_as_the_password(host):
    host.change_domain(regen_passwords=True)
    uma = host.mailbox("uma")
    assert opens(host, uma, app_password(uma)) == BOTH
    assert stored(uma) == cast.HASH


# Login tokens


@proves("password")
def test_27_a_session_token_opens_any_number_of_times(host):
    uma = host.mailbox("uma")
    text = token(uma)
    assert [opens(host, uma, text) for _ in range(2)] == [BOTH, BOTH]
    assert reads(host, uma, text, "imap_webmail")


@proves("password")
@pytest.mark.parametrize("door", [reads, sends])
def test_28_a_token_for_one_sign_in_opens_once(host, door):
    uma = host.mailbox("uma")
    text = token(uma, kind="sso")
    assert [door(host, uma, text) for _ in range(2)] == [True, False]


@proves("password")
def test_29_a_token_for_the_api_opens_no_mail(host):
    uma = host.mailbox("uma")
    assert opens(host, uma, token(uma, kind="oma")) == NEITHER


@proves("password")
def test_30_a_token_that_has_expired_opens_nothing(host):
    uma = host.mailbox("uma")
    text = token(uma)
    Token.objects.update(expires_at=int(time.time() * 1000) - 1)
    assert opens(host, uma, text) == NEITHER


@proves("password")
def test_31_beside_a_token_the_password_stays_good(host):
    uma = host.mailbox("uma")
    token(uma)
    assert opens(host, uma, PASSWORD) == BOTH


@proves("password")
def test_32_a_token_opens_beside_app_passwords_and_hashes_that_dovecot_lacks(host):
    uma, max_ = host.mailbox("uma"), host.mailbox("max", password=schemes.encode(NEW, "SSHA224"))
    app_password(uma)
    assert opens(host, uma, token(uma)) == BOTH
    assert opens(host, max_, token(max_)) == BOTH


@proves("password")
def test_33_a_new_password_ends_tokens(host):
    uma = host.mailbox("uma")
    text = token(uma)
    host.change("uma", password=NEW)
    assert opens(host, uma, text) == NEITHER


# Logging out, and guessing


def test_34_logging_somebody_out_ends_live_sessions_of_that_account(host):
    uma, max_ = host.mailbox("uma"), host.mailbox("max")
    with (
        signed_in(host, uma) as uma_lives,
        signed_in(host, uma, port="imap_webmail") as webmail_lives,
        signed_in(host, max_) as max_lives,
    ):
        stored_mail.end_sessions(OPERATOR, cast.origin(), uma)
        soon(lambda: not uma_lives() and not webmail_lives())
        assert max_lives()
    assert reads(host, uma, PASSWORD)


def failures(login):
    return sum(SignInAttempt.objects.filter(key=f"account:{login}").values_list("failures", flat=True))


@proves("password")
def test_35_who_guesses_at_tokens_has_to_wait_even_with_a_good_one(host):
    uma = host.mailbox("uma")
    text = token(uma)
    together(*((sends, host, uma, f"guess-at-a-token-{number}") for number in range(6)))
    assert failures(uma) == 6
    assert (sends(host, uma, text), sends(host, uma, PASSWORD)) == (False, True)


@proves("password")
def test_36_who_guesses_at_a_hash_that_dovecot_lacks_has_to_wait(host):
    uma = host.mailbox("uma", password=schemes.encode(NEW, "SSHA384"))
    together(*((sends, host, uma, f"Guess-{number}") for number in range(6)))
    assert (failures(uma), sends(host, uma, NEW)) == (6, False)
    SignInAttempt.objects.filter(key=f"account:{uma}").update(last_at=0)
    assert (sends(host, uma, NEW), failures(uma)) == (True, 0)


@pytest.fixture
def strict_dovecot(live):
    """Another Dovecot with our configuration, and with the penalty for guessing that private instances do without."""
    folder = live.dir / "strict"
    (folder / "private").mkdir(parents=True)
    paths = live.facts["paths"]
    text = Path(paths["dovecot_conf"]).read_text()
    off = dovecot._penalty(layout.private(folder, 20_000, layout.Database(path=folder)))
    assert off in text
    text = (
        text.replace(off, "").replace(paths["queue"], str(folder)).replace(f"{paths['run']}/dovecot", f"{folder}/run")
    )
    ports = dict(zip(live.ports.values(), free_ports(len(live.ports)), strict=True))
    text = re.sub(r"port = (\d+)", lambda found: f"port = {ports.get(int(found[1]), 0)}", text)
    config = folder / "dovecot.conf"
    config.write_text(text.replace(f"{paths['log']}/dovecot.log", f"{folder}/log"))
    with subprocess.Popen([dovecot.PROGRAM, "-F", "-c", str(config)]) as process:
        try:
            soon(lambda: is_open(ports[live.ports["imap"]]), within=2)
            yield config, ports[live.ports["imap"]]
        finally:
            process.terminate()


@proves("password")
def test_37_who_guesses_at_passwords_is_made_to_wait_by_dovecot(host, strict_dovecot):
    config, port = strict_dovecot
    uma = host.mailbox("uma")
    with imaplib.IMAP4("127.0.0.1", port, timeout=60) as session, pytest.raises(imaplib.IMAP4.error):
        session.login(uma, "Wrong-1")
    listed = subprocess.run(
        ["doveadm", "-c", str(config), "penalty"], capture_output=True, text=True, timeout=20, check=True
    )
    assert listed.stdout.splitlines()[1].split()[:2] == ["127.0.0.1", "1"]
