"""A small dimail of our own for tests: what the driver asks of one, over real HTTP, and how it can fail.

It is written from the contract alone, and shares no code with our own face of dimail.
"""

import base64
import contextlib
import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

USER, PASSWORD = "la_regie", "a-good-password"
TESTS = {
    "domain_exist": False, "mx": False, "cname_imap": False, "cname_smtp": False, "cname_webmail": False, "spf": False,
    "dkim": False, "postfix": True, "ox": True, "cert": True,
}  # fmt: skip


class Fault:
    """What happens to the next calls that fit: `how` is a status, "drop", "lost", "garbage", "late", "drip" or "head".

    A status, "drop": nothing was done. The others do the work: the connection ends without an answer ("lost"), the
    answer makes no sense ("garbage"), is a 500 all the same ("broken"), or comes after
    `seconds` ("late") or byte by byte (a twentieth of a second each, "drip"; "head": from its first line on).
    """

    def __init__(self, call, how, times=1, seconds=1.0, body=""):
        self.call, self.how, self.times, self.seconds, self.body = re.compile(call), how, times, seconds, body


class StandIn:
    def __init__(self):
        self.domains, self.mailboxes, self.aliases = {}, {}, set()
        self.failing, self.foreign = {}, set()
        """domain → {test: detail}; and domains of somebody else's."""
        self.calls, self.faults, self.bodies = [], [], []
        self.first, self.failed = None, {}
        """How the first calls of every kind fail, and how often each has."""
        self.heard_out = threading.Event()
        """Somebody has waited for the end of an answer that came byte by byte."""
        self.renames = False
        self.tokens, self.made, self.codes = {"t0"}, 0, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.dimail = self
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def fail(self, call, how, **more):
        self.faults.append(Fault(call, how, **more))

    def fault(self, call):
        times = self.failed.get(call, 0)
        if self.first and times < self.first.times:
            self.failed[call] = times + 1
            return self.first
        for fault in self.faults:
            if fault.times and fault.call.search(call):
                fault.times -= 1
                return fault
        return None

    def end_tokens(self):
        self.tokens.clear()

    def token(self):
        text = f"h.{base64.urlsafe_b64encode(json.dumps({'exp': time.time() + 2820}).encode()).decode()}.{self.made}"
        self.made += 1
        self.tokens.add(text)
        return text

    def person(self, address, given=None, sur=None, active="yes"):
        self.mailboxes[address] = {"givenName": given, "surName": sur, "active": active}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body leave one after the other, and nobody waits

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.work
        raise AttributeError(name)

    def log_message(self, *_):
        pass

    def work(self):
        dimail = self.server.dimail
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body, path = json.loads(sent) if sent else None, urlsplit(self.path).path
        call = f"{self.command} {path}"
        dimail.calls.append(call)
        dimail.bodies.append((call, body))
        fault = dimail.fault(call) or Fault("", "well")
        if isinstance(fault.how, int):
            self.answer(fault.how, fault.body or {"detail": "as told"})
        elif fault.how == "drop":
            self.drop()
        else:
            self.after_work(fault, _answered(dimail, self.command, path, body, self.headers.get("Authorization", "")))

    def after_work(self, fault, answer):
        if fault.how == "lost":
            self.drop()
            return
        if fault.how == "late":
            time.sleep(fault.seconds)
        if fault.how in {"drip", "head"}:
            self.drip(b" " * 60, b"X: y\r\n" * 12 if fault.how == "head" else b"")
            return
        status, body = answer if fault.how != "broken" else (500, "Internal Server Error")
        self.answer(status, (fault.body or "<html>not what you think</html>") if fault.how == "garbage" else body)

    def drip(self, content, head):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) + 1))
        self.flush_headers() if head else self.end_headers()
        with contextlib.suppress(OSError):
            for byte in head + (b"\r\n" if head else b"") + content:
                time.sleep(0.05)
                self.wfile.write(bytes([byte]))
            self.server.dimail.heard_out.set()
            self.wfile.write(b"\n")

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def answer(self, status, body):
        content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


def _answered(dimail, method, path, body, authorization):
    parts = [unquote(part) for part in path.strip("/").split("/")]
    kind, _, text = authorization.partition(" ")
    is_basic = kind == "Basic" and base64.b64decode(text).decode() == f"{USER}:{PASSWORD}"
    if parts == ["token"]:
        return (200, {"access_token": dimail.token(), "token_type": "bearer"}) if is_basic else _DENIED
    basic = (
        parts == ["domains"] or parts[2:3] in (["check"], ["fix"], ["spec"]) or (method, len(parts)) == ("DELETE", 2)
    )
    if not (is_basic if basic else kind == "Bearer" and text in dimail.tokens):
        return _DENIED
    if parts == ["domains"]:
        return _new_domain(dimail, body)
    return _in_domain(dimail, method, parts[1], parts[2:], body)


def _in_domain(dimail, method, domain, rest, body):
    if domain in dimail.foreign:
        return 401, {"detail": "Not authorized."}
    if domain not in dimail.domains:  # who has no right need not know
        return _DENIED if rest[:1] in (["mailboxes"], ["aliases"]) else (404, {"detail": "Domain not found"})
    if not rest or rest[0] in {"check", "fix"}:
        return _of_domain(dimail, method, domain, rest)
    if rest[0] == "spec":
        return 200, _SPEC
    work = {"mailboxes": _of_mailboxes, "aliases": _of_aliases, "address": _of_address}[rest[0]]
    return work(dimail, method, domain, rest[1:], body)


