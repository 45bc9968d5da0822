"""Pages of docs/ that are made from the tables of core, so that they cannot say anything else."""

from collections.abc import Iterator, Mapping

from postroom.core import errors
from postroom.core.catalogue import CATALOGUE, attributes
from postroom.core.catalogue.attribute import Attribute, Inheritance, Level, Rank, Value
from postroom.core.dns.explaining import TITLES
from postroom.core.dns.findings import FINDINGS
from postroom.core.errors import PostroomError
from postroom.core.lifecycle import DOMAIN_STEPS, MAILBOX_STEPS
from postroom.core.mail.enforcement import ENFORCEMENT
from postroom.core.roles import GRANTS, ROLES, Permission, Role

_NOTE = "<!-- Made by `make docs` from the code. Change the code, not this page. -->\n"
_RANKS: Mapping[Rank | None, str] = {
    None: "nobody (read only)",
    Rank.SELF: "the holder",
    Rank.WORKGROUP: "workgroup or mail administrator",
    Rank.DOMAIN: "domain administrator",
    Rank.COMPANY: "company administrator",
    Rank.OPERATOR: "operator",
}
_INHERITS: Mapping[Inheritance, str] = {
    Inheritance.LIVE: "live: unset here, the level above holds",
    Inheritance.COPIED: "copied when the object is created",
    Inheritance.OWN: "its own",
}
_LEVELS = {Level.COMPANY: "Company", Level.DOMAIN: "Domain", Level.MAILBOX: "Account"}


def _value(value: Value) -> str:
    if value is None:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _attribute_rows(level: Level) -> Iterator[str]:
    yield f"\n## {_LEVELS[level]}\n"
    yield "| attribute | takes | default | inherited | set by | billable |\n| --- | --- | --- | --- | --- | --- |"
    for name, a in attributes(level).items():
        cells = (
            f"[`{name}`](#{name})", a.kind_on(level).bounds, _value(a.default), _INHERITS[a.inherits],
            _RANKS[a.set_by[level]], "yes" if a.billable else "",
        )  # fmt: skip
        yield f"| {' | '.join(_cell(c) for c in cells)} |"


def _entry(attribute: Attribute) -> str:
    levels = ", ".join(_LEVELS[level].lower() for level in Level if attribute.on(level))
    secret = " Secret: never in replies, history, errors or logs." if attribute.secret else ""
    wire = f" Also accepted as {', '.join(f'`{w}`' for w in attribute.wire_names)}." if attribute.wire_names else ""
    return f"### {attribute.name}\n\n{attribute.doc}{secret}{wire} ({levels})\n"


def attributes_page() -> str:
    parts = [
        _NOTE,
        "# Attributes\n",
        "What can be set on a company, a domain and an account. Values flow from the company to its domains and from "
        "a domain to its accounts: live ones at every use, copied ones when the object is created.",
        *(row for level in Level for row in _attribute_rows(level)),
        "\n## Every attribute\n",
        *(_entry(a) for a in CATALOGUE.values()),
    ]
    return "\n".join(parts)


def _tree() -> Iterator[type[PostroomError]]:
    found = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, PostroomError)]
    yield from sorted(found, key=lambda e: [c.__name__ for c in reversed(e.__mro__)])


def errors_page(oma_numbers: Mapping[type[PostroomError], int]) -> str:
    rows = [
        f"| {'&nbsp;' * 4 * (len(e.__mro__) - 4)}`{e.__name__}` | {e.message()} | {oma_numbers.get(e, '')} |"
        for e in _tree()
    ]
    head = "| error | message | OMA |\n| --- | --- | --- |"
    return "\n".join([_NOTE, "# Errors\n", "Every error that Postroom raises on purpose.\n", head, *rows, ""])


def roles_page() -> str:
    roles = [role for role in Role if role is not Role.OPERATOR]
    head = f"| permission | {' | '.join(roles)} |\n| --- |{' --- |' * len(roles)}"
    rows = [f"| `{p}` | {' | '.join('✓' if role in GRANTS[p] else '' for role in roles)} |" for p in sorted(Permission)]
    traits = [
        f"| {role} | {t.scope} | {'yes' if t.bills else 'no'} | {'yes' if t.passwords else 'no'} |"
        for role, t in ROLES.items()
    ]
    return "\n".join(
        [
            _NOTE, "# Roles\n", "The operator may do everything. Everybody else:\n", head, *rows,
            "\n## Where a role hangs, and what is closed to it\n",
            "| role | on | billable attributes | passwords |\n| --- | --- | --- | --- |", *traits, "",
        ]
    )  # fmt: skip


def _steps(title: str, table: Mapping[tuple[str, str], str]) -> list[str]:
    rows = [f"| {state} | {event} | {after} |" for (state, event), after in table.items()]
    return [f"\n## {title}\n", "| state | event | state after |\n| --- | --- | --- |", *rows]


def enforcement_page(proofs: Mapping[str, list[str]]) -> str:
    """`proofs`: attribute → the tests that prove it with real servers, or of the control plane."""
    lines = [
        f"| `{name}` | {e.by} | {_cell(e.how)} | {'<br>'.join(proofs.get(name, []))} |"
        for name, e in sorted(ENFORCEMENT.items())
    ]
    return "\n".join(
        [
            _NOTE,
            "# What makes each attribute bite\n",
            "The tests named here talk to real servers over SMTP, LMTP, IMAP, POP3 and ManageSieve, on PostgreSQL and "
            "on SQLite; for what Postroom itself refuses they are the control plane's. "
            "[mailstack.md](mailstack.md) names the tables.\n",
            "| attribute | who | how | proved by |\n| --- | --- | --- | --- |",
            *lines,
            "",
        ]
    )


def dns_findings_page() -> str:
    tests = [f"| `{name}` | {text.en} | {text.fr} |" for name, text in TITLES.items()]
    codes = [
        f"| `{code}` | {_cell(f.problem.en)} | {_cell(f.fix.en)} | {'yes' if f.unasked else ''} |"
        for code, f in FINDINGS.items()
    ]
    return "\n".join(
        [
            _NOTE,
            "# What can be wrong with a domain\n",
            "[dns.md](dns.md) says how it is found out. What stands in braces is in `parameters` of a result; every "
            "text is there in French, too.\n",
            "## Tests\n",
            "| test | looks at | in French |\n| --- | --- | --- |",
            *tests,
            "\n## Codes\n",
            "| code | what is wrong | what to do | nothing is known |\n| --- | --- | --- | --- |",
            *codes,
            "",
        ]
    )


def states_page() -> str:
    domain = _steps("Domain", {(str(s), str(e)): str(a) for (s, e), a in DOMAIN_STEPS.items()})
    mailbox = _steps("Account", {(str(s), str(e)): str(a) for (s, e), a in MAILBOX_STEPS.items()})
    return "\n".join([_NOTE, "# States\n", "A step that is not here is refused.", *domain, *mailbox, ""])
