"""Bulletins of companies and domains, and their mails."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Exists

from postroom.core.bulletin import BulletinLine
from postroom.store import brands, jobs, outgoing
from postroom.store.models import Bulletin, BulletinPosting, Domain
from postroom.store.outgoing import Mail
from postroom.store.rows import CompanyRow, DomainRow, MailboxRow
from postroom.store.sql import Compiled

AUTO: Final = "auto"
MANUAL: Final = "manual"
PURPOSE: Final = "bulletin"

Owner = CompanyRow | DomainRow


_FIELDS = ("name", "type", "created_at", "size")
_of_company = Compiled(lambda p: Bulletin.objects.filter(company_id=p.number(0)).order_by("name").values_list(*_FIELDS))
_of_domain = Compiled(lambda p: Bulletin.objects.filter(domain_id=p.number(0)).order_by("name").values_list(*_FIELDS))
_greeted = Compiled(
    lambda p: (
        Domain.objects.filter(id=p.number(0))
        .filter(
            # Two questions: either has an index of its own, and most installations have no bulletins at all.
            Exists(Bulletin.objects.filter(domain_id=p.number(0), type="auto"))
            | Exists(Bulletin.objects.filter(company_id=p.number(1), type="auto"))
        )
        .values_list("id")
    )
)  # fmt: skip


def of(owner: Owner) -> dict[str, int]:
    return {"domain_id": owner.id} if isinstance(owner, DomainRow) else {"company_id": owner.id}


def company_of(owner: Owner) -> CompanyRow:
    return owner.company if isinstance(owner, DomainRow) else owner


def listed(owner: Owner) -> list[BulletinLine]:
    found = (_of_domain if isinstance(owner, DomainRow) else _of_company).rows(owner.id)
    return [BulletinLine(name=name, type=type, created_at=at, size=size) for name, type, at, size in found]


def welcome(mailbox: MailboxRow, now: int) -> None:
    """In the transaction that creates the mailbox: have the worker send it the automatic bulletins, if there are any,
    as soon as it can get mail."""
    welcome_all([mailbox], now)


def welcome_all(mailboxes: Sequence[MailboxRow], now: int) -> None:
    """As `welcome`, of mailboxes of one domain."""
    if mailboxes and _greeted.row(mailboxes[0].domain_id, mailboxes[0].domain.company_id):
        for mailbox in mailboxes:
            jobs.enqueue("welcome", str(mailbox.id), now)


def automatic(mailbox: MailboxRow) -> list[Bulletin]:
    """The company's, then the domain's."""
    of_company = Bulletin.objects.filter(company_id=mailbox.domain.company_id, type=AUTO).order_by("name")
    return [*of_company, *Bulletin.objects.filter(domain_id=mailbox.domain_id, type=AUTO).order_by("name")]


def posting(bulletin: Bulletin, now: int, *, again: bool = False) -> BulletinPosting:
    """A copy of the text for mails to refer to. `again`: an earlier copy of the same text will do."""
    facts = {
        "company_id": bulletin.company_id, "domain_id": bulletin.domain_id, "type": bulletin.type,
        "name": bulletin.name, "text": bulletin.text,
    }  # fmt: skip
    known = BulletinPosting.objects.filter(**facts).order_by("-id").first() if again else None
    if known is None:
        return BulletinPosting.objects.create(**facts, created_at=now)
    BulletinPosting.objects.filter(pk=known.pk).update(created_at=now)  # so that it is not forgotten too soon
    return known


def variables(address: str, settings: Mapping[str, Any]) -> dict[str, str]:
    domain = address.rpartition("@")[2]
    return {
        "account": address, "domain": domain, "name": settings.get("name") or "", "title": settings.get("title") or "",
    }  # fmt: skip


def mails(posting_id: int, owner: Owner, recipients: Sequence[tuple[str, Mapping[str, Any]]], now: int) -> None:
    """`recipients` are addresses with the settings of their accounts."""
    chain = (owner.settings, owner.company.settings) if isinstance(owner, DomainRow) else (owner.settings,)
    dress = brands.look(company_of(owner).id, *chain)
    outgoing.put(
        [
            Mail(
                recipient=address, purpose=PURPOSE, sender=brands.sender(dress), reply_to=dress.reply_to,
                posting_id=posting_id, variables=variables(address, settings),
            )
            for address, settings in recipients
        ],
        now,
    )  # fmt: skip
