"""Each kind: what clients send, what is stored, what is refused and with which hint."""

import math
from zoneinfo import available_timezones

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from postroom.core.catalogue.attribute import NOT_GIVEN, BadValueError
from postroom.core.catalogue.contact_kinds import Contacts
from postroom.core.catalogue.kinds import Choice, EpochSeconds, Flag, Quota, Text, Timezone, WholeNumber
from postroom.core.catalogue.mail_kinds import (
    AddressList,
    AddressOrLocalPart,
    AliasList,
    CompanyIdList,
    DomainNameList,
    Folder,
    HostPort,
    OneAddress,
    Selector,
    SieveText,
    SpamHeader,
    WildcardList,
)
from postroom.core.catalogue.secret_kinds import (
    HASH_TYPES,
    MADE_HERE,
    EncodingChoice,
    PasswordText,
    PrivateKey,
)
from postroom.core.passwords import schemes
from tests.faces.oma import keys

LINE = Text(10)
LINES = Text(10, lines=True)
TAG = Text(10, empty=True)
NUMBER = WholeNumber(0, 100)
LEVEL = Choice(("Normal", "High", "Very High"))
LANGUAGE = Choice(("en", "pt_BR"))
ENCODING = EncodingChoice()
HEADER = SpamHeader(40)
FOLDER = Folder(20)
ADDRESSES = AddressList(2)
ALIASES = AliasList(3)
DOMAINS = DomainNameList(3)
WILDCARDS = WildcardList(5)
IDS = CompanyIdList(3)
SIEVE = SieveText(20)
CONTACTS = Contacts(2)

RSA = keys.PEM
PEM = load_pem_private_key(RSA.encode(), None).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
).decode()  # fmt: skip
BODY = PEM.split("\n")[1]
ED25519 = (
    Ed25519PrivateKey.from_private_bytes(bytes(32))
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)


