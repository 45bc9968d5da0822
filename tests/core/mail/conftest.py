"""Scripts are compiled and run by the real Pigeonhole, without a server."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

_NOBODY = 65534  # sieve-test does not run as root
_CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
mail_location = maildir:{home}/Maildir
hostname = mx.example
postmaster_address = postmaster@mx.example
recipient_delimiter = +
log_path = /dev/stderr
ssl = no
stats_writer_socket_path =
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
plugin {{
  sieve_extensions = +editheader +vacation-seconds
  sieve_vacation_min_period = 0
  sieve_vacation_dont_check_recipient = yes
}}
"""


@dataclass(frozen=True)
class Delivered:
    kept: dict[str, list[bytes]]
    """Messages by folder, as they were stored; INBOX is ""."""
    keywords: set[str]
    sent: dict[str, Message]
    """What left, by recipient."""
    log: str


@dataclass(frozen=True)
class Pigeonhole:
    home: Path

    def compile(self, script: str) -> str:
        """What sievec has to complain about."""
        path = self._write("compiled.sieve", script.encode())
        command = ["sievec", "-c", str(self.home / "dovecot.conf"), str(path), str(self.home / "compiled.svbin")]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stderr.decode() if done.returncode or done.stderr else ""

    def deliver(
        self, message: bytes, *scripts: str, sender: str = "joe@elsewhere.example", to: str = "uma@example.com"
    ) -> Delivered:
        store = self.home / "Maildir"
        shutil.rmtree(store, ignore_errors=True)
        done = self._run(message, scripts, "-e", "-f", sender, "-r", to)
        assert "final result: success" in done.stderr.decode(), done.stderr.decode()
        recipients = re.findall(r"^RECIPIENT: (.*)$", done.stdout.decode(errors="replace"), re.MULTILINE)
        messages = re.sub(rb"\n*^RECIPIENT: .*", b"\n", done.stdout, flags=re.MULTILINE | re.DOTALL)
        sent = [message_from_bytes(part) for part in re.split(rb"^(?=X-Sieve: Pig)", messages, flags=re.MULTILINE)[1:]]
        assert len(recipients) == len(sent)
        return Delivered(*_stored(store), dict(zip(recipients, sent, strict=True)), done.stderr.decode())

    def plan(self, message: bytes, *scripts: str, sender: str) -> str:
        """What Pigeonhole says that it would do."""
        done = self._run(message, scripts, "-f", sender, "-r", "uma@example.com")
        assert not done.returncode, done.stderr.decode()
        return done.stdout.decode()

    def _run(self, message: bytes, scripts: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[bytes]:
        names = [f"{number}.sieve" for number in range(len(scripts))]
        for name, script in zip(names, scripts, strict=True):
            self._write(name, script.encode())
        self._write("message", message)
        before = [part for name in names[:-1] for part in ("-s", name)]
        command = ["sieve-test", "-C", "-c", "dovecot.conf", *options, *before, names[-1], "message"]
        return subprocess.run(
            command, cwd=self.home, capture_output=True, check=False
        )  # -s opens no script by its path

    def _write(self, name: str, content: bytes) -> Path:
        path = self.home / name
        path.write_bytes(content)
        path.chmod(0o644)
        return path


def _stored(store: Path) -> tuple[dict[str, list[bytes]], set[str]]:
    kept: dict[str, list[bytes]] = {}
    keywords: set[str] = set()
    for path in sorted(store.glob("**/*")):
        if path.parent.name in ("new", "cur") and path.is_file():
            kept.setdefault(path.parent.parent.relative_to(store).name.lstrip("."), []).append(path.read_bytes())
        if path.name == "dovecot-keywords":
            keywords.update(line.split()[1] for line in path.read_text().splitlines())
    return kept, keywords


@pytest.fixture(scope="session")
def pigeonhole() -> Iterator[Pigeonhole]:
    if not (shutil.which("sievec") and shutil.which("sieve-test")):
        pytest.skip("Pigeonhole is not installed: apt package dovecot-sieve")
    with tempfile.TemporaryDirectory() as made:  # pytest's own folders are closed to the user that sieve-test becomes
        home = Path(made)
        uid, gid = os.getuid() or _NOBODY, os.getgid() or _NOBODY
        (home / "dovecot.conf").write_text(_CONFIG.format(home=home, uid=uid, gid=gid))
        if not os.getuid():
            os.chown(home, uid, gid)
        yield Pigeonhole(home)
