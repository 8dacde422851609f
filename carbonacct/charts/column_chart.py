"""Columns: a waterfall from one state to another, and stacks beside one another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.charts.drawing import Drawing
from carbonacct.charts.look import COLOURS
from carbonacct.charts.scales import WIDTH, draw_grid, make_scale, measure, shorten
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HEIGHT, _TOP, _BOTTOM, _LEFT = 330.0, 18.0, 30.0, 64.0
_STACKS = 520.0  # where stacks end and their legend begins, or further left for a long name
_LETTER = 6.6
_NAME = 20.0  # pixels between two lines of a legend
_NAMES, _NAME_AT = 44, 36.0  # columns of the longest name there, pixels between stacks and names


@dataclass(frozen=True)
class Step:
    """One column of a waterfall: where it begins and ends, whether it is a sum, and what it opens."""

    name: str
    start: float
    end: float
    is_sum: bool = False
    opens: int | None = None


@dataclass(frozen=True)
class Stack:
    """One colour of stacks: its name, its number in each column (NaN where it has none) and what that opens."""

    name: str
    values: Sequence[float]
    opens: Sequence[int | None] = ()


@dataclass(frozen=True)
class Range:
    """What the sum of a column ranges over."""

    lower: float
    upper: float
    opens: int | None = None


def draw_waterfall(
    label: str,
    steps: Sequence[Step],
    show: Callable[[float], str],
    unit: str = "",
    *,
    lang: str = "en",
) -> Drawing:
    """Return columns from the first state through each effect to the last.

    Parameters
    ----------
    label
        Heading, with the unit.
    show
        Gives a number as text; changes get a sign.
    unit
        Stands behind the number that a column tells.
    lang
        Language of the names, whose colon stands between a name and its number.
    """
    chart = Drawing(label, WIDTH, _HEIGHT, kind="column", lang=lang)
    ends = [end for step in steps for end in (step.start, step.end)]
    y = make_scale(ends, _HEIGHT - _BOTTOM, _TOP)
    draw_grid(chart, y, _LEFT, WIDTH - 10)
    wide = (WIDTH - 10 - _LEFT) / len(steps)
    for number, step in enumerate(steps):
        left = _LEFT + wide * (number + 0.14)
        change = step.end - step.start
        text = show(step.end) if step.is_sum else sign(change, show)
        top, low = sorted((y.place(step.start), y.place(step.end)))
        look = "total" if step.is_sum else "rise" if change > 0 else "fall"
        place = {"x": left, "y": top, "width": wide * 0.72, "height": max(low - top, 1.0)}
        tip = tell_value(step.name, f"{text} {unit}".rstrip(), lang)
        chart.add("rect", tip, **place, cls=look, data_d=step.opens)
        middle = left + wide * 0.36
        chart.add("text", text, x=middle, y=top - 5, cls="middle", data_d=step.opens)
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


def draw_stacks(
    label: str,
    columns: Sequence[str],
    stacks: Sequence[Stack],
    show: Callable[[float], str],
    *,
    signed: bool = False,
    net: str = "",
    opens: Sequence[int | None] = (),
    ranges: Sequence[Range | None] = (),
    lang: str = "en",
) -> Drawing:
    """Return columns of numbers, stacked up and down from zero.

    Parameters
    ----------
    columns
        What each column is of, such as years.
    stacks
        In the order of their legend.
    signed
        Whether the numbers are changes, which have signs.
    net
        What the sum of a column is called, where it is a point of its own.
    opens
        What the point of each column opens.
    ranges
        What the sum of each column ranges over.
    lang
        Language of the names, whose colon stands between a name and its number.
    """
    high = max(_HEIGHT, _NAME * len(stacks) + 60)
    chart = Drawing(label, WIDTH, high, kind="stacked", net=net, lang=lang)
    ends = [end for one in ranges if one is not None for end in (one.lower, one.upper)]
    for held in zip(*(stack.values for stack in stacks), strict=True):
        ends += [sum(v for v in held if (v > 0) == up and math.isfinite(v)) for up in (True, False)]
    y = make_scale(ends, chart.height - _BOTTOM, _TOP)
    right = _find_right([*(stack.name for stack in stacks), net])  # of the columns
    draw_grid(chart, y, _LEFT, right)
    wide = (right - _LEFT) / len(columns)
    every = max(1, math.ceil(max(len(column) for column in columns) * _LETTER / wide))

    def tell(value: float) -> str:
        return sign(value, show) if signed else show(value)

    for number, column in enumerate(columns):
        left, reach = _LEFT + wide * (number + 0.14), {True: 0.0, False: 0.0}
        middle = left + wide * 0.36
        for row, stack in enumerate(stacks):
            value = stack.values[number]
            if not math.isfinite(value):
                continue
            start = reach[value > 0]
            reach[value > 0] += value
            top, low = sorted((y.place(start), y.place(start + value)))
            at = {"x": left, "y": top, "width": wide * 0.72, "height": low - top}
            opened = stack.opens[number] if stack.opens else None
            tip = tell_value(f"{column} {stack.name}", tell(value), lang)
            chart.add("rect", tip, **at, cls=f"s{row % COLOURS}", data_d=opened)
        if net:
            total = sum(reach.values())
            opened = opens[number] if opens else None
            tip = tell_value(f"{column} {net}", tell(total), lang)
            chart.add("circle", tip, cx=middle, cy=y.place(total), r=4.0, cls="net", data_d=opened)
        if ranges and (reach_of := ranges[number]) is not None:
            tip = tell_value(column, f"{show(reach_of.lower)} – {show(reach_of.upper)}", lang)
            low, top = y.place(reach_of.lower), y.place(reach_of.upper)
            steps = ((-5, low), (5, low), (0, low), (0, top), (-5, top), (5, top))
            points = " ".join(f"{middle + step:.1f},{at:.1f}" for step, at in steps)
            chart.add("polyline", tip, points=points, cls="whisker", data_d=reach_of.opens)
        if number % every == 0:
            chart.add("text", column, x=middle, y=chart.height - 9, cls="middle")
    _draw_legend(chart, [stack.name for stack in stacks], right)
    chart.names = columns
    chart.series = {stack.name: stack.values for stack in stacks}
    chart.tell(show)
    return chart


def _find_right(names: Sequence[str]) -> float:
    """Return where stacks end, so that the longest name of their legend stands beside them as a whole."""
    longest = max(measure(shorten(name, _NAMES)) for name in names)
    return min(_STACKS, WIDTH - _NAME_AT - longest)


def _draw_legend(chart: Drawing, names: Sequence[str], right: float) -> None:
    """Draw the colours of stacks and their names to the right of them, and the point of their sum."""
    for row, name in enumerate(names):
        at = _TOP + _NAME * row
        look = f"s{row % COLOURS}"
        chart.add("rect", x=right + 18, y=at, width=12.0, height=12.0, cls=look)
        chart.add("text", shorten(name, _NAMES), x=right + _NAME_AT, y=at + 10.5, cls="after")
    if chart.net:
        at = _TOP + _NAME * len(names)
        chart.add("circle", cx=right + 24, cy=at + 6, r=4.0, cls="net")
        chart.add("text", chart.net, x=right + _NAME_AT, y=at + 10.5, cls="after")


def sign(value: float, show: Callable[[float], str]) -> str:
    """Return a change as text, with its sign.

    Examples
    --------
    >>> sign(3.0, "{:.0f}".format), sign(-3.0, "{:.0f}".format)
    ('+3', '-3')
    """
    text = show(value)
    return f"+{text}" if value > 0 else text
