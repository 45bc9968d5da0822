"""What the holder of a mailbox sees first."""

import time

import pytest
from django.test import Client

from postroom.store.models import Mailbox, MailUsage
from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db

PAGES = ["", "forward/", "auto-reply/", "senders/", "devices/", "app-passwords/", "app-passwords/new/", "password/",
         "details/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_about_the_own_mailbox(uma, path):
    page = uma.get(path)
    assert (page.status_code, f"<h1>{cast.UMA}</h1>" in page.text) == (200, True)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_them_without_signing_in(acme, path):
    page = Client().get(f"/my/{path}")
    assert (page.status_code, page["Location"].startswith("/sign-in/")) == (303, True)


@pytest.mark.parametrize("path", PAGES)
def test_an_administrator_of_oma_has_a_mailbox_too(acme, path):
    assert Holder(cast.DORA).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_they_are_small(uma, path):
    assert len(uma.get(path).content) < 100_000


def test_the_quota_is_shown_with_how_much_is_used(uma):
    uma.set(quota=1000)
    MailUsage.objects.update_or_create(
        mailbox_id=cast.row(cast.UMA).pk, defaults={"bytes": 250 * 1024**2, "messages": 3, "full": False, "at": 1}
    )
    assert 'value="25"' in uma.get().text


def test_without_a_quota_there_is_no_bar(uma):
    Mailbox.objects.filter(address=cast.UMA).update(settings={"delivery_local": True})
    assert "<meter" not in uma.get().text


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({}, "Your mail stays in this mailbox."),
        ({"delivery_forward": True, "forward_recipients": ["x@home.example"]}, "A copy stays here"),
        (
            {"delivery_forward": True, "forward_recipients": ["x@home.example"], "delivery_local": False},
            "Nothing stays here",
        ),
        ({"delivery_autoresponder": True, "autoresponder": "Away"}, "Until you switch it off"),
        (
            {"delivery_autoresponder": True, "autoresponder": "Away", "autoresponder_option_enddate": 1},
            "Nobody gets an automatic answer.",
        ),
        ({"service_smtpin": "suspended", "service_smtprelay": "suspended"}, "This mailbox is suspended"),
    ],
)
def test_what_happens_to_mail_is_told(uma, attributes, words):
    uma.set(**attributes)
    assert words in uma.get().text


def test_of_many_recipients_the_first_are_shown(uma):
    uma.set(delivery_forward=True, forward_recipients=[f"x{n}@home.example" for n in range(5)])
    page = uma.get().text
    assert ("x2@home.example" in page, "x3@home.example" in page, "and 2 more" in page) == (True, False, True)


def test_the_last_sign_ins_are_shown(uma):
    Mailbox.objects.filter(address=cast.UMA).update(last_sign_ins={"imap4": int(time.time() * 1000)})
    assert "Mail program (IMAP)" in uma.get().text
