"""The doctor looks at a town's DNS, which is served on loopback."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from postroom.core.dns.report import CheckState, Severity
from tests.drivers.dns.conftest import EXPECTED, FIRST, KEY, RECORDS, SECOND, SERVERS, TOWN

pytestmark = pytest.mark.allow_hosts(["127.0.0.0/8"])


def codes(report):
    """Without the advice to sign the zone, which is another file's."""
    return {test.name: test.code for test in report.failed if test.name != "dnssec"}


def test_a_town_whose_dns_is_right(examine):
    report = examine()
    assert codes(report) == {}
    assert report.state is CheckState.OK
    assert [test.name for test in report.tests] == [
        *("domain_exist", "ownership", "mx", "spf", "dkim", "cname_imap", "cname_smtp"),
        *("cname_autoconfig", "dmarc", "mta_sts", "tls_rpt", "dnssec", "name_servers"),
    ]


@pytest.mark.parametrize(
    ("beginning", "lines", "expected"),
    [
        ("_postroom", [], {"ownership": "no_ownership"}),
        ("_postroom", ['_postroom TXT "other"'], {"ownership": "wrong_ownership"}),
        ("_postroom", ['_postroom TXT "other"', '_postroom TXT "a-token"'], {}),
        ("_postroom", ["_postroom CNAME proof.acme.example."], {"ownership": "no_ownership"}),
        ("@ MX", [], {"mx": "no_mx"}),
        ("@ MX", ["@ MX 0 ."], {"mx": "null_mx"}),
        ("@ MX", ["@ MX 10 MX.ACME.example."], {}),
        ("@ MX", ["@ MX 10 mx.acme.example"], {"mx": "mx_without_dot"}),
        ("@ MX", ["@ MX 10 mail", "mail CNAME mx.acme.example."], {"mx": "mx_is_cname"}),
        ("@ MX", ["@ MX 10 mail", "mail A 127.0.0.9"], {"mx": "wrong_mx"}),
        ("@ MX", ["@ MX 10 mx.acme.example.", "@ MX 5 mx.other.example."], {"mx": "foreign_mx_first"}),
        ("@ TXT", [], {"spf": "no_spf"}),
        ("@ TXT", ['@ TXT "v=spf1 " "include:_spf.acme" ".example -all"'], {}),
        ("@ TXT", ['@ TXT "v=spf1 mx -all"'], {"spf": "wrong_spf"}),
        ("@ TXT", ['@ TXT "v=spf1 mx -all"', '@ TXT "v=spf1 a -all"'], {"spf": "many_spf"}),
        ("@ TXT", ['@ TXT "v=spf1 include:nowhere.example -all"'], {"spf": "spf_broken_include"}),
        ("pr1", [], {"dkim": "no_dkim"}),
        ("pr1", ['pr1._domainkey TXT "v=DKIM1; p="'], {"dkim": "revoked_dkim"}),
        ("pr1", [f'pr1._domainkey.{TOWN} TXT "{KEY}"'], {"dkim": "misplaced_dkim"}),
        ("pr1", [f'default._domainkey TXT "{KEY}"'], {"dkim": "misplaced_dkim"}),
        ("imap", [], {"cname_imap": "no_cname_imap"}),
        ("imap", ["imap A 127.0.0.8"], {"cname_imap": "wrong_cname_imap"}),
        ("imap", ["imap CNAME gone.other.example."], {"cname_imap": "wrong_cname_imap"}),
        ("imap", ["imap CNAME imap2", "imap2 CNAME imap.acme.example."], {}),
        ("autoconfig", [], {"cname_autoconfig": "no_cname_autoconfig"}),
        ("_dmarc", [], {"dmarc": "no_dmarc"}),
        ("_dmarc", ['_dmarc TXT "v=DMARC1; p=maybe"'], {"dmarc": "bad_dmarc"}),
        ("_mta-sts", [], {"mta_sts": "no_mta_sts"}),
        ("_smtp", [], {"tls_rpt": "no_tls_rpt"}),
    ],
)
def test_what_people_get_wrong(examine, change, beginning, lines, expected):
    change(beginning, *lines)
    assert codes(examine()) == expected


@pytest.mark.parametrize("beginning", ["autoconfig", "_dmarc", "_mta-sts", "_smtp"])
def test_advice_makes_no_domain_fail(examine, change, beginning):
    change(beginning)
    assert examine().state is CheckState.OK


