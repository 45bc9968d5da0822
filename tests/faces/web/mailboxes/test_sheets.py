"""Mailboxes from a table, by pages: looked at, made, followed, and back into a table."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from postroom.actions import domains
from postroom.core.roles import OPERATOR
from postroom.store.models import Domain, Mailbox
from tests import cast
from tests.faces.web.mailboxes.conftest import Browser, problems, toasts

pytestmark = pytest.mark.django_db

HEAD = "local_part,first_name,last_name,secondary_email\n"
TWO = HEAD + "jean,Jean,Dupont,jean@home.example\nzoe,Zoé,Müller,\n"


def look(browser, text=TWO):
    return browser.post("import/", text=text)


def made():
    return set(
        Mailbox.objects.filter(address__in=["jean@acme.example", "zoe@acme.example"]).values_list("address", flat=True)
    )


def test_a_pasted_table_is_looked_at_first(adam):
    page = look(adam)
    assert [row.address for row, _ in page.context["lines"]] == ["jean@acme.example", "zoe@acme.example"]
    assert made() == set()


def test_a_file_may_be_sent_as_well(adam):
    page = adam.post("import/", file=SimpleUploadedFile("people.csv", TWO.encode("cp1252")))
    assert (page.context["kept"].name, page.context["lines"][1][0].last_name) == ("people.csv", "Müller")
    assert "not UTF-8" in page.context["found"].notice


def test_then_all_are_made(adam):
    look(adam)
    page = adam.post("import/preview/")
    assert (len(made()), toasts(page)) == (2, ["2 mailboxes were created."])


def test_they_are_made_once(adam):
    look(adam)
    adam.post("import/preview/")
    page = adam.post("import/preview/")
    assert page.redirect_chain == [("/domains/acme.example/import/", 303)]


def test_who_is_told_nothing_is_counted(adam):
    assert look(adam).context["warned"] == 1


def test_with_a_bad_row_none_can_be_made(adam):
    page = look(adam, HEAD + "jean,Jean,Dupont,\numa,Uma,Urban,\n")
    assert page.context["lines"][1][1] == [("Address", "uma@acme.example exists already")]
    assert "Create 1 mailbox" not in page.text
    adam.post("import/preview/")
    assert made() == set()


def test_only_the_bad_rows_can_be_shown(adam):
    look(adam, HEAD + "jean,Jean,Dupont,\numa,Uma,Urban,\n")
    assert [row.local_part if hasattr(row, "local_part") else row.address for row, _ in
            adam.get("import/preview/", only="bad").context["lines"]] == ["uma@acme.example"]  # fmt: skip


def test_what_came_between_is_told_and_nothing_made(adam):
    look(adam)
    adam.post("new/", first_name="Other", last_name="Zoé", local_part="zoe", secondary_email="")
    page = adam.post("import/preview/")
    assert toasts(page)[-1] == "Nothing was created: there is something to put right first."
    assert made() == {"zoe@acme.example"}
    assert page.context["found"].bad == 1


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "file", "Choose a file, or paste the table below."),
        ({"text": "x,y\n1,2"}, "text", "Has no column local_part, first_name, last_name"),
        ({"text": HEAD}, "text", "Holds no mailboxes"),
        ({"text": HEAD + 'a"b,"c"d'}, "text", "Line 2 is not well-formed"),
    ],
)
def test_what_is_no_table_is_told(adam, given, field, said):
    page = adam.post("import/", **given)
    assert said in problems(page, field)


def test_a_file_and_a_pasted_table_are_too_much(adam):
    page = adam.post("import/", text=TWO, file=SimpleUploadedFile("people.csv", TWO.encode()))
    assert problems(page, "text") == "Choose a file or paste a table, not both."


def test_a_large_table_is_shown_in_pages(adam):
    rows = "".join(f"m{number},Max,Muster {number},m{number}@home.example\n" for number in range(300))
    page = look(adam, HEAD + rows)
    assert (len(page.context["lines"]), page.context["pages"].total, len(page.content) < 100_000) == (50, 300, True)


def test_problems_are_told_in_french(people):
    page = look(Browser(cast.ADAM, "fr"), HEAD + "uma,Uma,Urban,home\n")
    assert page.context["lines"][0][1] == [
        ("Deuxième adresse e-mail", "doit être une adresse e-mail"),
        ("Adresse", "uma@acme.example existe déjà"),
    ]


def test_the_table_of_one_domain_is_not_made_in_another(adam):
    look(adam)
    domains.change(OPERATOR, cast.origin(), "else.example", {"company": "acme"}, create_only=True)
    cast.person(cast.ADAM, "administrator", "else.example")
    adam.base = "/domains/else.example/"
    assert adam.post("import/preview/").redirect_chain == [("/domains/else.example/import/", 303)]
    assert made() == set()


def test_how_far_the_mail_servers_have_got_is_shown(adam):
    look(adam)
    page = adam.post("import/preview/")
    assert (page.context["found"].made, page.context["found"].ready, page.context["left"]) == (2, 0, 2)
    Mailbox.objects.filter(address__in=made()).update(due_at=None)
    page = adam.get("import/progress/")
    assert (page.context["found"].ready, page.context["left"], "All are ready" in page.text) == (2, 0, True)


def test_those_that_wait_for_their_domain_are_counted_apart(adam):
    Domain.objects.filter(name=cast.ACME).update(status="pending", proved_at=None)
    look(adam)
    page = adam.post("import/preview/")
    assert (page.context["found"].waiting, page.context["left"]) == (2, 0)


def test_without_a_table_the_later_pages_lead_back(adam):
    assert adam.get("import/preview/")["Location"] == "/domains/acme.example/import/"
    assert adam.get("import/progress/")["Location"] == "/domains/acme.example/"


def test_all_mailboxes_come_back_as_a_table(adam):
    look(adam)
    adam.post("import/preview/")
    answer = adam.get("export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "jean,Jean,Dupont,jean@home.example\r\n" in text
    assert answer["Content-Disposition"] == 'attachment; filename="acme.example.csv"'


def test_the_example_is_a_table_that_can_be_imported(adam):
    page = look(adam, adam.get("import/example.csv").content.decode("utf-8-sig"))
    assert (page.context["found"].good, page.context["found"].bad) == (1, 0)


def test_a_viewer_imports_nothing(vera):
    assert vera.get("import/").status_code == 403
