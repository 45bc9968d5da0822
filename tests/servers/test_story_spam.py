"""What is spam, and what becomes of it, as companies, domains and mailboxes say."""

import pytest

from tests.proofs import proves
from tests.servers.clients import await_mail, deliver, message
from tests.servers.hosting import PASSWORD, soon

SPAM, HAM = 9, 0
SENDER = "remote@elsewhere.example"


@pytest.fixture
def uma(host):
    return host.mailbox("uma")


def send(host, score, *recipients, sender=SENDER, envelope=None, **headers):
    content = message(sender, recipients[0], x_test_score=score, **headers)
    return deliver(host.stack, list(recipients), content, sender=envelope or sender)


def found(host, address, folder="INBOX", count=1):
    return await_mail(host.stack, address, PASSWORD, folder, count)[-1]


def lands(host, address, folder, score=SPAM, **more):
    """Whether a message ends up there."""
    assert send(host, score, address, **more).code == 250
    return found(host, address, folder)


@proves("spamlevel")
@pytest.mark.parametrize(("level", "threshold"), [("Normal", 6), ("High", 4), ("Very High", 2)])
def test_01_a_level_says_from_which_score_mail_is_spam(host, uma, level, threshold):
    host.change_domain(spamlevel=level)
    new = host.mailbox("new")
    assert lands(host, new, "INBOX", threshold - 0.5) and lands(host, new, "Spam", threshold + 0.5)


@proves("spamlevel")
def test_02_a_mailbox_has_a_level_of_its_own(host, uma):
    host.change("uma", spamlevel="Very High")
    assert lands(host, uma, "Spam", 3)


@proves("spamlevel")
def test_03_a_changed_level_of_the_domain_reaches_the_mailboxes_there_are(host, uma):
    host.change_domain(spamlevel="Very High")
    soon(lambda: _reached(uma, stars="**"))
    assert lands(host, uma, "Spam", 3)


@proves("spamlevel")
def test_04_a_changed_level_of_the_company_reaches_them_too(host, uma):
    host.change_company(spamlevel="High")
    soon(lambda: _reached(uma, stars="****"))
    assert lands(host, uma, "Spam", 5)


def _reached(login, **columns):
    from postroom.store.models import MailLogin

    return MailLogin.objects.filter(login=login, **columns).exists()


@proves("spamfolder", "filterdelivery")
def test_05_one_message_obeys_the_settings_of_each_recipient(host, uma):
    wes = host.mailbox("wes", filterdelivery="passthrough", spamtag="[JUNK]")
    ulf = host.mailbox("ulf", spamfolder="Junk/Caught")
    zoe = host.mailbox("zoe", allow=[SENDER])
    send(host, SPAM, uma, wes, ulf, zoe)
    where = [found(host, uma, "Spam"), found(host, wes), found(host, ulf, "Junk/Caught"), found(host, zoe)]
    assert [m["Subject"] for m in where] == ["Hello", "[JUNK] Hello", "Hello", "Hello"]


@proves("filterdelivery")
def test_06_passed_through_spam_is_among_the_other_mail(host, uma):
    host.change("uma", filterdelivery="passthrough")
    assert lands(host, uma, "INBOX")


@proves("filterdelivery")
def test_07_the_next_message_obeys_a_change(host, uma):
    host.change("uma", filterdelivery="passthrough")
    lands(host, uma, "INBOX")
    host.change("uma", filterdelivery="quarantine")
    assert lands(host, uma, "Spam")


@proves("spamheader")
def test_08_passed_through_spam_gets_the_header(host, uma):
    host.change("uma", filterdelivery="passthrough", spamheader="X-Verdict: guilty: very")
    assert lands(host, uma, "INBOX")["X-Verdict"] == "guilty: very"


@proves("spamheader")
def test_09_other_mail_gets_none(host, uma):
    host.change("uma", filterdelivery="passthrough")
    assert lands(host, uma, "INBOX", HAM)["X-Spam"] is None


@proves("spamtag")
@pytest.mark.parametrize(("tag", "subject"), [("[Ünerwünscht]", "[Ünerwünscht] Grüße"), ("", "Grüße")])
def test_10_the_tag_goes_before_the_subject(host, uma, tag, subject):
    host.change("uma", filterdelivery="passthrough", spamtag=tag)
    assert lands(host, uma, "INBOX", subject="Grüße")["Subject"] == subject


@proves("spamfolder")
def test_11_a_folder_of_the_domain_holds_for_its_mailboxes(host):
    host.change_domain(spamfolder="Trash/Spam")
    new = host.mailbox("new")
    assert lands(host, new, "Trash/Spam")


