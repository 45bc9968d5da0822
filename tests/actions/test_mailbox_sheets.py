"""Many mailboxes from a table: looked at first, then all or none, each as if it had been made alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import aliases, domain_switch, domains, mailbox_sheets, mailboxes, person_mailboxes, setup
from postroom.actions.person_mailboxes import PersonalData
from postroom.core.errors import BadRequest, DomainDisabled, DomainNotFound, RoleTooSmall
from postroom.core.languages import Language
from postroom.core.roles import OPERATOR
from postroom.store import history
from postroom.store.models import (
    Address,
    History,
    Job,
    Mailbox,
    MailExit,
    MailLogin,
    MailRoute,
    MailScript,
)
from tests import cast

HEAD = "local_part,first_name,last_name,secondary_email\n"
TWO = HEAD + "jean,Jean,Dupont,jean@home.example\nzoe,Zoé,Müller,zoe@home.example\n"
JEAN, ZOE = "jean@acme.example", "zoe@acme.example"


@pytest.fixture
def adam(people):
    return cast.person_actor(cast.ADAM)


def looked_at(content, actor=OPERATOR):
    return mailbox_sheets.preview(actor, cast.ACME, content)


def load(content, actor=OPERATOR):
    return mailbox_sheets.load(actor, cast.origin(), cast.ACME, content)


def problems(content):
    return {row.line: row.problems for row in looked_at(content).rows if row.problems}


def test_a_preview_says_what_would_be_and_changes_nothing(adam):
    before = Mailbox.objects.count()
    found = looked_at(TWO, adam)
    assert [(row.line, row.address, row.first_name, row.problems, row.warning) for row in found.rows] == [
        (2, JEAN, "Jean", {}, ""),
        (3, ZOE, "Zoé", {}, ""),
    ]
    assert (found.good, found.bad, Mailbox.objects.count()) == (2, 0, before)


def test_loading_makes_a_mailbox_of_every_row(adam):
    assert load(TWO, adam) == [JEAN, ZOE]
    row = cast.row(JEAN)
    assert (row.first_name, row.last_name, row.secondary_email, row.status, row.settings["name"]) == (
        "Jean", "Dupont", "jean@home.example", "enabled", "Jean Dupont",
    )  # fmt: skip


NOT_COMPARED = {
    "id", "mailbox_id", "object_id", "owner", "created_at", "due_at", "at", "hash", "previous", "history_head",
    "script", "name", "address", "login", "goto", "search_text", "changes", "pk",
}  # fmt: skip


def everything_of(address):
    """All rows of a mailbox but for what must differ between two of them."""
    number = cast.row(address).pk
    found = [
        Mailbox.objects.filter(id=number),
        Address.objects.filter(mailbox_id=number),
        History.objects.filter(kind="mailbox", object_id=number),
        MailRoute.objects.filter(mailbox_id=number),
        MailLogin.objects.filter(mailbox_id=number),
        MailExit.objects.filter(mailbox_id=number),
        MailScript.objects.filter(owner=f"m{number}"),
        Job.objects.filter(key=str(number)),
    ]
    return [[{k: v for k, v in row.items() if k not in NOT_COMPARED} for row in rows.values()] for rows in found]


@pytest.mark.parametrize("driver", ["fake", "mailstack"])
def test_a_mailbox_of_a_sheet_is_as_one_that_was_made_alone(db, driver):
    if driver == "mailstack":
        setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()
    data = PersonalData(local_part="jim", first_name="Jean", last_name="Dupond", secondary_email="jean@home.example")
    person_mailboxes.create(OPERATOR, cast.origin(), cast.ACME, data)
    load(TWO)
    alone, loaded = everything_of("jim@acme.example"), everything_of(JEAN)
    alone[0][0]["last_name"], alone[0][0]["settings"]["name"] = "Dupont", "Jean Dupont"
    assert loaded == alone
    assert bool(loaded[3]) == (driver == "mailstack")
    told = [History.objects.get(kind="mailbox", name=a).changes for a in ("jim@acme.example", JEAN)]
    assert told[0].keys() == told[1].keys()
    assert list(history.broken_chains("mailbox")) == []


def test_the_servers_know_a_loaded_mailbox_that_is_an_alias_too(db):
    setup.add_platform(cast.origin(), "here", "mailstack", {})
    cast.acme()
    aliases.create(OPERATOR, cast.origin(), cast.ACME, "jean", "joe@else.where")
    load(TWO)
    row = MailRoute.objects.get(address=JEAN)
    assert (row.goto, row.login) == (f"{JEAN},joe@else.where", JEAN)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("uma,Jean,Dupont,\n", {2: {"local_part": "uma@acme.example exists already"}}),
        ("sales,Jean,Dupont,\n", {2: {"local_part": "sales@acme.example is an alias of max@acme.example"}}),
        ("x,Jean,Dupont,\nX,Joan,Dupont,\n", {3: {"local_part": "is in line 2 already"}}),
        ("x,Jean,Dupont,\ny,JEAN,dupont,\n", {3: {"__all__": "the same first and last name are in line 2 already"}}),
        ("x,Nina,Né,\n", {2: {"__all__": "nina@acme.example has the same first and last name"}}),
        ("x,nina,NÉ,\n", {2: {"__all__": "nina@acme.example has the same first and last name"}}),
        ("x@acme.org,Jean,Dupont,\n", {2: {"local_part": "acme.org is not acme.example"}}),
        ("x@acme.net,Jean,Dupont,\nY@Acme.Example,Jo,Do,\n", {}),
        ("x,,Dupont,\n", {2: {"first_name": "This field may not be blank."}}),
        ("x,Jean,Dupont,nonsense\n", {2: {"secondary_email": "Enter a valid email address."}}),
        ("x,Jean,Dupont,,more\n", {2: {"__all__": "has more cells than there are headers"}}),
        (f"x,{'J' * 201},Dupont,\n", {2: {"first_name": "must be text of at most 200 characters"}}),
    ],
)
def test_what_is_wrong_is_said_for_its_line(acme, rows, said):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"aliases": ["acme.net"]})
    mailboxes.change(OPERATOR, cast.origin(), cast.MAX, {"aliases": ["sales"]})
    person_mailboxes.create(
        OPERATOR, cast.origin(), cast.ACME, PersonalData(local_part="nina", first_name="Nina", last_name="Né")
    )
    assert problems(HEAD + rows) == said


def test_a_local_part_that_can_be_none_is_told_with_all_else_that_is_wrong(acme):
    assert problems(HEAD + "a b,,Dupont,x\n")[2].keys() == {"local_part", "first_name", "secondary_email"}


@pytest.mark.parametrize("host", ["élan.example", "ÉLAN.Example", "xn--lan-9la.example"])
def test_a_domain_of_other_letters_is_known_as_people_write_it(acme, host):
    domains.change(OPERATOR, cast.origin(), "élan.example", {"company": "acme"}, create_only=True)
    (row,) = mailbox_sheets.preview(OPERATOR, "xn--lan-9la.example", f"{HEAD}x@{host},Jean,Dupont,\n").rows
    assert (row.address, row.problems) == ("x@xn--lan-9la.example", {})


def test_rows_beyond_the_domains_limit_are_told(acme):
    domains.change(OPERATOR, cast.origin(), cast.ACME, {"limit_users": 5})
    assert problems(TWO) == {3: {"__all__": "acme.example may have 5 accounts and has 4"}}


@pytest.mark.parametrize("other", ["", "x@acme.example"])
def test_a_holder_who_cannot_be_told_is_a_warning(acme, other):
    (row,) = looked_at(HEAD + f"x,Jean,Dupont,{other}\n").rows
    assert (row.problems, row.warning[:20]) == ({}, "nobody will be told:")


def test_one_bad_row_keeps_all_out(acme):
    before = Mailbox.objects.count()
    with pytest.raises(BadRequest) as refused:
        load(TWO + "uma,Nobody,Else,\nx,,Y,\n")
    assert refused.value.hints == {
        "line 4": "local_part: uma@acme.example exists already",
        "line 5": "first_name: This field may not be blank.",
    }
    assert Mailbox.objects.count() == before


def test_the_same_sheet_twice_is_refused_the_second_time(acme):
    load(TWO)
    with pytest.raises(BadRequest):
        load(TWO)
    assert Mailbox.objects.filter(address=JEAN).count() == 1


def test_a_sheet_that_is_none_says_so(acme):
    with pytest.raises(BadRequest) as refused:
        load("nonsense")
    assert refused.value.hints.keys() == {"file"}


def test_a_domain_that_is_off_takes_no_sheet(acme):
    domain_switch.disable(OPERATOR, cast.origin(), cast.ACME)
    for act in (looked_at, load):
        with pytest.raises(DomainDisabled):
            act(TWO)


def test_a_domain_that_waits_keeps_its_mailboxes_waiting(acme):
    from postroom.store.models import Domain

    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    load(TWO)
    assert {(row.status, row.due_at) for row in map(cast.row, (JEAN, ZOE))} == {("pending", None)}


@pytest.mark.parametrize("act", [looked_at, load])
def test_a_viewer_may_not_and_others_see_no_domain(people, act):
    with pytest.raises(RoleTooSmall):
        act(TWO, cast.person_actor(cast.VERA))
    with pytest.raises(DomainNotFound):
        act(TWO, cast.person_actor(cast.NORA))


def many(number):
    return HEAD + "".join(f"p{n},P,N{n},p{n}@home.example\n" for n in range(number))


def test_a_preview_asks_as_little_of_many_rows_as_of_one(acme):
    asked = []
    for number in (1, 300):
        with CaptureQueriesContext(connection) as queries:
            looked_at(many(number))
        asked.append(len(queries))
    assert asked[0] == asked[1]


# Export


def exported(actor=OPERATOR):
    return "".join(mailbox_sheets.export(actor, cast.ACME))


def test_what_is_exported_can_be_loaded_elsewhere(acme):
    load(TWO)
    text = exported()
    domains.change(OPERATOR, cast.origin(), "acme.net", {"company": "acme"}, create_only=True)
    found = mailbox_sheets.preview(OPERATOR, "acme.net", text)
    good = [(row.address, row.first_name, row.last_name, row.secondary_email) for row in found.rows if not row.problems]
    assert good == [
        ("jean@acme.net", "Jean", "Dupont", "jean@home.example"),
        ("zoe@acme.net", "Zoé", "Müller", "zoe@home.example"),
    ]


def test_an_export_has_every_living_mailbox_by_address(acme, monkeypatch):
    monkeypatch.setattr(mailbox_sheets, "_PAGE", 2)
    lines = exported().removeprefix("\ufeff").splitlines()
    assert lines == ["local_part,first_name,last_name,secondary_email", "dora,,,", "max,,,", "uma,,,", "wes,,,"]


def test_a_formula_does_not_leave_as_one(acme):
    load(HEAD + 'uri,"=HYPERLINK(""x"")",@Evil,+x@home.example\n')
    assert """uri,"'=HYPERLINK(""x"")",'@Evil,'+x@home.example""" in exported()


def test_whoever_sees_the_mailboxes_may_export_them(people):
    assert "uma,,," in exported(cast.person_actor(cast.VERA))
    with pytest.raises(DomainNotFound):
        mailbox_sheets.export(cast.person_actor(cast.NORA), cast.ACME)


def test_a_look_speaks_the_readers_language(adam):
    found = mailbox_sheets.preview(adam, cast.ACME, HEAD + "uma,Uma,Urban,home\n", Language.FRENCH)
    assert found.rows[0].problems == {
        "secondary_email": "doit être une adresse e-mail",
        "local_part": "uma@acme.example existe déjà",
    }


def made_by(content):
    row = cast.row(load(content)[0])
    return row.pk, row.created_at


def test_what_was_loaded_is_followed_until_the_platform_has_it(adam):
    first, at = made_by(TWO)
    Mailbox.objects.filter(address=JEAN).update(due_at=None)
    found = mailbox_sheets.progress(adam, cast.ACME, first, at)
    assert (found.made, found.ready, found.failing, found.waiting) == (2, 1, 0, 0)


def test_what_the_platform_refuses_or_a_domain_holds_up_is_counted_apart(adam):
    first, at = made_by(TWO)
    Mailbox.objects.filter(address=JEAN).update(failure="no such context")
    Mailbox.objects.filter(address=ZOE).update(status="pending", due_at=None)
    found = mailbox_sheets.progress(adam, cast.ACME, first, at)
    assert (found.made, found.ready, found.failing, found.waiting) == (2, 0, 1, 1)


def test_mailboxes_of_before_are_not_counted(adam):
    first, at = made_by(TWO)
    assert mailbox_sheets.progress(adam, cast.ACME, 0, at) == mailbox_sheets.progress(adam, cast.ACME, first, at)
