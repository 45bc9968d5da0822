"""A host with sshd on loopback, and an Open-Xchange in a folder of it."""

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from postroom.drivers.openxchange.driver import OpenXchange

SSHD = Path("/usr/sbin/sshd")
TOOLS = (
    "listcontext", "createcontext", "changecontext", "deletecontext", "listuser", "createuser", "changeuser",
    "deleteuser", "existsuser",
)  # fmt: skip
CONTEXT_PASSWORD = 'context\'s "pass" $(word)'
MASTER_PASSWORD = "-master `pass` word\\"
_HERE = Path(__file__).parent


class Host:
    """One sshd, for the user who runs the tests."""

    def __init__(self):
        if not SSHD.exists():
            pytest.skip("missing: apt-get install openssh-server")
        self.folder = Path(tempfile.mkdtemp(prefix="postroom-sshd-"))
        self.key, self.known_hosts = self.folder / "key", self.folder / "known_hosts"
        self.port = _free_port()
        for name in ("host_key", "key"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.folder / name]
            subprocess.run(command, check=True, timeout=20)
        public = (self.folder / "host_key.pub").read_text()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {public}")
        shutil.copy(self.folder / "key.pub", self.folder / "authorized_keys")
        (self.folder / "sshd_config").write_text(self._config())
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root insists on it
        self._log = self.folder / "sshd.log"
        self._process = self.start()

    def _config(self):
        return "\n".join([
            f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {self.folder}/host_key", "PidFile none",
            f"AuthorizedKeysFile {self.folder}/authorized_keys", "StrictModes no", "UsePAM no",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
            f"AllowUsers {getpass.getuser()}", "LogLevel VERBOSE", "PrintMotd no", "",
        ])  # fmt: skip

    def start(self):
        command = [SSHD, "-D", "-f", self.folder / "sshd_config", "-E", self._log]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self._process
            time.sleep(0.02)
        raise AssertionError(f"sshd does not listen: {self._log.read_text()}")

    def stop(self):
        self._process.terminate()
        self._process.wait(10)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sign_ins(self):
        """How often somebody was let in."""
        return self._log.read_text().count("Accepted publickey")

    @property
    def ssh(self):
        return {
            "host": "127.0.0.1", "port": self.port, "user": getpass.getuser(), "key": str(self.key),
            "known_hosts": str(self.known_hosts),
        }  # fmt: skip


def without_network(folder):
    """Settings and a directory for PATH with an `ssh` that runs the command here: thirty times as quick."""
    folder.mkdir()
    program = folder / "ssh"
    program.write_text('#!/bin/sh\nfor word; do test "$word" = -O && exit; done\nexec /bin/sh -c "$word"\n')
    program.chmod(0o755)
    return {"host": "ox.example", "user": "ox", "key": "/dev/null", "known_hosts": "/dev/null"}, folder


class Ox:
    """A simulated Open-Xchange: its tools and its state in a folder."""

    def __init__(self, ssh, folder):
        self.ssh, self.folder = ssh, folder
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "tool.py"
        program.write_text(f"#!{sys.executable} -IS\n{(_HERE / 'simulated_tools.py').read_text()}")
        program.chmod(0o755)
        for tool in TOOLS:
            (folder / tool).symlink_to(program)
        for name, password in (("master", MASTER_PASSWORD), ("context", CONTEXT_PASSWORD)):
            (folder / name).write_text(f"{password}\n")
        self.state = {
            "contexts": {}, "calls": [], "failures": {}, "master": ["oxadminmaster", MASTER_PASSWORD],
            "username_changeable": True,
        }  # fmt: skip

    @property
    def state(self):
        return json.loads((self.folder / "state.json").read_text())

    @state.setter
    def state(self, state):
        (self.folder / "state.json").write_text(json.dumps(state))

    def settings(self, **more):
        return {
            "ssh": self.ssh, "tools": str(self.folder),
            "master_admin": {"user": "oxadminmaster", "password_file": str(self.folder / "master")},
            "context_admin": {"user": "oxadmin", "password_file": str(self.folder / "context")},
            "rename_users": True, "moves": "anew",
            "dns": {"mx": ["mx.acme.example"], "resolver": "127.0.0.1:1", "authoritative": False, "seconds": 1},
            **more,
        }  # fmt: skip

    def driver(self, **more):
        return OpenXchange(self.settings(**more))

    def fail(self, tool, **how):
        """The next call of a tool. `done`: although it has done it all; `exit`, `message`, `seconds`, `output`."""
        state = self.state
        state["failures"].setdefault(tool, []).append(how)
        self.state = state

    def calls(self, tool=""):
        """The arguments of each call; of one tool without its name."""
        return [call[1:] if tool else call for call in self.state["calls"] if tool in ("", call[0])]

    def users(self, context="1"):
        """By address; without the administrator."""
        users = self.state["contexts"][context]["users"]
        return {user["email"]: user for id, user in users.items() if id != "2"}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
