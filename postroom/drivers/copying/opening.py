"""The two ends of a copy, opened. Both raise TemporaryFailure or PermanentFailure."""

import socket

from postroom.drivers.contract import PermanentFailure, TemporaryFailure
from postroom.drivers.copying.connecting import CONNECT_SECONDS, Wire
from postroom.drivers.copying.contract import Place, RefusedHere, Source
from postroom.drivers.copying.imap_sink import ImapSink
from postroom.drivers.copying.imap_source import ImapSource
from postroom.drivers.copying.pop3_source import Pop3Source


def source(place: Place) -> Source:
    try:
        return Pop3Source(place) if place.method.startswith("pop3") else ImapSource(place)
    except RefusedHere as refusal:
        raise PermanentFailure(f"The server refuses to talk: {refusal.reason}") from None


def own_mailbox(host: str, port: int, user: str, password: str) -> ImapSink:
    """A mailbox on our own mail servers. Nobody but the operator says where they are, so any address will do; what
    goes wrong here is for us to mend and no fault of the copy's."""
    try:
        wire = Wire(socket.create_connection((host, port), timeout=CONNECT_SECONDS))
        return ImapSink(wire, host, user, password)
    except OSError as error:
        raise TemporaryFailure(f"Our own mail server does not answer: {error}") from None
    except (PermanentFailure, RefusedHere) as refusal:
        raise TemporaryFailure(f"Our own mail server refuses: {refusal.reason}") from None
