"""A town hall brings its domain, from the claim to its people's mail: by REST, with a real server, worker, DNS and
mail servers; and the same while these break."""

import email.policy
import json
import time
from contextlib import ExitStack
from http import HTTPStatus

import dkim
import dns.message
import dns.query
import pytest

from postroom.core import dkim as ours
from postroom.store.models import Domain, History, Mailbox
from tests.dns_server import RESOLVER, World
from tests.links import code
from tests.servers import hosting
from tests.servers.clients import await_mail, deliver, fetch, imap, message, submit, wait_for
from tests.servers.letters import FRIEND
from tests.servers.test_story_people import has_ended, signs_in
from tests.servers.town import PATIENCE, PEOPLE, Person, Town, server

ANNS, BENS = "A-lamp-under-7-stairs", "B-lamp-over-8-stairs"
WELCOME = "Your new mailbox information"
SPEAKER = "127.0.0.2"
"""The name server of every town here."""


@pytest.fixture(scope="module")
def world(stack):
    """The DNS that the servers' platform asks, in place of the resolver of the stack."""
    with World() as world:
        world.zone("postroom.test", "mx A 127.0.0.1")
        told = stack.postroom("platform", "set", "mailstack", "dns", json.dumps({**world.settings, "seconds": 5}))
        assert told.returncode == 0, told.stderr
        yield world
        stack.postroom("platform", "set", "mailstack", "dns", "null")


@pytest.fixture(scope="module")
def url(stack):
    with server(stack) as url:
        yield url


@pytest.fixture
def claimed(live, worker, world, url, unique):
    """Olga has signed in and claimed it; nothing is in DNS yet."""
    hosting.await_keys(live)
    town = Town(live, world, url, f"town-{unique}")
    town.claim()
    town.await_check()
    return town


@pytest.fixture
def town(claimed):
    """With two mailboxes that wait."""
    for name in PEOPLE:
        claimed.add(name)
    return claimed


@pytest.fixture
def proved(town):
    """Enabled, its mailboxes on the servers, both people written to."""
    town.publish()
    town.fetch()
    town.await_welcomes()
    town.await_step()
    return town


@pytest.fixture
def living(proved):
    """Ann and Ben have used their links."""
    for name, password in zip(PEOPLE, (ANNS, BENS), strict=True):
        proved.use_link(code(proved.home(name)), password)
    proved.await_step()
    return proved


def subjects(town, local_part, password):
    return [mail["Subject"] for mail in fetch(town.stack, town.address(local_part), password)]


def answer(town, local_part, subject="Hello"):
    """Of the MX to a message from elsewhere."""
    address = town.address(local_part)
    outcome = deliver(town.stack, address, message(FRIEND, address, subject), sender=FRIEND)
    hosting.at_rest(town.stack)
    return outcome.code


# The way to mail


def test_01_a_claimed_domain_says_what_must_be_in_dns(claimed):
    wanted = {(record["target"], record["type"]) for record in claimed.card()["expected_config"]}
    assert {("_postroom", "txt"), ("", "mx"), ("", "txt")} <= wanted


def test_02_the_doctor_names_what_is_missing(claimed):
    assert claimed.problems() == {"ownership": "no_ownership", "mx": "no_mx", "spf": "no_spf"}


def test_03_mailboxes_that_are_added_meanwhile_wait_and_say_so(town):
    found = [town.mailbox(name) for name in PEOPLE]
    assert [(one["status"], one["welcome"]) for one in found] == [("pending", "waiting")] * 2
    assert [town.letters(town.home(name)) for name in PEOPLE] == [[], []]


def test_04_before_the_domain_is_proved_mail_is_put_off(town):
    assert answer(town, "ann") == 450


def test_05_some_of_the_records_are_not_enough(town):
    town.publish()
    town.move_away()
    assert (town.fetch()["status"], town.problems()) == ("action_required", {"mx": "no_mx"})


def test_06_the_records_that_it_names_make_the_domain_work_at_once(town):
    town.publish()
    assert (town.fetch()["status"], town.problems()) == ("enabled", {})


def test_07_and_at_its_hour_when_nobody_asks(town):
    town.publish()
    town.scheduled_check()
    town.await_status("enabled")


def test_08_then_the_mailboxes_are_on_the_servers(proved):
    found = [proved.mailbox(name) for name in PEOPLE]
    assert [(one["status"], one["in_step"], one["welcome"]) for one in found] == [("enabled", True, "sent")] * 2
    assert [answer(proved, name) for name in PEOPLE] == [250, 250]


def test_09_both_people_got_one_letter_each(proved):
    assert [proved.letters(proved.home(name)) for name in PEOPLE] == [[WELCOME]] * 2


def test_10_the_support_address_read_each_thing_once(proved):
    assert proved.letters(proved.support) == [
        f"Your domain {proved.name} requires action", f"Your domain {proved.name} is ready"
    ]  # fmt: skip


