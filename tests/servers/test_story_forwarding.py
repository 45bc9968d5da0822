"""Mail that goes on: to other addresses, to the server behind a filter account, and back as an automatic answer."""

import imaplib
import time

import pytest

from tests.proofs import proves
from tests.servers.clients import Sink, fetch, free_port, imap, message, submit
from tests.servers.hosting import PASSWORD, at_rest, soon
from tests.servers.letters import FRIEND, answer, code, kept, send, sent_on

THERE = "fred@there.example"
FORWARD = {"delivery_forward": True, "forward_recipients": [THERE]}
ANSWER = {"delivery_autoresponder": True, "autoresponder": "I am away."}
AWAY = {**ANSWER, "autoresponder_option_interval": 0}
LOCAL_OFF = {"delivery_local": False}


# What a mailbox does with mail


@proves("delivery_local", "delivery_forward", "delivery_autoresponder", "type")
@pytest.mark.parametrize(
    ("settings", "keeps", "forwards", "answers"),
    [
        ({}, True, False, False),
        ({**FORWARD, **LOCAL_OFF}, False, True, False),
        (FORWARD, True, True, False),
        (ANSWER, True, False, True),
        ({**FORWARD, **ANSWER}, True, True, True),
        ({**FORWARD, **ANSWER, **LOCAL_OFF}, False, True, True),
        ({**FORWARD, "type": "forward"}, False, True, False),
        ({**FORWARD, **ANSWER, "type": "forward"}, False, True, True),
    ],
)
def test_01_mail_is_kept_and_forwarded_and_answered_as_it_says(host, outside, settings, keeps, forwards, answers):
    uma = host.mailbox("uma", **settings)
    send(host, uma)
    host.change(uma, type="mailbox", delivery_local=True)  # to look into one that only forwards, too
    found = sent_on(outside)
    assert (bool(kept(host, uma)), (THERE, "Hello") in found, (FRIEND, "Auto: Hello") in found) == (
        keeps,
        forwards,
        answers,
    )


@proves("delivery_forward", "delivery_local")
def test_02_a_change_holds_for_the_next_message(host, outside):
    uma = host.mailbox("uma", **FORWARD)
    send(host, uma, subject="Both")
    host.change(uma, delivery_local=False)
    send(host, uma, subject="There only")
    host.change(uma, delivery_local=True, delivery_forward=False)
    send(host, uma, subject="Here only")
    assert kept(host, uma) == ["Both", "Here only"]
    assert sent_on(outside) == [(THERE, "Both"), (THERE, "There only")]


@proves("type")
def test_03_nobody_signs_in_to_an_account_that_only_forwards(host):
    uma = host.mailbox("uma", type="forward", **FORWARD)
    with pytest.raises(imaplib.IMAP4.error), imap(host.stack, uma, PASSWORD):
        pass


@proves("type")
def test_04_an_account_that_becomes_a_mailbox_has_one_at_once(host, outside):
    uma = host.mailbox("uma", type="forward", **FORWARD)
    host.change(uma, type="mailbox", delivery_local=True, delivery_forward=False)
    send(host, uma)
    assert (kept(host, uma), sent_on(outside)) == (["Hello"], [])


# Forwarding


@proves("forward_recipients")
def test_10_everybody_gets_it_inside_and_outside(host, outside):
    host.mailbox("max")
    wes = host.mailbox(f"wes@{host.more_domain(f'more.{host.domain}')}")
    host.mailbox("uma", **{**FORWARD, "forward_recipients": [THERE, host.address("max"), wes]})
    send(host, "uma")
    assert (kept(host, "max"), kept(host, wes), sent_on(outside)) == (["Hello"], ["Hello"], [(THERE, "Hello")])


@proves("forward_recipients")
def test_11_a_new_list_of_recipients_holds_for_the_next_message(host, outside):
    uma = host.mailbox("uma", **FORWARD)
    host.change(uma, forward_recipients=["ann@there.example", "bob@there.example"])
    send(host, uma)
    assert sent_on(outside) == [("ann@there.example", "Hello"), ("bob@there.example", "Hello")]


