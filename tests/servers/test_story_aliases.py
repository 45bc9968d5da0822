"""Aliases of People's kind at the real servers: where mail ends, and what senders hear."""

import imaplib

import pytest

from postroom.actions import aliases, domain_switch, domains
from postroom.core.roles import OPERATOR
from postroom.store.models import Mailbox
from tests import cast
from tests.servers.clients import imap, message, submit
from tests.servers.hosting import PASSWORD, Hosting, at_rest
from tests.servers.letters import answer, code, kept, send, sent_on

JOE = "joe@there.example"


@pytest.fixture
def uma(host):
    return host.mailbox("uma")


@pytest.fixture
def max(host):
    return host.mailbox("max")


def add(host, local_part, *destinations, domain=None):
    for destination in destinations:
        aliases.create(OPERATOR, cast.origin(), domain or host.domain, local_part, host.address(destination))


def remove(host, local_part):
    aliases.remove_all(OPERATOR, cast.origin(), host.domain, local_part)


def test_01_everybody_gets_one_copy_here_and_elsewhere(host, outside, uma, max):
    add(host, "info", uma, max, JOE)
    send(host, "info")
    assert (kept(host, uma), kept(host, max), sent_on(outside)) == (["Hello"], ["Hello"], [(JOE, "Hello")])


def test_02_an_alias_is_there_at_once_and_gone_at_once(host, uma):
    answers = [code(host, "info")]
    add(host, "info", uma)
    answers.append(code(host, "info"))
    remove(host, "info")
    assert [*answers, code(host, "info")] == [550, 250, 550]


def test_03_a_mailbox_of_its_name_gets_the_mail_too(host, outside, uma):
    add(host, "uma", JOE)
    send(host, uma)
    assert (kept(host, uma), sent_on(outside)) == (["Hello"], [(JOE, "Hello")])


def test_04_when_that_is_disabled_the_others_get_it_alone(host, outside, uma):
    Mailbox.objects.filter(address=uma).update(status="disabled")
    add(host, "uma", JOE)
    send(host, uma)
    assert sent_on(outside) == [(JOE, "Hello")]
    remove(host, "uma")
    assert code(host, uma) == 550
    Mailbox.objects.filter(address=uma).update(status="enabled")
    host.change(uma, name="Back")
    assert kept(host, uma) == []


@pytest.mark.parametrize("destination", ["devnull@devnull", "x@localhost"])
def test_05_what_is_swallowed_is_taken_and_goes_nowhere(host, outside, destination):
    host.mailbox("zoe")
    host.change_domain(catchall="zoe")
    add(host, "void", destination)
    assert send(host, "void").code == 250
    assert send(host, "void+x").code == 250
    assert (kept(host, "zoe"), sent_on(outside)) == ([], [])


def test_06_nobody_can_send_there_from_outside(host):
    assert [code(host, f"swallow@{place}") for place in ("exit.postroom.internal", "devnull", "localhost")] == [554] * 3


def test_07_circles_end(host, outside, uma):
    add(host, "a", f"b@{host.domain}", uma)
    add(host, "b", f"c+x@{host.domain}")
    add(host, "c", f"a@{host.domain}", f"c@{host.domain}", JOE)
    for name in ("a", "b", "c"):
        assert send(host, name, subject=name).code == 250
    assert kept(host, uma) == ["a", "b", "c"]
    assert sent_on(outside) == [(JOE, "a"), (JOE, "b"), (JOE, "c")]


def test_08_people_who_copy_each_other_get_one_each(host, uma, max):
    add(host, "uma", max)
    add(host, "max", uma)
    send(host, uma)
    assert (kept(host, uma), kept(host, max)) == (["Hello"], ["Hello"])


def test_09_an_alias_that_leads_to_itself_alone_is_nobody(host):
    add(host, "a", "a")
    assert answer(host, "a")[1].startswith("5.1.1")


def test_10_a_mailbox_that_forwards_to_an_alias_of_its_own_does_so_once(host, outside, uma):
    add(host, "info", uma, JOE)
    host.change(uma, delivery_forward=True, forward_recipients=[f"info@{host.domain}"])
    send(host, "info")
    at_rest(host.stack)
    assert (kept(host, uma), sent_on(outside)) == (["Hello"] * 2, [(JOE, "Hello")] * 2)


