"""Areas beside one another: one small chart each."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from carbonacct.errors import PanelError, did_you_mean
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.report.charts.style import FALL, INK, QUIET, figure_style, number, thousands
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_small_multiples(
    panel: pd.DataFrame,
    value: str,
    *,
    by: str = "area",
    over: str = "year",
    shared: bool = True,
    columns: int = 4,
    title: str = "",
    unit: str = "",
    lang: str = "en",
) -> Figure:
    """Return a figure of one small chart for each area: its numbers over the years, with a band where there are bounds.

    Parameters
    ----------
    panel
        One row an area and year; columns ``lower`` and ``upper`` are drawn as a band.
    value
        The column to draw.
    by, over
        The columns of areas and of years.
    shared
        Whether all charts have one scale, so that levels compare; else each has its own, and the
        figure says so.
    columns
        Charts in a row.
    title, unit
        Heading, and unit of the numbers.
    lang
        ``"en"`` or ``"zh"``: language of the words that the figure adds.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    PanelError
        If a column is missing, an area has a year twice, or nothing has a number.
    OutputError
        If matplotlib or a font for the labels is not installed.
    """
    for name in (value, by, over):
        if name not in panel.columns:
            raise PanelError(
                say(
                    "no column {name!r}; {near}",
                    name=name,
                    near=did_you_mean(name, map(str, panel.columns))
                    or say("columns: {columns}", columns=join_texts(", ", map(str, panel.columns))),
                )
            )
    if (row := find_repeated(panel, [by, over])) is not None:
        raise PanelError(
            say(
                "{row} {row_over} is there twice; give one row of each {by} and {over}",
                row=row[by],
                row_over=row[over],
                by=by,
                over=over,
            )
        )
    if not panel[value].notna().any():
        raise PanelError(say("no row has a number of {value}", value=value))
    names = list(panel[by].unique())
    note = "" if shared else {"en": "each chart has its own scale", "zh": "各图纵轴不同"}[lang]
    with figure_style([*map(str, names), title, unit, note]):
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415 - an extra

        across = min(columns, len(names))
        down = ceil(len(names) / across)
        figure = Canvas(figsize=(2.3 * across + 0.5, 1.75 * down + 0.9), layout="constrained")
        grid = figure.subplots(down, across, sharex=True, sharey=shared, squeeze=False).ravel()
        for axes, name in zip(grid, names, strict=False):
            _draw_one(axes, panel[panel[by] == name].sort_values(over), value, over, name=str(name))
        for axes in grid[len(names) :]:
            axes.set_visible(False)
        for axes in grid[max(0, len(names) - across) : len(names)]:
            axes.tick_params(labelbottom=True)  # the last of its column
        if shared:
            grid[0].set_ylim(
                bottom=min(
                    0.0,
                    float(panel[[name for name in (value, "lower") if name in panel]].min().min()),
                )
            )
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supylabel("  ".join(filter(None, (unit, note))), fontsize=9, color=QUIET)
    return figure


def _draw_one(axes: Axes, rows: pd.DataFrame, value: str, over: str, *, name: str) -> None:
    """Draw the line of one area with its last number."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - an extra

    known = rows.dropna(subset=[value])
    if {"lower", "upper"} <= set(rows.columns):
        axes.fill_between(
            known[over],
            known["lower"],
            known["upper"],
            color=FALL,
            alpha=0.2,
            linewidth=0,
            zorder=1,
        )
    axes.plot(
        rows[over], rows[value], color=FALL, linewidth=1.6, marker="o", markersize=2.6, zorder=2
    )  # a missing year breaks the line
    if len(known):
        last = known.iloc[-1]
        axes.annotate(
            number(float(last[value])),
            (last[over], last[value]),
            xytext=(0, 5),
            textcoords="offset points",
            ha="right",
            fontsize=8,
            color=INK,
        )
    axes.set_title(name, fontsize=9.5, fontweight="normal", pad=6)
    axes.yaxis.set_major_formatter(thousands)
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=True))
    axes.tick_params(labelsize=8)
    axes.margins(y=0.18)
    axes.grid(axis="y")
