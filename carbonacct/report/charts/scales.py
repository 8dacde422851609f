"""Axes of charts of results: round numbers over a range, and where a number stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.svg import SvgChart, find_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH = 760.0
_STRONG = 1.1  # how much wider a bold text is
_LETTER = 7.0  # pixels of a column of text
_LINE = 13.0  # pixels of a line of it


@dataclass
class Drawing(SvgChart):
    """A chart with its numbers, so that a spreadsheet can draw it as well.

    Attributes
    ----------
    kind
        ``line``, ``bar``, ``column`` or ``stacked``.
    names
        What the rows are of, such as years.
    series
        The numbers of each series by its name; NaN where it has none.
    parts
        The lines, bars or steps that it is of.
    show
        Gives one of its numbers as text.
    net
        Of stacks, what their sum is called.
    """

    kind: str = ""
    names: Sequence[str] = ()
    series: dict[str, Sequence[float]] = field(default_factory=dict)
    parts: Sequence[Any] = ()
    show: Callable[[float], str] = str
    net: str = ""

    def tell(self, show: Callable[[float], str]) -> None:
        """Put the numbers into the table that stands below the chart."""
        self.show = show
        self.heads = ["", *self.series]
        self.rows = [
            [name, *("" if math.isnan(value) else (show(value), None) for value in values)]
            for name, *values in zip(self.names, *self.series.values(), strict=True)
        ]


@dataclass(frozen=True)
class Scale:
    """A range of numbers on a range of pixels, with its round numbers."""

    ticks: tuple[float, ...]
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return where a number stands."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (self.end - self.start) * (value - low) / (high - low)


def make_scale(values: Sequence[float], start: float, end: float, *, zero: bool = True) -> Scale:
    """Return a scale that holds some numbers; from zero on where that is asked for, or not far.

    Examples
    --------
    >>> make_scale([3.0, 95.3], 0, 100).ticks
    (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    """
    held = [value for value in values if math.isfinite(value)]
    low, high = min(held, default=0.0), max(held, default=1.0)
    if zero or 0 <= low < 0.5 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    return Scale(tuple(find_ticks(low, high)), start, end)


def place_mark(
    taken: list[tuple[float, float]],
    at: tuple[float, float],
    text: str,
    within: tuple[float, float],
) -> tuple[float, float] | None:
    """Return where the text of a point stands free of others: above it or below, and within two ends; None where nowhere."""
    half = _STRONG * measure(text) / 2
    x = min(max(at[0], within[0] + half), within[1] - half)
    for y in (at[1] - 11, at[1] + 20):
        free = all(abs(x - left) > measure(text) or abs(y - top) > _LINE for left, top in taken)
        if y > _LINE and free:
            taken.append((x, y))
            return x, y
    return None


def show_tick(value: float) -> str:
    """Return a number of an axis with its thousands apart and a real minus sign."""
    return f"{value:,.10g}".replace("-", "−")


def draw_grid(chart: SvgChart, scale: Scale, left: float, right: float) -> None:
    """Draw the lines of an upright axis, and its numbers to their left."""
    for tick in scale.ticks:
        y = scale.place(tick)
        chart.add("line", x1=left, x2=right, y1=y, y2=y, cls="zero" if tick == 0 else "grid")
        chart.add("text", show_tick(tick), x=left - 6, y=y + 4, cls="before")


def measure(text: str) -> float:
    """Return about how many pixels a text takes."""
    from carbonacct.text_columns import count_columns  # noqa: PLC0415

    return _LETTER * count_columns(text)
