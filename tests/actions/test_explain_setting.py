"""Why a setting has its value."""

import pytest

from postroom.actions import companies, domains, explain_setting, mailboxes
from postroom.core import dkim
from postroom.core.errors import BadRequest, DomainNotFound, RoleTooSmall
from postroom.core.explain.why import Note, Place
from postroom.core.roles import OPERATOR
from tests import cast


def why(setting, of=cast.UMA, actor=OPERATOR):
    return explain_setting.why(actor, of, setting)


def change(level, **attributes):
    act, name = {
        "company": (companies.change, "acme"),
        "domain": (domains.change, cast.ACME),
        "mailbox": (mailboxes.change, cast.UMA),
    }[level]
    act(OPERATOR, cast.origin(), name, attributes)


def codes(found):
    return [note.code for note in found.notes]


def test_what_nobody_has_set_is_built_in(acme):
    found = why("spamlevel")
    assert (found.value, found.origin, found.default, found.changed) == ("Normal", "default", "Normal", None)


def test_each_level_is_told(acme):
    change("company", spamlevel="High")
    change("mailbox", spamlevel="Very High")
    assert why("spamlevel").places == (
        Place("mailbox", cast.UMA, "Very High", True),
        Place("domain", cast.ACME, None, False),
        Place("company", "acme", "High", True),
    )


@pytest.mark.parametrize(("level", "value"), [("company", "High"), ("domain", "Very High"), ("mailbox", "Normal")])
def test_the_nearest_level_that_says_something_holds(acme, level, value):
    for name, said in {"company": "High", "domain": "Very High", "mailbox": "Normal"}.items():
        change(name, spamlevel=said)
        if name == level:
            break
    found = why("spamlevel")
    assert (found.value, found.origin) == (value, level)


def test_who_made_it_so_is_told(acme):
    change("domain", spamlevel="High")
    assert (why("spamlevel").changed.actor, why("spamlevel").changed.face) == ("operator", "test")


def test_who_changed_something_out_of_sight_is_not_told(people):
    change("company", spamlevel="High")
    found = why("spamlevel", actor=cast.person_actor(cast.OLGA))
    assert (found.origin, found.value, found.changed) == ("company", "High", None)


def test_a_domain_is_asked_by_its_name(acme):
    change("domain", spamtag="[!]")
    found = why("spamtag", cast.ACME)
    assert (found.of, found.value, found.origin, len(found.places)) == (cast.ACME, "[!]", "domain", 2)


def test_copied_values_stay_when_the_level_above_changes(acme):
    change("domain", service_pop3="disabled")
    found = why("service_pop3")
    assert (found.value, codes(found)) == ("enabled", ["copied"])


def test_lists_of_all_levels_hold_together(acme):
    change("company", block=["a.example"])
    change("mailbox", block=["b.example"])
    found = why("block")
    assert (found.value, codes(found)) == (["a.example", "b.example"], ["added_up"])


def test_a_quota_above_the_domain_s_maximum_is_cut(acme):
    change("mailbox", quota=50)
    change("domain", quota_maximum=20, quota=10)
    assert Note("cut", {"maximum": 20}) in why("quota").notes


def test_a_quota_within_it_is_not(acme):
    change("mailbox", quota=10)
    change("domain", quota_maximum=20, quota=10)
    assert codes(why("quota")) == ["copied"]


def test_a_forward_has_no_quota(acme):
    change("mailbox", type="forward", forward_recipients=["joe@there.example"])
    assert "no_quota" in codes(why("quota"))


def test_what_a_type_fixes_is_told(acme):
    change("mailbox", type="forward", forward_recipients=["joe@there.example"], filterdelivery="quarantine")
    found = why("filterdelivery")
    assert (found.value, Note("of_type", {"type": "forward"}) in found.notes) == ("passthrough", True)


def test_who_suspended_a_service_is_told(acme):
    mailboxes.change(cast.actor(cast.ALICE), cast.origin(), cast.UMA, {"service_imap4": "suspended"})
    assert codes(why("service_imap4")) == ["copied", "suspended_company"]


def test_secrets_are_told_nowhere(acme):
    change("domain", dkim_selector="s1", dkim_key=dkim.new_key(1024))
    found = why("dkim_key", cast.ACME)
    assert (found.value, found.secret, found.places[0]) == (None, True, Place("domain", cast.ACME, None, True))


def test_other_spellings_of_a_name_are_understood(acme):
    assert why("spam_level").setting == "spamlevel"


@pytest.mark.parametrize("setting", ["", "colour", "password", "account"])
def test_what_is_no_setting_of_a_mailbox_is_refused_at_its_field(acme, setting):
    with pytest.raises(BadRequest) as refused:
        why(setting)
    assert refused.value.hints.keys() == {"setting"}


def test_what_only_domains_have_is_asked_of_the_domain(acme):
    change("domain", catchall="uma")
    found = why("catchall")
    assert (found.of, found.value) == (cast.ACME, cast.UMA)


def test_strangers_are_told_nothing(people):
    for of in (cast.UMA, cast.ACME):
        with pytest.raises(DomainNotFound):
            why("spamlevel", of, cast.person_actor(cast.NORA))


def test_holders_ask_about_their_own_mailbox_only(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    uma = cast.person_actor(cast.UMA)
    assert why("spamlevel", cast.UMA, uma).settable
    with pytest.raises(DomainNotFound):
        why("spamlevel", cast.MAX, uma)


def test_viewers_see_and_may_not_set(people):
    assert not why("spamlevel", actor=cast.person_actor(cast.VERA)).settable


def test_a_workgroup_s_administrator_does_not_ask_about_others(people):
    with pytest.raises(RoleTooSmall):
        why("spamlevel", cast.UMA, cast.actor(cast.WES))
