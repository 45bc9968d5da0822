"""The domain that a call about mailboxes or aliases is about, and what such calls are refused with
(specs/dimail.md 4.5–4.8)."""

from collections.abc import Iterator
from contextlib import contextmanager

from postroom.actions.dimail_mailboxes import Place
from postroom.core.errors import DomainNotFound, NotFound, NotSettable
from postroom.faces.dimail.errors import DENIED, Refusal
from postroom.faces.dimail.guards import managed
from postroom.faces.dimail.route import Call

NO_MAILBOX = "Mailbox not found"


def place(call: Call) -> Place:
    """Raises Refusal: 403, then 404."""
    found = managed(call)
    return Place(id=found.id, company_id=found.company_id, name=call.params["domain"], features=found.features)


@contextmanager
def saying(missing: str) -> Iterator[None]:
    """What `NotFound` means here; and who holds more rights than the asker is nobody that the asker may let in."""
    try:
        yield
    except DomainNotFound:
        raise
    except NotFound:
        raise Refusal(404, missing) from None
    except NotSettable:
        raise Refusal(403, DENIED) from None