@pytest.mark.parametrize(
    ("kind", "sent", "stored"),
    [
        (LINE, "Joe", "Joe"),
        (LINE, " Joe ", "Joe"),
        (LINE, "é" * 10, "é" * 10),
        (LINE, "𝕏" * 10, "𝕏" * 10),
        (LINE, 12, "12"),
        (LINE, 1.5, "1.5"),
        (LINE, 2.0, "2"),
        (LINE, "", None),
        (LINE, "   ", None),
        (TAG, "", ""),
        (LINES, "a\nb\tc", "a\nb\tc"),
        (LINES, "a\r\nb\rc", "a\nb\nc"),
        (LINES, "", None),
        (Flag(), True, True),
        (Flag(), False, False),
        (Flag(), 1, True),
        (Flag(), 0, False),
        (Flag(), 1.0, True),
        (Flag(), "true", True),
        (Flag(), "FALSE", False),
        (Flag(), "1", True),
        (Flag(), "0", False),
        (Flag(), "", NOT_GIVEN),
        (NUMBER, 0, 0),
        (NUMBER, 100, 100),
        (NUMBER, "24", 24),
        (NUMBER, " 024 ", 24),
        (NUMBER, "+7", 7),
        (NUMBER, 24.0, 24),
        (NUMBER, "", NOT_GIVEN),
        (Quota(0, 10**12), 5368709120, 5368709120),
        (Quota(0, 10**12), "20480", 20480),
        (Quota(0, 10**12), 0, None),
        (EpochSeconds(), "1700000000", 1700000000),
        (EpochSeconds(), 0, None),
        (LEVEL, "Very High", "Very High"),
        (LEVEL, " very high", "Very High"),
        (LEVEL, "", NOT_GIVEN),
        (LANGUAGE, "pt-br", "pt_BR"),
        (ENCODING, "bcrypt", "BCRYPT"),
        (ENCODING, "sha512-crypt", "SHA512-CRYPT"),
        (ENCODING, "", NOT_GIVEN),
        (Timezone(), "europe/paris", "Europe/Paris"),
        (Timezone(), "America/Port-au-Prince", "America/Port-au-Prince"),
        (Timezone(), "america/new_york", "America/New_York"),
        (Timezone(), "", NOT_GIVEN),
        (HEADER, "X-Spam: Spam detected", "X-Spam: Spam detected"),
        (HEADER, "XSpam:yes", "XSpam: yes"),
        (HEADER, "", None),
        (FOLDER, "Spam", "Spam"),
        (FOLDER, "Mail/Sous-dossier é", "Mail/Sous-dossier é"),
        (FOLDER, "", None),
        (Selector(), "S1.Mail", "s1.mail"),
        (Selector(), "2024_a", "2024_a"),
        (Selector(), "", None),
        (HostPort(), "MX.example.com", "mx.example.com"),
        (HostPort(), "mx.example.com:2525", "mx.example.com:2525"),
        (HostPort(), "192.0.2.1:25", "192.0.2.1:25"),
        (HostPort(), "[2001:DB8::0:1]", "[2001:db8::1]"),
        (HostPort(), "[2001:db8::1]:25", "[2001:db8::1]:25"),
        (HostPort(), "bücher.example:25", "xn--bcher-kva.example:25"),
        (HostPort(), "", None),
        (OneAddress(), "Joe@Example.com", "joe@example.com"),
        (OneAddress(), "", None),
        (OneAddress(), False, None),
        (AddressOrLocalPart(), "Joe", "joe"),
        (AddressOrLocalPart(), "joe@example.com", "joe@example.com"),
        (AddressOrLocalPart(), 12, "12"),
        (AddressOrLocalPart(), False, None),
        (AddressOrLocalPart(), "false", None),
        (AddressOrLocalPart(), "", None),
        (SIEVE, "keep;\n", "keep;\n"),
        (SIEVE, " \n", None),
        (ADDRESSES, ["A@example.com", "b@example.com"], ["a@example.com", "b@example.com"]),
        (ADDRESSES, "a@example.com", ["a@example.com"]),
        (ADDRESSES, ["a@example.com", "A@EXAMPLE.com"], ["a@example.com"]),
        (ADDRESSES, ["", None, "a@example.com"], ["a@example.com"]),
        (ADDRESSES, [], None),
        (ADDRESSES, [""], None),
        (ADDRESSES, "", None),
        (ALIASES, ["Sales", "joe@alias.example", 7], ["sales", "joe@alias.example", "7"]),
        (DOMAINS, ["B.example", "a.example"], ["b.example", "a.example"]),
        (WILDCARDS, ["*@Example.com", "+x@*", "'\"|{}"], ["*@example.com", "+x@*", "'\"|{}"]),
        (WILDCARDS, "a" * 128, ["a" * 128]),
        (IDS, [12, "0034"], ["12", "34"]),
        (CONTACTS, [], None),
        (CONTACTS, "", None),
        (CONTACTS, {}, None),
        (CONTACTS, {"name": "Ann", "type": ""}, [{"name": "Ann"}]),
        (
            CONTACTS,
            [{"email": "Ann@example.com", "type": "ABUSE", "notes": "a\nb", "phone": 12, "name": None}],
            [{"email": "ann@example.com", "notes": "a\nb", "phone": "12", "type": "abuse"}],
        ),
        (PrivateKey(), PEM, PEM),
        (PrivateKey(), RSA, RSA),
        (PrivateKey(), PEM.replace("\n", "\\n"), PEM),
        (PrivateKey(), PEM.replace("\n", "\r\n"), PEM),
        (PrivateKey(), PEM.replace("\n", ""), PEM),
        (PrivateKey(), "", None),
        (PasswordText(), "sw0rd!f#sh", "sw0rd!f#sh"),
        (PasswordText(), "x" * 54, "x" * 54),
        (PasswordText(), 123456, "123456"),
        (PasswordText(), "{SSHA}abc=", "{SSHA}abc="),
        (PasswordText(), "{bcrypt}$2y$10$a b", "{bcrypt}$2y$10$a b"),
        (PasswordText(), "{ARGON2ID}" + "x" * 150, "{ARGON2ID}" + "x" * 150),
    ],
)
def test_is_stored_as(kind, sent, stored):
    assert (kind.parse(sent), type(kind.parse(sent))) == (stored, type(stored))


