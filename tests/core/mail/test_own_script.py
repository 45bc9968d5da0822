import re
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from postroom.core.catalogue import CATALOGUE
from postroom.core.mail import own_script

ADDRESS = "uma@example.com"
ALIASES = ("office@example.com",)
FORWARDED = {"delivery_forward": True, "forward_recipients": ["fred@friend.example", "ann@friend.example"]}
CLOSED = {**FORWARDED, "forward_option_restricted": True}
ANSWERED = {"delivery_autoresponder": True, "autoresponder": "I am away.", "autoresponder_option_interval": 24}
KEPT = {"delivery_local": True}
PREFIXED = {**KEPT, **FORWARDED, "forward_option_subject_prefix": "[uma]", "forward_option_reply_to": "r@example.com"}
FORWARD = "f7@exit.postroom.internal"
SENDER = "joe@elsewhere.example"
LONG_AGO, FAR_AWAY = 1_000_000_000, 4_000_000_000

SUBJECT = "Subject: hello =?iso-8859-1?q?w=F6rld?= =?iso-8859-1?q?=FC?=\r\n\tand on"
MARK_AS_SPAM = 'require "imap4flags"; addflag "$Junk";'
SORT = 'require ["fileinto", "mailbox"]; fileinto :create "Sorted";'

TYPED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)
LINE = TYPED.filter(lambda text: "\u2028" not in text and "\u2029" not in text).map(str.strip)
NASTY = ["${1}", "$${x}${dollar}", '"; keep; #', "\\", '\\"', "text:\n.\n", ".\n..", "*?", "a\tb", "Ünï 𝕏"]


def script(type="mailbox", **settings) -> str:
    return own_script.script(mailbox_id=7, address=ADDRESS, aliases=ALIASES, type=type, settings=settings)


def mail(*headers: str, sender=SENDER, to=ADDRESS, subject="Subject: hello") -> bytes:
    lines = [f"From: Joe <{sender}>", f"To: {to}", "Message-ID: <1@elsewhere.example>", *headers, subject]
    return ("\r\n".join(line for line in lines if line) + "\r\n\r\nThe text.\r\n").encode()


def subject_of(message) -> str:
    return re.sub(r"\s*\n", "", str(make_header(decode_header(message["Subject"] or ""))))


def as_stored(message: bytes) -> list[bytes]:
    return [message.replace(b"\r\n", b"\n")]


def folders(delivered) -> set[str]:
    return set(delivered.kept)


# What is done with a message


@pytest.mark.parametrize(
    ("type", "settings"),
    [
        ("mailbox", KEPT),
        ("mailbox", {}),
        ("mailbox", {**KEPT, "delivery_forward": True}),
        ("mailbox", {**KEPT, "forward_recipients": ["fred@friend.example"]}),
        ("mailbox", {**KEPT, "delivery_autoresponder": True}),
        ("mailbox", {**KEPT, "autoresponder": "off"}),
        ("mailbox", {"delivery_forward": True, "forward_recipients": [ADDRESS]}),
    ],
)
def test_mail_that_is_only_kept_needs_no_script(type, settings):
    assert script(type, **settings) == ""


@pytest.mark.parametrize(
    ("type", "settings", "kept", "sent"),
    [
        ("mailbox", {**KEPT, **FORWARDED}, True, {FORWARD}),
        ("mailbox", FORWARDED, False, {FORWARD}),
        ("mailbox", {**KEPT, **ANSWERED}, True, {SENDER}),
        ("mailbox", ANSWERED, False, {SENDER}),
        ("mailbox", {**FORWARDED, **ANSWERED}, False, {FORWARD, SENDER}),
        ("mailbox", {**KEPT, **FORWARDED, **ANSWERED}, True, {FORWARD, SENDER}),
        ("mailbox", {**ANSWERED, "autoresponder_option_enddate": FAR_AWAY}, False, {SENDER}),
        ("mailbox", {**KEPT, **ANSWERED, "autoresponder_option_enddate": LONG_AGO}, True, set()),
        ("mailbox", PREFIXED, True, {FORWARD}),
        ("mailbox", {**PREFIXED, "delivery_local": False}, False, {FORWARD}),
        ("mailbox", {**FORWARDED, "forward_recipients": ["fred@friend.example", ADDRESS]}, True, {FORWARD}),
        ("mailbox", {**KEPT, **CLOSED}, True, set()),
        ("mailbox", {**KEPT, **CLOSED, **ANSWERED}, True, {SENDER}),
        ("forward", FORWARDED, False, {FORWARD}),
        ("forward", {**KEPT, **FORWARDED}, False, {FORWARD}),
        ("forward", {**FORWARDED, **ANSWERED}, False, {FORWARD, SENDER}),
        ("forward", ANSWERED, False, {SENDER}),
        ("filter", {"delivery_filter": True}, False, {"x7@exit.postroom.internal"}),
        ("filter", {**KEPT, **FORWARDED, **ANSWERED}, False, {"x7@exit.postroom.internal"}),
        ("mailbox", {**KEPT, "delivery_filter": True}, False, {"x7@exit.postroom.internal"}),
    ],
)
def test_where_mail_goes(pigeonhole, type, settings, kept, sent):
    written = script(type, **settings)
    assert pigeonhole.compile(written) == ""
    delivered = pigeonhole.deliver(mail(), written)
    assert (delivered.kept, set(delivered.sent)) == ({"": as_stored(mail())} if kept else {}, sent)


