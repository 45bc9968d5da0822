"""Domains over HTTP: made, shown, changed, removed (specs/dimail.md 3.1, 4.4)."""

import pytest

from postroom.actions import dimail_contexts
from postroom.core import dkim
from postroom.core.errors import NameTaken
from postroom.store import history, rows
from postroom.store.models import Company, Context, ContextMapping, DimailDomain, Domain, History, Mailbox, MailDomain
from postroom.worker import ended_claims, jobs
from tests import cast
from tests.faces.dimail.client import Dimail
from tests.faces.dimail.conftest import REGIE, account

TOWN, LAKE = "town.example", "lake.example"
NEW = {
    "name": TOWN, "features": ["webmail", "mailbox", "alias"], "context_name": TOWN, "delivery": "virtual",
}  # fmt: skip
ALONE = {"name": TOWN, "features": ["mailbox"], "context_name": None}
TESTS = (
    "domain_exist", "mx", "cname_imap", "cname_smtp", "cname_webmail", "spf", "dkim", "postfix", "ox", "cert",
    "webmail_ok",
)  # fmt: skip


def refusal(answer):
    return answer.status, answer.detail


def context_of(name: str = TOWN) -> str:
    return Domain.objects.values_list("context__name", flat=True).get(name=name, deleted_at=None)


# Making.


def test_a_domain_is_made(root):
    answer = root.post("/domains/", NEW)
    assert answer.status == 201
    plain = {name: value for name, value in answer.json.items() if name not in TESTS}
    assert plain == {
        "name": TOWN, "state": "new", "valid": False, "active": True, "delivery": "virtual",
        "features": ["webmail", "mailbox", "alias"], "context_name": TOWN, "webmail": None, "webmail_domain": None,
        "mailbox_domain": None, "imap_domain": None, "smtp_domain": None, "imap_domains": None, "smtp_domains": None,
        "transport": None, "mx_name": "internal", "public_alias": False, "public_alias_rules": [],
    }  # fmt: skip


def test_a_new_domain_has_eleven_tests_that_were_not_made(root):
    told = root.post("/domains/", NEW).json
    assert {name: told[name] for name in TESTS} == {
        name: {
            "ok": False,
            "internal": name in {"postfix", "ox", "cert", "webmail_ok"},
            "errors": [{"code": "no_test", "detail": "Did not check yet"}],
        }
        for name in TESTS
    }


def test_it_is_in_dimails_company_which_is_not_trusted(root):
    root.post("/domains/", NEW)
    company = Company.objects.get(domains__name=TOWN)
    assert (company.name, company.trusted, Domain.objects.get(name=TOWN).status) == ("dimail", False, "pending")


def test_no_record_of_ownership_is_asked(root):
    root.post("/domains/", NEW)
    assert Domain.objects.get(name=TOWN).ownership == ""


def test_in_a_trusted_company_it_serves_at_once(root):
    Company.objects.update(trusted=True)
    root.post("/domains/", NEW)
    assert Domain.objects.get(name=TOWN).status == "enabled"


def test_its_mail_will_be_signed(root):
    root.post("/domains/", NEW)
    settings = Domain.objects.get(name=TOWN).settings
    assert (settings["dkim_selector"], dkim.problem(settings["dkim_key"])) == ("dimail", "")


@pytest.mark.parametrize(
    ("features", "webmail", "imap"),
    [(["webmail"], "enabled", "disabled"), (["mailbox"], "disabled", "enabled"), (["alias"], "disabled", "disabled")],
)
def test_what_is_no_feature_is_switched_off(root, features, webmail, imap):
    root.post("/domains/", {**NEW, "features": features})
    settings = Domain.objects.get(name=TOWN).settings
    assert (settings["service_webmail"], settings["service_imap4"]) == (webmail, imap)


def test_names_are_shown_as_they_were_given(root):
    given = {
        "webmail_domain": "webmail.town.example", "imap_domain": "imap.town.example", "imap_domains": ["a.example"],
        "smtp_domains": [], "mailbox_domain": "m.example", "smtp_domain": None,
    }  # fmt: skip
    told = root.post("/domains/", {**NEW, **given}).json
    assert {name: told[name] for name in given} == given


