"""The catalogue: every entry is whole, and what is asked about all of them at once."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.core import catalogue
from postroom.core.catalogue import CATALOGUE, MEGABYTE
from postroom.core.catalogue.attribute import BadValueError, Inheritance, Level, NotGiven, Rank
from postroom.core.catalogue.entries import by_name
from postroom.core.catalogue.quota import below_company, to_bytes
from postroom.core.errors import BadAttribute, NotSettable

COMPANY, DOMAIN, MAILBOX = Level.COMPANY, Level.DOMAIN, Level.MAILBOX
SERVICES = "service_imap4 service_pop3 service_smtpin service_smtprelay service_smtprelay_webmail service_webmail"
NAMES = {
    COMPANY: f"""account allow block brand contacts default_password_encoding domain_push_allowed domain_push_notify
        filterdelivery language limit_aliases limit_users notes_external password_strength quota quota_maximum
        regen_passwords {SERVICES} smtp_sent_limit spamfolder spamheader spamlevel spamtag stats_mailout
        wm_domainalias""",
    DOMAIN: f"""account aliases allow block brand catchall company default_password_encoding disabled dkim_key
        dkim_selector filterdelivery filtermx language limit_aliases limit_users notes_external password_strength
        quota quota_maximum regen_passwords {SERVICES} smtp_sent_limit spamfolder spamheader spamlevel spamtag
        timezone wm_domainalias workgroup""",
    MAILBOX: f"""2fa_required_oma account aliases allow autoresponder autoresponder_option_enddate
        autoresponder_option_interval block brand delivery_autoresponder delivery_filter delivery_forward
        delivery_local fax filterdelivery forward_option_reply_to forward_option_restricted
        forward_option_subject_prefix forward_recipients language macsettings max_pab_entries name notes_external
        password phone quota reject_spam {SERVICES} sieve smtp_sent_limit spamfolder spamheader spamlevel spamtag
        timezone title type workgroup""",
}
OF_CHANGE_DOMAIN = f"""aliases allow block brand catchall default_password_encoding disabled filterdelivery filtermx
    language limit_aliases limit_users notes_external quota quota_maximum regen_passwords password_strength {SERVICES}
    smtp_sent_limit spamfolder spamheader spamlevel spamtag timezone wm_domainalias workgroup dkim_selector dkim_key"""
LIVE = """brand default_password_encoding filterdelivery password_strength regen_passwords smtp_sent_limit spamfolder
    spamheader spamlevel spamtag"""
COPIED = f"language limit_aliases limit_users quota quota_maximum timezone wm_domainalias workgroup {SERVICES}"
BILLABLE = "limit_aliases limit_users quota quota_maximum type workgroup"

every_attribute = pytest.mark.parametrize("attribute", CATALOGUE.values(), ids=lambda a: a.name)
every_level = pytest.mark.parametrize("level", Level)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**4000, 10**5000)
    | st.floats()
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just("email"), inner, max_size=4)
    ),
    max_leaves=8,
)


def anybody(attribute):
    return True


def nobody(attribute):
    return False


@every_level
def test_a_level_has_exactly_its_attributes(level):
    assert list(catalogue.attributes(level)) == sorted(NAMES[level].split())


def test_everything_that_change_domain_documents_is_there():
    assert len(OF_CHANGE_DOMAIN.split()) == len(set(OF_CHANGE_DOMAIN.split()) & catalogue.attributes(DOMAIN).keys())


def test_entries_are_in_alphabetical_order():
    assert list(CATALOGUE) == sorted(CATALOGUE)


def test_ten_attributes_are_inherited_live():
    assert {n for n, a in CATALOGUE.items() if a.inherits is Inheritance.LIVE} == set(LIVE.split())


def test_these_are_copied_at_creation():
    assert {n for n, a in CATALOGUE.items() if a.inherits is Inheritance.COPIED} == set(COPIED.split())


def test_these_are_billable():
    assert {n for n, a in CATALOGUE.items() if a.billable} == set(BILLABLE.split())


def test_these_are_secret():
    assert {n for n, a in CATALOGUE.items() if a.secret} == {"password", "dkim_key"}


@every_attribute
def test_an_entry_is_documented_in_a_sentence(attribute):
    assert len(attribute.doc) > 20 and attribute.doc.endswith(".")


@every_attribute
def test_an_entry_says_what_it_takes(attribute):
    assert all(attribute.kind_on(level).bounds and attribute.kind_on(level).name for level in attribute.set_by)


@every_attribute
def test_a_default_is_what_its_own_kind_would_store(attribute):
    parsed = {
        level: attribute.kind_on(level).parse(attribute.default) for level in attribute.set_by if attribute.default
    }
    assert parsed == dict.fromkeys(parsed, attribute.default)


@every_attribute
def test_what_is_shown_unset_does_not_contradict_what_is_in_force(attribute):
    assert attribute.unset in (None, attribute.default) or isinstance(attribute.unset, NotGiven)


@every_attribute
def test_only_unset_live_attributes_look_unset(attribute):
    assert attribute.inherits is not Inheritance.LIVE or attribute.unset is None


@every_attribute
def test_a_company_is_only_changed_by_its_own_administrators(attribute):
    assert attribute.set_by.get(COMPANY, Rank.COMPANY) in (Rank.COMPANY, None)


@every_attribute
def test_an_entry_is_found_by_each_of_its_names(attribute):
    names = (attribute.name, *attribute.wire_names)
    assert all(catalogue.find(level, name) is attribute for level in attribute.set_by for name in names)


@pytest.mark.parametrize("double", ["spamtag", "spam_tag"])
def test_no_name_is_given_twice(double):
    other = replace(CATALOGUE["title"], name=double)
    with pytest.raises(ValueError, match=double):
        by_name([CATALOGUE["spamtag"], other])


@pytest.mark.parametrize(
    ("level", "name", "found"),
    [
        (DOMAIN, "spam_folder", "spamfolder"),
        (COMPANY, "spam_level", "spamlevel"),
        (MAILBOX, "recipients", "forward_recipients"),
        (MAILBOX, "smtprelay", "service_smtprelay"),
    ],
)
def test_known_misspellings_are_understood(level, name, found):
    assert catalogue.find(level, name) is CATALOGUE[found]


@pytest.mark.parametrize(("level", "name"), [(DOMAIN, "recipients"), (DOMAIN, "contacts"), (MAILBOX, "Name")])
def test_other_names_are_not_found(level, name):
    assert catalogue.find(level, name) is None


# --- check ------------------------------------------------------------------------------------------


def test_checked_values_come_under_canonical_names():
    assert catalogue.check(DOMAIN, {"spam_level": "high", "disabled": "TRUE"}, anybody, {}) == {
        "spamlevel": "High",
        "disabled": True,
    }


def test_null_and_empty_lists_unset():
    assert catalogue.check(MAILBOX, {"brand": None, "aliases": [""]}, anybody, {}) == {"brand": None, "aliases": None}


def test_an_empty_choice_was_not_given():
    assert catalogue.check(MAILBOX, {"type": "", "service_pop3": ""}, anybody, {}) == {}


def test_what_was_not_given_needs_no_right():
    assert catalogue.check(MAILBOX, {"type": ""}, nobody, {}) == {}


@pytest.mark.parametrize("order", [("spamtag", "spam_tag"), ("spam_tag", "spamtag")])
def test_the_canonical_name_wins_over_another_spelling(order):
    sent = {"spamtag": "[A]", "spam_tag": "[B]"}
    assert catalogue.check(DOMAIN, {n: sent[n] for n in order}, anybody, {}) == {"spamtag": "[A]"}


@pytest.mark.parametrize("sent", ["acme.com", "ACME.com"])
def test_a_read_only_name_may_be_repeated(sent):
    assert catalogue.check(DOMAIN, {"account": sent}, anybody, {"account": "acme.com"}) == {}


def test_a_read_only_name_cannot_be_changed():
    with pytest.raises(NotSettable) as refused:
        catalogue.check(DOMAIN, {"account": "other.com"}, anybody, {"account": "acme.com"})
    assert refused.value.hints == {"account": "cannot be changed"}


def test_what_may_not_be_set_is_named():
    with pytest.raises(NotSettable) as refused:
        catalogue.check(DOMAIN, {"quota": 1, "spam_tag": "x"}, lambda a: a.name != "spamtag", {})
    assert refused.value.hints == {"spam_tag": "is not yours to change"}


@pytest.mark.parametrize(
    ("level", "name", "hint"),
    [
        (DOMAIN, "spamtagg", "is not an attribute of a domain; did you mean spamtag?"),
        (MAILBOX, "xyzzy", "is not an attribute of a user"),
        (COMPANY, "catchall", "is not an attribute of a company"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_one(level, name, hint):
    with pytest.raises(NotSettable) as refused:
        catalogue.check(level, {name: 1}, anybody, {})
    assert refused.value.hints[name] == hint


def test_rights_are_looked_at_before_values():
    with pytest.raises(NotSettable) as refused:
        catalogue.check(DOMAIN, {"spamlevel": "Max", "nonsense!": 1}, anybody, {})
    assert list(refused.value.hints) == ["nonsense!"]


def test_every_bad_value_is_named():
    with pytest.raises(BadAttribute) as refused:
        catalogue.check(DOMAIN, {"spamlevel": "Max", "quota": -1, "spamtag": "ok"}, anybody, {})
    assert (list(refused.value.hints), refused.value.hints["spamlevel"]) == (
        ["spamlevel", "quota"],
        "must be one of Normal, High, Very High",
    )


def test_a_wild_name_is_told_in_a_form_that_can_be_sent():
    with pytest.raises(NotSettable) as refused:
        catalogue.check(DOMAIN, {"\ud800\0" + "x" * 500: 1}, anybody, {})
    assert all(len(name.encode()) < 100 for name in refused.value.hints)


@every_attribute
@settings(max_examples=30)
@given(raw=ANYTHING)
def test_whatever_is_sent_is_taken_or_refused_with_a_hint(attribute, raw):
    for level in attribute.set_by:
        try:
            attribute.kind_on(level).parse(raw)
        except BadValueError as error:
            assert str(error).encode()  # can be sent


@given(raw=st.dictionaries(st.sampled_from(sorted(CATALOGUE)) | st.text(max_size=10), ANYTHING, max_size=5))
def test_whatever_is_sent_together_is_taken_or_refused(raw):
    for level in Level:
        try:
            catalogue.check(level, raw, anybody, {})
        except (NotSettable, BadAttribute) as error:
            assert error.hints


@every_attribute
@settings(max_examples=30)
@given(raw=ANYTHING)
def test_what_is_stored_would_be_stored_again(attribute, raw):
    for level in attribute.set_by:
        try:
            stored = attribute.kind_on(level).parse(raw)
        except BadValueError:
            continue
        if stored is not None and not isinstance(stored, NotGiven):
            assert attribute.kind_on(level).parse(stored) == stored


# --- settable, options, defaults, shown -------------------------------------------------------------


def test_settable_names_are_sorted_and_leave_out_what_is_read_only():
    names = catalogue.settable(DOMAIN, anybody)
    assert names == sorted(catalogue.attributes(DOMAIN).keys() - {"account"})


def test_settable_names_are_those_that_the_asker_may_set():
    assert catalogue.settable(MAILBOX, lambda a: a.set_by[MAILBOX] is Rank.COMPANY) == ["2fa_required_oma"]


@every_level
def test_options_are_listed_for_languages_services_and_levels(level):
    assert {"language", "spamlevel", "service_pop3", "filterdelivery"} <= catalogue.options(level).keys()


def test_options_of_a_domain_hold_time_zones():
    assert "Europe/Paris" in catalogue.options(DOMAIN)["timezone"]


@every_level
def test_every_option_is_taken(level):
    kinds = {name: catalogue.attributes(level)[name].kind_on(level) for name in catalogue.options(level)}
    assert all([kinds[n].parse(o) for o in listed] == listed for n, listed in catalogue.options(level).items())


def test_a_company_begins_with_the_built_in_values():
    services = dict.fromkeys(SERVICES.split(), "enabled")
    assert catalogue.built_in_defaults(COMPANY) == {
        "language": "en",
        "quota": 5120,
        "quota_maximum": 20_480,
        "wm_domainalias": False,
        **services,
    }


def test_a_domain_begins_with_what_its_company_says():
    company = {"language": "fr", "limit_users": 5, "service_pop3": "disabled", "spamtag": "[X]", "wm_domainalias": True}
    made = catalogue.copied_defaults(DOMAIN, company)
    assert made == {
        **catalogue.built_in_defaults(DOMAIN),
        "language": "fr",
        "limit_users": 5,
        "service_pop3": "disabled",
        "wm_domainalias": True,
    }


def test_a_mailbox_begins_with_what_its_domain_says():
    domain = {"workgroup": "sales", "quota": 5368709120, "limit_users": 5, "quota_maximum": 9, "timezone": "Asia/Tokyo"}
    made = catalogue.copied_defaults(MAILBOX, domain)
    services = dict.fromkeys(SERVICES.split(), "enabled")
    assert made == {
        "language": "en",
        "quota": 5368709120,
        "timezone": "Asia/Tokyo",
        "workgroup": "sales",
        **services,
    }


@every_level
def test_unset_attributes_are_shown_too(level):
    kept = {n for n, a in catalogue.attributes(level).items() if a.stored and not isinstance(a.unset, NotGiven)}
    assert catalogue.shown(level, {}).keys() == kept


def test_set_attributes_are_shown_as_they_are():
    assert (
        catalogue.shown(DOMAIN, {"spamtag": "[X]", "allow": ["a@b.example"]}).items()
        >= {
            "spamtag": "[X]",
            "spamlevel": None,
            "disabled": False,
            "notes_external": "",
        }.items()
    )


def test_secrets_are_shown_to_nobody():
    assert "PRIVATE" not in str(catalogue.shown(DOMAIN, {"dkim_key": "PRIVATE"}))


def test_nothing_is_shown_twice_from_one_list():
    catalogue.shown(DOMAIN, {})["allow"].append("a@b.example")
    assert catalogue.shown(DOMAIN, {})["allow"] == []


@pytest.mark.parametrize("name", ["delivery_forward", "forward_recipients", "service_webmail", "name", "phone"])
def test_clients_find_a_value_of_the_right_type_in_an_empty_mailbox(name):
    assert type(catalogue.shown(MAILBOX, {})[name]) in (bool, list, str)


# --- quota ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "written", "size"),
    [
        (COMPANY, 5120, 5120 * MEGABYTE),
        (COMPANY, 2_000_000, 2_000_000 * MEGABYTE),
        (DOMAIN, 20_480, 20_480 * MEGABYTE),
        (MAILBOX, 1_048_576, 1_048_576 * MEGABYTE),
        (MAILBOX, 1_048_577, 1_048_577),
        (MAILBOX, 5_368_709_120, 5_368_709_120),
    ],
)
def test_a_quota_is_megabytes_if_small_and_bytes_if_large(level, written, size):
    assert to_bytes(written, level=level) == size


def test_the_line_between_the_units_can_be_moved():
    assert to_bytes(5120, level=DOMAIN, threshold=0) == 5120


@given(st.integers(1, 2**30), st.sampled_from([0, 1_048_576, 10**12]))
def test_a_company_quota_means_the_same_on_its_domains(megabytes, threshold):
    written = below_company(megabytes, threshold=threshold)
    assert to_bytes(written, level=DOMAIN, threshold=threshold) == megabytes * MEGABYTE


@pytest.mark.parametrize("threshold", [0, 1_048_576, 10**12])
def test_a_new_domain_gets_the_quota_that_its_company_means(threshold):
    made = catalogue.copied_defaults(DOMAIN, {"quota": 2_000_000}, quota_threshold=threshold)
    assert to_bytes(made["quota"], level=DOMAIN, threshold=threshold) == 2_000_000 * MEGABYTE
