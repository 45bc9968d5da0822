"""Where mail goes, as it is explained: each state of a domain, a mailbox and an alias."""

import pytest

from postroom.actions import aliases, domain_switch, domains, explain, mailbox_removal, mailbox_states, mailboxes
from postroom.core.errors import BadRequest, DomainNotFound, RoleTooSmall
from postroom.core.explain.way import End, Via
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Mailbox, MailUsage
from tests import cast

JOE = "joe@there.example"
MEGABYTE = 1_048_576


@pytest.fixture(params=["fake", "mailstack"])
def platform(request, acme, tmp_path):
    """Servers that read our tables, and those that do not: the same is told of both."""
    if request.param == "mailstack":
        from postroom.store.models import Company, Platform

        Platform.objects.update(driver="mailstack", settings={"dir": str(tmp_path)})
        from postroom.store import projection, rows

        projection.forget_everything()
        for name in Domain.objects.values_list("name", flat=True):
            rows.save(rows.find_domain(name)[1])
        for address in Mailbox.objects.values_list("address", flat=True):
            rows.save(rows.find_mailbox(address)[1])
        assert Company.objects.exists()
    return request.param


def way(address, actor=OPERATOR):
    return explain.way(actor, cast.origin(), address)


def codes(address, actor=OPERATOR):
    """Of the first stop."""
    return [step.code for step in way(address, actor).stops[0].steps]


def ends(address, actor=OPERATOR):
    return [(stop.lead.address, stop.end) for stop in way(address, actor).stops]


def change_uma(**attributes):
    mailboxes.change(OPERATOR, cast.origin(), cast.UMA, attributes)


def change_domain(**attributes):
    domains.change(OPERATOR, cast.origin(), cast.ACME, attributes)


def alias(name, *destinations):
    for destination in destinations:
        aliases.create(OPERATOR, cast.origin(), cast.ACME, name, destination)


def status(address, wanted):
    mailbox = cast.row(address)
    from postroom.store import rows

    row = rows.mailbox_by_id(mailbox.pk)
    row.status = wanted
    rows.save(row)


def test_an_ordinary_mailbox(platform):
    assert codes(cast.UMA) == ["domain", "mailbox", "room", "spam_folder", "kept", "read_by"]
    assert ends(cast.UMA) == [(cast.UMA, End.DELIVERED)]


def test_an_extension_does_not_matter(platform):
    assert ends("uma+news@acme.example") == [("uma+news@acme.example", End.DELIVERED)]
    assert "extension" in codes("uma+news@acme.example")


def test_another_name_of_a_mailbox_leads_to_it(platform):
    change_uma(aliases=["sales"])
    assert ends("sales@acme.example") == [("sales@acme.example", End.ONWARD), (cast.UMA, End.DELIVERED)]
    assert way("sales@acme.example").stops[1].lead.via is Via.NAME


def test_another_name_of_the_domain_leads_to_the_same_people(platform):
    change_domain(aliases=["acme.test"])
    assert ends("uma@acme.test") == [("uma@acme.test", End.ONWARD), (cast.UMA, End.DELIVERED)]
    assert codes("uma@acme.test")[:2] == ["domain_alias", "in_main"]


def test_nobody_is_refused(platform):
    stop = way("zoe@acme.example").stops[0]
    assert (stop.end, stop.answer, stop.steps[-1].code) == (End.REFUSED, "550 5.1.1", "nobody")


def test_a_catch_all_gets_what_is_for_nobody(platform):
    change_domain(catchall="uma")
    found = way("zoe@acme.example")
    assert [(s.lead.address, s.lead.via) for s in found.stops] == [
        ("zoe@acme.example", Via.ASKED),
        (cast.UMA, Via.CATCHALL),
    ]


def test_a_catch_all_that_takes_no_mail_says_so(platform):
    change_domain(catchall="uma")
    change_uma(service_smtpin="disabled")
    assert way("zoe@acme.example").stops[0].answer == "550 5.2.1 The mailbox takes no mail"


@pytest.mark.parametrize(
    ("state", "code", "end"),
    [("suspended", "mailbox_suspended", End.PUT_OFF), ("disabled", "mailbox_takes_none", End.REFUSED)],
)
def test_a_mailbox_that_receives_nothing_says_why(platform, state, code, end):
    change_uma(service_smtpin=state)
    step, stop = way(cast.UMA).stops[0].steps[-1], way(cast.UMA).stops[0]
    assert (step.code, step.setting, stop.end) == (code, "service_smtpin", end)


