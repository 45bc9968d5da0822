"""Tables as spreadsheets write them, and as they like to read them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.core.errors import BadRequest
from postroom.core.mailbox_sheet import COLUMNS, MOST_BYTES, MOST_ROWS, parse, written

HEAD = "local_part,first_name,last_name,secondary_email\n"
UMA = ("uma", "Uma", "Thor", "uma@home.example")


def cells(content):
    return [(r.local_part, r.first_name, r.last_name, r.secondary_email) for r in parse(content).rows]


def refusal(content):
    with pytest.raises(BadRequest) as refused:
        parse(content)
    return refused.value.hints["file"]


@pytest.mark.parametrize(
    "content",
    [
        HEAD + "uma,Uma,Thor,uma@home.example",
        HEAD.replace(",", ";") + "uma;Uma;Thor;uma@home.example\n",
        HEAD.replace(",", "\t") + "uma\tUma\tThor\tuma@home.example\n",
        HEAD.replace("\n", "\r\n") + "uma,Uma,Thor,uma@home.example\r\n",
        "\ufeff" + HEAD + "uma,Uma,Thor,uma@home.example\n",
        "sep=;\r\nlocal_part;first_name;last_name;secondary_email\r\numa;Uma;Thor;uma@home.example\r\n",
        '"local_part","first_name","last_name","secondary_email"\n"uma","Uma","Thor","uma@home.example"\n',
        "Prénom;Nom;Adresse secondaire;Adresse e-mail\nUma;Thor;uma@home.example;uma\n",
        "PRENOM;NOM DE FAMILLE;E-mail personnel;Identifiant\nUma;Thor;uma@home.example;uma\n",
        "Email,First Name,Surname,Personal email\numa,Uma,Thor,uma@home.example\n",
        HEAD + "\n , ,,\n uma , Uma ,Thor,uma@home.example,,\n\n",
    ],
)
def test_every_way_to_write_it_is_understood(content):
    assert cells(content) == cells(content.encode()) == cells(content.encode("utf-16")) == [UMA]


def test_quoted_cells_hold_anything():
    assert cells(HEAD + '"uma","Uma, ""the"" first","Th\nor",') == [("uma", 'Uma, "the" first', "Th\nor", "")]


def test_a_row_says_in_which_line_of_the_file_it_begins():
    sheet = parse("sep=,\n" + HEAD + 'uma,"Um\na",Thor,\n\nmax,Max,Plank,\n')
    assert [row.line for row in sheet.rows] == [3, 6]


def test_the_secondary_address_may_be_left_out():
    assert cells("local_part,first_name,last_name\numa,Uma,Thor\n") == [("uma", "Uma", "Thor", "")]


def test_columns_that_mean_nothing_are_named():
    assert parse("local_part,Service,first_name,last_name,\numa,IT,Uma,Thor,\n").ignored == ["Service"]


def test_short_rows_are_filled_and_long_ones_have_a_problem():
    short, long = parse(HEAD + "uma,Uma\nmax,Max,Plank,max@home.example,more\n").rows
    assert (short.last_name, short.problem) == ("", "")
    assert long.problem == "has more cells than there are headers"


def test_windows_text_is_read_and_said():
    sheet = parse((HEAD + "zoe,Zoé,Müller,\n").encode("cp1252"))
    assert sheet.rows[0].first_name == "Zoé"
    assert "UTF-8" in sheet.notice
    assert parse((HEAD + "zoe,Zoé,Müller,\n").encode()).notice == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no column"),
        (HEAD, "holds no mailboxes"),
        ("uma,Uma,Thor\n", "has no column local_part, first_name, last_name"),
        ("local_part,first_name\numa,Uma\n", "has no column last_name"),
        ("local_part,first_name,last_name,email\numa,Uma,Thor,x\n", "more than one column for local_part"),
        (HEAD + 'uma,"Uma"x,Thor,\n', "line 2 is not well-formed"),
        (HEAD + 'uma,Uma,Thor,\nmax,"Max,Plank,\n', "line 3 is not well-formed"),
        (HEAD + "uma,Uma,Thor,\n" * (MOST_ROWS + 1), f"at most {MOST_ROWS} rows"),
        (b"PK\x03\x04\x14\0\x08\0\xff\xff", "is no CSV file"),
        (b"\xff\xfe\xff", "is no CSV file"),
        (HEAD + "u\0ma,Uma,Thor,\n", "is no CSV file"),
        ("x" * (MOST_BYTES + 1), "at most 2 MB"),
        (HEAD + f"uma,{'x' * 200_000},Thor,\n", "line 2 is not well-formed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content, said):
    assert said in refusal(content)


def test_as_many_rows_as_are_allowed_are_taken():
    assert len(parse(HEAD + "uma,Uma,Thor,\n" * MOST_ROWS).rows) == MOST_ROWS


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝", "'=", "''+"])
def test_nothing_that_is_written_is_a_formula(begin):
    text = "".join(written([("uma", f"{begin}1+1", "Thor", "")]))
    row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1]
    assert row[1] == f"'{begin}1+1"
    assert cells(text) == [("uma", f"{begin}1+1", "Thor", "")]


def test_what_is_written_begins_as_spreadsheets_need_it():
    assert "".join(written([UMA])) == f"\ufeff{','.join(COLUMNS)}\r\n{','.join(UMA)}\r\n"


CELL = st.text(alphabet=st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=20).map(
    str.strip
)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL).filter(any), min_size=1, max_size=5))
def test_what_is_written_is_read_again_as_it_was(rows):
    assert cells("".join(written(rows))) == rows


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300), st.text(max_size=300).map(lambda t: HEAD + t)))
def test_whatever_comes_is_read_or_refused(content):
    try:
        parse(content)
    except BadRequest as refused:
        assert refused.hints["file"]
