"""The attributes of change_user (oma.md section 6.2), each stored, refused and unset."""

import pytest

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from tests import cast

_SERVICE = ("suspended", "suspended", "off")
_FLAG = (True, True, "maybe")
# name → (a good value, as it is read back, a bad value)
TABLE = {
    "allow": (["*@example.com"], ["*@example.com"], ["two words"]),
    "autoresponder": ("I am away.\nBack soon.", "I am away.\nBack soon.", "x" * 4001),
    "autoresponder_option_enddate": (1_800_000_000, 1_800_000_000, "tomorrow"),
    "autoresponder_option_interval": ("48", 48, 1095),
    "block": ("*@spammers.example", ["*@spammers.example"], ["a" * 129]),
    "brand": ("ACME BLUE", "Acme Blue", "unknown brand"),
    "delivery_autoresponder": _FLAG,
    "delivery_forward": _FLAG,
    "delivery_local": _FLAG,
    "fax": ("+33 1 23", "+33 1 23", "x" * 31),
    "filterdelivery": ("passthrough", "passthrough", "delete"),
    "forward_option_reply_to": ("Joe@Example.com", "joe@example.com", "joe"),
    "forward_option_restricted": ("1", True, "maybe"),
    "forward_option_subject_prefix": ("[list]", "[list]", "x" * 129),
    "forward_recipients": (["joe@example.com"], ["joe@example.com"], ["joe"]),
    "language": ("fr", "fr", "tlh"),
    "macsettings": ("columns=3", "columns=3", "x" * 2049),
    "max_pab_entries": (500, 500, -1),
    "name": ("Uma Ünal", "Uma Ünal", "x" * 513),
    "notes_external": ("line\nline", "line\nline", "x" * 4097),
    "phone": ("+33 1 23", "+33 1 23", "x" * 31),
    "quota": (1024, 1024, 25 * 1024),
    "reject_spam": _FLAG,
    "service_imap4": _SERVICE,
    "service_pop3": _SERVICE,
    "service_smtpin": _SERVICE,
    "service_smtprelay": _SERVICE,
    "service_smtprelay_webmail": _SERVICE,
    "service_webmail": _SERVICE,
    "sieve": ("keep;", "keep;", "x" * 65_537),
    "smtp_sent_limit": ("10000", 10_000, 10_001),
    "spamfolder": ("Junk", "Junk", "x" * 129),
    "spamheader": ("X-Spam: yes", "X-Spam: yes", "lower: no"),
    "spamlevel": ("high", "High", "Max"),
    "spamtag": ("[JUNK]", "[JUNK]", "x" * 31),
    "timezone": ("Europe/Paris", "Europe/Paris", "Mars/Olympus"),
    "title": ("Head of Mail", "Head of Mail", "x" * 61),
    "workgroup": ("Sales", "sales", "nowhere"),
    "aliases": (["sales", "Help@acme.example"], ["sales@acme.example", "help@acme.example"], ["a b"]),
}
UNSET = {
    "allow": [], "autoresponder": "", "autoresponder_option_interval": 24, "block": [], "delivery_autoresponder": False,
    "delivery_forward": False, "delivery_local": False, "fax": "", "forward_option_reply_to": "",
    "forward_option_restricted": False, "forward_option_subject_prefix": "", "forward_recipients": [],
    "language": "en", "macsettings": "", "name": "", "notes_external": "", "phone": "", "quota": 5120,
    "reject_spam": False, "sieve": "", "timezone": "UTC", "title": "", "workgroup": "staff", "aliases": [],
    **{name: "enabled" for name in TABLE if name.startswith("service_")},
}  # fmt: skip
_ELSEWHERE = {"account", "type", "password", "delivery_filter", "2fa_required_oma"}

pytestmark = pytest.mark.usefixtures("brand")


def test_every_attribute_of_a_user_is_in_a_table_here():
    assert set(TABLE) | _ELSEWHERE == set(catalogue.attributes(Level.MAILBOX))


def test_get_user_shows_every_one_but_the_password(alice):
    assert set(alice.user()) >= {*TABLE, "account", "type", "delivery_filter"}
    assert "password" not in alice.user()


@pytest.mark.parametrize("name", TABLE)
def test_a_good_value_is_stored_and_read_back(alice, name):
    good, stored, _ = TABLE[name]
    alice.set_user(**{name: good})
    assert alice.user()[name] == stored


@pytest.mark.parametrize("name", TABLE)
def test_a_bad_value_is_refused_with_a_hint_that_names_it(alice, name):
    answer = alice.call("change_user", user=cast.UMA, attributes={name: TABLE[name][2]})
    assert (answer["error_number"], list(answer["hints"])) == (6, [name])


@pytest.mark.parametrize("name", TABLE)
def test_a_bad_value_among_good_ones_changes_nothing(alice, name):
    before = alice.user()
    attributes = {"name": "New", "aliases": ["new"], name: TABLE[name][2]}
    assert alice.refused("change_user", user=cast.UMA, attributes=attributes) == 6
    assert alice.user() == before


