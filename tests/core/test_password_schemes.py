import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.passwords import schemes
from postroom.core.passwords.methods import Costs

QUICK = Costs(bcrypt_log_rounds=4, argon2_passes=1, argon2_kib=8, argon2_lanes=1, sha_crypt_rounds=1000)
PLAIN = "Tr0ub4dor&3"
SHA512_CRYPT_TEXT = "$6$saltsalt$fwlamBrOqmO1d1IGBZuoDbiBLysiZpmO29PF6JYPeFNWtUpYlWGacpfo3kQaQ6Jc9AgBbqPXfLKeJCECo1N.m1"
SHA384_HEX = "4b46208c5c7c66481c56c2ab4d307f78fa247ed6421b3ba15c1a93614eec193be5c2f3d03b41a1024c8f32d23185da04"
SHA512_BASE64 = "xyu2IccEDPS2R0BjqaeXJpDiUvNa2+fPr/Wx7iMW7+c4LnI9QeATor+8M8MAfFDFhH0hqInM6DhTbqxyeAjeQA=="
SSHA512_TEXT = "Nba3v6CXeIpi9sOduvMdiYev9ew13XRVpzfctkSMELyY9Gw2KP65wLUfZu7L+7HBDfN1+ykKvBRV/obscmG1FXNhbHRzYWx0"
SHA512_HEX = (
    "c72bb621c7040cf4b6474063a9a7972690e252f35adbe7cfaff5b1ee2316efe7"
    "382e723d41e013a2bfbc33c3007c50c5847d21a889cce838536eac727808de40"
)

