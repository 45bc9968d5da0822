"""What the mail servers read of aliases: where Postfix gets to by following it, whatever leads into a circle."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.actions import aliases, domain_removal, domains, mailbox_removal, mailboxes, setup
from postroom.core.aliases import swallows
from postroom.core.roles import OPERATOR
from postroom.store import projection, projection_aliases, projection_orphans, rows
from postroom.store.alias_routes import SWALLOW
from postroom.store.models import (
    Address,
    Alias,
    Domain,
    Mailbox,
    MailDomain,
    MailLogin,
    MailRoute,
    MailSender,
    Platform,
    Tombstone,
)
from postroom.worker import table_readers
from tests import cast

NET = "acme.net"
DEEPEST = 1000
"""Where Postfix gives up (virtual_alias_recursion_limit and virtual_alias_expansion_limit)."""


@pytest.fixture
def acme(db):
    """On servers of our own."""
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()
    domains.change(OPERATOR, cast.origin(), NET, {"company": "acme"}, create_only=True)


def add(local_part, *destinations, domain=cast.ACME):
    return [aliases.create(OPERATOR, cast.origin(), domain, local_part, d).id for d in destinations]


def remove(id, domain=cast.ACME):
    aliases.remove(OPERATOR, cast.origin(), domain, id)


def goto(address):
    route = MailRoute.objects.filter(address=address).first()
    return route.goto.split(",") if route else None


def ends(address):
    """As Postfix' cleanup(8) expands a recipient; it hands those that lead nowhere on, here they end."""
    found, itself, looked = [address], set(), 0
    at = 0
    while at < len(found):
        while found[at] not in itself:
            looked += 1
            assert looked < DEEPEST and len(found) < DEEPEST, "Postfix would give up"
            result = _lookup(found[at])
            if result is None:
                break
            before, (found[at], *more) = found[at], result
            found += more
            if before in result:
                itself.add(before)
        at += 1
    here = set(MailDomain.objects.values_list("name", flat=True))
    return sorted(
        {a for a in found if without_extension(a) != SWALLOW and (a.rpartition("@")[2] not in here or _is_mailbox(a))}
    )


def _lookup(address):
    local_part, _, host = address.rpartition("@")
    main = MailDomain.objects.filter(name=host).values_list("main", flat=True).first()
    plain = local_part.partition("+")[0]
    for name in dict.fromkeys((f"{local_part}@{host}", f"{plain}@{host}", f"{local_part}@{main}", f"{plain}@{main}")):
        route = MailRoute.objects.filter(address=name).first()
        if route:
            assert route.goto
            extension = local_part.removeprefix(plain) if name.startswith(f"{plain}@") else ""
            return [f"{a.rpartition('@')[0]}{extension}@{a.rpartition('@')[2]}" for a in route.goto.split(",")]
    return None


def _is_mailbox(address):
    return Mailbox.objects.filter(address=without_extension(address), deleted_at=None).exists()


def without_extension(address):
    local_part, _, host = address.rpartition("@")
    return f"{local_part.partition('+')[0]}@{host}"


def in_step():
    """Nothing is different when everything is written anew."""
    before = sorted(MailRoute.objects.values_list())
    MailRoute.objects.all().delete()
    for id in Domain.objects.values_list("id", flat=True):
        projection.put_domain(rows.domain_by_id(id))
    for id in Mailbox.objects.values_list("id", flat=True):
        projection.put_mailbox(rows.mailbox_by_id(id))
    for id in Domain.objects.values_list("id", flat=True):
        projection_aliases.put_domain(rows.domain_by_id(id), rows.mailbox_by_id)
    assert sorted(MailRoute.objects.values_list()) == before
    return True


def test_an_alias_leads_to_all_its_destinations(acme):
    add("info", cast.UMA, "joe@else.where")
    row = MailRoute.objects.get(address="info@acme.example")
    assert (row.goto, row.login, row.action) == (f"joe@else.where,{cast.UMA}", "", "")


def test_nobody_signs_in_or_sends_as_an_alias(acme):
    """Both are asked of `login`; a list of logins there would let its members send."""
    add("info", cast.UMA)
    assert MailRoute.objects.get(address="info@acme.example").login == ""


def test_a_mailbox_with_the_name_of_an_alias_gets_the_mail_too(acme):
    add("uma", "joe@else.where", cast.UMA)
    row = MailRoute.objects.get(address=cast.UMA)
    assert (row.goto, row.login, row.mailbox_id) == (f"{cast.UMA},joe@else.where", cast.UMA, cast.row(cast.UMA).pk)