@pytest.mark.parametrize("record", ["_postroom", "@ MX", "@ TXT", "pr1", "imap"])
def test_each_of_these_is_required(examine, change, record):
    change(record)
    assert examine().state is CheckState.ACTION_REQUIRED


def test_pasting_every_record_that_is_shown_mends_everything(examine, world):
    """What people do with the report: until nothing is left."""
    world.zone(TOWN, *SERVERS, '@ TXT "v=spf1 a:old.town.example ~all"', "old A 127.0.0.8", "@ MX 0 .")
    for _ in range(3):
        for test in (test for test in examine().failed if test.record):
            record = test.record
            name = record.target or "@"
            if record.type == "mx" or record.value.startswith("v=spf1"):
                world.drop(TOWN, f"@ {record.type.upper()}")
            value = f'"{record.value}"' if record.type == "txt" else record.value
            world.add(TOWN, f"{name} {record.type.upper()} {value}")
    assert codes(examine()) == {}
    assert any("a:old.town.example ~all" in line for line in world.texts[TOWN])


def test_each_failure_tells_which_server_said_what(examine, change):
    change("@ MX", "@ MX 10 mx.other.example.")
    result = next(test for test in examine().failed if test.name == "mx")
    assert [(said.server, said.name, said.type, said.values) for said in result.answers] == [
        (f"ns1.town.example ({FIRST})", TOWN, "MX", ("10 mx.other.example.",)),
        (f"ns2.town.example ({SECOND})", TOWN, "MX", ("10 mx.other.example.",)),
    ]


class TestOddZones:
    def test_a_wildcard_answers_where_nothing_is(self, examine, world):
        world.zone(TOWN, *SERVERS, "@ MX 10 mx.acme.example.", '* TXT "v=spf1 include:_spf.acme.example -all"')
        found = codes(examine())
        assert (found["ownership"], found["dkim"], found["dmarc"]) == ("wrong_ownership", "no_dkim", "no_dmarc")

    def test_a_wildcard_may_serve_the_names_of_services(self, examine, change):
        change("imap", "* CNAME imap.acme.example.")
        assert "cname_imap" not in codes(examine())

    @pytest.mark.parametrize(("target", "code"), [("www.other.example.", "mx_behind_cname"), ("acme.example.", None)])
    def test_a_domain_that_is_a_cname(self, examine, world, target, code):
        world.add("acme.example", "@ MX 10 mx.acme.example.", '@ TXT "v=spf1 include:_spf.acme.example -all"')
        world.zone("www.other.example", "@ A 127.0.0.8")
        world.zone("example", "town CNAME " + target)
        world.without(TOWN)
        found = codes(examine(msgspec.structs.replace(EXPECTED, ownership="", selector="")))
        assert found.get("mx", found.get("domain_exist")) in {code, "must_exist"}

    def test_a_subdomain_is_served_by_the_zone_above(self, examine, world):
        expected = msgspec.structs.replace(EXPECTED, domain=f"school.{TOWN}")
        lines = (line.replace("@ ", "school ", 1) for line in RECORDS if line.startswith("@ "))
        rest = (line.replace(" ", ".school ", 1) for line in RECORDS if not line.startswith("@ "))
        world.add(TOWN, *lines, *rest)
        assert codes(examine(expected)) == {}

    def test_a_subdomain_without_dmarc_has_that_of_its_town(self, examine, world):
        expected = msgspec.structs.replace(EXPECTED, domain=f"school.{TOWN}")
        assert "dmarc" not in codes(examine(expected))

    def test_a_zone_below_the_domain_is_asked_at_its_own_servers(self, examine, change, world):
        change("pr1", "_domainkey NS keys.acme.example.")
        world.add("acme.example", "keys A 127.0.0.21")
        world.zone(f"_domainkey.{TOWN}", "@ NS keys.acme.example.", f'pr1 TXT "{KEY}"')
        assert codes(examine()) == {}
        assert ("127.0.0.21", f"pr1._domainkey.{TOWN}", "TXT") in world.asked

    def test_a_key_behind_a_cname_of_another_zone(self, examine, change, world):
        change("pr1", "pr1._domainkey CNAME key.acme.example.")
        world.add("acme.example", f'key TXT "{KEY}"')
        assert codes(examine()) == {}

    def test_cnames_without_end(self, examine, change):
        change("imap", "imap CNAME imap3", "imap3 CNAME imap")
        assert set(codes(examine())) == {"cname_imap"}

    def test_a_domain_of_other_letters(self, examine, world):
        idn = "xn--mnchen-3ya.example"
        world.zone(idn, "@ NS ns1", f"ns1 A {FIRST}", *RECORDS)
        assert codes(examine(msgspec.structs.replace(EXPECTED, domain=idn))) == {}

    def test_a_text_with_zeros_and_broken_letters_can_be_stored(self, examine, change):
        change("_postroom", r'_postroom TXT "\000\255\010x"')
        result = next(test for test in examine().failed if test.name == "ownership")
        assert result.answers[0].values == ("\ufffd\ufffd\ufffdx",)

    def test_hundreds_of_records_come_by_tcp(self, examine, world):
        world.add(TOWN, *(f'@ TXT "note {number} {"x" * 60}"' for number in range(300)))
        assert set(codes(examine())) <= {"spf"}

    def test_a_long_name_is_nowhere(self, examine):
        expected = msgspec.structs.replace(
            EXPECTED, selector="x" * 63 + "." + "y" * 63 + "." + "z" * 63 + "." + "a" * 60
        )
        assert codes(examine(expected)) == {"dkim": "no_dkim"}