@proves("forward_recipients")
def test_12_mail_to_an_alias_is_forwarded_too(host, outside):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    host.mailbox("uma", aliases=["sales"], **FORWARD)
    for name in ("sales", "uma+x", f"uma@alias.{host.domain}"):
        send(host, name, subject=name)
    assert len(outside.received) == 3


@proves("forward_recipients")
def test_13_two_who_forward_to_each_other_do_so_once(host):
    uma, max_ = host.address("uma"), host.address("max")
    for address, other in ((uma, max_), (max_, uma)):
        host.mailbox(address, delivery_forward=True, forward_recipients=[other])
    send(host, uma)
    assert (len(kept(host, uma)), len(kept(host, max_))) == (2, 1)


def test_14_the_sender_stays_the_sender(host, outside):
    host.mailbox("uma", **FORWARD)
    send(host, "uma")
    assert [(sender, mail["From"]) for sender, _, mail in outside.received] == [(FRIEND, FRIEND)]


def test_15_a_bounce_is_forwarded_as_one(host, outside):
    host.mailbox("uma", **FORWARD)
    send(host, "uma", sender="")
    assert [sender for sender, _, _ in outside.received] == [""]


@proves("forward_option_reply_to")
def test_16_answers_to_forwarded_mail_go_to_the_address_that_was_asked_for(host, outside):
    uma = host.mailbox("uma", **FORWARD, forward_option_reply_to="office@there.example")
    send(host, uma, reply_to="joe@elsewhere.example")
    [(_, _, forwarded)] = outside.received
    [stored] = fetch(host.stack, uma, PASSWORD)
    assert (forwarded.get_all("Reply-To"), stored.get_all("Reply-To")) == (
        ["office@there.example"],
        ["joe@elsewhere.example"],
    )


@proves("forward_option_subject_prefix")
@pytest.mark.parametrize(
    ("prefix", "subject", "there"),
    [
        ("[uma]", "Hello", "[uma] Hello"),
        ("[uma]", "Re: [uma] Hello", "Re: [uma] Hello"),
        ("Für Uma:", "Grüße", "Für Uma: Grüße"),
        ('${x} "100%" %u\\', "Hello", '${x} "100%" %u\\ Hello'),
    ],
)
def test_17_forwarded_mail_has_the_prefix_and_the_kept_copy_has_not(host, outside, prefix, subject, there):
    uma = host.mailbox("uma", **FORWARD, forward_option_subject_prefix=prefix)
    send(host, uma, subject=subject)
    assert (sent_on(outside), kept(host, uma)) == ([(THERE, there)], [subject])


@proves("forward_option_subject_prefix", "forward_option_reply_to")
def test_18_the_kept_copy_is_the_message_as_it_came(host, outside):
    came = message(FRIEND, subject="=?iso-8859-1?q?Gr=FC=DFe?=", date="Sat, 21 Nov 2026 08:02:10 +0000").as_bytes()
    stored = []
    for settings in ({}, {**FORWARD, "forward_option_subject_prefix": "[x]", "forward_option_reply_to": "a@b.example"}):
        uma = host.mailbox(f"uma{len(stored)}", **settings)
        send(host, uma, content=came)
        [mail] = fetch(host.stack, uma, PASSWORD)
        stored.append([(name, str(value)) for name, value in mail.items() if name not in ("Received", "Delivered-To")])
    assert stored[0] == stored[1]


@proves("forward_option_restricted")
def test_19_of_a_closed_list_only_members_write_to_it(host, outside):
    members = [THERE, "ann@there.example"]
    host.mailbox("list", type="forward", delivery_forward=True, forward_recipients=members)
    host.change("list", forward_option_restricted=True)
    send(host, "list", subject="Of a stranger")
    send(host, "list", sender=THERE, subject="Of a member")
    forwarded = [line for line in sent_on(outside) if line[0] in members]
    assert forwarded == [(member, "Of a member") for member in sorted(members)]


@proves("forward_option_restricted")
def test_20_strangers_to_a_closed_list_are_told(host, outside):
    host.mailbox("list", type="forward", **FORWARD, forward_option_restricted=True)
    send(host, "list")
    [(sender, recipients, told)] = outside.received
    assert (sender, recipients) == ("", [FRIEND])
    assert "can write to it" in told.as_string()


