import json
import re

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from postroom.core.catalogue.mail_kinds import WildcardList
from postroom.core.mail import lists

PATTERNS = st.lists(
    st.one_of(
        st.text("ab.?@*+", min_size=1, max_size=6),
        st.sampled_from(["b.a", "*@b.a", "@b.a", ".b.a", "*.b.a", "*@*.b.a", "a@b.a", "a+@b.a", "?@b.a", "a*"]),
    ),
    max_size=4,
)
SENDERS = st.builds("{}@{}".format, st.text("ab?+", min_size=1, max_size=3), st.sampled_from(["b.a", "a.b.a", "b"]))
MARKS = st.lists(st.text("ab$\\{}'\"`|~#%&!/=^_-", min_size=1, max_size=6).map("x".__add__), max_size=4)


def flags(pigeonhole, script: str, envelope: str, header: str) -> set[str]:
    told = pigeonhole.plan(f"From: Joe <{header}>\r\nSubject: x\r\n\r\nx\r\n".encode(), script, sender=envelope)
    return set(re.findall(r"\$Postroom(\w+)", told))


def matches(pattern: str, sender: str) -> bool:
    """docs/decisions/007 in other words than the code has."""

    def fits(wildcard: str, text: str) -> bool:
        regex = "".join({"*": ".*", "+": "."}.get(c, re.escape(c)) for c in wildcard)
        return re.fullmatch(regex, text) is not None

    domain = sender.partition("@")[2]
    if "@" in pattern[1:]:
        return fits(pattern, sender)
    bare = pattern.removeprefix("@")
    if bare.startswith("."):
        bare = f"*{bare}"
    anywhere = not pattern.startswith("@") and ("*" in bare or "+" in bare)
    return fits(bare, domain) or (anywhere and fits(bare, sender))


def verdict_by_redis(fields: dict[str, str], senders: set[str]) -> str:
    """As Rspamd's rule looks it up."""
    keys = set()
    for sender in senders:
        domain = sender.partition("@")[2]
        keys |= {f"s:{sender}", f"s:@{domain}"}
        labels = domain.split(".")
        keys |= {f"s:@.{'.'.join(labels[n:])}" for n in range(1, len(labels))}
    found = {fields[key] for key in keys & fields.keys()}
    for verdict, glob in json.loads(fields.get("globs", "[]")):
        regex = "".join({"*": ".*", "+": "."}.get(c, re.escape(c)) for c in glob)
        found |= {verdict for sender in senders if re.fullmatch(regex, sender)}
    return min(found, default="")  # a before b


def test_no_entries_need_no_script():
    assert lists.script([], []) == ""
    assert lists.redis_fields([], []) == {}


@pytest.mark.parametrize(
    ("pattern", "sender", "hit"),
    [
        ("joe@example.com", "joe@example.com", True),
        ("joe@example.com", "JOE@Example.COM", True),
        ("joe@example.com", "xjoe@example.com", False),
        ("joe@example.com", "joe@example.com.invalid", False),
        ("example.com", "anybody@example.com", True),
        ("example.com", "anybody@news.example.com", False),
        ("@example.com", "anybody@example.com", True),
        (".example.com", "anybody@news.example.com", True),
        (".example.com", "anybody@example.com", False),
        ("*.example.com", "anybody@a.b.example.com", True),
        ("*.example.com", "anybody@example.com", False),
        ("*example.com", "anybody@myexample.com", True),
        ("*@*.example.com", "anybody@news.example.com", True),
        ("*spam*", "antispam@example.com", True),
        ("*spam*", "joe@spam.example", True),
        ("info*", "info@example.com", True),
        ("example.+++", "joe@example.com", True),
        ("example.+++", "joe@example.info", False),
        ("jo+@example.com", "joe@example.com", True),
        ("jo+@example.com", "jo@example.com", False),
        ("joe+news@example.com", "joe+news@example.com", True),
        ("jo?@example.com", "jo?@example.com", True),
        ("jo?@example.com", "joe@example.com", False),
        ("*jo?@example.com", "joe@example.com", False),
        ("*jo?@example.com", "jo?@example.com", True),
        ("*${1}@example.com", "${1}@example.com", True),
        ("*", "joe@example.com", True),
        ("joe", "joe@example.com", False),
    ],
)
def test_an_entry_means_what_people_expect(pigeonhole, pattern, sender, hit):
    assert flags(pigeonhole, lists.script([], [pattern]), sender, "x@x.invalid") == ({"Block"} if hit else set())
    if sender == sender.lower():
        assert verdict_by_redis(lists.redis_fields([], [pattern]), {sender}) == ("b" if hit else "")


