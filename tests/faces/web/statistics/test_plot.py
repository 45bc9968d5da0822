"""Geometry of plots."""

import pytest

from postroom.faces.web.statistics import plot

TEXTS = ["a", "b", "c", "d"]


def lines(*series, unit=1.0):
    return plot.lines(series, TEXTS, "{:g}".format, unit)


def bars(*series):
    return plot.bars(series, TEXTS, "{:g}".format)


@pytest.mark.parametrize(
    ("highest", "top"), [(0, "4"), (1, "4"), (4, "4"), (5, "8"), (9, "10"), (37, "40"), (41, "80"), (1134, "2000")]
)
def test_the_scale_ends_at_a_round_number_that_nothing_is_above(highest, top):
    assert lines([highest, 0, 0, 0]).scale[0] == top


def test_the_scale_has_steps_down_to_nothing():
    assert lines([37, 0, 0, 0]).scale == ["40", "30", "20", "10", "0"]


def test_sizes_have_round_numbers_of_their_unit():
    assert lines([3 * 2**30, 0, 0, 0], unit=2**30).scale == [f"{n * 2**30:g}" for n in (4, 3, 2, 1, 0)]


def test_a_line_goes_through_its_numbers():
    assert lines([0, 4, 2, 0]).lines == [(1, "M125 200L375 0L625 100L875 200")]


def test_a_line_has_gaps_where_nothing_is_known():
    assert lines([0, 4, None, 4]).lines == [(1, "M125 200L375 0M812.5 0L937.5 0")]


def test_bars_of_a_period_stand_side_by_side():
    drawn = bars([4, 0, 0, 0], [2, None, 0, 0])
    (one,), (other,) = (shapes for _, shapes in drawn.bars)
    assert (one.x, one.width, one.y, one.height) == ("30", "95", "0", "200")
    assert (other.x, other.y, other.height) == ("125", "100", "100")


def test_little_is_still_seen():
    ((_, (bar, *_)),) = bars([1, 100_000, 0, 0]).bars
    assert (bar.y, bar.height) == ("199", "1")


def test_each_period_tells_its_numbers():
    assert [(place.x, place.width, place.text) for place in bars([0, 0, 0, 0]).places] == [
        ("0", "250", "a"),
        ("250", "250", "b"),
        ("500", "250", "c"),
        ("750", "250", "d"),
    ]