@pytest.mark.parametrize("settings", [{}, {"delivery_forward": True}, {**FORWARDED, "forward_recipients": [ADDRESS]}])
def test_a_forward_to_nobody_says_so(pigeonhole, settings):
    delivered = pigeonhole.deliver(mail(), script("forward", **settings))
    assert delivered.kept == {}
    assert "nobody to forward it to" in delivered.sent[SENDER].as_string()


def test_a_forward_whose_last_answer_was_given_refuses_instead_of_losing_mail(pigeonhole):
    ended = script("forward", **ANSWERED, autoresponder_option_enddate=LONG_AGO)
    assert "nobody to forward it to" in pigeonhole.deliver(mail(), ended).sent[SENDER].as_string()
    going_on = script("forward", **ANSWERED, autoresponder_option_enddate=FAR_AWAY)
    assert "I am away." in pigeonhole.deliver(mail(), going_on).sent[SENDER].as_string()


def test_mail_that_comes_back_to_an_account_that_only_forwards_is_refused(pigeonhole):
    delivered = pigeonhole.deliver(mail(f"X-Sieve-Redirected-From: {ADDRESS}"), script("forward", **FORWARDED))
    assert (delivered.kept, list(delivered.sent)) == ({}, [SENDER])
    assert "comes back" in delivered.sent[SENDER].as_string()


# The user's own rules run behind


@pytest.mark.parametrize("settings", [{**KEPT, **FORWARDED}, PREFIXED, {**PREFIXED, **ANSWERED}, {**KEPT, **ANSWERED}])
def test_own_rules_have_the_kept_copy(pigeonhole, settings):
    assert folders(pigeonhole.deliver(mail(), script(**settings), SORT)) == {"Sorted"}
    assert folders(pigeonhole.deliver(mail(), script(**settings), "discard;")) == set()
    flagged = pigeonhole.deliver(mail(), script(**{**settings, **FORWARDED}), 'require "imap4flags"; addflag "$Own";')
    assert flagged.keywords == {"$Own"}


def test_own_rules_do_not_see_what_was_only_forwarded(pigeonhole):
    assert folders(pigeonhole.deliver(mail(), script(**FORWARDED), SORT)) == set()


def test_own_rules_may_answer_too_without_a_second_answer(pigeonhole):
    own = 'require "vacation"; vacation "Mine.";'
    delivered = pigeonhole.deliver(mail(), script(**KEPT, **ANSWERED), own)
    assert (folders(delivered), set(delivered.sent)) == ({""}, {SENDER})


# Forwarding


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Subject: hello", "[uma] hello"),
        ("Subject: [uma] hello", "[uma] hello"),
        ("Subject: [UMA] hello", "[UMA] hello"),
        ("Subject: Re: [uma] hello", "Re: [uma] hello"),
        ("Subject: AW: Re: [uma] hello", "AW: Re: [uma] hello"),
        ("Subject: about [uma]", "[uma] about [uma]"),
        ("Subject: =?utf-8?q?h=C3=A9llo?=", "[uma] héllo"),
        ("Subject:", "[uma]"),
        ("", "[uma]"),
        (f"Subject: {'x' * 70}{'xxxxxxxxx ' * 40}", f"{'x' * 70}{'xxxxxxxxx ' * 40}".strip()),
    ],
)
def test_the_prefix_stands_before_the_subject_once(pigeonhole, before, after):
    message = mail(subject=before)
    delivered = pigeonhole.deliver(message, script(**PREFIXED))
    assert subject_of(delivered.sent[FORWARD]).strip() == after
    assert delivered.kept == {"": as_stored(message)}


def test_answers_are_asked_for_at_another_address(pigeonhole):
    for own in ((), ("Reply-To: a@b.example",), ("Reply-To: a@b.example", "Reply-To: c@d.example")):
        forwarded = pigeonhole.deliver(mail(*own), script(**PREFIXED)).sent[FORWARD]
        assert forwarded.get_all("Reply-To") == ["r@example.com"]


