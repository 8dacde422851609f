"""Axes of charts of results: round numbers over a range, and where a number stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.charts.drawing import Drawing

WIDTH = 760.0
_STRONG = 1.1  # how much wider a bold text is
_LETTER = 7.0  # pixels of a column of text
_CAPITAL = 1.5  # and what a capital takes beyond it
_LINE = 13.0  # pixels of a line of it


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
    """Return where the text of a point stands free of others: above it or below, and within two ends.

    None where nowhere.
    """
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


def show_three(value: float) -> str:
    """Return a number with three digits that count and a real minus sign.

    Examples
    --------
    >>> show_three(-1234.5), show_three(0.04321), show_three(7.0)
    ('−1,230', '0.0432', '7.00')
    """
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(digits, 0)}f}".replace("-", "−")


def draw_grid(chart: Drawing, scale: Scale, left: float, right: float) -> None:
    """Draw the lines of an upright axis, and its numbers to their left."""
    for tick in scale.ticks:
        y = scale.place(tick)
        chart.add("line", x1=left, x2=right, y1=y, y2=y, cls="zero" if tick == 0 else "grid")
        chart.add("text", show_tick(tick), x=left - 6, y=y + 4, cls="before")


def measure(text: str) -> float:
    """Return about how many pixels a text takes."""
    return _LETTER * count_columns(text) + _CAPITAL * sum(map(str.isupper, text))


def find_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers that cover a range.

    Examples
    --------
    >>> find_ticks(0, 95.3), find_ticks(-3, 12)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [-5.0, 0.0, 5.0, 10.0, 15.0])
    """
    if not high > low:
        return [low, low + 1.0]
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 12) for i in range(first, last + 1)]


def shorten(text: str, columns: int) -> str:
    """Return a text of at most so many columns; a wide character counts double.

    Examples
    --------
    >>> shorten("Wholesale and retail", 10), shorten("批发零售", 6)
    ('Wholesale…', '批发…')
    """
    if count_columns(text) <= columns:
        return text
    while count_columns(text) > columns - 1:
        text = text[:-1]
    return text + "…"
