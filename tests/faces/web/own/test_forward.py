"""The holder sends mail on to others."""

import pytest

from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db

ON = {"delivery_forward": "on", "delivery_local": "on", "forward_recipients": "joe@home.example"}


def save(holder, **given):
    return holder.post("forward/", **{**ON, **given})


def told(page, field):
    return " ".join(page.context["form"].errors.get(field, []))


def test_mail_is_sent_on_and_a_copy_stays(uma):
    save(uma)
    found = uma.settings
    assert (found["delivery_forward"], found["delivery_local"], found["forward_recipients"]) == (
        True, True, ["joe@home.example"],
    )  # fmt: skip


def test_or_none_does(uma):
    save(uma, delivery_local=None)
    assert uma.settings.get("delivery_local", False) is False


def test_switched_off_mail_stays_here_whatever_was_ticked(uma):
    save(uma, delivery_local=None)
    save(uma, delivery_local=None, delivery_forward=None)
    assert (uma.settings.get("delivery_forward", False), uma.settings["delivery_local"]) == (False, True)


def test_the_addresses_are_kept_for_the_next_time(uma):
    save(uma, delivery_forward=None)
    assert "joe@home.example" in uma.get("forward/").text


@pytest.mark.parametrize("between", ["\r\n", ", ", ";", "\n\n"])
def test_addresses_stand_one_on_a_line_or_with_commas_between(uma, between):
    save(uma, forward_recipients=f"Joe@Home.example{between}ann@home.example{between}joe@home.example")
    assert uma.settings["forward_recipients"] == ["joe@home.example", "ann@home.example"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "at least one address"),
        ("joe", "joe – Must be a full address"),
        ("joe@home.example\njim@", "jim@ – Must be a domain name"),
        ("joe brown@home.example", "without a name, blanks"),
        ("\0@home.example", ""),
        ("\n".join(f"x{n}@home.example" for n in range(1001)), "at most 1000"),
    ],
)
def test_what_is_no_address_is_told_and_changes_nothing(uma, typed, words):
    page = save(uma, forward_recipients=typed)
    assert (page.status_code, words in told(page, "forward_recipients")) == (422, True)
    assert "forward_recipients" not in uma.settings


def test_what_was_typed_is_not_lost(uma):
    assert "jim@" in save(uma, forward_recipients="joe@home.example\njim@").text


def test_further_wishes_are_kept(uma):
    save(
        uma,
        forward_option_reply_to="desk@home.example",
        forward_option_subject_prefix="[Acme]",
        forward_option_restricted="on",
    )
    found = uma.settings
    assert [found[f"forward_option_{name}"] for name in ("reply_to", "subject_prefix", "restricted")] == [
        "desk@home.example", "[Acme]", True,
    ]  # fmt: skip


def test_and_taken_back(uma):
    save(uma, forward_option_reply_to="desk@home.example")
    save(uma, forward_option_reply_to="")
    assert uma.settings.get("forward_option_reply_to", "") == ""


def test_a_mistake_in_them_is_told_at_its_field_which_is_open(uma):
    page = save(uma, forward_option_reply_to="desk")
    assert (bool(told(page, "forward_option_reply_to")), "<details open>" in page.text) == (True, True)


def test_who_begins_to_forward_keeps_a_copy_unless_they_say_otherwise(uma):
    assert uma.get("forward/").context["form"]["delivery_local"].value() is True


def test_a_session_of_somebody_else_changes_only_their_own(uma):
    save(Holder(cast.MAX))
    assert "forward_recipients" not in uma.settings


def test_without_the_forms_token_nothing_is_changed(uma):
    uma.http.handler.enforce_csrf_checks = True
    assert (save(uma).status_code, "forward_recipients" in uma.settings) == (403, False)