def test_12_a_sender_cannot_say_how_good_the_mail_is(host, uma):
    assert lands(host, uma, "INBOX", HAM, x_spam_level="*" * 20, x_spam_flag="YES")["X-Spam-Flag"] is None


ALLOWED = [
    ("remote@elsewhere.example", True),
    ("REMOTE@Elsewhere.example", True),
    ("*@elsewhere.example", True),
    ("*@*.example", True),
    ("remot+@elsewhere.example", True),  # + is exactly one character
    ("elsewhere.example", True),
    ("re+@elsewhere.example", False),
    ("*@sub.elsewhere.example", False),
    ("remote@elsewhere.exampl", False),
]


@proves("allow")
@pytest.mark.parametrize(("entry", "allowed"), ALLOWED)
def test_13_allowed_senders_never_send_spam(host, uma, entry, allowed):
    host.change("uma", allow=[entry])
    assert lands(host, uma, "INBOX" if allowed else "Spam")


@proves("block")
@pytest.mark.parametrize(("entry", "blocked"), ALLOWED)
def test_14_blocked_senders_always_do(host, uma, entry, blocked):
    host.change("uma", block=[entry])
    assert lands(host, uma, "Spam" if blocked else "INBOX", HAM)


@proves("allow", "block")
def test_15_allow_goes_before_block(host, uma):
    host.change("uma", block=["*@elsewhere.example"], allow=[SENDER])
    assert lands(host, uma, "INBOX", HAM)


@proves("block")
@pytest.mark.parametrize("level", ["domain", "company"])
def test_16_lists_of_domain_and_company_hold_for_every_mailbox(host, uma, level):
    (host.change_domain if level == "domain" else host.change_company)(block=["*@elsewhere.example"])
    soon(lambda: _reached(uma, lists=1))
    assert lands(host, uma, "Spam", HAM)


@proves("allow", "block")
def test_17_the_lists_are_added_up(host, uma):
    host.change_domain(block=["*@elsewhere.example"])
    host.change("uma", allow=[SENDER])
    soon(lambda: _reached(uma, lists=3))
    assert lands(host, uma, "INBOX", SPAM)


@proves("block")
def test_18_the_sender_on_the_envelope_counts_too(host, uma):
    host.change("uma", block=["*@bounces.example"])
    assert lands(host, uma, "Spam", HAM, envelope="list@bounces.example")


@proves("block")
def test_19_a_list_that_is_emptied_blocks_nobody(host, uma):
    host.change("uma", block=["*@elsewhere.example"])
    lands(host, uma, "Spam", HAM)
    host.change("uma", block=[])
    assert lands(host, uma, "INBOX", HAM)


@proves("allow", "block")
def test_20_a_thousand_entries_of_each_work(host, uma):
    many = [f"*someone{n}+@*.nowhere{n}.example" for n in range(999)]
    host.change("uma", block=[*many, "*@elsewhere.example"], allow=[*many, SENDER])
    assert lands(host, uma, "INBOX", SPAM)


def refuses(host, address, score=SPAM, **more):
    """The worker has told Rspamd, and it refuses."""
    outcome = {}

    def look():
        outcome["code"] = send(host, score, address, **more).code
        return outcome["code"] != 451  # put off until Rspamd has been told

    soon(look)
    return outcome["code"]


@proves("reject_spam")
def test_21_spam_is_refused_at_the_door(host, uma):
    host.change("uma", reject_spam=True)
    assert refuses(host, uma) == 554


@proves("reject_spam")
def test_22_other_mail_is_not(host, uma):
    host.change("uma", reject_spam=True)
    assert refuses(host, uma, HAM) == 250


@proves("reject_spam")
def test_23_the_door_knows_the_level(host, uma):
    host.change("uma", reject_spam=True, spamlevel="Very High")
    assert refuses(host, uma, 3) == 554


@proves("reject_spam")
@pytest.mark.parametrize(("entry", "score", "code"), [("allow", SPAM, 250), ("block", HAM, 554)])
def test_24_the_door_knows_the_lists(host, uma, entry, score, code):
    host.change("uma", reject_spam=True, **{entry: ["*mote@elsewhere.+xample"]})
    assert refuses(host, uma, score) == code


@proves("reject_spam")
def test_25_for_several_recipients_spam_is_taken_and_put_aside(host, uma):
    host.change("uma", reject_spam=True)
    wes = host.mailbox("wes")
    send(host, SPAM, uma, wes)
    assert found(host, uma, "Spam") and found(host, wes, "Spam")


@proves("reject_spam")
def test_26_switched_off_it_is_taken_again(host, uma):
    host.change("uma", reject_spam=True)
    refuses(host, uma)
    host.change("uma", reject_spam=False)
    assert lands(host, uma, "Spam")
