"""oma.md section 5.7: mail copied from other people's servers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from postroom.actions import migrations
from postroom.actions.migrations import CopyState, FolderState, Wish
from postroom.core import folder_names, outside
from postroom.core.errors import BadRequest, BadValueError
from postroom.faces.oma.call import Call
from postroom.faces.oma.wire import Fields

_PORTS = {"imap4": 143, "imap4s": 993, "pop3": 110, "pop3s": 995}
_LONGEST_JOB = 64
_LONGEST_LOGIN = 320
_LONGEST_PASSWORD = 1000
_MOST_FOLDERS = 1000


def migration_add(call: Call) -> Mapping[str, Any]:
    name = call.fields.text("job", "id")
    if name is not None and (len(name) > _LONGEST_JOB or not name.isprintable()):
        raise BadRequest(hints={"job": f"must be at most {_LONGEST_JOB} printable characters"})
    raw = call.fields.raw("users")
    listed = raw if isinstance(raw, list) else [] if raw is None or raw == "" else [raw]
    wishes = [_wish(entry, number) for number, entry in enumerate(listed)]
    return {"job": migrations.add(call.actor, call.origin, name, wishes)}


def _wish(entry: Any, number: int) -> Wish:
    at = f"users.{number}."
    if not isinstance(entry, dict):
        raise BadRequest(hints={at.rstrip("."): "must be an object"})
    fields = Fields(entry, at)
    method = fields.required_text("method").lower()
    if method not in _PORTS:
        raise BadRequest(hints={f"{at}method": f"must be one of {', '.join(_PORTS)}"})
    host, port = _server(fields.required_text("server"), _PORTS[method], at)
    return Wish(
        local=fields.name("local"),
        method=method,
        host=host,
        port=port,
        login=_bounded(fields.required_text("remote"), _LONGEST_LOGIN, f"{at}remote"),
        password=_bounded(fields.required_text("password"), _LONGEST_PASSWORD, f"{at}password"),
        skip=_folders(fields.texts("skip"), f"{at}skip"),
        translate=_translate(fields.object("translate"), f"{at}translate"),
    )


def _bounded(text: str, longest: int, at: str) -> str:
    """Line ends in a login or password would be further commands to the other server."""
    if len(text) > longest or not text.isprintable():
        raise BadRequest(hints={at: f"must be at most {longest} printable characters"})
    return text


def _server(text: str, usual_port: int, at: str) -> tuple[str, int]:
    """`host:port`, `[address]:port`; without a port the method's own."""
    host, port = text.strip().lower(), str(usual_port)
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    named = 0 < len(host) <= 253 and host.isprintable() and not set(host) & set(" /@?#%\\")
    named = named and (":" not in host or outside.is_address(host))
    if not named or not (port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65536):
        raise BadRequest(hints={f"{at}server": "must be host:port"})
    if outside.is_address(host) and not outside.may_connect(host, settings.COPY_ALLOWED_NETWORKS):
        raise BadRequest(hints={f"{at}server": "is in a network that mail is not copied from"})
    return host, int(port)


def _folders(names: list[str], at: str) -> list[str]:
    if len(names) > _MOST_FOLDERS:
        raise BadRequest(hints={at: f"may name {_MOST_FOLDERS} folders"})
    return names


def _translate(names: Mapping[str, Any], at: str) -> dict[str, str]:
    _folders(list(names), at)
    for remote, local in names.items():
        try:
            if not isinstance(local, str):
                raise BadValueError("must be a text")
            folder_names.local_path(local)
        except BadValueError as error:
            raise BadRequest(hints={f"{at}.{remote[:100]}": str(error)}) from None
    return dict(names)


def migration_jobs(call: Call) -> Mapping[str, Any]:
    found = migrations.jobs(call.actor)
    return {"jobs": [{"job": name, "date": at // 1000} for name, at in found]}


def _job(call: Call) -> str:
    return call.fields.required_text("job", "id")


def migration_status(call: Call) -> Mapping[str, Any]:
    state = migrations.status(call.actor, _job(call))
    return {"rate": f"{state.bytes_per_second / 1024:.3f} KiB/s", "users": [_user(copy) for copy in state.copies]}


def _user(copy: CopyState) -> dict[str, Any]:
    told: dict[str, Any] = {"user": copy.address, "status": copy.state}
    if copy.failure:
        told["error"] = copy.failure
    server = f"[{copy.host}]" if ":" in copy.host else copy.host
    told["data"] = {
        "config": {"method": copy.method, "server": f"{server}:{copy.port}", "username": copy.login},
        "folders": {folder.name: _folder(folder) for folder in copy.folders},
        "status": _sums(copy.folders),
    }
    return told


def _folder(folder: FolderState) -> dict[str, Any]:
    """Numbers and numbers as text, as the documents show them (oma.md section 5.7)."""
    told: dict[str, Any] = {
        "bytes": folder.bytes,
        "delim": folder.delimiter,
        "fail_count": folder.failed,
        "migrate_count": folder.migrated,
        "next_uid": folder.next_key,
        "remote_count": str(folder.remote_count),
        "retry1count": folder.retried_once,
        "retry2count": folder.retried_twice,
        "skip_count": folder.skipped,
    }
    if folder.broken:
        told["error"] = folder.broken
    return told


def _sums(folders: list[FolderState]) -> dict[str, Any]:
    return {
        "bytes": sum(folder.bytes for folder in folders),
        "critical_errors": str(sum(bool(folder.broken) for folder in folders)),
        "fail_count": sum(folder.failed for folder in folders),
        "foldercount": len(folders),
        "migrate_count": sum(folder.migrated for folder in folders),
        "remote_count": str(sum(folder.remote_count for folder in folders)),
        "skip_count": sum(folder.skipped for folder in folders),
    }


def migration_trace(call: Call) -> Mapping[str, Any]:
    link = migrations.trace_link(call.actor, call.origin, _job(call), call.fields.name("user"))
    facts = {"type": link.type, "id": link.id, "user": link.user, "expires": link.expires, "token": link.token}
    return {"trace": f"{call.base}/oma_file/get?{urlencode(facts, safe=':@')}"}
