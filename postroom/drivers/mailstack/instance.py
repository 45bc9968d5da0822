"""One mail stack as a whole: all of its files and folders, and the file that tells programs where everything is."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from postroom.drivers.mailstack import dovecot, files, postfix, processes, redis, resolver, rspamd
from postroom.drivers.mailstack.files import File, fill, folder
from postroom.drivers.mailstack.layout import Layout, Ports, Secrets

FACTS: Final = "mail.json"
NEXT_STEPS: Final = (
    "Restart redis-server, rspamd, dovecot and postfix, and start postroom-mail-helper.socket and .service; "
    "from then on changes need no restart."
)


def configuration(layout: Layout, secrets: Secrets) -> list[File]:
    return [
        *postfix.files(layout, secrets),
        *dovecot.files(layout, secrets),
        *rspamd.files(layout, secrets),
        *redis.files(layout, secrets),
        *resolver.files(layout),
        *([] if layout.private else _helper_units(layout)),
    ]


def _helper_units(layout: Layout) -> list[File]:
    """For systemd; a private instance starts the helper itself."""
    ports = {"policy": layout.ports.policy, "helper": layout.ports.helper}
    texts = {
        "service": fill("helper.service", secrets=layout.secrets, python=sys.executable, **ports),
        "socket": fill("helper.socket", **ports),
    }
    units = layout.etc / "systemd/system"
    return [File(path=units / f"postroom-mail-helper.{kind}", text=text) for kind, text in texts.items()]


def prepare(layout: Layout, secrets: Secrets) -> None:
    """Folders and files of a private instance. What was there of mail, queue and secrets stays."""
    for path in (layout.etc, layout.state, layout.run, layout.log):
        folder(path)
    for module in (postfix, dovecot, rspamd, redis, resolver):
        module.folders(layout)
    shutil.chown(layout.run, "root", "_rspamd")
    layout.run.chmod(0o775)  # Rspamd writes its process id there as itself
    (layout.log / "unbound.log").touch()
    shutil.chown(layout.log / "unbound.log", "unbound")
    (layout.log / "redis.log").touch()
    shutil.chown(layout.log / "redis.log", "redis")
    files.write(configuration(layout, secrets))
    compile_scripts(layout)


def compile_scripts(layout: Layout) -> None:
    """Raises CalledProcessError, whose output says what is wrong."""
    subprocess.run(dovecot.compile_command(layout), check=True, capture_output=True, text=True)  # noqa: S603


def write_facts(dir: Path, layout: Layout) -> None:
    """Whole or not at all: programs wait for this file."""
    unfinished = dir / f"{FACTS}.new"
    unfinished.write_text(json.dumps(layout.facts(), indent=2) + "\n")
    unfinished.chmod(0o644)  # the worker's account is another; there is no secret in it
    unfinished.replace(dir / FACTS)


def facts(dir: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((dir / FACTS).read_text())
    except FileNotFoundError:
        return None
    return found


def write_production(layout: Layout, configuration: list[File]) -> None:
    """Raises CalledProcessError when the Sieve script does not compile."""
    files.write(configuration)
    for path in (layout.mail, layout.bindirs):
        folder(path, layout.mail_uid, layout.mail_uid, 0o700)
    folder(layout.cache, "_rspamd", "_rspamd")
    compile_scripts(layout)
    write_facts(layout.state, layout)


def free_base() -> int:
    """The first of enough free ports in a row, below those that the system gives to outgoing connections."""
    count = len(fields(Ports))
    begin = 20000 + os.getpid() % 500 * 20  # those who look at the same time begin elsewhere
    for base in range(begin, 32000, count):
        if all(processes.is_free(base + n) for n in range(count)):
            return base
    raise OSError("there are no free ports in a row")
