"""Which brand dresses the mails to whom, and in which language: the nearest one that is set (oma.md section 7.1)."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from postroom.core import brand, languages
from postroom.core.brand import Look
from postroom.core.languages import Language
from postroom.core.letters import frame
from postroom.core.letters.frame import Letter
from postroom.store.models import Brand
from postroom.store.outgoing import Mail


def look(company_id: int, *chain: Mapping[str, Any]) -> Look:
    """`chain` is the settings from the mailbox or domain up to the company."""
    name = next((above["brand"] for above in chain if above.get("brand")), None)
    if name is None:
        return brand.PLAIN
    found = Brand.objects.filter(company_id=company_id, folded_name=str(name).lower()).first()
    return brand.loaded(found.look) if found else brand.PLAIN


def language(*chain: Mapping[str, Any]) -> Language:
    """Of letters; `chain` as in `look`."""
    return languages.best(next((str(above["language"]) for above in chain if above.get("language")), ""))


def dressed(recipient: str, purpose: str, dress: Look, told: Letter) -> Mail:
    return Mail(
        recipient=recipient,
        purpose=purpose,
        sender=sender(dress),
        reply_to=dress.reply_to,
        subject=told.subject,
        text=told.text,
        html=told.html,
    )


def sender(dress: Look) -> str:
    """For the queue: empty where the operator's own address sends."""
    return frame.sender(dress, parseaddr(settings.MAIL_FROM)[1])