@pytest.mark.parametrize(
    ("state", "code", "end"), [("disabled", "mailbox_disabled", End.REFUSED), ("failed", "mailbox_failed", End.PUT_OFF)]
)
def test_a_mailbox_in_a_bad_state_says_so(platform, state, code, end):
    status(cast.UMA, state)
    stop = way(cast.UMA).stops[0]
    assert (stop.steps[-1].code, stop.end) == (code, end)


def test_a_domain_that_is_switched_off_refuses(platform):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    stop = way(cast.UMA).stops[0]
    assert (stop.steps[-1].code, stop.end, stop.answer[:9]) == ("domain_off", End.REFUSED, "550 5.2.1")


def test_the_setting_that_switched_a_domain_off_is_named(platform):
    change_domain(disabled=True)
    step = way(cast.UMA).stops[0].steps[-1]
    assert (step.code, step.setting, step.of) == ("domain_off", "disabled", cast.ACME)


def test_a_domain_that_waits_puts_off(platform):
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), "town.example", {"company": "town"}, create_only=True)
    stop = way("mayor@town.example").stops[0]
    assert (stop.steps[-1].code, stop.end) == ("domain_waits", End.PUT_OFF)


def test_mail_from_here_to_a_domain_that_waits_goes_where_dns_says(platform):
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), "town.example", {"company": "town"}, create_only=True)
    cast.mailbox("mayor@town.example")
    alias("info", "mayor@town.example")
    assert ends("info@acme.example")[1] == ("mayor@town.example", End.OUTSIDE)


def test_an_alias_leads_to_all_its_destinations(platform):
    alias("info", cast.UMA, cast.MAX, JOE)
    found = way("info@acme.example")
    assert (found.mailboxes, found.outside) == ([cast.MAX, cast.UMA], [JOE])


def test_an_extension_goes_on_to_where_an_alias_leads(platform):
    alias("info", cast.UMA, JOE)
    found = way("info+x@acme.example")
    assert (found.mailboxes, found.outside) == ([cast.UMA], ["joe+x@there.example"])


def test_an_alias_in_a_circle_leads_out_of_it(platform):
    alias("a", "b@acme.example")
    alias("b", "a@acme.example", cast.UMA)
    assert way("a@acme.example").mailboxes == [cast.UMA]


def test_an_alias_of_a_mailbox_s_name_gives_both_the_mail(platform):
    alias("uma", JOE)
    found = way(cast.UMA)
    assert (found.mailboxes, found.outside) == ([cast.UMA], [JOE])
    assert "alias_too" in codes(cast.UMA)


def test_where_that_mailbox_is_disabled_the_alias_alone_gets_it(platform):
    alias("uma", JOE)
    status(cast.UMA, "disabled")
    assert ends(cast.UMA) == [(cast.UMA, End.ONWARD), (JOE, End.OUTSIDE)]
    assert "alias_only" in codes(cast.UMA)


def test_what_an_alias_took_for_a_disabled_mailbox_is_stored(platform):
    alias("info", cast.UMA)
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    stop = way("info@acme.example").stops[1]
    assert (stop.end, [s.code for s in stop.steps][:3]) == (End.DELIVERED, ["mailbox", "mailbox_disabled", "promised"])


def test_what_is_forwarded_to_a_disabled_mailbox_goes_back(platform):
    mailboxes.change(OPERATOR, cast.origin(), cast.MAX, {"delivery_forward": True, "forward_recipients": [cast.UMA]})
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    stop = way(cast.MAX).stops[1]
    assert (stop.end, stop.steps[-1].code) == (End.REFUSED, "returned")


def test_what_is_swallowed_goes_nowhere(platform):
    alias("void", "x@devnull")
    assert ends("void@acme.example") == [("void@acme.example", End.ONWARD), ("", End.SWALLOWED)]


def test_forwards_with_and_without_a_copy(platform):
    change_uma(delivery_forward=True, forward_recipients=[JOE])
    assert ends(cast.UMA) == [(cast.UMA, End.DELIVERED), (JOE, End.OUTSIDE)]
    change_uma(delivery_local=False)
    assert ends(cast.UMA) == [(cast.UMA, End.ONWARD), (JOE, End.OUTSIDE)]


def test_a_forward_to_nobody_sends_back(platform):
    change_uma(type="forward")
    stop = way(cast.UMA).stops[0]
    assert (stop.end, stop.steps[-1].code) == (End.REFUSED, "nobody_left")


def test_a_filter_hands_on_to_the_domain_s_server(platform):
    change_domain(filtermx="mx.there.example")
    change_uma(type="filter")
    stop = way(cast.UMA).stops[0]
    assert (stop.end, stop.steps[-1].values) == (End.OUTSIDE, {"host": "mx.there.example"})


