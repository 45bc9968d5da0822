"""The way to the host: OpenSSH's own client, whose first connection carries the sessions of all that follow."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from postroom.drivers.contract import TemporaryFailure
from postroom.drivers.openxchange import shell
from postroom.drivers.openxchange.settings import Ssh

_AT_ONCE: Final = 8  # sessions; sshd allows ten a connection unless told otherwise
_CONNECT: Final = 5
_IDLE: Final = 60
_SOMEBODY_MUST_ACT: Final = 300.0
_SOON: Final = 10.0
_OPTIONS: Final = (
    "BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "UpdateHostKeys=no",
    "VerifyHostKeyDNS=no", "CheckHostIP=no", "IdentitiesOnly=yes", "IdentityAgent=none",
    "PreferredAuthentications=publickey", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
    "PermitLocalCommand=no", "RequestTTY=no", "LogLevel=ERROR", "EscapeChar=none", "ConnectionAttempts=1",
    f"ConnectTimeout={_CONNECT}", "ServerAliveInterval=3", "ServerAliveCountMax=2", "ControlMaster=auto",
    f"ControlPersist={_IDLE}",
)  # fmt: skip


class Deadline:
    """When a call of the driver has to be over, whatever it consists of."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds. Raises TemporaryFailure where nothing is left to begin something with."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TemporaryFailure("Open-Xchange was too slow: not all could be done in one go", retry_in=1)
        return left


class Said(msgspec.Struct, frozen=True):
    """What a command said."""

    status: int
    output: str
    errors: str


class Connection:
    """Shared by threads. It is opened by the first command, and again when it was lost."""

    def __init__(self, ssh: Ssh) -> None:
        self._ssh = ssh
        self._sessions = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._folder: Path | None = None

    def run(self, argv: Sequence[str], environment: Mapping[str, str], deadline: Deadline) -> Said:
        """Raises TemporaryFailure where the host, or the answer's end, did not come in time."""
        mark = f"postroom-{secrets.token_hex(8)}"
        given = shell.script(argv, environment, mark)
        if not self._sessions.acquire(timeout=deadline.left()):
            deadline.left()
        try:
            output, errors, code = self._session(given, deadline)
        finally:
            self._sessions.release()
        answer = shell.answer(output, mark)
        if answer is None:
            raise self._lost(errors, code)
        return Said(answer.status, answer.output, errors)

    def close(self) -> None:
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            self._control("exit", folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _session(self, given: bytes, deadline: Deadline) -> tuple[bytes, str, int]:
        """(output, what went wrong, exit code)"""
        folder = self._control_folder()
        # A file: the shared connection outlives this session, and could hold a pipe open.
        with tempfile.TemporaryFile() as errors:
            process = self._start(folder, errors)
            try:
                output, _ = process.communicate(given, timeout=deadline.left())
            except (subprocess.TimeoutExpired, TemporaryFailure):
                self._give_up(process, folder)
                raise TemporaryFailure(
                    f"{self._ssh.host} gave no answer in time; the command may run on there", retry_in=_SOON
                ) from None
            return output, _text(errors), process.returncode

    def _start(self, folder: Path, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603
                [*self._command(folder), "-T", "--", self._ssh.host, shell.LOGIN_COMMAND],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
                env=_environment(),
            )  # fmt: skip
        except OSError as error:
            reason = f"ssh cannot be started here ({error.strerror}): is openssh-client installed?"
            raise TemporaryFailure(reason, retry_in=_SOMEBODY_MUST_ACT) from error

    def _give_up(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        """The others' sessions may go on; who comes next begins with a new connection."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self._control("stop", folder)

    def _control(self, what: str, folder: Path) -> None:
        command = [*self._command(folder), "-O", what, "--", self._ssh.host]
        with suppress(subprocess.TimeoutExpired, OSError):
            subprocess.run(  # noqa: S603
                command, check=False, timeout=2, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=_environment(),
            )  # fmt: skip

    def _command(self, folder: Path) -> list[str]:
        ssh = self._ssh
        own = (f"UserKnownHostsFile={ssh.known_hosts}", f"ControlPath={folder}/s")
        options = [word for option in (*_OPTIONS, *own) for word in ("-o", option)]
        return ["ssh", "-F", "none", *options, "-i", ssh.key, "-p", str(ssh.port), "-l", ssh.user]

    def _control_folder(self) -> Path:
        """A directory of nobody else's, by a short name: a socket's may have 107 characters."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="postroom-ox-", dir="/tmp"))
            return self._folder

    def _lost(self, errors: str, code: int) -> TemporaryFailure:
        """Never permanent: it is nobody's mailbox that is wrong."""
        host = self._ssh.host
        if "Host key verification failed" in errors or "HOST IDENTIFICATION" in errors:
            reason = f"{host} has not the key that {self._ssh.known_hosts} names, or none is named there"
            return TemporaryFailure(reason, retry_in=_SOMEBODY_MUST_ACT)
        if "Permission denied" in errors:
            return TemporaryFailure(f"{host} does not let {self._ssh.user} in", retry_in=_SOMEBODY_MUST_ACT)
        last = errors.strip().rpartition("\n")[2][:200]
        return TemporaryFailure(f"The connection to {host} ended (ssh said {code}: {last or 'nothing'})", _SOON)


def _environment() -> dict[str, str]:
    """Nothing of ours: no agent, nobody to ask for passwords, no secret."""
    return {"PATH": os.environ.get("PATH", os.defpath)}


def _text(errors: IO[bytes]) -> str:
    errors.seek(0)
    return shell.readable(errors.read(64_000))
