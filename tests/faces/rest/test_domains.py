"""people.md section 3.1: domains."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from postroom.actions import domain_removal, domains
from postroom.core.dns.report import CheckReport as Report
from postroom.core.dns.report import CheckResult, Severity, report_as_json
from postroom.core.roles import OPERATOR
from postroom.store.models import Access, Domain, Mailbox
from tests import cast
from tests.faces.rest.client import Rest, domain_id

FIELDS = {
    "id", "name", "slug", "status", "abilities", "created_at", "updated_at", "count_mailboxes", "support_email",
    "last_check_details", "action_required_details", "expected_config",
}  # fmt: skip
REQUIRED = ["This field is required."]
CLAIM = {"name": "Olga.Example", "support_email": "it@home.example"}


def make(name, email="", role="owner"):
    domains.change(OPERATOR, cast.origin(), name, {"company": "acme"}, create_only=True)
    if email:
        cast.person(email, role, name)


def names(client, query=""):
    return [one["name"] for one in client.results(f"/mail-domains/{query}")]


def test_a_domain_has_all_fields_of_people(vera):
    found = vera.ok("GET", "")
    assert FIELDS - found.keys() == set()
    assert (found["id"], found["name"], found["slug"]) == (domain_id(), cast.ACME, "acme_example")
    assert (found["status"], found["count_mailboxes"]) == ("enabled", 4)


@pytest.mark.parametrize(
    ("who", "able"),
    [
        ("vera", {"get"}),
        ("adam", {"get", "post", "put", "patch", "manage_accesses"}),
        ("olga", {"get", "post", "put", "patch", "manage_accesses", "delete"}),
    ],
)
def test_abilities(request, who, able):
    found = request.getfixturevalue(who).ok("GET", "")["abilities"]
    assert {name for name, is_able in found.items() if is_able} == able
    assert len(found) == 6


def test_deleted_mailboxes_are_not_counted(olga):
    olga.ok("DELETE", f"mailboxes/{olga.results('mailboxes/')[0]['id']}/")
    assert olga.ok("GET", "")["count_mailboxes"] == 3


def test_what_is_required_and_failed_outside_is_told(vera):
    results = (
        CheckResult(name="mx", ok=False, code="no_mx", detail="There is no MX record."),
        CheckResult(name="cert", ok=False, internal=True, code="no_cert", detail="No certificate."),
        CheckResult(name="dnssec", ok=False, code="unsigned", detail="Unsigned.", severity=Severity.ADVICE),
        CheckResult(name="spf", ok=True),
    )
    kept = report_as_json(Report(domain=cast.ACME, tests=results))
    expected = [{"target": "", "type": "mx", "value": "10 mx.example."}]
    Domain.objects.filter(name=cast.ACME).update(check_details=kept, expected_records=expected, checked_at=1000)
    found = vera.ok("GET", "")
    assert found["action_required_details"] == {"mx": "There is no MX record."}
    assert found["last_check_details"]["state"] == "broken"
    assert found["last_check_details"]["mx"] == {
        "ok": False, "internal": False, "severity": "required",
        "errors": [{"code": "no_mx", "detail": "There is no MX record."}],
    }  # fmt: skip
    assert found["last_check_details"]["spf"]["errors"] == []
    assert found["expected_config"] == expected
    assert found["checked_at"] == "1970-01-01T00:00:01Z"


def test_only_own_domains_are_listed(nora, vera):
    make("vera.example", cast.VERA)
    make("foreign.example")
    assert (names(nora), set(names(vera))) == ([], {cast.ACME, "vera.example"})


def test_the_newest_is_first_unless_asked_otherwise(vera):
    make("aaa.example", cast.VERA)
    assert names(vera) == ["aaa.example", cast.ACME]
    assert names(vera, "?ordering=created_at") == [cast.ACME, "aaa.example"]
    assert names(vera, "?ordering=name") == ["aaa.example", cast.ACME]
    assert names(vera, "?ordering=-name") == [cast.ACME, "aaa.example"]


def test_other_orders(vera):
    make("aaa.example", cast.VERA)
    Domain.objects.filter(name="aaa.example").update(status="disabled")
    assert names(vera, "?ordering=count_mailboxes") == ["aaa.example", cast.ACME]
    assert names(vera, "?ordering=-count_mailboxes") == [cast.ACME, "aaa.example"]
    assert names(vera, "?ordering=status") == ["aaa.example", cast.ACME]
    assert names(vera, "?ordering=-status") == [cast.ACME, "aaa.example"]


def test_an_unknown_order_is_ignored(vera):
    make("aaa.example", cast.VERA)
    assert names(vera, "?ordering=colour") == names(vera)


def test_search_and_filter(vera):
    make("aaa.example", cast.VERA)
    Domain.objects.filter(name="aaa.example").update(status="disabled")
    assert names(vera, "?q=AA") == ["aaa.example"]
    assert names(vera, "?status=disabled") == ["aaa.example"]
    assert names(vera, "?status=colourful") == []


@pytest.mark.parametrize("typed", ["élan", "ÉLAN-Ville.example", "e\u0301lan", "lan-ville", "xn--"])
def test_a_name_of_other_letters_is_found_as_it_is_written(vera, typed):
    make("xn--lan-ville-93a.example", cast.VERA)
    make("xn--caf-dma.example", cast.VERA)
    assert "xn--lan-ville-93a.example" in names(vera, f"?q={quote(typed)}")
    assert names(vera, f"?q={quote('été')}") == []


def test_a_list_of_twenty_asks_as_much_as_a_list_of_two(vera, django_assert_max_num_queries):
    for number in range(25):
        make(f"d{number}.example", cast.VERA)
    vera.results("/mail-domains/")  # compiles what is compiled once
    of_the_session = 4
    with django_assert_max_num_queries(3 + of_the_session):
        assert len(vera.results("/mail-domains/")) == 20


def test_claiming_makes_an_owner(nora):
    answer = nora.post("/mail-domains/", CLAIM)
    found = answer.json()
    assert (answer.status_code, found["name"], found["status"]) == (201, "olga.example", "pending")
    assert (found["support_email"], found["abilities"]["delete"]) == ("it@home.example", True)
    assert Access.objects.get(domain__name="olga.example").person.email == cast.NORA
    assert Rest(cast.NORA, domain="olga.example").ok("GET", "") == found


def test_a_name_with_accents(nora):
    found = nora.ok("POST", "/mail-domains/", {**CLAIM, "name": "école.example"})
    assert (found["name"], found["unicode_name"]) == ("xn--cole-9oa.example", "école.example")
    assert Rest(cast.NORA, domain=found["name"]).get("").status_code == 200


def test_claiming_needs_both_fields(nora):
    answer = nora.post("/mail-domains/", {})
    assert (answer.status_code, answer.json()) == (400, {"name": REQUIRED, "support_email": REQUIRED})


def test_a_name_that_is_here(nora):
    answer = nora.post("/mail-domains/", {**CLAIM, "name": "ACME.example"})
    assert answer.status_code == 400
    assert answer.json() == {"name": ["Mail domain with this name already exists."]}


def test_a_name_that_is_no_domain(nora):
    answer = nora.post("/mail-domains/", {**CLAIM, "name": "not a domain"})
    assert (answer.status_code, list(answer.json())) == (400, ["name"])


def test_a_domain_with_mailboxes_is_not_deleted(olga):
    answer = olga.delete("")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["type"] == "urn:postroom:problem:conflict"


def test_an_unproved_claim_goes_with_its_mailboxes(nora):
    nora.ok("POST", "/mail-domains/", CLAIM)
    mine = Rest(cast.NORA, domain="olga.example")
    mine.ok("POST", "mailboxes/", {"first_name": "A", "last_name": "B", "local_part": "a"})
    assert mine.delete("").status_code == 204
    assert mine.get("").status_code == 404


def test_delete_and_restore(olga):
    make("empty.example", cast.OLGA)
    mine = Rest(cast.OLGA, domain="empty.example")
    assert mine.delete("").status_code == 204
    assert mine.get("").status_code == 404
    assert names(olga, "?status=deleted") == ["empty.example"]
    assert mine.ok("POST", "restore/")["name"] == "empty.example"
    assert mine.get("").status_code == 200


def test_one_whose_name_is_taken_is_not_restored(olga):
    make("empty.example", cast.OLGA)
    mine = Rest(cast.OLGA, domain="empty.example")
    mine.delete("")
    make("empty.example", cast.OLGA)
    answer = mine.post("restore/")
    assert (answer.status_code, answer.json()) == (400, {"__all__": ["empty.example is taken"]})


def test_only_what_one_may_restore_is_listed(olga, vera):
    make("empty.example", cast.OLGA)
    cast.person(cast.VERA, "viewer", "empty.example")
    domain_removal.delete(OPERATOR, cast.origin(), "empty.example")
    assert names(vera, "?status=deleted") == []
    assert Rest(cast.VERA, domain="empty.example").post("restore/").status_code == 404


def test_the_operator_switches_off_and_on(operator, olga):
    assert olga.post("disable/", {}).status_code == 403
    assert operator.ok("POST", "disable/", {"reason": "bills"})["status"] == "disabled"
    assert olga.results("history/")[0]["changes"]["reason"] == [None, "bills"]
    assert operator.ok("POST", "enable/")["status"] == "enabled"


def test_contexts_are_the_operators(operator, olga):
    assert olga.get("context/").status_code == 403
    assert operator.ok("POST", "context/", {"domain": "acme_adm"})["domains"] == ["acme_adm", "acme_example"]
    assert operator.delete("context/").status_code == 204
    assert operator.ok("GET", "context/")["domains"] == ["acme_example"]
    assert operator.post("context/", {"domain": "unknown_example"}).json() == {"domain": ["There is no such domain."]}


def test_dns_is_explained_in_the_readers_language(vera):
    result = CheckResult(name="mx", ok=False, code="no_mx", detail="x", parameters={"domain": cast.ACME})
    kept = report_as_json(Report(domain=cast.ACME, tests=(result,)))
    Domain.objects.filter(name=cast.ACME).update(check_details=kept)
    told = [vera.get("dns/", Accept_Language=language).json()["tests"][0]["problem"] for language in ("en", "fr")]
    assert all(told)
    assert told[0] != told[1]


def test_the_link_to_the_dns_page_is_whole(vera):
    url = vera.ok("GET", "dns/link/")["url"]
    assert url.startswith("http://testserver/dns/")
    assert Rest().http.get(url.removeprefix("http://testserver")).status_code == 200


def test_the_zone_file(vera):
    records = [{"target": "", "type": "mx", "value": "10 mx.example."}]
    Domain.objects.filter(name=cast.ACME).update(expected_records=records)
    answer = vera.get("dns/zone/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert "@\t3600\tIN\tMX\t10 mx.example." in answer.text


def test_a_check_of_what_the_platform_does_not_know_yet(adam):
    Domain.objects.filter(name=cast.ACME).update(applied_generation=0)
    answer = adam.post("fetch/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:postroom:problem:not-there-yet")
    assert int(answer["Retry-After"]) > 0


def test_times_have_a_zone(vera):
    created = vera.ok("GET", "")["created_at"]
    assert (datetime.now(UTC) - datetime.fromisoformat(created)).total_seconds() < 600
    assert Mailbox.objects.count() > 0


def test_the_support_address_is_changed(adam):
    assert adam.ok("PATCH", "", {"support_email": "IT@Home.example"})["support_email"] == "it@home.example"
    assert adam.ok("GET", "")["support_email"] == "it@home.example"


@pytest.mark.parametrize("written", [None, "", "nobody", 7, "x" * 255])
def test_what_is_no_address_is_told_at_its_field(adam, written):
    adam.ok("PATCH", "", {"support_email": "it@home.example"})
    answer = adam.patch("", {"support_email": written})
    assert (answer.status_code, list(answer.json())) == (400, ["support_email"])
    assert adam.ok("GET", "")["support_email"] == "it@home.example"


def test_nothing_else_of_a_domain_is_changed_there(adam):
    answer = adam.patch("", {"support_email": "it@home.example", "name": "other.example"})
    assert (answer.status_code, list(answer.json()), adam.ok("GET", "")["support_email"]) == (400, ["name"], None)


def test_changing_nothing_of_a_domain(adam):
    tag = adam.get("")["ETag"]
    assert adam.patch("", {}, If_Match=tag).status_code == 200
    assert adam.get("")["ETag"] == tag


def test_a_support_address_that_another_has_changed_meanwhile_stays(adam, olga):
    tag = adam.get("")["ETag"]
    olga.ok("PATCH", "", {"support_email": "olga@home.example"})
    assert adam.patch("", {"support_email": "adam@home.example"}, If_Match=tag).status_code == 412
    assert adam.ok("GET", "")["support_email"] == "olga@home.example"


def test_the_same_change_twice_is_made_once(adam):
    key = {"Idempotency_Key": "support-1"}
    adam.ok("PATCH", "", {"support_email": "it@home.example"}, **key)
    adam.ok("PATCH", "", {"support_email": "other@home.example"})
    answer = adam.patch("", {"support_email": "it@home.example"}, **key)
    assert (answer.json()["support_email"], answer["Idempotent-Replayed"]) == ("it@home.example", "true")
    assert adam.ok("GET", "")["support_email"] == "other@home.example"
