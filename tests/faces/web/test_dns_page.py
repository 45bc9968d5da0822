"""The page for whoever looks after a domain's DNS: by a signed link, without an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from postroom.actions import dns_pages, domains
from postroom.core.errors import DomainNotFound
from postroom.core.lifecycle import DomainState
from postroom.core.roles import OPERATOR
from postroom.drivers import make
from postroom.store.models import Domain
from postroom.worker import loop
from tests import cast

TOWN = "xn--mnchen-3ya.example"


@pytest.fixture
def platform(acme):
    cast.company("town", "mayor@town.adm", trusted=False)
    domains.change(OPERATOR, cast.origin(), TOWN, {"company": "town"}, create_only=True)
    platform = make("fake", {"path": ":memory:"})
    fail(platform, "mx", "wrong_mx")
    fail(platform, "dmarc", "no_dmarc")
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    return platform


def fail(platform, test, code=""):
    platform.command("set_check", {"domain": TOWN, "test": test, "ok": False, "code": code})


@pytest.fixture
def address(platform):
    return dns_pages.link(OPERATOR, cast.origin(), TOWN)


def read(address, language="en"):
    return Client().get(address, headers={"accept-language": language})


class TestWhoMayOpenIt:
    def test_whoever_has_the_address(self, address):
        assert read(address).status_code == 200

    @pytest.mark.parametrize("change", [-1, 0, 20, 40, 50])
    def test_nobody_with_another_one(self, address, change):
        at = len("/dns/") + change if change >= 0 else len(address) - 1
        other = "0" if address[at] != "0" else "1"
        assert read(address[:at] + other + address[at + 1 :]).status_code == 403

    @pytest.mark.parametrize("token", ["x", "1-2-3", "%00", "é", "-" * 500])
    def test_nonsense_is_refused(self, db, token):
        assert read(f"/dns/{token}").status_code == 403

    def test_nobody_after_thirty_days(self, platform):
        before = cast.origin(datetime.now(UTC) - timedelta(days=30, minutes=1))
        answer = read(dns_pages.link(OPERATOR, before, TOWN))
        assert answer.status_code == 403
        assert "older than 30 days" in answer.text

    def test_a_domain_that_is_gone(self, address):
        Domain.objects.filter(name=TOWN).update(deleted_at=1)
        assert read(address).status_code == 404

    def test_another_domains_link_opens_that_domain_only(self, address):
        other = dns_pages.link(OPERATOR, cast.origin(), cast.ACME)
        assert TOWN not in read(other).text

    def test_a_secret_of_another_server_opens_nothing(self, address, settings):
        settings.SECRET_KEY = "another"
        assert read(address).status_code == 403

    def test_who_sees_a_domain_can_hand_it_out(self, platform):
        assert dns_pages.link(cast.actor(cast.DORA), cast.origin(), cast.ACME).startswith("/dns/")

    def test_others_cannot(self, platform, other):
        with pytest.raises(DomainNotFound):
            dns_pages.link(cast.actor(cast.CHARLIE), cast.origin(), cast.ACME)

    def test_the_whole_address_is_told_where_it_is_known(self, platform, settings):
        settings.PUBLIC_URL = "https://post.example"
        assert dns_pages.link(OPERATOR, cast.origin(), TOWN).startswith("https://post.example/dns/")


class TestWhatItShows:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "One thing must be put right"),
            ("en", "goes elsewhere"),
            ("fr-FR,en;q=0.5", "Un point est à corriger"),
            ("fr", "part ailleurs"),
            ("fr", "Vérifier à nouveau"),
            ("de", "Check again"),
        ],
    )
    def test_it_speaks_the_readers_language(self, address, language, words):
        assert words in read(address, language).text

    def test_a_language_can_be_chosen(self, address):
        text = read(f"{address}?language=fr", "en").text
        assert '<html lang="fr">' in text
        assert "part ailleurs" in text

    @pytest.mark.parametrize(
        "words", ["10 mx.postroom.example.", "münchen.example", TOWN, "v=DMARC1; p=none", "Advice", "zone file"]
    )
    def test_what_is_wrong_and_the_records_to_paste(self, address, words):
        assert words in read(address).text

    def test_which_server_said_what(self, address):
        said = {"server": "ns1.town.example (192.0.2.1)", "name": TOWN, "type": "MX", "values": ["10 <b>x</b>."]}
        row = Domain.objects.get(name=TOWN)
        next(test for test in row.check_details if test["name"] == "mx")["answers"] = [said]
        row.save(update_fields=["check_details"])
        text = read(address).text
        assert "ns1.town.example (192.0.2.1)" in text
        assert "10 &lt;b&gt;x&lt;/b&gt;." in text

    @pytest.mark.parametrize(
        ("test", "code", "words"),
        [
            ("mx", "dns_timeout", "Not everything could be looked at."),
            ("cert", "", "nothing is left for you to do"),
            ("spf", "no_spf", "One thing must be put right."),
            ("tls_rpt", "", "Everything that mail needs is in place."),
        ],
    )
    def test_whose_turn_it_is(self, address, platform, test, code, words):
        platform.command("clear_checks", {})
        platform.command("set_fix", {"domain": TOWN, "repairs": False})
        fail(platform, test, code)
        Domain.objects.filter(name=TOWN).update(checked_at=None)  # else what was known before is shown
        assert words in Client().post(address, follow=True).text

    def test_silent_servers_leave_what_was_known(self, address, platform):
        fail(platform, "mx", "dns_timeout")
        text = Client().post(address, follow=True).text
        assert "name servers could be asked" in text
        assert "10 mx.postroom.example." in text

    def test_when_it_was_checked(self, address):
        assert re.search(r'<time datetime="20\d\d-\d\d-\d\dT', read(address).text)

    def test_a_domain_that_was_never_checked(self, address):
        Domain.objects.filter(name=TOWN).update(checked_at=None, check_details=[])
        assert "has not been checked yet" in read(address).text

    def test_what_earlier_versions_kept(self, address):
        old = [{"name": "mx", "internal": False, "code": "no_mx", "detail": "no MX there"}]
        Domain.objects.filter(name=TOWN).update(check_details=old)
        assert "no MX there" in read(address).text

    def test_nothing_is_loaded_from_elsewhere_and_nothing_gets_around(self, address):
        answer = read(address)
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert not answer.cookies
        assert "<script" not in answer.text
        assert " style=" not in answer.text

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_no_text_is_missing(self, address, language):
        assert "{" not in re.sub(r"<[^>]*>", "", read(address, language).text)


class TestCheckingAgain:
    def test_what_was_mended_is_seen_at_once(self, address, platform):
        platform.command("clear_checks", {})
        answer = Client().post(address, follow=True)
        assert "Everything that mail needs is in place." in answer.text
        assert Domain.objects.get(name=TOWN).status == DomainState.ENABLED

    def test_the_language_stays(self, address):
        answer = Client().post(f"{address}?language=fr")
        assert (answer.status_code, answer["Location"]) == (303, f"{address}?language=fr")

    def test_not_more_often_than_it_helps(self, address):
        Client().post(address)
        answer = Client().post(address)
        assert answer.status_code == 429
        assert "checked a moment ago" in answer.text

    def test_a_platform_that_does_not_answer_is_told(self, address, platform):
        platform.command("fail_next", {"operation": "check_domain"})
        answer = Client().post(address)
        assert answer.status_code == 503
        assert "does not answer" in answer.text

    def test_a_platform_that_refuses_is_told(self, address, platform):
        platform.command("fail_next", {"operation": "check_domain", "kind": "permanent", "reason": "disk 7"})
        answer = Client().post(address)
        assert answer.status_code == 409
        assert "disk 7" not in answer.text

    def test_nobody_can_without_the_address(self, platform):
        before = len(platform.command("calls", {"operation": "check_domain"})["calls"])
        assert Client().post("/dns/x").status_code == 403
        assert len(platform.command("calls", {"operation": "check_domain"})["calls"]) == before

    def test_the_history_says_how_it_came(self, address, platform):
        from postroom.store.models import History

        platform.command("clear_checks", {})
        Client().post(address)
        entry = History.objects.filter(kind="domain", name=TOWN).latest("id")
        assert (entry.verb, entry.actor, entry.face) == ("checked", "dns page", "web")


class TestZoneFile:
    def test_it_can_be_fetched(self, address):
        answer = read(f"{address}/zone")
        assert f'filename="{TOWN}.zone"' in answer["Content-Disposition"]
        assert "@\t3600\tIN\tMX\t10 mx.postroom.example." in answer.text

    def test_not_without_the_link(self, db):
        assert read("/dns/x/zone").status_code == 403

    def test_the_same_for_who_is_signed_in(self, platform):
        assert "$ORIGIN acme.example." in dns_pages.export(cast.actor(cast.DORA), cast.ACME)
