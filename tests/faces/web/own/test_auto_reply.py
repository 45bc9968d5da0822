"""The holder is away."""

import time
from datetime import UTC, datetime

import pytest

from postroom.store.models import History, Person
from tests import cast

pytestmark = pytest.mark.django_db

ON = {"delivery_autoresponder": "on", "autoresponder": "I am away.", "autoresponder_option_interval": "24"}
SUMMER = "2090-07-01T12:00"


def save(holder, **given):
    return holder.post("auto-reply/", **{**ON, **given})


def told(page, field):
    return " ".join(page.context["form"].errors.get(field, []))


def test_whoever_writes_is_answered(uma):
    save(uma)
    assert (uma.settings["delivery_autoresponder"], uma.settings["autoresponder"]) == (True, "I am away.")


def test_the_text_may_have_lines(uma):
    save(uma, autoresponder="Hello\r\n\r\nAway.")
    assert uma.settings["autoresponder"] == "Hello\n\nAway."


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 12), ("Europe/Paris", 10)])
def test_the_end_is_a_time_where_the_holder_is(uma, zone, hour):
    Person.objects.update(timezone=zone)
    save(uma, autoresponder_option_enddate=SUMMER)
    end = datetime.fromtimestamp(uma.settings["autoresponder_option_enddate"], UTC)
    assert end == datetime(2090, 7, 1, hour, tzinfo=UTC)


def test_where_they_have_not_said_where_they_are_the_mailboxs_zone_counts(uma):
    uma.set(timezone="Europe/Paris")
    save(uma, autoresponder_option_enddate=SUMMER)
    assert (uma.settings["autoresponder_option_enddate"] // 3600 % 24, SUMMER in uma.get("auto-reply/").text) == (
        10, True,
    )  # fmt: skip


def test_and_is_shown_as_it_was_typed(uma):
    Person.objects.update(timezone="Europe/Paris")
    save(uma, autoresponder_option_enddate=SUMMER)
    assert SUMMER in uma.get("auto-reply/").text


def test_the_end_can_be_taken_back(uma):
    save(uma, autoresponder_option_enddate=SUMMER)
    save(uma, autoresponder_option_enddate="")
    assert "autoresponder_option_enddate" not in uma.settings


def test_switched_off_the_text_is_kept(uma):
    save(uma)
    save(uma, delivery_autoresponder=None)
    assert (uma.settings.get("delivery_autoresponder", False), uma.settings["autoresponder"]) == (False, "I am away.")


def test_mail_is_kept_whether_it_is_answered_or_not(uma):
    save(uma)
    assert uma.settings["delivery_local"] is True


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("autoresponder", "", "Write what the answer says."),
        ("autoresponder", " \n ", "Write what the answer says."),
        ("autoresponder", "x" * 4001, "4000"),
        ("autoresponder_option_enddate", "2020-01-01T00:00", "This time is over."),
        ("autoresponder_option_enddate", "soon", "valid"),
        ("autoresponder_option_interval", "5000", "valid choice"),
        ("autoresponder_option_interval", "x", "valid choice"),
    ],
)
def test_what_does_not_do_is_told_at_its_field_and_changes_nothing(uma, field, typed, words):
    page = save(uma, **{field: typed})
    assert (page.status_code, words in told(page, field), "autoresponder" in uma.settings) == (422, True, False)


def test_an_end_that_is_over_can_stand_while_nobody_is_answered(uma):
    assert save(uma, delivery_autoresponder=None, autoresponder_option_enddate="2020-01-01T00:00").status_code == 303


def test_an_interval_that_others_set_is_offered_too(uma):
    uma.set(autoresponder_option_interval=96)
    save(uma, autoresponder_option_interval="96")
    assert uma.settings["autoresponder_option_interval"] == 96


def test_an_answer_that_has_ended_is_told(uma):
    uma.set(delivery_autoresponder=True, autoresponder="Away", autoresponder_option_enddate=int(time.time()) - 60)
    assert "nobody is answered any more" in uma.get("auto-reply/").text


def test_one_that_goes_on_is_told_too(uma):
    save(uma)
    assert "is answered now" in uma.get("auto-reply/").text


def test_the_holder_is_who_changed_it(uma):
    save(uma)
    assert History.objects.latest("id").actor == cast.UMA


def test_no_field_says_that_it_must_be_filled_in_while_nobody_is_answered(uma):
    assert " required" not in uma.get("auto-reply/").text.partition("<main")[2]
