"""Changes taken back, and those that cannot be."""

import pytest

from postroom.actions import (
    accesses,
    aliases,
    companies,
    domain_switch,
    domains,
    histories,
    mailbox_removal,
    mailbox_states,
    mailboxes,
    person_mailboxes,
    undo,
)
from postroom.actions.person_mailboxes import PersonalChange
from postroom.core.errors import ChangedSince, NotFound, NotSettable, NotUndoable, RoleTooSmall
from postroom.core.roles import OPERATOR
from postroom.store.models import Alias, Domain, History, Person
from tests import cast


@pytest.fixture
def olga(people):
    return cast.person_actor(cast.OLGA)


def newest(kind: str) -> int:
    return History.objects.filter(kind=kind).order_by("-id").values_list("id", flat=True)[0]


def domain_settings() -> dict[str, object]:
    return Domain.objects.get(name=cast.ACME).settings


def change_domain(actor, **attributes):
    domains.change(actor, cast.origin(), cast.ACME, attributes)
    return newest("domain")


def change_uma(actor=OPERATOR, **attributes):
    mailboxes.change(actor, cast.origin(), cast.UMA, attributes)
    return newest("mailbox")


def test_a_setting_of_a_domain_is_as_it_was(olga):
    change_domain(olga, spamlevel="High")
    id = change_domain(olga, spamlevel="Very High")
    undo.revert(olga, cast.origin(), id)
    assert domain_settings()["spamlevel"] == "High"


def test_a_setting_that_was_inherited_is_inherited_again(olga):
    undo.revert(olga, cast.origin(), change_domain(olga, spamlevel="High"))
    assert "spamlevel" not in domain_settings()


def test_a_setting_of_a_mailbox_is_as_it_was(olga):
    undo.revert(olga, cast.origin(), change_uma(olga, title="Dr", block=["spam.example"]))
    assert not {"title", "block"} & cast.row(cast.UMA).settings.keys()


def test_a_setting_of_a_company_is_as_it_was(acme):
    companies.change(OPERATOR, cast.origin(), "acme", {"spamtag": "[!]"})
    undo.revert(cast.actor(cast.ALICE), cast.origin(), newest("company"))
    assert "spamtag" not in companies.show(OPERATOR, "acme").settings


def test_undoing_is_in_the_history_and_can_be_undone(olga):
    undo.revert(olga, cast.origin(), change_domain(olga, spamlevel="High"))
    entry = History.objects.get(id=newest("domain"))
    assert (entry.actor, entry.changes) == (cast.OLGA, {"spamlevel": ["High", None]})
    undo.revert(olga, cast.origin(), entry.pk)
    assert domain_settings()["spamlevel"] == "High"


def test_what_was_changed_since_stays(olga):
    id = change_domain(olga, spamlevel="High", spamtag="[x]")
    change_domain(olga, spamlevel="Normal")
    with pytest.raises(ChangedSince, match="spamlevel"):
        undo.revert(olga, cast.origin(), id)
    assert (domain_settings()["spamlevel"], domain_settings()["spamtag"]) == ("Normal", "[x]")


def test_a_new_address_is_given_back(olga):
    mailbox_removal.rename(olga, cast.origin(), cast.UMA, "una")
    undo.revert(olga, cast.origin(), newest("mailbox"))
    assert cast.row(cast.UMA).status == "enabled"


def test_the_name_of_a_holder_is_as_it_was(olga):
    person_mailboxes.update(olga, cast.origin(), cast.UMA, PersonalChange(first_name="Uma", last_name="Berg"))
    person_mailboxes.update(
        olga, cast.origin(), cast.UMA, PersonalChange(last_name="Hill", secondary_email="u@h.example")
    )
    undo.revert(olga, cast.origin(), newest("mailbox"))
    row = cast.row(cast.UMA)
    assert (row.first_name, row.last_name, row.secondary_email, row.settings["name"]) == ("Uma", "Berg", "", "Uma Berg")


def test_a_holder_who_had_a_whole_name_has_it_again(olga):
    change_uma(name="Uma Maria van der Berg")
    person_mailboxes.update(olga, cast.origin(), cast.UMA, PersonalChange(first_name="Uma", last_name="Hill"))
    undo.revert(olga, cast.origin(), newest("mailbox"))
    row = cast.row(cast.UMA)
    assert (row.first_name, row.settings["name"]) == ("", "Uma Maria van der Berg")


def test_a_disabled_mailbox_is_enabled_again(olga):
    mailbox_states.disable(olga, cast.origin(), cast.UMA)
    undo.revert(olga, cast.origin(), newest("mailbox"))
    assert cast.row(cast.UMA).status == "enabled"


def test_an_enabled_mailbox_is_disabled_again(olga):
    mailbox_states.disable(olga, cast.origin(), cast.UMA)
    mailbox_states.enable(olga, cast.origin(), cast.UMA)
    undo.revert(olga, cast.origin(), newest("mailbox"))
    assert cast.row(cast.UMA).status == "disabled"


def test_a_disabling_is_not_undone_twice(olga):
    mailbox_states.disable(olga, cast.origin(), cast.UMA)
    id = newest("mailbox")
    undo.revert(olga, cast.origin(), id)
    with pytest.raises(ChangedSince):
        undo.revert(olga, cast.origin(), id)


def test_the_operator_has_a_domain_on_again(people):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME, "unpaid")
    undo.revert(OPERATOR, cast.origin(), newest("domain"))
    assert Domain.objects.get(name=cast.ACME).status == "enabled"