_DENIED = 403, {"detail": "Permission denied"}
_SPEC = [
    {"target": "", "type": "mx", "value": "mx.dimail.example."},
    {"target": "dimail._domainkey", "type": "txt", "value": "v=DKIM1; h=sha256; k=rsa; p=AAAA"},
    {"target": "imap", "type": "cname", "value": "imap.dimail.example."},
]


def _new_domain(dimail, body):
    if body["name"] in dimail.domains or body["name"] in dimail.foreign:
        return 409, {"detail": "Domain already exists"}
    dimail.domains[body["name"]] = {key: body[key] for key in ("name", "features", "context_name", "delivery")}
    return 201, {**dimail.domains[body["name"]], "state": "new", "valid": False}


def _of_domain(dimail, method, domain, rest):
    if method == "DELETE":
        del dimail.domains[domain]
        return 204, None
    failing = dimail.failing.setdefault(domain, {})
    if rest[:1] == ["fix"]:
        dimail.failing[domain] = failing = {name: told for name, told in failing.items() if not TESTS[name]}
    tests = {
        name: {"ok": name not in failing, "internal": internal, "errors": _errors(name, failing)}
        for name, internal in TESTS.items()
    }
    state = "broken" if failing else "ok"
    return 200, {**dimail.domains[domain], "state": state, "valid": not failing, "webmail": None, **tests}


def _errors(name, failing):
    return [{"code": f"no_{name}", "detail": failing[name]}] if name in failing else []


def _of_mailboxes(dimail, method, domain, rest, body):
    if not rest:
        there = [a for a in dimail.mailboxes if a.endswith(f"@{domain}")]
        shown = [_shown(dimail, address) for address in there]
        return 200, [*shown, {"type": "mailbox", "status": "broken", "email": f"oxadmin@{domain}"}]
    address = f"{rest[0]}@{domain}"
    if method == "POST" and len(rest) == 1:
        return _new_mailbox(dimail, address, body)
    if address not in dimail.mailboxes:
        return 404, {"detail": "Mailbox not found"}
    if method == "DELETE":
        del dimail.mailboxes[address]
        return 204, None
    if method == "POST":
        return _way_in(dimail, address, rest[1], body)
    return _changed(dimail, address, body) if method == "PATCH" else (200, _shown(dimail, address))


def _way_in(dimail, address, kind, body):
    if kind == "reset_password":
        return 200, {"email": address, "password": "a-fresh-password"}
    dimail.codes.append(f"code{len(dimail.codes)}")
    limits = {"expires_in": body["expires_in"], "maxuse": body["maxuse"], "nbuse": 0}
    return 201, {"email": address, "code": dimail.codes[-1], **limits}


def _changed(dimail, address, body):
    if dimail.renames and "user_name" in body:
        new = f"{body['user_name']}@{address.partition('@')[2]}"
        dimail.mailboxes[new] = dimail.mailboxes.pop(address)
        return 200, _shown(dimail, new)
    if "user_name" in body:
        return 422, {"detail": "Not yet implemented"}
    if body.get("active") == "no":
        dimail.mailboxes[address] |= {"givenName": None, "surName": None}
    known = {"givenName", "surName", "active"}
    dimail.mailboxes[address] |= {key: value for key, value in body.items() if key in known}
    return 200, _shown(dimail, address)


def _new_mailbox(dimail, address, body):
    if address in dimail.mailboxes:
        return 409, {"detail": "Mailbox already exists"}
    if any((m["givenName"], m["surName"]) == (body["givenName"], body["surName"]) for m in dimail.mailboxes.values()):
        return 500, "Internal Server Error"
    dimail.person(address, body["givenName"], body["surName"])
    return 201, {"email": address, "password": "a-first-password", "uuid": "5f0a"}


def _shown(dimail, address):
    names = dimail.mailboxes[address]
    return {"type": "mailbox", "status": "ok", "email": address, **names, "additionalSenders": []}


def _of_address(dimail, method, domain, rest, body):
    owner = next(iter(dimail.mailboxes), None)
    return 200, {"domain_name": domain, "user_name": rest[0], "is_ox": True, "ox_primary_email": owner}


def _of_aliases(dimail, method, domain, rest, body):
    if not rest:
        if method == "GET":
            there = sorted(pair for pair in dimail.aliases if pair[0].endswith(f"@{domain}"))
            return 200, [{"username": a.split("@")[0], "domain": domain, "destination": d} for a, d in there]
        pair = f"{body['user_name']}@{domain}", body["destination"]
        if pair in dimail.aliases:
            return 409, {"detail": "Alias already exists"}
        dimail.aliases.add(pair)
        return 201, {"username": body["user_name"], "domain": domain, "destination": body["destination"]}
    pair = f"{rest[0]}@{domain}", rest[1]
    if pair not in dimail.aliases:
        return 404, {"detail": "Not found"}
    dimail.aliases.discard(pair)
    return 204, None
