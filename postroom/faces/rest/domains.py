"""Domains: listed, claimed, shown, checked, deleted and brought back (people.md section 3.1)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from ninja import Query, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from postroom.actions import domain_cards, domain_checks, domain_claims, domain_removal, domain_support, persons
from postroom.actions.domain_cards import DeletedDomain, DomainCard, DomainQuery
from postroom.core import domain_news
from postroom.core.address import shown_domain
from postroom.core.dns.report import CheckResult, Severity
from postroom.core.errors import ClaimedByAnother, NameTaken, NotFound
from postroom.core.languages import Language
from postroom.core.lifecycle import DomainState
from postroom.core.public_ids import Kind, public_id
from postroom.core.roles import Actor, Permission
from postroom.core.slugs import slug
from postroom.faces.rest.asked import Asked, seeing
from postroom.faces.rest.errors import invalid, not_found
from postroom.faces.rest.gate import deleted_domain, inside, signed_in
from postroom.faces.rest.paging import Page, Paged
from postroom.faces.rest.routes import Routes
from postroom.faces.rest.texts import LEFT_OUT, EmailText, Id, moment, moment_or_none

routes = Routes("mail-domains")
_TAKEN = "Mail domain with this name already exists."
_ORDERS = ", ".join(f"`{order}`" for order in domain_cards.ORDERS)


class Abilities(BaseModel):
    """What the asker may do here."""

    get: bool
    patch: bool
    put: bool
    post: bool
    delete: bool
    manage_accesses: bool


class CheckError(BaseModel):
    code: str = Field(examples=["no_mx"])
    detail: str


class CheckLine(BaseModel):
    ok: bool
    internal: bool = Field(description="The platform's own affair; otherwise the domain's owner can mend it.")
    errors: list[CheckError]
    severity: str = Field(description="`required`, or `advice`: such a test never makes a domain fail.")


class ExpectedRecord(BaseModel):
    target: str = Field(description="Relative to the domain; empty: the domain itself.", examples=[""])
    type: str = Field(examples=["mx"])
    value: str = Field(examples=["10 mx.postroom.example."])


class Domain(BaseModel):
    id: Id
    name: str = Field(examples=["acme.example"])
    unicode_name: str = Field(description="As people write it: names with accents are sent in ASCII (IDNA) as `name`.")
    slug: str = Field(description="Stands for the domain in paths.", examples=["acme_example"])
    status: DomainState
    abilities: Abilities
    created_at: datetime
    updated_at: datetime
    count_mailboxes: int
    support_email: str | None = Field(description="Is told what becomes of the domain.")
    last_check_details: dict[str, Any] | None = Field(
        description="`name`, `state` (`ok` or `broken`), `valid`, and each test by its name, as `CheckLine`."
    )
    action_required_details: dict[str, str] = Field(
        description="Test → what its owner must do, for each required test that failed outside of the platform."
    )
    expected_config: list[ExpectedRecord] | None = Field(description="What the platform wants to see in DNS.")
    checked_at: datetime | None
    check_failure: str = Field(description="Why the last check could not be made; empty: it was made.")
    proved_at: datetime | None = Field(description="When control of the domain was proved.")
    company: str
    context: Id = Field(description="The group of domains whose people find each other in the directory.")
    in_step: bool = Field(description="Whether the mail platform has the newest state.")
    failure: str = Field(description="Why the mail platform has not; empty: nothing is wrong.")


class NewDomain(BaseModel):
    name: Annotated[str, StringConstraints(max_length=255)] = Field(
        description="A domain name; names in Unicode are written in ASCII (IDNA).", examples=["acme.example"]
    )
    support_email: EmailText = Field(description="Is told what becomes of the domain.", examples=["it@acme.example"])


class DomainPart(BaseModel):
    """What is left out stays. Settings have a path of their own."""

    model_config = ConfigDict(extra="forbid")

    support_email: EmailText = Field(
        LEFT_OUT, description="Is told what becomes of the domain.", examples=["it@acme.example"]
    )


class DomainListQuery(Paged):
    q: str = Field("", description="Part of the name.", max_length=255)
    status: str = Field("", description="Only those in this status; `deleted`: those that can be restored.")
    ordering: str = Field("", description=f"One of {_ORDERS}, with `-` downwards; anything else is ignored.")


class GoneDomain(BaseModel):
    id: Id
    name: str
    slug: str
    deleted_at: datetime
    deleted_by: str
    restorable_until: datetime


def check_body(name: str, results: list[CheckResult]) -> dict[str, Any] | None:
    """In dimail's shape (people.md section 4.1), as clients of People know it."""
    if not results:
        return None
    valid = all(r.ok for r in results if r.severity is Severity.REQUIRED)
    lines = {
        r.name: CheckLine(
            ok=r.ok,
            internal=r.internal,
            errors=[] if r.ok else [CheckError(code=r.code, detail=r.detail)],
            severity=r.severity,
        ).model_dump()
        for r in results
    }
    return {"name": name, "state": "ok" if valid else "broken", "valid": valid, **lines}


