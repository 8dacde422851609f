"""A chart on axes of matplotlib, in the units of its numbers: what notebooks go on with."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from carbonacct.charts.fonts import find_fonts
from carbonacct.charts.look import COLOURS, INK, colours, look_of
from carbonacct.charts.scales import show_tick
from carbonacct.errors import OutputError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.axes import Axes

    from carbonacct.charts.bars import Bar
    from carbonacct.charts.column_chart import Step
    from carbonacct.charts.drawing import Drawing
    from carbonacct.charts.line_chart import ChartLine
    from carbonacct.charts.plane import Point

_FEW = 14  # names below stacks


def plot_chart(chart: Drawing, ax: Axes | None = None) -> Axes:
    """Draw a chart of a report on axes whose coordinates are its numbers.

    Parameters
    ----------
    chart
        Lines, bars, a waterfall, stacks, or a plane of points.
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
        If matplotlib or a font for the texts is not installed, or the chart is of no such kind.

    Examples
    --------
    >>> from carbonacct.charts import Step, draw_waterfall, plot_chart
    >>> ends = [Step("2005", 0, 10, is_sum=True), Step("2010", 0, 14, is_sum=True)]
    >>> steps = [ends[0], Step("GDP", 10, 14), ends[1]]
    >>> axes = plot_chart(draw_waterfall("CO2 (Mt)", steps, "{:.0f}".format))
    >>> [int(bar.get_width()) for bar in axes.patches]
    [10, 4, 14]
    """
    if chart.kind not in _PLOTS:
        raise OutputError(
            say(
                "no axes are drawn of {label}: write it as .svg or .png (save_charts)",
                label=chart.label,
            )
        )
    texts = [chart.label, *chart.names, *chart.series, chart.net]
    with _axes_style(texts):
        if ax is None:
            from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra

            _, ax = plt.subplots(layout="constrained")
        _PLOTS[chart.kind](ax, chart)
        ax.set_title(chart.label)
    return ax


@contextmanager
def _axes_style(texts: Iterable[str]) -> Iterator[None]:
    """Draw with quiet axes and fonts that hold every character of some texts."""
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra
        from matplotlib import font_manager  # noqa: PLC0415
    except ImportError:
        raise OutputError(
            say("axes need matplotlib, which is not installed; pip install 'carbonacct[plot]'")
        ) from None
    families = []
    for file in find_fonts(texts):
        font_manager.fontManager.addfont(file)
        families.append(font_manager.FontProperties(fname=file).get_name())
    ink, faint, line = colours()[INK], colours()["--faint"], colours()["--line"]
    settings: Any = {
        "font.family": families,
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.edgecolor": line,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "axes.titlepad": 14,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": faint,
        "ytick.color": faint,
        "xtick.labelcolor": ink,
        "ytick.labelcolor": ink,
        "axes.axisbelow": True,
        "grid.color": line,
        "grid.linewidth": 0.7,
        "savefig.dpi": 200,
        "legend.frameon": False,
    }
    with mpl.rc_context(settings):
        yield


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
    """Draw bars one below another, with what each ranges over and the line of their running sums."""
    bars: Sequence[Bar] = chart.parts
    ink = colours()[INK]
    fills = [look_of(bar.look)["fill"] for bar in bars]
    axes.barh(range(len(bars)), [bar.value for bar in bars], color=fills, zorder=3)
    for position, bar in enumerate(bars):
        if math.isfinite(bar.lower):
            axes.plot([bar.lower, bar.upper], [position, position], color=ink, marker="|", zorder=4)
        if math.isfinite(bar.line):
            ends = [position - 0.4, position + 0.4]
            axes.plot([bar.line, bar.line], ends, color=ink, zorder=4)
    for name, sums in list(chart.series.items())[1:]:
        axes.plot(sums, range(len(sums)), color=ink, marker="o", markersize=4, label=name, zorder=4)
        axes.legend()
    _name_rows(axes, [bar.name for bar in bars])


def _plot_waterfall(axes: Axes, chart: Drawing) -> None:
    """Draw the way from one state to another, each bar from where the one before ended."""
    steps: Sequence[Step] = chart.parts
    widths = [step.end - step.start for step in steps]
    fills = [
        look_of("total" if step.is_sum else "rise" if width > 0 else "fall")["fill"]
        for step, width in zip(steps, widths, strict=True)
    ]
    lefts = [step.start for step in steps]
    axes.barh(range(len(steps)), widths, left=lefts, color=fills, height=0.62, zorder=3)
    ends = [end for step in steps for end in (step.start, step.end)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0
    faint = colours()["--faint"]
    for row, (step, width) in enumerate(zip(steps, widths, strict=True)):
        if row + 1 < len(steps):
            joint = [row + 0.31, row + 0.69]
            axes.plot([step.end, step.end], joint, color=faint, linewidth=0.8, zorder=2)
        text = chart.show(step.end if step.is_sum else width)
        axes.text(
            max(step.start, step.end) + 0.012 * span,
            row,
            text if step.is_sum or width <= 0 else f"+{text}",
            va="center",
            fontsize=9,
        )
    _name_rows(axes, [step.name for step in steps])
    axes.set_xlim(low - 0.12 * span if low < 0 else 0.0, high + 0.14 * span)


def _plot_stacks(axes: Axes, chart: Drawing) -> None:
    """Draw numbers stacked up and down from zero, and their sum as a line where it has a name."""
    places = range(len(chart.names))
    up, down = [0.0] * len(places), [0.0] * len(places)
    for number, (name, row) in enumerate(chart.series.items()):
        values = [value if math.isfinite(value) else 0.0 for value in row]
        bases = [(up if value > 0 else down)[column] for column, value in enumerate(values)]
        looks: dict[str, Any] = {"color": _color(number), "edgecolor": "white", "linewidth": 0.6}
        axes.bar(places, values, bottom=bases, width=0.74, label=name, zorder=3, **looks)
        for column, value in enumerate(values):
            (up if value > 0 else down)[column] += value
    if chart.net:
        axes.plot(
            places,
            [one + other for one, other in zip(up, down, strict=True)],
            color=colours()[INK],
            linewidth=1.2,
            marker="o",
            markersize=4.5,
            markerfacecolor="white",
            label=chart.net,
            zorder=4,
        )
    shown = places[:: max(1, -(-len(places) // _FEW))]
    axes.set_xticks(shown, [chart.names[place] for place in shown])
    axes.tick_params(axis="x", length=0)
    _finish(axes, "y")
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color=colours()[INK], linewidth=0.8, zorder=2)
    axes.legend(fontsize=9, handlelength=1.2)


def _plot_plane(axes: Axes, chart: Drawing) -> None:
    """Draw points with their names; lines, corners and the wheel of the chart are not drawn."""
    points: Sequence[Point] = chart.parts
    axes.scatter(
        [point.x for point in points],
        [point.y for point in points],
        s=[4 * point.radius**2 / 2 for point in points],
        c=[look_of(point.look or "point")["fill"] for point in points],
        zorder=3,
    )
    for point in points:
        axes.annotate(
            point.name, (point.x, point.y), xytext=(6, 0), textcoords="offset points", va="center"
        )
    axes.set(xlabel=chart.x_label, ylabel=chart.y_label)
    _finish(axes, "x")
    _finish(axes, "y")


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name rows that stand one below another."""
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _finish(axes, "x")
    axes.axvline(0, color=colours()[INK], linewidth=0.8, zorder=2)


def _finish(axes: Axes, along: str) -> None:
    """Draw the grid of the axis of numbers, and their thousands apart."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _place: show_tick(round(value, 10)))
    axis.grid(visible=True)


def _color(number: int) -> str:
    return look_of(f"s{number % COLOURS}")["fill"]


_PLOTS = {
    "line": _plot_lines,
    "bar": _plot_bars,
    "column": _plot_waterfall,
    "stacked": _plot_stacks,
    "plane": _plot_plane,
}