@pytest.mark.parametrize("name", TABLE)
def test_null_unsets(alice, name):
    alice.set_user(delivery_local=True, delivery_forward=True, forward_recipients=["x@example.com"])
    alice.set_user(**{name: TABLE[name][0]})
    alice.set_user(**{name: None})
    assert alice.user()[name] == UNSET.get(name)


@pytest.mark.parametrize("name", TABLE)
def test_a_new_user_can_have_it_from_the_start(alice, name):
    good, stored, _ = TABLE[name]
    alice.new_user("new@acme.example", **{name: good})
    assert alice.user("new@acme.example")[name] == stored


def test_a_password_is_changed(alice, as_):
    alice.set_user(password="{SSHA}phwwNaRUG+lB5STm9qQ0L4O0qP9zYWx0")
    as_(cast.UMA).ok("authenticate")


@pytest.mark.parametrize("bad", [None, "", "two words", 'quo"te', "x" * 55, "{ROT13}abc", "{SSHA}", ["list"], {}])
def test_a_bad_password_is_refused(alice, bad):
    answer = alice.call("change_user", user=cast.UMA, attributes={"password": bad})
    assert (answer["error_number"], list(answer["hints"])) == (6, ["password"])


@pytest.mark.parametrize("flag", [True, False])
def test_a_second_factor_may_be_asked_for(alice, flag):
    alice.set_user(**{"2fa_required_oma": flag})
    assert alice.user()["2fa_required_oma"] is flag


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("name", ["type", "workgroup"])
def test_an_empty_choice_is_no_choice(alice, name, nothing):
    before = alice.user()[name]
    alice.set_user(**{name: nothing})
    assert alice.user()[name] == before


def test_the_names_of_the_old_client_types(alice):
    alice.set_user(recipients=["x@example.com"], smtprelay="disabled")
    assert alice.user()["forward_recipients"] == ["x@example.com"]
    assert alice.user()["service_smtprelay"] == "disabled"


def test_what_get_user_shows_can_be_sent_back(alice):
    alice.set_user(**{name: TABLE[name][0] for name in TABLE})
    shown = alice.user()
    alice.ok("change_user", user=cast.UMA, attributes=shown)
    assert alice.user() == shown


# --- which way mail goes ----------------------------------------------------------------------------

LOCAL, FORWARD, AUTO, FILTER = "delivery_local", "delivery_forward", "delivery_autoresponder", "delivery_filter"


@pytest.mark.parametrize(
    "on",
    [{LOCAL}, {LOCAL, FORWARD}, {LOCAL, AUTO}, {LOCAL, FORWARD, AUTO}, {FORWARD}, {FORWARD, AUTO}],
    ids=lambda on: "+".join(sorted(on)),
)
def test_the_allowed_ways_of_a_mailbox(alice, on):
    alice.set_user(**{name: name in on for name in (LOCAL, FORWARD, AUTO)})
    shown = alice.user()
    assert {name for name in (LOCAL, FORWARD, AUTO, FILTER) if shown[name]} == on


def test_mail_must_go_somewhere(alice):
    assert alice.refused("change_user", user=cast.UMA, attributes={LOCAL: False}) == 6


def test_an_automatic_answer_alone_is_nowhere(alice):
    assert alice.refused("change_user", user=cast.UMA, attributes={LOCAL: False, AUTO: True}) == 6


@pytest.mark.parametrize(("type", "way"), [("mailbox", LOCAL), ("forward", FORWARD), ("filter", FILTER)])
def test_a_new_account_delivers_as_its_type_does(alice, type, way):
    alice.set_domain(filtermx="mx.example.net")
    alice.new_user("new@acme.example", type=type)
    shown = alice.user("new@acme.example")
    assert [name for name in (LOCAL, FORWARD, AUTO, FILTER) if shown[name]] == [way]


@pytest.mark.parametrize("type", ["forward", "filter"])
def test_forwards_and_filters_need_no_password(alice, type):
    alice.set_domain(filtermx="mx.example.net")
    alice.ok("change_user", user="new@acme.example", attributes={"type": type})


def test_a_mailbox_needs_a_password(alice):
    answer = alice.call("change_user", user="new@acme.example", attributes={})
    assert (answer["error_number"], list(answer["hints"])) == (5, ["password"])


@pytest.mark.parametrize(("type", "way"), [("mailbox", FILTER), ("forward", LOCAL)])
def test_flags_that_the_type_does_not_allow_are_silently_ignored(alice, type, way):
    alice.set_user(type=type, **{way: True})
    assert alice.user()[way] is False


def test_a_mailbox_becomes_a_forward_and_a_mailbox_again(alice):
    alice.set_user(type="forward", forward_recipients=["x@example.com"])
    assert (alice.user()["type"], alice.user()[LOCAL], alice.user()[FORWARD]) == ("forward", False, True)
    alice.set_user(type="mailbox")
    assert alice.user()["type"] == "mailbox"


