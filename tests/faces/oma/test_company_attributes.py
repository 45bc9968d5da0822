"""The attributes of change_company (oma.md section 6.3), each stored, refused and unset."""

import pytest

from postroom.core import catalogue
from postroom.core.catalogue.attribute import Level
from tests import cast

CONTACT = {"email": "ops@example.com", "name": "Ops", "notes": "by day", "phone": "1", "type": "technical"}
_SERVICE = ("disabled", "disabled", "off")
TABLE = {
    "allow": (["*@example.com"], ["*@example.com"], ["two words"]),
    "block": (["*@example.com"], ["*@example.com"], ["a" * 129]),
    "brand": ("acme blue", "Acme Blue", "unknown brand"),
    "contacts": ([CONTACT], [CONTACT], [{"type": "friendly"}]),
    "default_password_encoding": ("BCRYPT", "BCRYPT", "ROT13"),
    "domain_push_allowed": (["12345"], ["12345"], ["acme"]),
    "domain_push_notify": ("ops@example.com", "ops@example.com", "ops"),
    "filterdelivery": ("passthrough", "passthrough", "delete"),
    "language": ("fr", "fr", "tlh"),
    "limit_aliases": (5, 5, -1),
    "limit_users": (5, 5, "many"),
    "notes_external": ("x" * 4096, "x" * 4096, "x" * 4097),
    "password_strength": ("strong", "strong", "unbreakable"),
    "quota": (1024, 1024, -1),
    "quota_maximum": (2048, 2048, "2 GB"),
    "regen_passwords": (True, True, "sometimes"),
    "service_imap4": _SERVICE,
    "service_pop3": _SERVICE,
    "service_smtpin": _SERVICE,
    "service_smtprelay": _SERVICE,
    "service_smtprelay_webmail": _SERVICE,
    "service_webmail": _SERVICE,
    "smtp_sent_limit": (0, 0, 10_001),
    "spamfolder": ("Junk", "Junk", "x" * 129),
    "spamheader": ("X-Spam: yes", "X-Spam: yes", "lower: no"),
    "spamlevel": ("high", "High", "Max"),
    "spamtag": ("[JUNK]", "[JUNK]", "x" * 31),
    "stats_mailout": ("ops@example.com", ["ops@example.com"], ["ops"]),
    "wm_domainalias": (1, True, "maybe"),
}
UNSET = {
    "allow": [], "block": [], "contacts": [], "domain_push_allowed": [], "domain_push_notify": "", "language": "en",
    "notes_external": "", "quota": 5120, "stats_mailout": [], "wm_domainalias": False,
    **{name: "enabled" for name in TABLE if name.startswith("service_")},
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("brand")


def change(client, **attributes):
    return client.call("change_company", company="acme", attributes=attributes)


def shown(client):
    return client.ok("get_company", company="acme")["attributes"]


def test_every_attribute_of_a_company_is_in_the_table():
    assert set(TABLE) | {"account"} == set(catalogue.attributes(Level.COMPANY))


def test_settable_attributes_are_sorted_and_complete(alice):
    answer = alice.ok("get_company", company="acme")
    assert answer["settable_attribute"] == answer["settable_attributes"] == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_a_good_value_is_stored_and_read_back(alice, name):
    good, stored, _ = TABLE[name]
    assert change(alice, **{name: good})["success"] is True
    assert shown(alice)[name] == stored


@pytest.mark.parametrize("name", TABLE)
def test_a_bad_value_is_refused_and_changes_nothing(alice, name):
    before = shown(alice)
    answer = (
        change(alice, notes_external="new", **{"spamtag": "[NEW]", name: TABLE[name][2]})
        if (name != "notes_external")
        else change(alice, notes_external=TABLE[name][2])
    )
    assert (answer["error_number"], list(answer["hints"])) == (6, [name])
    assert shown(alice) == before


@pytest.mark.parametrize("name", TABLE)
def test_null_unsets(alice, name):
    change(alice, **{name: TABLE[name][0]})
    change(alice, **{name: None})
    assert shown(alice)[name] == UNSET.get(name)


def test_no_attributes_change_nothing(alice):
    alice.ok("change_company", company="acme", attributes=[])


def test_companies_cannot_be_created(alice):
    assert alice.refused("change_company", company="new", attributes={}) == 9


def test_metadata_of_a_company(alice):
    metadata = alice.ok("get_company", company="acme")["metadata"]
    assert metadata.keys() >= {"options", "bulletins", "createtime", "inherit", "company_id"}
    assert {"language", "timezone"} <= metadata["options"].keys() | {"timezone"}
    assert metadata["bulletins"] == {"manual": [], "auto": []}


def test_changes_are_listed_oldest_first(alice):
    for tag in ("[A]", "[B]"):
        change(alice, spamtag=tag)
    answer = alice.ok("get_company_changes", company="acme")
    assert [c["msg"] for c in answer["changes"]][-2:] == ["set spamtag to [A]", "set spamtag to [B]"]
    assert answer["changes"][-1]["user"] == cast.ALICE
    assert answer["count"] == answer["total_count"] == len(answer["changes"])


def test_changes_come_in_pages(alice):
    for tag in ("[A]", "[B]"):
        change(alice, spamtag=tag)
    whole = alice.ok("get_company_changes", company="acme")["changes"]
    page = alice.ok("get_company_changes", company="acme", range={"first": 1, "Limit": "1"})
    assert (page["count"], page["changes"]) == (1, whole[1:2])


def test_long_values_are_told_by_their_size(alice):
    change(alice, notes_external="x" * 4000)
    assert alice.ok("get_company_changes", company="acme")["changes"][-1]["msg"].endswith("(4000 bytes)")


def test_options_have_languages_and_time_zones(alice):
    options = alice.ok("get_company", company="acme")["metadata"]["options"]
    assert ("fr" in options["language"], "Europe/Paris" in options["timezone"]) == (True, True)


def test_the_log_tells_empty_and_false_beginnings_as_they_are(alice):
    alice.new_user("bob@acme.example", delivery_local=False, delivery_forward=True, forward_recipients=["a@b.example"])
    [made] = alice.ok("get_user_changes", user="bob@acme.example")["changes"]
    told = set(made["msg"].removeprefix("created: ").split("; "))
    assert {"aliases []", "delivery_forward true", "delivery_local false"} <= told


def test_the_log_tells_what_was_taken_away(alice):
    for spamtag in ("[JUNK]", None):
        alice.ok("change_company", company="acme", attributes={"spamtag": spamtag})
    for method in ("create_workgroup", "delete_workgroup"):
        alice.ok(method, domain=cast.ACME, workgroup="interns")
    assert alice.ok("get_company_changes", company="acme")["changes"][-1]["msg"] == "unset spamtag, was [JUNK]"
    last = alice.ok("get_domain_changes", domain=cast.ACME)["changes"][-1]
    assert last["msg"] == "unset workgroups, was interns"