def test_the_from_counts_as_much_as_the_envelope(pigeonhole):
    script = lists.script(["joe@example.com"], ["spam.example"])
    assert flags(pigeonhole, script, "joe@example.com", "x@spam.example") == {"Allow", "Block"}
    assert flags(pigeonhole, script, "x@spam.example", "joe@example.com") == {"Allow", "Block"}


def test_flags_reach_the_scripts_behind(pigeonhole):
    behind = 'require ["imap4flags", "copy"]; if hasflag "$PostroomBlock" { redirect :copy "seen@example.com"; }'
    message = b"From: x@spam.example\r\nSubject: x\r\n\r\nx\r\n"
    assert "seen@example.com" in pigeonhole.deliver(message, lists.script([], ["spam.example"]), behind).sent


@given(allow=PATTERNS, block=PATTERNS, envelope=SENDERS, header=SENDERS)
@examples(max_examples=60, deadline=None)
def test_any_pattern_matches_what_it_says(pigeonhole, allow, block, envelope, header):
    expected = {
        name
        for name, patterns in (("Allow", allow), ("Block", block))
        if any(matches(pattern, sender) for pattern in patterns for sender in (envelope, header))
    }
    script = lists.script(allow, block)
    assert (flags(pigeonhole, script, envelope, header) if script else set()) == expected


@given(allow=PATTERNS, block=PATTERNS, envelope=SENDERS, header=SENDERS)
@examples(deadline=None)
def test_rspamd_comes_to_the_same_verdict_and_lets_allow_win(allow, block, envelope, header):
    senders = {envelope, header}
    hits = [any(matches(p, sender) for p in patterns for sender in senders) for patterns in (allow, block)]
    assert verdict_by_redis(lists.redis_fields(allow, block), senders) == ("a" if hits[0] else "b" if hits[1] else "")


@given(MARKS)
@examples(max_examples=30, deadline=None)
def test_any_mark_is_only_itself(pigeonhole, entries):
    assert pigeonhole.compile(lists.script(entries, [f"*{entry}" for entry in entries])) == ""


def test_simple_entries_are_fields_and_the_rest_a_list():
    fields = lists.redis_fields(["Joe@example.com", "*@good.example"], ["*.bad.example", "*spam*", "joe@example.com"])
    assert fields == {
        "s:joe@example.com": "a",
        "s:@good.example": "a",
        "s:@.bad.example": "b",
        "globs": '[["b","*spam*"]]',
    }


@pytest.mark.parametrize("shape", ["user{}@shop{}.example", "*@shop{}-{}.example", "*shop{}*x{}*"])
def test_thousands_of_entries_compile(pigeonhole, shape):
    entries = [shape.format(number, number) for number in range(2000)]
    assert pigeonhole.compile(lists.script(entries[:1000], entries[1000:])) == ""


def test_the_longest_lists_fit():
    """Pigeonhole takes a megabyte of script unless told otherwise."""
    entries = [f"{number:0128}" for number in range(2000)]
    assert WildcardList(1000).parse(entries[:1]) == entries[:1]
    assert len(lists.script(entries[:1000], entries[1000:])) < 1_000_000
