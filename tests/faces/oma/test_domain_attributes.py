"""The attributes of change_domain: the 33 of the vendor's page, each stored, refused and unset."""

import pytest

from tests import cast
from tests.faces.oma.keys import PEM
from tests.proofs import proves

SEED_NAMES = [
    "aliases",
    "allow",
    "block",
    "brand",
    "catchall",
    "default_password_encoding",
    "disabled",
    "filterdelivery",
    "filtermx",
    "language",
    "limit_aliases",
    "limit_users",
    "notes_external",
    "quota",
    "quota_maximum",
    "regen_passwords",
    "password_strength",
    "service_imap4",
    "service_pop3",
    "service_smtpin",
    "service_smtprelay",
    "service_smtprelay_webmail",
    "service_webmail",
    "smtp_sent_limit",
    "spamfolder",
    "spamheader",
    "spamlevel",
    "spamtag",
    "timezone",
    "wm_domainalias",
    "workgroup",
    "dkim_selector",
    "dkim_key",
]

_SERVICE = ("suspended", "suspended", "off")
# name → (a good value, as it is read back, a bad value)
TABLE = {
    "aliases": (["Acme.Test", "acme.invalid"], ["acme.test", "acme.invalid"], ["no domain"]),
    "allow": (["*@example.com", "joe@example.org"], ["*@example.com", "joe@example.org"], ["two words"]),
    "block": (["*@spammers.example"], ["*@spammers.example"], ["a" * 129]),
    "brand": ("acme blue", "Acme Blue", "unknown brand"),
    "catchall": ("uma", cast.UMA, "nobody"),
    "default_password_encoding": ("SSHA512", "SSHA512", "ROT13"),
    "disabled": (True, True, "maybe"),
    "filterdelivery": ("passthrough", "passthrough", "delete"),
    "filtermx": ("mx.example.net:2525", "mx.example.net:2525", "mx.example.net:99999"),
    "language": ("fr", "fr", "tlh"),
    "limit_aliases": ("5", 5, -1),
    "limit_users": (50, 50, "many"),
    "notes_external": ("Has not paid.", "Has not paid.", "x" * 4097),
    "quota": (1024, 1024, -1),
    "quota_maximum": (2048, 2048, "2 GB"),
    "regen_passwords": ("1", True, "sometimes"),
    "password_strength": ("good", "good", "unbreakable"),
    "service_imap4": _SERVICE,
    "service_pop3": _SERVICE,
    "service_smtpin": _SERVICE,
    "service_smtprelay": _SERVICE,
    "service_smtprelay_webmail": _SERVICE,
    "service_webmail": _SERVICE,
    "smtp_sent_limit": (10_000, 10_000, 10_001),
    "spamfolder": ("Junk/2024", "Junk/2024", "x" * 129),
    "spamheader": ("X-Spam: yes", "X-Spam: yes", "lower: no"),
    "spamlevel": ("very high", "Very High", "Max"),
    "spamtag": ("[JUNK]", "[JUNK]", "x" * 31),
    "timezone": ("Europe/Paris", "Europe/Paris", "Mars/Olympus"),
    "wm_domainalias": (True, True, "yes please"),
    "workgroup": ("sales", "sales", "nowhere"),
    "dkim_selector": ("s1", "s1", "not a label"),
    "dkim_key": (PEM, None, "not a key"),
}
_TOGETHER = {"dkim_selector": {"dkim_key": PEM}, "dkim_key": {"dkim_selector": "s1"}}
# What a reader is shown once `null` has unset it.
UNSET = {
    "aliases": [], "allow": [], "block": [], "disabled": False, "language": "en", "notes_external": "",
    "quota": 5120, "timezone": "UTC", "wm_domainalias": False, "workgroup": "staff",
    **{name: "enabled" for name in TABLE if name.startswith("service_")},
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("brand", "catchall_allowed")


def test_the_page_has_33_attributes_and_the_table_has_them_all():
    assert len(SEED_NAMES) == 33
    assert sorted(TABLE) == sorted(SEED_NAMES)


def test_a_company_administrator_may_set_all_of_them_and_the_company(alice):
    answer = alice.ok("get_domain", domain=cast.ACME)
    assert answer["settable_attribute"] == answer["settable_attributes"]
    assert set(answer["settable_attributes"]) == {*SEED_NAMES, "company"}


def test_get_domain_shows_all_of_them(alice):
    assert set(alice.domain()) == {*SEED_NAMES, "company", "account"}


@pytest.mark.parametrize("name", TABLE)
def test_a_good_value_is_stored_and_read_back(alice, name):
    good, stored, _ = TABLE[name]
    alice.set_domain(**{name: good}, **_TOGETHER.get(name, {}))
    assert alice.domain()[name] == stored


@pytest.mark.parametrize("name", TABLE)
def test_a_bad_value_is_refused_with_a_hint_that_names_it(alice, name):
    bad = TABLE[name][2]
    answer = alice.call("change_domain", domain=cast.ACME, attributes={name: bad, **_TOGETHER.get(name, {})})
    assert answer["error_number"] == 6
    assert list(answer["hints"]) == [name]


@pytest.mark.parametrize("name", TABLE)
def test_a_bad_value_among_good_ones_changes_nothing(alice, name):
    before = alice.domain()
    attributes = {
        "notes_external": "new",
        "spamtag": "[NEW]",
        **_TOGETHER.get(name, {}),
        name: TABLE[name][2],
    }
    assert alice.refused("change_domain", domain=cast.ACME, attributes=attributes) == 6
    assert alice.domain() == before


@pytest.mark.parametrize("name", TABLE)
def test_null_unsets(alice, name):
    together = _TOGETHER.get(name, {})
    alice.set_domain(**{name: TABLE[name][0]}, **together)
    alice.set_domain(**{name: None}, **dict.fromkeys(together))
    assert alice.domain()[name] == UNSET.get(name)


# The other two name something that a new domain has not: a mailbox, a workgroup of its own.
@pytest.mark.parametrize("name", sorted(TABLE.keys() - {"catchall", "workgroup"}))
def test_a_new_domain_can_have_it_from_the_start(alice, name):
    good, stored, _ = TABLE[name]
    attributes = {name: good, **_TOGETHER.get(name, {})}
    alice.ok("change_domain", domain="new.example", attributes=attributes, create_only=True)
    assert alice.domain("new.example")[name] == stored


def test_two_bad_values_get_a_hint_each(alice):
    attributes = {"spamlevel": "Max", "quota": "x", "spamtag": "fine"}
    answer = alice.call("change_domain", domain=cast.ACME, attributes=attributes)
    assert set(answer["hints"]) == {"spamlevel", "quota"}


def test_an_unknown_attribute_is_error_4_with_a_hint(alice):
    answer = alice.call("change_domain", domain=cast.ACME, attributes={"spam_lvl": "High"})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["spam_lvl"])


