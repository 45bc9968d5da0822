"""A mail server on loopback that keeps what it gets, and refuses what it is told to."""

import base64
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class Sink:
    """`answers` maps the first word of a command, or `.` for the end of a mail, to what is said instead; empty: the
    connection is closed."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.extensions: list[str] = []
        self.signed_in: list[str] = []
        self.connections = 0

        class OfThisSink(_Talk):
            sink = self

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), OfThisSink)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def recipients(self) -> list[str]:
        return [recipient for _, recipient, _ in self.mails]


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    sink: Sink

    def setup(self) -> None:
        super().setup()
        self.sink.connections += 1
        self.sender = self.recipient = ""
        self.over = False

    def handle(self) -> None:
        self.say(self.sink.answers.get("greeting", "220 sink"))
        while not self.over and (line := self.rfile.readline().decode().rstrip("\r\n")):
            word, _, rest = line.partition(" ")
            if not self.answered(word.upper()):
                getattr(self, f"on_{word.lower()}", self.on_other)(rest)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def answered(self, word: str) -> bool:
        """With what the test wants said."""
        if word not in self.sink.answers:
            return False
        self.over = not self.sink.answers[word]
        if not self.over:
            self.say(self.sink.answers[word])
        return True

    def on_other(self, rest: str) -> None:
        self.say("250 fine")

    def on_ehlo(self, rest: str) -> None:
        for extension in ["sink", *self.sink.extensions]:
            self.say(f"250-{extension}")
        self.say("250 8BITMIME")

    def on_auth(self, rest: str) -> None:
        self.sink.signed_in.append(base64.b64decode(rest.split()[1]).decode())
        self.say("235 welcome")

    def on_quit(self, rest: str) -> None:
        self.say("221 bye")
        self.over = True

    def on_mail(self, rest: str) -> None:
        self.sender = rest.split()[0].partition(":")[2].strip("<>")
        self.say("250 fine")

    def on_rcpt(self, rest: str) -> None:
        self.recipient = rest.split()[0].partition(":")[2].strip("<>")
        self.say("250 fine")

    def on_data(self, rest: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not self.answered("."):
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.sink.mails.append((self.sender, self.recipient, mail))
            self.say("250 fine")
