"""Passwords for single programs."""

import pytest

from postroom.actions import app_passwords
from postroom.core.roles import OPERATOR
from postroom.store.models import AppPassword, History
from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db


def make(holder, tag="Thunderbird at work"):
    return holder.post("app-passwords/new/", tag=tag)


def tags():
    return list(AppPassword.objects.order_by("id").values_list("tag", flat=True))


@pytest.fixture
def phone(uma):
    app_passwords.add(OPERATOR, cast.origin(), cast.UMA, "phone")


def test_a_new_one_is_shown_once(uma, monkeypatch):
    monkeypatch.setattr(app_passwords, "new_app_password", lambda: "abcd-efgh-ijkm-npqr")
    first, later = make(uma).text, uma.get("app-passwords/").text
    assert ("abcd-efgh-ijkm-npqr" in first, "abcd-efgh-ijkm-npqr" in later, tags()) == (
        True, False, ["Thunderbird at work"],
    )  # fmt: skip


def test_nothing_keeps_the_page_that_shows_it(uma):
    assert make(uma)["Cache-Control"] == "no-store"


def test_the_history_says_no_more_than_its_name(uma, monkeypatch):
    monkeypatch.setattr(app_passwords, "new_app_password", lambda: "abcd-efgh-ijkm-npqr")
    make(uma)
    assert History.objects.latest("id").changes == {"app_passwords": [None, "Thunderbird at work"]}


@pytest.mark.parametrize(
    ("tag", "words"), [("", "required"), ("phone", "in use"), ("Téléphone", "without accents"), ("x" * 129, "128")]
)
def test_a_name_that_does_not_do_is_told_at_its_field(uma, phone, tag, words):
    page = make(uma, tag)
    told = " ".join(page.context["form"].errors["tag"])
    assert (page.status_code == 200, words in told, tags()) == (False, True, ["phone"])


def test_the_first_one_is_announced(uma):
    assert "can no longer sign in with the password of the mailbox" in uma.get("app-passwords/new/").text


def test_the_second_one_is_not(uma, phone):
    assert "your first one" not in uma.get("app-passwords/new/").text


def test_after_four_there_is_no_button_for_a_fifth(uma):
    for number in range(4):
        app_passwords.add(OPERATOR, cast.origin(), cast.UMA, f"device {number}")
    assert "/my/app-passwords/new/" not in uma.get("app-passwords/").text


def test_and_asking_for_it_is_refused(uma):
    for number in range(4):
        app_passwords.add(OPERATOR, cast.origin(), cast.UMA, f"device {number}")
    assert (make(uma).status_code, len(tags())) == (409, 4)


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_browser_that_was_left_open_must_sign_in_again(acme, verb):
    page = getattr(Holder(ago=3600), verb)("app-passwords/new/", tag="theirs")
    assert (page.status_code, page["Location"].startswith("/sign-in/"), tags()) == (303, True, [])


def test_before_one_is_removed_the_consequence_is_told(uma, phone):
    page = uma.get("app-passwords/delete/", name="phone").text
    assert ("can no longer sign in" in page, "your last one" in page, tags()) == (True, True, ["phone"])


def test_then_it_is_gone(uma, phone):
    page = uma.http.post("/my/app-passwords/delete/?name=phone")
    assert (page["Location"], tags()) == ("/my/app-passwords/", [])


def test_a_name_may_hold_what_addresses_cannot(uma):
    make(uma, "a/b&c?d=é".replace("é", "#"))
    uma.http.post("/my/app-passwords/delete/?name=a/b%26c%3Fd%3D%23")
    assert tags() == []


def test_one_that_is_not_there_is_not_found(uma, phone):
    assert uma.get("app-passwords/delete/", name="tablet").status_code == 404


def test_somebody_elses_is_not_there(uma):
    app_passwords.add(OPERATOR, cast.origin(), cast.MAX, "phone")
    assert (uma.http.post("/my/app-passwords/delete/?name=phone").status_code, tags()) == (404, ["phone"])
