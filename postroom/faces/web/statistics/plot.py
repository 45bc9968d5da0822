"""Geometry of a plot: from numbers to the shapes of an SVG that is stretched to whatever width there is.

Texts stand beside the SVG, not in it, so that nothing is squeezed on a phone. Coordinates are texts: templates would
write numbers as the reader's language does, which no browser understands.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

WIDTH: Final = 1000
HEIGHT: Final = 200
STEPS: Final = 4
"""Lines across the plot, besides the one at its foot."""
_NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_GAP: Final = 0.24
"""Of the room that a period has: between its bars and those of the next one."""

Values = Sequence[float | None]
"""Oldest first; None: nothing is known."""


class Shape(msgspec.Struct, frozen=True):
    """A bar; or the place of a period, over which a browser tells its numbers."""

    x: str
    y: str
    width: str
    height: str
    text: str = ""


class Drawing(msgspec.Struct, frozen=True):
    bars: list[tuple[int, list[Shape]]]
    """Number of the series → its bars."""
    lines: list[tuple[int, str]]
    """Number of the series → the path."""
    places: list[Shape]
    grid: list[str]
    """Heights of the lines across."""
    scale: list[str]
    """What they stand for, from the top down."""


def bars(series: Sequence[Values], texts: Sequence[str], written: Callable[[float], str], unit: float = 1) -> Drawing:
    top = _top(series, unit)
    return _drawing(
        [(n, list(_bars(v, n - 1, len(series), top))) for n, v in enumerate(series, 1)], [], top, texts, written
    )


def lines(series: Sequence[Values], texts: Sequence[str], written: Callable[[float], str], unit: float = 1) -> Drawing:
    """`unit`: what steps are round numbers of, such as a gigabyte."""
    top = _top(series, unit)
    return _drawing([], [(n, _path(v, top)) for n, v in enumerate(series, 1)], top, texts, written)


def _drawing(
    bars: list[tuple[int, list[Shape]]],
    lines: list[tuple[int, str]],
    top: float,
    texts: Sequence[str],
    written: Callable[[float], str],
) -> Drawing:
    slot = WIDTH / len(texts)
    places = [Shape(_n(i * slot), "0", _n(slot), str(HEIGHT), text) for i, text in enumerate(texts)]
    grid = [_n(HEIGHT * step / STEPS) for step in range(STEPS + 1)]
    scale = [written(top * (STEPS - step) / STEPS) for step in range(STEPS + 1)]
    return Drawing(bars, lines, places, grid, scale)


def _top(series: Sequence[Values], unit: float) -> float:
    """A round number that nothing is above."""
    highest = max((value for values in series for value in values if value is not None), default=0.0)
    step = max(highest / unit / STEPS, 1 / STEPS if unit > 1 else 1)
    power = 10.0 ** math.floor(math.log10(step))
    nice = next(n for n in _NICE if n * power >= step or math.isclose(n * power, step))
    return nice * power * STEPS * unit


def _bars(values: Values, place: int, together: int, top: float) -> Iterator[Shape]:
    slot = WIDTH / len(values)
    width = slot * (1 - _GAP) / together
    for i, value in enumerate(values):
        if value:
            height = max(HEIGHT * value / top, 1)  # what there is can be seen
            x = i * slot + slot * _GAP / 2 + place * width
            yield Shape(_n(x), _n(HEIGHT - height), _n(width), _n(height))


def _path(values: Values, top: float) -> str:
    slot = WIDTH / len(values)
    parts, drawn = [], False
    for i, value in enumerate(values):
        if value is None:
            drawn = False
            continue
        x, y = (i + 0.5) * slot, HEIGHT - HEIGHT * value / top
        is_alone = not drawn and (i + 1 == len(values) or values[i + 1] is None)
        if is_alone:
            parts.append(f"M{_n(x - slot / 4)} {_n(y)}L{_n(x + slot / 4)} {_n(y)}")
        else:
            parts.append(f"{'L' if drawn else 'M'}{_n(x)} {_n(y)}")
        drawn = True
    return "".join(parts)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
