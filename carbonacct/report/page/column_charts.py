"""Columns over an axis of tonnes: what the charts of years and of effects share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.page.page_words import format_mass, mass_unit
from carbonacct.report.page.svg import find_ticks, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from carbonacct.report.page.svg import SvgChart

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760.0, 320.0, 64.0, 12.0, 28.0
STACKS = 500.0  # where stacks end and their legend begins
LEGEND = 20.0  # between two lines of a legend


def draw_axis(
    chart: SvgChart, low: float, high: float, lang: str, *, right: float
) -> Callable[[float], float]:
    """Draw the lines of an axis of tonnes and return the function from tonnes to y."""
    unit = 1e4 if lang == "zh" else 1e3
    ticks = find_ticks(low / unit, high / unit)
    span = (HEIGHT - TOP - BOTTOM) / (ticks[-1] - ticks[0])

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value / unit - ticks[0]) * span

    for tick in ticks:
        chart.add(
            "line",
            "",
            x1=LEFT,
            x2=right,
            y1=y(tick * unit),
            y2=y(tick * unit),
            cls="zero" if tick == 0 else "grid",
        )
        chart.add(
            "text",
            f"{tick:,.10g}".replace("-", "−"),
            x=LEFT - 6,
            y=y(tick * unit) + 4,
            cls="before",
        )
    return y


def draw_stacks(
    chart: SvgChart,
    table: pd.DataFrame,
    places: Mapping[Any, tuple[float, float]],
    y: Callable[[float], float],
    *,
    lang: str,
    opens: Callable[[Any, int], int | None],
) -> None:
    """Draw each column of a table of tonnes as a stack, what is below zero downwards, at its left end and width; ``opens`` is by column and row."""
    for column, (left, wide) in places.items():
        up = down = 0.0
        for number, (name, value) in enumerate(table[column].fillna(0.0).items()):
            low, high = (up, up + value) if value >= 0 else (down + value, down)
            up, down = (up + value, down) if value >= 0 else (up, down + value)
            chart.add(
                "rect",
                f"{column} {name}: {format_mass(value, lang)} {mass_unit(lang)}",
                x=left,
                y=y(high),
                width=wide,
                height=max(y(low) - y(high), 0.0),
                cls=f"s{number}",
                data_d=opens(column, number),
            )


def draw_legend(chart: SvgChart, names: Sequence[str]) -> None:
    """Draw the colours of stacks and their names, to the right of them."""
    for number, name in enumerate(names):
        at = TOP + LEGEND * number
        chart.add("rect", "", x=STACKS + 20, y=at, width=12.0, height=12.0, cls=f"s{number}")
        chart.add("text", shorten(name, 34), x=STACKS + 38, y=at + 10.5, cls="after")