def test_the_unchanged_name_may_be_sent_back(alice):
    alice.set_domain(account=cast.ACME)


def test_another_name_may_not(alice):
    assert alice.refused("change_domain", domain=cast.ACME, attributes={"account": "x.example"}) == 4


def test_what_get_domain_shows_can_be_sent_back(alice):
    """Read, edit, write: as clients do (the key is not shown, so it is not sent)."""
    alice.set_domain(**{name: TABLE[name][0] for name in TABLE if not name.startswith("dkim")})
    shown = alice.domain()
    alice.ok("change_domain", domain=cast.ACME, attributes={k: v for k, v in shown.items() if k != "dkim_key"})
    assert alice.domain() == shown


@pytest.mark.parametrize("half", [{"dkim_key": PEM}, {"dkim_selector": "s1"}])
def test_dkim_key_and_selector_only_come_together(alice, half):
    answer = alice.call("change_domain", domain=cast.ACME, attributes=half)
    assert answer["error_number"] == 6
    assert set(answer["hints"]) <= {"dkim_key", "dkim_selector"}


def test_the_dkim_key_never_comes_back(alice):
    alice.set_domain(dkim_key=PEM, dkim_selector="s1")
    secret = PEM.split("\n")[1].encode()
    for method in ("get_domain", "get_domain_changes"):
        alice.ok(method, domain=cast.ACME)
        assert secret not in alice.body


def test_a_dkim_key_with_written_out_line_breaks_is_taken(alice):
    alice.set_domain(dkim_key=PEM.replace("\n", "\\n"), dkim_selector="s1")
    assert alice.domain()["dkim_selector"] == "s1"


@pytest.mark.parametrize("nothing", [None, "", [""], []])
def test_lists_are_cleared_by_everything_that_php_sends(alice, nothing):
    alice.set_domain(allow=["*@a.example"])
    alice.set_domain(allow=nothing)
    assert alice.domain()["allow"] == []


def test_a_single_text_is_a_list_of_one(alice):
    alice.set_domain(allow="*@a.example")
    assert alice.domain()["allow"] == ["*@a.example"]


def test_lists_are_replaced_not_merged(alice):
    alice.set_domain(block=["a@a.example"])
    alice.set_domain(block=["b@b.example"])
    assert alice.domain()["block"] == ["b@b.example"]


@pytest.mark.parametrize(("name", "most"), [("allow", 1000), ("block", 1000), ("aliases", 2000)])
def test_lists_have_a_most(alice, name, most):
    entries = [f"x{n}.example" for n in range(most + 1)]
    assert alice.refused("change_domain", domain=cast.ACME, attributes={name: entries}) == 6
    alice.set_domain(**{name: entries[:most]})


