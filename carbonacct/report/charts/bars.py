"""Bars from the left, the name before and the number behind each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.report.charts.scales import WIDTH, Drawing, make_scale, measure, show_tick
from carbonacct.report.page.svg import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROW, _TOP, _BOTTOM = 24.0, 10.0, 28.0
_NAME = 34  # columns of the longest name
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


def draw_bars(label: str, bars: Sequence[Bar], show: Callable[[float], str]) -> Drawing:
    """Return a chart of bars, the first on top.

    Parameters
    ----------
    label
        Heading, with the unit.
    show
        Gives a number as text.
    """
    high = _TOP + _ROW * len(bars) + _BOTTOM
    chart = Drawing(label, WIDTH, high, kind="bar")
    names = [shorten(bar.name, _NAME) for bar in bars]
    left = max(map(measure, names), default=0.0) + 14
    room = max(measure(show(bar.value)) for bar in bars) + 2 * _GAP
    held = [end for bar in bars for end in (bar.value, bar.lower, bar.upper, bar.line)]
    is_below = any(end < 0 for end in held if math.isfinite(end))
    x = make_scale(held, left + (room if is_below else 0.0), WIDTH - room)
    for tick in x.ticks:
        at = x.place(tick)
        kind = "zero" if tick == 0 else "grid"
        chart.add("line", x1=at, x2=at, y1=_TOP, y2=high - _BOTTOM, cls=kind)
        chart.add("text", show_tick(tick), x=at, y=high - 10, cls="middle faint")
    for number, (bar, name) in enumerate(zip(bars, names, strict=True)):
        y = _TOP + _ROW * number
        chart.add("text", name, x=left - 8, y=y + 16, cls="before")
        if not math.isfinite(bar.value):
            continue
        start, end = sorted((x.place(0.0), x.place(bar.value)))
        tip = f"{bar.name}: {show(bar.value)}"
        chart.add("rect", tip, x=start, y=y + 4, width=end - start, height=_ROW - 8, cls=bar.look)
        far = _draw_range(chart, bar, x.place, y) if math.isfinite(bar.lower) else bar.value
        if math.isfinite(bar.line):
            at = x.place(bar.line)
            chart.add("line", x1=at, x2=at, y1=y + 1, y2=y + _ROW - 1, cls="level")
            far = max(far, bar.line) if bar.value >= 0 else min(far, bar.line)
        at = x.place(far) + (_GAP if bar.value >= 0 else -_GAP)
        kind = "after" if bar.value >= 0 else "before"
        chart.add("text", show(bar.value), x=at, y=y + 16, cls=kind)
    chart.names = [bar.name for bar in bars]
    chart.series = {label: [bar.value for bar in bars]}
    chart.parts = bars
    chart.tell(show)
    return chart


def _draw_range(chart: Drawing, bar: Bar, x: Callable[[float], float], y: float) -> float:
    """Draw what a bar ranges over and return its far end."""
    middle = y + _ROW / 2
    chart.add("line", x1=x(bar.lower), x2=x(bar.upper), y1=middle, y2=middle, cls="whisker")
    for end in (bar.lower, bar.upper):
        chart.add("line", x1=x(end), x2=x(end), y1=middle - 4, y2=middle + 4, cls="whisker")
    return max(bar.upper, bar.value) if bar.value >= 0 else min(bar.lower, bar.value)