# Made with `openssl passwd -1|-5|-6`, Perl's crypt (libxcrypt), and `openssl dgst … | base64`.
MADE_ELSEWHERE = {
    "{MD5}$1$saltsalt$ueg/7ujBFDpyKLR2vs28p1": "MD5-CRYPT",
    "{MD5}4ece57a61323b52ccffdbef021956754": "PLAIN-MD5",
    "{MD5}4ECE57A61323B52CCFFDBEF021956754": "PLAIN-MD5",
    "{MD5}Ts5XphMjtSzP/b7wIZVnVA==": "PLAIN-MD5",
    "{DES}abWL7Sj501Z46": "CRYPT",
    "{CRYPT}abWL7Sj501Z46": "CRYPT",
    "{CRYPT}$1$saltsalt$ueg/7ujBFDpyKLR2vs28p1": "MD5-CRYPT",
    "{CRYPT}$5$saltsalt$lenpbIIfFTOesMocJVNZvortN.KXU4D2QzPbnD5iNU3": "SHA256-CRYPT",
    "{CRYPT}" + SHA512_CRYPT_TEXT: "SHA512-CRYPT",
    "{CRYPT}$2y$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C": "BLF-CRYPT",
    "{SHA256-CRYPT}$5$saltsalt$lenpbIIfFTOesMocJVNZvortN.KXU4D2QzPbnD5iNU3": "SHA256-CRYPT",
    "{SHA256}$5$saltsalt$lenpbIIfFTOesMocJVNZvortN.KXU4D2QzPbnD5iNU3": "SHA256-CRYPT",
    "{SHA512-CRYPT}" + SHA512_CRYPT_TEXT: "SHA512-CRYPT",
    "{SHA512}" + SHA512_CRYPT_TEXT: "SHA512-CRYPT",
    "{SHA512-CRYPT}$6$rounds=1000$saltsalt$k8YBq9alXjkIoqw1Nu6EBR3IBozX4ces/YypLrYfQetu7x3O0ZLr."
    "10f5jinXFBSktNGcQk1AnVjDmWmcx8U9.": "SHA512-CRYPT",
    "{BCRYPT}$2a$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C": "BLF-CRYPT",
    "{BCRYPT}$2b$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C": "BLF-CRYPT",
    "{BCRYPT}$2y$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C": "BLF-CRYPT",
    "{BLF-CRYPT}$2y$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C": "BLF-CRYPT",
    "{SHA}874572e7a5ae6a49466a6ac578b98adba78c6aa6": "SHA1",
    "{SHA}h0Vy56WuaklGamrFeLmK26eMaqY=": "SHA1",
    "{SHA1}874572e7a5ae6a49466a6ac578b98adba78c6aa6": "SHA1",
    "{SHA224}318f17381527cd4d54391f80d4871c452b69cbcd733a95f7087f0be9": "SHA224",
    "{SHA224}MY8XOBUnzU1UOR+A1IccRStpy81zOpX3CH8L6Q==": "SHA224",
    "{SHA256}48486e1514e842346ff405b1e45f44059ae82619f2306f99d0940dcb386e91f7": "SHA256",
    "{SHA256}SEhuFRToQjRv9AWx5F9EBZroJhnyMG+Z0JQNyzhukfc=": "SHA256",
    "{SHA384}" + SHA384_HEX: "SHA384",
    "{SHA384}S0YgjFx8ZkgcVsKrTTB/ePokftZCGzuhXBqTYU7sGTvlwvPQO0GhAkyPMtIxhdoE": "SHA384",
    "{SHA512}" + SHA512_HEX: "SHA512",
    "{SHA512}" + SHA512_BASE64: "SHA512",
    "{SSHA}12mJ6etYCpM1oXTRaCHR4ffDmnBzYWx0c2FsdA==": "SSHA",
    "{SSHA1}12mJ6etYCpM1oXTRaCHR4ffDmnBzYWx0c2FsdA==": "SSHA",
    "{ssha}12mJ6etYCpM1oXTRaCHR4ffDmnBzYWx0c2FsdA==": "SSHA",
    "{SSHA224}hRA4su2Vj/r43EYMLN9eCIQ7ynNZ0w0o3RoknXNhbHRzYWx0": "SSHA224",
    "{SSHA256}qtqMejIPPAZYzUX47mVaUiDSARnHyGd750Cx1MBsAdVzYWx0c2FsdA==": "SSHA256",
    "{SSHA384}jCGXdugETm1uPCuh0zi8HrwuZ79NM5CjXROWYoU3W9qplRh1TUiKXHa8Es3JU+3Ac2FsdHNhbHQ=": "SSHA384",
    "{SSHA512}" + SSHA512_TEXT: "SSHA512",
}
LACKED = ("SHA224", "SHA384", "SSHA224", "SSHA384")
# Published with the algorithms: Drepper's sha-crypt, Openwall's bcrypt, the reference argon2's test.c.
PUBLISHED = [
    ("Hello world!", "{SHA256-CRYPT}$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
    (
        "Hello world!",
        "{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ),
    ("U*U", "{BCRYPT}$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    (
        "password",
        "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ),
]
BROKEN = [
    "",
    "{}",
    "{BCRYPT}",
    PLAIN,
    "{PLAIN}" + PLAIN,
    "{UNHEARD-OF}abc",
    "{BCRYPT}$2b$04$tooshort",
    "{BCRYPT}$2x$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C",
    "{BCRYPT}$2b$03$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C",
    "{ARGON2ID}$argon2id$v=19$m=1,t=1,p=9$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "{ARGON2ID}$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "{ARGON2ID}$argon2id$v=19$m=8,t=999,p=99$c29tZXNhbHQ$" + "A" * 80,
    "{CRYPT}*",
    "{CRYPT}!abWL7Sj501Z46",
    "{MD5}zzzz57a61323b52ccffdbef021956754",
    "{SSHA}h0Vy56WuaklGamrFeLmK26eMaqY=",
    "{SSHA}====",
    "{SHA512}" + "é" * 128,
]
TOO_HARD = [
    "{BCRYPT}$2b$31$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C",
    "{CRYPT}$2b$15$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C",
    "{CRYPT}" + SHA512_CRYPT_TEXT.replace("$6$", "$6$rounds=999999999$"),
    "{SHA256-CRYPT}$5$rounds=1000001$saltsalt$lenpbIIfFTOesMocJVNZvortN.KXU4D2QzPbnD5iNU3",
    "{ARGON2ID}$argon2id$v=19$m=999999,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
]


@pytest.mark.parametrize("stored", MADE_ELSEWHERE)
def test_a_hash_made_elsewhere_lets_its_password_in(stored):
    assert schemes.verify(PLAIN, stored)


@pytest.mark.parametrize("stored", MADE_ELSEWHERE)
def test_a_hash_made_elsewhere_keeps_another_password_out(stored):
    assert not schemes.verify("tr0ub4dor&3", stored)


@pytest.mark.parametrize(("plain", "stored"), PUBLISHED)
def test_a_published_hash_lets_its_password_in(plain, stored):
    assert schemes.verify(plain, stored)


@pytest.mark.parametrize("stored", MADE_ELSEWHERE)
def test_a_hash_made_elsewhere_is_recognised(stored):
    assert schemes.recognised(stored)


@pytest.mark.parametrize(("stored", "name"), [(s, n) for s, n in MADE_ELSEWHERE.items() if n not in LACKED])
def test_dovecot_gets_its_own_name_for_the_scheme(stored, name):
    assert schemes.for_dovecot(stored) == f"{{{name}}}{stored.partition('}')[2]}"


@pytest.mark.parametrize("name", LACKED)
def test_dovecot_has_to_ask_about_some_digests(name):
    stored = next(stored for stored in MADE_ELSEWHERE if stored.startswith(f"{{{name}}}"))
    assert schemes.for_dovecot(stored) == f"{{POSTROOM-{name}}}"


@pytest.mark.parametrize(("kib", "name"), [(65_536, "ARGON2ID"), (65_537, "POSTROOM-ARGON2ID")])
def test_dovecot_has_to_ask_about_a_hash_that_takes_much_memory(kib, name):
    stored = f"{{ARGON2ID}}$argon2id$v=19$m={kib},t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
    assert schemes.for_dovecot(stored).startswith(f"{{{name}}}")


@pytest.mark.parametrize("encoding", schemes.MADE)
def test_dovecot_is_told_of_an_encoding_as_of_hashes_in_it(encoding):
    stored = schemes.encode(PLAIN, encoding, cost=QUICK)
    assert schemes.for_dovecot(stored).startswith(f"{{{schemes.dovecot_name(encoding)}}}")


@pytest.mark.parametrize("name", ["BCRYPT", "ARGON2ID", "SHA512-CRYPT", "SHA256-CRYPT", "CRYPT", "SSHA", "SSHA512"])
def test_dovecot_knows_what_we_make(name):
    assert schemes.dovecot_knows(schemes.encode(PLAIN, name, cost=QUICK))


@pytest.mark.parametrize("stored", BROKEN + TOO_HARD)
def test_a_broken_or_ruinous_hash_lets_nobody_in(stored):
    assert not schemes.verify(PLAIN, stored)


@pytest.mark.parametrize("stored", TOO_HARD)
def test_a_ruinous_hash_never_reaches_dovecot(stored):
    assert schemes.for_dovecot(stored) == "{CRYPT}*"


@pytest.mark.parametrize("stored", TOO_HARD)
def test_a_ruinous_hash_is_not_usable(stored):
    assert not schemes.usable(stored)


@pytest.mark.parametrize("name", schemes.MADE)
def test_a_hash_that_we_make_lets_its_password_in(name):
    assert schemes.verify(PLAIN, schemes.encode(PLAIN, name, cost=QUICK))


@pytest.mark.parametrize("name", schemes.MADE)
def test_a_hash_that_we_make_keeps_another_password_out(name):
    assert not schemes.verify(PLAIN + "x", schemes.encode(PLAIN, name, cost=QUICK))


@pytest.mark.parametrize("name", schemes.MADE)
def test_the_same_password_is_stored_differently_each_time(name):
    assert schemes.encode(PLAIN, name, cost=QUICK) != schemes.encode(PLAIN, name, cost=QUICK)


@pytest.mark.parametrize("name", schemes.MADE)
def test_a_hash_says_which_scheme_it_is(name):
    assert schemes.scheme_of(schemes.encode(PLAIN, name.lower(), cost=QUICK)) == name


@pytest.mark.parametrize("name", schemes.MADE)
def test_a_fresh_hash_needs_no_rehash(name):
    assert not schemes.needs_rehash(schemes.encode(PLAIN, name, cost=QUICK), name, cost=QUICK)


@pytest.mark.parametrize("name", schemes.MADE)
def test_a_hash_that_we_make_fits_what_oma_allows(name):
    assert schemes.usable(schemes.encode("x" * 54, name, cost=QUICK))


@pytest.mark.parametrize("name", ["MD5", "DES", "SHA", "SHA256", "SHA512", "PLAIN", ""])
def test_a_weak_or_unknown_scheme_is_not_made(name):
    with pytest.raises(ValueError, match="choose one of BCRYPT"):
        schemes.encode(PLAIN, name)


@pytest.mark.parametrize("plain", ["", "a\0b", "x" * 1025])
def test_a_password_that_could_never_be_let_in_is_not_stored(plain):
    with pytest.raises(ValueError, match="never be let in"):
        schemes.encode(plain, "SSHA512")


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ("{MD5}4ece57a61323b52ccffdbef021956754", "BCRYPT"),
        ("{CRYPT}$1$saltsalt$ueg/7ujBFDpyKLR2vs28p1", "CRYPT"),
        ("{SSHA}12mJ6etYCpM1oXTRaCHR4ffDmnBzYWx0c2FsdA==", "SSHA512"),
        ("{BCRYPT}$2b$04$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C", "BCRYPT"),
        ("{CRYPT}" + SHA512_CRYPT_TEXT, "CRYPT"),
        (
            "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "ARGON2ID",
        ),
        ("{CRYPT}*", "CRYPT"),
    ],
)
def test_another_or_an_easier_hash_needs_a_rehash(stored, wanted):
    assert schemes.needs_rehash(stored, wanted)


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ("{SSHA1}12mJ6etYCpM1oXTRaCHR4ffDmnBzYWx0c2FsdA==", "SSHA"),
        ("{BLF-CRYPT}$2y$12$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C", "BCRYPT"),
        ("{CRYPT}$2y$10$abcdefghijklmnopqrstuu5UWyuxawIwQzpnlr0Mft5nu6B9cYh/C", "BCRYPT"),
        ("{CRYPT}" + SHA512_CRYPT_TEXT.replace("$6$", "$6$rounds=100000$"), "SHA512-CRYPT"),
    ],
)
def test_the_same_hash_under_another_name_needs_no_rehash(stored, wanted):
    assert not schemes.needs_rehash(stored, wanted)


