"""What mail programs and other mail servers do, with a stack's ports. Everything is real and over loopback."""

import base64
import contextlib
import email
import email.policy
import imaplib
import poplib
import smtplib
import socket
import socketserver
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage

REMOTE = "192.0.2.10"
HOST = "127.0.0.1"


def message(sender="remote@elsewhere.example", to="somebody@elsewhere.example", subject="Hello", **headers):
    """Headers as keywords: x_test_score=3 is X-Test-Score: 3."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = f"<{time.time_ns()}@elsewhere.example>"
    for name, value in headers.items():
        made[name.replace("_", "-").title()] = str(value)
    made.set_content("One line of text.\n")
    return made


@dataclass
class Outcome:
    """What the server said: to each recipient, and to the message (None: it came to no message)."""

    recipients: dict = field(default_factory=dict)
    data: tuple | None = None

    @property
    def code(self):
        """Of the message, or the worst of its recipients."""
        return self.data[0] if self.data else max(code for code, _ in self.recipients.values())

    @property
    def text(self):
        return self.data[1] if self.data else " ".join(text for _, text in self.recipients.values())


def free_port():
    with socket.create_server((HOST, 0)) as listener:
        return listener.getsockname()[1]


def _transfer(smtp, sender, recipients, content):
    outcome = Outcome()
    code, text = smtp.mail(sender)
    if code >= 400:
        outcome.recipients[sender] = code, text.decode()
        return outcome
    for recipient in recipients:
        code, text = smtp.rcpt(recipient)
        outcome.recipients[recipient] = code, text.decode().replace("\n", " ")
    if any(code < 400 for code, _ in outcome.recipients.values()):
        code, text = smtp.data(content if isinstance(content, bytes) else content.as_bytes(policy=email.policy.SMTP))
        outcome.data = code, text.decode()
    return outcome


def deliver(stack, recipients, content=None, *, sender="remote@elsewhere.example", remote=REMOTE):
    """As another mail server at `remote` does, at port 25 as it were."""
    recipients = [recipients] if isinstance(recipients, str) else recipients
    with smtplib.SMTP(HOST, stack.ports["smtp"], timeout=60) as smtp:
        smtp.ehlo("mx.elsewhere.example")
        smtp.docmd("XCLIENT", f"ADDR={remote} NAME=mx.elsewhere.example")
        smtp.ehlo("mx.elsewhere.example")
        return _transfer(smtp, sender, recipients, content or message(sender, recipients[0]))


def submit(stack, login, password, recipients, content=None, *, sender=None, port="submission"):
    """As somebody's mail program does; port webmail_submission as the webmail does. Wrong passwords raise."""
    recipients = [recipients] if isinstance(recipients, str) else recipients
    sender = sender or login
    with smtplib.SMTP(HOST, stack.ports[port], timeout=60) as smtp:
        smtp.ehlo("laptop.example")
        smtp.login(login, password)
        return _transfer(smtp, sender, recipients, content or message(sender, ", ".join(recipients)))


def lmtp(stack, recipient, content=None, *, sender="remote@elsewhere.example"):
    """Past Postfix: what Dovecot itself says."""
    with smtplib.LMTP(HOST, stack.ports["lmtp"], timeout=60) as session:
        session.ehlo("postfix.example")
        return _transfer(session, sender, [recipient], content or message(sender, recipient))


@contextlib.contextmanager
def imap(stack, login, password, port="imap"):
    """Signed in, or imaplib.IMAP4.error with what the server said."""
    session = imaplib.IMAP4(HOST, stack.ports[port], timeout=60)
    try:
        session.login(login, password)
        yield session
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            session.logout()
        with contextlib.suppress(OSError):
            session.shutdown()  # also where logout failed: its file would keep the socket open


@contextlib.contextmanager
def pop3(stack, login, password):
    session = poplib.POP3(HOST, stack.ports["pop3"], timeout=60)
    try:
        session.user(login)
        session.pass_(password)
        yield session
    finally:
        with contextlib.suppress(poplib.error_proto, OSError):
            session.quit()
        session.close()