def domain_body(card: DomainCard) -> Domain:
    outside = [r for r in card.results if not r.ok and not r.internal and r.severity is Severity.REQUIRED]
    return Domain(
        id=public_id(Kind.DOMAIN, card.id),
        name=card.name,
        unicode_name=shown_domain(card.name),
        slug=slug(card.name),
        status=DomainState(card.status),
        abilities=Abilities.model_validate(card.abilities, from_attributes=True),
        created_at=moment(card.created_at),
        updated_at=moment(card.updated_at),
        count_mailboxes=card.mailboxes,
        support_email=card.support_email or None,
        last_check_details=check_body(card.name, card.results),
        action_required_details={r.name: r.detail for r in outside},
        expected_config=[
            ExpectedRecord(target=r.target, type=r.type, value=r.value) for r in card.expected
        ] or None,
        checked_at=moment_or_none(card.checked_at),
        check_failure=domain_news.failure(card.check_failure, Language.ENGLISH),
        proved_at=moment_or_none(card.proved_at),
        company=card.company,
        context=public_id(Kind.CONTEXT, card.context_id),
        in_step=card.in_step,
        failure=card.failure,
    )  # fmt: skip


def _gone(stone: DeletedDomain) -> GoneDomain:
    return GoneDomain(
        id=public_id(Kind.DOMAIN, stone.id),
        name=stone.name,
        slug=slug(stone.name),
        deleted_at=moment(stone.deleted_at),
        deleted_by=stone.deleted_by,
        restorable_until=moment(stone.restorable_until),
    )


@routes.get("/", gate=signed_in(), answers={200: Page[Domain] | Page[GoneDomain]}, name="listDomains", fails=(400, 404))
def listed(request: Asked, query: Query[DomainListQuery]) -> object:
    """Your domains.

    With `status=deleted` those that you may restore, in a shorter shape.
    """
    if query.status == DomainState.DELETED:
        now = int(request.origin.at.timestamp() * 1000)
        return query.listed(request, lambda first, limit: domain_cards.deleted(request.auth, now, first, limit), _gone)
    wanted = DomainQuery(q=query.q, status=query.status, ordering=query.ordering)
    return query.listed(
        request, lambda first, limit: domain_cards.listed(request.auth, wanted, first, limit), domain_body
    )


@routes.post("/", gate=signed_in(), answers={201: Domain}, name="createDomain", fails=(400,))
def create(request: Asked, body: NewDomain) -> object:
    """Claim a domain.

    You become its owner. It serves mail when its DNS shows that it is yours.
    """
    try:
        name = domain_claims.claim(request.auth, request.origin, body.name, body.support_email)
    except ClaimedByAnother:
        raise
    except NameTaken:
        raise invalid({"name": [_TAKEN]}) from None
    return Status(201, domain_body(domain_cards.show(seeing(_creator(request.auth)), name)))


def _creator(actor: Actor) -> Actor:
    """What the asker may do was found out before there was the domain."""
    if actor.person_id is None:
        return actor
    return msgspec.structs.replace(persons.actor(actor.person_id), narrowing=actor.narrowing)


@routes.get("/{slug}/", gate=inside(Permission.DOMAIN_SEE), answers={200: Domain}, name="getDomain", tagged=True)
def show(request: Asked) -> object:
    """One domain."""
    return shown(request)


def shown(request: Asked) -> Domain:
    return domain_body(domain_cards.show(seeing(request.auth), request.entered.domain))


@routes.patch(
    "/{slug}/", gate=inside(Permission.DOMAIN_CHANGE), answers={200: Domain}, name="changeDomain", shown_by="getDomain"
)
def change(request: Asked, body: DomainPart) -> object:
    """Change whom the domain's letters go to."""
    if "support_email" in body.model_fields_set:
        domain_support.change(request.auth, request.origin, request.entered.domain, body.support_email)
    return shown(request)


@routes.delete(
    "/{slug}/", gate=inside(Permission.DOMAIN_DELETE), answers={204: None}, name="deleteDomain", fails=(409,),
    shown_by="getDomain",
)  # fmt: skip
def delete(request: Asked) -> object:
    """Delete a domain that has no mailboxes any more.

    It can be restored for a while. One that nobody has proved to be theirs goes with the mailboxes that wait in it.
    """
    domain = request.entered.domain
    claimed = domain_cards.show(seeing(request.auth), domain).is_claim
    (domain_claims.abandon if claimed else domain_removal.delete)(request.auth, request.origin, domain)
    return Status(204, None)


@routes.post("/{slug}/restore/", gate=deleted_domain(), answers={200: Domain}, name="restoreDomain", fails=(400,))
def restore(request: Asked) -> object:
    """Bring a deleted domain back.

    Its DNS has to show again that it is yours.
    """
    name = request.entered.name
    try:
        stone = domain_cards.restore_id(request.auth, name, int(request.origin.at.timestamp() * 1000))
    except NotFound:
        raise not_found("MailDomain") from None
    try:
        domain_removal.restore(request.auth, request.origin, name, stone, name)
    except NameTaken as error:
        raise invalid({"__all__": list(error.hints.values())}) from None
    return domain_body(domain_cards.show(seeing(request.auth), name))


@routes.post(
    "/{slug}/fetch/", gate=inside(Permission.DOMAIN_CHECK), answers={200: Domain}, name="checkDomain", alone=True,
    fails=(400, 502),
)  # fmt: skip
def fetch(request: Asked) -> object:
    """Check the domain now.

    A disabled domain is checked too, and stays disabled.
    """
    domain_checks.check_now(seeing(request.auth), request.origin, request.entered.domain)
    return shown(request)