@pytest.mark.parametrize("answered", [{}, ANSWERED])
def test_what_is_kept_reads_as_it_came(pigeonhole, answered):
    message = mail("Reply-To: =?utf-8?q?J=C3=B6?= <a@b.example>", subject=SUBJECT)
    for behind in (SORT, "keep;", ""):
        (kept,) = pigeonhole.deliver(message, script(**PREFIXED, **answered), behind).kept.values()
        text = kept[0].decode()
        assert "Subject: hello" in text
        assert "[uma]" not in text
        assert "r@example.com" not in text
        headers = message_from_string(text)
        assert [str(make_header(decode_header(value))) for value in headers.get_all("Reply-To")] == ["Jö <a@b.example>"]
        assert [subject_of(headers)] == [subject_of(message_from_bytes(message))]
        assert len(headers.get_all("Subject")) == 1


def test_what_is_kept_without_own_rules_is_not_touched_at_all(pigeonhole):
    message = mail("Reply-To: =?utf-8?q?J=C3=B6?= <a@b.example>", subject=SUBJECT)
    assert pigeonhole.deliver(message, script(**PREFIXED)).kept == {"": as_stored(message)}


def test_what_was_not_there_is_not_there_afterwards(pigeonhole):
    (kept,) = pigeonhole.deliver(mail(subject=""), script(**PREFIXED), SORT).kept.values()
    assert b"Subject" not in kept[0]
    assert b"Reply-To" not in kept[0]


def test_marked_spam_is_forwarded_marked(pigeonhole):
    marks = 'require ["editheader", "imap4flags"]; addflag "$Junk"; addheader "X-Spam" "yes";'
    forwarded = pigeonhole.deliver(mail(), marks, script("forward", **FORWARDED)).sent[FORWARD]
    assert forwarded["X-Spam"] == "yes"


def test_members_of_a_closed_list_are_forwarded(pigeonhole):
    for settings in (CLOSED, {**KEPT, **CLOSED}):
        by_header = pigeonhole.deliver(mail(sender="Fred@friend.example"), script(**settings))
        by_envelope = pigeonhole.deliver(mail(), script(**settings), sender="fred@friend.example")
        assert set(by_header.sent) == set(by_envelope.sent) == {FORWARD}
        assert bool(by_header.kept) == ("delivery_local" in settings)


@pytest.mark.parametrize("more", [{}, ANSWERED])
def test_strangers_to_a_closed_list_are_told(pigeonhole, more):
    delivered = pigeonhole.deliver(mail(), script(**CLOSED, **more))
    assert (delivered.kept, list(delivered.sent)) == ({}, [SENDER])
    assert "can write to it" in delivered.sent[SENDER].as_string()


def test_spammers_are_not_told(pigeonhole):
    back = mail(f"X-Sieve-Redirected-From: {ADDRESS}")
    for message, settings in ((mail(), CLOSED), (mail(), {"delivery_forward": True}), (back, FORWARDED)):
        delivered = pigeonhole.deliver(message, MARK_AS_SPAM, script("forward", **settings))
        assert (delivered.kept, delivered.sent) == ({}, {})


def test_a_thousand_recipients_cost_one_redirect(pigeonhole):
    many = [f"user{number}@friend.example" for number in range(1000)]
    written = script(**{**CLOSED, "forward_recipients": many})
    assert pigeonhole.compile(written) == ""
    assert written.count("redirect") == 1
    assert own_script.fan_out(ADDRESS, ALIASES, {**FORWARDED, "forward_recipients": many}) == ",".join(many)


@pytest.mark.parametrize(
    ("recipients", "fanned_out"),
    [
        (["a@b.example", "c@d.example"], "a@b.example,c@d.example"),
        (["a@b.example", "c@d.example", "a@b.example"], "a@b.example,c@d.example"),
        ([ADDRESS, "a@b.example", *ALIASES], "a@b.example"),
        (["uma+archive@example.com", "a+x@b.example"], "a+x@b.example"),
        ([ADDRESS], ""),
        ([], ""),
        (None, ""),
    ],
)
def test_nobody_forwards_to_oneself_or_twice(recipients, fanned_out):
    settings = {"delivery_forward": True, "forward_recipients": recipients}
    assert own_script.fan_out(ADDRESS, ALIASES, settings) == fanned_out


def test_nothing_is_fanned_out_while_forwarding_is_off():
    assert own_script.fan_out(ADDRESS, ALIASES, {**FORWARDED, "delivery_forward": False}) == ""


# Automatic answers


def test_an_answer_comes_from_the_own_address(pigeonhole):
    answer = pigeonhole.deliver(mail(), script(**KEPT, **ANSWERED)).sent[SENDER]
    assert answer["From"] == ADDRESS
    assert answer["Subject"] == "Auto: hello"
    assert answer.get_payload().strip() == "I am away."