def test_11_the_page_behind_the_link_sets_the_password_that_opens_the_mailbox(proved):
    proved.use_link(code(proved.home("ann")), ANNS)
    assert signs_in(proved, proved.address("ann"), ANNS)


def test_12_so_does_rest(proved):
    done = Person(proved.url).ask("POST", f"codes/{code(proved.home('ben'))}/", {"password": BENS})
    assert done == (HTTPStatus.OK, {"address": proved.address("ben")})
    assert signs_in(proved, proved.address("ben"), BENS)


def test_13_a_message_from_elsewhere_arrives(living):
    assert (answer(living, "ann"), subjects(living, "ann", ANNS)) == (250, ["Hello"])


def test_14_a_message_to_elsewhere_leaves_signed_with_the_key_that_olga_set(town, world, outside):
    key = {"dkim_selector": "s1", "dkim_key": ours.new_key(1024)}
    town.olga.ok("PATCH", f"{town.path}settings/", key)
    town.fetch()
    town.publish()
    assert town.fetch()["status"] == "enabled"
    town.await_welcomes("ann")
    town.use_link(code(town.home("ann")), ANNS)
    town.await_step()
    ann = town.address("ann")
    assert submit(town.stack, ann, ANNS, FRIEND).code == 250
    [(_, _, mail)] = outside.await_mail(sender=ann)
    raw = mail.as_bytes(policy=email.policy.SMTP.clone(refold_source="none"))
    assert dkim.DKIM(raw).verify(dnsfunc=lambda name, timeout=5: text_of(world, name))


def text_of(world, name):
    question = dns.message.make_query(name.decode(), "TXT")
    found, _ = dns.query.udp_with_fallback(question, RESOLVER, 5, world.port)
    return b"".join(found.answer[0][0].strings) if found.answer else None


# What becomes of it later


@pytest.fixture
def moved(living):
    """Its MX is gone, and was looked for three times."""
    living.move_away()
    for _ in range(3):
        living.fetch()
    return living


def test_15_without_its_mx_the_domain_requires_action_and_mail_flows_on(moved):
    assert (moved.status(), moved.problems()) == ("action_required", {"mx": "no_mx"})
    assert (answer(moved, "ann"), subjects(moved, "ann", ANNS)) == (250, ["Hello"])


def test_16_that_is_told_once(moved):
    assert moved.letters(moved.support)[2:] == [f"Your domain {moved.name} requires action"]


def test_17_with_its_mx_all_is_well_again_and_nobody_is_welcomed_twice(moved):
    moved.come_back()
    moved.scheduled_check()
    moved.await_status("enabled")
    assert moved.letters(moved.support)[3:] == [f"Your domain {moved.name} is ready"]
    assert [len(moved.letters(moved.home(name))) for name in PEOPLE] == [1, 1]


def test_18_switched_off_a_mailbox_ends_its_session_and_opens_no_other(living):
    ann = living.address("ann")
    with imap(living.stack, ann, ANNS) as session:
        assert living.switch("ann", "disable")["status"] == "disabled"
        wait_for(lambda: has_ended(session), PATIENCE)
    assert (signs_in(living, ann, ANNS), answer(living, "ann")) == (False, 550)


def test_19_switched_on_again_it_works_as_before(living):
    living.switch("ann", "disable")
    living.switch("ann", "enable")
    wait_for(lambda: living.mailbox("ann")["status"] == "enabled", PATIENCE)
    assert (answer(living, "ann", "Back"), subjects(living, "ann", ANNS)) == (250, ["Back"])


def test_20_an_alias_leads_to_both_of_its_destinations(living):
    for name in PEOPLE:
        living.olga.ok("POST", f"{living.path}aliases/", {"local_part": "office", "destination": living.address(name)})
    assert answer(living, "office", "To both") == 250
    assert [subjects(living, *each) for each in (("ann", ANNS), ("ben", BENS))] == [["To both"]] * 2


def test_21_for_the_next_town_s_people_it_does_not_exist(proved):
    nora = Person(proved.url, f"nora@{proved.name}.example")
    box = proved.mailbox("ann")["id"]
    asked = [
        ("GET", ""), ("GET", "dns/"), ("GET", "mailboxes/"), ("GET", f"mailboxes/{box}/"), ("GET", "aliases/"),
        ("GET", "accesses/"), ("GET", "settings/"), ("GET", "history/"), ("POST", "fetch/"), ("DELETE", ""),
        ("POST", f"mailboxes/{box}/disable/"), ("POST", "aliases/"), ("POST", "mailboxes/"),
    ]  # fmt: skip
    assert {nora.ask(method, f"{proved.path}{path}")[0] for method, path in asked} == {HTTPStatus.NOT_FOUND}
    assert nora.ok("GET", "mail-domains/")["count"] == 0
    assert nora.ok("GET", "directory/?q=ann")["count"] == 0


# While things break