@pytest.mark.parametrize(
    ("alias", "length"),
    [("spam_tag", "[X]"), ("spam_folder", "Junk"), ("spam_level", "High")],
)
def test_the_spellings_of_the_php_toolkit(alice, alias, length):
    alice.set_domain(**{alias: length})
    assert alice.domain()[alias.replace("_", "")] == length


def test_false_clears_the_catchall(alice):
    alice.set_domain(catchall="uma")
    alice.set_domain(catchall=False)
    assert alice.domain()["catchall"] is None


@pytest.mark.parametrize("quota", [25 * 1024, 25 * 2**30])
def test_a_quota_above_the_ceiling_is_error_6_in_both_units(alice, quota):
    answer = alice.call("change_domain", domain=cast.ACME, attributes={"quota": quota, "quota_maximum": 20480})
    assert (answer["error_number"], list(answer["hints"])) == (6, ["quota"])


@pytest.mark.parametrize("quota", [5120, 5 * 2**30])
def test_a_quota_is_kept_as_written(alice, quota):
    alice.set_domain(quota=quota)
    assert alice.domain()["quota"] == quota


@pytest.mark.parametrize("taken", [cast.ACME, "acme.adm"])
def test_an_alias_must_be_free(alice, taken):
    number = alice.refused("change_domain", domain=cast.ACME, attributes={"aliases": [taken]})
    assert number == (6 if taken == cast.ACME else 7)


def test_a_domain_in_use_as_an_alias_cannot_be_created(alice):
    alice.set_domain(aliases=["acme.test"])
    assert alice.refused("change_domain", domain="acme.test", attributes={}, create_only=True) in {3, 7}


def test_mail_attributes_of_a_domain_are_not_for_strangers(alice, other, as_):
    assert as_(cast.CHARLIE).refused("change_domain", domain=cast.ACME, attributes={"spamtag": "x"}) == 9


def test_dora_may_not_set_what_is_billed(alice, as_):
    answer = as_(cast.DORA).call("change_domain", domain=cast.ACME, attributes={"limit_users": 5, "spamtag": "x"})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["limit_users"])
    assert alice.domain()["spamtag"] is None


# --- ceilings ---------------------------------------------------------------------------------------


def test_a_ceiling_below_the_default_quota_holds_for_new_users(alice):
    alice.set_domain(quota_maximum=100)
    alice.new_user("new@acme.example")
    assert alice.user("new@acme.example")["quota"] == 100


def test_a_lowered_ceiling_does_not_stand_in_the_way_of_other_changes(alice):
    alice.set_domain(quota_maximum=100)
    alice.set_user(name="Uma")
    alice.set_domain(notes_external="x")


def test_a_company_s_ceiling_below_the_default_quota_holds_for_new_domains(alice):
    alice.ok("change_company", company="acme", attributes={"quota_maximum": 100})
    alice.ok("change_domain", domain="new.example", attributes={})
    assert alice.domain("new.example")["quota"] == 100


def test_a_domain_s_ceiling_stays_below_the_company_s(alice):
    answer = alice.call("change_domain", domain=cast.ACME, attributes={"quota_maximum": 20_481})
    assert (answer["error_number"], list(answer["hints"])) == (6, ["quota_maximum"])


@pytest.mark.parametrize("domain", [cast.ACME, "new.example"])
@proves("company")
def test_a_company_that_alice_does_not_control_is_11(alice, other, domain):
    assert alice.refused("change_domain", domain=domain, attributes={"company": "other"}) == 11


def test_an_alias_domain_is_an_alias(alice):
    alice.set_domain(aliases=["acme.test"])
    assert alice.refused("get_domain", domain="acme.test") == 3
    assert alice.refused("get_user", user="uma@acme.test") == 3
    assert alice.refused("change_user", user="uma@acme.test", attributes={}) == 3


def test_a_new_user_in_an_alias_domain_is_47(alice):
    alice.set_domain(aliases=["acme.test"])
    attributes = {"password": cast.HASH}
    assert alice.refused("change_user", user="new@acme.test", attributes=attributes) == 47


@pytest.mark.parametrize("local", ["uma", "new"])
def test_charlie_cannot_tell_an_alias_domain_of_acme_from_nothing(alice, other, as_, local):
    alice.set_domain(aliases=["acme.test"])
    fields = {"user": f"{local}@acme.test", "attributes": {"password": cast.HASH}}
    assert as_(cast.CHARLIE).refused("change_user", **fields) == 9
    assert as_(cast.CHARLIE).refused("get_user", user=fields["user"]) == 9


def test_a_free_address_in_an_alias_domain_is_2(alice):
    alice.set_domain(aliases=["acme.test"])
    assert alice.refused("get_user", user="new@acme.test") == 2