@proves("forward_option_restricted")
def test_21_a_mailbox_keeps_what_strangers_write_and_forwards_what_members_write(host, outside):
    uma = host.mailbox("uma", **FORWARD, forward_option_restricted=True)
    send(host, uma, subject="Of a stranger")
    send(host, uma, sender=THERE, subject="Of a member")
    assert kept(host, uma) == ["Of a stranger", "Of a member"]
    assert sent_on(outside) == [(THERE, "Of a member")]


@proves("spamtag", "spamheader")
def test_22_spam_is_forwarded_marked_by_an_account_that_only_forwards(host, outside):
    host.mailbox("uma", type="forward", **FORWARD)
    send(host, "uma", x_test_score=9)
    [(_, recipients, mail)] = outside.received
    assert (recipients, mail["Subject"], mail["X-Spam"]) == ([THERE], "[SPAM] Hello", "Spam detected")


@proves("spamtag")
@pytest.mark.parametrize("words", [300, 1000])
def test_23_no_subject_is_too_long_to_be_marked(host, words):
    uma = host.mailbox("uma", filterdelivery="passthrough")
    headers = f"From: {FRIEND}\r\nTo: {uma}\r\nX-Test-Score: 9\r\nSubject: offer".encode()
    send(host, uma, content=headers + b"\r\n special" * words + b"\r\n\r\nHello\r\n")
    [mail] = fetch(host.stack, uma, PASSWORD)
    assert (mail["Subject"][:12], mail["X-Spam"]) == ("[SPAM] offer", "Spam detected")


@proves("service_smtpin")
@pytest.mark.parametrize("state", ["disabled", "suspended"])
def test_24_who_takes_no_mail_takes_none_that_is_forwarded_either(host, outside, state):
    max_ = host.mailbox("max", service_smtpin=state)
    host.mailbox("uma", delivery_forward=True, forward_recipients=[max_])
    send(host, "uma")
    [(sender, recipients, told)] = outside.received
    assert (kept(host, max_), sender, recipients) == ([], "", [FRIEND])
    assert "The mailbox" in told.as_string()


@proves("forward_recipients")
def test_25_a_thousand_recipients_get_it_inside_and_outside(host, outside):
    there = [f"user{number}-{'x' * 40}@{'long.' * 20}example" for number in range(998)]
    wes = host.mailbox(f"wes@{host.more_domain(f'more.{host.domain}')}")
    host.mailbox("max")
    host.mailbox("uma", delivery_forward=True, forward_recipients=[*there, wes, host.address("max")])
    send(host, "uma")
    assert {recipient for recipient, _ in sent_on(outside)} == set(there)
    assert (kept(host, wes), kept(host, "max"), kept(host, "uma")) == (["Hello"], ["Hello"], ["Hello"])


@proves("forward_recipients", "type")
def test_26_mail_that_goes_round_in_a_circle_goes_back(host, outside):
    uma, max_ = host.address("uma"), host.address("max")
    for address, other in ((uma, max_), (max_, uma)):
        host.mailbox(address, type="forward", delivery_forward=True, forward_recipients=[other])
    send(host, uma)
    assert sent_on(outside) == [(FRIEND, "Rejected: Hello")]


# Automatic answers


def answers(outside):
    return [mail for _, recipients, mail in outside.received if recipients == [FRIEND]]


@proves("autoresponder")
def test_30_the_answer_has_the_text_and_comes_from_the_mailbox(host, outside):
    uma = host.mailbox("uma", **{**ANSWER, "autoresponder": 'Ich bin weg.\n.\nGrüße, ${1} "Uma" \\o/'})
    send(host, uma)
    [mail] = answers(outside)
    assert (mail["From"], mail["To"], mail["Auto-Submitted"]) == (uma, FRIEND, "auto-replied (vacation)")
    assert mail.get_content().replace("\r\n", "\n") == 'Ich bin weg.\n.\nGrüße, ${1} "Uma" \\o/\n'