@pytest.mark.parametrize(
    ("kind", "sent", "hint"),
    [
        (LINE, "x" * 11, "text of at most 10 characters"),
        (LINE, True, "must be text"),
        (LINE, ["a"], "must be text"),
        (LINE, {}, "must be text"),
        (LINE, math.nan, "finite"),
        pytest.param(LINE, 10**400, "reasonable size", id="huge number for text"),
        (LINE, "a\0", "control characters"),
        (LINE, "a\x1b", "control characters"),
        (LINE, "a\x85b", "control characters"),
        (LINE, "a\nb", "single line"),
        (LINE, "a\tb", "single line"),
        (LINE, "a\u2028b", "single line"),
        (LINE, "\ud800", "surrogate"),
        (LINES, "a\0", "control characters"),
        (LINES, "\udfff", "surrogate"),
        (Text(10, without="/"), "a/b", 'without "/"'),
        (Flag(), 2, "true or false"),
        (Flag(), "yes", "true or false"),
        (Flag(), [], "true or false"),
        (Flag(), math.nan, "true or false"),
        (NUMBER, -1, "from 0 to 100"),
        (NUMBER, 101, "from 0 to 100"),
        (NUMBER, "101", "from 0 to 100"),
        (NUMBER, True, "whole number"),
        (NUMBER, 1.5, "whole number"),
        (NUMBER, math.inf, "whole number"),
        (NUMBER, math.nan, "whole number"),
        (NUMBER, "1e3", "whole number"),
        (NUMBER, "٣", "whole number"),
        pytest.param(NUMBER, "9" * 10_000, "whole number", id="many digits"),
        pytest.param(NUMBER, 10**10_000, "whole number", id="huge number"),
        (NUMBER, [1], "whole number"),
        (EpochSeconds(), 1_700_000_000_000, "seconds since 1970"),
        (LEVEL, "Max", "must be one of Normal, High, Very High"),
        (LEVEL, 1, "must be one of"),
        (LEVEL, True, "must be text"),
        (ENCODING, "MD5", "without a salt"),
        (ENCODING, "sha256", "without a salt"),
        (ENCODING, "ROT13", "one of BCRYPT"),
        (Timezone(), "Europe/Atlantis", "such as Europe/Paris"),
        (HEADER, "x-spam: yes", "begins with a capital"),
        (HEADER, "X-Spam yes", "begins with a capital"),
        (HEADER, "X Spam: yes", "begins with a capital"),
        (HEADER, "X-Spam:", "begins with a capital"),
        (HEADER, "X-Spam: a\nBcc: joe@example.com", "single line"),
        (HEADER, "X-Spam: " + "x" * 40, "at most 40"),
        (FOLDER, "x" * 21, "at most 20"),
        (FOLDER, "/Spam", "path of a folder"),
        (FOLDER, "Mail/", "path of a folder"),
        (FOLDER, "a//b", "path of a folder"),
        (FOLDER, "../b", "path of a folder"),
        (FOLDER, "a*", "without"),
        (Selector(), "a..b", "single dots"),
        (Selector(), "-a", "letters, digits"),
        (Selector(), "x" * 64, "letters, digits"),
        (HostPort(), "localhost", "two or more parts"),
        (HostPort(), "mx.example.com:", "port from 1 to 65535"),
        (HostPort(), "mx.example.com:0", "port from 1 to 65535"),
        (HostPort(), "mx.example.com:65536", "port from 1 to 65535"),
        (HostPort(), "mx.example.com:²", "port from 1 to 65535"),
        (HostPort(), "2001:db8::1", "brackets"),
        (HostPort(), "[192.0.2.1]", "brackets"),
        (HostPort(), "[::1", "brackets"),
        (HostPort(), "[mx.example.com]", "brackets"),
        (HostPort(), "[fe80::1%eth0]", "without %"),
        (HostPort(), "[::1]25", "port"),
        (HostPort(), "192.0.2.1]", "must "),
        (HostPort(), "mx example.com", "domain name"),
        (OneAddress(), "joe", "full address"),
        (OneAddress(), True, "must be text"),
        (AddressOrLocalPart(), True, "address of a mailbox"),
        (AddressOrLocalPart(), "a b", "letters"),
        (SIEVE, "x" * 21, "at most 20"),
        (ADDRESSES, ["a@example.com"] * 3, "at most 2 addresses; there are 3"),
        (ADDRESSES, ["joe"], '"joe" must be a full address'),
        (ADDRESSES, {"0": "a@example.com"}, "must be a list"),
        (ADDRESSES, True, "must be a list"),
        (ADDRESSES, [["a@example.com"]], "each must be text"),
        (ADDRESSES, ["a@example.com\0"], "control characters"),
        (ALIASES, ["a+b"], "letters"),
        (DOMAINS, ["localhost"], "two or more parts"),
        (WILDCARDS, ["a b"], "1 to 128"),
        (WILDCARDS, ["é@example.com"], "1 to 128"),
        (WILDCARDS, ["a" * 129], "1 to 128"),
        (IDS, ["acme"], "id of a company"),
        (CONTACTS, [{"name": "a"}] * 3, "at most 2"),
        (CONTACTS, ["joe"], "number 1 is not an object"),
        (CONTACTS, [{"name": "a"}, {"nom": "b"}], "number 2 has nom"),
        (CONTACTS, [{"type": "sales"}], "bad type in contact number 1: must be one of business"),
        (CONTACTS, [{"name": "x" * 129}], "bad name in contact number 1"),
        (CONTACTS, True, "must be a list"),
        (PrivateKey(), BODY, "PEM form"),
        (PrivateKey(), PEM.replace("PRIVATE", "PUBLIC"), "PEM form"),
        (PrivateKey(), PEM.replace("PRIVATE", "ENCRYPTED PRIVATE"), "PEM form"),
        (PrivateKey(), PEM.replace("BEGIN", "BEGIN RSA"), "PEM form"),
        (PrivateKey(), PEM.replace(BODY, "!" + BODY), "first and last line"),
        (PrivateKey(), PEM.replace(BODY, "AAAA"), "first and last line"),
        (PrivateKey(), ED25519, "must be an RSA key"),
        pytest.param(PrivateKey(), PEM + "x" * 20_000, "PEM form", id="huge key"),
        (PasswordText(), None, "must not be empty"),
        (PasswordText(), "", "must not be empty"),
        (PasswordText(), True, "must be text"),
        (PasswordText(), [], "must be text"),
        (PasswordText(), "x" * 55, "at most 54"),
        (PasswordText(), "two words", "without blanks"),
        (PasswordText(), 'quo"te', "without blanks"),
        (PasswordText(), "pässword", "without blanks"),
        (PasswordText(), "{SSHA}", "TYPE"),
        (PasswordText(), "{SSHA}" + "x" * 151, "TYPE"),
        (PasswordText(), "{PLAIN}secret", "one of these types"),
        (PasswordText(), "{curly", "TYPE"),
    ],
)
def test_is_refused_with_a_hint(kind, sent, hint):
    with pytest.raises(BadValueError, match=hint):
        kind.parse(sent)


