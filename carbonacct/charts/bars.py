"""Bars from the left, the name before and the number behind each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.scales import WIDTH, make_scale, measure, shorten, show_tick
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from carbonacct.charts.scales import Scale

_ROW, _TOP, _BOTTOM = 24.0, 10.0, 28.0
_NAME = 44  # columns of the longest name
_GAP = 6.0


@dataclass(frozen=True)
class Bar:
    """A bar: its name and value, its look, and what it ranges over.

    Attributes
    ----------
    look
        Class of the page's style: ``bar-fill``, ``rise``, ``fall``, ``total``.
    lower, upper
        Ends of a whisker, NaN without one.
    line
        A number that a line marks, such as the value that is asked for; NaN without one.
    """

    name: str
    value: float
    look: str = "bar-fill"
    lower: float = math.nan
    upper: float = math.nan
    line: float = math.nan


def draw_bars(
    label: str,
    bars: Sequence[Bar],
    show: Callable[[float], str],
    *,
    sums: Sequence[float] = (),
    sums_name: str = "",
    legend: Mapping[str, str] | None = None,
    lang: str = "en",
) -> Drawing:
    """Return a chart of bars, the first on top.

    Parameters
    ----------
    label
        Heading, with the unit.
    show
        Gives a number as text.
    sums
        A number of each bar that a line joins, such as the running sum of shares; their texts then
        stand at the line and not at the bars.
    sums_name
        What the line is called.
    legend
        What each look of the bars means.
    lang
        Language of the names, whose colon stands between a name and its number.
    """
    rows = _TOP + _ROW * len(bars)
    high = rows + _BOTTOM + (_ROW if legend or sums_name else 0.0)
    chart = Drawing(label, WIDTH, high, kind="bar", lang=lang)
    names = [shorten(bar.name, _NAME) for bar in bars]
    left = max(map(measure, names), default=0.0) + 14
    texts = [show(value) for value in (sums or [bar.value for bar in bars])]
    room = max(map(measure, texts), default=0.0) + 2 * _GAP + (_GAP if sums else 0.0)
    held = [end for bar in bars for end in (bar.value, bar.lower, bar.upper, bar.line)]
    held += sums
    is_below = any(end < 0 for end in held if math.isfinite(end))
    x = make_scale(held, left + (room if is_below else 0.0), WIDTH - room)
    numbered = _choose_ticks(x)
    for tick in x.ticks:
        at = x.place(tick)
        kind = "zero" if tick == 0 else "grid"
        chart.add("line", x1=at, x2=at, y1=_TOP, y2=rows, cls=kind)
        if tick in numbered:
            chart.add("text", show_tick(tick), x=at, y=rows + 18, cls="middle faint")
    for number, (bar, name) in enumerate(zip(bars, names, strict=True)):
        y = _TOP + _ROW * number
        chart.add("text", name, x=left - 8, y=y + 16, cls="before")
        if not math.isfinite(bar.value):
            continue
        start, end = sorted((x.place(0.0), x.place(bar.value)))
        tip = tell_value(bar.name, show(bar.value), lang)
        chart.add("rect", tip, x=start, y=y + 4, width=end - start, height=_ROW - 8, cls=bar.look)
        far = _draw_range(chart, bar, x.place, y) if math.isfinite(bar.lower) else bar.value
        if math.isfinite(bar.line):
            at = x.place(bar.line)
            chart.add("line", x1=at, x2=at, y1=y + 1, y2=y + _ROW - 1, cls="level")
            far = max(far, bar.line) if bar.value >= 0 else min(far, bar.line)
        if sums:
            continue
        at = x.place(far) + (_GAP if bar.value >= 0 else -_GAP)
        kind = "after" if bar.value >= 0 else "before"
        chart.add("text", show(bar.value), x=at, y=y + 16, cls=kind)
    chart.series = {label: [bar.value for bar in bars]}
    if sums:
        _draw_sums(chart, [(x.place(total), show(total)) for total in sums])
        chart.series[sums_name] = sums
    _draw_legend(chart, legend or {}, sums_name, (left, rows + _BOTTOM + 6))
    chart.names = [bar.name for bar in bars]
    chart.parts = bars
    chart.tell(show)
    return chart


def _choose_ticks(x: Scale) -> list[float]:
    """Return the ticks whose numbers have room beside each other, that of zero among them."""
    first, second = (x.place(tick) for tick in x.ticks[:2])
    widest = max(measure(show_tick(tick)) for tick in x.ticks)
    every = max(1, math.ceil((widest + 2 * _GAP) / (second - first)))
    zero = next((number for number, tick in enumerate(x.ticks) if tick == 0), 0)
    return [tick for number, tick in enumerate(x.ticks) if (number - zero) % every == 0]


def _draw_sums(chart: Drawing, ends: Sequence[tuple[float, str]]) -> None:
    """Join the running sums by a line, each with its number."""
    held = [(x, _TOP + _ROW * (number + 0.5), text) for number, (x, text) in enumerate(ends)]
    chart.add("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in held), cls="whisker")
    for x, y, text in held:
        chart.add("circle", text, cx=x, cy=y, r=3.5, cls="net")
        chart.add("text", text, x=x + _GAP + 2, y=y + 4, cls="after")


def _draw_legend(
    chart: Drawing, legend: Mapping[str, str], line: str, place: tuple[float, float]
) -> None:
    """Name the looks of the bars and the line in one row."""
    x, y = place
    for look, name in legend.items():
        chart.add("rect", x=x, y=y, width=12.0, height=12.0, cls=look)
        chart.add("text", name, x=x + 17, y=y + 10.5, cls="after")
        x += 17 + measure(name) + 24
    if line:
        chart.add("line", x1=x, x2=x + 22, y1=y + 6, y2=y + 6, cls="whisker")
        chart.add("circle", cx=x + 11, cy=y + 6, r=3.5, cls="net")
        chart.add("text", line, x=x + 28, y=y + 10.5, cls="after")


def _draw_range(chart: Drawing, bar: Bar, x: Callable[[float], float], y: float) -> float:
    """Draw what a bar ranges over and return its far end."""
    middle = y + _ROW / 2
    chart.add("line", x1=x(bar.lower), x2=x(bar.upper), y1=middle, y2=middle, cls="whisker")
    for end in (bar.lower, bar.upper):
        chart.add("line", x1=x(end), x2=x(end), y1=middle - 4, y2=middle + 4, cls="whisker")
    return max(bar.upper, bar.value) if bar.value >= 0 else min(bar.lower, bar.value)