@proves("autoresponder")
def test_31_a_new_text_is_sent_to_those_who_know_the_old_one(host, outside):
    uma = host.mailbox("uma", **ANSWER)
    send(host, uma)
    host.change(uma, autoresponder="Still away.")
    send(host, uma)
    assert [mail.get_content().strip() for mail in answers(outside)] == ["I am away.", "Still away."]


@proves("autoresponder_option_interval")
@pytest.mark.parametrize(("hours", "times"), [(24, 1), (1, 1), (0, 3)])
def test_32_a_sender_is_answered_once_in_the_interval(host, outside, hours, times):
    uma = host.mailbox("uma", **ANSWER, autoresponder_option_interval=hours)
    for number in range(3):
        send(host, uma, subject=f"Number {number}")
    assert len(answers(outside)) == times


@proves("autoresponder_option_interval")
def test_33_everybody_is_answered(host, outside):
    uma = host.mailbox("uma", **ANSWER)
    for sender in (THERE, FRIEND):
        send(host, uma, sender=sender)
    assert sent_on(outside) == [(THERE, "Auto: Hello"), (FRIEND, "Auto: Hello")]


@proves("autoresponder_option_enddate")
@pytest.mark.parametrize(("seconds", "times"), [(-2, 0), (3600, 1)])
def test_34_there_are_answers_until_the_end(host, outside, seconds, times):
    uma = host.mailbox("uma", **ANSWER, autoresponder_option_enddate=int(time.time()) + seconds)
    send(host, uma)
    assert (len(answers(outside)), kept(host, uma)) == (times, ["Hello"])


@proves("delivery_autoresponder")
def test_35_there_are_no_answers_any_more_when_they_are_switched_off(host, outside):
    uma = host.mailbox("uma", **AWAY)
    host.change(uma, delivery_autoresponder=False)
    send(host, uma)
    assert answers(outside) == []


@proves("delivery_autoresponder")
@pytest.mark.parametrize("delivery", ["quarantine", "passthrough"])
def test_36_spam_is_not_answered(host, outside, delivery):
    uma = host.mailbox("uma", **AWAY, filterdelivery=delivery)
    send(host, uma, x_test_score=9)
    assert answers(outside) == []


@proves("delivery_autoresponder")
@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("", {}),
        ("mailer-daemon@elsewhere.example", {}),
        (FRIEND, {"precedence": "bulk"}),
        (FRIEND, {"list_id": "<x.example>"}),
        (FRIEND, {"auto_submitted": "auto-replied"}),
    ],
)
def test_37_programs_are_not_answered(host, outside, sender, headers):
    host.mailbox("uma", **AWAY)
    send(host, "uma", sender=sender, **headers)
    assert outside.received == []


@proves("delivery_autoresponder", "aliases")
@pytest.mark.parametrize("form", ["sales@{}", "uma+x@{}", "uma@alias.{}", "sales+x@alias.{}", "UMA@{}"])
def test_38_mail_to_any_name_of_the_mailbox_is_answered(host, outside, form):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    host.mailbox("uma", aliases=["sales"], **ANSWER)
    send(host, form.format(host.domain))
    assert len(answers(outside)) == 1


@proves("delivery_autoresponder")
def test_39_who_was_not_named_in_a_message_does_not_answer(host, outside):
    host.mailbox("uma", **ANSWER)
    send(host, "uma", to="undisclosed-recipients:;")
    assert answers(outside) == []


@proves("delivery_autoresponder", "catchall")
def test_40_a_catch_all_does_not_answer_for_names_that_nobody_has(host, outside):
    uma = host.mailbox("uma", **ANSWER)
    host.change_domain(catchall=uma)
    send(host, "zoe")
    assert (answers(outside), kept(host, uma)) == ([], ["Hello"])


def test_41_two_who_are_away_do_not_answer_each_other(host, outside):
    uma, max_ = host.mailbox("uma", **AWAY), host.mailbox("max", **AWAY)
    submit(host.stack, uma, PASSWORD, max_)
    at_rest(host.stack)
    assert (kept(host, uma), kept(host, max_)) == (["Auto: Hello"], ["Hello"])


# Filter accounts


