"""SPF records: read, weighed and mended."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.dns import spf, spf_records
from postroom.core.dns.expectations import Expectations
from postroom.core.dns.report import Severity

OURS = "include:_spf.acme.example"
EXPECTED = Expectations(domain="town.example", mx=("mx.acme.example",), spf=OURS)
NETS = ("v=spf1 ip4:192.0.2.0/24 -all",)
WORLD = {"_spf.acme.example": NETS, "_spf.other.example": NETS, "_spf.third.example": NETS}


def judged(*texts, expected=EXPECTED, world=WORLD):
    return spf_records.judge(texts, expected, lambda name: world.get(name, ()))


def terms(text):
    return text.split(" ")[1:]


class TestParsing:
    @pytest.mark.parametrize("text", ["v=spf1", "v=spf1 -all", "V=SPF1 MX -ALL", "v=spf1  a  mx"])
    def test_these_are_spf_records(self, text):
        assert spf.records([text]) == [text]
        assert spf.parse(text).mistakes == ()

    @pytest.mark.parametrize("text", ["v=spf10 -all", "v=spf1;a", " v=spf1", "spf1 a", "v=DMARC1", ""])
    def test_these_are_not(self, text):
        assert spf.records([text]) == []

    @pytest.mark.parametrize(
        "term",
        [
            "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "a", "a/24", "a//64", "a/24//64", "a:x.example",
            "a:x.example/24//64", "mx", "-mx:x.example/28", "~include:_spf.x.example", "?exists:%{ir}.%{v}.x.example",
            "ptr", "ptr:x.example", "+all", "redirect=_spf.x.example", "exp=why.x.example", "unknown=anything",
            "include:%{d2}.x.example",
        ],
    )  # fmt: skip
    def test_good_terms(self, term):
        assert spf.parse(f"v=spf1 {term}").mistakes == ()

    @pytest.mark.parametrize(
        "term",
        [
            "ip:192.0.2.1", "ip4:192.0.2.300", "ip4:2001:db8::1", "ip4", "ip4:", "ip6:192.0.2.1", "ip4:192.0.2.0/33",
            "include", "include:", "all:x", "a:", "a/33", "mx//129", "-redirect=x.example", "redirect=", "exists",
            "include:%x", "-", "äll", "mx;", "\t-all",
        ],
    )  # fmt: skip
    def test_mistakes(self, term):
        assert spf.parse(f"v=spf1 {term}").mistakes == (term,)

    def test_a_second_redirect_is_a_mistake(self):
        assert spf.parse("v=spf1 redirect=a.example redirect=b.example").mistakes == ("redirect=b.example",)

    @given(st.text(max_size=300))
    def test_any_text_is_sorted_into_terms_and_mistakes(self, text):
        parsed = spf.parse(f"v=spf1 {text}")
        assert len(parsed.terms) + len(parsed.mistakes) == sum(bool(part) for part in text.split(" "))


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8).map(lambda name: f"{name}.example")
GOOD_TERMS = st.one_of(
    NAMES.map(lambda name: f"include:{name}"), NAMES.map(lambda name: f"a:{name}"), NAMES.map(lambda n: f"-mx:{n}"),
    st.ip_addresses(v=4).map(lambda a: f"ip4:{a}"), st.ip_addresses(v=6).map(lambda a: f"ip6:{a}"),
    st.sampled_from(["a", "mx", "~all", "-all", "?all", "+all", "all", f"-{OURS}", OURS, "exp=why.example"]),
)  # fmt: skip
GOOD_RECORDS = st.lists(GOOD_TERMS, max_size=6).map(lambda found: " ".join(["v=spf1", *found]))
WILD_RECORDS = st.text(string.printable + "é", max_size=120).map(lambda text: f"v=spf1 {text}")


class TestMerging:
    @given(st.lists(GOOD_RECORDS | WILD_RECORDS, max_size=4))
    def test_the_result_is_one_good_record_that_allows_us(self, texts):
        merged = spf.merged(texts, OURS)

        assert spf.records([merged]) == [merged]
        assert spf.parse(merged).mistakes == ()
        assert terms(merged)[0] == OURS

    @given(st.lists(GOOD_RECORDS, min_size=1, max_size=4))
    def test_nothing_that_was_allowed_is_lost(self, texts):
        before = {t.lower() for text in texts for t in terms(text) if t.lstrip("+-~?") not in ("all", OURS)}
        after = {t.lower() for t in terms(spf.merged(texts, OURS))}
        assert {t for t in before if not t.startswith("exp=")} <= after

    @given(st.lists(GOOD_RECORDS, min_size=1, max_size=4))
    def test_merging_again_changes_nothing(self, texts):
        merged = spf.merged(texts, OURS)
        assert spf.merged([merged], OURS) == merged

    @given(st.lists(GOOD_RECORDS, max_size=4))
    def test_the_world_is_never_allowed(self, texts):
        assert not {"all", "+all"} & set(terms(spf.merged(texts, OURS)))

    @pytest.mark.parametrize(
        ("texts", "merged"),
        [
            (["v=spf1 mx -all"], f"v=spf1 {OURS} mx -all"),
            (["v=spf1 mx ~all", "v=spf1 a -all"], f"v=spf1 {OURS} mx a ~all"),
            (["v=spf1 redirect=_spf.x.example"], f"v=spf1 {OURS} redirect=_spf.x.example"),
            (["v=spf1 redirect=_spf.x.example", "v=spf1 a -all"], f"v=spf1 {OURS} include:_spf.x.example a ?all"),
            ([f"v=spf1 -{OURS} mx -all"], f"v=spf1 {OURS} mx -all"),
            (["v=spf1 mx -all exp=a.example"], f"v=spf1 {OURS} mx -all exp=a.example"),
            (["v=spf1 ip:1.2.3.4 MX mx -all"], f"v=spf1 {OURS} MX -all"),
            ([], f"v=spf1 {OURS} -all"),
        ],
    )
    def test_what_is_there_is_kept(self, texts, merged):
        assert spf.merged(texts, OURS) == merged


class TestVerdicts:
    @pytest.mark.parametrize(
        "text",
        [
            f"v=spf1 {OURS} -all",
            f"V=SPF1 {OURS.upper()} ~ALL",
            "v=spf1 include:_spf.acme.example. -all",
            "v=spf1 include:_spf.town.example -all",
            "v=spf1 redirect=_spf.town.example",
        ],
    )
    def test_it_allows_us(self, text):
        world = WORLD | {"_spf.town.example": (f"v=spf1 {OURS}",)}
        assert judged(text, world=world).ok

    @pytest.mark.parametrize(
        "text",
        [
            "v=spf1 mx -all",
            f"v=spf1 -{OURS} -all",
            f"v=spf1 ?{OURS} -all",
            f"v=spf1 -all {OURS}",
            "v=spf1 ~include:_spf.town.example -all",
            "v=spf1 redirect=_spf.town.example -all",
        ],
    )
    def test_it_does_not(self, text):
        world = WORLD | {"_spf.town.example": (f"v=spf1 {OURS}",)}
        result = judged(text, world=world)
        assert result.code == "wrong_spf"
        assert result.record.value == spf.merged([text], OURS)

    def test_none(self):
        assert judged("google-site-verification=1", "v=DMARC1; p=none").record.value == f"v=spf1 {OURS} -all"

    def test_several_become_one(self):
        result = judged(f"v=spf1 {OURS} -all", "v=spf1 a:x.example ~all")
        assert (result.code, result.record.value) == ("many_spf", f"v=spf1 {OURS} a:x.example ~all")

    def test_a_mistake_is_named_and_left_out(self):
        result = judged(f"v=spf1 {OURS} ip:192.0.2.1 -all")
        assert (result.code, result.parameters["found"]) == ("bad_spf", "ip:192.0.2.1")
        assert result.record.value == f"v=spf1 {OURS} -all"

    def test_our_own_servers_are_allowed_by_the_domains_mx(self):
        expected = Expectations(domain="town.example", mx=("mx.acme.example",), spf="a:mx.acme.example")
        assert judged("v=spf1 mx -all", expected=expected).ok
        assert judged("v=spf1 mx:other.example -all", expected=expected).code == "wrong_spf"

    def test_the_whole_world_is_a_warning(self):
        result = judged("v=spf1 mx +all")
        assert (result.code, result.severity) == ("spf_open", Severity.ADVICE)

    def test_an_include_that_leads_nowhere_voids_the_record(self):
        result = judged(f"v=spf1 {OURS} include:gone.example mx -all")
        assert (result.code, result.parameters["found"]) == ("spf_broken_include", "gone.example")
        assert result.record.value == f"v=spf1 {OURS} mx -all"

    def test_one_deeper_down_is_mended_by_leaving_out_what_leads_to_it(self):
        world = WORLD | {"a.example": ("v=spf1 include:gone.example",)}
        result = judged(f"v=spf1 {OURS} include:a.example -all", world=world)
        assert (result.parameters["found"], result.record.value) == ("gone.example", f"v=spf1 {OURS} -all")

    def test_what_is_broken_in_our_own_is_not_the_domains_affair(self):
        assert judged(f"v=spf1 {OURS} -all", world={}).ok

    def test_what_could_not_be_asked_decides_nothing(self):
        assert spf_records.judge(["v=spf1 include:a.example -all"], EXPECTED, lambda _: None) is None

    def test_but_we_are_allowed_all_the_same(self):
        assert spf_records.judge([f"v=spf1 include:a.example {OURS} -all"], EXPECTED, lambda _: None).ok

    @pytest.mark.parametrize("loop", ["include:town.example", "include:a.example", "redirect=a.example"])
    def test_a_record_that_includes_itself(self, loop):
        world = WORLD | {"a.example": ("v=spf1 include:b.example",), "b.example": ("v=spf1 include:a.example",)}
        result = judged(f"v=spf1 {OURS} {loop}", world=world)
        assert result.code == "spf_loop"
        assert loop not in result.record.value


class TestLookups:
    @pytest.mark.parametrize(
        ("text", "lookups"),
        [
            ("v=spf1 -all", 0),
            ("v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 exp=why.example -all", 0),
            ("v=spf1 a mx ptr exists:x.example -all", 4),
            ("v=spf1 include:_spf.acme.example -all", 1),
            ("v=spf1 include:deep.example a -all", 4),
            ("v=spf1 redirect=deep.example", 3),
            ("v=spf1 redirect=deep.example -all", 0),
            ("v=spf1 -all a mx", 0),
            ("v=spf1 include:deep.example include:deep.example", 6),
            ("v=spf1 include:%{d}.x.example -all", 1),
        ],
    )
    def test_they_are_counted_through_all_that_is_included(self, text, lookups):
        world = WORLD | {"deep.example": ("v=spf1 include:_spf.acme.example mx -all",)}
        weighed = spf.weigh(spf.parse(text), "town.example", frozenset(), lambda name: world.get(name, ()))
        assert weighed.lookups == lookups

    @pytest.mark.parametrize(("others", "ok"), [(9, True), (10, False)])
    def test_ten_are_the_limit(self, others, ok):
        hosts = " ".join(f"a:h{number}.example" for number in range(others))
        result = judged(f"v=spf1 {OURS} {hosts} -all")
        assert result.ok == ok

    def test_the_dearest_are_named(self):
        world = WORLD | {"dear.example": ("v=spf1 " + " ".join(f"a:h{n}.example" for n in range(10)),)}
        result = judged(f"v=spf1 {OURS} include:dear.example mx -all", world=world)
        assert result.parameters["costs"].startswith("include:dear.example (11)")
        assert result.parameters["count"] == "13"

    def test_an_endless_tree_is_left_soon(self):
        asked = []

        def fetch(name):
            asked.append(name)
            return [f"v=spf1 include:a{len(asked)}.example include:b{len(asked)}.example"]

        assert spf_records.judge(["v=spf1 include:x.example"], EXPECTED, fetch).code == "spf_too_many_lookups"
        assert len(asked) <= 30
