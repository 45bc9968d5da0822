"""Records as they are written into zone files, read back by a library of others."""

import dns.name
import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.dns.expectations import Expectations
from postroom.core.dns.records import (
    DnsRecord,
    full_name,
    records_as_json,
    records_from,
    zone_file,
    zone_line,
    zone_value,
)

LONG = "v=DKIM1; k=rsa; p=" + "A" * 700


def loaded(text, origin="town.example"):
    return dns.zone.from_text(text, origin=origin, relativize=False, check_origin=False)


def text_at(zone, name):
    rdata = zone.find_rdataset(dns.name.from_text(name), "TXT")[0]
    return b"".join(rdata.strings)


@pytest.mark.parametrize(
    ("target", "name"),
    [("", "town.example"), ("imap", "imap.town.example"), ("alias.example.", "alias.example")],
)
def test_a_target_is_below_its_domain_unless_it_ends_with_a_dot(target, name):
    assert full_name(target, "town.example") == name


def test_a_long_text_is_written_in_several_strings():
    value = zone_value(DnsRecord(target="s._domainkey", type="txt", value=LONG))
    assert [len(part) for part in value.strip('"').split('" "')] == [255, 255, 208]


@given(st.text(max_size=600))
def test_whatever_the_text_a_name_server_reads_the_same(text):
    record = DnsRecord(target="x", type="txt", value=text)
    assert text_at(loaded(zone_file("town.example", [record])), "x.town.example") == text.encode()


@pytest.mark.parametrize("comment", ["; one", "a\\b", '"'])
def test_a_zone_file_loads_with_its_comments(comment):
    assert loaded(zone_file("town.example", [DnsRecord(target="", type="mx", value="10 mx.a.example.")], [comment]))


def test_records_of_other_zones_are_only_mentioned():
    expected = Expectations(domain="town.example", mx=("mx.acme.example",), spf="mx", aliases=("village.example",))
    text = zone_file("town.example", expected.records())
    assert "; village.example. IN MX 10 mx.acme.example." in text
    assert not any("village" in str(name) for name in loaded(text).nodes)


def test_a_line_for_a_person_names_everything():
    record = DnsRecord(target="imap", type="cname", value="imap.acme.example.")
    assert zone_line(record, "town.example") == "imap.town.example. IN CNAME imap.acme.example."


def test_records_are_stored_and_read_back():
    records = [DnsRecord(target="", type="txt", value=LONG)]
    assert records_from(records_as_json(records)) == records