MOMENTS = {
    "the servers have heard of it": lambda town: Domain.objects.filter(name=town.name, applied_generation__gt=0),
    "it was looked at": lambda town: Domain.objects.filter(name=town.name, checked_at__isnull=False),
    "it is enabled": lambda town: Domain.objects.filter(name=town.name, status="enabled"),
    "a mailbox may go out": lambda town: Mailbox.objects.filter(domain__name=town.name, status="enabled"),
    "a mailbox is there": lambda town: Mailbox.objects.filter(domain__name=town.name).exclude(applied_name=""),
    "somebody was written to": lambda town: Mailbox.objects.filter(domain__name=town.name, welcomed_at__gt=0),
}


def test_22_a_worker_that_is_killed_after_each_step_loses_and_doubles_nothing(live, worker, world, url, unique):
    hosting.await_keys(live)
    with ExitStack() as behind:
        worker.kill()
        behind.callback(lambda: worker.start() if worker.is_dead else None)
        town = Town(live, world, url, f"town-{unique}")
        town.claim()
        for name in PEOPLE:
            town.add(name)
        for moment, look in MOMENTS.items():
            if moment == "it is enabled":
                town.publish()
            town.leases_end()
            worker.start()
            wait_for(look(town).exists, PATIENCE)
            worker.kill()
        town.leases_end()
        worker.start()
        town.await_welcomes()
        town.await_step()
    is_whole(town)


def is_whole(town):
    """Everything has happened, and once."""
    for name, password in zip(PEOPLE, (ANNS, BENS), strict=True):
        town.use_link(code(town.home(name)), password)
        assert answer(town, name) == 250 and await_mail(town.stack, town.address(name), password)
        assert len(subjects(town, name, password)) == 1
        assert town.letters(town.home(name)) == [WELCOME]
        entries = History.objects.filter(name=town.address(name)).order_by("id")
        assert list(entries.values_list("verb", flat=True)) == ["created", "released", "welcomed", "changed"]
    checks = History.objects.filter(name=town.name, verb="checked").order_by("id")
    steps = [entry.changes["status"] for entry in checks]
    assert steps == [["pending", "action_required"], ["action_required", "enabled"]]
    assert len(town.letters(town.support)) == 2


def test_23_nor_does_one_that_is_killed_in_the_midst_of_its_work_a_little_later_each_time(town, worker):
    with ExitStack() as behind:
        worker.kill()
        behind.callback(worker.start)
        town.publish()
        for tenths in range(1, 20, 2):
            since = town.leases_end()
            worker.start()
            town.await_work(since)
            time.sleep(tenths / 10)
            worker.kill()
            if town.letters(town.home("ben")):
                break
        town.leases_end()
    town.await_welcomes()
    town.await_step()
    is_whole(town)


def test_24_while_redis_is_away_the_domain_stays_what_it_is_and_says_why(town):
    town.publish()
    with town.stack.without("redis"):
        card = town.fetch()
        assert (card["status"], card["check_failure"]) == ("action_required", "The mail platform does not answer.")
    hosting.await_keys(town.stack)
    town.scheduled_check()
    town.await_welcomes()
    town.await_step()
    is_whole(town)


def test_25_a_mailbox_that_is_made_while_redis_is_away_comes_later_and_once(living):
    with living.stack.without("redis"):
        living.add("eve")
        wait_for(lambda: "Redis" in living.mailbox("eve")["failure"], PATIENCE)
        assert (living.mailbox("eve")["welcome"], living.letters(living.home("eve"))) == ("waiting", [])
    living.await_welcomes("eve")
    living.await_step()
    living.use_link(code(living.home("eve")), ANNS)
    assert signs_in(living, living.address("eve"), ANNS)
    assert living.letters(living.home("eve")) == [WELCOME]


def test_26_a_mailbox_that_is_switched_off_while_redis_is_away_is_closed_at_once_and_its_session_later(living):
    ann = living.address("ann")
    with imap(living.stack, ann, ANNS) as session:
        with living.stack.without("redis"):
            living.switch("ann", "disable")
            assert not signs_in(living, ann, ANNS)
        wait_for(lambda: has_ended(session), PATIENCE)


@pytest.fixture
def silence(world):
    """The name server of all towns says nothing for the time of the test, or until it is called."""
    yield lambda how="timeout": world.fail(SPEAKER, how)
    world.fail(SPEAKER, "")


def test_27_while_its_name_server_is_silent_a_working_domain_works_on(living, silence):
    silence()
    card = living.fetch()
    assert (card["status"], card["check_failure"]) == (
        "enabled", "Not all of the domain's name servers could be asked."
    )  # fmt: skip
    assert (answer(living, "ann"), len(living.letters(living.support))) == (250, 2)


def test_28_while_it_is_silent_a_new_domain_goes_on_waiting_and_is_enabled_later(town, silence):
    town.publish()
    silence()
    town.scheduled_check()
    wait_for(lambda: town.card()["check_failure"], PATIENCE)
    assert (town.status(), town.mailbox("ann")["status"]) == ("action_required", "pending")
    silence("")
    town.scheduled_check()
    town.await_welcomes()
    town.await_step()
    is_whole(town)