def test_a_mailbox_becomes_a_filter(alice):
    alice.set_domain(filtermx="mx.example.net")
    alice.set_user(type="filter")
    shown = alice.user()
    assert [name for name in (LOCAL, FORWARD, AUTO, FILTER) if shown[name]] == [FILTER]


# --- aliases ----------------------------------------------------------------------------------------


def test_an_alias_in_an_alias_domain(alice):
    alice.set_domain(aliases=["acme.test"])
    alice.set_user(aliases=["sales@acme.test"])
    assert alice.user()["aliases"] == ["sales@acme.test"]


def test_the_own_name_is_no_alias_and_no_error(alice):
    alice.set_user(aliases=[cast.UMA, "sales"])
    assert alice.user()["aliases"] == ["sales@acme.example"]


def test_a_dropped_alias_is_free_again(alice):
    alice.set_user(aliases=["sales"])
    alice.set_user(aliases=[])
    alice.set_user(cast.MAX, aliases=["sales"])
    assert alice.user(cast.MAX)["aliases"] == ["sales@acme.example"]


def test_an_alias_moves_in_no_request_of_two(alice):
    alice.set_user(aliases=["sales"])
    assert alice.refused("change_user", user=cast.MAX, attributes={"aliases": ["sales"]}) == 7


def test_the_same_alias_twice_is_one(alice):
    alice.set_user(aliases=["sales", "SALES", "sales@acme.example"])
    assert alice.user()["aliases"] == ["sales@acme.example"]


# --- services ---------------------------------------------------------------------------------------


def test_what_alice_suspended_dora_cannot_lift(alice, as_):
    alice.set_user(service_imap4="suspended")
    dora = as_(cast.DORA)
    assert dora.refused("change_user", user=cast.UMA, attributes={"service_imap4": "enabled"}) == 4


def test_what_dora_suspended_alice_can_lift(alice, as_):
    as_(cast.DORA).set_user(service_imap4="suspended")
    alice.set_user(service_imap4="enabled")
    assert alice.user()["service_imap4"] == "enabled"


def test_disabled_is_lifted_by_anybody_entitled(alice, as_):
    alice.set_user(service_imap4="disabled")
    as_(cast.DORA).set_user(service_imap4="enabled")
    assert alice.user()["service_imap4"] == "enabled"


def test_a_user_is_not_enabled_below_a_suspended_domain(alice):
    alice.set_domain(service_imap4="suspended")
    answer = alice.call("change_user", user=cast.UMA, attributes={"service_imap4": "enabled"})
    assert (answer["error_number"], list(answer["hints"])) == (4, ["service_imap4"])


def test_all_six_suspended_is_status_suspended(alice):
    six = [name for name in TABLE if name.startswith("service_")]
    alice.set_user(**dict.fromkeys(six, "suspended"))
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "suspended"


def test_in_a_disabled_domain_everybody_is_suspended(alice):
    alice.set_domain(disabled=True)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["status"] == "suspended"


# --- the shape of get_user --------------------------------------------------------------------------


def test_the_typed_values_that_strict_clients_read(alice):
    answer = alice.ok("get_user", user=cast.UMA)
    shown = answer["attributes"]
    assert isinstance(shown["delivery_forward"], bool)
    assert isinstance(shown["forward_recipients"], list)
    assert isinstance(shown["service_webmail"], str)
    assert answer["type"] == shown["type"] == "mailbox"


def test_metadata_has_what_the_documents_list(alice):
    metadata = alice.ok("get_user", user=cast.DORA)["metadata"]
    assert metadata.keys() >= {
        "2fa_enabled", "roles", "status", "createtime", "quota", "folders", "special_folders", "options", "inherit",
        "addressbook", "app_passwords", "smtp_limit", "last_login",
    }  # fmt: skip
    assert metadata["roles"] == {"domain": [cast.ACME]}
    assert metadata["quota"]["bytes_max"] == 5 * 2**30


@pytest.mark.parametrize(("quota", "maximum"), [(10, 10 * 2**20), (10 * 2**30, 10 * 2**30)])
def test_bytes_max_is_always_bytes(alice, quota, maximum):
    alice.set_user(quota=quota)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]["bytes_max"] == maximum


@pytest.mark.parametrize(("maximum", "bytes_max"), [(2, 2 * 2**20), (None, 5 * 2**30)])
def test_bytes_max_is_what_the_domain_lets_be_used(alice, maximum, bytes_max):
    alice.ok("change_domain", domain=cast.ACME, attributes={"quota_maximum": maximum})
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["quota"]["bytes_max"] == bytes_max


@pytest.mark.parametrize(("attribute", "folder"), [(None, "Spam"), ("Junk/Mail", "Junk.Mail"), ("Trash", "Trash")])
def test_the_spam_folder_is_one_of_the_folders(alice, attribute, folder):
    alice.set_user(spamfolder=attribute)
    metadata = alice.ok("get_user", user=cast.UMA)["metadata"]
    assert metadata["special_folders"] == {"spam": folder}
    assert metadata["folders"].count(folder) == 1
