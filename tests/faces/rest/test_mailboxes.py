"""people.md section 3.3: mailboxes."""

import pytest

from postroom.core.public_ids import Kind, public_id
from postroom.store.models import Domain, Mailbox, OutgoingMail
from postroom.worker import loop
from tests import cast
from tests.faces.rest.client import Rest, domain_id, mailbox_id

FIELDS = {"id", "first_name", "last_name", "local_part", "secondary_email", "status"}
ZOE = {"first_name": "Zoe", "last_name": "Zed", "local_part": "Zoe", "secondary_email": "zoe@home.example"}
DISABLED = ["You can't create or update a mailbox for a disabled domain."]


@pytest.fixture
def zoe(adam):
    """The path of a new mailbox."""
    return f"mailboxes/{adam.ok('POST', 'mailboxes/', ZOE)['id']}/"


def names(client, query=""):
    return [one["local_part"] for one in client.results(f"mailboxes/{query}")]


def test_creating(adam):
    answer = adam.post("mailboxes/", ZOE)
    found = answer.json()
    assert (answer.status_code, set(found) >= FIELDS) == (201, True)
    assert {field: found[field] for field in ZOE} == {**ZOE, "local_part": "zoe"}
    assert (found["status"], found["id"]) == ("enabled", mailbox_id("zoe@acme.example"))


def test_put_leaves_a_secondary_address_that_it_does_not_name(adam, zoe):
    names = {"first_name": "Zoë", "last_name": "Zed"}
    assert adam.ok("PUT", zoe, names)["secondary_email"] == "zoe@home.example"
    assert adam.ok("PUT", zoe, {**names, "secondary_email": None})["secondary_email"] is None


@pytest.mark.parametrize("body", [{"secondary_email": None}, {}])
def test_without_a_secondary_address(adam, body):
    sent = {name: value for name, value in ZOE.items() if name != "secondary_email"} | body
    assert adam.ok("POST", "mailboxes/", sent)["secondary_email"] is None


@pytest.mark.parametrize("local_part", ["zo e", "zoé", "a@b", ".a", "a..b"])
def test_a_bad_local_part(adam, local_part):
    answer = adam.post("mailboxes/", {**ZOE, "local_part": local_part})
    assert (answer.status_code, answer.json()) == (400, {"local_part": ["Enter a valid value."]})


def test_an_address_that_exists(adam):
    answer = adam.post("mailboxes/", {**ZOE, "local_part": "UMA"})
    assert answer.status_code == 400
    assert answer.json() == {"__all__": ["Mailbox with this Local_part and Domain already exists."]}


def test_a_namesake(adam, zoe):
    answer = adam.post("mailboxes/", {**ZOE, "local_part": "zoe2", "first_name": "ZOE"})
    assert answer.json() == {"__all__": ["Mailbox with this First name, Last name and Domain already exists."]}


def test_in_a_disabled_domain(adam):
    Domain.objects.filter(name=cast.ACME).update(status="disabled")
    answer = adam.post("mailboxes/", ZOE)
    assert (answer.status_code, answer.json()) == (400, DISABLED)


def test_in_a_pending_domain_it_waits(adam):
    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    assert adam.ok("POST", "mailboxes/", ZOE)["status"] == "pending"


def test_orders_search_and_filter(vera, zoe):
    assert names(vera) == ["zoe", "wes", "uma", "max", "dora"]
    assert names(vera, "?ordering=local_part") == ["dora", "max", "uma", "wes", "zoe"]
    assert names(vera, "?ordering=-local_part") == ["zoe", "wes", "uma", "max", "dora"]
    assert names(vera, "?q=ZED") == ["zoe"]
    assert names(vera, "?q=%00") == []
    Mailbox.objects.filter(address=cast.UMA).update(status="disabled")
    assert names(vera, "?status=disabled") == ["uma"]


def test_changing_some(adam, zoe):
    assert adam.ok("PATCH", zoe, {"last_name": "Zorn"})["last_name"] == "Zorn"
    assert adam.ok("GET", zoe)["first_name"] == "Zoe"
    assert adam.ok("PATCH", zoe, {"secondary_email": None})["secondary_email"] is None


def test_writing_anew_needs_both_names(adam, zoe):
    answer = adam.put(zoe, {"first_name": "Zoe"})
    assert (answer.status_code, answer.json()) == (400, {"last_name": ["This field is required."]})


def test_a_name_cannot_be_taken_away(adam, zoe):
    assert adam.patch(zoe, {"first_name": None}).json() == {"first_name": ["This field may not be null."]}
    assert adam.patch(zoe, {"first_name": ""}).json() == {"first_name": ["This field may not be blank."]}


FIXED = {"local_part": "other", "domain": "00000000-0000-0000-0000-000000000000", "status": "disabled"}


@pytest.mark.parametrize("field", FIXED)
def test_what_cannot_be_changed_is_not_ignored(adam, zoe, field):
    answer = adam.patch(zoe, {"first_name": "Zelda", field: FIXED[field]})
    assert (answer.status_code, answer.json()) == (400, {field: ["This field cannot be changed here."]})
    assert adam.ok("GET", zoe)["first_name"] == "Zoe"


def test_it_may_be_sent_as_it_is(adam, zoe):
    same = {"local_part": "ZOE", "domain": domain_id(), "status": "enabled"}
    assert adam.ok("PUT", zoe, {"first_name": "Zelda", "last_name": "Zed", **same})["first_name"] == "Zelda"


