"""What is explained is what the servers do: each case is asked at the MX, of Postfix' maps and of Dovecot, and sent."""

import subprocess
from pathlib import Path

import pytest

from postroom.actions import aliases, domain_switch, explain, mailbox_states
from postroom.core.explain import lookup
from postroom.core.explain.way import End, Via
from postroom.core.roles import OPERATOR
from postroom.store.models import Job
from postroom.worker import usage
from tests import cast
from tests.servers.clients import message
from tests.servers.hosting import Hosting, soon
from tests.servers.letters import FRIEND, answer, kept, send, sent_on

JOE = "joe@there.example"
ANN = "ann@there.example"
_NO_USER = 67
QUIETLY = {"capture_output": True, "text": True, "timeout": 30}
ELSEWHERE = {"alias", "alias_only", "other_name", "in_main", "catchall"}
"""Steps that say that an address is no mailbox's own, or not at the moment."""


def way(host, name):
    return explain.way(OPERATOR, cast.origin(), host.address(name))


def alias(host, name, *destinations):
    for destination in destinations:
        aliases.create(OPERATOR, cast.origin(), host.domain, name, destination)


def ordinary(host):
    pass


def named(host):
    host.change_domain(aliases=[f"alias.{host.domain}"])
    host.change("uma", aliases=["sales", f"office@alias.{host.domain}"])


def aliased(host):
    alias(host, "info", host.address("uma"), host.address("max"), JOE)


def nested(host):
    alias(host, "all", host.address("info"), host.address("max"))
    alias(host, "info", host.address("uma"), ANN)


def circled(host):
    alias(host, "a", host.address("b"))
    alias(host, "b", host.address("a"), host.address("uma"), JOE)


def beside(host):
    alias(host, "uma", JOE)


def beside_disabled(host):
    beside(host)
    disabled(host)


def disabled(host):
    mailbox_states.disable(OPERATOR, cast.origin(), host.address("uma"))


def aliased_disabled(host):
    aliased(host)
    disabled(host)


def suspended(host):
    host.change("uma", service_smtpin="suspended")


def closed(host):
    host.change("uma", service_smtpin="disabled")


def collected(host):
    host.change_domain(catchall="max")


def collected_by_one_who_takes_none(host):
    collected(host)
    host.change("max", service_smtpin="disabled")


def swallowed(host):
    alias(host, "void", "x@devnull")


def copied(host):
    host.change("uma", delivery_forward=True, forward_recipients=[JOE, host.address("max")])


def forwarded(host):
    host.change("uma", delivery_forward=True, delivery_local=False, forward_recipients=[JOE])


def forwarded_to_disabled(host):
    mailbox_states.disable(OPERATOR, cast.origin(), host.address("max"))
    host.change("uma", delivery_forward=True, forward_recipients=[host.address("max")])


def to_nobody(host):
    host.change("uma", type="forward")


def switched_off(host):
    domain_switch.disable(OPERATOR, cast.origin(), host.domain)


def shut(host):
    host.change_domain(disabled=True)


CASES = [
    (ordinary, ("uma", "uma+news", "zoe", "zoe+x")),
    (named, ("sales", "sales+x", "uma@alias.{}", "office@alias.{}", "office", "uma+x@alias.{}")),
    (aliased, ("info", "info+x")),
    (nested, ("all+x",)),
    (nested, ("all",)),
    (circled, ("a", "b")),
    (beside, ("uma",)),
    (beside_disabled, ("uma",)),
    (disabled, ("uma",)),
    (aliased_disabled, ("info",)),
    (suspended, ("uma",)),
    (closed, ("uma", "uma+x")),
    (collected, ("zoe", "uma")),
    (collected_by_one_who_takes_none, ("zoe",)),
    (swallowed, ("void",)),
    (copied, ("uma",)),
    (forwarded, ("uma",)),
    (forwarded_to_disabled, ("uma",)),
    (to_nobody, ("uma",)),
    (switched_off, ("uma", "zoe")),
    (shut, ("uma",)),
]
EACH = [pytest.param(prepare, name, id=f"{prepare.__name__}-{name}") for prepare, names in CASES for name in names]


@pytest.fixture
def town(host):
    """Uma and Max, in a domain whose mail nobody has touched."""
    for name in ("uma", "max"):
        host.mailbox(name)
    return host


def postmap(host, key, *maps):
    """What the first of the maps says that knows the key; empty: none does."""
    conf = host.stack.facts["paths"]["postfix_conf"]
    if not maps:
        asked = ["postconf", "-c", conf, "-h", "virtual_alias_maps"]
        maps = subprocess.run(asked, check=True, **QUIETLY).stdout.split()
    for map in maps:
        found = subprocess.run(["postmap", "-c", conf, "-q", key, map], check=False, **QUIETLY)
        if found.stdout.strip():
            return found.stdout.strip()
    return ""


def access_map(host):
    conf = host.stack.facts["paths"]["postfix_conf"]
    kind = "sqlite" if "dbpath" in (Path(conf) / "maps/access.cf").read_text() else "pgsql"
    return f"{kind}:{conf}/maps/access.cf"