def fetch(stack, login, password, folder="INBOX"):
    """All messages of a folder, none where it does not exist. Each has its flags in `.flags`.

    As mail programs do, it comes again when it was sent away: whose rights were taken and given back at once may be
    kicked a moment later.
    """
    try:
        return _fetch(stack, login, password, folder)
    except imaplib.IMAP4.abort as sent_away:
        if "shutting down" not in str(sent_away):
            raise
        return _fetch(stack, login, password, folder)


def _fetch(stack, login, password, folder):
    with imap(stack, login, password) as session:
        if session.select(f'"{folder}"', readonly=True)[0] != "OK":
            return []
        found = []
        for number in session.search(None, "ALL")[1][0].split():
            parts = session.fetch(number, "(FLAGS BODY.PEEK[])")[1]
            parsed = email.message_from_bytes(parts[0][1], policy=email.policy.default)
            lines = b" ".join(part[0] if isinstance(part, tuple) else part for part in parts)
            parsed.flags = {flag.decode() for flag in imaplib.ParseFlags(lines)}
            found.append(parsed)
        return found


def await_mail(stack, login, password, folder="INBOX", count=1, within=15.0):
    """At least `count` messages in the folder."""
    return wait_for(lambda: (found := fetch(stack, login, password, folder)) and len(found) >= count and found, within)


def wait_for(look, within=15.0):
    """What `look` gives as soon as it is something."""
    until = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > until:
            raise AssertionError(f"nothing within {within} seconds")
        time.sleep(0.05)
    return found


class ManageSieve(contextlib.AbstractContextManager):
    """As much of RFC 5804 as a script needs to get there and back."""

    def __init__(self, stack, login, password):
        self._socket = socket.create_connection((HOST, stack.ports["sieve"]), timeout=60)
        self._file = self._socket.makefile("rwb")
        secret = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
        try:
            self._answer()
            self.ask(f'AUTHENTICATE "PLAIN" "{secret}"')
        except RuntimeError:
            self.close()
            raise

    def ask(self, line):
        """The lines before OK; anything else raises RuntimeError."""
        self._file.write(line.encode() + b"\r\n")
        self._file.flush()
        return self._answer()

    def put(self, name, text):
        self.ask(f'PUTSCRIPT "{name}" {{{len(text.encode())}+}}\r\n{text}')

    def activate(self, name):
        self.ask(f'SETACTIVE "{name}"')

    def _answer(self):
        lines = []
        while True:
            line = self._file.readline().decode()
            if line.startswith("OK"):
                return lines
            if line.startswith(("NO", "BYE")) or not line:
                raise RuntimeError(line)
            lines.append(line)

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._file.close()
        self._socket.close()


class Sink(socketserver.ThreadingTCPServer):
    """A mail server elsewhere that takes everything: (sender, recipients, message) in `.received`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port):
        self.received = []
        self.connections = []
        super().__init__((HOST, port), _Taking)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def await_mail(self, count=1, within=15.0, sender=None):
        """At least so many, from that sender: the queue may hold what other tests have sent before there was a sink."""

        def look():
            found = [mail for mail in list(self.received) if sender in (None, mail[0])]
            return len(found) >= count and found

        return wait_for(look, within)

    def __exit__(self, *_):
        """Postfix keeps busy connections: what it sends to the next one at this port must not come here."""
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Taking(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections.append(self.connection)
        with contextlib.suppress(ConnectionError):  # a sender that was killed
            self._converse()

    def _converse(self):
        self._say("220 sink")
        sender, recipients = "", []
        while line := self.rfile.readline().decode():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender, recipients = line.partition("<")[2].partition(">")[0], []
            elif verb == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            elif verb == "DATA":
                self._say("354 go on")
                self.server.received.append((sender, recipients, self._content()))
            elif verb == "QUIT":
                self._say("221 bye")
                return
            # As everywhere: without it Postfix recodes what is signed already.
            self._say("250-sink\r\n250 8BITMIME" if verb == "EHLO" else "250 ok")

    def _content(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())
