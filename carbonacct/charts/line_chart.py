"""Lines over years: some series, what they range over, and points that are named."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.look import COLOURS
from carbonacct.charts.scales import (
    WIDTH,
    draw_grid,
    make_scale,
    measure,
    place_mark,
    shorten,
)
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_BEYOND = 24  # pixels right of the last year
HEIGHT, _TOP, _BOTTOM = 330.0, 14.0, 30.0
_NAME, _LETTERS = 15.0, 20  # pixels between names, columns of the longest
_YEAR = 44.0  # pixels that the name of a year takes


@dataclass(frozen=True)
class ChartLine:
    """A series over years.

    Attributes
    ----------
    name
        Stands at its right end.
    years, values
        A value that is not a number is a gap.
    lower, upper
        What it ranges over, or nothing.
    marks
        ``{year: text}``: points that are named.
    number
        Of its colour; lines of one number look alike.
    dashed
        Whether it is no measurement: a fit, a path, a scenario.
    is_named
        Whether its name stands at its end.
    opens
        On the page, what the number of a year opens.
    """

    name: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    number: int = 0
    dashed: bool = False
    is_named: bool = True
    opens: Mapping[int, int | None] = field(default_factory=dict)

    def cut(self) -> list[list[tuple[int, float]]]:
        """Return the parts of the line between its gaps, each as years with their values."""
        parts: list[list[tuple[int, float]]] = [[]]
        for year, value in zip(self.years, self.values, strict=True):
            if math.isfinite(value):
                parts[-1].append((year, value))
            elif parts[-1]:
                parts.append([])
        return [part for part in parts if part]


def draw_lines(
    label: str,
    lines: Sequence[ChartLine],
    show: Callable[[float], str],
    *,
    zero: bool = False,
    height: float = HEIGHT,
    lang: str = "en",
) -> Drawing:
    """Return a chart of lines over one axis of years.

    Parameters
    ----------
    label
        Heading, with the unit.
    lines
        In the order of their legend; at least one has a number.
    show
        Gives a number as text, for the tooltip of a point.
    zero
        Whether the axis begins at zero however far that is.
    height
        In pixels.
    lang
        Language of the names, whose colon stands between a name and its number.
    """
    chart = Drawing(label, WIDTH, height, kind="line", lang=lang)
    held = [value for line in lines for value in (*line.values, *line.lower, *line.upper)]
    y = make_scale(held, height - _BOTTOM, _TOP, zero=zero)
    years = sorted({year for line in lines for year in line.years})
    named = [line for line in lines if line.is_named]
    names = max((measure(shorten(line.name, _LETTERS)) for line in named), default=0.0)
    left, right = 64.0, WIDTH - _BEYOND - names
    step = (right - left) / max(years[-1] - years[0], 1)

    def x(year: float) -> float:
        return left + (year - years[0]) * step if len(years) > 1 else (left + right) / 2

    draw_grid(chart, y, left, right)
    every = max(1, math.ceil(_YEAR / step))
    shown = [year for year in years if (year - years[0]) % every == 0]
    for year in shown:
        chart.add("text", str(year), x=x(year), y=height - 8, cls="middle")
    for line in lines:
        _draw_band(chart, line, x, y.place)
    for line in lines:
        for points in line.cut():
            text = " ".join(f"{x(year):.1f},{y.place(value):.1f}" for year, value in points)
            kind = f"l{line.number % COLOURS}{' dashed' if line.dashed else ''}"
            chart.add("polyline", points=text, cls=kind)
    _draw_marks(chart, lines, (x, y.place), right + _BEYOND)
    for line in lines:
        _draw_points(chart, line, x, y.place, show=show)
    ends = [_find_end(line, y.place) for line in named]
    for line, end in zip(named, _spread(ends, height), strict=True):
        kind = f"s{line.number % COLOURS}{' band' if line.dashed else ''}"
        chart.add("circle", cx=right + 10, cy=end, r=4.0, cls=kind)
        chart.add("text", shorten(line.name, _LETTERS), x=right + 18, y=end + 4, cls="after")
    chart.names = [str(year) for year in years]
    chart.series = _tabulate(lines, years)
    chart.parts = lines
    chart.tell(show)
    return chart


def _tabulate(lines: Sequence[ChartLine], years: Sequence[int]) -> dict[str, Sequence[float]]:
    """Return the numbers of each line and of its bounds, year by year, under names of their own."""
    found: dict[str, Sequence[float]] = {}
    for line in lines:
        parts = (
            (line.name, line.values),
            (f"{line.name} ↓", line.lower),
            (f"{line.name} ↑", line.upper),
        )
        for name, values in parts:
            if values:
                held = dict(zip(line.years, values, strict=True))
                own = name + " " * sum(known.rstrip() == name for known in found)
                found[own] = [held.get(year, math.nan) for year in years]
    return found


def _draw_band(
    chart: Drawing, line: ChartLine, x: Callable[[float], float], y: Callable[[float], float]
) -> None:
    held = [
        (year, low, high)
        for year, low, high in zip(line.years, line.lower, line.upper, strict=False)
        if math.isfinite(low) and math.isfinite(high)
    ]
    if len(held) < 2:
        for year, low, high in held:
            chart.add("line", x1=x(year), x2=x(year), y1=y(low), y2=y(high), cls="whisker")
        return
    outline = [(x(year), y(high)) for year, _, high in held]
    outline += [(x(year), y(low)) for year, low, _ in reversed(held)]
    text = " ".join(f"{across:.1f},{down:.1f}" for across, down in outline)
    chart.add("polygon", points=text, cls=f"s{line.number % COLOURS} band")


def _draw_points(
    chart: Drawing,
    line: ChartLine,
    x: Callable[[float], float],
    y: Callable[[float], float],
    *,
    show: Callable[[float], str],
) -> None:
    for year, value in zip(line.years, line.values, strict=True):
        if math.isfinite(value) and not line.dashed:
            text = tell_value(f"{line.name} {year}", show(value), chart.lang)
            kind = f"s{line.number % COLOURS}"
            place = {"cx": x(year), "cy": y(value), "r": 2.6}
            chart.add("circle", text, **place, cls=kind, data_d=line.opens.get(year))


def _draw_marks(
    chart: Drawing,
    lines: Sequence[ChartLine],
    places: tuple[Callable[[float], float], Callable[[float], float]],
    right: float,
) -> None:
    """Draw the points that are named, and their texts where there is room."""
    x, y = places
    taken: list[tuple[float, float]] = []
    left = min((x(year) for line in lines for year in line.years), default=0.0)
    for line in lines:
        values = dict(zip(line.years, line.values, strict=True))
        for year, text in line.marks:
            at = (x(year), y(values[year]))
            opens = line.opens.get(year)
            chart.add("circle", text, cx=at[0], cy=at[1], r=5.5, cls="net", data_d=opens)
            if (place := place_mark(taken, at, text, (left, right))) is not None:
                named = {"x": place[0], "y": place[1], "data_d": opens}
                chart.add("text", text, **named, cls="middle strong")


def _find_end(line: ChartLine, y: Callable[[float], float]) -> float:
    """Return how far down the last number of a line stands."""
    held = [value for value in line.values if math.isfinite(value)]
    return y(held[-1]) if held else HEIGHT / 2


def _spread(places: Sequence[float], height: float) -> list[float]:
    """Return places far enough apart to read what stands at them, in the same order."""
    order = sorted(range(len(places)), key=lambda place: places[place])
    found = list(places)
    for above, below in pairwise(order):
        found[below] = max(found[below], found[above] + _NAME)
    lowest = height - _BOTTOM + 6
    for place in reversed(order):
        found[place] = min(found[place], lowest)
        lowest = found[place] - _NAME
    return found
