"""Short words for stories about mail: send it, and see where it has come to."""

import email.policy
import smtplib

from tests.servers import hosting
from tests.servers.clients import HOST, REMOTE, deliver, fetch, message

FRIEND = "friend@elsewhere.example"


def answer(host, recipient, size=None):
    """(code, text) of RCPT at the MX, to a message that is `size` bytes long by its sender's word."""
    with smtplib.SMTP(HOST, host.stack.ports["smtp"], timeout=60) as smtp:
        smtp.ehlo("mx.elsewhere.example")
        smtp.docmd("XCLIENT", f"ADDR={REMOTE} NAME=mx.elsewhere.example")
        smtp.ehlo("mx.elsewhere.example")
        code, text = smtp.mail(FRIEND, [f"size={size}"] if size else [])
        if code < 400:
            code, text = smtp.rcpt(host.address(recipient))
        return code, text.decode().replace("\n", " ")


def code(host, recipient, size=None):
    return answer(host, recipient, size)[0]


def send(host, *recipients, sender=FRIEND, content=None, **headers):
    """One message from elsewhere, on its way to the end. `subject`, `to`, `x_test_score`: as in `message`."""
    recipients = [host.address(recipient) for recipient in recipients]
    headers = {"to": recipients[0], **headers}
    outcome = deliver(host.stack, recipients, content or message(FRIEND, **headers), sender=sender)
    hosting.at_rest(host.stack)
    return outcome


def kept(host, address, folder="INBOX"):
    """Subjects of the messages in a folder."""
    return [mail["Subject"] for mail in fetch(host.stack, host.address(address), hosting.PASSWORD, folder)]


def sent_on(sink):
    """(recipient, subject) of all that another server got."""
    return sorted((recipient, mail["Subject"]) for _, recipients, mail in sink.received for recipient in recipients)


def as_bytes(mail):
    return mail.as_bytes(policy=email.policy.SMTP)
