"""The holder blocks senders, or lets them in, and says how strict the filter is."""

import pytest

pytestmark = pytest.mark.django_db


def add(holder, typed, which="block"):
    return holder.http.post(f"/my/senders/?list={which}", {"add": "1", "senders": typed})


def test_senders_are_blocked(uma):
    add(uma, "Spam@Bad.example\nbad.example, *@*.worse.example")
    assert uma.settings["block"] == ["spam@bad.example", "bad.example", "*@*.worse.example"]


def test_or_always_let_in(uma):
    add(uma, "friend@good.example", "allow")
    assert uma.settings["allow"] == ["friend@good.example"]


def test_more_are_added_to_those_that_are_there(uma):
    add(uma, "one.example")
    add(uma, "two.example\none.example")
    assert uma.settings["block"] == ["one.example", "two.example"]


def test_who_was_there_already_is_told(uma):
    add(uma, "one.example")
    page = uma.http.get(add(uma, "one.example")["Location"])
    assert "in the list already" in page.text


def test_one_is_taken_out(uma):
    add(uma, "one.example\ntwo.example")
    uma.post("senders/remove/", list="block", sender="one.example")
    assert uma.settings["block"] == ["two.example"]


def test_taking_out_the_last_one_leaves_none(uma):
    add(uma, "one.example")
    uma.post("senders/remove/", list="block", sender="one.example")
    assert not uma.settings.get("block")


def test_a_name_may_hold_marks(uma):
    add(uma, "a+b'c&d@bad.example")
    uma.post("senders/remove/", list="block", sender="a+b'c&d@bad.example")
    assert not uma.settings.get("block")


@pytest.mark.parametrize(("typed", "words"), [("", "required"), ("ü@bad.example", "without accents"), ("a b", "a b –")])
def test_what_is_no_sender_is_told_and_changes_nothing(uma, typed, words):
    page = add(uma, typed)
    told = " ".join(page.context["form"].errors["senders"])
    assert (page.status_code, words in told, uma.settings.get("block")) == (422, True, None)


def test_after_a_thousand_there_is_no_room(uma):
    uma.set(block=[f"n{number}.example" for number in range(1000)])
    page = add(uma, "one.example")
    assert (page.status_code, "1000" in page.text, len(uma.settings["block"])) == (422, True, 1000)


@pytest.mark.parametrize("path", ["senders/?list=grey", "senders/remove/"])
def test_there_are_no_other_lists(uma, path):
    page = uma.http.post("/my/" + path, {"list": "grey", "add": "1", "senders": "x.example"})
    assert page.status_code == 404


def test_a_long_list_is_shown_in_pages(uma):
    uma.set(block=[f"n{number}.example" for number in range(1000)])
    page = uma.get("senders/", page="2")
    assert (page.context["senders"][0], len(page.context["senders"]), len(page.content) < 100_000) == (
        "n949.example", 50, True,
    )  # fmt: skip


def test_a_long_list_can_be_searched(uma):
    uma.set(block=[f"n{number}.example" for number in range(100)])
    assert uma.get("senders/", q="N42").context["senders"] == ["n42.example"]


def test_how_strict_the_filter_is(uma):
    page = uma.post("senders/", group="spam", spamlevel="High", filterdelivery="quarantine", was="")
    assert (page.status_code, uma.settings["spamlevel"]) == (303, "High")


def test_a_level_that_is_none_is_told(uma):
    assert uma.post("senders/", group="spam", spamlevel="Huge", was="").status_code == 422
