"""Mailboxes as the mail servers see them, a million in a minute: rows of the tables that they read.

Copies of what the actions have written for one domain and one mailbox. Domains get their rows in Postroom's own tables
too, so that a company's change spreads to them; mailboxes have theirs in the servers' tables only.
"""

from collections.abc import Callable, Iterator
from typing import Final

from postroom.faces.cli.bench import mail_sign_ins, seed
from postroom.faces.cli.bench.script import FIRST_ID, address, domain_name
from postroom.faces.cli.bench.seed import TEMPLATE, Row

ORDINARY: Final = f"template@{TEMPLATE}"
"""A mailbox that has all of its rows: it can be changed by actions."""


def fill(domains: int, mailboxes_each: int, dir: str, advance: Callable[[int], None]) -> None:
    """`dir`: the private stack that reads them."""
    seed.first_things("mailstack", {"dir": dir})
    seed.copies(domains, 0, advance)
    seed.copy_in(_tables(domains, mailboxes_each), advance)


def rows_for(domains: int, mailboxes_each: int) -> int:
    return seed.rows_for(domains, 0) + domains * (1 + 2 * mailboxes_each)


def _tables(domains: int, mailboxes_each: int) -> Iterator[tuple[str, Iterator[Row]]]:
    domain = seed.template("mail_domain", "name", TEMPLATE)
    route = seed.template("mail_route", "address", ORDINARY)
    login = seed.template("mail_login", "login", ORDINARY)
    stored = list(mail_sign_ins.hashes().values())
    numbers = range(domains)

    def of_domain(n: int) -> Row:
        return {"name": domain_name(n), "main": domain_name(n), "domain_id": FIRST_ID["domain"] + n}

    def of_mailbox(n: int, m: int) -> Row:
        return {"login": address(n, m), "mailbox_id": FIRST_ID["mailbox"] + n * mailboxes_each + m}

    def of_route(n: int, m: int) -> Row:
        return {**of_mailbox(n, m), "address": address(n, m), "goto": address(n, m)}

    def of_login(n: int) -> Row:
        return {"domain_id": FIRST_ID["domain"] + n, "hashes": stored[n] if n < len(stored) else login["hashes"]}

    accounts = [(n, m) for n in numbers for m in range(mailboxes_each)]
    yield "mail_domain", ({**domain, **of_domain(n)} for n in numbers)
    yield "mail_route", ({**route, **of_route(n, m)} for n, m in accounts)
    yield "mail_login", ({**login, **of_mailbox(n, m), **of_login(n)} for n, m in accounts)