@pytest.mark.parametrize(
    ("stored", "answer"),
    [
        ("{BCRYPT}anything", True),
        ("{bcrypt}anything", True),
        ("{MD5}" + "x" * 150, True),
        ("{MD5}" + "x" * 151, False),
        ("{MD5}", False),
        ("{MD5}é", False),
        ("{MD5}a\n", False),
        ("{PLAIN}secret", False),
        ("secret", False),
    ],
)
def test_recognised_means_a_known_type_and_up_to_150_ascii_characters(stored, answer):
    assert schemes.recognised(stored) is answer


@pytest.mark.parametrize(("stored", "name"), [("{sha512-crypt}x", "SHA512-CRYPT"), ("{Odd}x", "ODD"), ("x", "")])
def test_the_scheme_is_read_from_the_braces(stored, name):
    assert schemes.scheme_of(stored) == name


def test_bcrypt_ignores_what_follows_72_octets_as_everywhere():
    stored = "{BCRYPT}" + bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert schemes.verify("x" * 80, stored)


def test_a_password_may_be_unicode():
    assert schemes.verify("пароль", schemes.encode("пароль", "SSHA256"))


@pytest.mark.parametrize("plain", ["", "a\0b", "\ud800", "x" * 5000])
@pytest.mark.parametrize("stored", [*MADE_ELSEWHERE][:10])
def test_an_odd_password_is_wrong_and_no_accident(plain, stored):
    assert not schemes.verify(plain, stored)