def test_a_full_mailbox_refuses(platform):
    change_uma(quota=1)
    MailUsage.objects.create(mailbox=cast.row(cast.UMA), bytes=2 * MEGABYTE, messages=1, full=True, at=0)
    stop = way(cast.UMA).stops[0]
    assert (stop.end, stop.answer, stop.steps[-1].values) == (
        End.REFUSED,
        "552 5.2.2",
        {"stored": 2 * MEGABYTE, "quota": MEGABYTE},
    )


def test_the_ceiling_of_the_domain_is_the_quota_where_it_is_lower(platform):
    change_uma(quota=50)
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"quota_maximum": 20, "quota": 10})
    step = next(step for step in way(cast.UMA).stops[0].steps if step.code == "room")
    assert step.values["quota"] == 20 * MEGABYTE


def test_answers_spam_and_lists_are_told(platform):
    change_domain(block=["spam.example"])
    change_uma(
        delivery_autoresponder=True, autoresponder="Away", allow=["a@b.example"], filterdelivery="passthrough",
        reject_spam=True, spamlevel="High",
    )  # fmt: skip
    steps = {step.code: step.values for step in way(cast.UMA).stops[0].steps}
    assert (steps["lists"], steps["spam_marked"]) == ({"allow": 1, "block": 1}, {"score": 4})
    assert {"answers", "spam_refused"} <= steps.keys()


def test_the_domain_is_told_once(platform):
    alias("info", cast.UMA)
    first, second = way("info@acme.example").stops
    assert (first.steps[0].code, second.steps[0].code) == ("domain", "mailbox")


def test_a_mailbox_that_nobody_can_read(platform):
    change_uma(service_imap4="disabled", service_pop3="disabled", service_webmail="disabled")
    assert codes(cast.UMA)[-1] == "unread"


def test_a_deleted_mailbox_is_nobody(platform):
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    assert codes(cast.UMA) == ["domain", "nobody"]


def test_of_an_alias_with_many_destinations_the_first_are_told(platform):
    alias("all", *(f"p{number}@there.example" for number in range(60)))
    found = way("all@acme.example")
    assert (len(found.stops), found.more) == (50, 11)


# Who may ask


@pytest.fixture
def roles(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))


@pytest.mark.parametrize("who", [cast.OLGA, cast.ADAM, cast.VERA])
def test_whoever_sees_the_domain_may_ask(roles, who):
    assert way(cast.UMA, cast.person_actor(who)).mailboxes == [cast.UMA]


@pytest.mark.parametrize("address", [cast.UMA, "zoe@acme.example", "somebody@there.example"])
def test_strangers_are_told_nothing_but_that_there_is_no_such_domain(roles, address):
    with pytest.raises(DomainNotFound):
        way(address, cast.person_actor(cast.NORA))


def test_holders_may_ask_about_their_own_mailbox(roles):
    assert way(cast.UMA, cast.person_actor(cast.UMA)).mailboxes == [cast.UMA]


@pytest.mark.parametrize("address", [cast.MAX, "zoe@acme.example"])
def test_holders_may_not_ask_about_others(roles, address):
    with pytest.raises(DomainNotFound):
        way(address, cast.person_actor(cast.UMA))


def test_a_workgroup_s_administrator_may_ask_about_its_mailboxes_only(roles):
    assert way(cast.WES, cast.actor(cast.WES)).mailboxes == [cast.WES]
    with pytest.raises(RoleTooSmall):
        way(cast.UMA, cast.actor(cast.WES))


def test_what_is_behind_an_address_of_others_is_not_told(roles, other):
    domains.change(OPERATOR, cast.origin(), "other.example", {"company": "other"}, create_only=True)
    alias("info", "nobody@other.example", "nobody@there.example")
    assert way("info@acme.example", cast.person_actor(cast.OLGA)).outside == [
        "nobody@other.example",
        "nobody@there.example",
    ]


def test_holders_are_told_of_an_alias_of_their_name_but_not_where_it_leads(roles):
    alias("uma", JOE)
    found = way(cast.UMA, cast.person_actor(cast.UMA))
    assert ([s.lead.address for s in found.stops], "alias_too" in [s.code for s in found.stops[0].steps]) == (
        [cast.UMA],
        True,
    )


@pytest.mark.parametrize(
    "written", ["", "uma", "acme.example", "uma@", "a b@acme.example", "x" * 300 + "@acme.example"]
)
def test_what_is_no_address_is_refused_at_its_field(roles, written):
    with pytest.raises(BadRequest) as refused:
        way(written)
    assert refused.value.hints.keys() == {"address"}


def test_capitals_do_not_matter(platform):
    assert way("UMA@Acme.Example").mailboxes == [cast.UMA]