def test_nobody_undoes_what_only_the_operator_may_do(olga):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME, "unpaid")
    with pytest.raises(RoleTooSmall):
        undo.revert(olga, cast.origin(), newest("domain"))
    assert Domain.objects.get(name=cast.ACME).status == "disabled"


def test_a_new_alias_is_removed(olga):
    aliases.create(olga, cast.origin(), cast.ACME, "info", cast.UMA)
    undo.revert(olga, cast.origin(), newest("domain"))
    assert not Alias.objects.exists()


def test_a_removed_alias_is_there_again_and_may_send_as_it_could(olga):
    aliases.create(olga, cast.origin(), cast.ACME, "info", cast.UMA, allow_to_send=True)
    aliases.create(olga, cast.origin(), cast.ACME, "info", "max@acme.example")
    aliases.remove_all(olga, cast.origin(), cast.ACME, "info")
    undo.revert(olga, cast.origin(), newest("domain"))
    found = Alias.objects.order_by("destination").values_list("destination", "allow_to_send")
    assert list(found) == [("max@acme.example", False), (cast.UMA, True)]


def test_an_alias_that_is_back_already_is_not_made_twice(olga):
    made = aliases.create(olga, cast.origin(), cast.ACME, "info", cast.UMA)
    aliases.remove(olga, cast.origin(), cast.ACME, made.id)
    id = newest("domain")
    aliases.create(olga, cast.origin(), cast.ACME, "info", cast.UMA)
    with pytest.raises(ChangedSince):
        undo.revert(olga, cast.origin(), id)


def test_secrets_do_not_come_back(olga):
    with pytest.raises(NotUndoable):
        undo.revert(olga, cast.origin(), change_uma(password="Another-horse-8", title="Dr"))
    assert cast.row(cast.UMA).settings["title"] == "Dr"


def test_a_role_that_was_given_is_no_setting(olga):
    cast.person("friend@acme.example")
    accesses.create(olga, cast.origin(), cast.ACME, Person.objects.get(email="friend@acme.example").pk, "viewer")
    with pytest.raises(NotUndoable):
        undo.revert(olga, cast.origin(), newest("domain"))


def test_creation_is_undone_by_deleting(olga):
    created = History.objects.get(kind="domain", name=cast.ACME, verb="created").pk
    with pytest.raises(NotUndoable):
        undo.revert(OPERATOR, cast.origin(), created)


def test_an_attribute_that_is_not_theirs_stays(olga):
    id = change_domain(OPERATOR, aliases=["acme.test"])
    with pytest.raises(NotSettable) as refused:
        undo.revert(olga, cast.origin(), id)
    assert refused.value.hints.keys() == {"aliases"}
    assert Domain.objects.get(name=cast.ACME).aliases == ["acme.test"]


@pytest.mark.parametrize("who", [cast.NORA, cast.VERA])
def test_who_may_not_change_may_not_undo(olga, who):
    id = change_domain(olga, spamlevel="High")
    with pytest.raises(NotFound if who == cast.NORA else RoleTooSmall):
        undo.revert(cast.person_actor(who), cast.origin(), id)
    assert domain_settings()["spamlevel"] == "High"


def test_holders_undo_their_own_changes(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    uma = cast.person_actor(cast.UMA)
    undo.revert(uma, cast.origin(), change_uma(uma, block=["spam.example"]))
    assert "block" not in cast.row(cast.UMA).settings


def test_entries_of_deleted_mailboxes_are_not_found(olga):
    id = change_uma(title="Dr")
    mailbox_removal.delete(OPERATOR, cast.origin(), cast.UMA)
    with pytest.raises(NotFound):
        undo.revert(OPERATOR, cast.origin(), id)


def test_no_such_entry(olga):
    with pytest.raises(NotFound):
        undo.revert(OPERATOR, cast.origin(), 999_999_999)


def test_what_is_no_default_any_more_is_not_half_undone(olga):
    companies.change(OPERATOR, cast.origin(), "acme", {"service_pop3": "disabled"})
    row = Domain.objects.get(name=cast.ACME)
    del row.settings["service_pop3"]
    row.save()
    id = change_domain(OPERATOR, service_pop3="suspended")
    with pytest.raises(NotUndoable, match="service_pop3"):
        undo.revert(OPERATOR, cast.origin(), id)
    assert domain_settings()["service_pop3"] == "suspended"


def test_the_history_says_what_can_be_undone(olga):
    change_domain(olga, spamlevel="High")
    change_domain(olga, spamlevel="Normal", spamtag="[x]")
    lines, _ = histories.of_domain(olga, cast.ACME, limit=2)
    assert [line.undoable for line in lines] == [True, False]


def test_the_history_offers_viewers_nothing_to_undo(olga):
    change_domain(olga, spamlevel="High")
    lines, _ = histories.of_domain(cast.person_actor(cast.VERA), cast.ACME)
    assert not any(line.undoable for line in lines)


def test_the_history_of_a_mailbox_offers_its_holder_what_is_theirs(people):
    cast.person(cast.UMA, mailbox=cast.row(cast.UMA))
    change_uma(title="Dr")
    mailbox_states.disable(OPERATOR, cast.origin(), cast.UMA)
    mailbox_states.enable(OPERATOR, cast.origin(), cast.UMA)
    lines, _ = histories.of_mailbox(cast.person_actor(cast.UMA), cast.UMA, limit=3)
    assert [(line.verb, line.undoable) for line in lines] == [
        ("enabled", False),
        ("disabled", False),
        ("changed", True),
    ]