def test_an_empty_password_is_wrong_even_for_the_digest_of_nothing():
    assert not schemes.verify("", "{MD5}d41d8cd98f00b204e9800998ecf8427e")


@pytest.mark.parametrize("scheme", [schemes.DEFAULT, "ARGON2ID"])
def test_an_unknown_account_costs_as_much_as_a_known_one(scheme):
    assert not schemes.needs_rehash(schemes._NOBODY[scheme], scheme)


_SCHEME_NAMES = st.sampled_from(sorted(schemes.SCHEMES))
_NEAR_MISSES = st.one_of(
    st.from_regex(r"\$2[aby]\$0[0-5]\$[./0-9A-Za-z]{53}", fullmatch=True),
    st.from_regex(r"\$[156]\$[./0-9A-Za-z]{0,8}\$([./0-9A-Za-z]{22}|[./0-9A-Za-z]{43})", fullmatch=True),
    st.from_regex(r"\$[56]\$rounds=[01][0-9]{3}\$[./0-9A-Za-z]{0,8}\$[./0-9A-Za-z]{86}", fullmatch=True),
    st.from_regex(
        r"\$argon2id\$v=19\$m=[0-9]{1,2},t=[0-9],p=[0-9]\$[A-Za-z0-9+/]{11,20}\$[A-Za-z0-9+/]{16,40}",
        fullmatch=True,
    ),
    st.from_regex(r"[./0-9A-Za-z]{13}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9+/]{28,112}={0,2}", fullmatch=True),
    st.text(max_size=160),
)


@given(stored=st.builds("{{{}}}{}".format, _SCHEME_NAMES, _NEAR_MISSES))
def test_nothing_stored_makes_verify_raise(stored):
    assert schemes.verify(PLAIN, stored) is False


@given(stored=st.text())
def test_no_text_makes_verify_raise(stored):
    assert schemes.verify(PLAIN, stored) is False


@given(plain=st.text(min_size=1, max_size=80).filter(lambda text: "\0" not in text))
def test_every_password_that_is_stored_is_let_in(plain):
    assert schemes.verify(plain, schemes.encode(plain, "SSHA512"))
