"""Small charts beside one another: one line each, over the same years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.scales import shorten
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.charts.line_chart import ChartLine

WIDTH = 820.0
_ROW, _LINE = 132.0, 80.0  # height of a small chart, and of the line in it
_BESIDE = 100.0  # right of a line, for its last number
_NAME = 22


@dataclass(frozen=True)
class Small:
    """A small chart: its line, what stands below its last number, and what that opens."""

    line: ChartLine
    below: str = ""
    below_opens: int | None = None


def draw_multiples(
    label: str,
    charts: Sequence[Small],
    show: Callable[[float], str],
    *,
    columns: int = 4,
    shared: bool = False,
    width: float = WIDTH,
    lang: str = "en",
) -> Drawing:
    """Return one small chart for each line, with its first and last year and its last number.

    Parameters
    ----------
    label
        Heading, with the unit.
    charts
        At least one has a number.
    show
        Gives a number as text.
    columns
        Charts in a row.
    shared
        Whether all have one scale, so that levels compare.
    width
        Of all of them.
    lang
        Language of the names, whose colon stands between a name and its number.
    """
    across = min(columns, len(charts))
    cell = width / across
    chart = Drawing(label, width, _ROW * -(-len(charts) // across), wide=True, lang=lang)
    held = {year for small in charts for year in small.line.years}
    years = (min(held), max(held))
    ends = [_find_ends(small.line) for small in charts]
    whole = (min(low for low, _ in ends), max(high for _, high in ends))
    for number, (small, own) in enumerate(zip(charts, ends, strict=True)):
        place = (cell * (number % across) + 8, _ROW * (number // across))
        chart.add(
            "text", shorten(small.line.name, _NAME), x=place[0], y=place[1] + 16, cls="strong"
        )
        _draw_one(
            chart,
            small,
            place,
            cell - _BESIDE,
            years=years,
            ends=whole if shared else own,
            show=show,
        )
    chart.names = [str(year) for year in sorted(held)]
    chart.series = {
        small.line.name: [
            dict(zip(small.line.years, small.line.values, strict=True)).get(year, math.nan)
            for year in sorted(held)
        ]
        for small in charts
    }
    chart.tell(show)
    return chart


def _find_ends(line: ChartLine) -> tuple[float, float]:
    """Return the range of a line and its bounds, from zero on."""
    held = [value for value in (*line.values, *line.lower, *line.upper) if math.isfinite(value)]
    return min([0.0, *held]), max([0.0, *held])


def _draw_one(
    chart: Drawing,
    small: Small,
    place: tuple[float, float],
    across: float,
    *,
    years: tuple[int, int],
    ends: tuple[float, float],
    show: Callable[[float], str],
) -> None:
    """Draw the line of one chart; a year without a number is a gap."""
    line, (left, top) = small.line, (place[0], place[1] + 28)
    low, high = ends
    span = (high - low) or 1.0

    def x(year: int) -> float:
        return left + across * (year - years[0]) / max(years[1] - years[0], 1)

    def y(value: float) -> float:
        return top + _LINE * (1 - (value - low) / span)

    chart.add("line", x1=left, x2=left + across, y1=y(0.0), y2=y(0.0), cls="zero")
    if line.lower:
        outline = [(x(year), y(value)) for year, value in zip(line.years, line.upper, strict=True)]
        outline += [
            (x(year), y(value))
            for year, value in zip(line.years[::-1], line.lower[::-1], strict=True)
        ]
        held = [point for point in outline if math.isfinite(point[1])]
        text = " ".join(f"{one:.1f},{other:.1f}" for one, other in held)
        chart.add("polygon", points=text, cls=f"s{line.number} band")
    for part in line.cut():
        text = " ".join(f"{x(year):.1f},{y(value):.1f}" for year, value in part)
        chart.add("polyline", points=text, cls="line")
    points = [point for part in line.cut() for point in part]
    for year, value in points:
        tip, opens = (
            tell_value(f"{line.name} {year}", show(value), chart.lang),
            line.opens.get(year),
        )
        chart.add("circle", tip, cx=x(year), cy=y(value), r=3.0, cls="point", data_d=opens)
    if not points:
        return
    (first, _), (last, value) = points[0], points[-1]
    chart.add("text", str(first), x=x(first), y=top + _LINE + 14, cls="after")
    if last != first:
        chart.add("text", str(last), x=x(last), y=top + _LINE + 14, cls="middle")
    at = x(last) + 6
    chart.add("text", show(value), x=at, y=y(value) + 4, cls="after", data_d=line.opens.get(last))
    if small.below:
        down = y(value) + 18
        chart.add("text", small.below, x=at, y=down, cls="after faint", data_d=small.below_opens)
