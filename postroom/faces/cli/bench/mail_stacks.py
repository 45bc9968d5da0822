"""Stacks of mail servers of one run: ours, and the same one with files in place of every table that it looks into."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import dj_database_url
import msgspec

from postroom.drivers.mailstack import database, files, instance, layout, processes, secret_files
from postroom.drivers.mailstack.files import File
from postroom.drivers.mailstack.layout import Layout
from postroom.faces.cli.bench import databases, servers
from postroom.faces.cli.bench.script import FIRST_ID, address, domain_name

FAMILIES: Final = ("postfix", "dovecot", "rspamd", "helper", "postgresql")
"""Whose processor time is told."""
_SQL_USERDB = re.compile(r"^ *userdb \{\s*driver = sql\b[^}]*\}\n", re.MULTILINE)


class Stack(msgspec.Struct, frozen=True):
    name: str
    layout: Layout
    url: str

    def map(self, name: str) -> str:
        """As postmap is told it."""
        return f"{self.layout.database.kind}:{self.layout.etc}/postfix/maps/{name}.cf"

    @property
    def postfix_conf(self) -> str:
        return str(self.layout.etc / "postfix")

    @property
    def dovecot_conf(self) -> str:
        return str(self.layout.etc / "dovecot/dovecot.conf")

    def processor_seconds(self) -> dict[str, float]:
        """Taken so far by each family, those of its processes that have ended included."""
        heads = {process.name: process.pid for process in processes.recorded(self.layout.run)}
        if head := databases.postmaster(self.url):
            heads["postgresql"] = head
        return {name: servers.taken_by_family(heads[name]) if name in heads else 0.0 for name in FAMILIES}

    def delivered(self) -> int:
        """Messages in all mailboxes."""
        return sum(1 for path in self.layout.mail.glob("*/*/mail/mailboxes/*/dbox-Mails/u.*"))


class Size(msgspec.Struct, frozen=True):
    domains: int
    mailboxes_each: int

    def addresses(self) -> Iterator[tuple[str, int]]:
        """With the mailbox's id."""
        for n in range(self.domains):
            for m in range(self.mailboxes_each):
                yield address(n, m), FIRST_ID["mailbox"] + n * self.mailboxes_each + m


@contextlib.contextmanager
def running(stack: Stack, environment: Mapping[str, str], only: Sequence[str] = ()) -> Iterator[Stack]:
    """All of its processes, or some, for the time of the block."""
    plan = stack.layout
    try:
        if only:
            chosen = [program for program in processes.programs(plan) if program.name in only]
            started = [processes.spawn(program, plan.log, environment) for program in chosen]
            processes.write(plan.run, started)
        else:
            started = processes.start(plan, environment)
        processes.wait_until_ready(started, plan.log, lambda _: None)
        yield stack
    finally:
        processes.stop(plan.run)


def ours(dir: Path, url: str, cache: Path) -> Stack:
    """Its files are written; nothing runs yet."""
    chosen = dj_database_url.parse(url)
    dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    plan = layout.private(dir, instance.free_base(), database.described(chosen), cache=cache)
    secrets = secret_files.kept(plan.secrets)
    database.let_read(chosen, secrets.database)
    instance.prepare(plan, secrets)
    instance.write_facts(dir, plan)
    return Stack("postroom", plan, url)


def static(dir: Path, model: Stack, size: Size, cache: Path) -> Stack:
    """`model` runs: what its tables say of a mailbox stands in the files, too."""
    shutil.copytree(model.layout.secrets, dir / "state/secrets")  # the role on PostgreSQL has one password
    stack = msgspec.structs.replace(ours(dir, model.url, cache), name="static")
    plan = stack.layout
    secrets = secret_files.kept(plan.secrets)
    tables = f"{plan.database.kind}:{plan.etc}/postfix/maps"
    changed = [
        File(path=file.path, text=_without_tables(file.text, tables, plan), group=file.group, mode=file.mode)
        for file in instance.configuration(plan, secrets)
        if file.path.name in {"main.cf", "master.cf", "dovecot.conf"}
    ]
    files.write([*changed, *_map_files(plan, model, size), _userdb_file(plan, model, size)])
    for path in sorted((plan.etc / "postfix/static").iterdir()):
        subprocess.run(["/usr/sbin/postmap", "-c", stack.postfix_conf, f"hash:{path}"], check=True)  # noqa: S603
    return stack


def _without_tables(text: str, tables: str, plan: Layout) -> str:
    text = re.sub(rf"{re.escape(tables)}/([\w-]+)\.cf", rf"hash:{plan.etc}/postfix/static/\1", text)
    without = _SQL_USERDB.sub("", text)
    if without == text:
        return text
    return f"{without}\nuserdb {{\n  driver = passwd-file\n  args = {plan.etc}/dovecot/users\n}}\n"


def _map_files(plan: Layout, model: Stack, size: Size) -> Iterator[File]:
    """What the tables answer to each address and domain, asked of one and written down for all."""
    example, _ = next(size.addresses())
    names = [path.stem for path in (model.layout.etc / "postfix/maps").glob("*.cf")]
    keys = [address for address, _ in size.addresses()]
    for name in names:
        lines = []
        for key, every in ((example, keys), (domain_name(0), [domain_name(n) for n in range(size.domains)])):
            answer = asked(model, name, [key]).stdout.decode().partition("\t")[2].strip()
            if answer:
                lines += [f"{each}\t{answer.replace(key, each)}\n" for each in every]
        yield File(path=plan.etc / "postfix/static" / name, text="".join(lines))


def asked(stack: Stack, map: str, keys: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Postfix's own look-up of all keys, by one process."""
    command = ["/usr/sbin/postmap", "-c", stack.postfix_conf, "-q", "-", stack.map(map)]
    found = subprocess.run(command, input="\n".join(keys).encode(), capture_output=True, check=False)  # noqa: S603
    if found.stderr:
        raise RuntimeError(f"{map}: {found.stderr.decode()}")
    return found


def users(stack: Stack, logins: Sequence[str], service: str = "lmtp") -> subprocess.CompletedProcess[bytes]:
    """Dovecot's own look-up of all of them, as to deliver (lmtp) or whether there is room (quota-status)."""
    command = ["/usr/bin/doveadm", "-c", stack.dovecot_conf, "user", "-x", f"service={service}", *logins]
    return subprocess.run(command, capture_output=True, check=True)  # noqa: S603


def _userdb_file(plan: Layout, model: Stack, size: Size) -> File:
    """The fields are those that our queries give. A passwd-file cannot hold blanks: they are underlined."""
    example, _ = next(size.addresses())
    told = [users(model, [example], service).stdout.decode().splitlines()[1:] for service in ("lmtp", "quota-status")]
    found = [line.partition("\t") for lines in told for line in lines]
    fields = {name: value for name, _, value in found if value and name not in {"uid", "gid", "home", "mail", "user"}}
    script = str(model.layout.etc), str(plan.etc)
    extra = " ".join(f"userdb_{name}={value.replace(*script).replace(' ', '_')}" for name, value in fields.items())
    lines = [f"{login}:::::{plan.mail}/{id % 1000}/{id}::{extra}\n" for login, id in size.addresses()]
    return File(path=plan.etc / "dovecot/users", text="".join(lines), group="dovecot", mode=0o640)