def test_a_name_is_folded(root):
    assert root.post("/domains/", {**NEW, "name": " Town.Example. "}).json["name"] == TOWN


def test_a_name_with_accents_is_written_in_ascii(root):
    assert root.post("/domains/", {**NEW, "name": "forêt.example"}).json["name"] == "xn--fort-ipa.example"


def test_without_webmail_no_context_is_told(root):
    answer = root.post("/domains/", {**ALONE, "context_name": "wanted"})
    assert (answer.status, answer.json["context_name"], context_of()) == (201, None, TOWN)


def test_features_may_be_none(root):
    assert root.post("/domains/", {**ALONE, "features": []}).json["features"] == []


@pytest.mark.parametrize("context", [None, ""])
def test_webmail_needs_a_context(root, context):
    answer = root.post("/domains/", {**NEW, "context_name": context})
    assert refusal(answer) == (409, "OX context name is mandatory for mailbox feature")


def test_the_context_is_asked_for_before_the_name_is_looked_for(root):
    root.post("/domains/", NEW)
    answer = root.post("/domains/", {**NEW, "context_name": None})
    assert refusal(answer) == (409, "OX context name is mandatory for mailbox feature")


@pytest.mark.parametrize("name", [TOWN, "TOWN.example", cast.ACME, "acme.test"])
def test_a_name_is_taken_once(acme, name):
    from postroom.actions import domains
    from postroom.core.roles import OPERATOR

    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.test"]})
    root = account("root", is_admin=True)
    root.post("/domains/", NEW)
    answer = root.post("/domains/", {**NEW, "name": name, "context_name": "another"})
    assert refusal(answer) == (409, "Domain already exists")


