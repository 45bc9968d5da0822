"""Many mailboxes from a table: looked at first, then made, with progress."""

import pytest

LIBRARY = "/domains/mediatheque.example/"
GOOD = "local_part,first_name,last_name,secondary_email\n" + "".join(
    f"table{n},Table{n},Guest,table{n}@home.example\n" for n in range(12)
)
BAD = GOOD + "no such thing,,,\n"


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def olga(visitor, request):
    one = visitor(script=request.param)
    one.sign_in("owner")
    return one


def send(olga, text):
    olga.go(f"{LIBRARY}import/")
    file = {"name": "guests.csv", "mimeType": "text/csv", "buffer": text.encode()}
    olga.page.locator("main input[type=file]").set_input_files(file)
    olga.page.locator("main form button").first.click()


def test_what_is_wrong_with_a_table_is_told_before_anything_is_made(olga):
    send(olga, BAD)
    olga.sees("no such thing")
    olga.page.goto(f"{LIBRARY}?q=table0")
    assert not olga.page.get_by_text("table0@mediatheque.example").count()


def test_a_good_table_is_loaded_after_a_look(visitor):
    olga = visitor()
    olga.sign_in("owner")
    send(olga, GOOD)
    olga.sees("table11")
    olga.looks_around()
    olga.page.locator("main form button:not(.quiet)").first.click()
    olga.looks_around()
    olga.go(f"{LIBRARY}?q=guest")
    assert olga.page.locator("main tbody tr").count() == 12
