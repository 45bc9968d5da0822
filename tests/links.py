"""What Postroom has written to people, and the links in it."""

import re

from postroom.store.models import OutgoingMail


def letters(*purposes):
    """(recipient, subject) of what was written, oldest first."""
    found = OutgoingMail.objects.order_by("id")
    found = found.filter(purpose__in=purposes) if purposes else found
    return [(mail.recipient, mail.subject) for mail in found]


def newest(recipient):
    return OutgoingMail.objects.filter(recipient=recipient).order_by("-id").first()


def code(recipient):
    """Of the link in the newest e-mail to somebody."""
    return re.search(r"/code/([0-9a-f]{32})/", newest(recipient).text)[1]
