"""What the dimail face is compared with: its two calls written plainly with FastAPI and SQLAlchemy.

On Postroom's own tables, and doing its work: the same proofs of who calls and of what they may, the same questions (is
the domain there, does it have mailboxes, is the address free, and the name in its directory), the same rows in one
transaction, the same simulated platform asked. Where there is a quicker way that is as plain, it is taken: reading
without transactions, hashing outside of them, uvloop and httptools, as many processes as Postroom has.

POSTROOM_BENCH_HASHING says what passwords cost: dimail's hashing is what argon2 does that is told no cost, for each
password that is shown or made. Ours costs what Postroom's hashes cost, and remembers a moment which password was right.
"""

import functools
import hashlib
import json
import os
import secrets
import sys
import time
import uuid
from pathlib import Path
from typing import Annotated

import msgspec
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error
from fastapi import Depends, FastAPI, HTTPException
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from postroom.core.dns.records import records_as_json
from postroom.core.dns.report import report_as_json
from postroom.core.passwords.credential_cache import CredentialCache
from postroom.core.records import AliasRecord, DomainRecord
from postroom.drivers.fake import FakePlatform
from postroom.faces.cli.bench.dimail_script import LEVEL, Prepared
from postroom.faces.cli.bench.dimail_shapes import CheckedDomain, Names, NewMailbox, told
from postroom.faces.cli.bench.dimail_tables import (
    Account,
    Address,
    Alias,
    Allow,
    Domain,
    DomainName,
    Workgroup,
    Written,
    engines,
)

_DAY = 86_400_000
_STATUS = {"ok": "enabled", "action_required": "action_required", "failed": "failed", "unknown": "pending"}
_DENIED = HTTPException(403, "Permission denied")
_SCHEME = "{ARGON2ID}"
LocalPart = Annotated[str, InPath(pattern=r"^[a-z0-9._-]{1,64}$")]


class Hashing:
    """What passwords cost."""

    def __init__(self, prepared: Prepared, *, ours: bool) -> None:
        stored: str = prepared.mailbox["password"].removeprefix(_SCHEME)
        self._makes = PasswordHasher.from_parameters(extract_parameters(stored)) if ours else PasswordHasher()
        self._cache = CredentialCache(os.urandom(32)) if ours else None

    def made(self, plain: str) -> str:
        return _SCHEME + self._makes.hash(plain)

    def fits(self, account: Account, plain: str) -> bool:
        stored = account.password_hash
        if self._cache and self._cache.knows(account.id, stored, plain, time.monotonic()):
            return True
        try:
            self._makes.verify(stored.removeprefix(_SCHEME), plain)
        except Argon2Error:
            return False
        if self._cache:
            self._cache.remember(account.id, stored, plain, time.monotonic())
        return True


class Stage:
    """What a process needs to answer."""

    def __init__(self) -> None:
        self.prepared = msgspec.json.decode(Path(os.environ["POSTROOM_BENCH_PREPARED"]).read_bytes(), type=Prepared)
        self.hashing = Hashing(self.prepared, ours=os.environ["POSTROOM_BENCH_HASHING"] == LEVEL)
        self.key = OctKey.import_key(os.environ["DIMAIL_JWT_SECRET"])
        self.platform = FakePlatform(os.environ["POSTROOM_BENCH_PLATFORM"])
        self.reading, self.writing = engines()
        self.written = Written(self.writing, self.prepared)


@functools.cache
def stage() -> Stage:
    return Stage()


app = FastAPI()


