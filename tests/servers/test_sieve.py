"""What happens to a message at its recipient: lists, spam, own script, personal script, in that order."""

import pytest

from tests.servers import rows
from tests.servers.clients import ManageSieve, await_mail, fetch, lmtp, message


@pytest.fixture
def number(live, unique):
    return rows.domain(unique)


@pytest.fixture
def uma(live, unique, number):
    login = f"uma@{unique}"
    rows.mailbox(login)
    return login


def scored(stars, **headers):
    return message(subject="Offer", x_spam_level="*" * stars, **headers)


def own_id(login):
    from postroom.store.models import projection

    return projection.MailLogin.objects.get(login=login).mailbox_id


ALLOW = 'require ["imap4flags"]; if header :is "From" "remote@elsewhere.example" { addflag "$PostroomAllow"; }'
BLOCK = ALLOW.replace("Allow", "Block")


@pytest.mark.parametrize(("stars", "folder"), [(5, "INBOX"), (6, "Spam"), (20, "Spam")])
def test_the_score_decides(live, uma, stars, folder):
    lmtp(live, uma, scored(stars))
    assert len(await_mail(live, uma, rows.PASSWORD, folder)) == 1


def test_each_mailbox_has_its_own_threshold_and_folder(live, uma):
    rows.change(uma, stars="**", spam_folder="Junk/Räuber")
    lmtp(live, uma, scored(2))
    [mail] = await_mail(live, uma, rows.PASSWORD, "Junk/R&AOQ-uber")
    assert "$Junk" in mail.flags


@pytest.mark.parametrize(
    ("tag", "subject"),
    [("[SPAM]", "[SPAM] Offer"), ("", "Offer"), ("100% %u ${x}", "100% %u ${x} Offer"), ("Größe", "Größe Offer")],
)
def test_spam_that_passes_is_tagged(live, uma, tag, subject):
    rows.change(uma, spam_delivery="passthrough", spam_tag=tag)
    lmtp(live, uma, scored(6))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert (mail["Subject"], "$Junk" in mail.flags) == (subject, True)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [("X-Spam: Spam detected", "X-Spam", "Spam detected"), ("X-Bad:yes: 1", "X-Bad", "yes: 1")],
)
def test_spam_that_passes_gets_the_header(live, uma, line, name, value):
    rows.change(uma, spam_delivery="passthrough", spam_header=line)
    lmtp(live, uma, scored(6, **{name.lower().replace("-", "_"): "forged"}))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert mail.get_all(name) == [value]


def test_what_is_no_spam_is_left_alone(live, uma):
    rows.change(uma, spam_delivery="passthrough")
    lmtp(live, uma, message(subject="Lunch"))
    [mail] = await_mail(live, uma, rows.PASSWORD)
    assert (mail["Subject"], mail["X-Spam"], "$Junk" in mail.flags) == ("Lunch", None, False)


@pytest.mark.parametrize("owner", ["domain", "mailbox"])
@pytest.mark.parametrize(("text", "stars", "folder"), [(ALLOW, 20, "INBOX"), (BLOCK, 0, "Spam")])
def test_lists_decide_before_the_score(live, uma, number, owner, text, stars, folder):
    rows.script(f"d{number}" if owner == "domain" else f"m{own_id(uma)}", "lists", text)
    rows.change(uma, lists=1 if owner == "domain" else 2)
    lmtp(live, uma, scored(stars))
    [mail] = await_mail(live, uma, rows.PASSWORD, folder)
    assert not {flag for flag in mail.flags if flag.startswith("$Postroom")}


@pytest.mark.parametrize(("of_domain", "of_mailbox"), [(ALLOW, BLOCK), (BLOCK, ALLOW)])
def test_allow_wins_wherever_it_stands(live, uma, number, of_domain, of_mailbox):
    rows.script(f"d{number}", "lists", of_domain)
    rows.script(f"m{own_id(uma)}", "lists", of_mailbox)
    rows.change(uma, lists=3)
    lmtp(live, uma, scored(20))
    assert await_mail(live, uma, rows.PASSWORD, "INBOX")


def test_a_changed_list_holds_for_the_next_message(live, uma, number):
    rows.change(uma, lists=1)
    for text in (ALLOW, BLOCK):
        rows.script(f"d{number}", "lists", text)
        lmtp(live, uma, scored(0))
    assert len(await_mail(live, uma, rows.PASSWORD, "Spam")) == 1


@pytest.mark.parametrize("lists", [0, 1, 2, 3])
def test_the_own_script_runs_beside_any_lists(live, uma, number, lists):
    for owner in (f"d{number}", f"m{own_id(uma)}"):
        rows.script(owner, "lists", "keep;")
    rows.script(f"m{own_id(uma)}", "own", 'require ["fileinto", "mailbox"]; fileinto :create "Own";')
    rows.change(uma, lists=lists, own_script=True)
    lmtp(live, uma)
    assert await_mail(live, uma, rows.PASSWORD, "Own")


def test_spam_in_quarantine_reaches_no_further_script(live, uma):
    rows.script(f"m{own_id(uma)}", "own", 'require ["fileinto", "mailbox"]; fileinto :create "Own";')
    rows.change(uma, own_script=True)
    lmtp(live, uma, scored(6))
    assert await_mail(live, uma, rows.PASSWORD, "Spam")
    assert fetch(live, uma, rows.PASSWORD, "Own") == []


def test_the_personal_script_comes_last(live, uma):
    with ManageSieve(live, uma, rows.PASSWORD) as session:
        session.put("mine", 'require ["fileinto", "mailbox"]; fileinto :create "Mine";')
        session.activate("mine")
    rows.script(f"m{own_id(uma)}", "own", 'require ["imap4flags"]; addflag "seen-by-own";')
    rows.change(uma, own_script=True)
    lmtp(live, uma)
    [mail] = await_mail(live, uma, rows.PASSWORD, "Mine")
    assert "seen-by-own" in mail.flags


def test_a_script_that_does_not_compile_loses_no_mail(live, uma):
    rows.script(f"m{own_id(uma)}", "own", "this is no Sieve")
    rows.change(uma, own_script=True)
    lmtp(live, uma)
    assert await_mail(live, uma, rows.PASSWORD)


def test_mail_in_the_queue_of_a_disabled_mailbox_is_delivered(live, uma):
    rows.change(uma, active=False)
    assert lmtp(live, uma).code == 250