class TestOtherNames:
    EXPECTED = msgspec.structs.replace(EXPECTED, aliases=("village.example", "hamlet.example"))

    def test_each_needs_an_mx_of_its_own(self, examine, world):
        world.zone("village.example", "@ MX 10 mx.acme.example.")
        world.zone("hamlet.example", "@ MX 10 mx.other.example.")
        result = next(test for test in examine(self.EXPECTED).tests if test.name == "aliases")
        assert (result.code, result.parameters["names"], result.severity) == (
            "alias_without_mx", "hamlet.example", Severity.ADVICE,
        )  # fmt: skip
        assert (result.record.target, result.record.value) == ("hamlet.example.", "10 mx.acme.example.")

    def test_all_have_it(self, examine, world):
        for name in self.EXPECTED.aliases:
            world.zone(name, "@ MX 10 mx.acme.example.")
        assert codes(examine(self.EXPECTED)) == {}

    def test_one_that_cannot_be_asked_is_not_called_wrong(self, examine, world):
        world.zone("village.example", "@ MX 10 mx.acme.example.")
        world.zone("hamlet.example", "@ NS ns1", "ns1 A 127.0.0.31")
        world.fail("127.0.0.31", "refused")
        assert codes(examine(self.EXPECTED)) == {"aliases": "aliases_unasked"}


class TestDomainsWithoutServers:
    def test_nobody_is_in_charge(self, examine, world):
        world.without(TOWN)
        report = examine()
        assert codes(report) == {"domain_exist": "must_exist"}
        assert [test.name for test in report.tests] == ["domain_exist"]
        assert report.state is CheckState.ACTION_REQUIRED

    def test_servers_that_do_not_exist(self, examine, world):
        world.zone(TOWN, "@ NS ns1.gone.example.", *RECORDS)
        assert codes(examine()) == {"domain_exist": "servers_without_address"}

    def test_servers_that_only_we_could_reach_are_not_asked(self, examine, world):
        report = examine(allowed_networks=[])
        assert codes(report) == {"domain_exist": "servers_not_public"}
        assert not any(address in (FIRST, SECOND) for address, _, _ in world.asked)

    @pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.1.1"])
    def test_nor_those_in_the_operators_own_network(self, examine, world, address):
        world.zone(TOWN, "@ NS ns1", f"ns1 A {address}", *RECORDS)
        assert codes(examine()) == {"domain_exist": "servers_not_public"}

    def test_one_public_server_is_enough(self, examine, world):
        world.zone(TOWN, "@ NS ns1", "@ NS ns2", "ns1 A 10.0.0.1", f"ns2 A {SECOND}", *RECORDS)
        assert codes(examine()) == {}


