"""Can receivers verify the platform's signatures? Judged from the TXT records at the selector (RFC 6376)."""

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from postroom.core.dns import tag_lists
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.records import full_name
from postroom.core.dns.report import CheckResult, as_advice, failed, passed

TEST: Final = "dkim"
_SHOWN = 24  # characters of a foreign key


def places(expected: Expectations) -> list[str]:
    """Names at which the key ends up by usual mistakes, relative to the domain."""
    right = expected.dkim_record().target
    return [f"{right}.{expected.domain}", expected.selector, "_domainkey", "default._domainkey", "dkim._domainkey"]


def holds(texts: Sequence[str], expected: Expectations) -> bool:
    """Whether the platform's key is among the texts."""
    wanted = _key(_tags(expected.key).get("p", ""))
    return any(_key(_tags(text).get("p", "")) == wanted for text in texts if _is_key(text))


def judge(texts: Sequence[str], expected: Expectations, misplaced: str = "") -> CheckResult:
    """`misplaced`: the name that has the key where the right one has none."""
    record = expected.dkim_record()
    parameters = {"domain": expected.domain, "name": full_name(record.target, expected.domain)}
    keys = [text for text in texts if _is_key(text)]
    if not keys and misplaced:
        return failed(TEST, "misplaced_dkim", {**parameters, "found": misplaced}, record=record)
    if not keys:
        return failed(TEST, "no_dkim", parameters, record=record)
    if len(keys) > 1:
        return failed(TEST, "many_dkim", {**parameters, "count": str(len(keys))}, record=record)
    return _judge(_tags(keys[0]), expected, parameters)


def _judge(tags: dict[str, str], expected: Expectations, parameters: dict[str, str]) -> CheckResult:
    record, found = expected.dkim_record(), tags.get("p", "")
    if not _squeezed(found):
        return failed(TEST, "revoked_dkim", parameters, record=record)
    if _key(found) != _key(_tags(expected.key)["p"]):
        shown = _squeezed(found)[:_SHOWN]
        return failed(TEST, "wrong_dkim", {**parameters, "found": shown}, record=record)
    unsuitable = _unsuitable(tags)
    if unsuitable:
        return failed(TEST, "unsuitable_dkim", {**parameters, "found": unsuitable}, record=record)
    if "y" in _list(tags.get("t", "")):
        return as_advice(failed(TEST, "dkim_testing", parameters, record=record))
    return passed(TEST)


def _unsuitable(tags: dict[str, str]) -> str:
    """The tag that keeps receivers from using the key."""
    wrong = {
        "v": tags.get("v", "DKIM1") != "DKIM1",
        "k": tags.get("k", "rsa").lower() != "rsa",
        "h": "h" in tags and "sha256" not in _list(tags["h"]),
        "s": "s" in tags and not {"*", "email"} & set(_list(tags["s"])),
    }
    return next((f"{name}={tags[name]}" for name, is_wrong in wrong.items() if is_wrong), "")


def _list(value: str) -> list[str]:
    return [part.strip().lower() for part in value.split(":")]


def _is_key(text: str) -> bool:
    return tag_lists.version(text) == "dkim1" or "p" in _tags(text)


def _tags(text: str) -> dict[str, str]:
    """Some control panels keep the backslashes before semicolons that are only meant for zone files."""
    return tag_lists.parse(text.replace("\\;", ";")) or {}


def _squeezed(value: str) -> str:
    return "".join(value.split())


def _key(value: str) -> bytes | None:
    """None, which is equal to no key: not base64."""
    try:
        return base64.b64decode(_squeezed(value), validate=True)
    except (binascii.Error, ValueError):
        return None