def test_11_aliases_of_aliases_lead_to_their_end_in_another_domain_too(host, outside, uma):
    other = host.more_domain(f"other.{host.domain}")
    add(host, "all", f"team@{other}")
    add(host, "team", uma, JOE, domain=other)
    send(host, "all")
    assert (kept(host, uma), sent_on(outside)) == (["Hello"], [(JOE, "Hello")])


@pytest.mark.parametrize("form", ["info@alias.{}", "info+x@alias.{}", "info+x@{}"])
def test_12_an_alias_is_there_under_every_name_of_its_domain(host, uma, form):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    add(host, "info", uma)
    send(host, form.format(host.domain))
    assert kept(host, uma) == ["Hello"]


def test_13_a_catch_all_gets_nothing_for_an_alias_and_its_room_does_not_matter(host, uma):
    host.mailbox("zoe", quota=1)
    host.change_domain(catchall="zoe")
    add(host, "info", uma)
    send(host, "info")
    assert (kept(host, "zoe"), kept(host, uma)) == ([], ["Hello"])
    assert code(host, "info", size=3_000_000) == 250


def test_14_a_destination_in_an_unicode_domain_gets_it(host, outside):
    add(host, "info", "joe@bücher.example")
    send(host, "info")
    assert sent_on(outside) == [("joe@xn--bcher-kva.example", "Hello")]


def test_15_nobody_sends_or_signs_in_as_an_alias(host, outside, uma):
    info = f"info@{host.domain}"
    add(host, "info", uma)
    assert submit(host.stack, uma, PASSWORD, JOE, message(info, JOE), sender=info).code == 553
    with pytest.raises(imaplib.IMAP4.error), imap(host.stack, info, PASSWORD):
        pass


def test_16_a_copy_gives_no_right_to_send(host, outside, uma, max):
    add(host, "uma", max)
    assert submit(host.stack, max, PASSWORD, JOE, message(uma, JOE), sender=uma).code == 553
    assert submit(host.stack, uma, PASSWORD, JOE, message(uma, JOE), sender=uma).code == 250


def test_17_those_who_sign_in_reach_aliases_as_others_do(host, outside, uma, max):
    add(host, "info", max, JOE)
    assert submit(host.stack, uma, PASSWORD, f"info@{host.domain}").code == 250
    at_rest(host.stack)
    assert (kept(host, max), [to for to, _ in sent_on(outside)]) == (["Hello"], [JOE])


def test_18_a_domain_that_is_switched_off_refuses_its_aliases_and_takes_them_again(host, uma):
    add(host, "info", uma)
    domain_switch.disable(OPERATOR, cast.origin(), host.domain)
    assert code(host, "info") == 550
    domain_switch.enable(OPERATOR, cast.origin(), host.domain)
    assert code(host, "info") == 250


def test_19_a_claim_leads_no_mail_away(host, outside, uma, unique):
    """Somebody says that a domain is theirs, and has aliases, a catch-all and mailboxes there."""
    thief = Hosting(host.stack, f"big-{unique}", trusted=False)
    box = thief.mailbox("thief", aliases=["boss"])
    thief.change_domain(catchall="thief", aliases=[f"bigger-{unique}"])
    add(thief, "chief", box)
    there = [f"{name}@{place}" for place in (thief.domain, f"bigger-{unique}") for name in ("boss", "chief", "any")]
    assert submit(host.stack, uma, PASSWORD, there).code == 250
    at_rest(host.stack)
    assert sorted(to for to, _ in sent_on(outside)) == sorted(there)
    assert {code(thief, address) for address in there} == {450}


def test_20_drift_finds_nothing_wrong_with_aliases(host, uma):
    add(host, "uma", JOE)
    add(host, "info", uma)
    done = host.stack.postroom("drift")
    assert host.domain not in done.stdout


def test_21_names_of_a_domain_that_close_a_circle_do_no_harm(host, uma):
    more = f"more.{host.domain}"
    add(host, "a", f"b@{more}")
    add(host, "b", "a", uma)
    domains.change(OPERATOR, cast.origin(), host.domain, {"aliases": [more]})
    assert send(host, "a").code == 250
    assert kept(host, uma) == ["Hello"]
