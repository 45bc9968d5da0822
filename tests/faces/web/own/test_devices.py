"""The values for telephones and mail programs."""

import plistlib

import pytest

from postroom.actions import live
from postroom.core.errors import PlatformAway, PlatformRefused
from postroom.store.models import Platform
from tests import cast
from tests.faces.web.own.conftest import Holder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["imap.postroom.example", "993", "smtp.postroom.example", "465", cast.UMA])
def test_all_that_a_program_asks_is_there_to_copy(uma, words):
    assert f'data-copy="{words}"' in uma.get("devices/").text


def test_what_the_mailbox_may_not_use_is_not_shown(uma):
    uma.set(service_pop3="disabled")
    assert "POP3" not in uma.get("devices/").text


def test_who_has_app_passwords_is_told_to_use_them(uma):
    uma.http.post("/my/app-passwords/new/", {"tag": "phone"})
    assert "one of your app passwords" in uma.get("devices/").text


@pytest.mark.parametrize(
    ("failure", "words"), [(PlatformAway, "do not answer just now"), (PlatformRefused, "does not know which servers")]
)
def test_where_nothing_is_known_the_page_says_so(uma, monkeypatch, failure, words):
    def fail(*_):
        raise failure

    monkeypatch.setattr(live, "mail_servers", fail)
    page = uma.get("devices/")
    assert (page.status_code, words in page.text) == (200, True)


def test_a_platform_without_servers_has_no_values(uma):
    Platform.objects.update(settings={"path": ":memory:", "devices": {}})
    assert "does not know which servers" in uma.get("devices/").text


def test_apples_profile_is_for_the_own_mailbox(uma):
    answer = uma.get("devices/apple.mobileconfig")
    found = plistlib.loads(answer.content)["PayloadContent"][0]
    assert (answer["Content-Type"], found["EmailAddress"]) == ("application/x-apple-aspen-config", cast.UMA)


def test_it_is_called_after_the_mailbox(uma):
    assert f'filename="{cast.UMA}.mobileconfig"' in uma.get("devices/apple.mobileconfig")["Content-Disposition"]


def test_it_holds_the_persons_name(uma):
    uma.set(name="Uma Müller & Co")
    found = plistlib.loads(uma.get("devices/apple.mobileconfig").content)["PayloadContent"][0]
    assert found["EmailAccountName"] == "Uma Müller & Co"


def test_it_speaks_the_holders_language(acme):
    uma = Holder()
    uma.http.post("/language/", {"language": "fr"})
    assert "Configure" in plistlib.loads(uma.get("devices/apple.mobileconfig").content)["PayloadDescription"]


def test_without_servers_there_is_no_profile(uma):
    Platform.objects.update(settings={"path": ":memory:", "devices": {}})
    assert uma.get("devices/apple.mobileconfig").status_code == 404