@pytest.fixture
def theirs():
    """The server behind the filter accounts of a domain."""
    with Sink(free_port()) as sink:
        yield sink


def at(sink):
    return f"127.0.0.1:{sink.server_address[1]}"


@pytest.fixture
def filtered(host, theirs):
    host.change_domain(filtermx=at(theirs))
    return host.mailbox("uma", type="filter", aliases=["sales"])


@proves("type", "delivery_filter", "filtermx")
def test_50_clean_mail_goes_on_to_the_other_server_as_it_came(host, filtered, theirs):
    send(host, filtered, subject="Grüße")
    [(sender, recipients, mail)] = theirs.received
    assert (sender, recipients, mail["Subject"], mail["To"]) == (FRIEND, [filtered], "Grüße", filtered)


@proves("delivery_filter")
def test_51_nothing_is_kept_of_mail_that_goes_on(host, filtered):
    send(host, filtered)
    assert kept(host, filtered) == []


@proves("delivery_filter", "aliases")
@pytest.mark.parametrize("name", ["sales", "uma+x", "sales+x"])
def test_52_mail_to_any_name_of_a_filter_account_reaches_it_there(host, filtered, theirs, name):
    send(host, name)
    assert sent_on(theirs) == [(filtered, "Hello")]


@proves("filtermx")
def test_53_mail_goes_to_the_new_server_at_once(host, filtered, theirs):
    with Sink(free_port()) as other:
        host.change_domain(filtermx=at(other))

        def arrives():
            send(host, filtered)
            return other.received

        soon(arrives)


@proves("filterdelivery", "delivery_filter")
def test_54_spam_of_a_filter_account_is_kept_here(host, filtered, theirs):
    send(host, filtered, x_test_score=9)
    assert (theirs.received, kept(host, filtered, "Spam")) == ([], ["Hello"])


@proves("filterdelivery", "spamheader", "delivery_filter")
def test_55_or_passed_on_with_the_header(host, filtered, theirs):
    host.change(filtered, filterdelivery="passthrough")
    send(host, filtered, x_test_score=9)
    [(_, _, mail)] = theirs.received
    assert (mail["Subject"], mail["X-Spam"]) == ("Hello", "Spam detected")


@proves("delivery_filter")
def test_56_a_name_that_is_no_filter_account_is_refused(host, filtered):
    assert [answer(host, name)[1][:5] for name in ("nobody", "nobody+x")] == ["5.1.1"] * 2


@proves("type")
def test_57_a_mailbox_of_the_same_domain_stays_here(host, filtered, theirs):
    host.mailbox("max")
    send(host, "max", filtered)
    assert (kept(host, "max"), sent_on(theirs)) == (["Hello"], [(filtered, "Hello")])


@proves("type")
def test_58_a_filter_account_that_becomes_a_mailbox_keeps_its_mail(host, filtered, theirs):
    host.change(filtered, type="mailbox")
    send(host, filtered)
    assert (kept(host, filtered), theirs.received) == (["Hello"], [])


@proves("delivery_filter")
def test_59_a_message_that_comes_twice_goes_on_twice(host, filtered, theirs):
    """By a list and straight, say: what is one message too many is not ours to say."""
    same = message(FRIEND, to=filtered)
    send(host, filtered, content=same)
    time.sleep(1.1)  # Pigeonhole counts in seconds
    send(host, "sales", content=same)
    assert sent_on(theirs) == [(filtered, "Hello")] * 2


@proves("filtermx")
def test_60_mail_waits_while_the_domain_names_no_server(host, filtered, theirs):
    host.change_domain(filtermx=None)
    soon(lambda: send(host, filtered).code == 250 and queue_says(host, filtered, "filtermx is not set"))


def queue_says(host, filtered, text):
    log = host.stack.dir / "log" / "postfix.log"
    return text in log.read_text()


@proves("service_smtpin")
@pytest.mark.parametrize("name", ["uma", "sales", "uma+x"])
def test_61_a_filter_account_that_takes_no_mail_takes_none(host, filtered, name):
    host.change(filtered, service_smtpin="disabled")
    assert code(host, name) == 550