def by_token(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> Account:
    try:
        claims = jwt.decode(sent.credentials, stage().key, algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        raise _DENIED from None
    account = _account(str(claims.get("sub")))
    if account is None or claims["exp"] <= time.time() or claims.get("iat", 0) < account.tokens_from // 1000:
        raise _DENIED
    return account


def by_password(sent: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> Account:
    account = _account(sent.username)
    if account is None or not stage().hashing.fits(account, sent.password):
        raise _DENIED
    return account


def _account(name: str) -> Account | None:
    with Session(stage().reading) as session:
        return session.scalar(select(Account).where(Account.name == name))


@app.post("/domains/{domain}/mailboxes/{user}", status_code=201)
def create_mailbox(
    domain: str, user: LocalPart, names: Names, account: Annotated[Account, Depends(by_token)]
) -> NewMailbox:
    password = secrets.token_urlsafe(12)
    new_hash = stage().hashing.made(password)
    with Session(stage().writing) as session, session.begin():
        row = _domain(session, domain.lower(), lock=True)
        if row is None or not _is_allowed(session, account, row):
            raise _DENIED
        if "mailbox" not in row.facts.features or row.status == "disabled":
            raise HTTPException(422, "Feature 'mailbox' not available on the domain")
        address = f"{user}@{row.name}"
        if session.get(Address, address) is not None:
            raise HTTPException(409, f"Mailbox {address} already exists")
        if _has_namesake(session, row, names):
            raise HTTPException(500, "Internal Server Error")
        _write(session, account, row, (address, names, new_hash))
    return NewMailbox(email=address, password=password, uuid=str(uuid.uuid4()))


@app.get("/domains/{domain}/check")
def check(domain: str, account: Annotated[Account, Depends(by_password)]) -> CheckedDomain:
    with Session(stage().reading) as session:
        row = _domain(session, domain.lower(), lock=False)
        if row is None:
            raise HTTPException(404, "Domain not found")
        if not _is_allowed(session, account, row):
            raise HTTPException(401, "Not authorized.")
        ends = select(Alias.local_part, Alias.destination).where(Alias.domain_id == row.id).order_by(Alias.local_part)
        aliases = [AliasRecord(local_part=name, destinations=(end,)) for name, end in session.execute(ends)]
    asked = DomainRecord(
        key=row.id, name=row.name, own_aliases=tuple(aliases), context_key=row.context_id,
        context_name=row.context.name, active=row.status == "enabled", settings=row.settings,
    )  # fmt: skip
    report = stage().platform.check_domain(asked, row.ownership)
    wanted = stage().platform.wanted_dns(asked, row.ownership)
    with Session(stage().writing, expire_on_commit=False) as session, session.begin():
        row = _domain(session, domain.lower(), lock=True)
        if row is None:
            raise HTTPException(404, "Domain not found")
        now = int(time.time() * 1000)
        row.check_details, row.expected_records = report_as_json(report), records_as_json(wanted)
        row.checked_at, row.check_at, row.check_failure = now, now + _DAY, ""
        if row.status != "disabled":
            row.status = _STATUS[report.state]
        if row.status == "enabled":
            _release(session, row)
    return told(row, report)


def _release(session: Session, row: Domain) -> None:
    """Mailboxes that have waited for their domain."""
    waiting = stage().written.mailbox
    mine = waiting.c.domain_id == row.id, waiting.c.status == "pending", waiting.c.deleted_at.is_(None)
    session.execute(update(waiting).where(*mine).values(status="enabled", due_at=row.checked_at))


def _domain(session: Session, name: str, *, lock: bool) -> Domain | None:
    found = select(Domain).join(DomainName, DomainName.domain_id == Domain.id)
    found = found.where(DomainName.name == name, DomainName.is_alias.is_(False))
    return session.scalar(found.with_for_update(of=Domain) if lock else found)


def _is_allowed(session: Session, account: Account, row: Domain) -> bool:
    pair = select(Allow.id).where(Allow.account_id == account.id, Allow.domain_id == row.id)
    return account.is_admin or session.scalar(pair) is not None


def _has_namesake(session: Session, row: Domain, names: Names) -> bool:
    of = stage().written.mailbox.c
    same = (
        select(of.id)
        .join(Domain, Domain.id == of.domain_id)
        .where(
            Domain.context_id == row.context_id,
            of.deleted_at.is_(None),
            func.upper(of.last_name) == func.upper(names.surName),
            func.upper(of.first_name) == func.upper(names.givenName),
        )
    )
    return session.scalar(same) is not None


def _write(session: Session, account: Account, row: Domain, new: tuple[str, Names, str]) -> None:
    address, names, new_hash = new
    prepared, written = stage().prepared, stage().written
    now, shown = int(time.time() * 1000), f"{names.givenName} {names.surName}"
    group = session.scalar(select(Workgroup.id).where(Workgroup.domain_id == row.id))
    changes = {**prepared.entry["changes"], "name": [None, address], "password": [None, "(secret)"]}
    entry = {
        **prepared.entry, "at": now, "name": address, "company_id": row.company_id, "actor": f"dimail:{account.name}",
        "request_id": secrets.token_hex(16), "changes": changes,
    }  # fmt: skip
    entry["hash"] = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
    mailbox = {
        **prepared.mailbox, "domain_id": row.id, "workgroup_id": group, "address": address, "password": new_hash,
        "old_passwords": [new_hash], "first_name": names.givenName, "last_name": names.surName, "created_at": now,
        "due_at": now, "settings": {**prepared.mailbox["settings"], "name": shown}, "history_head": entry["hash"],
    }  # fmt: skip
    del mailbox["id"], entry["id"]
    id = session.scalar(insert(written.mailbox).values(mailbox).returning(written.mailbox.c.id))
    session.execute(insert(Address).values(address=address, domain_id=row.id, mailbox_id=id, is_alias=False))
    session.execute(insert(written.history).values({**entry, "object_id": id}))


def main() -> None:
    """Arguments: port, processes."""
    import uvicorn

    uvicorn.run(
        "postroom.faces.cli.bench.dimail_reference:app",
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