@pytest.mark.parametrize(
    "kind",
    [
        LINE, LINES, TAG, Flag(), NUMBER, EpochSeconds(), LEVEL, ENCODING, Timezone(), HEADER, FOLDER, Selector(),
        HostPort(), OneAddress(), AddressOrLocalPart(), SIEVE, ADDRESSES, CONTACTS, PrivateKey(),
    ],
    ids=lambda kind: type(kind).__name__,
)  # fmt: skip
def test_null_unsets(kind):
    assert kind.parse(None) is None


@pytest.mark.parametrize("secret", ["hunter2 x", "{PLAIN}hunter2", 'hunter2"', "{hunter2", "hunter2" * 9])
def test_no_hint_repeats_a_password(secret):
    with pytest.raises(BadValueError) as caught:
        PasswordText().parse(secret)
    assert "hunter2" not in str(caught.value)


def test_a_hint_shows_only_the_harmless_beginning_of_an_entry():
    with pytest.raises(BadValueError) as caught:
        ADDRESSES.parse(["x" * 5000])
    assert len(str(caught.value)) < 200


def test_time_zones_are_listed_in_one_order():
    assert list(Timezone().options) == sorted(set(Timezone().options))


def test_time_zones_are_those_of_python():
    assert set(Timezone().options) & available_timezones() >= {"UTC", "Europe/Paris", "US/Eastern"}


def test_only_encodings_that_we_can_make_are_offered():
    assert set(MADE_HERE) <= set(schemes.MADE)


def test_only_hashes_that_we_can_check_are_taken():
    assert set(HASH_TYPES) <= set(schemes.SCHEMES)


def test_every_type_that_the_api_document_names_is_taken():
    named = "MD5 BCRYPT CRYPT DES SHA SHA1 SHA224 SHA256 SHA384 SHA512 SSHA SSHA1 SSHA224 SSHA256 SSHA384 SSHA512"
    assert set(named.split()) <= set(HASH_TYPES)