def doveadm_user(host, address, field):
    """None where Dovecot knows nobody of that name."""
    conf = host.stack.facts["paths"]["dovecot_conf"]
    asked = ["doveadm", "-c", conf, "user", "-f", field, address]
    found = subprocess.run(asked, check=False, **QUIETLY)
    if found.returncode == _NO_USER:
        return None
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def at_home(host, address):
    """Subjects in any mailbox, also in one that nobody can sign in to."""
    conf = host.stack.facts["paths"]["dovecot_conf"]
    asked = ["doveadm", "-c", conf, "fetch", "-u", address, "hdr.subject", "mailbox", "INBOX"]
    found = subprocess.run(asked, check=False, **QUIETLY)
    return found.stdout.count("hdr.subject: Hello")


@pytest.mark.parametrize(("prepare", "name"), EACH)
def test_01_the_mx_answers_as_it_was_explained(town, prepare, name):
    prepare(town)
    name = name.format(town.domain)
    first = way(town, name).stops[0]
    code, said = answer(town, name)
    if first.answer:
        assert (code, first.answer.split()[1] in said) == (int(first.answer[:3]), True)
    else:
        assert code == 250


@pytest.mark.parametrize(("prepare", "name"), EACH)
def test_02_the_maps_lead_where_it_was_explained(town, prepare, name):
    prepare(town)
    for stop in way(town, name.format(town.domain)).stops:
        if stop.lead.address.endswith(f"@{town.domain}") and not stop.answer:
            key = lookup.plain(stop.lead.address)
            is_own = not ELSEWHERE & {step.code for step in stop.steps}
            explained = {lookup.plain(lead.address) for lead in stop.leads if lead.via is not Via.FORWARD}
            asked = f"@{town.domain}" if any(lead.via is Via.CATCHALL for lead in stop.leads) else key
            assert set(postmap(town, asked).split(",")) == explained | ({key} if is_own else set())


@pytest.mark.parametrize(("prepare", "name"), EACH)
def test_03_mail_arrives_where_it_was_explained(town, outside, prepare, name):
    prepare(town)
    name = name.format(town.domain)
    found = way(town, name)
    send(town, name)
    arrived = [address for address in map(town.address, ("max", "uma")) if at_home(town, address)]
    assert arrived == sorted(found.mailboxes)
    assert [recipient for recipient, subject in sent_on(outside) if subject == "Hello"] == sorted(found.outside)


@pytest.mark.parametrize(
    ("name", "prepare"), [("uma", ordinary), ("uma", disabled), ("uma", closed), ("uma", shut), ("max", copied)]
)
def test_04_the_access_map_says_what_a_sender_is_told(town, name, prepare):
    prepare(town)
    assert postmap(town, town.address(name), access_map(town)) == way(town, name).stops[0].answer


def test_05_dovecot_has_the_mailbox_and_the_quota_that_were_explained(town):
    town.change("uma", quota=50)
    step = next(step for step in way(town, "uma").stops[0].steps if step.code == "room")
    assert doveadm_user(town, town.address("uma"), "quota_rule") == f"*:bytes={step.values['quota']}"


def test_06_postfix_and_dovecot_know_nobody_where_nobody_is_explained(town):
    assert way(town, "zoe").stops[0].steps[-1].code == "nobody"
    assert [postmap(town, key) for key in (town.address("zoe"), f"@{town.domain}")] == ["", ""]
    assert doveadm_user(town, town.address("zoe"), "home") is None


def test_07_a_full_mailbox_is_explained_as_one(town):
    town.change("uma", quota=1)
    big = message(FRIEND, subject="Last").as_bytes() + (b"\r\n" + b"z" * 70) * 16_000
    send(town, "uma", content=big)
    row = cast.row(town.address("uma"))

    def explained():
        """As soon as the worker has asked how much there is. What was put off at first is there a moment later."""
        job = Job(kind="platform_usage", key=str(row.domain.platform_id), due_at=0, progress=row.pk - 1)
        usage.platform_usage(job, lambda: 1)
        stop = way(town, "uma").stops[0]
        return (stop.end, stop.answer) == (End.REFUSED, "552 5.2.2")

    soon(explained)
    code, said = answer(town, "uma")
    assert (code, said[:5]) == (552, "5.2.2")


@pytest.mark.parametrize("settings", [{}, {"filterdelivery": "passthrough"}, {"spamfolder": "Rubbish"}])
def test_08_spam_goes_where_it_was_explained(town, settings):
    town.change("uma", **settings)
    step = next(step for step in way(town, "uma").stops[0].steps if step.code.startswith("spam_"))
    send(town, "uma", x_test_score="20")
    folder = str(step.values.get("folder", "INBOX"))
    assert len(kept(town, "uma", folder)) == 1


def test_09_a_domain_that_waits_puts_off_as_explained(live, worker, unique):
    host = Hosting(live, unique, trusted=False)
    host.mailbox("uma")
    stop = way(host, "uma").stops[0]
    assert (stop.end, answer(host, "uma")[0], stop.answer[:3]) == (End.PUT_OFF, 450, "450")