def test_so_does_one_that_is_made_later_and_gone_it_leaves_the_alias(acme):
    add("zoe", "joe@else.where")
    cast.mailbox("zoe@acme.example")
    assert goto("zoe@acme.example") == ["zoe@acme.example", "joe@else.where"]
    mailbox_removal.delete(OPERATOR, cast.origin(), "zoe@acme.example")
    assert goto("zoe@acme.example") == ["joe@else.where"]
    assert in_step()


def test_a_mailbox_that_moves_away_leaves_the_alias(acme):
    add("uma", "joe@else.where")
    mailbox_removal.rename(OPERATOR, cast.origin(), cast.UMA, "umma@acme.example")
    assert (goto(cast.UMA), goto("umma@acme.example")) == (["joe@else.where"], ["umma@acme.example"])
    assert in_step()


def test_an_alias_of_a_mailbox_may_be_one_of_the_domain_too(acme):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": ["info"]})
    (id,) = add("info", "joe@else.where")
    assert goto("info@acme.example") == [cast.UMA, "joe@else.where"]
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"aliases": []})
    assert goto("info@acme.example") == ["joe@else.where"]
    remove(id)
    assert goto("info@acme.example") is None


def test_mail_for_a_disabled_mailbox_goes_where_its_alias_leads(acme):
    Mailbox.objects.filter(address=cast.UMA).update(status="disabled")
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"name": "gone"})
    assert MailRoute.objects.get(address=cast.UMA).action.startswith("550")
    add("uma", "joe@else.where")
    row = MailRoute.objects.get(address=cast.UMA)
    assert (row.action, row.goto) == ("", "joe@else.where")


def test_a_disabled_mailbox_that_is_full_does_not_stand_in_their_way(acme):
    Mailbox.objects.filter(address=cast.UMA).update(status="disabled")
    add("uma", "joe@else.where")
    assert MailLogin.objects.get(login=cast.UMA).quota == 0
    aliases.remove_all(OPERATOR, cast.origin(), cast.ACME, "uma")
    assert MailLogin.objects.get(login=cast.UMA).quota > 0


def test_a_suspended_mailbox_holds_the_mail_back_for_all(acme):
    add("uma", "joe@else.where")
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, {"service_smtpin": "suspended"})
    row = MailRoute.objects.get(address=cast.UMA)
    assert (row.action[:3], row.goto) == ("450", f"{cast.UMA},joe@else.where")


@pytest.mark.parametrize(
    ("destinations", "leads_to"),
    [
        (["x@devnull"], [SWALLOW]),
        (["x@localhost", "y@devnull"], [SWALLOW]),
        (["x@devnull", "joe@else.where"], ["joe@else.where"]),
    ],
)
def test_what_is_swallowed_goes_nowhere_else(acme, destinations, leads_to):
    add("void", *destinations)
    assert goto("void@acme.example") == leads_to


def test_removed_destinations_and_names_are_gone_at_once(acme):
    first, _ = add("info", cast.UMA, cast.MAX)
    remove(first)
    assert goto("info@acme.example") == [cast.MAX]
    aliases.remove_all(OPERATOR, cast.origin(), cast.ACME, "info")
    assert goto("info@acme.example") is None


# Circles


def test_a_circle_leads_to_whatever_leads_out_of_it(acme):
    add("a", "b@acme.example", cast.UMA)
    add("b", f"a@{NET}")
    add("a", "a@acme.example", "joe@else.where", domain=NET)
    for name in ("a@acme.example", "b@acme.example", f"a@{NET}"):
        assert ends(name) == ["joe@else.where", cast.UMA]


def test_a_circle_that_is_broken_is_followed_again(acme):
    add("a", "b@acme.example", cast.UMA)
    back, _ = add("b", "a@acme.example", cast.MAX)
    assert ends("a@acme.example") == ends("b@acme.example") == [cast.MAX, cast.UMA]
    remove(back)
    assert (ends("a@acme.example"), ends("b@acme.example")) == ([cast.MAX, cast.UMA], [cast.MAX])
    assert in_step()


def test_an_alias_to_itself_alone_is_nobody(acme):
    add("a", "a@acme.example", "a+x@acme.example")
    assert goto("a@acme.example") is None


def test_two_people_may_copy_each_other(acme):
    add("uma", cast.MAX)
    add("max", cast.UMA)
    assert ends(cast.UMA) == ends(cast.MAX) == [cast.MAX, cast.UMA]