BAD_CHANGES = {
    "a NUL in a host": ({"webmail_domain": "a\0b"}, "string_pattern_mismatch", "webmail_domain"),
    "a NUL in one of many hosts": ({"imap_domains": ["a.example", "a\0b"]}, "string_pattern_mismatch", 1),
    "a NUL in a transport": ({"transport": "a\0b"}, "string_pattern_mismatch", "transport"),
    "a line break in a context": ({"context_name": "a\nb"}, "string_pattern_mismatch", "context_name"),
    "too long a host": ({"smtp_domain": "x" * 255}, "string_too_long", "smtp_domain"),
    "too long a transport": ({"transport": "x" * 255}, "string_too_long", "transport"),
    "too long a context": ({"context_name": "x" * 161}, "string_too_long", "context_name"),
    "too many hosts": ({"smtp_domains": ["a.example"] * 101}, "too_long", "smtp_domains"),
}
BAD = {
    "no name": ({"name": ...}, "missing", "name"),
    "no features": ({"features": ...}, "missing", "features"),
    "no context": ({"context_name": ...}, "missing", "context_name"),
    "null": ({"name": None}, "string_type", "name"),
    "an unknown feature": ({"features": ["webmail", "mail"]}, "enum", 1),
    "features in a string": ({"features": "webmail"}, "list_type", "features"),
    "an unknown delivery": ({"delivery": "pigeon"}, "enum", "delivery"),
    "one label": ({"name": "town"}, "value_error", "name"),
    "no name at all": ({"name": "a b.example"}, "value_error", "name"),
    "a NUL": ({"name": "a\0b.example"}, "value_error", "name"),
    "administrators only": ({"name": "town.adm"}, "value_error", "name"),
    "relay": ({"delivery": "relay", "transport": "mx.example"}, "value_error", "delivery"),
    "a number as host": ({"imap_domain": 7}, "string_type", "imap_domain"),
    **BAD_CHANGES,
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_body_is_422(root, what):
    change, kind, place = BAD[what]
    sent = {name: value for name, value in {**NEW, **change}.items() if value is not ...}
    answer = root.post("/domains/", sent)
    assert answer.status == 422, answer
    assert (answer.detail[0]["type"], answer.detail[0]["loc"][-1]) == (kind, place)
    assert not Domain.objects.exists()


def test_fake_mode_shows_relays(root, settings):
    settings.DIMAIL_FAKE = True
    told = root.post("/domains/", {**NEW, "delivery": "relay", "transport": "mx.example"}).json
    assert (told["delivery"], told["transport"]) == ("relay", "mx.example")


# Contexts.


def test_a_context_is_made(root):
    root.post("/domains/", {**NEW, "context_name": "towns"})
    assert context_of() == "towns"


def test_domains_share_a_context(root):
    root.post("/domains/", {**NEW, "context_name": "towns"})
    answer = root.post("/domains/", {**NEW, "name": LAKE, "context_name": "towns"})
    assert (answer.json["context_name"], len(set(Domain.objects.values_list("context_id", flat=True)))) == ("towns", 1)


def test_a_context_that_is_mapped_elsewhere_is_409(root):
    dimail_contexts.map_domain(cast.origin(), "mapped", TOWN)
    answer = root.post("/domains/", NEW)
    assert refusal(answer) == (409, "The domain is currently mapped to OX context mapped")
    assert not Domain.objects.exists()


def test_the_context_that_has_the_domain_is_taken(root):
    dimail_contexts.map_domain(cast.origin(), "mapped", TOWN)
    known = Context.objects.get().pk
    root.post("/domains/", {**NEW, "context_name": "mapped"})
    assert Domain.objects.get(name=TOWN).context_id == known
    assert not ContextMapping.objects.exists()


def test_a_context_that_serves_another_name_already_is_joined(root):
    dimail_contexts.map_domain(cast.origin(), "towns", LAKE)
    known = Context.objects.get().pk
    root.post("/domains/", {**NEW, "context_name": "towns"})
    assert Domain.objects.get(name=TOWN).context_id == known


def test_a_domain_is_mapped_once(db):
    dimail_contexts.map_domain(cast.origin(), "towns", TOWN)
    with pytest.raises(NameTaken):
        dimail_contexts.map_domain(cast.origin(), "others", TOWN)


def test_the_directory_of_another_company_is_never_joined(acme):
    root = account("root", is_admin=True)
    assert root.post("/domains/", {**NEW, "context_name": cast.ACME}).status == 201
    contexts = set(Domain.objects.values_list("name", "context_id"))
    assert len({context for _, context in contexts}) == len(contexts)


def test_an_account_joins_no_directory_of_others(root, regie):
    root.post("/domains/", {**NEW, "context_name": "towns"})
    answer = regie.post("/domains/", {**NEW, "name": LAKE, "context_name": "towns"})
    assert refusal(answer) == (409, "The OX context towns holds domains of others")


def test_an_account_joins_its_own(regie):
    regie.post("/domains/", {**NEW, "context_name": "towns"})
    assert regie.post("/domains/", {**NEW, "name": LAKE, "context_name": "towns"}).status == 201


def test_a_context_without_domains_is_forgotten(root):
    root.post("/domains/", {**NEW, "context_name": "towns"})
    gone = Context.objects.get(name="towns").pk
    root.delete(f"/domains/{TOWN}")
    root.post("/domains/", {**NEW, "name": LAKE, "context_name": "towns"})
    assert Domain.objects.get(name=LAKE).context_id != gone


# By an account that is no administrator.


def test_who_makes_a_domain_manages_it(regie):
    assert regie.post("/domains/", NEW).status == 201
    assert regie.with_token().get(f"/domains/{TOWN}").status == 200


def test_without_the_perm_nobody_makes_one(root):
    assert refusal(account("other", "create_users").post("/domains/", NEW)) == (403, "Permission denied")


# Seeing.


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_domain_is_shown(root, slash):
    made = root.post("/domains/", NEW).json
    answer = root.with_token().get(f"/domains/TOWN.example{slash}")
    assert (answer.status, answer.json) == (200, made)


def test_an_unknown_domain_is_404_before_anything(root, plain):
    token = plain.with_token()
    answers = [token.get("/domains/no.example"), plain.get("/domains/no.example/check")]
    answers += [plain.get("/domains/no.example/fix"), plain.get("/domains/no.example/spec")]
    assert {refusal(answer) for answer in answers} == {(404, "Domain not found")}


def test_somebody_elses_domain_is_401_with_a_dot(root, plain):
    root.post("/domains/", NEW)
    token = plain.with_token()
    answers = [token.get(f"/domains/{TOWN}"), plain.get(f"/domains/{TOWN}/check")]
    answers += [plain.get(f"/domains/{TOWN}/fix"), plain.get(f"/domains/{TOWN}/spec")]
    assert {refusal(answer) for answer in answers} == {(401, "Not authorized.")}


def test_an_administrator_is_none_of_other_companies(acme):
    root = account("root", is_admin=True)
    assert refusal(root.with_token().get(f"/domains/{cast.ACME}")) == (401, "Not authorized.")


@pytest.mark.parametrize("name", ["no%00.example", "é.example", "%FF.example", " "])
def test_no_name_breaks_it(root, name):
    from urllib.parse import unquote_to_bytes

    path = unquote_to_bytes(f"/dimail/domains/{name}").decode("latin-1")
    assert root.with_token().call("GET", "", PATH_INFO=path).status == 404


def test_domains_are_listed(root, regie):
    for name in (TOWN, LAKE):
        regie.post("/domains/", {**NEW, "name": name, "context_name": name})
    answer = root.get("/domains/")
    assert (answer.status, [one["name"] for one in answer.json]) == (200, [LAKE, TOWN])
    assert answer.json[1] == root.with_token().get(f"/domains/{TOWN}").json


def test_those_of_other_companies_are_not_listed(acme):
    assert account("root", is_admin=True).get("/domains/").json == []


def test_a_list_costs_the_same_however_long_it_is(root, django_assert_num_queries):
    for number in range(3):
        root.post("/domains/", {**ALONE, "name": f"t{number}.example"})
    root.get("/token/")
    with django_assert_num_queries(1):
        assert len(root.get("/domains/").json) == 3


# Changing.


@pytest.fixture
def town(root):
    root.post("/domains/", NEW)


def test_a_domain_is_changed(town, root):
    sent = {"features": ["mailbox"], "delivery": "alias", "imap_domain": "imap.example", "transport": "mx.example"}
    answer = root.patch(f"/domains/{TOWN}", sent)
    assert answer.status == 200
    assert {name: answer.json[name] for name in (*sent, "context_name")} == {**sent, "context_name": None}
    assert root.with_token().get(f"/domains/{TOWN}").json == answer.json


def test_an_empty_change_changes_nothing(town, root):
    before, entries = root.with_token().get(f"/domains/{TOWN}").json, History.objects.count()
    assert (root.patch(f"/domains/{TOWN}", {}).json, History.objects.count()) == (before, entries)


def test_without_webmail_it_is_switched_off(town, root):
    root.patch(f"/domains/{TOWN}", {"features": ["mailbox"]})
    assert Domain.objects.get(name=TOWN).settings["service_webmail"] == "disabled"


def test_it_moves_to_another_context(town, root):
    root.post("/domains/", {**NEW, "name": LAKE, "context_name": "lakes"})
    assert root.patch(f"/domains/{TOWN}", {"context_name": "lakes"}).json["context_name"] == "lakes"
    assert not Context.objects.filter(name=TOWN).exists()


def test_webmail_needs_a_context_then_too(town, root):
    answer = root.patch(f"/domains/{TOWN}", {"context_name": None})
    assert refusal(answer) == (409, "OX context name is mandatory for mailbox feature")


def test_webmail_can_be_added(root):
    root.post("/domains/", ALONE)
    answer = root.patch(f"/domains/{TOWN}", {"features": ["webmail", "mailbox"], "context_name": "towns"})
    assert (answer.json["features"], answer.json["context_name"]) == (["webmail", "mailbox"], "towns")


def test_a_change_is_made_known_to_the_worker(town, root):
    Domain.objects.update(due_at=None)
    root.patch(f"/domains/{TOWN}", {"features": []})
    assert Domain.objects.get(name=TOWN).due_at is not None


@pytest.mark.parametrize("sent", [{"features": ["x"]}, {"delivery": "x"}, {"delivery": "relay"}, [], b"null"])
def test_a_bad_change_is_422(town, root, sent):
    assert root.patch(f"/domains/{TOWN}", sent).status == 422


def test_an_unknown_domain_is_not_changed(root):
    assert refusal(root.patch("/domains/no.example", {})) == (404, "Domain not found")


@pytest.mark.parametrize("what", BAD_CHANGES)
def test_a_bad_change_is_422_and_changes_nothing(town, root, what):
    sent, kind, place = BAD_CHANGES[what]
    before = root.get("/domains/").json
    answer = root.patch(f"/domains/{TOWN}", sent)
    assert (answer.status, answer.detail[0]["type"], answer.detail[0]["loc"][-1]) == (422, kind, place)
    assert root.get("/domains/").json == before


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_domain_of_another_company_is_not_changed(acme, method):
    root = account("root", is_admin=True)
    assert refusal(root.call(method, f"/domains/{cast.ACME}", {})) == (403, "Permission denied")
    assert rows.find_domain(cast.ACME) is not None


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_also_not_where_the_account_manages_its_mailboxes(acme, method):
    from postroom.actions import dimail_allows
    from postroom.actions.dimail_accounts import OPERATORS

    root = account("root", is_admin=True)
    dimail_allows.add(OPERATORS, cast.origin(), "root", cast.ACME)
    sent = {"delivery": "alias", "features": ["mailbox"]}
    assert refusal(root.call(method, f"/domains/{cast.ACME}", sent)) == (403, "Permission denied")


def test_who_made_a_domain_does_not_remove_it(regie):
    regie.post("/domains/", NEW)
    assert refusal(regie.delete(f"/domains/{TOWN}")) == (403, "Permission denied")


# Removing.


def test_a_domain_is_removed(town, root):
    answer = root.delete(f"/domains/{TOWN}", {})
    assert (answer.status, answer.body) == (204, b"")
    assert refusal(root.with_token().get(f"/domains/{TOWN}")) == (404, "Domain not found")
    assert root.get("/domains/").json == []


def test_its_mailboxes_go_with_it(town, root):
    cast.mailbox(f"uma@{TOWN}")
    assert root.delete(f"/domains/{TOWN}").status == 204
    assert rows.find_mailbox(f"uma@{TOWN}") is None
    job = jobs.Job.objects.get(kind="end_mailboxes")
    while not ended_claims.end_mailboxes(job, lambda: 2**42):
        pass
    assert not Mailbox.objects.filter(deleted_at=None).exists()


def test_its_mail_flows_no_more(town, root):
    root.delete(f"/domains/{TOWN}")
    assert not MailDomain.objects.filter(name=TOWN).exists()


def test_it_can_be_made_again(town, root):
    root.delete(f"/domains/{TOWN}")
    assert root.post("/domains/", NEW).status == 201


def test_one_that_the_operator_switched_off_is_not_removed(town, root):
    Domain.objects.update(status="disabled")
    assert root.delete(f"/domains/{TOWN}").status == 422
    assert root.with_token().get(f"/domains/{TOWN}").json["active"] is False


def test_an_unknown_domain_is_not_removed(root):
    assert refusal(root.delete("/domains/no.example")) == (404, "Domain not found")


# History.


def test_history_says_who(regie):
    regie.post("/domains/", NEW)
    entry = History.objects.get(kind="domain", name=TOWN)
    assert (entry.actor, entry.face, entry.verb) == (f"dimail:{REGIE}", "dimail", "created")


def test_no_history_holds_the_key(regie):
    regie.post("/domains/", NEW)
    assert not any("PRIVATE" in str(entry.changes) for entry in History.objects.all())


def test_the_history_is_whole(town, root, regie):
    root.patch(f"/domains/{TOWN}", {"features": []})
    root.delete(f"/domains/{TOWN}")
    regie.post("/domains/", {**NEW, "name": LAKE, "context_name": LAKE})
    assert [*history.broken_chains("domain"), *history.broken_chains("account")] == []


def test_a_domain_from_elsewhere_has_every_feature(acme):
    from postroom.actions import dimail_allows
    from postroom.actions.dimail_accounts import OPERATORS

    plain = account("plain")
    dimail_allows.add(OPERATORS, cast.origin(), "plain", cast.ACME)
    told = plain.with_token().get(f"/domains/{cast.ACME}").json
    assert (told["features"], told["delivery"], told["context_name"]) == (
        ["webmail", "mailbox", "alias"], "virtual", cast.ACME,
    )  # fmt: skip
    assert not DimailDomain.objects.exists()


def test_everything_is_answered_at_the_root_too(root):
    assert isinstance(root, Dimail)
    assert root.get("/domains/", prefix="").json == []
