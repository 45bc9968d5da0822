"""Aliases of a domain, by pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.actions import alias_names, aliases
from postroom.core.roles import OPERATOR
from postroom.store.models import Alias
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, problems, toasts

pytestmark = pytest.mark.django_db


def add(local_part, *destinations):
    aliases.add(OPERATOR, cast.origin(), cast.ACME, local_part, destinations)


def kept(local_part="info"):
    return list(
        Alias.objects.filter(local_part=local_part).order_by("destination").values_list("destination", flat=True)
    )


def test_each_name_is_one_line_with_its_destinations(vera):
    add("info", "a@else.where", "b@else.where", "c@else.where", "d@else.where")
    add("sales", cast.WES)
    found = vera.get("aliases/").context["lines"]
    assert [(one.local_part, len(one.destinations), one.more) for one in found] == [("info", 3, 1), ("sales", 1, 0)]


def test_the_list_takes_three_statements(people):
    add("info", "a@else.where")
    actor = cast.person_actor(cast.ADAM)
    with CaptureQueriesContext(connection) as asked:
        alias_names.listed(actor, cast.ACME, limit=1)
    assert len(asked) < 3  # besides the domain's own, which Django does not see


@pytest.mark.parametrize("q", ["nf", "ELSE"])
def test_an_alias_is_found_by_its_name_and_by_where_it_leads(adam, q):
    add("info", "a@else.where")
    add("sales", cast.WES)
    assert [one.local_part for one in adam.get("aliases/", q=q).context["lines"]] == ["info"]


def test_the_list_is_turned_round(adam):
    add("info", "a@else.where")
    add("sales", cast.WES)
    assert [one.local_part for one in adam.get("aliases/", ordering="-name").context["lines"]] == ["sales", "info"]


def test_no_alias_yet_is_said(adam):
    assert "No aliases yet" in adam.get("aliases/").text


def test_a_new_one_leads_to_several(adam):
    page = adam.post("aliases-new/", local_part="info", destinations="Uma@acme.example\nx@else.where, y@devnull")
    assert kept() == ["uma@acme.example", "x@else.where", "y@devnull"]
    assert page.redirect_chain == [("/domains/acme.example/aliases/info/", 303)]
    assert toasts(page) == ["info@acme.example was created."]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"local_part": "in fo"}, "local_part", "Letters A–Z without accents"),
        ({"local_part": ""}, "local_part", "This field is required."),
        ({"destinations": ""}, "destinations", "This field is required."),
        ({"destinations": "joe\nann@else.where\nbob@"}, "destinations", "These are no e-mail addresses: joe, bob@"),
        ({"destinations": " ".join(f"m{n}@else.where" for n in range(201))}, "destinations", "at most 200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(adam, given, field, said):
    page = adam.post("aliases-new/", **{"local_part": "info", "destinations": "x@else.where", **given})
    assert said in problems(page, field)
    assert not Alias.objects.exists()


def test_destinations_are_added_all_or_none(adam):
    add("info", "x@else.where")
    page = adam.post("aliases/info/", destinations="x@else.where\ny@else.where")
    assert problems(page, "destinations") == "It leads there already: x@else.where"
    assert kept() == ["x@else.where"]
    adam.post("aliases/info/", destinations="y@else.where")
    assert kept() == ["x@else.where", "y@else.where"]


def test_who_may_send_under_it_is_said_when_it_is_made(adam):
    adam.post("aliases-new/", local_part="info", destinations=cast.UMA, allow_to_send="on")
    assert Alias.objects.get().allow_to_send


def test_one_destination_is_removed(adam):
    add("info", "x@else.where", "y@else.where")
    id = Alias.objects.get(destination="x@else.where").pk
    page = adam.post("aliases/info/remove/", id=id)
    assert (kept(), page.redirect_chain) == (["y@else.where"], [("/domains/acme.example/aliases/info/", 303)])


def test_after_the_last_one_the_alias_is_gone(adam):
    add("info", "x@else.where")
    page = adam.post("aliases/info/remove/", id=Alias.objects.get().pk)
    assert page.redirect_chain == [("/domains/acme.example/aliases/", 303)]


def test_a_whole_alias_is_deleted_when_somebody_is_sure(adam):
    add("info", "x@else.where", "y@else.where")
    asked = adam.get("aliases/info/delete/")
    assert (asked.context["things"], len(kept())) == (["x@else.where", "y@else.where"], 2)
    adam.post("aliases/info/delete/")
    assert kept() == []


def test_that_a_mailbox_has_the_same_address_is_said(adam):
    add("uma", "x@else.where")
    assert adam.get("aliases/uma/").context["has_mailbox"] is True


def test_a_viewer_changes_nothing_but_their_own(vera):
    add("info", "x@else.where", cast.VERA)
    assert vera.get("aliases-new/").status_code == 403
    removable = {one.destination for one, _, may in vera.get("aliases/info/").context["lines"] if may}
    assert removable == {cast.VERA}
    vera.post("aliases/info/remove/", id=Alias.objects.get(destination=cast.VERA).pk)
    vera.post("aliases/info/remove/", id=Alias.objects.get().pk)
    assert kept() == ["x@else.where"]


@pytest.mark.parametrize("id", ["", "x", "9" * 30, "-1"])
def test_a_number_that_is_none_is_not_found(adam, id):
    add("info", "x@else.where")
    assert adam.http.post("/domains/acme.example/aliases/info/remove/", {"id": id}).status_code == 404


@pytest.mark.parametrize("path", ["aliases/nobody/", "aliases/nobody/delete/"])
def test_one_that_is_not_there_is_not_found(adam, path):
    assert adam.get(path).status_code == 404


def test_french_is_spoken(people):
    page = Browser(cast.ADAM, "fr").post("aliases-new/", local_part="info", destinations="joe")
    assert "n’est pas une adresse" in problems(page, "destinations")