@pytest.mark.parametrize(
    "header",
    [
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <x.example>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ],
)
def test_programs_and_lists_get_no_answer(pigeonhole, header):
    assert pigeonhole.deliver(mail(header), script(**KEPT, **ANSWERED)).sent == {}


def test_bounces_and_spam_get_no_answer(pigeonhole):
    assert pigeonhole.deliver(mail(), script(**KEPT, **ANSWERED), sender="MAILER-DAEMON@elsewhere.example").sent == {}
    assert pigeonhole.deliver(mail(), MARK_AS_SPAM, script(**KEPT, **ANSWERED)).sent == {}


@pytest.mark.parametrize("own", [ADDRESS, *ALIASES])
def test_nobody_answers_oneself(pigeonhole, own):
    assert pigeonhole.deliver(mail(), script(**KEPT, **ANSWERED), sender=own).sent == {}


def test_mail_to_an_alias_is_answered_and_mail_to_others_is_not(pigeonhole):
    written = script(**KEPT, **ANSWERED)
    for to in (ALIASES[0], "Uma+news@example.com", "office@alias.example", f"max@example.com, Uma <{ADDRESS}>"):
        assert set(pigeonhole.deliver(mail(to=to), written).sent) == {SENDER}
    for to in ("somebody@else.example", "undisclosed-recipients:;", ""):
        assert pigeonhole.deliver(mail(to=to), written).sent == {}


@pytest.mark.parametrize(("name", "one", "another"), [("", "a", "b"), ("_option_interval", 24, 0)])
def test_a_changed_text_or_interval_is_a_new_answer(name, one, another):
    first, same, other = (
        re.findall(':handle "([^"]+)"', script(**{**KEPT, **ANSWERED, f"autoresponder{name}": value}))
        for value in (one, one, another)
    )
    assert first == same != other


@pytest.mark.parametrize(("hours", "seconds"), [(0, 0), (24, 86400), (1094, 3938400)])
def test_the_interval_is_in_hours(hours, seconds):
    assert f":seconds {seconds} " in script(**{**KEPT, **ANSWERED, "autoresponder_option_interval": hours})


def test_the_last_possible_end_is_a_date(pigeonhole):
    last = script(
        **KEPT, **ANSWERED, autoresponder_option_enddate=CATALOGUE["autoresponder_option_enddate"].kind.highest
    )
    assert set(pigeonhole.deliver(mail(), last).sent) == {SENDER}


def test_long_lines_are_broken_where_mail_would_break_them(pigeonhole):
    paragraph = "Grüße " * 600
    answer = pigeonhole.deliver(mail(), script(**{**KEPT, **ANSWERED, "autoresponder": paragraph})).sent[SENDER]
    lines = answer.get_payload(decode=True).decode().splitlines()
    assert max(len(line.encode()) for line in lines) < 998
    assert " ".join(lines).split() == paragraph.split()


# Whatever people type


@given(answer=TYPED, prefix=LINE)
@example(answer="".join(NASTY), prefix='${1} "\\*?')
@example(answer=".", prefix=".")
@examples(max_examples=40, deadline=None)
def test_any_text_comes_out_as_it_was_typed(pigeonhole, answer, prefix):
    assume(not "hello".startswith(prefix.lower()) or not prefix)
    settings = {**PREFIXED, **ANSWERED, "autoresponder": answer, "forward_option_subject_prefix": prefix}
    sent = pigeonhole.deliver(mail(), script(**settings)).sent
    if answer:
        payload = sent[SENDER].get_payload(decode=True).decode()
        assert payload.replace("\r\n", "\n").rstrip() == answer.rstrip()
    seen = subject_of(sent[FORWARD])
    assert re.sub(r"\s", "", seen) == re.sub(r"\s", "", f"{prefix}hello")


@given(st.data())
@examples(max_examples=40, deadline=None)
def test_any_combination_compiles(pigeonhole, data):
    settings = {name: data.draw(st.booleans(), name) for name in ("delivery_local", "delivery_forward",
                "delivery_autoresponder", "forward_option_restricted")}  # fmt: skip
    settings["autoresponder"] = data.draw(st.one_of(st.none(), TYPED, st.sampled_from(NASTY)))
    settings["autoresponder_option_enddate"] = data.draw(st.one_of(st.none(), st.integers(1, 253_402_300_799)))
    settings["forward_option_subject_prefix"] = data.draw(st.one_of(st.none(), LINE))
    settings["forward_option_reply_to"] = data.draw(st.sampled_from([None, "a@b.example", '"a \\" b"@c.example']))
    settings["forward_recipients"] = data.draw(
        st.lists(st.sampled_from([ADDRESS, "a@b.example", '"a \\"${1}, b"@c.example', "a'${x}@b.example"]))
    )
    written = script(data.draw(st.sampled_from(["mailbox", "forward", "filter"])), **settings)
    assert pigeonhole.compile(written) == ""
