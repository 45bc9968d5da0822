"""oma.md section 7.1: ten attributes live along the chain, the others are copied when a child is made."""

import pytest

from tests import cast

# name → (built-in, at the company, at the domain)
LIVE = {
    "brand": (None, "Acme Blue", "Acme Red"),
    "default_password_encoding": ("BCRYPT", "SSHA512", "SSHA256"),
    "filterdelivery": ("quarantine", "passthrough", "quarantine"),
    "password_strength": ("weak", "good", "strong"),
    "regen_passwords": (False, True, False),
    "smtp_sent_limit": (1000, 500, 50),
    "spamfolder": ("Spam", "Junk", "Trash"),
    "spamheader": ("X-Spam: Spam detected", "X-Junk: yes", "X-Trash: yes"),
    "spamlevel": ("Normal", "High", "Very High"),
    "spamtag": ("[SPAM]", "[C]", "[D]"),
}
# name → (at the company, at the domain)
COPIED = {
    "language": ("fr", "de"),
    "quota": (100, 200),
    "wm_domainalias": (True, False),
    "limit_users": (50, 60),
    "limit_aliases": (5, 6),
    "quota_maximum": (10_000, 9_000),
    "service_imap4": ("disabled", "enabled"),
}


@pytest.fixture
def brands(brand):
    brand._meta.model.objects.create(company=brand.company, name="Acme Red", folded_name="acme red", created_at=0)


def inherit(client, kind):
    call = {
        "company": ("get_company", {"company": "acme"}),
        "domain": ("get_domain", {"domain": cast.ACME}),
        "user": ("get_user", {"user": cast.UMA}),
    }[kind]
    return client.ok(call[0], **call[1])["metadata"]["inherit"]


@pytest.mark.parametrize("kind", ["company", "domain", "user"])
def test_inherit_has_exactly_the_ten_names(alice, kind):
    assert set(inherit(alice, kind)) == set(LIVE)


@pytest.mark.parametrize("name", LIVE)
def test_the_built_in_value_reaches_the_user(alice, name):
    assert [inherit(alice, kind)[name] for kind in ("company", "domain", "user")] == [LIVE[name][0]] * 3


@pytest.mark.parametrize("name", LIVE)
def test_the_company_s_value_reaches_domain_and_user(alice, brands, name):
    built_in, value, _ = LIVE[name]
    alice.ok("change_company", company="acme", attributes={name: value})
    assert inherit(alice, "company")[name] == built_in
    assert [inherit(alice, kind)[name] for kind in ("domain", "user")] == [value] * 2


@pytest.mark.parametrize("name", LIVE)
def test_the_domain_s_value_goes_before_the_company_s(alice, brands, name):
    _, company, domain = LIVE[name]
    alice.ok("change_company", company="acme", attributes={name: company})
    alice.set_domain(**{name: domain})
    assert inherit(alice, "domain")[name] == company
    assert inherit(alice, "user")[name] == domain


@pytest.mark.parametrize("name", LIVE)
def test_unset_again_the_company_s_value_holds(alice, brands, name):
    _, company, domain = LIVE[name]
    alice.ok("change_company", company="acme", attributes={name: company})
    alice.set_domain(**{name: domain})
    alice.set_domain(**{name: None})
    assert inherit(alice, "user")[name] == company


def test_the_user_s_own_value_goes_before_all(alice):
    alice.set_domain(smtp_sent_limit=50)
    alice.set_user(smtp_sent_limit=5)
    assert alice.ok("get_user", user=cast.UMA)["metadata"]["smtp_limit"]["max"] == 5


def test_a_limit_of_zero_is_a_value_and_not_unset(alice):
    alice.set_domain(smtp_sent_limit=0)
    assert inherit(alice, "user")["smtp_sent_limit"] == 0


@pytest.mark.parametrize("name", COPIED)
def test_a_new_domain_copies_from_the_company(alice, name):
    value = COPIED[name][0]
    alice.ok("change_company", company="acme", attributes={name: value})
    alice.ok("change_domain", domain="new.example", attributes={})
    assert alice.domain("new.example")[name] == value


@pytest.mark.parametrize("name", COPIED)
def test_an_existing_domain_does_not_follow_the_company(alice, name):
    before = alice.domain()[name]
    alice.ok("change_company", company="acme", attributes={name: COPIED[name][0]})
    assert alice.domain()[name] == before


@pytest.mark.parametrize(
    ("name", "value"), [("language", "de"), ("quota", 200), ("service_imap4", "disabled"), ("timezone", "Europe/Paris")]
)
def test_a_new_user_copies_from_the_domain_and_an_old_one_does_not_follow(alice, name, value):
    before = alice.user()[name]
    alice.set_domain(**{name: value})
    alice.new_user("new@acme.example")
    assert alice.user("new@acme.example")[name] == value
    assert alice.user()[name] == before


def test_a_new_user_goes_to_the_domain_s_workgroup(alice):
    alice.set_domain(workgroup="sales")
    alice.new_user("new@acme.example")
    assert alice.user("new@acme.example")["workgroup"] == "sales"
    assert alice.user()["workgroup"] == "staff"


def test_a_free_domain_name_shows_what_it_would_get(alice):
    alice.ok("change_company", company="acme", attributes={"language": "fr"})
    answer = alice.call("get_domain", domain="free.example")
    assert (answer["success"], answer["error_number"]) == (False, 2)
    assert answer["error"] == "The requested object does not exist"
    assert answer["metadata"]["defaults"].items() >= {"language": "fr", "workgroup": "staff"}.items()
    assert "spamtag" in answer["settable_attribute"] == answer["settable_attributes"]
    assert "timezone" in answer["metadata"]["options"]


def test_a_free_address_shows_what_it_would_get(alice):
    alice.set_domain(quota=77)
    answer = alice.call("get_user", user="free@acme.example")
    assert (answer["success"], answer["error_number"]) == (False, 2)
    assert answer["metadata"]["defaults"].items() >= {
        "quota": 77, "workgroup": "staff", "type": "mailbox", "delivery_local": True,
    }.items()  # fmt: skip
    assert "forward_recipients" in answer["settable_attributes"]


def test_dora_who_may_not_create_domains_sees_no_defaults(as_):
    assert "metadata" not in as_(cast.DORA).call("get_domain", domain="free.example")
