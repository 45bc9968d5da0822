"""What a developer wants to find in a dimail that only pretends: made by the same actions as everything else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from postroom.actions import aliases as alias_actions
from postroom.actions import (
    dimail_accounts,
    dimail_allows,
    dimail_contexts,
    dimail_domains,
    dimail_mailboxes,
    mailboxes,
)
from postroom.actions.action import reads, writes
from postroom.actions.dimail_accounts import OPERATORS, AccountWish, Caller, DomainFacts
from postroom.actions.dimail_domains import DomainWish
from postroom.actions.dimail_mailboxes import Change, Names, Opened, Place
from postroom.core.address import fold, parse_domain
from postroom.core.errors import BadRequest, BadValueError, DomainNotFound, PostroomError
from postroom.core.records import Origin
from postroom.core.roles import OPERATOR, Permission
from postroom.store import rows

Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=1000)]
Test: TypeAlias = Literal[
    "domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim", "postfix", "ox", "cert",
    "webmail_ok",
]  # fmt: skip
_LIMIT: Final = 10_000


class _Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields are called as dimail calls them."""


class User(_Wish, frozen=True):
    name: Text
    password: Text
    is_admin: bool = False
    perms: tuple[Text, ...] = ()

    def __repr__(self) -> str:
        """Without the password."""
        return f"User({self.name!r})"


class Context(_Wish, frozen=True):
    """A directory that has domains before dimail has them."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
    domains: tuple[Text, ...]


class Mailbox(_Wish, frozen=True):
    user_name: Text
    given: Text = msgspec.field(default="", name="givenName")
    sur: Text = msgspec.field(default="", name="surName")
    display: Text = msgspec.field(default="", name="displayName")
    active: Literal["yes", "no"] = "yes"
    password: Text | None = None
    """None: a random one, or the fixed one."""

    def __repr__(self) -> str:
        """Without the password."""
        return f"Mailbox({self.user_name!r})"


class Alias(_Wish, frozen=True):
    user_name: Text
    destination: Text
    allow_to_send: bool = False


class Domain(_Wish, frozen=True):
    name: Text
    features: tuple[Literal["webmail", "mailbox", "alias"], ...] = ("webmail", "mailbox", "alias")
    context_name: Text | None = None
    """None: one of its own."""
    delivery: Literal["virtual", "relay", "alias"] = "virtual"
    transport: Text | None = None
    checked: bool = True
    """False: its state is `new`."""
    failing: Mapping[Test, Text] = {}
    """Test → what is told of it; empty: the usual text."""
    mailboxes: tuple[Mailbox, ...] = ()
    aliases: tuple[Alias, ...] = ()


class Allow(_Wish, frozen=True):
    user: Text
    domain: Text


class Wishes(msgspec.Struct, frozen=True):
    users: Sequence[User] = ()
    contexts: Sequence[Context] = ()
    domains: Sequence[Domain] = ()
    allows: Sequence[Allow] = ()


@writes(
    Permission.DIMAIL_ACCOUNT_CHANGE, Permission.CONTEXT_CHANGE, Permission.DOMAIN_CREATE, Permission.MAILBOX_CREATE
)
def plant(origin: Origin, wishes: Wishes) -> list[Opened]:
    """All or nothing; the mailboxes with their passwords. Domains are not checked yet. Raises BadRequest."""
    _check_size(wishes)
    for user in wishes.users:
        with _naming("user", user.name):
            wish = AccountWish(name=user.name, password=user.password, is_admin=user.is_admin, perms=user.perms)
            dimail_accounts.add(OPERATORS, origin, wish)
    for context in wishes.contexts:
        with _naming("context", context.name):
            for name in context.domains:
                dimail_contexts.map_domain(origin, context.name, name)
    opened = [made for domain in wishes.domains for made in _domain(origin, domain)]
    for allow in wishes.allows:
        with _naming("allow", f"{allow.user} on {allow.domain}"):
            dimail_allows.add(OPERATORS, origin, allow.user, allow.domain)
    return opened


def _check_size(wishes: Wishes) -> None:
    inside = sum(len(domain.mailboxes) + len(domain.aliases) for domain in wishes.domains)
    mapped = sum(len(context.domains) for context in wishes.contexts)
    if inside + mapped + len(wishes.domains) + len(wishes.users) + len(wishes.allows) > _LIMIT:
        raise BadRequest(f"at most {_LIMIT} objects at once")


@contextmanager
def _naming(kind: str, name: str) -> Iterator[None]:
    try:
        yield
    except (PostroomError, BadValueError) as error:
        hints = error.hints if isinstance(error, PostroomError) else {}
        raise BadRequest(f"{kind} {name}: {error}", hints=hints) from None


def _domain(origin: Origin, domain: Domain) -> Iterator[Opened]:
    with _naming("domain", domain.name):
        wish = DomainWish(
            name=domain.name,
            features=domain.features,
            context_name=domain.context_name or parse_domain(domain.name),
            delivery=domain.delivery,
            transport=domain.transport,
        )
        made = dimail_domains.create(OPERATORS, origin, wish)
    here = _place(made.name)
    for mailbox in domain.mailboxes:
        with _naming("mailbox", f"{mailbox.user_name}@{made.name}"):
            yield _mailbox(origin, here, mailbox)
    for alias in domain.aliases:
        with _naming("alias", f"{alias.user_name}@{made.name}"):
            alias_actions.create(
                OPERATOR, origin, made.name, alias.user_name, alias.destination, allow_to_send=alias.allow_to_send
            )


def _mailbox(origin: Origin, here: Place, wanted: Mailbox) -> Opened:
    names = Names(given=wanted.given, sur=wanted.sur, display=wanted.display)
    made = dimail_mailboxes.create(OPERATOR, origin, here, wanted.user_name, names)
    if wanted.password is not None:
        mailboxes.change(OPERATOR, origin, made.address, {"password": wanted.password})
        made = msgspec.structs.replace(made, password=wanted.password)
    if wanted.active == "no":
        dimail_mailboxes.change(OPERATOR, origin, here, wanted.user_name, Change(active=False))
    return made


def _place(name: str) -> Place:
    found = _facts(name)
    return Place(id=found.id, company_id=found.company_id, name=name, features=found.features)


def _facts(name: str) -> DomainFacts:
    found = rows.find_domain(fold(name))
    if found is None:
        raise DomainNotFound
    # A domain that has just been made is seen as its account would see it.
    view = dimail_domains.show(_standing(DomainFacts(id=found[1].id, company_id=found[1].company_id, features=())))
    return DomainFacts(id=found[1].id, company_id=found[1].company_id, features=tuple(view.features))


def _standing(facts: DomainFacts) -> Caller:
    return Caller(account=OPERATORS.account, actor=OPERATOR, domain=facts, manages=True)


@reads(Permission.DOMAIN_CHECK)
def check(origin: Origin, name: str) -> None:
    """As if somebody had asked for it. Raises DomainNotFound, PlatformAway, PlatformRefused."""
    dimail_domains.check(_standing(_facts(name)), origin)