def test_a_viewer_changes_their_own_only(vera, zoe):
    uma = cast.person(cast.UMA, "viewer", mailbox=cast.row(cast.UMA))
    own = Rest(uma.email)
    names = {"first_name": "Uma", "last_name": "Urban"}
    assert own.ok("PUT", f"mailboxes/{mailbox_id(cast.UMA)}/", names)["first_name"] == "Uma"
    assert own.patch(zoe, names).status_code == 403
    assert own.post(f"mailboxes/{mailbox_id(cast.UMA)}/login_link/").status_code == 403


def test_disabling_and_enabling(adam, zoe):
    assert adam.ok("POST", f"{zoe}disable/")["status"] == "disabled"
    assert adam.ok("POST", f"{zoe}enable/")["status"] == "enabled"


def test_links_need_a_secondary_address(adam):
    uma = f"mailboxes/{mailbox_id(cast.UMA)}/"
    reset, link = adam.post(f"{uma}reset_password/"), adam.post(f"{uma}login_link/")
    assert reset.json() == ["Please add a secondary email before resetting the password."]
    assert link.json() == [
        "Logging in with a link requires a secondary email address. Please add a valid secondary email before trying "
        "again."
    ]
    assert (reset.status_code, link.status_code) == (400, 400)


def test_a_link_goes_to_the_secondary_address(adam, zoe):
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    before = OutgoingMail.objects.filter(recipient="zoe@home.example").count()
    answer = adam.post(f"{zoe}login_link/")
    assert (answer.status_code, answer.json()["local_part"]) == (200, "zoe")
    assert OutgoingMail.objects.filter(recipient="zoe@home.example").count() == before + 1


def test_delete_and_restore(adam, zoe):
    id = zoe.split("/")[1]
    assert adam.delete(zoe).status_code == 204
    assert adam.get(zoe).status_code == 404
    gone = adam.results("mailboxes/?status=deleted&q=ZO")
    assert [(one["id"], one["address"], one["deleted_by"]) for one in gone] == [(id, "zoe@acme.example", cast.ADAM)]
    assert adam.ok("POST", f"{zoe}restore/")["id"] == id
    assert adam.results("mailboxes/?status=deleted") == []


def test_of_two_deleted_ones_each_can_be_restored(adam, zoe):
    adam.delete(zoe)
    second = f"mailboxes/{adam.ok('POST', 'mailboxes/', ZOE)['id']}/"
    adam.delete(second)
    assert adam.ok("POST", f"{zoe}restore/")["id"] == zoe.split("/")[1]


def test_one_whose_address_is_taken_is_not_restored(adam, zoe):
    adam.delete(zoe)
    adam.ok("POST", "mailboxes/", ZOE)
    answer = adam.post(f"{zoe}restore/")
    assert (answer.status_code, answer.json()) == (400, {"__all__": ["zoe@acme.example is taken"]})


def test_a_living_one_is_not_restored(adam, zoe):
    assert adam.post(f"{zoe}restore/").status_code == 404


def test_renaming(adam, zoe):
    assert adam.ok("POST", f"{zoe}rename/", {"local_part": "Zelda"})["address"] == "zelda@acme.example"
    taken = adam.post(f"{zoe}rename/", {"local_part": "uma"})
    assert (taken.status_code, list(taken.json())) == (400, ["local_part"])


def test_nothing_has_failed(adam, zoe):
    loop.until_idle(lambda: loop.milliseconds() + 1000)
    answer = adam.post(f"{zoe}retry/")
    assert (answer.status_code, answer.json()) == (400, ["zoe@acme.example has not failed"])


SHEET = "local_part,first_name,last_name,secondary_email\nzoe,Zoe,Zed,zoe@home.example\numa,Uma,Urban,\n"


def test_a_sheet_is_looked_at_first(adam):
    found = adam.ok("POST", "mailboxes/import/?preview=1", SHEET, Content_Type="text/csv")
    assert (found["good"], found["bad"]) == (1, 1)
    assert list(found["rows"][1]["problems"]) == ["local_part"]
    assert not Mailbox.objects.filter(address="zoe@acme.example").exists()


def test_a_sheet_is_loaded_all_or_none(adam):
    answer = adam.post("mailboxes/import/", SHEET, Content_Type="text/csv")
    assert (answer.status_code, list(answer.json())) == (400, ["line 3"])
    assert not Mailbox.objects.filter(address="zoe@acme.example").exists()


def test_a_good_sheet_and_back(adam):
    good = SHEET.rpartition("uma")[0]
    answer = adam.post("mailboxes/import/", good, Content_Type="text/csv")
    assert (answer.status_code, answer.json()) == (201, {"created": ["zoe@acme.example"]})
    exported = adam.get("mailboxes/export/")
    assert exported["Content-Type"] == "text/csv; charset=utf-8"
    assert "zoe,Zoe,Zed,zoe@home.example" in b"".join(exported.streaming_content).decode()


def test_a_sheet_of_another_type(adam):
    assert adam.post("mailboxes/import/", "{}").status_code == 415


def test_an_unknown_mailbox(adam):
    assert adam.get(f"mailboxes/{public_id(Kind.MAILBOX, 99999)}/").status_code == 404
