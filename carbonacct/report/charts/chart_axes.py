"""A chart on axes of matplotlib, in the units of its numbers: what notebooks go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.report.charts.look import look_of
from carbonacct.report.charts.style import (
    FALL,
    INK,
    LEVEL,
    QUIET,
    RISE,
    figure_style,
    mark_zero,
    thousands,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from carbonacct.report.charts.bars import Bar
    from carbonacct.report.charts.column_chart import Step
    from carbonacct.report.charts.line_chart import ChartLine
    from carbonacct.report.charts.scales import Drawing

_FEW = 14  # names below stacks


def plot_chart(chart: Drawing, ax: Axes | None = None) -> Axes:
    """Draw a chart of a report on axes whose coordinates are its numbers.

    Parameters
    ----------
    chart
        Of :func:`draw_lines`, :func:`draw_bars`, :func:`draw_waterfall` or :func:`draw_steps`.
    ax
        Where to draw; new axes unless given.

    Returns
    -------
    matplotlib.axes.Axes
        What was drawn on. Years are whole numbers; bars and steps stand one below another, from 0
        on; stacks stand beside one another, from 0 on.

    Raises
    ------
    OutputError
        If matplotlib or a font for the texts is not installed.

    Examples
    --------
    >>> from carbonacct.report.charts import Step, draw_waterfall, plot_chart
    >>> ends = [Step("2005", 0, 10, is_sum=True), Step("2010", 0, 14, is_sum=True)]
    >>> steps = [ends[0], Step("GDP", 10, 14), ends[1]]
    >>> axes = plot_chart(draw_waterfall("CO2 (Mt)", steps, "{:.0f}".format))
    >>> [int(bar.get_width()) for bar in axes.patches]
    [10, 4, 14]
    """
    with figure_style([chart.label, *chart.names, *chart.series]):
        if ax is None:
            from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra

            _, ax = plt.subplots(layout="constrained")
        _PLOTS[chart.kind](ax, chart)
        ax.set_title(chart.label)
    return ax


def _plot_lines(axes: Axes, chart: Drawing) -> None:
    """Draw lines over years, with the bands that they range over."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - an extra

    lines: Sequence[ChartLine] = chart.parts
    for line in lines:
        color = _color(line.number)
        if line.lower:
            axes.fill_between(line.years, line.lower, line.upper, color=color, alpha=0.2, lw=0)
        axes.plot(
            line.years,
            line.values,
            color=color,
            linestyle="--" if line.dashed else "-",
            marker="" if line.dashed else "o",
            markersize=3,
            label=line.name if line.is_named else "_" + line.name,
        )
        values = dict(zip(line.years, line.values, strict=True))
        for year, text in line.marks:
            axes.annotate(
                text, (year, values[year]), xytext=(0, 7), textcoords="offset points", ha="center"
            )
    _finish(axes, "y")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(lines) > 1:
        axes.legend()


def _plot_bars(axes: Axes, chart: Drawing) -> None:
    """Draw bars one below another, with what each ranges over."""
    bars: Sequence[Bar] = chart.parts
    colors = [look_of(bar.look)["fill"] for bar in bars]
    axes.barh(range(len(bars)), [bar.value for bar in bars], color=colors, zorder=3)
    for position, bar in enumerate(bars):
        axes.plot([bar.lower, bar.upper], [position, position], color=INK, marker="|", zorder=4)
        axes.plot([bar.line, bar.line], [position - 0.4, position + 0.4], color=INK, zorder=4)
    _name_rows(axes, [bar.name for bar in bars])


def _plot_waterfall(axes: Axes, chart: Drawing) -> None:
    """Draw the way from one state to another, each bar from where the one before ended."""
    steps: Sequence[Step] = chart.parts
    widths = [step.end - step.start for step in steps]
    colors = [
        LEVEL if step.is_sum else RISE if width > 0 else FALL
        for step, width in zip(steps, widths, strict=True)
    ]
    lefts = [step.start for step in steps]
    axes.barh(range(len(steps)), widths, left=lefts, color=colors, height=0.62, zorder=3)
    ends = np.array([(step.start, step.end) for step in steps])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    span = (high - low) or 1.0
    for row, (step, width) in enumerate(zip(steps, widths, strict=True)):
        if row + 1 < len(steps):
            joint = [row + 0.31, row + 0.69]
            axes.plot([step.end, step.end], joint, color=QUIET, linewidth=0.8, zorder=2)
        text = chart.show(step.end if step.is_sum else width)
        axes.text(
            max(step.start, step.end) + 0.012 * span,
            row,
            text if step.is_sum or width < 0 else f"+{text}",
            va="center",
            fontsize=9,
            color=INK,
        )
    _name_rows(axes, [step.name for step in steps])
    axes.set_xlim(low - 0.12 * span if low < 0 else 0.0, high + 0.14 * span)


def _plot_stacks(axes: Axes, chart: Drawing) -> None:
    """Draw effects stacked up and down from zero, and their sum as a line."""
    values = np.nan_to_num(np.array(list(chart.series.values()), dtype=float))
    places = np.arange(len(chart.names))
    up, down = np.zeros(len(places)), np.zeros(len(places))
    for number, (name, row) in enumerate(zip(chart.series, values, strict=True)):
        base = np.where(row > 0, up, down)
        looks: dict[str, Any] = {"color": _color(number), "edgecolor": "white", "linewidth": 0.6}
        axes.bar(places, row, bottom=base, width=0.74, label=name, zorder=3, **looks)
        up, down = up + np.maximum(row, 0), down + np.minimum(row, 0)
    axes.plot(
        places,
        values.sum(axis=0),
        color=INK,
        linewidth=1.2,
        marker="o",
        markersize=4.5,
        markerfacecolor="white",
        markeredgewidth=1.4,
        label=chart.net,
        zorder=4,
    )
    shown = places[:: max(1, -(-len(places) // _FEW))]
    axes.set_xticks(shown, [chart.names[place] for place in shown])
    axes.tick_params(axis="x", length=0)
    _finish(axes, "y")
    axes.spines["bottom"].set_visible(False)
    mark_zero(axes, across=True)
    axes.legend(fontsize=9, handlelength=1.2)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name rows that stand one below another."""
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _finish(axes, "x")
    mark_zero(axes, across=False)


def _finish(axes: Axes, along: str) -> None:
    """Draw the grid of the axis of numbers, and their thousands apart."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_formatter(thousands)
    axis.grid(visible=True)


def _color(number: int) -> str:
    return look_of(f"s{number % 8}")["fill"]


_PLOTS = {
    "line": _plot_lines,
    "bar": _plot_bars,
    "column": _plot_waterfall,
    "stacked": _plot_stacks,
}
