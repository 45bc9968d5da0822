"""A mail server of somebody else: a private Dovecot with users in a file, which needs no rights."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CHROOTS = ("imap-login", "pop3-login", "anvil", "ipc", "stats", "imap-urlauth-login")
CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/state
listen = 127.0.0.1
protocols = imap pop3
ssl = yes
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
log_path = {dir}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/mail
mail_max_userip_connections = 100
mail_plugins = quota
plugin {{
  quota = count:User quota
  quota_vsizes = yes
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {dir}/users
}}
userdb {{
  driver = passwd-file
  args = {dir}/users
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap4}
  }}
  inet_listener imaps {{
    port = {imap4s}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def certificate(folder: Path) -> None:
    """For localhost, signed by itself: trusted by who has it in SSL_CERT_FILE."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


class Foreign:
    def __init__(self, folder: Path, ports: dict[str, int], identity: dict) -> None:
        self.folder, self.ports, self._identity = folder, ports, identity
        self._process: subprocess.Popen | None = None
        self._clients: list[imaplib.IMAP4] = []

    def user(self, login: str, password: str, quota: str = "") -> None:
        extra = f"userdb_quota_rule=*:bytes={quota}" if quota else ""
        with (self.folder / "users").open("a") as users:
            users.write(f"{login}:{password}:::: {self.folder}/{login}::{extra}\n".replace(":::: ", "::::"))

    def start(self) -> None:
        with (self.folder / "err").open("w") as errors:
            self._process = subprocess.Popen(
                [DOVECOT, "-F", "-c", self.folder / "dovecot.conf"], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, **self._identity,
            )  # fmt: skip
        until = time.monotonic() + 15
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.ports["imap4"]), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=15)
            self._process = None

    def log(self) -> str:
        return "\n".join(p.read_text() for name in ("err", "log") if (p := self.folder / name).exists())

    def imap(self, login: str, password: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.ports["imap4"])
        self._clients.append(client)
        client.login(login, password)
        return client

    def leave(self) -> None:
        """Close what `imap` opened."""
        while self._clients:
            self._clients.pop().shutdown()


@contextmanager
def running(*, separator: str = ".", prefix: str = "INBOX."):
    folder = Path(tempfile.mkdtemp(prefix="postroom-foreign-"))
    who = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    identity = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    ports = {name: free_port() for name in ("imap4", "imap4s", "pop3", "pop3s")}
    config = CONFIG.format(
        dir=folder,
        user=who.pw_name,
        group=grp.getgrgid(who.pw_gid).gr_name,
        separator=separator,
        prefix=prefix,
        **ports,
    )
    config += "".join(f"service {name} {{\n  chroot =\n}}\n" for name in CHROOTS)
    (folder / "dovecot.conf").write_text(config)
    (folder / "users").touch()
    certificate(folder)
    for path in (folder, *folder.iterdir()):
        os.chown(path, who.pw_uid, who.pw_gid)
    server = Foreign(folder, ports, identity)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
