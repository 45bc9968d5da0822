"""Which plots there are, and what they say in words."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from postroom.actions.statistics_series import Point, Series
from postroom.faces.web.settings_values import size
from postroom.faces.web.statistics import plot
from postroom.faces.web.statistics.plot import Drawing, Values

_UNKNOWN: Final = "–"
_UNIT: Final = 1024
Written = Callable[[float], str]


class Line(msgspec.Struct, frozen=True):
    number: int
    """Its colour and dashes."""
    name: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    figure: str
    """The number that says most."""
    note: str
    """What that is."""
    legend: list[Line]
    drawing: Drawing
    times: list[str]
    """Below the plot: its beginning, middle and end."""
    rows: list[tuple[str, list[str]]]
    """The same as a table."""
    description: str


class _Subject(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    figure: str
    note: str
    names: Sequence[str]
    series: Sequence[Values]
    written: Written
    unit: float = 1
    is_bars: bool = False


def charts(series: Series, kind: str) -> list[Chart]:
    labels = [_label(point, kind) for point in series.points]
    return [_chart(subject, labels) for subject in _subjects(series.points)]


def _label(point: Point, kind: str) -> str:
    form = "YEAR_MONTH_FORMAT" if kind == "month" else "MONTH_DAY_FORMAT"
    return capfirst(formats.date_format(point.period.first, form))


def _subjects(points: Sequence[Point]) -> Iterator[_Subject]:
    received, sent, spam = (_flow(points, name) for name in ("delivered", "sent", "spam"))
    yield _Subject(
        id="volume", title=_("Mail volume"), figure=_number(_sum(received)), note=_("messages received"),
        names=[_("Received"), _("Sent")], series=[received, sent], written=_number, is_bars=True,
    )  # fmt: skip
    stored, unit = _state(points, "stored_bytes"), _unit(points)
    newest = next((value for value in reversed(stored) if value is not None), None)
    yield _Subject(
        id="storage", title=_("Storage"), figure=_UNKNOWN if newest is None else _size(newest), note=_("stored now"),
        names=[_("Stored")], series=[stored], written=_size, unit=unit,
    )  # fmt: skip
    share = _sum(spam) / _sum(received) * 100 if _sum(received) else None
    yield _Subject(
        id="spam", title=_("Spam share"), figure=_UNKNOWN if share is None else _percent(share),
        note=_("of the mail received"), names=[_("Spam share")], series=[list(map(_share, spam, received))],
        written=_percent,
    )  # fmt: skip
    ways = {"imap4": _("IMAP"), "pop3": _("POP3"), "webmail": _("Webmail"), "smtprelay": _("Sending")}
    sign_ins = [_daily(points, f"logins_{name}") for name in ways]
    yield _Subject(
        id="sign-ins", title=_("Sign-ins"), figure=_number(max(map(_highest, sign_ins))),
        note=_("accounts on the busiest day, by one way"), names=list(ways.values()), series=sign_ins, written=_number,
    )  # fmt: skip


def _chart(subject: _Subject, labels: Sequence[str]) -> Chart:
    told = [[_UNKNOWN if v is None else subject.written(v) for v in values] for values in subject.series]
    rows = [(label, [column[i] for column in told]) for i, label in enumerate(labels)]
    texts = [_text(label, subject.names, values) for label, values in rows]
    draw = plot.bars if subject.is_bars else plot.lines
    return Chart(
        id=subject.id,
        title=subject.title,
        figure=subject.figure,
        note=subject.note,
        legend=[Line(number, name) for number, name in enumerate(subject.names, 1)],
        drawing=draw(subject.series, texts, subject.written, subject.unit),
        times=[labels[0], labels[len(labels) // 2], labels[-1]],
        rows=rows,
        description=_("%(figure)s %(note)s, from %(first)s to %(last)s. The table below has every number.")
        % {"figure": subject.figure, "note": subject.note, "first": labels[0], "last": labels[-1]},
    )


def _text(label: str, names: Sequence[str], values: Sequence[str]) -> str:
    return "\n".join([label, *(f"{name}: {value}" for name, value in zip(names, values, strict=True))])


def _flow(points: Sequence[Point], name: str) -> list[float | None]:
    return [point.counts[name] if point.days else None for point in points]


def _state(points: Sequence[Point], name: str) -> list[float | None]:
    return [point.counts.get(name) for point in points]


def _daily(points: Sequence[Point], name: str) -> list[float | None]:
    """Who signs in on each of thirty days is no thirty people: of longer periods the usual day is shown."""
    return [round(point.counts[name] / point.days) if point.days else None for point in points]


def _share(part: float | None, whole: float | None) -> float | None:
    return part / whole * 100 if part is not None and whole else None


def _sum(values: Values) -> float:
    return sum(value or 0 for value in values)


def _highest(values: Values) -> float:
    return max(value or 0 for value in values)


def _unit(points: Sequence[Point]) -> float:
    """The largest one of which there is more than one: the scale has round numbers of it."""
    highest, unit = _highest(_state(points, "stored_bytes")), float(_UNIT**2)
    while highest >= unit * _UNIT:
        unit *= _UNIT
    return unit


def _size(value: float) -> str:
    return size(round(value)) if value else "0"


def _percent(value: float) -> str:
    return f"{_number(value)}\N{NO-BREAK SPACE}%"


def _number(value: float) -> str:
    """With a decimal where that says something."""
    digits = 0 if round(float(value), 1).is_integer() else 1
    return str(formats.number_format(value, digits, force_grouping=True))