def test_a_name_of_a_domain_that_closes_a_circle_is_noticed(acme):
    add("a", "b@acme.org")
    add("b", "a@acme.example", cast.UMA)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.org"]})
    assert ends("a@acme.example") == ends("b@acme.org") == [cast.UMA]
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": []})
    assert ends("a@acme.example") == ["b@acme.org"]
    assert in_step()


def test_a_domain_that_comes_back_into_a_circle_is_noticed(acme):
    add("a", "b@acme.example", domain=NET)
    domain_removal.delete(OPERATOR, cast.origin(), NET)
    add("b", f"a@{NET}", cast.UMA)
    stone = Tombstone.objects.get(name=NET)
    domain_removal.restore(OPERATOR, cast.origin(), NET, stone.restore_id, NET)
    assert ends(f"a@{NET}") == ends("b@acme.example") == [cast.UMA]


NAMES = ("a", "b", "c", "uma", "max")
PLACES = (cast.ACME, NET, "acme.org")
DESTINATIONS = st.sampled_from(
    [*(f"{name}@{place}" for name in NAMES for place in PLACES), "a+x@acme.example", "uma+x@acme.example",
     "x@devnull", "joe@else.where", "nobody@acme.example"]
)  # fmt: skip


def meant(address):
    """Where mail ends by the rules: every destination, and a mailbox of the name."""
    places = {cast.ACME: cast.ACME, NET: NET, "acme.org": cast.ACME}
    found, seen, waiting = set(), set(), [address]
    while waiting:
        local_part, _, host = waiting.pop().rpartition("@")
        node = (local_part.partition("+")[0], places.get(host))
        if node[1] is None:
            found.add(f"{local_part}@{host}")
        elif node not in seen:
            seen.add(node)
            if Address.objects.filter(address="@".join(node)).exists():
                found.add("@".join(node))
            own = Alias.objects.filter(local_part=node[0], domain__name=node[1])
            waiting += own.values_list("destination", flat=True)
    return sorted(a for a in found if not swallows(a))


PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from((cast.ACME, NET)), DESTINATIONS)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PAIRS, max_size=12, unique=True), st.sets(st.integers(0, 11), max_size=4))
def test_mail_ends_where_it_is_meant_to_whatever_aliases_there_are(acme, wanted, gone):
    start = transaction.savepoint()
    try:
        _add_and_remove(wanted, gone)
        for name in NAMES:
            for place in PLACES:
                found = sorted({without_extension(end) for end in ends(f"{name}@{place}")})
                assert found == meant(f"{name}@{place}")
        assert in_step()
    finally:
        transaction.savepoint_rollback(start)


def _add_and_remove(wanted, gone):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.org"]})
    made = [(add(name, to, domain=place)[0], place) for name, place, to in wanted]
    for number in gone:
        if number < len(made):
            remove(*made[number])


# Domains that take no mail


@pytest.fixture
def off(acme):
    add("info", "joe@else.where", domain=NET)
    add("all", f"info@{NET}")
    domains.change(OPERATOR, cast.origin(), NET, {"disabled": True})


def test_an_alias_of_a_domain_that_is_off_leads_nowhere(off):
    assert goto(f"info@{NET}") is None


def test_it_is_in_force_again_with_its_domain(off):
    domains.change(OPERATOR, cast.origin(), NET, {"disabled": False})
    assert ends("all@acme.example") == ["joe@else.where"]


def test_an_alias_made_meanwhile_is_kept_and_in_force_later(off):
    add("more", cast.UMA, domain=NET)
    assert goto(f"more@{NET}") is None
    domains.change(OPERATOR, cast.origin(), NET, {"disabled": False})
    assert goto(f"more@{NET}") == [cast.UMA]


def test_a_mailbox_in_a_domain_that_is_off_has_no_copies_made(off):
    cast.mailbox(f"zoe@{NET}")
    add("zoe", "joe@else.where", domain=NET)
    assert goto(f"zoe@{NET}") == [f"zoe@{NET}"]
    domains.change(OPERATOR, cast.origin(), NET, {"disabled": False})
    assert goto(f"zoe@{NET}") == [f"zoe@{NET}", "joe@else.where"]


def test_aliases_of_a_deleted_domain_are_no_more_and_come_back_under_its_new_name(acme):
    add("info", "joe@else.where", domain=NET)
    domain_removal.delete(OPERATOR, cast.origin(), NET)
    assert goto(f"info@{NET}") is None
    stone = Tombstone.objects.get(name=NET)
    domain_removal.restore(OPERATOR, cast.origin(), NET, stone.restore_id, "acme.org")
    assert (goto(f"info@{NET}"), goto("info@acme.org")) == (None, ["joe@else.where"])


