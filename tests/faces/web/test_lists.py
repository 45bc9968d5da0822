"""Which part of a list an address asks for, and the links to the others."""

import pytest
from django.test import RequestFactory

from postroom.faces.web import lists


def wanted(query="", **options):
    return lists.wanted(RequestFactory().get(f"/domains/?{query}"), orders=("name", "status"), **options)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", 1),
        ("page=3", 3),
        ("page=0", 1),
        ("page=-2", 1),
        ("page=x", 1),
        ("page=٣", 1),
        ("page=" + "9" * 40, 1_000_000),
    ],
)
def test_whatever_is_typed_is_a_page(query, page):
    assert wanted(query).page == page


@pytest.mark.parametrize(
    ("query", "ordering"),
    [("ordering=name", "name"), ("ordering=-status", "-status"), ("ordering=password", ""), ("", "")],
)
def test_only_known_orders_are_taken(query, ordering):
    assert wanted(query).ordering == ordering


def test_the_default_order_stands_where_none_is_said():
    assert (wanted(default="-name").by, wanted(default="-name").descending) == ("name", True)


@pytest.mark.parametrize(("typed", "q"), [("  a   b ", "a b"), ("a%00b", "ab"), ("x" * 500, "x" * 200)])
def test_a_search_is_tidied(typed, q):
    assert wanted(f"q={typed}").q == q


def test_first_and_limit_follow_the_page():
    assert (wanted("page=3", size=50).first, wanted("page=3", size=50).limit) == (100, 50)


def test_links_keep_the_rest_of_the_address():
    assert wanted("q=a%26b&status=x&status=y&page=4").link(page=5) == "/domains/?q=a%26b&status=x&status=y&page=5"


def test_a_search_keeps_the_rest_of_the_address():
    assert wanted("q=a&status=x&status=y&page=4&ordering=name").rest == [
        ("status", "x"), ("status", "y"), ("ordering", "name"),
    ]  # fmt: skip


def test_sorting_begins_on_the_first_page():
    assert wanted("page=4&q=a").columns["name"].href == "/domains/?q=a&ordering=name"


def test_sorting_twice_turns_around():
    columns = wanted("ordering=name").columns
    assert (columns["name"].href, columns["name"].state) == ("/domains/?ordering=-name", "ascending")
    assert columns["status"].state == "none"


def test_sorting_three_times_turns_back():
    columns = wanted("ordering=-name").columns
    assert (columns["name"].href, columns["name"].state) == ("/domains/?ordering=name", "descending")


def test_one_page_needs_no_links():
    assert not lists.pages(wanted(), 20).is_needed


def test_the_pager_tells_where_one_is():
    pages = lists.pages(wanted("page=2"), 45)
    assert (pages.first, pages.last, pages.total) == (21, 40, 45)
    assert (pages.previous, pages.next) == ("/domains/", "/domains/?page=3")


def test_the_pager_leaves_out_what_is_far():
    pages = lists.pages(wanted("page=10"), 20 * 20)
    assert [number for number, _link in pages.numbers] == [1, 0, 8, 9, 10, 11, 12, 0, 20]


def test_the_page_that_is_shown_is_no_link():
    assert (2, "") in lists.pages(wanted("page=2"), 60).numbers


def test_beyond_the_end_there_is_a_way_back():
    pages = lists.pages(wanted("page=99"), 45)
    assert (pages.first, pages.last, pages.next) == (0, 0, "")
    assert pages.previous == "/domains/?page=3"


def test_an_empty_list_has_no_lines():
    assert (lists.pages(wanted(), 0).first, lists.pages(wanted(), 0).last) == (0, 0)
