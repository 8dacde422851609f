"""Columns of effects: a waterfall from one state to another, and a stack for each step between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.report.charts.scales import WIDTH, Drawing, draw_grid, make_scale
from carbonacct.report.page.svg import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEIGHT, _TOP, _BOTTOM, _LEFT = 330.0, 18.0, 30.0, 64.0
_STACKS = 540.0  # where stacks end and their legend begins
_LETTER = 6.6
_NAME = 20.0  # pixels between two lines of a legend


@dataclass(frozen=True)
class Step:
    """One column of a waterfall: where it begins and ends, and whether it is a sum."""

    name: str
    start: float
    end: float
    is_sum: bool = False


def draw_waterfall(label: str, steps: Sequence[Step], show: Callable[[float], str]) -> Drawing:
    """Return columns from the first state through each effect to the last.

    Parameters
    ----------
    label
        Heading, with the unit.
    show
        Gives a number as text; changes get a sign.
    """
    chart = Drawing(label, WIDTH, _HEIGHT, kind="column")
    ends = [end for step in steps for end in (step.start, step.end)]
    y = make_scale(ends, _HEIGHT - _BOTTOM, _TOP)
    draw_grid(chart, y, _LEFT, WIDTH - 10)
    wide = (WIDTH - 10 - _LEFT) / len(steps)
    for number, step in enumerate(steps):
        left = _LEFT + wide * (number + 0.14)
        change = step.end - step.start
        text = show(step.end) if step.is_sum else _sign(change, show)
        top, low = sorted((y.place(step.start), y.place(step.end)))
        look = "total" if step.is_sum else "rise" if change > 0 else "fall"
        place = {"x": left, "y": top, "width": wide * 0.72, "height": max(low - top, 1.0)}
        chart.add("rect", f"{step.name}: {text}", **place, cls=look)
        middle = left + wide * 0.36
        chart.add("text", text, x=middle, y=top - 5, cls="middle")
        name = shorten(step.name, max(int(wide / _LETTER), 4))
        chart.add("text", name, x=middle, y=_HEIGHT - 9, cls="middle")
        if number + 1 < len(steps):
            at = y.place(step.end)
            chart.add("line", x1=left + wide * 0.72, x2=left + wide, y1=at, y2=at, cls="zero")
    chart.names = [step.name for step in steps]
    held = [step.end if step.is_sum else step.end - step.start for step in steps]
    chart.series = {label: held}
    chart.parts = steps
    chart.tell(show)
    return chart


def draw_steps(
    label: str,
    periods: Sequence[str],
    effects: Sequence[tuple[str, Sequence[float]]],
    show: Callable[[float], str],
    *,
    net: str,
) -> Drawing:
    """Return the effects of each period, stacked up and down from zero, with their sum as a point.

    Parameters
    ----------
    effects
        The name of each effect and its number in each period; NaN where it has none.
    net
        What the sum is called.
    """
    chart = Drawing(label, WIDTH, _HEIGHT, kind="stacked")
    columns = [
        [value if math.isfinite(value) else 0.0 for value in column]
        for column in zip(*(values for _, values in effects), strict=True)
    ]
    ends = [sum(v for v in column if (v > 0) == up) for column in columns for up in (True, False)]
    y = make_scale(ends, _HEIGHT - _BOTTOM, _TOP)
    draw_grid(chart, y, _LEFT, _STACKS)
    wide = (_STACKS - _LEFT) / len(periods)
    every = max(1, math.ceil(max(len(period) for period in periods) * _LETTER / wide))
    for number, (period, column) in enumerate(zip(periods, columns, strict=True)):
        left, reach = _LEFT + wide * (number + 0.14), {True: 0.0, False: 0.0}
        for row, value in enumerate(column):
            start = reach[value > 0]
            reach[value > 0] += value
            top, low = sorted((y.place(start), y.place(start + value)))
            tip = f"{period} {effects[row][0]}: {_sign(value, show)}"
            place = {"x": left, "y": top, "width": wide * 0.72, "height": low - top}
            chart.add("rect", tip, **place, cls=f"s{row % 8}")
        middle = left + wide * 0.36
        tip = f"{period} {net}: {_sign(sum(column), show)}"
        chart.add("circle", tip, cx=middle, cy=y.place(sum(column)), r=4.0, cls="net")
        if number % every == 0:
            chart.add("text", period, x=middle, y=_HEIGHT - 9, cls="middle")
    for row, (name, _) in enumerate(effects):
        at = _TOP + _NAME * row
        chart.add("rect", x=_STACKS + 18, y=at, width=12.0, height=12.0, cls=f"s{row % 8}")
        chart.add("text", shorten(name, 28), x=_STACKS + 36, y=at + 10.5, cls="after")
    at = _TOP + _NAME * len(effects)
    chart.add("circle", cx=_STACKS + 24, cy=at + 6, r=4.0, cls="net")
    chart.add("text", net, x=_STACKS + 36, y=at + 10.5, cls="after")
    chart.names = periods
    chart.series = dict(effects)
    chart.net = net
    chart.tell(show)
    return chart


def _sign(value: float, show: Callable[[float], str]) -> str:
    text = show(value)
    return f"+{text}" if value > 0 else text
