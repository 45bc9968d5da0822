"""The allow and block lists. What an entry means: docs/decisions/007-allow-and-block-entries.md."""

import json
import re
from collections.abc import Iterable, Sequence

from postroom.core.mail import sieve

_WILDCARD = re.compile(r"[*+]")
_TO_SIEVE = str.maketrans({"+": "?", "?": "\\?", "\\": "\\\\"})
_TO_REGEX = {"*": ".*", "+": "."}


def script(allow: Sequence[str], block: Sequence[str]) -> str:
    """Sieve that flags a message by its envelope sender and From; empty where both lists are.

    Allowed and blocked at once sets both flags: only who has seen the lists of domain and mailbox can let allow win.
    """
    written = sieve.Script()
    for flag, patterns in (("$PostroomBlock", block), ("$PostroomAllow", allow)):
        if patterns:
            rule = _rule(flag, patterns)
            written.add(rule, "envelope", "imap4flags", *(["regex"] if ":regex" in rule else []))
    return written.text()


def redis_fields(allow: Sequence[str], block: Sequence[str]) -> dict[str, str]:
    """The same lists for Rspamd: what one look-up finds as a field each, only real patterns in a list."""
    fields: dict[str, str] = {}
    globs: list[tuple[str, str]] = []
    for verdict, patterns in (("a", allow), ("b", block)):
        for pattern in _whole(patterns):
            field = _field(pattern)
            if field:
                fields.setdefault(field, verdict)
            else:
                globs.append((verdict, pattern))
    if globs:
        fields["globs"] = json.dumps(globs, separators=(",", ":"))
    return fields


def _whole(patterns: Iterable[str]) -> list[str]:
    """Patterns of whole addresses that mean the same, each once."""
    return list(dict.fromkeys(whole for pattern in patterns for whole in _address_patterns(pattern.lower())))


def _address_patterns(pattern: str) -> tuple[str, ...]:
    if "@" in pattern[1:]:
        return (pattern,)
    name = pattern.removeprefix("@")
    if name.startswith("."):
        name = f"*{name}"
    if pattern.startswith("@") or not _WILDCARD.search(name):
        return (f"*@{name}",)
    # Any run may reach over the @, so "*" at the front already covers "*@".
    return (name,) if name.startswith("*") else (name, f"*@{name}")


def _field(pattern: str) -> str:
    if not _WILDCARD.search(pattern):
        return f"s:{pattern}"
    domain = _domain(pattern)
    if domain:
        return f"s:@{domain}"
    parent = pattern.removeprefix("*@").removeprefix("*.")
    # "*.example.com" means the same with and without "*@" before it: no dot of a domain is before the @.
    if pattern in (f"*.{parent}", f"*@*.{parent}") and _plain_domain(parent):
        return f"s:@.{parent}"
    return ""


def _domain(pattern: str) -> str:
    """What is behind "*@", where it is a domain without wildcards."""
    name = pattern.removeprefix("*@")
    return name if name != pattern and _plain_domain(name) else ""


def _plain_domain(name: str) -> bool:
    return not _WILDCARD.search(name) and "@" not in name and not name.startswith(".")


def _rule(flag: str, patterns: Iterable[str]) -> str:
    # Comparing is much cheaper than matching, and most entries are addresses and domains.
    ways: dict[str, list[str]] = {":all :is": [], ":domain :is": [], ":all :matches": [], ":all :regex": []}
    for pattern in _whole(patterns):
        how, text = _in_sieve(pattern)
        ways[how].append(text)
    tests = [
        f'{test} {how} "from" {sieve.one_of(texts)}'
        for how, texts in ways.items()
        if texts
        for test in ("address", "envelope")
    ]
    return f"if anyof({', '.join(tests)}) {{ addflag {sieve.quoted(flag)}; }}"


def _in_sieve(pattern: str) -> tuple[str, str]:
    if not _WILDCARD.search(pattern):
        return ":all :is", pattern
    domain = _domain(pattern)
    if domain:
        return ":domain :is", domain
    if "+" in pattern and "*" in pattern:
        # Pigeonhole 0.5.19 matches too much where both wildcards come together: "?b*" matches "axy".
        return ":all :regex", "^" + "".join(_TO_REGEX.get(c) or _in_regex(c) for c in pattern) + "$"
    return ":all :matches", pattern.translate(_TO_SIEVE)


def _in_regex(char: str) -> str:
    return char if char.isalnum() else f"[{char}]" if char not in "^\\" else f"\\{char}"