# Drift


def mend():
    return list(table_readers._mend_tables(Platform.objects.get(name="here")))


@pytest.fixture
def aliased(acme):
    add("info", "joe@else.where", cast.UMA)
    add("uma", "joe@else.where")
    assert mend() == []


@pytest.mark.parametrize(
    "hands",
    [
        lambda: MailRoute.objects.filter(address="info@acme.example").delete(),
        lambda: MailRoute.objects.filter(address="info@acme.example").update(goto="thief@else.where"),
        lambda: MailRoute.objects.filter(address=cast.UMA).update(goto="thief@else.where"),
        lambda: MailRoute.objects.create(
            address="more@acme.example", login="", action="", goto="x@y.z",
            mailbox_id=-Domain.objects.get(name=cast.ACME).pk,
        ),
    ],
)  # fmt: skip
def test_what_hands_have_changed_is_told_and_put_right(aliased, hands):
    hands()
    assert len(mend()) == 1
    assert mend() == []
    assert in_step()


def test_rows_of_a_domain_that_is_no_more_are_removed(aliased):
    MailRoute.objects.create(address="x@gone.example", mailbox_id=-999, login="", action="", goto="joe@else.where")
    assert list(projection_orphans.remove()) == ["x@gone.example: the mail servers still had it in mail_route"]
    assert in_step()


# Domains that nobody has proved to be theirs


@pytest.fixture
def claimed(acme):
    """Somebody says that it is theirs, and has thought of everything."""
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), "big.example", {"company": "town"}, create_only=True)
    cast.mailbox("thief@big.example", aliases=["boss"])
    domains.change(OPERATOR, cast.origin(), "big.example", {"catchall": "thief", "aliases": ["bigger.example"]})
    add("chief", "thief@big.example", domain="big.example")
    add("info", "boss@big.example", "chief@big.example")


def test_what_they_say_leads_no_mail_anywhere(claimed):
    assert [goto(f"{name}@big.example") for name in ("thief", "boss", "chief")] == [
        ["thief@big.example"],
        ["boss@big.example"],
        None,
    ]
    assert set(MailDomain.objects.filter(main="big.example").values_list("ours", flat=True)) == {False}


def prove(proved):
    row = rows.find_domain("big.example", lock=True)[1]
    row.status, row.proved_at = ("enabled", 1) if proved else ("pending", None)
    rows.save(row)


def test_it_does_when_it_is_proved_and_no_more_when_that_is_taken_back(claimed):
    prove(True)
    assert ends("boss@big.example") == ends("chief@big.example") == ends("info@acme.example") == ["thief@big.example"]
    assert set(MailDomain.objects.filter(main="big.example").values_list("ours", flat=True)) == {True}
    prove(False)
    assert (goto("boss@big.example"), goto("chief@big.example")) == (["boss@big.example"], None)
    assert in_step()


# who may send as an alias


def add_sender(local_part, destination):
    made = aliases.create(OPERATOR, cast.origin(), cast.ACME, local_part, destination, allow_to_send=True)
    return made.id


def senders():
    return dict(MailSender.objects.values_list("address", "logins"))


def test_destinations_may_send_where_that_was_said(acme):
    add("info", cast.DORA)
    add_sender("info", cast.UMA)
    add_sender("info", cast.MAX)
    assert senders() == {f"info@{cast.ACME}": f"{cast.MAX},{cast.UMA}"}


def test_it_ends_with_the_alias(acme):
    remove(add_sender("info", cast.UMA))
    assert senders() == {}


def test_it_ends_with_the_domain(acme):
    add_sender("info", cast.UMA)
    for address in (cast.UMA, cast.DORA, cast.MAX, cast.WES):
        mailbox_removal.delete(OPERATOR, cast.origin(), address)
    domain_removal.delete(OPERATOR, cast.origin(), cast.ACME)
    assert senders() == {}


def test_a_row_of_a_domain_that_is_not_there_is_swept_away(acme):
    MailSender.objects.create(address="info@gone.example", domain_id=77, logins=cast.UMA)
    assert list(projection_orphans.remove()) == ["info@gone.example: the mail servers still had it in mail_sender"]


def test_a_platform_that_is_told_by_its_driver_gets_no_senders(db):
    cast.acme()
    add_sender("info", cast.UMA)
    assert senders() == {}
