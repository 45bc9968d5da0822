"""A Dovecot of its own below a temporary folder: IMAP, LMTP and doveadm over HTTP for a file of users."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

KEY = "only-for-tests"
USERS = ("uma@acme.com", "max@acme.com", "eve@elsewhere.example")
_OWNER = 5000

_CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/state
instance_name = postroom-test-{imap}
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
auth_cache_size = 1M
log_path = {dir}/log
mail_uid = {owner}
mail_gid = {owner}
first_valid_uid = {owner}
mail_home = {dir}/mail/%u
mail_location = sdbox:~/mail
mail_plugins = quota lazy_expunge
doveadm_api_key = {key}
namespace inbox {{
  inbox = yes
  separator = /
}}
namespace expunged {{
  prefix = .EXPUNGED/
  separator = /
  hidden = yes
  list = no
  subscriptions = no
  location = sdbox:~/expunged
  mailbox * {{
    autoexpunge = 14 days
  }}
}}
plugin {{
  lazy_expunge = .EXPUNGED/
  lazy_expunge_only_last_instance = yes
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:bytes=1M
  quota_rule2 = .EXPUNGED/*:ignore
  sieve = file:~/sieve;active=~/active.sieve
  sieve_extensions = +editheader +vacation-seconds
}}
passdb {{
  driver = passwd-file
  args = {dir}/users
}}
userdb {{
  driver = passwd-file
  args = {dir}/users
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service doveadm {{
  inet_listener http {{
    port = {doveadm}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service ipc {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def is_installed() -> bool:
    return os.geteuid() == 0 and shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin") is not None


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class DovecotAlone:
    def __init__(self, dir: Path) -> None:
        self.dir = dir
        self.imap, self.doveadm = free_ports(2)
        self.config = dir / "dovecot.conf"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for folder in ("run", "state", "mail"):
            (self.dir / folder).mkdir(exist_ok=True)
        self.dir.chmod(0o755)  # Dovecot's other accounts walk through it
        os.chown(self.dir / "mail", _OWNER, _OWNER)
        (self.dir / "users").write_text("".join(f"{user}:{{PLAIN}}secret::::::\n" for user in USERS))
        facts = {"dir": self.dir, "imap": self.imap, "doveadm": self.doveadm, "owner": _OWNER, "key": KEY}
        self.config.write_text(_CONFIG.format(**facts))
        dovecot = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin")
        self._process = subprocess.Popen([str(dovecot), "-F", "-c", str(self.config)], stdin=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 20
        for port in (self.imap, self.doveadm):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < until, (self.dir / "log").read_text()
                    time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(15)
            self._process = None

    def empty(self, user: str) -> None:
        shutil.rmtree(self.dir / "mail" / user, ignore_errors=True)