class TestSilence:
    """DNS that does not answer says nothing about the domain."""

    @pytest.mark.parametrize(
        ("how", "code"),
        [
            ("servfail", "dns_servfail"),
            ("refused", "dns_refused"),
            ("lame", "dns_lame"),
            ("not_authoritative", "dns_lame"),
            ("garbage", "dns_bad_answer"),
            ("lie", "dns_bad_answer"),
            ("timeout", "dns_timeout"),
        ],
    )
    def test_no_server_answers(self, examine, world, how, code):
        for address in (FIRST, SECOND):
            world.fail(address, how)
        report = examine(seconds=1)
        # Our little resolver fails like a big one where it cannot ask the servers either.
        expected = {"dns_servfail"} if how in {"servfail", "refused", "lame"} else {code}
        assert {test.code for test in report.failed_required} == expected
        assert "servers_silent" not in codes(report).values()
        assert report.state is CheckState.UNKNOWN

    @pytest.mark.parametrize("how", ["servfail", "refused", "timeout", "garbage"])
    def test_not_even_our_own_resolver_does(self, examine, world, how):
        world.fail("127.0.0.1", how)
        assert examine(seconds=1).state is CheckState.UNKNOWN

    @pytest.mark.parametrize("how", ["not_authoritative", "garbage", "lie", "timeout"])
    def test_one_of_two_is_enough(self, examine, world, how):
        world.fail(FIRST, how)
        report = examine()
        assert codes(report) == {"name_servers": "servers_silent"}
        assert report.state is CheckState.OK

    @pytest.mark.parametrize("how", ["truncated", "no_edns"])
    def test_old_servers_are_understood(self, examine, world, how):
        for address in (FIRST, SECOND):
            world.fail(address, how)
        assert codes(examine()) == {}

    def test_slow_servers_end_the_examination_in_time(self, examine, world):
        for address in (FIRST, SECOND):
            world.fail(address, "slow")
        unasked = {test.code for test in examine(seconds=1.2).tests if not test.asked}
        assert unasked
        assert unasked <= {"dns_no_time", "dns_timeout"}

    def test_the_texts_name_the_servers(self, examine, world):
        for address in (FIRST, SECOND):
            world.fail(address, "garbage")
        result = examine().failed_required[0]
        assert f"ns1.town.example ({FIRST})" in result.detail
        assert {said.failure for said in result.answers} == {"dns_bad_answer"}

    def test_what_spf_includes_cannot_be_asked(self, examine, change, world):
        change("@ TXT", '@ TXT "v=spf1 include:_spf.third.example -all"')
        world.zone("third.example", "@ NS ns1", "ns1 A 127.0.0.32")
        world.fail("127.0.0.32", "servfail")
        report = examine()
        assert report.state is CheckState.UNKNOWN
        assert not next(test for test in report.tests if test.name == "spf").asked


class TestServersThatDiffer:
    OLD = (*SERVERS, *(line for line in RECORDS if not line.startswith(("@ MX", "_postroom"))), "@ MX 10 old.example.")

    def test_an_old_copy_does_not_make_a_domain_fail(self, examine, world):
        world.at(SECOND, TOWN, *self.OLD, '_postroom TXT "a-token"')
        report = examine()
        assert codes(report) == {"name_servers": "servers_differ"}
        assert report.state is CheckState.OK

    def test_control_must_be_shown_by_all(self, examine, world):
        world.at(SECOND, TOWN, *self.OLD, "@ MX 10 mx.acme.example.")
        assert codes(examine())["ownership"] == "no_ownership"

    def test_what_each_said_is_told(self, examine, world):
        world.at(SECOND, TOWN, *self.OLD, '_postroom TXT "a-token"')
        result = next(test for test in examine().tests if test.name == "name_servers")
        assert [said.values for said in result.answers] == [("10 mx.acme.example.",), ("10 old.example.",)]


def test_a_private_stack_asks_its_resolver_alone(examine, world):
    report = examine(authoritative=False)
    assert codes(report) == {}
    assert {address for address, _, _ in world.asked} == {"127.0.0.1"}


def test_many_domains_are_examined_at_the_same_time(examine, world):
    names = [f"town{number}.example" for number in range(40)]
    for name in names:
        lines = (line for line in RECORDS if not (line.startswith("@ MX") and name.endswith("7.example")))
        world.zone(name, *SERVERS, *lines)
    with ThreadPoolExecutor(16) as pool:
        reports = pool.map(lambda name: examine(msgspec.structs.replace(EXPECTED, domain=name), seconds=15), names)
        wrong = {report.domain for report in reports if codes(report)}
    assert wrong == {name for name in names if name.endswith("7.example")}
